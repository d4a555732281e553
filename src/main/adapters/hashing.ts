import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../core/model/errors.ts';
import type { JudgedSignature } from '../../core/openpgp/judge-signature.ts';

/** A file's digest and how many bytes went into it. */
export interface FileDigest {
  readonly sha256: string;
  readonly size: number;
}

/** Signatures to check over the same bytes: a file of them, the certificates that they name, and when, in seconds. */
export interface CheckRequest {
  readonly signature: Uint8Array;
  readonly certificates: Uint8Array;
  readonly at: number;
}

export interface HashOptions {
  readonly signal?: AbortSignal;
  /** Called with the number of bytes read since the last call. */
  readonly onBytes?: (bytes: number) => void;
}

/** Hashes files on worker threads; each file is opened once and never followed through a symbolic link. */
export interface Hasher {
  readonly hash: (path: string, options?: HashOptions) => Promise<FileDigest>;
  /** Hashes a file and checks signatures over it, reading it once. */
  readonly verify: (path: string, check: CheckRequest, options?: HashOptions) => Promise<CheckedFile>;
  readonly close: () => Promise<void>;
}

interface CheckedFile extends FileDigest {
  readonly signatures: readonly JudgedSignature[];
}

interface Job {
  readonly id: number;
  readonly path: string;
  readonly check: CheckRequest | null;
  readonly options: HashOptions;
  readonly resolve: (digest: CheckedFile) => void;
  readonly reject: (cause: unknown) => void;
}

type Reply =
  | { readonly id: number; readonly bytes: number }
  | { readonly id: number; readonly digest: CheckedFile }
  | { readonly id: number; readonly failure: { readonly code: string; readonly message: string } };

interface Seat {
  readonly worker: Worker;
  job: Job | null;
}

/** Starts no thread before the first file; at most one thread a core. */
export function createHasher(workerFile: URL = new URL('./hash-worker.ts', import.meta.url)): Hasher {
  const seats: Seat[] = [];
  const waiting: Job[] = [];
  let nextId = 0;

  const seat = (): Seat | null => {
    const free = seats.find((candidate) => candidate.job === null);
    if (free !== undefined) return free;
    if (seats.length >= Math.max(1, availableParallelism())) return null;
    const made: Seat = { worker: new Worker(workerFile), job: null };
    made.worker.unref();
    made.worker.on('message', (reply: Reply) => receive(made, reply));
    made.worker.on('error', (cause) => {
      seats.splice(seats.indexOf(made), 1);
      made.job?.reject(cause);
      pump();
    });
    seats.push(made);
    return made;
  };

  const receive = (from: Seat, reply: Reply): void => {
    const job = from.job;
    if (job === null || reply.id !== job.id) return;
    if ('bytes' in reply) {
      job.options.onBytes?.(reply.bytes);
      if (job.options.signal?.aborted === true) from.worker.postMessage({ cancel: job.id });
      return;
    }
    from.job = null;
    from.worker.unref();
    if ('digest' in reply) job.resolve(reply.digest);
    else job.reject(failure(job, reply.failure));
    pump();
  };

  const pump = (): void => {
    while (waiting.length > 0) {
      const free = seat();
      if (free === null) return;
      const job = waiting.shift();
      if (job === undefined) return;
      free.job = job;
      free.worker.ref();
      free.worker.postMessage({ id: job.id, path: job.path, check: job.check });
    }
  };

  const queue = (path: string, check: CheckRequest | null, options: HashOptions): Promise<CheckedFile> =>
    new Promise((resolve, reject) => {
      options.signal?.throwIfAborted();
      nextId += 1;
      waiting.push({ id: nextId, path, check, options, resolve, reject });
      pump();
    });

  return {
    hash: (path, options = {}) => queue(path, null, options).then(({ sha256, size }) => ({ sha256, size })),
    verify: (path, check, options = {}) => queue(path, check, options),
    close: async () => {
      await Promise.all(seats.splice(0).map((open) => open.worker.terminate()));
    },
  };
}

function failure(job: Job, reply: { code: string; message: string }): unknown {
  if (reply.code === 'CANCELLED') return job.options.signal?.reason ?? new AppError('cancelled', 'The work was cancelled.');
  const details = { path: job.path, cause: reply.message };
  if (reply.code === 'ENOENT') return new AppError('not-found', `There is no file ${job.path}.`, { details });
  if (reply.code === 'ELOOP' || reply.code === 'NOT_A_FILE') {
    return new AppError('outside-folder', `${job.path} is a link or not a regular file, so it is not read.`, { details });
  }
  return new AppError('environment', `${job.path} could not be read: ${reply.message}`, { details });
}
