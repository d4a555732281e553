import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '../../core/model/errors.ts';
import { WithdrawnList } from '../../core/model/withdrawn.ts';
import type { KeySource, OpenPgp } from '../../core/signing/openpgp.ts';
import { WITHDRAWN_FILE, type ReadWithdrawn } from '../../core/signing/withdrawn.ts';
import { readText } from './text-files.ts';

const MAX_LIST_BYTES = 16 * 1024 * 1024;

/** Reads the list of withdrawn releases in a folder; null where there is none, and where a file of that name says nothing of the kind. */
export async function readWithdrawn(folder: string, keys: KeySource, at: Date, verify: OpenPgp['verify'], signal: AbortSignal): Promise<ReadWithdrawn | null> {
  const path = join(folder, WITHDRAWN_FILE);
  if (!existsSync(path)) return null;
  const file = basename(path);
  const text = await readText(path, MAX_LIST_BYTES).catch((cause: unknown) => {
    if (cause instanceof AppError) return null;
    throw cause;
  });
  const value = text === null ? null : parsed(text);
  const list = WithdrawnList.safeParse(value).data ?? null;
  if (list === null) return text !== null && !text.includes('countersign/withdrawn/') ? null : { file, list, check: null };
  return { file, list, check: existsSync(`${path}.asc`) ? await verify({ signature: `${path}.asc`, data: path, keys, at, signal }) : null };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
