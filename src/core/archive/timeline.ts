import type { Timeline } from '../contract/explore-calls.ts';
import { kindOf, type RecordKind } from '../model/record-kinds.ts';
import type { SearchQuery } from './search-query.ts';

export interface LaneOf {
  readonly origin: string;
  readonly own: boolean;
  readonly state: 'good' | 'quarantined';
}

interface HourOf {
  /** Since 1970. */
  readonly hour: number;
  readonly log: number;
  readonly type: string;
  readonly entries: number;
}

const HOUR = 3_600_000;
const MAX_LANES = 40;
const DAY = 24;
/** In hours: what divides a day, days, weeks. */
const LENGTHS = [1, 2, 3, 6, 12, DAY, 2 * DAY, 3 * DAY, 7 * DAY, 14 * DAY, 28 * DAY];

/** The hours from one on and before another that a query asks for; null where it leaves an end open. */
export interface Period {
  readonly from: number | null;
  readonly before: number | null;
}

/** What `before:` and `after:` come to; "not before" is "after". */
export function periodOf(query: SearchQuery): Period {
  let from: number | null = null;
  let before: number | null = null;
  for (const { field, value, negated } of query) {
    if (field !== 'before' && field !== 'after') continue;
    const hour = hourOf(value);
    if ((field === 'after') !== negated) from = Math.max(from ?? hour, hour);
    else before = Math.min(before ?? hour, hour);
  }
  return { from, before };
}

/** `2026-03-01` or `2026-03-01T14`, in hours since 1970. */
function hourOf(value: string): number {
  return Date.parse(value.length === 10 ? `${value}T00:00Z` : `${value}:00Z`) / HOUR;
}

/** A lane for each log, the busiest of them where there are many; stretches are of whole hours, and of whole days begin at midnight. */
export function timelineOf(hours: readonly HourOf[], logs: ReadonlyMap<number, LaneOf>, most: number, { from, before }: Period): Timeline {
  const drawn = hours.filter(({ hour, log }) => (from === null || hour >= from) && (before === null || hour < before) && logs.has(log));
  const none: Timeline = { total: 0, start: null, hours: 0, bins: 0, lanes: [], others: { logs: 0, entries: 0 } };
  let first = Infinity;
  let last = -Infinity;
  for (const { hour } of drawn) {
    first = Math.min(first, hour);
    last = Math.max(last, hour);
  }
  if (drawn.length === 0) return { ...none, lanes: [...logs.values()].slice(0, MAX_LANES).map((lane) => ({ ...lane, entries: 0, marks: [] })), others: { logs: Math.max(0, logs.size - MAX_LANES), entries: 0 } };
  const { length, start } = stretchesOf(first, last, most);

  const byLog = new Map<number, { entries: number; readonly marks: Map<number, Partial<Record<RecordKind, number>>> }>([...logs.keys()].map((log) => [log, { entries: 0, marks: new Map() }]));
  for (const { hour, log, type, entries } of drawn) {
    const lane = byLog.get(log);
    if (lane === undefined) continue;
    lane.entries += entries;
    const bin = Math.floor((hour - start) / length);
    const kinds = lane.marks.get(bin) ?? {};
    lane.marks.set(bin, kinds);
    const kind = kindOf(type);
    kinds[kind] = (kinds[kind] ?? 0) + entries;
  }
  const lanes = [...byLog].map(([log, { entries, marks }]) => ({
    ...(logs.get(log) as LaneOf), entries, marks: [...marks].sort(([a], [b]) => a - b).map(([bin, kinds]) => ({ bin, kinds })),
  }));
  // Its own first, as everywhere; the others by what they hold only where not all have room.
  const shown = lanes.length <= MAX_LANES ? lanes : [...lanes].sort((a, b) => Number(b.own) - Number(a.own) || b.entries - a.entries).slice(0, MAX_LANES);
  const left = lanes.filter((lane) => !shown.includes(lane));
  return {
    total: lanes.reduce((sum, { entries }) => sum + entries, 0), start: new Date(start * HOUR).toISOString(), hours: length, bins: Math.floor((last - start) / length) + 1,
    lanes: shown, others: { logs: left.length, entries: left.reduce((sum, { entries }) => sum + entries, 0) },
  };
}

/** The shortest that people think in of which no more than so many are asked for; else whole days, from the first one on. */
function stretchesOf(first: number, last: number, most: number): { readonly length: number; readonly start: number } {
  for (const length of LENGTHS) {
    const start = Math.floor(first / length) * length;
    if (last - start < length * most) return { length, start };
  }
  const start = Math.floor(first / DAY) * DAY;
  return { start, length: Math.ceil((last - start + 1) / DAY / most) * DAY };
}
