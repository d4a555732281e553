import { randomBytes } from 'node:crypto';
import { chmod, link, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';

/** More than any key with its certifications needs. */
const MAX_KEY_BYTES = 4 * 1024 * 1024;

/** `NAME.asc` has its revocation certificate in `NAME.revocation.asc`. */
export function revocationBeside(file: string): string {
  return `${file.replace(/\.asc$/, '')}.revocation.asc`;
}

/** Key files of a folder; none where there is no folder. */
export async function keyFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException): string[] => {
    if (cause.code === 'ENOENT') return [];
    throw new AppError('environment', `${folder} could not be read: ${cause.message}`, { details: { folder }, cause });
  });
  return names.filter((name) => name.endsWith('.asc') && !name.endsWith('.revocation.asc')).sort().map((name) => join(folder, name));
}

/** Reads a file of a key. Errors: `not-found`, `bad-input`, `too-large`, `environment`. */
export async function readKeyFile(path: string): Promise<Buffer> {
  const full = resolve(path);
  const file = await open(full, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError(cause.code === 'ENOENT' ? 'not-found' : 'environment', `The key ${full} could not be read: ${cause.message}`, { details: { path: full }, cause });
  });
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new AppError('bad-input', `${full} is not a file.`, { details: { path: full } });
    if (found.size > MAX_KEY_BYTES) throw new AppError('too-large', `${full} is ${found.size} bytes, which no key has.`, { details: { path: full, limit: MAX_KEY_BYTES } });
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Writes a new file for its owner only; one that is there is never replaced. Errors: `already-exists`, `environment`. */
export async function writeNewKeyFile(path: string, text: string): Promise<void> {
  await throughDraft(path, text, async (draft) => {
    try {
      // A link, unlike a renaming, replaces nothing.
      await link(draft, path);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'EEXIST' || (await exists(path))) throw new AppError('already-exists', `There is a file ${path} already, and a key is never overwritten.`, { hint: 'Name another file.', details: { path }, cause });
      // Some file systems, such as those of USB sticks, have no links.
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw cause;
      await rename(draft, path);
    }
  });
}

/** Replaces a file that is there, whole or not at all. Error: `environment`. */
export function replaceKeyFile(path: string, text: string): Promise<void> {
  return throughDraft(path, text, (draft) => rename(draft, path));
}

async function throughDraft(path: string, text: string, place: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.draft`;
  try {
    await ownFolder(dirname(path));
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(draft);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('environment', `${path} could not be written: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: 'Check that you may write to its folder.', details: { path }, cause });
  } finally {
    await rm(draft, { force: true });
  }
}

/** A folder that is made here is its owner's only; one that is there keeps its rights. */
async function ownFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined && platform() !== 'win32') await chmod(folder, 0o700);
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(() => true, () => false);
}
