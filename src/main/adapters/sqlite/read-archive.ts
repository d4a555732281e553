import { encodeBase64 } from '../../../core/archive/base64.ts';
import { readCheckpoint } from '../../../core/archive/checkpoint.ts';
import { clockWarning } from '../../../core/archive/clock.ts';
import { entryId, parseEntryId } from '../../../core/archive/entry-id.ts';
import { personOf } from '../../../core/archive/person.ts';
import type { VerifyPerson } from '../../../core/archive/person.ts';
import { relationProblem } from '../../../core/archive/relations.ts';
import { lastSightings, notAfter, sightingsOf, witnessedIn, type ConsoleOwners, type Witnessed } from '../../../core/archive/seen-by.ts';
import { summaryOf } from '../../../core/archive/summary.ts';
import { warningsOf } from '../../../core/archive/warnings.ts';
import type { EntrySummary } from '../../../core/contract/contract.ts';
import { KeptFork } from '../../../core/contract/explore-calls.ts';
import type { Output, Parsed } from '../../../core/contract/types.ts';
import { Entry } from '../../../core/model/archive.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { ArchivePort, Arrived, EntryBounds } from '../../../core/service/archive-port.ts';
import type { WitnessBook } from '../../../core/sync/witness-book.ts';
import type { Db } from './database.ts';
import type { LogStore } from './log-store.ts';

const MAX_REFERRING = 200;
const MAX_FORKS = 100;

export interface Row {
  readonly arrival: number;
  readonly origin: string;
  readonly seq: number;
  readonly leaf: Buffer;
  readonly event_type: string;
  readonly release: string | null;
  readonly imported: number;
  readonly time: string;
  readonly bytes: Buffer;
}

/** Who saw what, and whose consoles they are. */
export interface Witnesses {
  readonly book: Pick<WitnessBook, 'held'>;
  readonly owners: ConsoleOwners | null;
}

/** Every log as this console knows it, its own first. */
export function readLogs(store: LogStore, { book, owners }: Witnesses): Output<'archive.logs'>['logs'] {
  const own = store.own();
  return store.all().map((log) => ({
    origin: log.origin, own: log.id === own?.id, size: log.size,
    root: encodeBase64(readCheckpoint(log.checkpoint).root),
    vkey: log.vkey, checkpointTime: log.checkpoint_time, state: log.state, problem: log.problem,
    witnesses: lastSightings(log.origin, book.held(log.origin), owners),
  })).sort((a, b) => Number(b.own) - Number(a.own));
}

/** What is kept of histories that were rewritten, the newest first. */
export function readForks(db: Db): Output<'archive.forks'>['forks'] {
  const rows = db.prepare<[number], { origin: string; found: string; source: string; seq: number | null; seen: Buffer; other: Buffer; proof: string | null }>(
    'SELECT log.origin, fork.found, fork.source, fork.seq, fork.seen, fork.other, fork.proof FROM fork JOIN log ON log.id = fork.log ORDER BY fork.rowid DESC LIMIT ?',
  ).all(MAX_FORKS);
  return rows.map(({ seen, other, proof, ...fork }) => ({ ...fork, seen: seen.toString('utf8'), other: other.toString('utf8'), proof: proof === null ? null : KeptFork.shape.proof.parse(JSON.parse(proof)) }));
}

/** Counted once a connection, and from there on only what arrived since: entries never go. */
const counted = new WeakMap<Db, { readonly last: number; readonly count: number }>();

/** How many entries there are, of any log. */
export function countRows(db: Db): number {
  const before = counted.get(db) ?? { last: 0, count: 0 };
  const last = db.prepare<[], number | null>('SELECT max(arrival) FROM entry').pluck().get() ?? 0;
  if (last === before.last) return before.count;
  // All of them are counted in an index, which is much smaller than they are.
  const count = before.last === 0 || last < before.last
    ? (db.prepare<[], number>('SELECT count(*) FROM entry').pluck().get() ?? 0)
    : before.count + (db.prepare<[number], number>('SELECT count(*) FROM entry WHERE arrival > ?').pluck().get(before.last) ?? 0);
  counted.set(db, { last, count });
  return count;
}

/** The first and the last arrival where none between them is missing, as nearly always; else null. */
function arrivalsWithoutGap(db: Db): { readonly first: number; readonly last: number } | null {
  const [first, last] = db.prepare<[], [number | null, number | null]>('SELECT (SELECT min(arrival) FROM entry), (SELECT max(arrival) FROM entry)').raw().get() ?? [null, null];
  return first !== null && last !== null && last - first + 1 === countRows(db) ? { first, last } : null;
}

/** Arrivals newest first, from an offset; where none is missing, the last are found as quickly as the first. */
export function arrivalsFrom(db: Db, offset: number, limit: number): number[] {
  const whole = arrivalsWithoutGap(db);
  return whole === null
    ? db.prepare<[number, number], number>('SELECT arrival FROM entry ORDER BY arrival DESC LIMIT ? OFFSET ?').pluck().all(limit, offset)
    : db.prepare<[number, number], number>('SELECT arrival FROM entry WHERE arrival <= ? ORDER BY arrival DESC LIMIT ?').pluck().all(whole.last - offset, limit);
}

/** The rows of some arrivals, in their order. */
export function rowsOf(db: Db, arrivals: readonly number[]): Row[] {
  const read = db.prepare<[number], Row>(
    `SELECT entry.arrival, log.origin, entry.seq, entry.leaf, entry.event_type, entry.release, entry.imported, entry.time, entry.bytes
     FROM entry JOIN log ON log.id = entry.log WHERE entry.arrival = ?`,
  );
  return arrivals.flatMap((arrival) => read.get(arrival) ?? []);
}

/** Entries by arrival here, newest first, and how many there are in all. */
export function listRows(db: Db, query: Parsed<'archive.list'>): { readonly total: number; readonly rows: readonly Row[] } {
  const wanted: [string, string][] = [];
  if (query.origin !== null) wanted.push(['log = (SELECT id FROM log WHERE origin = ?)', query.origin]);
  if (query.event_type !== null) wanted.push(['event_type = ?', query.event_type]);
  if (query.release !== null) wanted.push(['release = ?', query.release]);
  if (wanted.length === 0) return { total: countRows(db), rows: rowsOf(db, arrivalsFrom(db, query.offset, query.limit)) };
  const where = wanted.map(([clause]) => clause).join(' AND ');
  const values = wanted.map(([, value]) => value);
  const total = db.prepare<string[], number>(`SELECT count(*) FROM entry WHERE ${where}`).pluck().get(...values) ?? 0;
  // Entries of one log arrive in its order, in which an index has them.
  const order = wanted.length === 1 && query.origin !== null ? 'seq' : 'arrival';
  const arrivals = db.prepare<(string | number)[], number>(`SELECT arrival FROM entry WHERE ${where} ORDER BY ${order} DESC LIMIT ? OFFSET ?`).pluck().all(...values, query.limit, query.offset);
  return { total, rows: rowsOf(db, arrivals) };
}

/** One entry with its exact bytes. Errors: `not-found`, `bad-input`, `storage-failed` (its bytes are damaged). */
export function readStored(store: LogStore, id: string, ownOrigin: string): StoredEntry {
  const place = parseEntryId(id, ownOrigin);
  const log = store.byOrigin(place.origin);
  if (log === null) throw new AppError('not-found', `This archive knows no log ${place.origin}.`, { hint: 'List the known logs, or sync with the archive that holds it.' });
  const bytes = store.entryBytes(log, place.seq, place.seq + 1)[0];
  const leaf = store.leaf(log, place.seq);
  if (bytes === undefined || leaf === null) {
    throw new AppError('not-found', `The log ${place.origin} has no entry ${place.seq}; it holds ${log.size}.`, { details: { origin: place.origin, seq: place.seq } });
  }
  const entry = parseStored(bytes);
  if (entry !== null) return { id: entryId(place), leaf: leaf.toString('hex'), entry, canonical: bytes.toString('utf8') };
  throw damaged(place);
}

interface StoredEntry {
  readonly id: string;
  readonly leaf: string;
  readonly entry: Entry;
  readonly canonical: string;
}

export async function shownEntry(stored: StoredEntry, store: LogStore, verifyPerson: VerifyPerson | null, { book, owners }: Witnesses): Promise<Output<'archive.show'>> {
  const { origin, seq } = stored.entry;
  const cosigned = book.held(origin);
  const seenBy = sightingsOf(origin, seq, cosigned, owners);
  return {
    ...stored, person: await personOf(stored.entry, verifyPerson), warnings: [...warningsOf(stored.entry.record), ...relationWarnings(stored.entry, store), ...clockWarnings(stored.entry, store)],
    referredBy: store.referring(origin, seq, MAX_REFERRING).map((one) => ({ rel: one.rel, id: entryId(one) })),
    witnessed: witnessedIn(origin, cosigned, owners)(seq), seenBy, witnessesNeeded: owners?.needed ?? 1,
    notBefore: notBefore(stored.entry, store), notAfter: notAfter(seenBy),
  };
}

/** What dates an entry, without a look at who it is by. */
export function entryBounds({ entry }: StoredEntry, store: LogStore, { book, owners }: Witnesses, ownOrigin: string, setBack: (seq: number) => boolean): EntryBounds {
  const { origin, seq } = entry;
  const own = origin === ownOrigin;
  return { entry, notBefore: notBefore(entry, store)?.time ?? null, notAfter: notAfter(sightingsOf(origin, seq, book.held(origin), owners)), knew: knewOf(entry, store), own, clockSetBack: own && setBack(seq) };
}

/** The last entry of each other log that an entry names by the leaf that it has here. */
function knewOf({ origin, refs }: Entry, store: LogStore): ReadonlyMap<string, number> {
  const knew = new Map<string, number>();
  for (const ref of refs) {
    if (ref.origin === origin || ref.seq <= (knew.get(ref.origin) ?? -1)) continue;
    const log = store.byOrigin(ref.origin);
    if (log !== null && store.leaf(log, ref.seq)?.toString('hex') === ref.leaf) knew.set(ref.origin, ref.seq);
  }
  return knew;
}

/**
 * Tells of which entries of a log an earlier one claims a later time: nothing stands before what was written earlier. It is read on
 * from where it was read to, because a log only grows.
 */
export function clockOf(db: Db, store: LogStore): (seq: number) => boolean {
  const timesFrom = db.prepare<[number, number], { readonly seq: number; readonly time: string }>('SELECT seq, time FROM entry WHERE log = ? AND seq >= ? ORDER BY seq');
  const behind = new Set<number>();
  let [next, newest] = [0, Number.NEGATIVE_INFINITY];
  return (seq) => {
    const own = seq < next ? null : store.own();
    for (const one of own === null ? [] : timesFrom.iterate(own.id, next)) {
      const time = Date.parse(one.time);
      if (time < newest) behind.add(one.seq);
      newest = Math.max(newest, time);
      next = one.seq + 1;
    }
    return behind.has(seq);
  };
}

/** Entries of one type in logs that are good, as they came. */
export function entriesOfType(db: Db, event_type: string): { readonly id: string; readonly entry: Entry }[] {
  const rows = db.prepare<[string], { readonly origin: string; readonly seq: number; readonly bytes: Buffer }>(
    "SELECT log.origin, entry.seq, entry.bytes FROM entry JOIN log ON log.id = entry.log WHERE entry.event_type = ? AND log.state = 'good' ORDER BY entry.arrival",
  );
  return rows.all(event_type).flatMap((row) => {
    const entry = parseStored(row.bytes);
    return entry === null ? [] : [{ id: entryId(row), entry }];
  });
}

/** Entries that came after an arrival, as they came. Error: `storage-failed` (bytes are damaged). */
export function arrivedAfter(db: Db, { after, types, release }: Parameters<ArchivePort['arrived']>[0]): Arrived[] {
  const wanted: [string, readonly (string | number)[]][] = [['entry.arrival > ?', [after]], ...(types === null ? [] : [[`entry.event_type IN (${types.map(() => '?').join(', ')})`, types] as [string, readonly string[]]]), ...(release === null ? [] : [['entry.release = ?', [release]] as [string, readonly string[]]])];
  const rows = db.prepare<(string | number)[], { readonly arrival: number; readonly origin: string; readonly seq: number; readonly release: string | null; readonly leaf: Buffer; readonly bytes: Buffer }>(
    `SELECT entry.arrival, log.origin, entry.seq, entry.release, entry.leaf, entry.bytes FROM entry JOIN log ON log.id = entry.log WHERE ${wanted.map(([clause]) => clause).join(' AND ')} ORDER BY entry.arrival`,
  );
  return rows.all(...wanted.flatMap(([, values]) => values)).map(({ arrival, origin, seq, release: of, leaf, bytes }) => {
    const entry = parseStored(bytes);
    if (entry === null) throw damaged({ origin, seq });
    return { arrival, id: entryId({ origin, seq }), release: of, entry, leaf: leaf.toString('hex') };
  });
}

/** Every other log as it stands, and how much was cosigned: neither is ever taken back. */
export function groundOf(db: Db): string {
  const logs = db.prepare<[], string>("SELECT origin || ' ' || size || ' ' || state FROM log WHERE id NOT IN (SELECT log FROM console) ORDER BY origin").pluck().all();
  const cosigned = db.prepare<[], string>("SELECT count(*) || ' ' || total(size) || ' ' || total(time) FROM cosignature").pluck().get() ?? '';
  return [...logs, cosigned].join('\n');
}

function damaged(place: { readonly origin: string; readonly seq: number }): AppError {
  return new AppError('storage-failed', `The bytes of ${entryId(place)} are damaged in this archive.`, {
    hint: 'Verify the archive (archive verify) to see what else is; a backup or another console may hold it whole.', details: { origin: place.origin, seq: place.seq },
  });
}

function clockWarnings(entry: Entry, store: LogStore): string[] {
  const log = store.byOrigin(entry.origin);
  const bytes = log === null || entry.seq === 0 ? undefined : store.entryBytes(log, entry.seq - 1, entry.seq)[0];
  const warning = clockWarning(entry, bytes === undefined ? null : parseStored(bytes));
  return warning === null ? [] : [warning];
}

/** What it points at and is not so, or is not here. */
function relationWarnings({ record, refs }: Entry, store: LogStore): string[] {
  return refs.flatMap((ref) => {
    const log = store.byOrigin(ref.origin);
    const leaf = log === null ? null : store.leaf(log, ref.seq);
    if (log === null || leaf === null) return [`It points at ${entryId(ref)} (${ref.rel}), which is not in this archive yet.`];
    if (leaf.toString('hex') !== ref.leaf) return [`It points at ${entryId(ref)} (${ref.rel}) by another leaf than that entry has.`];
    const bytes = store.entryBytes(log, ref.seq, ref.seq + 1)[0];
    const target = bytes === undefined ? null : parseStored(bytes);
    const problem = target === null ? null : relationProblem(ref.rel, record, target.record);
    return problem === null ? [] : [`${entryId(ref)}: ${problem}`];
  });
}

/** The newest entry of another log that it names by its leaf: it was there first. Its time is that log's word. */
function notBefore({ origin, refs }: Entry, store: LogStore): { id: string; time: string } | null {
  const named = refs.flatMap((ref) => {
    const log = ref.origin === origin ? null : store.byOrigin(ref.origin);
    const bytes = log === null || store.leaf(log, ref.seq)?.toString('hex') !== ref.leaf ? undefined : store.entryBytes(log, ref.seq, ref.seq + 1)[0];
    const entry = bytes === undefined ? null : parseStored(bytes);
    return entry === null ? [] : [{ id: entryId(ref), time: entry.time }];
  });
  return named.sort((a, b) => Date.parse(b.time) - Date.parse(a.time))[0] ?? null;
}

export async function summarised(row: Row, verifyPerson: VerifyPerson | null, witnessed: (origin: string, seq: number) => Witnessed): Promise<EntrySummary> {
  const entry = parseStored(row.bytes);
  return {
    id: entryId(row), origin: row.origin, seq: row.seq, leaf: row.leaf.toString('hex'), time: row.time, event_type: row.event_type,
    release: row.release, imported: row.imported === 1,
    // One damaged entry does not take the list of all others away.
    summary: entry === null ? 'Damaged: its bytes cannot be read. Verify the archive.' : summaryOf(entry.record),
    person: entry === null ? 'not-proven' : await personOf(entry, verifyPerson),
    witnessed: witnessed(row.origin, row.seq),
  };
}

/** Whether entries are witnessed, of whichever log; each log is prepared once. */
export function witnessedBy({ book, owners }: Witnesses): (origin: string, seq: number) => Witnessed {
  const prepared = new Map<string, (seq: number) => Witnessed>();
  return (origin, seq) => {
    const known = prepared.get(origin) ?? witnessedIn(origin, book.held(origin), owners);
    prepared.set(origin, known);
    return known(seq);
  };
}

/** An entry out of the database, where it was checked before it got in; null where its bytes were damaged since. */
export function parseStored(bytes: Buffer): Entry | null {
  try {
    const result = Entry.safeParse(JSON.parse(bytes.toString('utf8')));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}
