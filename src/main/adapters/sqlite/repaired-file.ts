import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { compact } from './backup.ts';
import { removeSearchIndex } from './search-file.ts';

/** A database that a repair finished: from the moment that it has this name it is the archive, whoever puts it in its place. */
export function repairedFile(file: string): string {
  return `${file}.repaired`;
}

/** Where the database that it replaces is kept; the time is its own, so that a second try gives the same name. */
function keptFile(file: string): string {
  return `${file}.damaged-${compact(statSync(repairedFile(file)).mtime)}`;
}

/**
 * Puts a repaired database in the place of the damaged one, which is kept beside it with its write-ahead log. Whoever
 * calls has the archive's lock alone; a process that was stopped in the middle leaves what the next one continues. Null
 * where there is none, else the path of the one that was damaged.
 */
export function putRepaired(file: string): string | null {
  if (!existsSync(repairedFile(file))) return null;
  const kept = keptFile(file);
  // What is searched is made anew of what was repaired.
  removeSearchIndex(file);
  // The write-ahead log first: a new database beside the old one's would be overwritten by it.
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${kept}-wal`);
  rmSync(`${file}-shm`, { force: true });
  if (existsSync(file)) renameSync(file, kept);
  syncNames(file);
  renameSync(repairedFile(file), file);
  syncNames(file);
  return kept;
}

/** The names in the folder of a file, on the disk. */
export function syncNames(file: string): void {
  // Windows opens no folders; there a rename is durable by itself.
  if (process.platform === 'win32') return;
  const descriptor = openSync(dirname(file), 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
