import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUtcTime, UtcTime } from '../../src/core/model/primitives.ts';

test('a time is one that the calendar has, as the language itself says', () => {
  const two = (limit: number) => fc.nat(limit).map((value) => String(value).padStart(2, '0'));
  const year = fc.oneof(fc.constantFrom('1900', '2000', '2024', '2026', '0000', '9999'), fc.nat(9_999).map((value) => String(value).padStart(4, '0')));
  const day = fc.oneof(fc.constantFrom('28', '29', '30', '31'), two(33));
  let good = 0;
  fc.assert(fc.property(year, two(13), day, two(25), two(61), two(61), fc.constantFrom('', '.5', '.123456789'), (y, m, d, h, min, s, fraction) => {
    const text = `${y}-${m}-${d}T${h}:${min}:${s}${fraction}Z`;
    const parsed = new Date(text);
    const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().slice(0, 19) === text.slice(0, 19);
    expect(isUtcTime(text), text).toBe(exists);
    expect(UtcTime.safeParse(text).success, text).toBe(exists);
    if (exists) good += 1;
  }), { numRuns: 5_000 });
  expect(good).toBeGreaterThan(1_000);
  for (const text of ['2026-01-31T12:00:00', '2026-01-31 12:00:00Z', '2026-01-31T12:00:00+00:00', ' 2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z\n']) expect(isUtcTime(text), text).toBe(false);
});
