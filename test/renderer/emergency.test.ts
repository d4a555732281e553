import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EmergencyDetail, EmergencyItem, EmergencyShown } from '../../src/core/contract/emergency-calls.ts';
import { METRICS_4 } from '../../src/core/cvss/metrics-4.ts';
import { METRICS_3 } from '../../src/core/cvss/metrics-3.ts';
import { scoreVector } from '../../src/core/cvss/score-vector.ts';
import { addressOf, parseRoute, railPlaceOf } from '../../src/renderer/frame/routes.ts';
import { answered, answersOf, vectorOf, versionOf } from '../../src/renderer/screens/emergency/cvss-answers.ts';
import { anyOf, badgeOf, clockWords, countdown, dueOf, hasClock, heldIn, hoursInWords, inOrder, nextOf, runningOf, severityFrom, standingAt } from '../../src/renderer/screens/emergency/emergency-words.ts';
import { nextItemOf, wayOf } from '../../src/renderer/screens/emergency/step-words.ts';

const FROM = '2026-03-02T00:00:00Z';
const at = (time: string): number => Date.parse(time);

function emergency(more: Partial<EmergencyShown> = {}, hours = 24, met: string | null = null): EmergencyShown {
  const due = dueOf(FROM, hours);
  return {
    id: 'emergency-20260302-001', record: 'a.example#1', by: 'Mara', declaredBy: 'mara', declaredAt: FROM, detectedAt: FROM, detectedSaidBy: null, criterion: null, reason: 'It burns.', severity: 'unknown', decisions: [], release: null, namedBy: null, mergedInto: null, closed: null, unratified: null,
    sla: { from: FROM, hours, due, secondsLeft: 0, state: met === null ? 'running' : at(met) <= at(due) ? 'met' : 'breached', met }, ...more,
  };
}

describe('the clock', () => {
  test('it runs, is at risk from its part of the time on, and is breached one second after its end', () => {
    const one = emergency();
    expect(standingAt(one, 75, at('2026-03-02T17:59:59Z'))).toMatchObject({ state: 'running', seconds: 21_601 });
    expect(standingAt(one, 75, at('2026-03-02T18:00:00Z')).state).toBe('at-risk');
    expect(standingAt(one, 75, at('2026-03-03T00:00:00Z'))).toMatchObject({ state: 'at-risk', seconds: 0, share: 1 });
    expect(standingAt(one, 75, at('2026-03-03T00:00:01Z'))).toMatchObject({ state: 'breached', seconds: -1, share: 1 });
  });

  test('one that was deployed stands still, in time or late', () => {
    const inTime = emergency({}, 24, '2026-03-02T19:00:00Z');
    expect(clockWords(standingAt(inTime, 75, at('2026-06-01T00:00:00Z')), inTime.sla.met)).toBe('Met with 5 h 00 min left');
    const late = emergency({}, 24, '2026-03-03T03:20:00Z');
    expect(standingAt(late, 75, at('2026-03-02T01:00:00Z')).state).toBe('breached');
    expect(clockWords(standingAt(late, 75, at('2026-06-01T00:00:00Z')), late.sla.met)).toBe('Deployed 3 h 20 min late');
  });

  test('what is left and what is over is said in words', () => {
    expect(clockWords({ state: 'running', seconds: 84_600, share: 0 }, null)).toBe('23 h 30 min left');
    expect(clockWords({ state: 'breached', seconds: -67, share: 1 }, null)).toBe('1 min 07 s over');
    expect(countdown(9)).toBe('9 s');
    expect(countdown(259_199)).toBe('71 h 59 min');
    expect([24, 72, 1, 36].map(hoursInWords)).toEqual(['24 hours', '3 days', '1 hour', '36 hours']);
  });
});

describe('which of several', () => {
  test('the nearest deadline comes first; what was met, is told with another, was closed, or opens nothing runs not', () => {
    const [critical, high, met, nothing] = [emergency({ record: 'a#1' }), emergency({ record: 'a#2' }, 72), emergency({ record: 'a#3' }, 1, '2026-03-02T00:30:00Z'), emergency({ record: 'a#4', by: null }, 1)];
    const merged = emergency({ record: 'a#5', mergedInto: 'a#2' }, 1);
    expect(runningOf([merged, high, emergency({ record: 'a#6', closed: { by: 'Mara', at: FROM, record: 'a#7' } }, 1)]).map(({ record }) => record)).toEqual(['a#2']);
    const alarm = emergency({ closed: { by: 'Mara', at: FROM, record: 'a#7' } });
    expect([badgeOf(alarm, standingAt(alarm, 75, at('2026-03-09T00:00:00Z'))).words, hasClock(alarm)]).toEqual(['Closed', false]);
    const missed = emergency({ closed: { by: 'Mara', at: '2026-03-03T00:00:01Z', record: 'a#7' } });
    expect(badgeOf(missed, standingAt(missed, 75, at('2026-03-09T00:00:00Z'))).words).toBe('Breached');
    expect(badgeOf(merged, standingAt(merged, 75, at(FROM))).words).toBe('Merged');
    expect(runningOf([high, nothing, met, critical]).map(({ record }) => record)).toEqual(['a#1', 'a#2']);
    expect(inOrder([nothing, high, critical])).toEqual([critical, high, nothing]);
  });

  test('the severity is decided first, then the version is named, then it is deployed', () => {
    const roles = { declarers: ['cto', 'ciso', 'on-call'], deployers: ['devops'] };
    expect(nextOf({ severity: 'unknown', release: 'v1.1.1' }, roles)).toMatchObject({ act: 'severity', roles: roles.declarers });
    expect(nextOf({ severity: 'high', release: null }, roles).act).toBe('release');
    expect(nextOf({ severity: 'high', release: 'v1.1.1' }, roles)).toEqual({ act: 'deploy', words: 'Deploy v1.1.1 to production', roles: ['devops'] });
    expect(anyOf(roles.declarers)).toBe('cto, ciso or on-call');
    expect(anyOf([])).toContain('nobody');
  });
});

describe('the severity of a form', () => {
  const SCORES = { critical: 9, high: 7 };
  const from = (choice: 'vector' | 'critical' | 'high' | 'unknown', vector: string): ReturnType<typeof severityFrom> => severityFrom(choice, vector, vector === '' ? null : scoreVector(vector), SCORES);

  test('a vector decides, and what a person says all the same goes before it', () => {
    expect(from('vector', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H')).toEqual({ given: null, becomes: 'critical', wanting: null });
    expect(from('vector', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N').becomes).toBe('high');
    expect(from('vector', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N').wanting).toContain('scores 5.3');
    expect(from('high', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N')).toEqual({ given: 'high', becomes: 'high', wanting: null });
    expect(from('unknown', '')).toEqual({ given: 'unknown', becomes: 'unknown', wanting: null });
  });

  test('nothing is decided by no vector, by one that is not scored yet, and by a wrong one', () => {
    expect(from('vector', '').wanting).not.toBeNull();
    expect(severityFrom('critical', 'CVSS:3.1/AV:N', null, SCORES).wanting).toContain('being scored');
    expect(from('critical', 'CVSS:3.1/AV:Q').wanting).toContain('Mend');
  });
});

describe('the calculator', () => {
  test('a vector is put together in the order of its version, whichever order the answers came in, and is read back', () => {
    const codes = METRICS_4.map((metric) => fc.constantFrom(...metric.values.map(({ code }) => code)).map((code) => [metric.id, code] as const));
    fc.assert(fc.property(fc.tuple(...codes).chain((answers) => fc.shuffledSubarray(answers, { minLength: answers.length })), (answers) => {
      const vector = vectorOf('4.0', METRICS_4, Object.fromEntries(answers));
      expect(scoreVector(vector)).not.toHaveProperty('error');
      expect(vectorOf('4.0', METRICS_4, answersOf(vector))).toBe(vector);
      expect(versionOf(vector)).toBe('4.0');
    }), { numRuns: 50 });
  });

  test('it says how many questions are left, and knows 2.0 by what it lacks', () => {
    expect(answered(METRICS_3, answersOf('CVSS:3.1/AV:N/AC:L/E:F'))).toEqual({ of: 8, done: 2 });
    expect(versionOf('(AV:N/AC:L/Au:N/C:N/I:N/A:C)')).toBe('2.0');
    expect(answersOf('(AV:N/AC:L/Au:N/C:N/I:N/A:C)')).toMatchObject({ AV: 'N', A: 'C' });
    expect([versionOf(''), versionOf('CVSS:9.9/AV:N'), versionOf('hello')]).toEqual([null, null, null]);
    expect(vectorOf('3.1', METRICS_3, {})).toBe('');
  });

  test('no text breaks it', () => {
    fc.assert(fc.property(fc.string({ maxLength: 80 }), (text) => {
      versionOf(text);
      vectorOf('3.1', METRICS_3, answersOf(text));
    }));
  });
});

test('an emergency has its address, and its place in the rail', () => {
  expect(parseRoute(addressOf.emergencies)).toEqual({ screen: 'emergency', of: null, act: null });
  expect(parseRoute(addressOf.declareEmergency)).toEqual({ screen: 'emergency', of: null, act: 'declare' });
  expect(parseRoute(addressOf.emergency('countersign.invalid/desk#41'))).toEqual({ screen: 'emergency', of: 'countersign.invalid/desk#41', act: null });
  expect(railPlaceOf(parseRoute(addressOf.emergencies))).toBe('emergency');
});

test('the clock of the band is read at a contrast of 7 to 1, by day and by night', () => {
  const tokens = readFileSync(join(import.meta.dirname, '../../src/renderer/tokens.css'), 'utf8');
  const colours = (name: string): string[] => [...(new RegExp(`--${name}: ([^;]+);`).exec(tokens)?.[1] ?? '').matchAll(/#[0-9a-f]{6}/g)].map(([colour]) => colour);
  const light = (colour: string): number => [1, 3, 5].map((from) => Number.parseInt(colour.slice(from, from + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);
  const [ink = ''] = colours('alarm-ink');
  const grounds = colours('alarm');
  expect(grounds).toHaveLength(2);
  for (const ground of grounds) expect((light(ink) + 0.05) / (light(ground) + 0.05)).toBeGreaterThan(7);
});

describe('what comes next among the steps', () => {
  const item = (id: string, more: Partial<EmergencyItem> = {}): EmergencyItem => ({ id, words: id, source: '§10.2', state: 'open', by: null, at: null, record: null, note: '', begun: null, roles: [], ...more });
  const steps = (current: number, items: EmergencyItem[]): EmergencyDetail['steps'] => Array.from({ length: 7 }, (_, place) => ({ number: place + 1, title: `Step ${place + 1}`, source: '§10.2', state: place + 1 < current ? 'done' : place + 1 === current ? 'current' : 'ahead', items: place + 1 === current ? items : [] }));

  test('QA’s test begins first, whatever is said of it, and is signed once its beginning is on record', () => {
    expect(wayOf(item('qa-test', { note: 'Begun, somebody says.' }))).toEqual({ do: 'step', step: 'qa-test-begun' });
    expect(wayOf(item('qa-test', { begun: FROM }))).toEqual({ do: 'step', step: 'qa-test' });
  });

  test('it is the first thing that is open in the present step, and nothing once that is the deployment', () => {
    expect(nextItemOf({ steps: steps(2, [item('version', { state: 'done' }), item('review'), item('development-test')]) })).toMatchObject({ number: 2, item: { id: 'review' } });
    expect(nextItemOf({ steps: steps(4, [item('cto-approval', { state: 'done' }), item('ciso-approval', { state: 'bad' })]) })).toMatchObject({ item: { id: 'ciso-approval' } });
    expect(nextItemOf({ steps: steps(1, [item('declared'), item('affected', { state: 'owed' })]) })).toBeNull();
    expect(nextItemOf({ steps: steps(5, [item('deployed')]) })).toBeNull();
  });

  test('whoever writes the post-mortem is named where nobody is, as they are spelt', () => {
    const draft = '- Held: 2026-03-04T09:00:00Z\n- Held by: \n\n## Root cause\n';
    expect(heldIn(draft, 'ma$&ra')).toContain('\n- Held by: ma$&ra\n');
    expect(heldIn(draft, null)).toBe(draft);
    const named = draft.replace('by: ', 'by: ada, will');
    expect(heldIn(named, 'mara')).toBe(named);
  });
});
