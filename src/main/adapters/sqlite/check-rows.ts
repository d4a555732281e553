import { entryId } from '../../../core/archive/entry-id.ts';
import { listingColumns, parseCanonical } from '../../../core/archive/entry.ts';
import { HASH_BYTES, leafHash } from '../../../core/archive/tree.ts';
import type { TreeHash } from '../../../core/archive/tree.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { Entry } from '../../../core/model/archive.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { Db } from './database.ts';
import { logStore } from './log-store.ts';
import type { LogStore, StoredLog } from './log-store.ts';

export type Problem = Output<'archive.verify'>['problems'][number];

/** Rows that are read at once; other calls have their turn after each such run. */
export const ROWS_AT_ONCE = 500;

/** One damaged page can spoil thousands of entries; this many are named a log. */
export const MAX_PROBLEMS = 100;

/** What a run of rows came to; it can be sent from one thread to another. */
export interface CheckedRows {
  readonly rows: number;
  /** The sequence number after the last row. */
  readonly next: number;
  /** Leaf hashes of the rows, computed from their bytes, one after the other. */
  readonly leaves: Uint8Array;
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
    const leaves = new Uint8Array(found.length * HASH_BYTES);
    const problems: Problem[] = [];
    let next = from;
    for (const [at, row] of found.entries()) {
      const leaf = leafHash(row[6]);
      leaves.set(leaf, at * HASH_BYTES);
      const problem = problemOf(log, row, leaf, next, store);
      if (problem !== null && problems.length < MAX_PROBLEMS) problems.push({ ...problem, place: entryId({ origin: log.origin, seq: row[0] }) });
      next = row[0] + 1;
    }
    return { rows: found.length, next, leaves, problems };
  };
}

function problemOf(
  log: StoredLog, [seq, stored, eventType, release, imported, time, bytes]: Row, leaf: TreeHash, expected: number, store: LogStore,
): Omit<Problem, 'place'> | null {
  if (seq !== expected) return { code: 'sequence', message: `The entries from ${expected} to ${seq - 1} are missing.` };
  if (!leaf.equals(stored)) return { code: 'leaf', message: 'Its bytes are not those of its leaf hash.' };
  let entry: Entry;
  try {
    entry = parseCanonical(bytes) as Entry;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return { code: 'canonical', message: cause.message };
  }
  if (entry.v !== 1 || entry.seq !== seq || entry.origin !== log.origin) return { code: 'sequence', message: `It says that it is ${entry.origin}#${entry.seq}.` };
  const columns = listingColumns(entry.record);
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
