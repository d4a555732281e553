import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './archive-files.ts';

/**
 * Makes a folder for its owner only, with those above it, so that a loss of power cannot take it away again with what
 * is then acknowledged in it; one that is there already keeps the rights that it was given. Errors: those of the file system.
 */
export async function makeDurableFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made === undefined) return;
  // What the process is told to mask could have taken more away than is wanted.
  if (process.platform !== 'win32') await chmod(path, 0o700);
  // The name of each new folder lies in the one above it.
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    await syncFolder(folder);
    if (folder === dirname(made) || folder === dirname(folder)) return;
  }
}
