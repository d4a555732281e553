import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Names that build outputs commonly have, inside a repository or beside it. */
const OUTPUT_NAMES = ['outputs', 'output', 'dist', 'artifacts', 'build', 'release'];

/** Folders with something in them that are called so, beside a repository or in it. */
export async function suggestOutputs(repository: string): Promise<string[]> {
  const inside = OUTPUT_NAMES.map((name) => join(repository, name));
  const beside = OUTPUT_NAMES.map((name) => join(repository, '..', name));
  const found: string[] = [];
  for (const folder of [...beside, ...inside]) {
    if (!existsSync(folder)) continue;
    const names = await readdir(folder).catch((): string[] => []);
    if (names.length > 0) found.push(folder);
  }
  return found.slice(0, 5);
}

