import type { RecordKind } from '../../../core/model/record-kinds.ts';
import { counted, listed, numbered, utc } from '../../components/wording.ts';

const HOUR = 3_600_000;
const MOST_TICKS = 8;

/** What each kind of mark stands for. */
export const KIND_NAMES: Readonly<Record<RecordKind, string>> = { shipped: 'signed and shipped', said: 'people’s word', trouble: 'trouble', observed: 'observed' };

/** When a stretch of a timeline begins, and when the next does. */
export function binOf(start: string, hours: number, bin: number): { readonly from: string; readonly before: string } {
  const at = (after: number): string => new Date(Date.parse(start) + after * hours * HOUR).toISOString();
  return { from: at(bin), before: at(bin + 1) };
}

/** "2026-03-01 12:00 to 18:00 UTC", "2026-03-01", "2026-03-01 to 2026-03-07". */
export function periodWords(start: string, hours: number, bin: number): string {
  const { from, before } = binOf(start, hours, bin);
  if (hours < 24) return `${utc(from)} to ${before.slice(11, 16)} UTC`;
  const last = new Date(Date.parse(before) - HOUR).toISOString().slice(0, 10);
  return last === from.slice(0, 10) ? last : `${from.slice(0, 10)} to ${last}`;
}

/** "3 signed and shipped, 1 people’s word". */
export function kindWords(kinds: Readonly<Partial<Record<RecordKind, number>>>): string {
  return listed(Object.entries(kinds).map(([kind, count]) => `${numbered(count)} ${KIND_NAMES[kind as RecordKind]}`));
}

/** "6 hours", "1 day", "2 weeks". */
export function lengthWords(hours: number): string {
  if (hours % 168 === 0) return counted(hours / 168, 'week');
  return hours % 24 === 0 ? counted(hours / 24, 'day') : counted(hours, 'hour');
}

/** Where the axis is labelled: by dates, or by hours of days where a day is long. */
export function ticksOf(start: string, hours: number, bins: number): { readonly bin: number; readonly words: string }[] {
  const step = Math.max(1, Math.ceil(bins / MOST_TICKS));
  return Array.from({ length: Math.ceil(bins / step) }, (_, at) => at * step)
    // The last has no room to its right.
    .filter((bin) => bin === 0 || bin <= bins * 0.9)
    .map((bin) => {
      const { from } = binOf(start, hours, bin);
      return { bin, words: hours * step < 24 ? from.slice(5, 16).replace('T', ' ') : from.slice(0, 10) };
    });
}
