import { create } from 'zustand';
import type { Settings } from '../../core/contract/contract.ts';
import type { Output } from '../../core/contract/types.ts';
import type { AppError } from '../../core/model/errors.ts';
import { client, shownError } from '../core-client.ts';

export type ConsoleStatus = Output<'console.status'>;

interface ConsoleState {
  readonly status: ConsoleStatus | null;
  readonly settings: Settings | null;
  readonly error: AppError | null;
}

/** What the frame knows of the console itself. */
export const useConsole = create<ConsoleState>(() => ({ status: null, settings: null, error: null }));

export async function refreshStatus(): Promise<void> {
  try {
    useConsole.setState({ status: await client.call('console.status', {}), error: null });
  } catch (cause) {
    useConsole.setState({ error: shownError(cause) });
  }
}

export async function readSettings(): Promise<void> {
  try {
    takeSettings(await client.call('settings.read', {}));
  } catch (cause) {
    useConsole.setState({ error: shownError(cause) });
  }
}

/** Writes a change of settings and puts it on at once. Throws what the call throws. */
export async function changeSettings(change: Partial<Settings>): Promise<void> {
  takeSettings(await client.call('settings.write', change));
}

/** Appearance and density live on the root, where the tokens look for them. */
function takeSettings(settings: Settings): void {
  const root = document.documentElement;
  if (settings.appearance === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = settings.appearance;
  root.dataset['density'] = settings.density;
  useConsole.setState({ settings });
}

client.on('archive.changed', () => {
  void refreshStatus();
});
