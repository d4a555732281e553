import { parseSearch, printSearch, type SearchQuery, type SearchTerm } from '../../../core/archive/search-query.ts';
import { personOf, type VerifyPerson } from '../../../core/archive/person.ts';
import { sightingsOf, witnessedIn } from '../../../core/archive/seen-by.ts';
import { periodOf, timelineOf, type LaneOf } from '../../../core/archive/timeline.ts';
import type { CallContext } from '../../../core/contract/serve.ts';
import type { Parsed } from '../../../core/contract/types.ts';
import type { Explorer } from '../../../core/service/explore-handlers.ts';
import { guarded, type Db } from './database.ts';
import type { LogStore } from './log-store.ts';
import { arrivalsFrom, countRows, parseStored, readForks, rowsOf, summarised, witnessedBy, type Row, type Witnesses } from './read-archive.ts';
import type { Found, MatchRange, SearchIndex } from './search-index.ts';
import { INDEXED_DIGITS, matchExpression, ofLogs, PERSON_NEEDED, SIGNED, type Places } from './search-match.ts';

type Work = Pick<CallContext, 'signal' | 'progress'>;

interface Searching {
  readonly file: string;
  readonly db: Db;
  readonly store: LogStore;
  readonly index: SearchIndex;
  readonly verifyPerson: VerifyPerson | null;
  readonly whoSaw: () => Promise<Witnesses>;
}

/** A page of what answers a search, and how much does. */
interface FoundRows {
  readonly query: string;
  readonly total: number;
  readonly exact: boolean;
  readonly rows: readonly Row[];
}

/** Every arrival that answers, newest first, up to the newest that there was. */
interface Ranks {
  readonly upTo: number;
  readonly arrivals: readonly number[];
  /** By the clock of `performance`. */
  readonly until: number;
}

/** The stretch of a log's arrivals that is asked for. */
interface WitnessedPart {
  readonly log: number;
  readonly range: { readonly from: number; readonly before: number };
}

/** So many are counted at once where somebody waits for the first of them. */
const QUICK = 10_000;
/** Answers that are kept, so that their pages are read by their place; a million of them are 8 MB. */
const KEPT = 4;
const ROWS_A_PAUSE = 200;
/** Whose word is proven changes with the roster; while one pages, it stays. */
const JUDGED_MILLISECONDS = 10_000;

/** Finds entries by what was typed. Pages are read by place, the last as quickly as the first. */
export function archiveExplorer({ file, db, store, index, verifyPerson, whoSaw }: Searching): Explorer {
  const kept = new Map<string, Ranks>();
  const arrivalAt = db.prepare<[number, number], number>('SELECT arrival FROM entry WHERE log = ? AND seq >= ? ORDER BY seq LIMIT 1').pluck();

  /** What answers of those that arrived after some; fewer than all only where so many are asked for. */
  const answering = async (query: SearchQuery, parts: readonly WitnessedPart[] | null, found: Found, after: number, most: number | null, work: Work): Promise<number[]> => {
    const places: Places = { logs: store.all(), span: found.span() };
    const [from, upTo] = [after + 1, found.upTo()];
    const match = (more: readonly string[], range: MatchRange = {}, of = query): number[] => {
      const expression = matchExpression(of, places, more);
      return expression === null ? [] : found.match(expression, { ...range, from: Math.max(range.from ?? 0, from), before: Math.min(range.before ?? Infinity, upTo + 1) });
    };
    let arrivals = parts === null ? match([], most === null ? {} : { limit: most }) : parts.flatMap(({ log, range }) => match([ofLogs([log])], range)).sort((a, b) => b - a);
    for (const term of query) {
      if (isLongDigest(term)) {
        // The index knows where its first digits stand; the bytes tell about the others.
        const named = new Set(await looked(match([], {}, [{ ...term, negated: false }]), work, ({ bytes }) => bytes.toString('latin1').toLowerCase().includes(term.value)));
        arrivals = arrivals.filter((arrival) => named.has(arrival) !== term.negated);
      }
      if (term.field === 'is' && term.value === 'unproven') {
        // What carries no signature is not proven; the others are judged as of now.
        const proven = new Set(await looked(match([PERSON_NEEDED, SIGNED]), work, async (row) => (await standing(row)) === 'proven'));
        const unproven = new Set(match([PERSON_NEEDED]).filter((arrival) => !proven.has(arrival)));
        arrivals = arrivals.filter((arrival) => unproven.has(arrival) !== term.negated);
      }
    }
    return arrivals;
  };
  const standing = async ({ bytes }: Row): Promise<string> => {
    const entry = parseStored(bytes);
    return entry === null ? 'not-proven' : personOf(entry, verifyPerson);
  };
  const looked = async (arrivals: readonly number[], { signal, progress }: Work, holds: (row: Row) => boolean | Promise<boolean>): Promise<number[]> => {
    const left: number[] = [];
    for (let at = 0; at < arrivals.length; at += ROWS_A_PAUSE) {
      for (const row of guarded(file, () => rowsOf(db, arrivals.slice(at, at + ROWS_A_PAUSE)))) if (await holds(row)) left.push(row.arrival);
      progress({ label: 'Looking at what was found', item: null, done: Math.min(arrivals.length, at + ROWS_A_PAUSE), total: arrivals.length, unit: 'entries' });
      await new Promise(setImmediate);
      signal.throwIfAborted();
    }
    return left;
  };

  /** For `is:unwitnessed`: of each log the stretch of arrivals that it asks for; null where it is not asked. */
  const witnessedParts = (query: SearchQuery, { book, owners }: Witnesses): WitnessedPart[] | null => {
    const asked = query.filter(({ field, value }) => field === 'is' && value === 'unwitnessed');
    if (asked.length === 0) return null;
    return store.all().flatMap(({ id, origin, size }) => {
      const first = firstUnwitnessed(witnessedIn(origin, book.held(origin), owners), size);
      // Entries of one log arrive in its order.
      const arrival = arrivalAt.get(id, first) ?? Number.MAX_SAFE_INTEGER;
      const [from, before] = asked.reduce(([low, high], { negated }) => (negated ? [low, Math.min(high, arrival)] : [Math.max(low, arrival), high]), [0, Number.MAX_SAFE_INTEGER]);
      return from < before ? [{ log: id, range: { from, before } }] : [];
    });
  };

  const ranked = async (query: SearchQuery, printed: string, whole: boolean, found: Found, witnesses: Witnesses, work: Work): Promise<Pick<Ranks, 'arrivals'> & { readonly exact: boolean }> => {
    const upTo = found.upTo();
    const parts = witnessedParts(query, witnesses);
    const judged = query.some(({ field, value }) => field === 'is' && value === 'unproven');
    // What is witnessed changes without an entry, and then is another question.
    const key = [printed, ...(parts ?? []).map(({ log, range: { from, before } }) => [log, from, before].join())].join('\n');
    const before = kept.get(key);
    if (before !== undefined && before.upTo <= upTo && before.until > performance.now()) {
      if (before.upTo === upTo) return { ...before, exact: true };
      const arrivals = [...(await answering(query, parts, found, before.upTo, null, work)), ...before.arrivals];
      keep(key, { ...before, upTo, arrivals });
      return { arrivals, exact: true };
    }
    if (!whole && parts === null && !judged && !query.some(isLongDigest)) {
      const arrivals = await answering(query, parts, found, 0, QUICK + 1, work);
      if (arrivals.length > QUICK) return { arrivals: arrivals.slice(0, QUICK), exact: false };
    }
    const arrivals = await answering(query, parts, found, 0, null, work);
    keep(key, { upTo, arrivals, until: judged ? performance.now() + JUDGED_MILLISECONDS : Infinity });
    return { arrivals, exact: true };
  };
  const keep = (key: string, ranks: Ranks): void => {
    kept.delete(key);
    kept.set(key, ranks);
    for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest);
  };

  const find = async ({ query: typed, offset, limit, whole }: Parsed<'archive.search'>, witnesses: Witnesses, work: Work): Promise<FoundRows> => {
    const query = parseSearch(typed);
    const printed = printSearch(query);
    if (query.length === 0) {
      return guarded(file, () => ({ query: printed, total: countRows(db), exact: true, rows: rowsOf(db, arrivalsFrom(db, offset, limit)) }));
    }
    return index.ask(work, async (found) => {
      const { arrivals, exact } = await ranked(query, printed, whole || offset + limit > QUICK, found, witnesses, work);
      return { query: printed, total: arrivals.length, exact, rows: guarded(file, () => rowsOf(db, arrivals.slice(offset, offset + limit))) };
    });
  };

  return {
    search: async (asked, work) => {
      const witnesses = await whoSaw();
      const { rows, ...found } = await find(asked, witnesses, work);
      const witnessed = witnessedBy(witnesses);
      return { ...found, entries: await Promise.all(rows.map((row) => summarised(row, verifyPerson, witnessed))) };
    },
    timeline: async ({ query, bins }, work) => {
      const period = periodOf(parseSearch(query));
      return index.ask(work, (found) => {
        const own = store.own()?.id ?? null;
        const logs = store.all().map(({ id, origin, state }): [number, LaneOf] => [id, { origin, own: id === own, state }]).sort(([, a], [, b]) => Number(b.own) - Number(a.own));
        return timelineOf(found.hours(), new Map(logs), bins, period);
      });
    },
    forks: async () => guarded(file, () => readForks(db)),
    cosigned: async (origin, size) => {
      const { book, owners } = await whoSaw();
      return sightingsOf(origin, -1, book.held(origin).filter(({ checkpoint }) => checkpoint.size === size), owners);
    },
  };
}

function isLongDigest({ field, value }: SearchTerm): boolean {
  return (field === 'sha256' || field === 'commit') && value.length > INDEXED_DIGITS;
}

/** The first entry of a log that is not witnessed; no later one is. */
function firstUnwitnessed(witnessed: (seq: number) => string, size: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (witnessed(middle) === 'witnessed') low = middle + 1;
    else high = middle;
  }
  return low;
}
