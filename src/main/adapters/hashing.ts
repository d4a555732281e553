import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError, type AppErrorShape } from '../../core/model/errors.ts';
import type { JudgedSignature } from '../../core/openpgp/judge-signature.ts';
import type { GpgResult } from './gpg/run-gpg.ts';

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

/** A second digest of the same bytes, as a signature wants it: over prefix, bytes and trailer (RFC 9580 §5.2.4). */
export interface DigestRequest {
  readonly algorithm: string;
  readonly prefix: Uint8Array;
  readonly trailer: Uint8Array;
}

/** What else is done with a file's bytes in the one read. */
export interface WhileReading {
  /** Where the bytes are copied to: a new file. */
  readonly copyTo?: string | null;
  readonly digest?: DigestRequest | null;
  /** gpg is started with these arguments and fed the same bytes; it is given the end only after `whenRead`. */
  readonly gpg?: readonly string[] | null;
}

export interface HashOptions {
  readonly signal?: AbortSignal;
  /** Called with the number of bytes read since the last call. */
  readonly onBytes?: (bytes: number) => void;
}

export interface ReadOptions extends HashOptions {
  /** All is read and nothing is signed yet; what it throws ends the work with nothing signed. */
  readonly whenRead?: (digest: FileDigest) => Promise<void>;
}

/** What one read of a file came to. */
export interface FileRead extends FileDigest {
  readonly digest: Uint8Array | null;
  readonly gpg: GpgResult | null;
}

/** Hashes files on worker threads; each file is opened once and never followed through a symbolic link. */
export interface Hasher {
  readonly hash: (path: string, options?: HashOptions) => Promise<FileDigest>;
  /** Hashes a file and checks signatures over it, reading it once. */
  readonly verify: (path: string, check: CheckRequest, options?: HashOptions) => Promise<CheckedFile>;
  /** Hashes a file and does more with the same bytes, reading it once. */
  readonly read: (path: string, more: WhileReading, options?: ReadOptions) => Promise<FileRead>;
  readonly close: () => Promise<void>;
}

interface CheckedFile extends FileDigest {
  readonly signatures: readonly JudgedSignature[];
}

/** What a thread is asked. */
export type Request =
  | { readonly id: number; readonly path: string; readonly check: CheckRequest | null; readonly more: WhileReading; readonly waits: boolean }
  | { readonly cancel: number }
  | { readonly finish: number };

/** What a thread answers. */
export type Reply =
  | { readonly id: number; readonly bytes: number }
  | { readonly id: number; readonly read: FileDigest }
  | { readonly id: number; readonly done: CheckedFile & FileRead }
  | { readonly id: number; readonly failure: { readonly code: string; readonly message: string; readonly told: AppErrorShape | null } };

interface Job {
  readonly id: number;
  readonly path: string;
  readonly check: CheckRequest | null;
  readonly more: WhileReading;
  readonly options: ReadOptions;
  readonly resolve: (done: CheckedFile & FileRead) => void;
  readonly reject: (cause: unknown) => void;
  /** Why it was not to be finished; undefined where nobody stopped it. */
  refused?: unknown;
}

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

  const ask = ({ worker }: Seat, request: Request): void => worker.postMessage(request);

  const receive = (from: Seat, reply: Reply): void => {
    const job = from.job;
    if (job === null || reply.id !== job.id) return;
    if ('bytes' in reply) {
      job.options.onBytes?.(reply.bytes);
    } else if ('read' in reply) {
      void allowed(job, reply.read).then(
        () => ask(from, { finish: job.id }),
        (cause: unknown) => {
          job.refused = cause;
          ask(from, { cancel: job.id });
        },
      );
    } else {
      from.job = null;
      from.worker.unref();
      if ('done' in reply) job.resolve(reply.done);
      else job.reject(failure(job, reply.failure));
      pump();
    }
  };

  const pump = (): void => {
    while (waiting.length > 0) {
      if (waiting[0]?.options.signal?.aborted === true) {
        const stopped = waiting.shift();
        stopped?.reject(stopped.options.signal?.reason);
        continue;
      }
      const free = seat();
      if (free === null) return;
      const job = waiting.shift();
      if (job === undefined) return;
      free.job = job;
      free.worker.ref();
      ask(free, { id: job.id, path: job.path, check: job.check, more: job.more, waits: job.options.whenRead !== undefined });
      const cancel = (): void => {
        if (free.job === job) ask(free, { cancel: job.id });
      };
      job.options.signal?.addEventListener('abort', cancel, { once: true });
    }
  };

  const queue = (path: string, check: CheckRequest | null, more: WhileReading, options: ReadOptions): Promise<CheckedFile & FileRead> =>
    new Promise((resolve, reject) => {
      options.signal?.throwIfAborted();
      nextId += 1;
      waiting.push({ id: nextId, path, check, more, options, resolve, reject });
      pump();
    });

  return {
    hash: (path, options = {}) => queue(path, null, {}, options).then(({ sha256, size }) => ({ sha256, size })),
    verify: (path, check, options = {}) => queue(path, check, {}, options),
    read: (path, more, options = {}) => queue(path, null, more, options),
    close: async () => {
      await Promise.all(seats.splice(0).map((open) => open.worker.terminate()));
    },
  };
}

async function allowed({ options }: Job, digest: FileDigest): Promise<void> {
  await options.whenRead?.(digest);
  options.signal?.throwIfAborted();
}

function failure(job: Job, { code, message, told }: Extract<Reply, { failure: unknown }>['failure']): unknown {
  if (job.refused !== undefined) return job.refused;
  if (job.options.signal?.aborted === true) return job.options.signal.reason ?? new AppError('cancelled', 'The work was cancelled.');
  if (told !== null) return new AppError(told.code, told.message, { details: told.details, ...(told.hint === null ? {} : { hint: told.hint }) });
  const details = { path: job.path, cause: message };
  if (code === 'ENOENT') return new AppError('not-found', `There is no file ${job.path}.`, { details });
  if (code === 'ELOOP' || code === 'NOT_A_FILE') {
    return new AppError('outside-folder', `${job.path} is a link or not a regular file, so it is not read.`, { hint: 'Name the file itself.', details });
  }
  return new AppError('environment', `${job.path} could not be read: ${message}`, { details });
}
