import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSearch } from '../../src/core/archive/search-query.ts';
import { periodOf, timelineOf } from '../../src/core/archive/timeline.ts';

const lanes = (count: number) => new Map(Array.from({ length: count }, (_, at): [number, { origin: string; own: boolean; state: 'good' }] => [at, { origin: `log${at}.example`, own: at === 0, state: 'good' }]));
const counted = ({ marks }: { readonly marks: readonly { readonly kinds: object }[] }): number => marks.reduce((sum, { kinds }) => sum + Object.values(kinds as Record<string, number>).reduce((all, count) => all + count, 0), 0);

describe('a timeline', () => {
  it('counts every entry once, in no more stretches than were asked for, each of whole hours', () => {
    const hours = fc.array(fc.record({ hour: fc.oneof(fc.integer({ min: 490_000, max: 490_100 }), fc.integer({ min: -17_000_000, max: 70_000_000 })), log: fc.nat(60), type: fc.constantFrom('release', 'rollback', 'approval', 'drift', 'constructor', 'coffee_break'), entries: fc.integer({ min: 1, max: 1_000 }) }), { maxLength: 100 });
    fc.assert(fc.property(hours, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 60 }), (found, most, logs) => {
      const timeline = timelineOf(found, lanes(logs), most, { from: null, before: null });
      const known = found.filter(({ log }) => log < logs);
      const total = known.reduce((sum, { entries }) => sum + entries, 0);
      expect(timeline.total).toBe(total);
      expect(timeline.lanes.reduce((sum, lane) => sum + counted(lane), timeline.others.entries)).toBe(total);
      expect(timeline.lanes.length + timeline.others.logs).toBe(logs);
      expect(timeline.lanes.length).toBeLessThanOrEqual(40);
      expect(timeline.bins).toBeLessThanOrEqual(most);
      for (const { marks, entries, ...lane } of timeline.lanes) {
        expect(counted({ marks })).toBe(entries);
        for (const { bin } of marks) expect(bin >= 0 && bin < timeline.bins, lane.origin).toBe(true);
      }
      if (timeline.start !== null) expect(Math.abs(Date.parse(timeline.start) % 3_600_000)).toBe(0);
    }));
  });

  it.each<[string, number | null, number | null]>([
    ['', null, null], ['after:1970-01-02', 24, null], ['before:1970-01-02T03', null, 27], ['-before:1970-01-02 -after:1970-01-03', 24, 48], ['after:1970-01-02 after:1970-01-03 before:1970-02-01 before:1970-01-05', 48, 96],
  ])('of %j', (query, from, before) => expect(periodOf(parseSearch(query))).toEqual({ from, before }));
});
