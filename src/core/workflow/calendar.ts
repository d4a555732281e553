import ICAL from 'ical.js';
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { AppError } from '../model/errors.ts';

/** What a calendar says of deploying: when it may be done, and when it must not, whatever else is said. */
export type SpanKind = 'window' | 'freeze';

/** One stretch of time, in milliseconds since 1970; `end` is no longer in it. */
export interface Span {
  readonly kind: SpanKind;
  readonly summary: string;
  readonly start: number;
  readonly end: number;
}

/** An iCalendar file as far as it is about deploying. */
export interface Calendar {
  /** How many of its events are neither windows nor freezes. */
  readonly others: number;
  /** Every window and freeze that touches the stretch between two instants, in order. */
  readonly spans: (from: number, to: number) => readonly Span[];
}

/** Characters of a calendar: it rides in the plan's record (FORMATS §4, 65,535 bytes in all). */
export const MAX_CALENDAR = 24_000;
const MAX_EVENTS = 300;
const MAX_OCCURRENCES = 5_000;
const DAY = 86_400_000;
/** No window and no freeze is longer: what is asked of a moment must look back that far. */
const LONGEST = 62 * DAY;
/** A day that names no time zone is somewhere on Earth from so long before to so long after. */
const EARLIEST_ZONE = 14 * 3_600_000;
const LATEST_ZONE = 12 * 3_600_000;

interface Series {
  readonly kind: SpanKind;
  readonly summary: string;
  /** Starts between two instants, overridden and excepted ones left out. */
  readonly starts: (from: number, to: number) => readonly Temporal.ZonedDateTime[];
  readonly ends: (start: Temporal.ZonedDateTime) => number;
  readonly everywhere: boolean;
}

/**
 * Reads an iCalendar file (RFC 5545) of maintenance windows and freezes. An event is a freeze by its category FREEZE or
 * its summary; a window by its category MAINTENANCE or WINDOW, or its summary. Times are in UTC or in a zone of the IANA
 * database, so that daylight saving is as it will be there. Error: `malformed`, naming the event.
 */
export function readCalendar(text: string): Calendar {
  if (text.length > MAX_CALENDAR) throw new AppError('too-large', `A calendar has at most ${MAX_CALENDAR} characters; this one has ${text.length}.`, { hint: 'Export only the windows and freezes that matter for this release.' });
  const events = parsed(text).getAllSubcomponents('vevent');
  if (events.length > MAX_EVENTS) throw fault('the calendar', `has ${events.length} events; ${MAX_EVENTS} are read`);
  const relevant = events.flatMap((event) => {
    const kind = kindOf(event);
    return kind === null ? [] : [{ event, kind }];
  });
  const moved = movedStarts(relevant.map(({ event }) => event));
  const series = relevant.flatMap(({ event, kind }) => (textOf(event, 'status').toUpperCase() === 'CANCELLED' ? [] : [seriesOf(event, kind, moved)]));
  return {
    others: events.length - relevant.length,
    spans: (from, to) =>
      series
        .flatMap(({ kind, summary, starts, ends, everywhere }) =>
          starts(from - LONGEST - EARLIEST_ZONE, to + EARLIEST_ZONE).map((at) => ({
            kind, summary, start: at.epochMilliseconds - (everywhere ? EARLIEST_ZONE : 0), end: ends(at) + (everywhere ? LATEST_ZONE : 0),
          })))
        .filter(({ start, end }) => start < to && end > from)
        .sort((a, b) => a.start - b.start || a.end - b.end || (a.summary < b.summary ? -1 : 1)),
  };
}

function parsed(text: string): ICAL.Component {
  let root: unknown;
  try {
    root = ICAL.parse(text);
  } catch (cause) {
    throw new AppError('malformed', `This is no iCalendar file: ${cause instanceof Error ? cause.message.slice(0, 200) : ''}`, { hint: 'Export the calendar as .ics (RFC 5545).', cause });
  }
  const component = Array.isArray(root) && typeof root[0] === 'string' ? new ICAL.Component(root as never) : null;
  if (component?.name !== 'vcalendar') throw new AppError('malformed', 'This is not one iCalendar object (VCALENDAR).', { hint: 'Export the calendar as .ics (RFC 5545).' });
  return component;
}

function kindOf(event: ICAL.Component): SpanKind | null {
  const categories = event.getAllProperties('categories').flatMap((one) => one.getValues().map((value) => String(value).trim().toUpperCase()));
  const summary = textOf(event, 'summary');
  // What could be both is a freeze: it is the one that keeps from deploying.
  if (categories.some((one) => one === 'FREEZE' || one === 'BLACKOUT') || /\b(?:freeze|blackout|moratorium)\b/i.test(summary)) return 'freeze';
  return categories.some((one) => one === 'MAINTENANCE' || one === 'WINDOW') || /\b(?:maintenance|deployment|release|change) window\b/i.test(summary) ? 'window' : null;
}

function textOf(event: ICAL.Component, name: string): string {
  const value = event.getFirstPropertyValue(name);
  return value === null || value === undefined ? '' : String(value).slice(0, 300);
}

/** Occurrences that an event of their own stands for (RECURRENCE-ID), by UID and instant. */
function movedStarts(events: readonly ICAL.Component[]): ReadonlySet<string> {
  return new Set(events.flatMap((event) => {
    const property = event.getFirstProperty('recurrence-id');
    if (property === null) return [];
    if (property.getFirstParameter('range') !== undefined) throw fault(nameOf(event), 'moves an occurrence and all that follow (RANGE), which is not read');
    return [`${textOf(event, 'uid')} ${zonedOf(property, event).at.epochMilliseconds}`];
  }));
}

function seriesOf(event: ICAL.Component, kind: SpanKind, moved: ReadonlySet<string>): Series {
  const first = event.getFirstProperty('dtstart');
  if (first === null) throw fault(nameOf(event), 'has no DTSTART');
  const { at, allDay, everywhere } = zonedOf(first, event);
  if (everywhere && kind === 'window') throw fault(nameOf(event), 'is a whole day in no time zone, so nobody can say when it opens');
  const ends = endOf(event, at, allDay);
  const length = ends(at) - at.epochMilliseconds;
  if (length <= 0) throw fault(nameOf(event), 'ends before it begins');
  if (length > LONGEST) throw fault(nameOf(event), `is longer than ${LONGEST / DAY} days`);
  const own = event.getFirstProperty('recurrence-id') === null;
  const excepted = new Set(instantsOf(event, 'exdate'));
  const added = instantsOf(event, 'rdate').map((ms) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(at.timeZoneId));
  const rules = own ? event.getAllProperties('rrule').map((property) => ruleOf(event, String(property.getFirstValue()), at)) : [];
  const starts: Series['starts'] = (from, to) => {
    const found = new Map<number, Temporal.ZonedDateTime>([at, ...added].map((one) => [one.epochMilliseconds, one]));
    for (const rule of rules) for (const one of occurrences(event, rule, from, to)) found.set(one.epochMilliseconds, one);
    return [...found.values()].filter((one) => one.epochMilliseconds >= from && one.epochMilliseconds < to && !excepted.has(one.epochMilliseconds) && !(own && moved.has(`${textOf(event, 'uid')} ${one.epochMilliseconds}`)));
  };
  // A rule that cannot be followed is refused when the plan is made, not when somebody wants to deploy.
  starts(at.epochMilliseconds, at.epochMilliseconds + 70 * DAY);
  return { kind, summary: textOf(event, 'summary').replaceAll(/\s+/g, ' ') || kind, starts, ends, everywhere };
}

function ruleOf(event: ICAL.Component, rule: string, at: Temporal.ZonedDateTime): RRuleTemporal {
  if (/FREQ=(?:SECONDLY|MINUTELY|HOURLY)/i.test(rule)) throw fault(nameOf(event), 'recurs more than daily');
  try {
    // UNTIL of a day in a zone is the end of that day there.
    const until = rule.replace(/UNTIL=(\d{8})(?=;|$)/i, (_, day: string) => `UNTIL=${Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: at.timeZoneId, plainTime: '23:59:59' }).toInstant().toString().replaceAll(/[-:]|\.\d+/g, '')}`);
    return new RRuleTemporal({ rruleString: `RRULE:${until}`, dtstart: at, tzid: at.timeZoneId, maxIterations: 50_000, maxCandidateEvaluations: 500_000 });
  } catch (cause) {
    throw fault(nameOf(event), `recurs by a rule that cannot be followed: ${cause instanceof Error ? cause.message.slice(0, 200) : ''}`);
  }
}

function occurrences(event: ICAL.Component, rule: RRuleTemporal, from: number, to: number): Temporal.ZonedDateTime[] {
  let found;
  try {
    found = rule.between(new Date(from), new Date(to), true);
  } catch (cause) {
    throw fault(nameOf(event), `recurs by a rule that cannot be followed: ${cause instanceof Error ? cause.message.slice(0, 200) : ''}`);
  }
  if (found.length > MAX_OCCURRENCES) throw fault(nameOf(event), `recurs more than ${MAX_OCCURRENCES} times in the time that was asked for`);
  return found.map((one) => Temporal.ZonedDateTime.from(one.toString()));
}

/** RFC 5545 §3.8.5.3: with DTEND every occurrence lasts exactly as long; with DURATION days are days of the calendar. */
function endOf(event: ICAL.Component, at: Temporal.ZonedDateTime, allDay: boolean): (start: Temporal.ZonedDateTime) => number {
  const end = event.getFirstProperty('dtend');
  if (end !== null) {
    const last = zonedOf(end, event).at;
    if (allDay) {
      const days = at.until(last.withTimeZone(at.timeZoneId), { largestUnit: 'days' }).days;
      return (start) => start.add({ days }).epochMilliseconds;
    }
    const length = last.epochMilliseconds - at.epochMilliseconds;
    return (start) => start.epochMilliseconds + length;
  }
  const duration = event.getFirstPropertyValue('duration');
  if (duration instanceof ICAL.Duration) {
    if (duration.isNegative) throw fault(nameOf(event), 'has a negative DURATION');
    const { weeks, days, hours, minutes, seconds } = duration;
    return (start) => start.add({ days: weeks * 7 + days }).add({ hours, minutes, seconds }).epochMilliseconds;
  }
  if (allDay) return (start) => start.add({ days: 1 }).epochMilliseconds;
  throw fault(nameOf(event), 'has neither DTEND nor DURATION');
}

function instantsOf(event: ICAL.Component, name: 'exdate' | 'rdate'): number[] {
  return event.getAllProperties(name).flatMap((property) => property.getValues().map((value) => zonedValue(value, property, event).at.epochMilliseconds));
}

interface Zoned {
  readonly at: Temporal.ZonedDateTime;
  readonly allDay: boolean;
  /** A day that names no zone. */
  readonly everywhere: boolean;
}

function zonedOf(property: ICAL.Property, event: ICAL.Component): Zoned {
  return zonedValue(property.getFirstValue(), property, event);
}

function zonedValue(value: unknown, property: ICAL.Property, event: ICAL.Component): Zoned {
  if (!(value instanceof ICAL.Time)) throw fault(nameOf(event), `has a ${property.name.toUpperCase()} that is no date or time`);
  const zone = zoneOf(value, property, event);
  try {
    const wall = Temporal.PlainDateTime.from({ year: value.year, month: value.month, day: value.day, hour: value.hour, minute: value.minute, second: value.second }, { overflow: 'reject' });
    // Of a time that is there twice the first, one that is left out by the offset before it (RFC 5545 §3.3.5).
    return { at: wall.toZonedDateTime(zone ?? 'UTC', { disambiguation: 'compatible' }), allDay: value.isDate, everywhere: zone === null };
  } catch (cause) {
    throw fault(nameOf(event), `has a ${property.name.toUpperCase()} that does not exist: ${cause instanceof Error ? cause.message.slice(0, 100) : ''}`);
  }
}

/** The IANA zone of a value; null for a day that names none. */
function zoneOf(value: ICAL.Time, property: ICAL.Property, event: ICAL.Component): string | null {
  const named = property.getFirstParameter('tzid');
  if (typeof named === 'string' && named !== '') {
    // Some programs write /example.org/Europe/Berlin.
    const candidates = [named, named.split('/').slice(-2).join('/'), named.split('/').slice(-3).join('/')];
    const known = candidates.find(isZone);
    if (known === undefined) throw fault(nameOf(event), `is in the time zone "${named.slice(0, 80)}", which the IANA database does not have`);
    return known;
  }
  if (value.isDate) return null;
  if (value.zone === ICAL.Timezone.utcTimezone) return 'UTC';
  throw fault(nameOf(event), `has a ${property.name.toUpperCase()} in no time zone`);
}

function isZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

function nameOf(event: ICAL.Component): string {
  return `event "${(textOf(event, 'summary') || textOf(event, 'uid')).slice(0, 80)}"`;
}

function fault(where: string, why: string): AppError {
  return new AppError('malformed', `${where[0]?.toUpperCase() ?? ''}${where.slice(1)} ${why}.`, { hint: 'Give it a time in UTC or with TZID=Area/City, and an end.' });
}
