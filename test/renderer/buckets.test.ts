import { describe, expect, test } from 'vitest';
import { bucketDays, bucketsOf, ticksTo } from '../../src/renderer/screens/metrics/buckets.ts';

const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);

describe('bars over time', () => {
  test.each([[1, 1], [31, 1], [32, 7], [220, 7], [365, 28]] as const)('of %d days stand for %d days each', (days, each) => {
    expect(bucketDays(days)).toBe(each);
  });

  test('hold everything once, to the edges, and only the first is cut', () => {
    const shipped = [['2026-01-01T00:00:00Z', false], ['2026-01-02T23:59:59Z', true], ['2026-01-03T00:00:00Z', false], ['2026-03-31T23:59:59Z', true]].map(([time, failed]) => ({ at: String(time), failed: failed === true }));
    const buckets = bucketsOf(shipped, at('2026-01-01'), at('2026-04-01'));
    expect(buckets).toHaveLength(13);
    expect([buckets[0]?.from, buckets.at(-1)?.to]).toEqual([at('2026-01-01'), at('2026-04-01')]);
    expect(buckets.map(({ count, failed }) => `${count}${failed}`).join(' ')).toBe('31 00 00 00 00 00 00 00 00 00 00 00 11');
  });
});

describe('round numbers on an axis', () => {
  test.each<[highest: number, whole: boolean, ticks: readonly number[]]>([
    [0, false, [0, 1]], [2, true, [0, 1, 2]], [2, false, [0, 0.5, 1, 1.5, 2]], [1, true, [0, 1]], [9, true, [0, 5, 10]], [100, false, [0, 50, 100]], [0.17, false, [0, 0.05, 0.1, 0.15, 0.2]], [2_345, false, [0, 1_000, 2_000, 3_000]],
  ])('to %d: %s', (highest, whole, ticks) => {
    expect(ticksTo(highest, whole)).toEqual(ticks);
  });
});
