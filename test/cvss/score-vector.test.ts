import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CVSS_VERSIONS, type CvssVersion } from '../../src/core/cvss/metric.ts';
import { metricsOf } from '../../src/core/cvss/read-vector.ts';
import { scoreVector } from '../../src/core/cvss/score-vector.ts';

const fields = (text: string): unknown[] => {
  const scored = scoreVector(text);
  return 'error' in scored ? [scored.error, scored.at] : [scored.base, scored.severity, scored.temporal ?? scored.threat ?? null, scored.environmental];
};

// FIRST's examples of 3.1 and 4.0, and those of the complete guide to 2.0.
test.each<[vector: string, base: number, severity: string, temporal?: number, environmental?: number]>([
  ['AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H', 7.8, 'high', 6.4, 9.2],
  ['AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:N/TD:N/CR:M/IR:M/AR:H', 7.8, 'high', 6.4, 0],
  ['AV:N/AC:L/Au:N/C:C/I:C/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:L', 10, 'high', 8.3, 9],
  ['AV:L/AC:H/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:M', 6.2, 'medium', 4.9, 7.5],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1, 'medium'],
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4, 'medium'],
  ['CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', 3.1, 'low'],
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H', 9.9, 'critical'],
  ['CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L', 4.2, 'medium'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5, 'high'],
  ['CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N', 6.8, 'medium'],
  ['CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N', 4.6, 'medium'],
  ['CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:H', 9.3, 'critical'],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H', 9.6, 'critical'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0, 'none'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3, 'critical'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10, 'critical'],
  ['CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.7, 'high'],
  ['CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.3, 'high'],
  ['CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U', 5.2, 'medium', 5.2],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N', 0, 'none'],
])('%s', (vector, base, severity, temporal, environmental) => {
  expect(fields(vector)).toEqual([base, severity, temporal ?? null, environmental ?? null]);
});

// Where binary fractions go astray: each of these lies exactly on a boundary.
test.each([
  ['3.0 rounds 5.0 × 0.92 to 4.6, not up to 4.7', 'CVSS:3.0/AV:N/AC:H/PR:H/UI:N/S:U/C:H/I:N/A:L/RC:U', [5, 'medium', 4.6, null]],
  ['4.0 rounds a half up', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:H/VI:L/VA:N/SC:H/SI:H/SA:H', [8.6, 'high', null, null]],
  ['2.0 rounds the adjusted base before what follows from it', 'AV:N/AC:L/Au:M/C:N/I:P/A:P/E:ND/RL:ND/RC:UC/CDP:LM/TD:H/CR:ND/IR:H/AR:H', [4.7, 'medium', 4.2, 6.9]],
])('%s', (_, vector, expected) => {
  expect(fields(vector)).toEqual(expected);
});

describe('a text that is no vector', () => {
  test.each<[text: string, at: number, error: RegExp]>([
    ['', 0, /There is no vector/],
    ['7.5', 0, /"7\.5" is no metric of CVSS 2\.0/],
    ['CVSS:5.0/AV:N', 5, /"5\.0" is no version/],
    ['CVSS:3.1', 8, /comes a slash/],
    ['cvss:3.1/AV:N', 0, /begins with CVSS:/],
    ['CVSS:3.1/AV:N', 13, /AC, PR, UI, S, C, I, A are missing/],
    ['CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 12, /"X" is no answer to AV; it is one of N, A, L, P/],
    ['CVSS:3.1/AV:n/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 12, /\(it is written N\)/],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/', 45, /between two slashes, or after the last/],
    ['CVSS:3.1/AV:N//AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 14, /between two slashes/],
    ['CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 14, /AV stands there twice/],
    ['CVSS:3.1/AV:N/AC/PR:N/UI:N/S:U/C:H/I:H/A:H', 16, /AC has no answer/],
    ['  CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/Q:H', 43, /"Q" is no metric/],
    ['(AV:N/AC:L/Au:N/C:P/I:P/A:P', 27, /not closed/],
    ['CVSS:4.0/AC:L/AV:N/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 14, /AV comes before AC: a vector of 4\.0 has its metrics in one order/],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:S/SA:N', 57, /"S" is no answer to SI/],
    ['A'.repeat(1_000), 512, /longer than any vector/],
  ])('%j is refused with the place', (text, at, error) => {
    expect(fields(text)).toEqual([expect.stringMatching(error), at]);
  });

  test('whatever it is, is refused or scored, and never thrown at', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 80 }), fc.stringMatching(/^CVSS:[234]\.[01]\/(?:[A-Z]{1,3}:[A-Z]\/?){0,12}$/)), (text) => {
      const scored = scoreVector(text);
      expect('error' in scored ? scored.at >= 0 && scored.at <= text.length : scored.base >= 0).toBe(true);
    }));
  });
});

const vectorOf = (version: CvssVersion): fc.Arbitrary<string> =>
  fc.tuple(...metricsOf(version).map(({ id, values, unset }) => {
    const answer = fc.constantFrom(...values.map(({ code }) => `${id}:${code}`));
    return unset === null ? answer : fc.option(answer, { nil: null });
  })).map((parts) => [...(version === '2.0' ? [] : [`CVSS:${version}`]), ...parts.filter((part) => part !== null)].join('/'));

test('a score of 2.0 is never below 0, where low requirements bring its equation there', () => {
  expect(scoreVector('AV:L/AC:H/Au:M/C:N/I:N/A:P/AR:L')).toMatchObject({ base: 0.8, environmental: 0 });
});

test.each(CVSS_VERSIONS)('every vector of %s has a score of one decimal place; leaving out what says nothing changes none', (version) => {
  fc.assert(fc.property(vectorOf(version), (vector) => {
    const scored = scoreVector(vector);
    if ('error' in scored) throw new Error(`${vector}: ${scored.error}`);
    const scores = [scored.base, scored.temporal, scored.threat, scored.environmental].filter((score) => typeof score === 'number');
    expect(scores.every((score) => score >= 0 && score <= 10 && Math.abs(score * 10 - Math.round(score * 10)) < 1e-9)).toBe(true);
    const shorter = vector.split('/').filter((part) => !/:(?:X|ND)$/.test(part)).join('/');
    const { vector: _, ...same } = scored;
    expect(scoreVector(shorter)).toMatchObject(same);
  }), { numRuns: 1_000 });
});

test.each(['2.0', '3.1'] as const)('a graver answer of the base group never makes a score of %s smaller', (version) => {
  // In these versions the codes of each metric go from the mildest to the gravest, or the other way round.
  const graver: Readonly<Record<string, string>> = { 'AV:L': 'AV:N', 'AC:H': 'AC:L', 'C:N': version === '2.0' ? 'C:C' : 'C:H', 'I:N': version === '2.0' ? 'I:C' : 'I:H', 'A:N': version === '2.0' ? 'A:C' : 'A:H', 'PR:H': 'PR:N', 'UI:R': 'UI:N', 'Au:M': 'Au:N' };
  fc.assert(fc.property(vectorOf(version), fc.constantFrom(...Object.keys(graver)), (vector, mild) => {
    const worse = vector.split('/').map((part) => (part === mild ? (graver[mild] ?? part) : part)).join('/');
    const [a, b] = [scoreVector(vector), scoreVector(worse)];
    expect('base' in a && 'base' in b && b.base >= a.base).toBe(true);
  }), { numRuns: 500 });
});
