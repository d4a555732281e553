import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../../core/model/errors.ts';

/** A file of a watched folder: its text, or why it is not read. */
export type WatchedFile = { readonly name: string; readonly text: string } | { readonly name: string; readonly problem: string };

/** The `.json` files of a folder, in order of their names; links are not followed. Errors: `not-found`, `too-large`. */
export async function watchedFiles(folder: string, { files, bytes }: { readonly files: number; readonly bytes: number }): Promise<WatchedFile[]> {
  const place = resolve(folder);
  const entries = await readdir(place, { withFileTypes: true }).catch((cause: unknown) => {
    throw new AppError('not-found', `${place} is no folder that can be read.`, { details: { path: place }, cause });
  });
  const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json')).map(({ name }) => name).sort();
  if (names.length > files) throw new AppError('too-large', `${place} has ${names.length} files; ${files} are read.`, { hint: 'Take away what was recorded.', details: { path: place } });
  return Promise.all(names.map((name) => readOne(place, name, bytes)));
}

async function readOne(folder: string, name: string, limit: number): Promise<WatchedFile> {
  const handle = await open(join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (handle === null) return { name, problem: 'it cannot be opened' };
  try {
    const found = await handle.stat();
    if (!found.isFile()) return { name, problem: 'it is no regular file' };
    const buffer = Buffer.alloc(limit + 1);
    const { bytesRead } = await handle.read(buffer, 0, limit + 1, 0);
    return bytesRead > limit ? { name, problem: `it is larger than ${limit} bytes` } : { name, text: buffer.toString('utf8', 0, bytesRead) };
  } finally {
    await handle.close();
  }
}
