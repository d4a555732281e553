import { connect, type Bridge, type Client } from '../core/contract/connect.ts';
import { AppError } from '../core/model/errors.ts';

declare global {
  interface Window {
    /** Given by the shell before the page's own scripts run. */
    readonly countersign?: Bridge;
  }
}

/** Says that no shell is there, in the same shape as every other expected failure. */
const NO_SHELL: Bridge = {
  call: () =>
    Promise.resolve({
      ok: false,
      error: {
        code: 'environment', message: 'This page was opened without Countersign behind it.',
        hint: 'Start Countersign itself; it opens this window and answers its calls.', details: {},
      },
    }),
  listen: () => () => undefined,
  pathsOf: () => Promise.resolve([]),
};

const bridge: Bridge = window.countersign ?? NO_SHELL;

/** Every call and event of the contract, typed. */
export const client: Client = connect(bridge);

/** Paths of what a person dropped; the bytes never cross into this window. */
export function pathsOf(files: readonly unknown[]): Promise<readonly string[]> {
  return bridge.pathsOf(files);
}

/** Anything thrown, as an error that can be shown; what is not expected keeps its own words as a detail. */
export function shownError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError('internal', 'The window and the core did not understand each other.', {
    hint: 'Check again. If it stays, copy the details and send them to whoever maintains Countersign.',
    details: { cause: cause instanceof Error ? cause.message.slice(0, 2000) : String(cause).slice(0, 2000) },
  });
}
