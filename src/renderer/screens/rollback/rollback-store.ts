import { create } from 'zustand';
import type { SavedRelease } from '../../../core/contract/contract.ts';
import type { Output } from '../../../core/contract/types.ts';
import { AppError } from '../../../core/model/errors.ts';
import { client, shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { runTask } from '../../frame/task-store.ts';
import { readBoard } from '../deployment/board-store.ts';

export type Checked = Output<'rollback.check'>;

interface RollbackState {
  readonly id: string | null;
  readonly saved: SavedRelease | null;
  readonly error: AppError | null;
  readonly checked: Checked | null;
  readonly checking: boolean;
  readonly checkError: AppError | null;
}

const UNREAD = { saved: null, error: null, checked: null, checking: false, checkError: null } as const;

export const useRollback = create<RollbackState>(() => ({ id: null, ...UNREAD }));

/** Opens the screen for a release that this console remembers, and reads where it is deployed. */
export async function openRollback(id: string): Promise<void> {
  if (useRollback.getState().id !== id) useRollback.setState({ id, ...UNREAD });
  try {
    const { releases } = await client.call('release.list', {});
    const saved = releases.find((release) => release.id === id);
    if (saved === undefined) throw new AppError('not-found', `No release is saved as "${id}".`, { hint: 'It may have been taken off the list. Load it again from its repository.' });
    useRollback.setState({ saved, error: null });
    await readBoard(saved.draft.version);
  } catch (cause) {
    useRollback.setState({ error: shownError(cause) });
  }
}

/** Where the proof is looked for, and what is compared. */
export interface Possible {
  readonly to: string | null;
  readonly artifacts: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Looks whether a rollback is called for and can be done; nothing is recorded. */
export async function checkRollback(id: string, deployment: string, repo: string, possible: Possible): Promise<void> {
  useRollback.setState({ checking: true, checkError: null, checked: null });
  try {
    const checked = await runTask('rollback.check', { deployment, repo, ...possible }, {
      label: 'Looking whether it can be rolled back', address: addressOf.rollback(id, deployment), done: ({ to, possible: can }) => `${can ? 'It can be rolled back' : 'It is not proved that it can be rolled back'} to ${to}.`,
    });
    useRollback.setState({ checked });
  } catch (cause) {
    useRollback.setState({ checkError: shownError(cause) });
  } finally {
    useRollback.setState({ checking: false });
  }
}

/** What was looked at is not what is typed any more. */
export function outdateCheck(): void {
  useRollback.setState({ checked: null, checkError: null });
}
