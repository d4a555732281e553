import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Of } from '../../core/workflow/canonical.ts';
import { writeText } from './text-files.ts';

/** Policy files by the SHA-256 of their bytes, in the data folder; a file that was changed there is not found. */
export function keptPolicies(home: string): {
  readonly keep: (digest: string, text: string) => Promise<void>;
  readonly find: (digest: string) => Promise<string | null>;
} {
  const folder = join(home, 'policies');
  const place = (digest: string): string => join(folder, `${digest}.yaml`);
  return {
    keep: async (digest, text) => {
      // The file could have been changed since it was judged under; then there is nothing to keep.
      if (existsSync(place(digest)) || sha256Of(text) !== digest) return;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeText(place(digest), text);
    },
    find: async (digest) => {
      if (!existsSync(place(digest))) return null;
      return sha256Of(await readFile(place(digest), 'utf8')) === digest ? place(digest) : null;
    },
  };
}
