import type { ScheduleAnswer } from '../model/plan.ts';
import { readCalendar, type Span, type SpanKind } from './calendar.ts';

const DAY = 86_400_000;
/** Looked ahead so far, one after the other: most calendars answer at once. */
const AHEAD = [3 * DAY, 40 * DAY, 400 * DAY];

/** Is this moment inside a window and in no freeze; if not, why, and when is the next. Total for every calendar that can be read. */
export function scheduleAt(calendar: string, at: string): ScheduleAnswer {
  const now = Date.parse(at);
  const read = readCalendar(calendar);
  let last: ScheduleAnswer | null = null;
  for (const ahead of AHEAD) {
    const horizon = now + ahead;
    last = answerOf(read.spans(now - DAY, horizon), now, horizon);
    // What ends beyond the horizon may be cut there by a freeze that was not seen.
    if (last.next !== null && [last.until, last.next.until].every((until) => until === null || Date.parse(until) <= horizon)) break;
  }
  return last as ScheduleAnswer;
}

const SHOWN_AHEAD = 60 * DAY;
const MOST_SHOWN = 100;

/** The same with what comes in the next 60 days, for whoever chooses a calendar. Error: those of `readCalendar`. */
export function scheduleAhead(calendar: string, at: string): { readonly text: string; readonly at: string; readonly schedule: ScheduleAnswer; readonly others: number; readonly spans: { kind: SpanKind; summary: string; from: string; until: string }[] } {
  const now = Date.parse(at);
  const { others, spans } = readCalendar(calendar);
  const coming = spans(now, now + SHOWN_AHEAD).filter(({ end }) => end > now);
  return { text: calendar, at, schedule: scheduleAt(calendar, at), others, spans: coming.slice(0, MOST_SHOWN).map(({ kind, summary, start, end }) => ({ kind, summary, from: utc(start), until: utc(end) })) };
}

function answerOf(spans: readonly Span[], now: number, horizon: number): ScheduleAnswer {
  const windows = spans.filter(({ kind }) => kind === 'window');
  const freezes = spans.filter(({ kind }) => kind === 'freeze');
  const holds = ({ start, end }: Span): boolean => start <= now && now < end;
  const freeze = freezes.find(holds);
  const openings = openingsOf(windows, freezes);
  const current = openings.find(({ start, end }) => start <= now && now < end);
  const following = openings.find(({ start }) => start > now && start < horizon);
  const next = following === undefined ? null : { from: utc(following.start), until: utc(following.end), window: following.summary };
  const later = next === null ? 'No window follows within a year.' : `The next is ${next.window}, from ${next.from} to ${next.until}.`;
  if (freeze !== undefined) return { open: false, reason: `It is in the freeze “${freeze.summary}”, until ${utc(freeze.end)}. ${later}`, until: null, next };
  if (current !== undefined) return { open: true, reason: `It is in the window “${current.summary}”, until ${utc(current.end)}.`, until: utc(current.end), next };
  return { open: false, reason: `It is in no maintenance window. ${later}`, until: null, next };
}

/** Windows without the freezes that lie in them. */
function openingsOf(windows: readonly Span[], freezes: readonly Span[]): Span[] {
  return windows
    .flatMap((window) => freezes.reduce<Span[]>((parts, freeze) => parts.flatMap((part) => without(part, freeze)), [window]))
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

function without(part: Span, freeze: Span): Span[] {
  if (freeze.end <= part.start || freeze.start >= part.end) return [part];
  return [{ ...part, end: freeze.start }, { ...part, start: freeze.end }].filter(({ start, end }) => start < end);
}

function utc(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
