import { readText } from '../adapters/text-files.ts';

const MAX_VKEY_FILE = 64 * 1024;

/** A vkey is given itself (`name+hash+key`) or as a file with one a line. */
export async function readVkeys(given: readonly string[]): Promise<string[]> {
  const read = await Promise.all(
    given.map(async (value) => (/^[^+\s/]+(?:\/[^+\s]+)*\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/.test(value) ? [value] : (await readText(value, MAX_VKEY_FILE)).split('\n'))),
  );
  return read.flat().map((line) => line.trim()).filter((line) => line !== '');
}
