import { MAX_CHECKPOINT_BYTES, openCheckpoint, type Checkpoint } from '../archive/checkpoint.ts';
import { cosignedName } from '../archive/cosigned-file.ts';
import { readOutline } from '../archive/entry-outline.ts';
import { CHECKPOINT_FILE, ENTRIES_FILE } from '../archive/log-files.ts';
import type { VerifierKey } from '../archive/note.ts';
import { leafHash } from '../archive/tree.ts';
import { AppError } from '../model/errors.ts';
import type { ReceivedEntry } from './local-logs.ts';
import type { SharedArchive } from './shared-archive.ts';
import { readEntries } from './shared-log.ts';

const MAX_LINES_BYTES = 1024 ** 3;
const NEWLINE = 0x0a;

/** A checkpoint that the log's key signed, as it was written. */
export interface SignedHead {
  readonly checkpoint: Checkpoint;
  readonly note: Buffer;
}

/**
 * Every head of a log that lies in a shared archive or an export: its checkpoint, and those that others cosigned. What
 * its key did not sign is left out. Errors: `environment`.
 */
export async function sourceHeads(source: SharedArchive, vkey: VerifierKey, paths: ReadonlySet<string>): Promise<SignedHead[]> {
  const heads: SignedHead[] = [];
  for (const path of [...paths].filter((one) => one === CHECKPOINT_FILE || cosignedName(one) !== null)) {
    try {
      const note = await source.read(`${vkey.name}/${path}`, MAX_CHECKPOINT_BYTES);
      if (note !== null) heads.push({ checkpoint: openCheckpoint(note, vkey), note });
    } catch (cause) {
      if (!(cause instanceof AppError) || cause.code === 'environment') throw cause;
    }
  }
  return heads;
}

/** Entries of a log from a place on, each canonical and at its place, by tiles or by lines. Errors: `malformed`, `not-found`, `too-large`, `environment`. */
export async function sourceEntries(source: SharedArchive, head: Checkpoint, from: number, paths: ReadonlySet<string>): Promise<ReceivedEntry[]> {
  const entries: ReceivedEntry[] = [];
  if (!paths.has(ENTRIES_FILE)) {
    for await (const bundle of readEntries(source, head, from)) entries.push(...bundle);
    return entries;
  }
  const lines = await source.read(`${head.origin}/${ENTRIES_FILE}`, MAX_LINES_BYTES);
  let start = 0;
  for (let seq = 0; seq < head.size; seq += 1) {
    const end = lines?.indexOf(NEWLINE, start) ?? -1;
    if (lines === null || end < 0) throw new AppError('not-found', `Entry ${seq} is missing.`);
    if (seq >= from) entries.push(received(lines.subarray(start, end), head.origin, seq));
    start = end + 1;
  }
  return entries;
}

function received(bytes: Buffer, origin: string, seq: number): ReceivedEntry {
  return { sealed: { bytes, leaf: leafHash(bytes) }, ...readOutline(bytes, { origin, seq }) };
}
