import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCalendar } from '../../src/core/workflow/calendar.ts';
import { scheduleAt } from '../../src/core/workflow/schedule.ts';

const calendar = (...events: string[]): string => ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...events.map((event) => `BEGIN:VEVENT\nUID:${event.length}@test\nDTSTAMP:20260101T000000Z\n${event}\nEND:VEVENT`), 'END:VCALENDAR', ''].join('\r\n').replaceAll(/\r?\n/g, '\r\n');
const nightly = (zone: string, more = ''): string => calendar(`SUMMARY:Maintenance window\nDTSTART;TZID=${zone}:20260301T020000\nDURATION:PT1H\nRRULE:FREQ=DAILY${more}`);
const open = (text: string, at: string): boolean => scheduleAt(text, at).open;

describe('a window at 04:00 there, on both changes of daylight saving', () => {
  // Windows at local 04:00 to 05:00; in UTC they move by an hour with the clocks.
  test.each<[zone: string, at: string, is: boolean]>([
    ['Europe/Berlin', '2026-03-28T03:30:00Z', true], ['Europe/Berlin', '2026-03-29T02:30:00Z', true], ['Europe/Berlin', '2026-03-29T03:30:00Z', false],
    ['Europe/Berlin', '2026-10-24T02:30:00Z', true], ['Europe/Berlin', '2026-10-25T03:30:00Z', true], ['Europe/Berlin', '2026-10-25T02:30:00Z', false],
    ['America/New_York', '2026-03-07T09:30:00Z', true], ['America/New_York', '2026-03-08T08:30:00Z', true], ['America/New_York', '2026-03-08T09:30:00Z', false],
    ['America/New_York', '2026-10-31T08:30:00Z', true], ['America/New_York', '2026-11-01T09:30:00Z', true], ['America/New_York', '2026-11-01T08:30:00Z', false],
    // The southern summer ends in April, and Lord Howe moves by half an hour only.
    ['Australia/Sydney', '2026-04-04T17:30:00Z', false], ['Australia/Sydney', '2026-04-04T18:30:00Z', true], ['Australia/Sydney', '2026-10-03T17:30:00Z', true], ['Australia/Sydney', '2026-10-03T18:30:00Z', false],
    ['Australia/Lord_Howe', '2026-04-03T17:15:00Z', true], ['Australia/Lord_Howe', '2026-04-04T17:15:00Z', false], ['Australia/Lord_Howe', '2026-04-04T17:45:00Z', true],
    ['Asia/Kolkata', '2026-03-28T22:45:00Z', true], ['Asia/Kolkata', '2026-10-24T22:45:00Z', true],
  ])('%s at %s: %s', (zone, at, is) => {
    const text = calendar(`CATEGORIES:MAINTENANCE\nSUMMARY:Night\nDTSTART;TZID=${zone}:20260101T040000\nDURATION:PT1H\nRRULE:FREQ=DAILY`);
    expect(scheduleAt(text, at)).toMatchObject({ open: is });
  });

  test('an occurrence in the hour that is left out does not take place; in the hour that comes twice it is the first', () => {
    const spring = nightly('Europe/Berlin');
    const starts = readCalendar(spring).spans(Date.parse('2026-03-28T00:00:00Z'), Date.parse('2026-03-31T00:00:00Z')).map(({ start }) => new Date(start).toISOString());
    expect(starts).toEqual(['2026-03-28T01:00:00.000Z', '2026-03-30T00:00:00.000Z']);
    expect([open(spring, '2026-10-25T00:30:00Z'), open(spring, '2026-10-25T01:30:00Z')]).toEqual([true, false]);
  });

  test('DTEND lasts exactly as long, DURATION in days by the calendar', () => {
    const exact = calendar('SUMMARY:Change window\nDTSTART;TZID=Europe/Berlin:20260321T120000\nDTEND;TZID=Europe/Berlin:20260322T120000\nRRULE:FREQ=WEEKLY');
    const nominal = calendar('SUMMARY:Change window\nDTSTART;TZID=Europe/Berlin:20260321T120000\nDURATION:P1D\nRRULE:FREQ=WEEKLY');
    // The 28th of March at 12:00 in Berlin is 11:00 UTC; a day of the calendar later it is 10:00 UTC.
    expect([open(exact, '2026-03-29T10:30:00Z'), open(nominal, '2026-03-29T10:30:00Z')]).toEqual([true, false]);
  });
});

describe('windows and freezes', () => {
  const week = 'SUMMARY:Maintenance window\nDTSTART;TZID=Europe/Berlin:20260105T220000\nDURATION:PT4H\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE';

  test('says why not, and when next', () => {
    expect(scheduleAt(calendar(week), '2026-01-06T12:00:00Z')).toEqual({
      open: false, until: null, reason: 'It is in no maintenance window. The next is Maintenance window, from 2026-01-07T21:00:00Z to 2026-01-08T01:00:00Z.',
      next: { from: '2026-01-07T21:00:00Z', until: '2026-01-08T01:00:00Z', window: 'Maintenance window' },
    });
    expect(scheduleAt(calendar(week), '2026-01-07T21:00:00Z')).toMatchObject({ open: true, until: '2026-01-08T01:00:00Z' });
    expect(open(calendar(week), '2026-01-08T01:00:00Z')).toBe(false);
  });

  test('a freeze wins over a window, cuts it, and moves the next one', () => {
    const text = calendar(week, 'SUMMARY:Inventory\nCATEGORIES:FREEZE\nDTSTART:20260107T220000Z\nDTEND:20260113T000000Z');
    expect(scheduleAt(text, '2026-01-07T21:30:00Z')).toMatchObject({ open: true, until: '2026-01-07T22:00:00Z', next: { from: '2026-01-13T00:00:00Z' } });
    expect(scheduleAt(text, '2026-01-07T22:30:00Z')).toMatchObject({ open: false, reason: expect.stringMatching(/^It is in the freeze “Inventory”, until 2026-01-13T00:00:00Z\./) as string });
  });

  test('a freeze that begins long after a long window has opened ends it', () => {
    const text = calendar('SUMMARY:Maintenance window\nDTSTART:20260101T000000Z\nDTEND:20260220T000000Z', 'SUMMARY:Freeze\nDTSTART:20260210T000000Z\nDTEND:20260301T000000Z', 'SUMMARY:Maintenance window\nDTSTART:20260103T000000Z\nDTEND:20260103T010000Z');
    expect(scheduleAt(text, '2026-01-02T00:00:00Z').until).toBe('2026-02-10T00:00:00Z');
  });

  test('a whole day of freeze without a zone is that day anywhere on Earth', () => {
    const text = calendar('SUMMARY:Maintenance window\nDTSTART:20261201T000000Z\nDTEND:20261231T000000Z', 'SUMMARY:Christmas freeze\nDTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226');
    expect(['2026-12-24T09:59:00Z', '2026-12-24T10:00:00Z', '2026-12-26T11:59:00Z', '2026-12-26T12:00:00Z'].map((at) => open(text, at))).toEqual([true, false, false, true]);
  });

  test('exceptions, moved and cancelled occurrences, added dates and the end of a rule', () => {
    const text = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN',
      'BEGIN:VEVENT', 'UID:a', 'SUMMARY:Maintenance window', 'DTSTART;TZID=Europe/Berlin:20260302T220000', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;UNTIL=20260330T200000Z', 'EXDATE;TZID=Europe/Berlin:20260309T220000', 'RDATE;TZID=Europe/Berlin:20260311T220000', 'END:VEVENT',
      'BEGIN:VEVENT', 'UID:a', 'SUMMARY:Maintenance window', 'RECURRENCE-ID;TZID=Europe/Berlin:20260316T220000', 'DTSTART;TZID=Europe/Berlin:20260317T080000', 'DURATION:PT1H', 'END:VEVENT',
      'BEGIN:VEVENT', 'UID:a', 'SUMMARY:Maintenance window', 'STATUS:CANCELLED', 'RECURRENCE-ID;TZID=Europe/Berlin:20260323T220000', 'DTSTART;TZID=Europe/Berlin:20260323T220000', 'DURATION:PT1H', 'END:VEVENT',
      'END:VCALENDAR'].join('\r\n');
    const found = readCalendar(text).spans(Date.parse('2026-02-01T00:00:00Z'), Date.parse('2026-06-01T00:00:00Z')).map(({ start }) => new Date(start).toISOString().slice(0, 16));
    expect(found).toEqual(['2026-03-02T21:00', '2026-03-11T21:00', '2026-03-17T07:00', '2026-03-30T20:00']);
  });

  test.each<[what: string, text: string, says: RegExp]>([
    ['no calendar', 'hello', /^This is/],
    ['a time in no zone', calendar('SUMMARY:Maintenance window\nDTSTART:20260101T020000\nDURATION:PT1H'), /^Event "Maintenance window" has a DTSTART in no time zone/],
    ['a zone that nobody knows', calendar('SUMMARY:Maintenance window\nDTSTART;TZID=Middle-earth:20260101T020000\nDURATION:PT1H'), /time zone "Middle-earth"/],
    ['no end', calendar('SUMMARY:Maintenance window\nDTSTART:20260101T020000Z'), /neither DTEND nor DURATION/],
    ['an end before the beginning', calendar('SUMMARY:Maintenance window\nDTSTART:20260101T020000Z\nDTEND:20260101T010000Z'), /ends before it begins/],
    ['every second', calendar('SUMMARY:Maintenance window\nDTSTART:20260101T020000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY'), /recurs more than daily/],
    ['a day that is open in no zone', calendar('SUMMARY:Maintenance window\nDTSTART;VALUE=DATE:20260101'), /whole day in no time zone/],
    ['a window of years', calendar('SUMMARY:Maintenance window\nDTSTART:20260101T020000Z\nDTEND:20290101T010000Z'), /longer than 62 days/],
  ])('refuses %s', (_, text, says) => {
    expect(() => scheduleAt(text, '2026-01-01T00:00:00Z')).toThrow(says);
  });

  test('a date that is never there recurs never', () => {
    const text = calendar('SUMMARY:Maintenance window\nDTSTART:20260201T020000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30');
    expect([open(text, '2027-03-02T02:30:00Z'), scheduleAt(text, '2026-06-01T00:00:00Z').next]).toEqual([false, null]);
  });

  test('an opening that it names as the next is open, and a moment before it is not', () => {
    fc.assert(fc.property(fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC', 'Asia/Kathmandu'), fc.integer({ min: 0, max: 23 }), fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY'), fc.date({ min: new Date('2026-02-01'), max: new Date('2027-06-01'), noInvalidDate: true }), (zone, hour, freq, moment) => {
      const text = calendar(`SUMMARY:Maintenance window\nDTSTART;TZID=${zone}:20260101T${String(hour).padStart(2, '0')}3000\nDURATION:PT45M\nRRULE:FREQ=${freq}`);
      const at = `${moment.toISOString().slice(0, 19)}Z`;
      const { next, open: now } = scheduleAt(text, at);
      expect(next).not.toBeNull();
      if (next === null) return;
      expect(open(text, next.from)).toBe(true);
      expect(open(text, next.until)).toBe(false);
      if (!now) expect(open(text, new Date(Date.parse(next.from) - 1000).toISOString())).toBe(false);
    }), { numRuns: 15 });
  });
});
