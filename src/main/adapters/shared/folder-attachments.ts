import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { BLOB_FOLDER, blobPath } from '../../../core/archive/blobs.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { SharedAttachments } from '../../../core/sync/shared-archive.ts';
import { fileError, notPlain, syncFolder } from '../archive-files.ts';
import { chunksOf, openPlain, writeWhole } from '../attachments/blob-folder.ts';

const OLD_PART_MILLISECONDS = 30 * 24 * 60 * 60 * 1000;

/**
 * Attachments of a folder that others write too. What is being written has the name of this machine in its own, so that
 * two consoles never write to one file; before it gets its name it is read back and hashed, because a stick may lie.
 */
export function folderAttachments(root: string): SharedAttachments {
  const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
  const fileOf = (sha256: string): string => join(root, ...blobPath(sha256).split('/'));
  const guardedAt = async <Value>(sha256: string, work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (cause) {
      throw fileError(fileOf(sha256), cause);
    }
  };

  return {
    have: async (sha256s) => {
      const there = new Set<string>();
      const folders = new Map<string, ReadonlySet<string>>();
      for (const sha256 of sha256s) {
        const folder = dirname(fileOf(sha256));
        let names = folders.get(folder);
        if (names === undefined) folders.set(folder, (names = await namesIn(root, folder)));
        if (names.has(sha256)) there.add(sha256);
      }
      return there;
    },
    read: (sha256, from) => guardedAt(sha256, async () => {
      if (!(await isPlain(root, dirname(fileOf(sha256))))) return null;
      const file = await openPlain(fileOf(sha256), 'refused').catch((cause: unknown) => {
        if (cause instanceof AppError && cause.code === 'not-found') return null;
        throw cause instanceof AppError && cause.code === 'bad-input' ? notPlain(fileOf(sha256), 'file') : cause;
      });
      if (file === null) return null;
      return (async function* () {
        try {
          yield* chunksOf(file, from);
        } catch (cause) {
          throw fileError(fileOf(sha256), cause);
        } finally {
          await file.close();
        }
      })();
    }),
    write: (sha256, size, read) => guardedAt(sha256, async () => {
      const target = fileOf(sha256);
      const folder = await ensureFolders(root);
      await ensureFolder(join(folder, sha256.slice(0, 2)));
      if ((await lstat(target).catch(() => null))?.isFile() === true) return;
      const part = `${target}.${machine}.part`;
      // What an earlier attempt left may be torn: once more from the beginning, then it is the place that is wrong.
      let good = (await writePart(part, size, read)) === sha256;
      if (!good) {
        await rm(part, { force: true });
        good = (await writePart(part, size, read)) === sha256;
      }
      if (!good) {
        await rm(part, { force: true });
        throw new AppError('environment', `${target} could not be used: what was written there does not read back as it was.`, { hint: 'Is the stick damaged, or does somebody else write there?', details: { path: target } });
      }
      await rename(part, target);
      await syncFolder(dirname(target));
      await removeOldParts(dirname(target));
    }),
    remove: (sha256) => guardedAt(sha256, async () => {
      const target = fileOf(sha256);
      if (!(await isPlain(root, dirname(target)))) return true;
      for (const name of await readdir(dirname(target))) if (name === sha256 || (name.startsWith(`${sha256}.`) && name.endsWith('.part'))) await rm(join(dirname(target), name), { force: true });
      await syncFolder(dirname(target));
      return true;
    }).catch((cause: unknown) => {
      // Write protection is this place's own word; anything else is said as it is.
      if (cause instanceof AppError && ['EROFS', 'EACCES', 'EPERM'].includes(String(cause.details['cause']))) return false;
      throw cause;
    }),
  };
}

/** Goes on after what is there already, reads all of it back, and gives its digest. */
async function writePart(part: string, size: number, read: (from: number) => AsyncIterable<Buffer>): Promise<string> {
  const file = await open(part, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0), 0o644);
  try {
    const found = await file.stat();
    if (!found.isFile()) throw notPlain(part, 'file');
    if (found.size > size) await file.truncate(0);
    const from = found.size > size ? 0 : found.size;
    if (from < size) for await (const chunk of read(from)) await writeWhole(file, chunk);
    await file.sync();
    const hash = createHash('sha256');
    for await (const chunk of chunksOf(file, 0)) hash.update(chunk);
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

/** Names of regular files in a folder; none where it is not there, or is a link. */
async function namesIn(root: string, folder: string): Promise<ReadonlySet<string>> {
  if (!(await isPlain(root, folder))) return new Set();
  const items = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw fileError(folder, cause);
  });
  // A link by such a name is asked for, so that it is refused aloud.
  return new Set(items.filter((item) => !item.isDirectory()).map(({ name }) => name));
}

/** Whether a folder of attachments is there, no link among those above it. Error: `outside-folder`. */
async function isPlain(root: string, folder: string): Promise<boolean> {
  for (const path of [join(root, 'blob'), join(root, ...BLOB_FOLDER.split('/')), folder]) {
    const found = await lstat(path).catch(() => null);
    if (found === null) return false;
    if (!found.isDirectory()) throw notPlain(path, 'folder');
  }
  return true;
}

async function ensureFolders(root: string): Promise<string> {
  let folder = root;
  for (const part of BLOB_FOLDER.split('/')) await ensureFolder((folder = join(folder, part)));
  return folder;
}

async function ensureFolder(folder: string): Promise<void> {
  await mkdir(folder).then(() => syncFolder(dirname(folder)), (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
  });
  if (!(await lstat(folder)).isDirectory()) throw notPlain(folder, 'folder');
}

async function removeOldParts(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((one) => one.endsWith('.part'))) {
    const found = await lstat(join(folder, name)).catch(() => null);
    // Where it cannot be removed it is in nobody's way either.
    if (found?.isFile() === true && Date.now() - found.mtimeMs > OLD_PART_MILLISECONDS) await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}
