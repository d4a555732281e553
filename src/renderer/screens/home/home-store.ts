import { create } from 'zustand';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { client, shownError } from '../../core-client.ts';

interface HomeState {
  readonly home: Output<'home.read'> | null;
  readonly error: AppError | null;
}

export const useHome = create<HomeState>(() => ({ home: null, error: null }));

export async function readHome(): Promise<void> {
  try {
    useHome.setState({ home: await client.call('home.read', {}), error: null });
  } catch (cause) {
    useHome.setState({ error: shownError(cause) });
  }
}

client.on('archive.changed', () => {
  if (useHome.getState().home !== null) void readHome();
});
