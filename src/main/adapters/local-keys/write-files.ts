import { access, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';
import type { DirectoryFile } from '../../../core/signing/web-key-directory.ts';
import { writeText } from '../text-files.ts';

/** Writes public files under a folder, each whole or not at all. Errors: `already-exists` before anything is written, `environment`. */
export async function writeFiles(folder: string, files: readonly DirectoryFile[], replace: boolean): Promise<{ path: string; sha256: string }[]> {
  const root = resolve(folder);
  const targets = files.map(({ path, bytes }) => ({ path: join(root, path), bytes }));
  for (const { path } of targets) {
    if (replace || !(await access(path).then(() => true, () => false))) continue;
    throw new AppError('already-exists', `${path} is there already.`, { hint: 'Choose another folder, or say that it is to be replaced where that can be said (--replace).', details: { path } });
  }
  const written: { path: string; sha256: string }[] = [];
  for (const { path, bytes } of targets) {
    await mkdir(dirname(path), { recursive: true }).catch((cause: unknown) => {
      throw new AppError('environment', `${dirname(path)} could not be made.`, { details: { path }, cause });
    });
    written.push(await writeText(path, bytes));
  }
  return written;
}
