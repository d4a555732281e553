import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';

const MAX_SIGNATURES = 64;

/** The detached signatures that several people put beside one file: `FILE.asc` and `FILE.NAME.asc`. Error: `too-large`. */
export async function signaturesBeside(file: string): Promise<string[]> {
  const name = basename(file);
  const found = (await readdir(dirname(file))).filter((other) => other.startsWith(`${name}.`) && other.endsWith('.asc')).sort();
  if (found.length > MAX_SIGNATURES) throw new AppError('too-large', `${found.length} signatures lie beside ${file}; ${MAX_SIGNATURES} are read.`, { details: { path: file } });
  return found.map((other) => join(dirname(file), other));
}
