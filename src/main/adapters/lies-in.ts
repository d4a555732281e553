import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';

/** Whether a file lies in a folder, links followed; one that is not there lies nowhere. */
export async function liesIn(file: string, folder: string): Promise<boolean> {
  const [real, within] = await Promise.all([realpath(file).catch(() => null), realpath(folder)]);
  return real !== null && real.startsWith(`${within}${sep}`);
}
