import { useEffect, useState } from 'react';
import { create } from 'zustand';
import type { EmergencyDetail, EmergencyShown, EmergencyTerms } from '../../../core/contract/emergency-calls.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { client, shownError } from '../../core-client.ts';
import { runningOf } from './emergency-words.ts';

/** What the records tell of emergencies, and by this window's own measure since when. */
interface EmergencyState {
  /** The console's time when they were read; null until they were. */
  readonly at: string | null;
  readonly emergencies: readonly EmergencyShown[];
  readonly terms: EmergencyTerms | null;
  /** The one of the nearest deadline whole, so that its next act can be said everywhere; null where none runs, and until it was read. */
  readonly nearest: EmergencyDetail | null;
  readonly readAt: number;
  readonly error: AppError | null;
}

export const useEmergencies = create<EmergencyState>(() => ({ at: null, emergencies: [], terms: null, nearest: null, readAt: 0, error: null }));

/** What is asked for while something is read already is read once more after it, so that nothing older is kept. */
let reading: Promise<void> | null = null;
let again = false;

/** Reads every emergency. What was read before stays where that fails, because a clock that vanishes says that nothing runs. */
export function readEmergencies(): Promise<void> {
  again = true;
  reading ??= readUntilNewest().finally(() => {
    reading = null;
  });
  return reading;
}

async function readUntilNewest(): Promise<void> {
  while (again) {
    again = false;
    try {
      const { at, emergencies, terms } = await client.call('emergency.status', { emergency: null });
      const [first] = runningOf(emergencies);
      useEmergencies.setState(({ nearest }) => ({ at, emergencies, terms, readAt: performance.now(), error: null, nearest: nearest?.emergency.record === first?.record ? nearest : null }));
      // Where the whole of it cannot be read, what is known without it is said all the same.
      if (first !== undefined) useEmergencies.setState({ nearest: await client.call('emergency.detail', { emergency: first.record }).catch(() => null) });
    } catch (cause) {
      useEmergencies.setState({ error: shownError(cause) });
    }
  }
}

client.on('archive.changed', () => {
  void readEmergencies();
});

const TICK_MS = 1_000;
const AGAIN_MS = 60_000;

/** What time it is for the console, in milliseconds: what it said when the emergencies were read, and what has passed since. */
export function useEmergencyTime(): number {
  const { at, readAt } = useEmergencies();
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    setPassed(0);
    const timer = window.setInterval(() => setPassed(performance.now() - readAt), TICK_MS);
    return () => window.clearInterval(timer);
  }, [readAt]);
  return at === null ? 0 : Date.parse(at) + passed;
}

/** Asks the console again what time it is: the window's own measure may stand still while the machine sleeps. */
export function useFreshEmergencies(running: boolean): void {
  useEffect(() => {
    const look = (): void => void readEmergencies();
    look();
    window.addEventListener('focus', look);
    const timer = running ? window.setInterval(look, AGAIN_MS) : undefined;
    return () => {
      window.removeEventListener('focus', look);
      window.clearInterval(timer);
    };
  }, [running]);
}
