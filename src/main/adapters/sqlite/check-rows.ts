import { entryId } from '../../../core/archive/entry-id.ts';
import { outlineEntry } from '../../../core/archive/entry-outline.ts';
import type { EntryOutline } from '../../../core/archive/entry-outline.ts';
import { TILE_WIDTH } from '../../../core/archive/tiles.ts';
import { foldComplete, leafHash } from '../../../core/archive/tree.ts';
import type { TreeHash } from '../../../core/archive/tree.ts';
import type { Output } from '../../../core/contract/types.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { Db } from './database.ts';
import { logStore } from './log-store.ts';
import type { LogStore, StoredLog } from './log-store.ts';

export type Problem = Output<'archive.verify'>['problems'][number];

/** Rows that are read at once, whole tiles of them; other calls have their turn after each such run. */
export const ROWS_AT_ONCE = 2 * TILE_WIDTH;

/** One damaged page can spoil thousands of entries; this many are named a log. */
export const MAX_PROBLEMS = 100;

/** What a run of rows came to; it can be sent from one thread to another. */
export interface CheckedRows {
  readonly rows: number;
  /** The sequence number after the last row. */
  readonly next: number;
  /** The hash over every 256 rows, computed from their bytes. */
  readonly tiles: readonly Uint8Array[];
  /** Leaf hashes of the rows after those, fewer than 256. */
  readonly leaves: readonly Uint8Array[];
  readonly problems: readonly Problem[];
}

/** Checks up to ROWS_AT_ONCE rows of a log, from a sequence number on. */
export type RowChecker = (log: StoredLog, from: number) => CheckedRows;

type Row = readonly [seq: number, leaf: Buffer, eventType: string, release: string | null, imported: number, time: string, bytes: Buffer];

/** Everything that can be said of rows without their neighbours: each row against its own bytes, and what they refer to. */
export function rowChecker(db: Db): RowChecker {
  const store = logStore(db);
  const rows = db.prepare<[number, number, number], Row>(
    'SELECT seq, leaf, event_type, release, imported, time, bytes FROM entry WHERE log = ? AND seq >= ? ORDER BY seq LIMIT ?',
  ).raw();
  return (log, from) => {
    const found = rows.all(log.id, from, ROWS_AT_ONCE) as unknown as Row[];
    const tiles: Uint8Array[] = [];
    let leaves: TreeHash[] = [];
    const problems: Problem[] = [];
    let next = from;
    for (const row of found) {
      const leaf = leafHash(row[6]);
      leaves.push(leaf);
      if (leaves.length === TILE_WIDTH) {
        // A copy, because a hash lies in the pool of buffers, all of which would be sent with it.
        tiles.push(new Uint8Array(foldComplete(leaves)));
        leaves = [];
      }
      const problem = problemOf(log, row, leaf, next, store);
      if (problem !== null && problems.length < MAX_PROBLEMS) problems.push({ ...problem, place: entryId({ origin: log.origin, seq: row[0] }) });
      next = row[0] + 1;
    }
    return { rows: found.length, next, tiles, leaves: leaves.map((leaf) => new Uint8Array(leaf)), problems };
  };
}

function problemOf(
  log: StoredLog, [seq, stored, eventType, release, imported, time, bytes]: Row, leaf: TreeHash, expected: number, store: LogStore,
): Omit<Problem, 'place'> | null {
  if (seq !== expected) return { code: 'sequence', message: `The entries from ${expected} to ${seq - 1} are missing.` };
  if (!leaf.equals(stored)) return { code: 'leaf', message: 'Its bytes are not those of its leaf hash.' };
  let entry: EntryOutline | null;
  try {
    entry = outlineEntry(bytes);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return { code: 'canonical', message: cause.message };
  }
  if (entry === null) return { code: 'canonical', message: 'It is not an entry.' };
  if (entry.v !== 1 || entry.seq !== seq || entry.origin !== log.origin) return { code: 'sequence', message: `It says that it is ${String(entry.origin)}#${String(entry.seq)}.` };
  const { columns } = entry;
  if (columns.event_type !== eventType || columns.release !== release || columns.imported !== (imported === 1) || entry.time !== time) {
    return { code: 'listing', message: 'What lists show of it is not what it says.' };
  }
  for (const ref of entry.refs) {
    const target = store.byOrigin(ref.origin);
    // A log that is not held here, or not as far as this, cannot be looked into; that is no fault of the entry.
    if (target === null || (ref.seq >= target.size && target.id !== log.id)) continue;
    const found = ref.seq >= seq && target.id === log.id ? null : store.leaf(target, ref.seq);
    if (found?.toString('hex') !== ref.leaf) return { code: 'reference', message: `It refers to ${entryId(ref)}, whose leaf is another.` };
  }
  return null;
}
