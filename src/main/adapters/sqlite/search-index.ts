import { closeSync, existsSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { searchTerms } from '../../../core/archive/search-terms.ts';
import type { CallContext } from '../../../core/contract/serve.ts';
import { AppError } from '../../../core/model/errors.ts';
import { guarded, storageError, type Db } from './database.ts';
import { removeSearchIndex, searchFile } from './search-file.ts';

type Work = Pick<CallContext, 'signal' | 'progress'>;

/**
 * What entries are found by, beside the archive and made of it alone. Nothing is verified by it, and it can be thrown
 * away. It is no part of an append, which it would make more than twice as long, and catches up when it is asked.
 */
export interface SearchIndex {
  /**
   * Takes in what arrived since, everything where it is of another archive, and then asks it. An index that turns out to
   * be damaged is made anew, once. Errors: `storage-failed`, `storage-busy`, `cancelled`.
   */
  readonly ask: <Value>(work: Work, question: (found: Found) => Value | Promise<Value>) => Promise<Value>;
  readonly close: () => void;
}

/** An index that holds all that had arrived when it was asked. */
export interface Found {
  /** The newest arrival in it; another process may have added to the archive since. */
  readonly upTo: () => number;
  /** Arrivals that a full-text expression matches, newest first, of those from one on and before another. */
  readonly match: (expression: string, range?: MatchRange) => number[];
  /** How many entries of each type a log recorded in each hour, the oldest first. */
  readonly hours: () => readonly HourCount[];
  /** The hours since 1970 of the first and the last entry; 0 where there is none. */
  readonly span: () => { readonly first: number; readonly last: number };
}

export interface MatchRange {
  readonly from?: number;
  readonly before?: number;
  readonly limit?: number;
}

export interface HourCount {
  /** Since 1970. */
  readonly hour: number;
  readonly log: number;
  readonly type: string;
  readonly entries: number;
}

/** What stands here is of one version; an index of another is made anew. */
const VERSION = 1;
const BUSY_MILLISECONDS = 10_000;
/** Between two looks at what else is waiting: some tens of milliseconds. */
const ROWS_A_PAUSE = 500;
/** Few and large parts are searched, and written, faster. */
const ROWS_A_COMMIT = 16_000;
const INDEX_BUFFER_BYTES = 16 * 1024 * 1024;
const HOUR = 3_600_000;

const SCHEMA = `
  DROP TABLE IF EXISTS found;
  DROP TABLE IF EXISTS hours;
  DROP TABLE IF EXISTS reached;
  CREATE VIRTUAL TABLE found USING fts5(words, by, person, facts, content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2');
  INSERT INTO found (found, rank) VALUES ('hashsize', ${INDEX_BUFFER_BYTES});
  CREATE TABLE hours (hour INTEGER NOT NULL, log INTEGER NOT NULL, type TEXT NOT NULL, entries INTEGER NOT NULL, PRIMARY KEY (hour, log, type)) STRICT, WITHOUT ROWID;
  CREATE TABLE reached (id INTEGER PRIMARY KEY CHECK (id = 1), arrival INTEGER NOT NULL, leaf BLOB NOT NULL) STRICT;
  INSERT INTO reached (id, arrival, leaf) VALUES (1, 0, x'');
  PRAGMA user_version = ${VERSION};
`;

interface Row {
  readonly arrival: number;
  readonly log: number;
  readonly leaf: Buffer;
  readonly event_type: string;
  readonly imported: number;
  readonly time: string;
  readonly bytes: Buffer;
}

/** Of the archive in `genesis`; nothing is opened before it is used. */
export function searchIndex(file: string, genesis: Db): SearchIndex {
  const path = searchFile(file);
  let opened: Opened | null = null;
  let catching: Promise<void> = Promise.resolve();
  let closed = false;

  const newer = genesis.prepare<[number, number], Row>('SELECT arrival, log, leaf, event_type, imported, time, bytes FROM entry WHERE arrival > ? ORDER BY arrival LIMIT ?');
  const last = genesis.prepare<[], number | null>('SELECT max(arrival) FROM entry').pluck();
  const leafOf = genesis.prepare<[number], Buffer>('SELECT leaf FROM entry WHERE arrival = ?').pluck();

  const index = (): Opened => {
    if (closed) throw new AppError('cancelled', 'The archive was closed.');
    return (opened ??= openIndex(path));
  };
  const forget = (): void => {
    opened?.db.close();
    opened = null;
  };

  const takeIn = async ({ signal, progress }: Work): Promise<void> => {
    const { db, add, reach, reachedOf, startAnew } = index();
    const aim = guarded(file, () => last.get() ?? 0);
    const leaf = (arrival: number): Buffer | null => guarded(file, () => leafOf.get(arrival)) ?? null;
    // Nothing is written, and nobody waited for, where nothing arrived.
    if (reachedOf(leaf) === aim) return;
    for (let more = true; more;) {
      db.exec('BEGIN IMMEDIATE');
      try {
        let reached = reachedOf(leaf) ?? startAnew();
        for (const enough = reached + ROWS_A_COMMIT; reached < enough && !signal.aborted;) {
          const rows = guarded(file, () => newer.all(reached, ROWS_A_PAUSE));
          for (const row of rows) add(row);
          const newest = rows.at(-1);
          if (newest !== undefined) {
            reach(newest.arrival, newest.leaf);
            reached = newest.arrival;
          }
          more = rows.length === ROWS_A_PAUSE;
          if (!more) break;
          progress({ label: 'Reading entries to search them', item: null, done: reached, total: Math.max(aim, reached), unit: 'entries' });
          await new Promise(setImmediate);
          index();
        }
        // What was read is kept for the next time, also where nobody waits for it any more.
        db.exec('COMMIT');
      } catch (cause) {
        if (db.open && db.inTransaction) db.exec('ROLLBACK');
        throw cause;
      }
      signal.throwIfAborted();
    }
  };
  /** One at a time: what one has read, the next need not. */
  const catchUp = async (work: Work): Promise<void> => {
    const before = catching;
    catching = before.catch(() => undefined).then(() => takeIn(work));
    // Whoever asked is told; who comes next goes on from there.
    await catching;
  };

  return {
    ask: async (work, question) => {
      try {
        return await catchUp(work).then(() => question(index())).catch(async (cause: unknown) => {
          if (!isDamage(cause)) throw cause;
          forget();
          removeSearchIndex(file);
          await catchUp(work);
          return question(index());
        });
      } catch (cause) {
        throw storageError(path, cause);
      }
    },
    close: () => {
      closed = true;
      forget();
    },
  };
}

interface Opened extends Found {
  readonly db: Db;
  readonly add: (row: Row) => void;
  /** The last arrival that was taken in, and its leaf. */
  readonly reach: (arrival: number, leaf: Buffer) => void;
  /** Where to go on; null where the archive is not the one that was read: a backup was put back, or a repair made it anew. */
  readonly reachedOf: (leafOf: (arrival: number) => Buffer | null) => number | null;
  /** Forgets all; gives where to begin. */
  readonly startAnew: () => number;
}

function openIndex(path: string): Opened {
  // For its owner only, as the archive is.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  const db = new Database(path, { timeout: BUSY_MILLISECONDS });
  try {
    db.pragma('trusted_schema = OFF');
    db.pragma('journal_mode = WAL');
    // What a power failure takes is read again.
    db.pragma('synchronous = NORMAL');
    if (db.pragma('user_version', { simple: true }) !== VERSION) db.transaction(() => {
      if (db.pragma('user_version', { simple: true }) !== VERSION) db.exec(SCHEMA);
    }).immediate();
    const insert = db.prepare('INSERT INTO found (rowid, words, by, person, facts) VALUES (?, ?, ?, ?, ?)');
    const count = db.prepare('INSERT INTO hours (hour, log, type, entries) VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET entries = entries + 1');
    const reach = db.prepare('UPDATE reached SET arrival = ?, leaf = ?');
    const reached = db.prepare<[], { readonly arrival: number; readonly leaf: Buffer }>('SELECT arrival, leaf FROM reached');
    // A number is bound as a real one, which FTS5 does not take for the bound of a row.
    const match = db.prepare<[string, number, number, number], number>('SELECT rowid FROM found WHERE found MATCH ? AND rowid >= CAST(? AS INTEGER) AND rowid < CAST(? AS INTEGER) ORDER BY rowid DESC LIMIT ?').pluck();
    const hours = db.prepare<[], HourCount>('SELECT hour, log, type, entries FROM hours ORDER BY hour');
    const span = db.prepare<[], { first: number; last: number }>('SELECT coalesce((SELECT min(hour) FROM hours), 0) AS first, coalesce((SELECT max(hour) FROM hours), 0) AS last');
    return {
      db,
      add: ({ arrival, log, event_type, imported, time, bytes }) => {
        const { words, by, person, facts } = searchTerms(bytes, { log, time, event_type, imported: imported === 1 });
        insert.run(arrival, words, by, person, facts);
        const hour = Math.floor(Date.parse(time) / HOUR);
        // A time that was spoilt in the database is no reason not to find its entry.
        if (Number.isSafeInteger(hour)) count.run(hour, log, event_type);
      },
      reach: (arrival, leaf) => void reach.run(arrival, leaf),
      reachedOf: (leafOf) => {
        const { arrival = 0, leaf = null } = reached.get() ?? {};
        return arrival === 0 || (leaf !== null && leafOf(arrival)?.equals(leaf) === true) ? arrival : null;
      },
      startAnew: () => {
        db.exec("INSERT INTO found (found) VALUES ('delete-all'); DELETE FROM hours; UPDATE reached SET arrival = 0, leaf = x''");
        return 0;
      },
      match: (expression, { from = 0, before = Number.MAX_SAFE_INTEGER, limit = -1 } = {}) => match.all(expression, from, before, limit),
      upTo: () => reached.get()?.arrival ?? 0,
      hours: () => hours.all(),
      span: () => span.get() ?? { first: 0, last: 0 },
    };
  } catch (cause) {
    db.close();
    throw cause;
  }
}

function isDamage(cause: unknown): boolean {
  return cause instanceof Error && !(cause instanceof AppError) && 'code' in cause && /^SQLITE_(?:CORRUPT|NOTADB|FORMAT)/.test(String(cause.code));
}
