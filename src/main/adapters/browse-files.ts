import { lstat, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Output } from '../../core/contract/types.ts';
import { AppError } from '../../core/model/errors.ts';

const MAX_SHOWN = 2_000;

/** One folder's contents for choosing a path: names and sizes, folders first. Errors: `not-found`, `environment`. */
export async function browseFiles(path: string | null): Promise<Output<'files.browse'>> {
  const folder = resolve(path ?? process.cwd());
  const found = await stat(folder).catch(() => null);
  if (found === null) throw new AppError('not-found', `There is no folder ${folder}.`, { details: { path: folder } });
  if (!found.isDirectory()) throw new AppError('bad-input', `${folder} is not a folder.`, { details: { path: folder } });
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('environment', `${folder} could not be read: ${cause.message}`, { details: { path: folder }, cause });
  });
  names.sort((a, b) => a.localeCompare(b, 'en'));
  const entries = (await Promise.all(names.slice(0, MAX_SHOWN).map((name) => describe(folder, name)))).filter((entry) => entry !== null);
  return {
    path: folder,
    parent: dirname(folder) === folder ? null : dirname(folder),
    places: [
      { name: 'Home', path: homedir() },
      { name: 'Started in', path: process.cwd() },
      { name: 'Whole machine', path: resolve('/') },
    ],
    entries: entries.sort((a, b) => Number(b.folder) - Number(a.folder)),
    truncated: names.length > MAX_SHOWN,
  };
}

async function describe(folder: string, name: string): Promise<Output<'files.browse'>['entries'][number] | null> {
  const path = join(folder, name);
  const found = await stat(path).catch(() => null);
  if (found === null || !(found.isDirectory() || found.isFile())) return null;
  const repository = found.isDirectory() && (await isRepository(path));
  return { name, path, folder: found.isDirectory(), size: found.isFile() ? found.size : null, repository };
}

async function isRepository(path: string): Promise<boolean> {
  const there = async (part: string): Promise<boolean> => (await lstat(join(path, part)).catch(() => null)) !== null;
  return (await there('.git')) || ((await there('HEAD')) && (await there('objects')) && (await there('refs')));
}
