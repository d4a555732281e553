import { create } from 'zustand';
import type { SavedRelease } from '../../../core/contract/contract.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { client, shownError } from '../../core-client.ts';

interface ReleasesState {
  readonly releases: readonly SavedRelease[] | null;
  readonly error: AppError | null;
}

/** The releases that this console remembers, newest saved first. */
export const useReleases = create<ReleasesState>(() => ({ releases: null, error: null }));

export async function readReleases(): Promise<void> {
  try {
    const { releases } = await client.call('release.list', {});
    useReleases.setState({ releases, error: null });
  } catch (cause) {
    useReleases.setState({ error: shownError(cause) });
  }
}

/** Takes a release off the list; nothing that was recorded is touched. */
export async function forgetRelease(id: string): Promise<void> {
  try {
    await client.call('release.forget', { id });
    await readReleases();
  } catch (cause) {
    useReleases.setState({ error: shownError(cause) });
  }
}
