import { randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAX_CHECKPOINT_BYTES } from '../../../core/archive/checkpoint.ts';
import { CHECKPOINT_FILE } from '../../../core/archive/log-files.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { SharedArchive } from '../../../core/sync/shared-archive.ts';
import { fileError, notPlain, readableFolder, syncFolder, writeSynced } from '../archive-files.ts';
import { folderAttachments } from './folder-attachments.ts';

/** Only folders with such names can be part of an origin or of a tile's path; others on a stick are not looked into. */
const PART = /^[a-z0-9.-]+$/;

/** A file that is being written; what a console that was stopped left behind goes after a day, coarse clocks allowed for. */
const DRAFT = /(?:^|\/)\.[0-9a-f]{12}\.draft$/;
const OLD_DRAFT_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Opens a shared archive in a folder, which is made where its parent is there. Errors: `bad-input`, `not-found`, `environment`. */
export async function openSharedFolder(url: string): Promise<SharedArchive> {
  const root = folderOf(url);
  await ensureFolder(root);
  // Attachments are asked for by their digests; no part of an origin is called so.
  const folder = readableFolder(root, (name) => PART.test(name) && name !== 'blob');
  return {
    url: root,
    list: async () => {
      const { files, refused } = await folder.list();
      await removeOldDrafts(root, files.filter((path) => DRAFT.test(path)));
      const kept = files.filter((path) => !DRAFT.test(path));
      return { files: kept, refused, sizes: await sizesOf(root, kept) };
    },
    read: folder.read,
    publishIfUnchanged: async (origin, expected, files, checkpoint) => {
      try {
        const touched = new Set<string>();
        for (const { path, bytes } of files) await place(root, `${origin}/${path}`, bytes, touched);
        // Every tile is on the disk under its name before a checkpoint can name it.
        for (const path of touched) await syncFolder(path);
        const found = await folder.read(`${origin}/${CHECKPOINT_FILE}`, MAX_CHECKPOINT_BYTES);
        // Between this look and the rename another console can still publish. Both states continue one history, so
        // that the older one standing there is mended by whoever syncs next.
        if (found === null ? expected !== null : expected === null || !found.equals(expected)) return false;
        if (expected !== null && checkpoint.equals(expected)) return true;
        const changed = new Set<string>();
        await place(root, `${origin}/${CHECKPOINT_FILE}`, checkpoint, changed);
        for (const path of changed) await syncFolder(path);
        return true;
      } catch (cause) {
        throw fileError(join(root, origin), cause);
      }
    },
    add: async (files) => {
      try {
        const touched = new Set<string>();
        for (const { path, bytes } of files) await place(root, path, bytes, touched);
        for (const path of touched) await syncFolder(path);
      } catch (cause) {
        throw fileError(root, cause);
      }
    },
    attachments: folderAttachments(root),
    close: () => Promise.resolve(),
  };
}

/** A file that went meanwhile has no size. */
async function sizesOf(root: string, paths: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const path of paths) {
    const found = await lstat(join(root, path)).catch(() => null);
    if (found !== null) sizes.set(path, found.size);
  }
  return sizes;
}

/** Writes one file under another name and renames it into its place; adds every folder in which names changed to `touched`. */
async function place(root: string, path: string, bytes: Buffer, touched: Set<string>): Promise<void> {
  const parts = path.split('/');
  let folder = root;
  for (const part of parts.slice(0, -1)) {
    const above = folder;
    folder = join(folder, part);
    await mkdir(folder).then(() => touched.add(above), (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause;
    });
    // A link to a folder elsewhere would have us write there.
    if (!(await lstat(folder)).isDirectory()) throw notPlain(folder, 'folder');
  }
  const target = join(folder, parts.at(-1) ?? '');
  const draft = join(folder, `.${randomBytes(6).toString('hex')}.draft`);
  try {
    await writeSynced(draft, bytes);
    await rename(draft, target);
  } catch (cause) {
    await rm(draft, { force: true });
    throw cause;
  }
  touched.add(folder);
}

async function removeOldDrafts(root: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const file = join(root, path);
    const found = await lstat(file).catch(() => null);
    // Where it cannot be removed it is in nobody's way either.
    if (found?.isFile() === true && Date.now() - found.mtimeMs > OLD_DRAFT_MILLISECONDS) await rm(file, { force: true }).catch(() => undefined);
  }
}

function folderOf(url: string): string {
  if (!/^file:/i.test(url)) return resolve(url);
  try {
    return resolve(fileURLToPath(url));
  } catch (cause) {
    throw new AppError('bad-input', `${url} does not name a folder of this machine.`, { hint: 'Write file:///path/to/folder, or the path alone.', cause });
  }
}

async function ensureFolder(root: string): Promise<void> {
  const there = await stat(root).catch(() => null);
  if (there?.isDirectory() === true) return;
  if (there !== null) throw new AppError('bad-input', `${root} is not a folder.`, { details: { path: root } });
  if ((await stat(dirname(root)).catch(() => null)) === null) {
    throw new AppError('not-found', `There is no folder ${root}, nor one that it could be made in.`, { hint: 'Is the stick or the share there?', details: { path: root } });
  }
  await mkdir(root).catch((cause: unknown) => {
    throw fileError(root, cause);
  });
  await syncFolder(dirname(root));
}
