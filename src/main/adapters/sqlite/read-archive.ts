import { encodeBase64 } from '../../../core/archive/base64.ts';
import { readCheckpoint } from '../../../core/archive/checkpoint.ts';
import { entryId, parseEntryId } from '../../../core/archive/entry-id.ts';
import { personOf } from '../../../core/archive/person.ts';
import { summaryOf } from '../../../core/archive/summary.ts';
import { warningsOf } from '../../../core/archive/warnings.ts';
import type { EntrySummary } from '../../../core/contract/contract.ts';
import type { Output, Parsed } from '../../../core/contract/types.ts';
import type { Entry } from '../../../core/model/archive.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { Db } from './database.ts';
import type { LogStore } from './log-store.ts';

interface Row {
  readonly origin: string;
  readonly seq: number;
  readonly leaf: Buffer;
  readonly event_type: string;
  readonly release: string | null;
  readonly imported: number;
  readonly time: string;
  readonly bytes: Buffer;
}

/** Every log as this console knows it, its own first. */
export function readLogs(store: LogStore): Output<'archive.logs'>['logs'] {
  const own = store.own();
  return store.all().map((log) => ({
    origin: log.origin, own: log.id === own?.id, size: log.size,
    root: encodeBase64(readCheckpoint(log.checkpoint).root),
    vkey: log.vkey, checkpointTime: log.checkpoint_time, state: log.state, problem: log.problem,
  })).sort((a, b) => Number(b.own) - Number(a.own));
}

/** Entries by arrival here, newest first. */
export function listEntries(db: Db, query: Parsed<'archive.list'>): Output<'archive.list'> {
  const wanted: [string, string][] = [];
  if (query.origin !== null) wanted.push(['entry.log = (SELECT id FROM log WHERE origin = ?)', query.origin]);
  if (query.event_type !== null) wanted.push(['entry.event_type = ?', query.event_type]);
  if (query.release !== null) wanted.push(['entry.release = ?', query.release]);
  const where = wanted.length === 0 ? '' : `WHERE ${wanted.map(([clause]) => clause).join(' AND ')}`;
  const values = wanted.map(([, value]) => value);
  const total = db.prepare<string[], number>(`SELECT count(*) FROM entry ${where}`).pluck().get(...values) ?? 0;
  const rows = db.prepare<(string | number)[], Row>(
    `SELECT log.origin, entry.seq, entry.leaf, entry.event_type, entry.release, entry.imported, entry.time, entry.bytes
     FROM entry JOIN log ON log.id = entry.log ${where} ORDER BY entry.arrival DESC LIMIT ? OFFSET ?`,
  ).all(...values, query.limit, query.offset);
  return { total, entries: rows.map(summed) };
}

/** One entry with its exact bytes. Errors: `not-found`, `bad-input`. */
export function showEntry(store: LogStore, id: string, ownOrigin: string): Output<'archive.show'> {
  const place = parseEntryId(id, ownOrigin);
  const log = store.byOrigin(place.origin);
  if (log === null) throw new AppError('not-found', `This archive knows no log ${place.origin}.`, { hint: 'List the known logs, or sync with the archive that holds it.' });
  const bytes = store.entryBytes(log, place.seq, place.seq + 1)[0];
  const leaf = store.leaf(log, place.seq);
  if (bytes === undefined || leaf === null) {
    throw new AppError('not-found', `The log ${place.origin} has no entry ${place.seq}; it holds ${log.size}.`, { details: { origin: place.origin, seq: place.seq } });
  }
  const canonical = bytes.toString('utf8');
  const entry = JSON.parse(canonical) as Entry;
  return { id: entryId(place), leaf: leaf.toString('hex'), entry, canonical, person: personOf(entry.record.event_type), warnings: warningsOf(entry.record) };
}

function summed(row: Row): EntrySummary {
  const { record } = JSON.parse(row.bytes.toString('utf8')) as Entry;
  return {
    id: entryId(row), origin: row.origin, seq: row.seq, leaf: row.leaf.toString('hex'), time: row.time, event_type: row.event_type,
    release: row.release, summary: summaryOf(record), imported: row.imported === 1, person: personOf(row.event_type),
  };
}
