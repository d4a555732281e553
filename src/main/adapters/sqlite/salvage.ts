import Database from 'better-sqlite3';
import { leafHash, type TreeHash } from '../../../core/archive/tree.ts';
import type { Problem } from './check-rows.ts';
import type { Db } from './database.ts';
import type { StoredLog } from './log-store.ts';

/** An entry that can still be read; whether it is right is another question. */
export interface FoundEntry {
  readonly arrival: number;
  /** Of the bytes as they are. */
  readonly leaf: TreeHash;
  /** They are those of the leaf hash beside them. */
  readonly fits: boolean;
}

/** What can still be read of a database. */
export interface Salvage {
  readonly logs: readonly StoredLog[];
  /** The log of this console, by the database. */
  readonly own: number | null;
  /** By the id of their log and their place in it. */
  readonly entries: ReadonlyMap<number, ReadonlyMap<number, FoundEntry>>;
  /** What lies beside the logs and their entries. */
  readonly others: readonly { readonly table: string; readonly rows: readonly Row[] }[];
  /** Where SQLite itself finds the file damaged. */
  readonly problems: readonly Problem[];
  readonly bytes: (found: FoundEntry) => Buffer;
}

type Row = Readonly<Record<string, unknown>>;

const AT_ONCE = 256;
const MAX_LOGS = 10_000;
const PAGE_PROBLEMS = 20;

/** Read otherwise, or made anew from the entries. */
const NOT_COPIED: ReadonlySet<string> = new Set(['console', 'log', 'entry', 'subtree', 'reference']);

/** Opens what may be damaged anywhere; null, with the reason, where SQLite reads nothing of it. */
export function openDamaged(file: string): { readonly db: Db | null; readonly problem: Problem | null } {
  let db: Db | null = null;
  try {
    db = new Database(file, { fileMustExist: true });
    db.pragma('trusted_schema = OFF');
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    db.prepare('SELECT id FROM log LIMIT 1').get();
    return { db, problem: null };
  } catch (cause) {
    db?.close();
    return { db: null, problem: { code: 'database', message: `SQLite cannot read it: ${messageOf(cause)}`, place: null } };
  }
}

/** Reads all that can be read, stepping over what cannot. */
export function salvage(db: Db): Salvage {
  const problems = pageProblems(db);
  const logs = readLogs(db, problems);
  return {
    logs, problems,
    own: attempt(() => db.prepare<[], number>('SELECT log FROM console WHERE id = 1').pluck().get() ?? null) ?? null,
    entries: readEntries(db, logs, problems),
    others: readOthers(db, problems),
    bytes: (found) => db.prepare<[number], Buffer>('SELECT bytes FROM entry WHERE arrival = ?').pluck().get(found.arrival) as Buffer,
  };
}

function pageProblems(db: Db): Problem[] {
  try {
    const lines = db.prepare<[], string>(`PRAGMA integrity_check(${PAGE_PROBLEMS})`).pluck().all();
    return lines.filter((line) => line !== 'ok').map((line) => ({ code: 'page', message: line.replaceAll('\n', ' '), place: null }));
  } catch (cause) {
    return [{ code: 'page', message: messageOf(cause), place: null }];
  }
}

function readLogs(db: Db, problems: Problem[]): StoredLog[] {
  const read = db.prepare<[number, number], StoredLog>('SELECT * FROM log NOT INDEXED WHERE id >= ? AND id < ? ORDER BY id');
  const last = attempt(() => db.prepare<[], number | null>('SELECT max(id) FROM log').pluck().get() ?? 0) ?? MAX_LOGS;
  let unreadable = 0;
  const logs = inPieces(0, last + 1, (from, to) => read.all(from, to), () => (unreadable += 1))
    .filter(({ origin, vkey, checkpoint, edge, size }) => typeof origin === 'string' && typeof vkey === 'string' && Buffer.isBuffer(checkpoint) && Buffer.isBuffer(edge) && Number.isSafeInteger(size) && size >= 0);
  if (unreadable > 0) problems.push({ code: 'log', message: `What is kept of ${last === MAX_LOGS ? 'some' : unreadable} logs, their keys and checkpoints, cannot be read.`, place: null });
  return logs;
}

/** By the table alone: an index that is damaged hides nothing. */
function readEntries(db: Db, logs: readonly StoredLog[], problems: Problem[]): Map<number, Map<number, FoundEntry>> {
  const byLog = new Map<number, Map<number, FoundEntry>>();
  const held = logs.reduce((sum, { size }) => sum + size, 0);
  const last = attempt(() => db.prepare<[], number | null>('SELECT max(arrival) FROM entry').pluck().get() ?? 0) ?? held * 2 + 10_000;
  const read = db.prepare<[number, number], { arrival: number; log: number; seq: number; leaf: Buffer; bytes: Buffer }>(
    'SELECT arrival, log, seq, leaf, bytes FROM entry NOT INDEXED WHERE arrival >= ? AND arrival < ? ORDER BY arrival',
  );
  let unreadable = 0;
  const pieces = piecesOf(1, last + 1, (from, to) => read.all(from, to), () => (unreadable += 1));
  for (const { arrival, log, seq, leaf: stored, bytes } of pieces) {
    if (!Buffer.isBuffer(bytes) || !Number.isSafeInteger(seq)) continue;
    const leaf = leafHash(bytes);
    const fits = Buffer.isBuffer(stored) && stored.equals(leaf);
    const ofLog = byLog.get(log) ?? new Map<number, FoundEntry>();
    byLog.set(log, ofLog);
    if (ofLog.get(seq)?.fits !== true) ofLog.set(seq, { arrival, leaf, fits });
  }
  if (unreadable > 0) problems.push({ code: 'page', message: 'Some rows of entries cannot be read.', place: null });
  return byLog;
}

function readOthers(db: Db, problems: Problem[]): { table: string; rows: Row[] }[] {
  const names = attempt(() => db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").pluck().all()) ?? [];
  return names.filter((table) => !NOT_COPIED.has(table)).map((table) => {
    const rows: Row[] = [];
    try {
      for (const row of db.prepare<[], Row>(`SELECT * FROM "${table.replaceAll('"', '""')}"`).iterate()) rows.push(row);
    } catch (cause) {
      problems.push({ code: 'page', message: `Only ${rows.length} rows of the table ${table} can be read: ${messageOf(cause)}`, place: null });
    }
    return { table, rows };
  });
}

function inPieces<Item>(from: number, to: number, read: (from: number, to: number) => Item[], onUnreadable: () => void): Item[] {
  return [...piecesOf(from, to, read, onUnreadable)];
}

/** Reads a range in pieces, and halves a piece that cannot be read until what is unreadable stands alone. */
function* piecesOf<Item>(from: number, to: number, read: (from: number, to: number) => Item[], onUnreadable: () => void): Generator<Item> {
  for (let start = from; start < to; start += AT_ONCE) yield* piece(start, Math.min(to, start + AT_ONCE), read, onUnreadable);
}

function piece<Item>(from: number, to: number, read: (from: number, to: number) => Item[], onUnreadable: () => void): Item[] {
  const found = attempt(() => read(from, to));
  if (found !== undefined) return found;
  if (to - from <= 1) {
    onUnreadable();
    return [];
  }
  const middle = Math.floor((from + to) / 2);
  return [...piece(from, middle, read, onUnreadable), ...piece(middle, to, read, onUnreadable)];
}

/** Undefined where SQLite cannot read it; whatever else goes wrong is no matter of the file. */
function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('SQLITE_')) return undefined;
    throw cause;
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
