import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSearch, printSearch } from '../../src/core/archive/search-query.ts';
import { periodOf } from '../../src/core/archive/timeline.ts';
import { kindOf, RECORD_KINDS } from '../../src/core/model/record-kinds.ts';
import { KNOWN_EVENT_TYPES } from '../../src/core/model/archive.ts';
import { shrinking } from '../../src/renderer/components/scroll-shrinking.ts';
import { addressOf, ENTRY_VIEWS, parseRoute } from '../../src/renderer/frame/routes.ts';
import { termOf, withPeriod, withTerm } from '../../src/renderer/screens/archive/query-terms.ts';
import { binOf, kindWords, lengthWords, periodWords, ticksOf } from '../../src/renderer/screens/archive/timeline-words.ts';

describe('a query that is put together in the window', () => {
  test.each<[string, string, string | null, string]>([
    ['', 'type', 'rollback', 'type:rollback'],
    ['doubled type:drift', 'type', 'rollback', 'doubled type:rollback'],
    ['doubled type:drift -type:sbom', 'type', null, 'doubled'],
    ['"a type:b" type:drift', 'type', null, '"a type:b"'],
    ['by:"Jörg Weiß" x', 'origin', 'a.b/c', 'by:"Jörg Weiß" x origin:a.b/c'],
    ['', 'version', 'my "own" \\ one', 'version:"my \\"own\\" \\\\ one"'],
    ['VERSION:"v1 x"* y', 'version', null, 'y'],
  ])('%j, with %s %j, is %j', (query, field, value, result) => expect(withTerm(query, field, value)).toBe(result));

  test.each<[string, string, string | null]>([
    ['type:rollback', 'type', 'rollback'], ['-type:rollback', 'type', null], ['type:a type:b', 'type', null], ['version:"a \\"b\\""', 'version', 'a "b"'], ['"type:a"', 'type', null], ['mytype:a', 'type', null],
  ])('%j says of %s %j', (query, field, value) => expect(termOf(query, field)).toBe(value));

  test('reads in the core as what was chosen, beside what was typed', () => {
    const typed = fc.constantFrom('', 'doubled orders', '"a phrase: with -type:x" -by:ines', 'artifact:"my app"* is:imported', 'type:drift version:v1');
    fc.assert(fc.property(typed, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((text) => text.toWellFormed().replaceAll(/[\p{Cc}\p{Cs}]/gu, '')).filter((text) => text !== '' && text.toLowerCase() !== 'v'), (query, version) => {
      const next = withTerm(query, 'version', version);
      const read = parseSearch(next);
      expect(read.at(-1)).toMatchObject({ field: 'version', value: version.toLowerCase().replace(/^v(?=\d)/, '') });
      expect(printSearch(read.slice(0, -1))).toBe(printSearch(parseSearch(query).filter(({ field }) => field !== 'version')));
      expect(termOf(next, 'version')).toBe(version);
    }));
  });

  test('narrows to a stretch of time, and back', () => {
    const { from, before } = binOf('2026-03-01T00:00:00.000Z', 6, 3);
    const narrowed = withPeriod('type:drift before:2030-01-01', { from, before });
    expect(narrowed).toBe('type:drift after:2026-03-01T18 before:2026-03-02');
    expect(periodOf(parseSearch(narrowed))).toEqual({ from: Date.parse(from) / 3_600_000, before: Date.parse(before) / 3_600_000 });
    expect(withPeriod(narrowed, null)).toBe('type:drift');
  });

  test('and the record beside it, in whichever view, are the address', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60, unit: 'grapheme' }), fc.constantFrom(...ENTRY_VIEWS), (typed, view) => {
      const query = typed.toWellFormed();
      expect(parseRoute(addressOf.search(query))).toEqual({ screen: 'archive', query, entry: null, view: 'both', act: null });
      expect(parseRoute(addressOf.entry('a.b/c#4', query, view))).toEqual({ screen: 'archive', query, entry: 'a.b/c#4', view, act: null });
      expect(parseRoute(addressOf.act('export', query))).toEqual({ screen: 'archive', query, entry: null, view: 'both', act: 'export' });
    }));
    expect(parseSearch((parseRoute(addressOf.recordsOf('v1 "x"')) as { query: string }).query)).toMatchObject([{ field: 'version', value: '1 "x"' }]);
  });
});

describe('the words of a timeline', () => {
  test.each([[1, '1 hour'], [6, '6 hours'], [24, '1 day'], [72, '3 days'], [168, '1 week'], [336, '2 weeks']])('%i hours are %s', (hours, words) => expect(lengthWords(hours)).toBe(words));
  test('a stretch is told by its hours, its day, or its first and last day', () => {
    expect(periodWords('2026-03-01T00:00:00Z', 6, 1)).toBe('2026-03-01 06:00 to 12:00 UTC');
    expect(periodWords('2026-03-01T00:00:00Z', 24, 1)).toBe('2026-03-02');
    expect(periodWords('2026-03-01T00:00:00Z', 168, 1)).toBe('2026-03-08 to 2026-03-14');
    expect(kindWords({ shipped: 1_200, trouble: 1 })).toBe('1,200 signed and shipped and 1 trouble');
  });
  test('an axis has few labels, the first at its beginning', () => {
    for (const bins of [1, 2, 7, 9, 96, 200]) {
      const ticks = ticksOf('2026-03-01T00:00:00Z', 3, bins);
      expect(ticks[0]).toMatchObject({ bin: 0 });
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect(ticks.every(({ bin }) => bin < bins)).toBe(true);
    }
  });
  test('every type that is known is drawn as one of the kinds', () => {
    for (const type of [...KNOWN_EVENT_TYPES, 'constructor', 'coffee_break']) expect(RECORD_KINDS).toContain(kindOf(type));
    expect(kindOf('constructor')).toBe('observed');
  });
});

describe('a list that is taller than an element can be', () => {
  test.each([[0, 600], [36_000, 600], [28 * 1_000_000, 600], [36 * 1_000_000, 600], [36 * 50_000_000, 1_000]])('of %i pixels ends at its end', (rows, view) => {
    const { height, factor } = shrinking(rows, view);
    expect(height).toBeLessThanOrEqual(8_000_000);
    expect(factor).toBeGreaterThanOrEqual(1);
    if (rows > view) expect((height - view) * factor + view).toBeCloseTo(rows, 0);
  });
});
