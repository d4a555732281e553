import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the search index of an archive lies, by the archive's own file. */
export function searchFile(file: string): string {
  return join(dirname(file), 'search.db');
}

/** Takes an index away, so that the next search makes it anew. Nobody may have it open. */
export function removeSearchIndex(file: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${searchFile(file)}${end}`, { force: true });
}
