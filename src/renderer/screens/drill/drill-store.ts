import { create } from 'zustand';
import type { DrillReport, DrillShown } from '../../../core/contract/drill-calls.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { VerbalRequestShown } from '../../../core/contract/verbal-calls.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { keepDrill, keptDrill } from '../../components/kept.ts';
import { client, shownError } from '../../core-client.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { runTask } from '../../frame/task-store.ts';

interface DrillState {
  readonly status: Output<'drill.status'> | null;
  /** What is asked of the cast just now, by whom it is asked. */
  readonly asked: Readonly<Record<string, VerbalRequestShown>>;
  readonly report: DrillReport | null;
  readonly error: AppError | null;
  readonly working: boolean;
}

export const useDrill = create<DrillState>(() => ({ status: null, asked: {}, report: null, error: null, working: false }));

/** The drill that runs, where one does. */
export function useRunningDrill(): DrillShown | null {
  return useDrill((state) => state.status?.running ?? null);
}

/** Reads which drill runs. A window that was loaded in another archive is loaded anew: everything in it is of that one. */
export async function readDrill(): Promise<void> {
  try {
    const status = await client.call('drill.status', {});
    if (standsIn(status.running?.id ?? null)) return;
    useDrill.setState({ status, error: null });
    if (status.running !== null) await readAsked();
  } catch (cause) {
    useDrill.setState({ error: shownError(cause) });
  }
}

/** True where the window is loaded anew, because it was loaded in another archive. */
function standsIn(running: string | null): boolean {
  if (running === null) delete document.documentElement.dataset['practice'];
  else document.documentElement.dataset['practice'] = 'true';
  if (keptDrill() === running || !keepDrill(running)) return false;
  window.location.reload();
  return true;
}

/** What the cast is asked: the newest statement for each that waits for an answer, with the words that they say back. */
async function readAsked(): Promise<void> {
  try {
    const { emergencies } = await client.call('emergency.status', { emergency: null });
    const asked: Record<string, VerbalRequestShown> = {};
    for (const { record } of emergencies) {
      const { requests } = await client.call('verbal.requests', { emergency: record });
      for (const one of requests.filter(({ answered, triesLeft }) => !answered && triesLeft > 0)) if (Date.parse(asked[one.approver.id]?.askedAt ?? '1970-01-01T00:00:00Z') <= Date.parse(one.askedAt)) asked[one.approver.id] = one;
    }
    useDrill.setState({ asked });
  } catch {
    // The panel says what they would say without it, too.
    useDrill.setState({ asked: {} });
  }
}

export async function beginDrill(): Promise<void> {
  useDrill.setState({ working: true, error: null });
  try {
    await runTask('drill.begin', {}, { label: 'Preparing the drill', address: addressOf.drill, done: () => 'The drill has begun' });
    await readDrill();
  } catch (cause) {
    useDrill.setState({ error: shownError(cause) });
  } finally {
    useDrill.setState({ working: false });
  }
}

export async function endDrill(id: string): Promise<void> {
  useDrill.setState({ working: true, error: null });
  // The window is loaded anew when it ends, and shows then what it came to.
  goTo(addressOf.drillReport(id));
  try {
    useDrill.setState({ report: await client.call('drill.end', {}) });
    await readDrill();
  } catch (cause) {
    useDrill.setState({ error: shownError(cause) });
  } finally {
    useDrill.setState({ working: false });
  }
}

export async function readReport(id: string): Promise<void> {
  if (useDrill.getState().working) return;
  try {
    useDrill.setState({ report: await client.call('drill.report', { id, out: null }), error: null });
  } catch (cause) {
    useDrill.setState({ report: null, error: shownError(cause) });
  }
}

/** Writes the report as Markdown; where it was written, or null. */
export async function saveReport(id: string, out: string): Promise<boolean> {
  try {
    await client.call('drill.report', { id, out });
    useDrill.setState({ error: null });
    return true;
  } catch (cause) {
    useDrill.setState({ error: shownError(cause) });
    return false;
  }
}

client.on('drill.changed', ({ running }) => {
  // Where nothing can be kept the window is loaded anew all the same.
  if (!standsIn(running)) window.location.reload();
});

client.on('archive.changed', () => {
  if (useDrill.getState().status?.running != null) void readAsked();
});
