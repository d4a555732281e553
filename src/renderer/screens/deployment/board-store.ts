import { create } from 'zustand';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { client, shownError } from '../../core-client.ts';

export type Board = Output<'deployment.board'>;
export type Deployment = Board['deployments'][number];
export type Rollback = Board['rollbacks'][number];
export type Watch = NonNullable<Deployment['watch']>;

/** What is known of where a release is deployed, and by this window's own measure since when. */
interface BoardState {
  readonly release: string | null;
  readonly board: Board | null;
  readonly readAt: number;
  readonly error: AppError | null;
}

export const useBoard = create<BoardState>(() => ({ release: null, board: null, readAt: 0, error: null }));

/** Reads where a release is deployed; what was read of another is not shown meanwhile. */
export async function readBoard(release: string): Promise<void> {
  if (useBoard.getState().release !== release) useBoard.setState({ release, board: null, error: null });
  try {
    const board = await client.call('deployment.board', { release });
    if (useBoard.getState().release === release) useBoard.setState({ board, readAt: performance.now(), error: null });
  } catch (cause) {
    if (useBoard.getState().release === release) useBoard.setState({ error: shownError(cause) });
  }
}

client.on('archive.changed', () => {
  const { release, board } = useBoard.getState();
  if (release !== null && board !== null) void readBoard(release);
});
