import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { AppError } from '../../core/model/errors.ts';
import type { GpgFeed } from './gpg/feed-gpg.ts';
import type { CheckRequest, DigestRequest, FileDigest, Reply, Request } from './hashing.ts';

/** How much is read at a time; larger reads were not faster. */
const CHUNK = 1024 * 1024;
/** How many bytes go by between two reports of progress. */
const REPORT_EVERY = 16 * CHUNK;

/** The one file that is being read, and how it is told to stop or to go on. */
let current: { readonly id: number; readonly stop: AbortController; readonly finish: () => void } | null = null;

parentPort?.on('message', (request: Request) => {
  if ('cancel' in request) {
    if (current?.id === request.cancel) current.stop.abort(new AppError('cancelled', 'The work was cancelled.'));
  } else if ('finish' in request) {
    if (current?.id === request.finish) current.finish();
  } else {
    void work(request).then(answer, (cause: unknown) => answer({ id: request.id, failure: failureOf(cause) }));
  }
});

function answer(reply: Reply): void {
  parentPort?.postMessage(reply);
}

function failureOf(cause: unknown): Extract<Reply, { failure: unknown }>['failure'] {
  const { code = 'UNKNOWN', message } = cause as NodeJS.ErrnoException;
  return { code, message, told: cause instanceof AppError ? cause.toShape() : null };
}

/** One read of a file: its checksum, and all that was asked to be done with the same bytes. */
async function work(request: Extract<Request, { path: string }>): Promise<Reply> {
  const { id, path, more } = request;
  const stop = new AbortController();
  const finished = new Promise<void>((finish) => {
    current = { id, stop, finish };
  });
  const check = request.check === null ? null : await checkOf(request.check);
  const also = more.digest == null ? null : digestOf(more.digest);
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  let copy: number | null = null;
  let gpg: GpgFeed | null = null;
  try {
    if (!fstatSync(file).isFile()) throw Object.assign(new Error('not a regular file'), { code: 'NOT_A_FILE' });
    if (more.copyTo != null) copy = openSync(more.copyTo, 'wx', 0o644);
    if (more.gpg != null) gpg = (await import('./gpg/feed-gpg.ts')).feedGpg(more.gpg, stop.signal);
    const read = await readThrough(id, file, stop.signal, async (bytes) => {
      check?.update(bytes);
      also?.hash.update(bytes);
      if (copy !== null) writeWhole(copy, bytes);
      await gpg?.write(bytes);
    });
    if (copy !== null) fsyncSync(copy);
    if (request.waits) {
      // Nothing is signed before the other side has seen what was read.
      answer({ id, read });
      await Promise.race([finished, stopped(stop.signal)]);
    }
    return { id, done: { ...read, signatures: check?.finish() ?? [], digest: also?.finish() ?? null, gpg: (await gpg?.end()) ?? null } };
  } finally {
    current = null;
    // Where the work ended before gpg did, gpg is not left waiting.
    stop.abort(new AppError('cancelled', 'The work was cancelled.'));
    await gpg?.closed;
    if (copy !== null) closeSync(copy);
    closeSync(file);
  }
}

async function readThrough(id: number, file: number, signal: AbortSignal, each: (bytes: Buffer) => Promise<void>): Promise<FileDigest> {
  const sum = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK);
  let size = 0;
  let unreported = 0;
  for (;;) {
    const read = readSync(file, chunk, 0, CHUNK, null);
    if (read === 0) break;
    const bytes = read === CHUNK ? chunk : chunk.subarray(0, read);
    sum.update(bytes);
    await each(bytes);
    size += read;
    unreported += read;
    if (unreported < REPORT_EVERY) continue;
    answer({ id, bytes: unreported });
    unreported = 0;
    // Let a cancellation in: the reads above are synchronous.
    await new Promise(setImmediate);
    signal.throwIfAborted();
  }
  if (unreported > 0) answer({ id, bytes: unreported });
  return { sha256: sum.digest('hex'), size };
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** The digest that a signature is made over (RFC 9580 §5.2.4). */
function digestOf({ algorithm, prefix, trailer }: DigestRequest): { hash: Hash; finish: () => Uint8Array } {
  const hash = createHash(algorithm).update(prefix);
  return { hash, finish: () => new Uint8Array(hash.update(trailer).digest()) };
}

/** What verifies is loaded where something is to be verified: most files are only hashed. */
async function checkOf({ signature, certificates, at }: CheckRequest): Promise<{ update: (bytes: Uint8Array) => void; finish: () => Extract<Reply, { done: unknown }>['done']['signatures'] }> {
  const [{ readKeyring }, { readSignatureFile }, { SignaturesCheck }] = await Promise.all([
    import('../../core/openpgp/keyring.ts'), import('../../core/openpgp/signature-file.ts'), import('../../core/openpgp/signature-check.ts'),
  ]);
  const running = new SignaturesCheck(readSignatureFile(signature), readKeyring(certificates));
  return { update: (bytes) => running.update(bytes), finish: () => running.finish().judge(at) };
}
