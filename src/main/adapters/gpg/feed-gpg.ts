import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { runGpg, type GpgResult } from './run-gpg.ts';

/** A gpg that is fed as a file is read. */
export interface GpgFeed {
  /** Takes the bytes over before it returns: the buffer may be used again. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** The last byte has been given: now gpg signs, and asks for a PIN or a touch where it needs one. */
  readonly end: () => Promise<GpgResult>;
  /** When gpg has ended, however it did. */
  readonly closed: Promise<void>;
}

/** Starts gpg for data that comes piece by piece. Errors of `write` and `end`: those of `runGpg`. */
export function feedGpg(args: readonly string[], signal: AbortSignal): GpgFeed {
  const input = new PassThrough({ highWaterMark: 1024 * 1024 });
  const result = runGpg(args, { input, signal });
  let over = false;
  const closed = result.then(() => undefined, () => undefined).then(() => {
    over = true;
    // Whoever waits for room in it has nothing to wait for any more.
    input.emit('drain');
  });
  return {
    write: async (bytes) => {
      // gpg that gave up early has told why; what is read further is for the checksum alone.
      if (over) return;
      if (!input.write(Buffer.from(bytes))) await once(input, 'drain');
    },
    end: () => {
      input.end();
      return result;
    },
    closed,
  };
}
