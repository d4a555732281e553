import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { FolderListing, ReadableFolder } from '../../core/archive/readable-folder.ts';
import { AppError } from '../../core/model/errors.ts';

/** An origin has at most 128 parts, a tile's path eight more. */
const MAX_DEPTH = 140;
const MAX_FILES = 2_000_000;
const CHUNK_BYTES = 256 * 1024;

/**
 * A folder that others may have written. Links are never followed below `root`, and nothing but regular files is
 * opened. `enter` tells by name which folders are looked into.
 */
export function readableFolder(root: string, enter: (name: string) => boolean = () => true): ReadableFolder {
  return {
    list: () => listFolder(root, enter),
    read: async (path, limit) => {
      const file = await openInside(root, path);
      if (file === null) return null;
      try {
        const { size } = await file.stat();
        if (size > limit) throw new AppError('too-large', `It is ${size} bytes; at most ${limit} can be right here.`, { details: { path, size, limit } });
        return await readBounded(file, path, limit);
      } finally {
        await file.close();
      }
    },
    stream: async function* (path) {
      const file = await openInside(root, path);
      if (file === null) throw new AppError('not-found', 'This file is missing.', { details: { path } });
      try {
        for (;;) {
          const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES);
          if (bytesRead === 0) return;
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        await file.close();
      }
    },
  };
}

/** Opens a folder that a person named. Errors: `not-found`, `bad-input`. */
export async function namedFolder(path: string): Promise<ReadableFolder> {
  const full = resolve(path);
  const listable = await readdir(full).then(() => null, (cause: NodeJS.ErrnoException) => cause);
  if (listable === null) return readableFolder(full);
  if (listable.code === 'ENOENT') throw new AppError('not-found', `There is no folder ${full}.`, { details: { path: full } });
  if (listable.code === 'ENOTDIR') throw new AppError('bad-input', `${full} is not a folder.`, { hint: 'Name the folder that an export was written to.', details: { path: full } });
  throw fileError(full, listable);
}

async function listFolder(root: string, enter: (name: string) => boolean): Promise<FolderListing> {
  const files: string[] = [];
  const refused: { path: string; reason: string }[] = [];
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const items = await readdir(join(root, folder), { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
      if (folder === '') throw fileError(root, cause);
      // Somebody's folder beside the logs, such as a stick's own, is no reason not to read them.
      refused.push({ path: folder ?? '', reason: `This folder cannot be read (${cause.code ?? cause.message}).` });
      return [];
    });
    for (const item of items) {
      const path = folder === '' ? item.name : `${folder}/${item.name}`;
      if (item.isFile()) files.push(path);
      else if (!item.isDirectory()) refused.push({ path, reason: item.isSymbolicLink() ? 'This is a link; links are not followed.' : 'This is neither a file nor a folder.' });
      else if (path.split('/').length > MAX_DEPTH) refused.push({ path, reason: 'This folder lies too deep.' });
      else if (enter(item.name)) waiting.push(path);
      if (files.length > MAX_FILES) throw new AppError('too-large', `${root} holds more than ${MAX_FILES} files.`, { details: { path: root } });
    }
  }
  return { files: files.sort(), refused };
}

async function openInside(root: string, path: string): Promise<FileHandle | null> {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) throw new AppError('outside-folder', `${path} does not stay inside its folder.`, { details: { path } });
  for (let at = 1; at < parts.length; at += 1) {
    const folder = await lstat(join(root, ...parts.slice(0, at))).catch(() => null);
    if (folder === null) return null;
    if (!folder.isDirectory()) throw notPlain(parts.slice(0, at).join('/'), 'folder');
  }
  const full = join(root, ...parts);
  // Without O_NONBLOCK, opening a named pipe would wait for a writer.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const before = await lstat(full).catch(() => null);
  if (before === null) return null;
  if (!before.isFile()) throw notPlain(path, 'file');
  const file = await open(full, flags).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ELOOP') throw notPlain(path, 'file');
    throw fileError(full, cause);
  });
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw notPlain(path, 'file');
}

async function readBounded(file: FileHandle, path: string, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES);
    if (bytesRead === 0) return Buffer.concat(chunks, total);
    total += bytesRead;
    // It may have grown since it was measured.
    if (total > limit) throw new AppError('too-large', `It is larger than the ${limit} bytes that can be right here.`, { details: { path, limit } });
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

/** Writes a new folder whole or not at all. Errors: `already-exists` (unless empty), `not-found` (its parent), `environment`. */
export async function writeNewFolder(out: string, files: AsyncIterable<{ readonly path: string; readonly bytes: Buffer | AsyncIterable<Buffer> }>): Promise<{ path: string; files: number }> {
  const full = resolve(out);
  const parent = dirname(full);
  const there = await lstat(full).catch(() => null);
  const items = there === null ? [] : await readdir(full).catch(() => ['not a folder']);
  if (items.length > 0 || there?.isSymbolicLink() === true) {
    throw new AppError('already-exists', `${full} is already there, so nothing is written over it.`, { hint: 'Name a folder that does not exist, or an empty one.', details: { path: full } });
  }
  if ((await lstat(parent).catch(() => null)) === null) throw new AppError('not-found', `There is no folder ${parent} to write into.`, { details: { path: parent } });
  const draft = join(parent, `.${basename(full)}.${randomBytes(6).toString('hex')}.draft`);
  let count = 0;
  try {
    await mkdir(draft);
    const touched = new Set([draft]);
    for await (const { path, bytes } of files) {
      const target = join(draft, ...path.split('/'));
      await mkdir(dirname(target), { recursive: true });
      await writeSynced(target, bytes);
      for (let folder = dirname(target); !touched.has(folder); folder = dirname(folder)) touched.add(folder);
      count += 1;
    }
    // Its names are on the disk before it has its own.
    for (const folder of touched) await syncFolder(folder);
    // Windows renames onto nothing, not even onto an empty folder.
    if (there !== null) await rmdir(full);
    await rename(draft, full);
    await syncFolder(parent);
    return { path: full, files: count };
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    throw fileError(full, cause);
  }
}

export async function writeSynced(path: string, bytes: Buffer | AsyncIterable<Buffer>): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders; there a rename is durable by itself. Some network shares refuse it too.
  const folder = await open(path, 'r').catch(() => null);
  if (folder === null) return;
  try {
    await folder.sync().catch(() => undefined);
  } finally {
    await folder.close();
  }
}

export function notPlain(path: string, kind: 'file' | 'folder'): AppError {
  return new AppError('outside-folder', `${path} is a link or not a regular ${kind}, so it is refused.`, { details: { path } });
}

const FILE_ERRORS: Readonly<Record<string, { readonly said: string; readonly hint: string }>> = {
  ENOSPC: { said: 'there is no room left', hint: 'Make room and try again.' },
  EROFS: { said: 'it can only be read, not written', hint: 'Take its write protection away to publish there; reading from it works.' },
};

/** A failure of the file system as an expected one; whatever is none stays as it is. */
export function fileError(path: string, cause: unknown): unknown {
  if (cause instanceof AppError || !(cause instanceof Error) || !('code' in cause)) return cause;
  const known = FILE_ERRORS[String(cause.code)];
  return new AppError('environment', `${path} could not be used: ${known?.said ?? cause.message}`, {
    hint: known?.hint ?? 'Check that it is there and that you may read and write it.', details: { path, cause: String(cause.code) }, cause,
  });
}
