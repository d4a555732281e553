import { create } from 'zustand';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { client, shownError } from '../../core-client.ts';

interface HomeState {
  readonly home: Output<'home.read'> | null;
  /** What is owed by the records; null until they were read. */
  readonly owed: Output<'home.owed'>['items'] | null;
  readonly error: AppError | null;
  readonly owedError: AppError | null;
}

export const useHome = create<HomeState>(() => ({ home: null, owed: null, error: null, owedError: null }));

/** Reads what is at hand at once, and beside it what the records of all logs say is owed. */
export async function readHome(): Promise<void> {
  await Promise.all([readHere(), readOwed()]);
}

async function readHere(): Promise<void> {
  try {
    useHome.setState({ home: await client.call('home.read', {}), error: null });
  } catch (cause) {
    useHome.setState({ error: shownError(cause) });
  }
}

async function readOwed(): Promise<void> {
  try {
    useHome.setState({ owed: (await client.call('home.owed', {})).items, owedError: null });
  } catch (cause) {
    useHome.setState({ owedError: shownError(cause) });
  }
}

client.on('archive.changed', () => {
  if (useHome.getState().home !== null) void readHome();
});
