import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';
import type { ArtifactPlace } from '../../../core/service/store-artifacts.ts';
import { fileError, notPlain, syncFolder } from '../archive-files.ts';

const PART_BYTES = 1024 * 1024;

/** An artifact repository in a folder: a share, a mounted disk. Below the folder that is named no link is followed. Errors: `not-found`, `outside-folder`, `environment`. */
export async function openFolderPlace(to: string, version: string, signal: AbortSignal): Promise<ArtifactPlace> {
  const named = resolve(to);
  const root = await rootOf(named);
  const folder = join(root, version);
  await mkdir(folder, { mode: 0o755 }).then(() => syncFolder(root), (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw fileError(folder, cause);
  });
  const assertPlain = async (): Promise<void> => {
    if (!(await lstat(folder)).isDirectory()) throw notPlain(folder, 'folder');
  };
  await assertPlain();
  return {
    place: folder,
    has: async (name) => {
      const found = await lstat(join(folder, name)).catch(() => null);
      if (found !== null && !found.isFile()) throw notPlain(join(folder, name), 'file');
      return found !== null;
    },
    put: async (name, file) => {
      const target = join(folder, name);
      const draft = join(folder, `.${randomBytes(6).toString('hex')}.draft`);
      try {
        await assertPlain();
        await copyWhole(file, draft, signal);
        // A name is given by a link, which never replaces what has it already.
        await link(draft, target);
        await syncFolder(folder);
        return 'atomic';
      } catch (cause) {
        if (codeOf(cause) === 'EEXIST') throw taken(target);
        if (codeOf(cause) === 'EPERM' || codeOf(cause) === 'ENOTSUP' || codeOf(cause) === 'EOPNOTSUPP' || codeOf(cause) === 'ENOSYS') return await withoutLinks(file, target, folder, signal);
        throw signal.aborted ? signal.reason : fileError(target, cause);
      } finally {
        await rm(draft, { force: true });
      }
    },
    get: async (name, file) => {
      try {
        await copyWhole(join(folder, name), file, signal);
      } catch (cause) {
        throw signal.aborted ? signal.reason : codeOf(cause) === 'ELOOP' ? notPlain(join(folder, name), 'file') : fileError(join(folder, name), cause);
      }
    },
  };
}

async function rootOf(named: string): Promise<string> {
  const there = await stat(named).catch(() => null);
  if (there?.isDirectory() === true) return realpath(named);
  if (there !== null) throw new AppError('bad-input', `${named} is not a folder.`, { details: { path: named } });
  if ((await stat(dirname(named)).catch(() => null)) === null) throw new AppError('not-found', `There is no folder ${named}, nor one that it could be made in.`, { hint: 'Is the share mounted?', details: { path: named } });
  await mkdir(named).catch((cause: unknown) => {
    throw fileError(named, cause);
  });
  await syncFolder(dirname(named));
  return realpath(named);
}

/** On a file system without links (FAT): the name itself is made anew, so that what is there is never replaced either. */
async function withoutLinks(file: string, target: string, folder: string, signal: AbortSignal): Promise<'atomic'> {
  try {
    await copyWhole(file, target, signal);
    await syncFolder(folder);
    return 'atomic';
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') throw taken(target);
    // What was begun here is nobody's yet.
    await rm(target, { force: true });
    throw signal.aborted ? signal.reason : fileError(target, cause);
  }
}

/** Copies a regular file into a new one, and returns once it is on the disk. */
async function copyWhole(from: string, into: string, signal: AbortSignal): Promise<void> {
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    if (!(await source.stat()).isFile()) throw notPlain(from, 'file');
    const target = await open(into, 'wx', 0o644);
    try {
      const part = Buffer.allocUnsafe(PART_BYTES);
      for (;;) {
        signal.throwIfAborted();
        const { bytesRead } = await source.read(part, 0, part.length, null);
        if (bytesRead === 0) break;
        for (let written = 0; written < bytesRead;) written += (await target.write(part, written, bytesRead - written, null)).bytesWritten;
      }
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

function taken(target: string): AppError {
  return new AppError('already-exists', `${target} was put there meanwhile by somebody else, so it is left as it is.`, { hint: 'Look who stores this version too, then try again.', details: { path: target } });
}

function codeOf(cause: unknown): string | null {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : null;
}
