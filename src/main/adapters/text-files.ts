import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../../core/model/errors.ts';

/** Reads a file that a person named. Errors: `not-found`, `bad-input`, `too-large`, `environment`. */
export async function readWhole(path: string, limit: number): Promise<Buffer> {
  const full = resolve(path);
  const found = await stat(full).catch(() => null);
  if (found === null) throw new AppError('not-found', `There is no file ${full}.`, { details: { path: full } });
  if (!found.isFile()) throw new AppError('bad-input', `${full} is not a file.`, { details: { path: full } });
  if (found.size > limit) throw new AppError('too-large', `${full} is ${found.size} bytes; ${limit} are read.`, { details: { path: full, size: found.size, limit } });
  const file = await open(full, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('environment', `${full} could not be read: ${cause.message}`, { details: { path: full }, cause });
  });
  return file.readFile().finally(() => file.close());
}

/** Reads a UTF-8 file that a person named. Errors: those of `readWhole`, `malformed`. */
export async function readText(path: string, limit: number): Promise<string> {
  const full = resolve(path);
  const bytes = await readWhole(full, limit);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('malformed', `${full} is not UTF-8 text.`, { details: { path: full }, cause });
  }
}

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * The lines of a UTF-8 file that a person named, without their ends, read as they are asked for so that a file of any
 * length can be gone through. Errors: `not-found`, `bad-input`, `too-large` (a line), `malformed`, `environment`, each with the line.
 */
export function* linesOf(path: string, limit: number): Generator<string> {
  const full = resolve(path);
  const found = statSync(full, { throwIfNoEntry: false });
  if (found === undefined) throw new AppError('not-found', `There is no file ${full}.`, { details: { path: full } });
  if (!found.isFile()) throw new AppError('bad-input', `${full} is not a file.`, { details: { path: full } });
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decoded = (bytes: Buffer, line: number): string => {
    if (bytes.length > limit) throw new AppError('too-large', `${full}:${line}: This line is longer than ${limit} bytes; no entry can be.`, { details: { path: full, line } });
    try {
      return decoder.decode(bytes);
    } catch (cause) {
      throw new AppError('malformed', `${full}:${line}: This line is not UTF-8 text.`, { details: { path: full, line }, cause });
    }
  };
  const file = openSync(full, 'r');
  try {
    let rest: Buffer = Buffer.alloc(0);
    let line = 1;
    for (const chunk of chunksOf(file, full)) {
      const whole = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let start = 0;
      for (let end = whole.indexOf(NEWLINE); end >= 0; end = whole.indexOf(NEWLINE, start)) {
        yield decoded(whole.subarray(start, end), line);
        line += 1;
        start = end + 1;
      }
      rest = whole.subarray(start);
      if (rest.length > limit) decoded(rest, line);
    }
    if (rest.length > 0) yield decoded(rest, line);
  } finally {
    closeSync(file);
  }
}

function* chunksOf(file: number, path: string): Generator<Buffer> {
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let length: number;
    try {
      length = readSync(file, chunk, 0, CHUNK_BYTES, null);
    } catch (cause) {
      throw new AppError('environment', `${path} could not be read: ${cause instanceof Error ? cause.message : String(cause)}`, { details: { path }, cause });
    }
    if (length === 0) return;
    yield chunk.subarray(0, length);
  }
}

/** Writes a file whole or not at all: a draft beside it is synced, then renamed over it. */
export async function writeText(path: string, text: string | Uint8Array): Promise<{ path: string; sha256: string }> {
  const full = resolve(path);
  const draft = `${full}.${randomBytes(6).toString('hex')}.draft`;
  try {
    const file = await open(draft, 'wx', 0o644);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, full);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new AppError('environment', `${full} could not be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: 'Check that its folder is there and that you may write to it.', details: { path: full }, cause,
    });
  }
  return { path: full, sha256: createHash('sha256').update(text).digest('hex') };
}
