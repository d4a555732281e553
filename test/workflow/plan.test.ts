import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPlan, writePlan } from '../../src/core/workflow/plan-document.ts';
import { handedOn, planDigestOf, planInForce, standingOfRelease } from '../../src/core/workflow/plan.ts';
import { proposeScope, releaseNotes } from '../../src/core/workflow/scope.ts';
import type { Commit } from '../../src/core/model/release.ts';
import type { ReleaseActName, ReleasePlan } from '../../src/core/model/plan.ts';
import { Logs, planOf, rules, type Written } from './acts.ts';

const V = 'v1.1.0';
const plan = (logs: Logs, by: string, more: Partial<ReleasePlan> = {}, { replaces = [], origin, signed = by, release = V }: { replaces?: Written[]; origin?: string; signed?: string; release?: string } = {}): Written => {
  const planned = planOf(more);
  const record = { event_type: 'release_plan', release_version: release, decided_by: by, planned_at: logs.time, plan: planned, plan_digest: planDigestOf(planned), roster_digest: 'd'.repeat(64) };
  return logs.write(record, { by: [signed], refs: replaces.map((one) => one.ref('replaces')), ...(origin === undefined ? {} : { origin }) });
};
const act = (logs: Logs, by: string, name: ReleaseActName, { resumes = [], step = null, origin, signed = by, reason = 'because' }: { resumes?: Written[]; step?: number | null; origin?: string; signed?: string; reason?: string } = {}): Written =>
  logs.write({ event_type: 'release_act', release_version: V, act: name, decided_by: by, at: logs.time, reason, step, superseded_by: null, roster_digest: 'd'.repeat(64) }, { by: [signed], refs: resumes.map((one) => one.ref('resumes')), ...(origin === undefined ? {} : { origin }) });
const rules_ = (logs: Logs): ReturnType<typeof planInForce> => planInForce(logs.acts(), V, rules.planners, logs.time);
const standing = (logs: Logs): string => standingOfRelease(logs.acts(), V, rules.planners).state;

describe('the plan in force', () => {
  test('is the one that no other replaced, by pointers and not by clocks', () => {
    const logs = new Logs();
    const first = plan(logs, 'rita');
    logs.time = '2020-01-01T00:00:00Z';
    const second = plan(logs, 'rolf', { security_impact: 'none' }, { replaces: [first], origin: 'b.example' });
    expect(rules_(logs)).toMatchObject({ disputed: [], plan: { record: second.id, signer: { id: 'rolf' }, digest: planDigestOf(planOf({ security_impact: 'none' })) } });
  });

  test('is none of two that were made without knowing of each other, until a third replaces both', () => {
    const logs = new Logs();
    const one = plan(logs, 'rita');
    const other = plan(logs, 'rolf', { security_impact: 'none' }, { origin: 'b.example' });
    expect(rules_(logs)).toEqual({ plan: null, disputed: [one.id, other.id] });
    const third = plan(logs, 'rita', { security_impact: 'some' }, { replaces: [one, other] });
    expect(rules_(logs).plan?.record).toBe(third.id);
    // A plan that was replaced does not come back by being copied into another log.
    logs.write(one.entry.record, { by: ['rita'], origin: 'c.example' });
    expect(rules_(logs).plan?.record).toBe(third.id);
  });

  test.each<[what: string, write: (logs: Logs) => unknown]>([
    ['somebody who may not plan', (logs) => plan(logs, 'dora')],
    ['another than it names', (logs) => plan(logs, 'rita', {}, { signed: 'rolf' })],
    ['nobody', (logs) => logs.write({ ...plan(new Logs(), 'rita').entry.record })],
    ['a planner, for another release', (logs) => plan(logs, 'rita', { release: 'v9.9.9' })],
    ['a planner, with another digest', (logs) => logs.write({ ...plan(new Logs(), 'rita').entry.record, plan_digest: '0'.repeat(64) }, { by: ['rita'] })],
    ['a planner, imported', (logs) => logs.write({ ...plan(new Logs(), 'rita').entry.record, imported: true }, { by: ['rita'] })],
    ['a planner, in a log whose history was rewritten', (logs) => logs.write(plan(new Logs(), 'rita').entry.record, { by: ['rita'], forked: true })],
  ])('is not one that was signed by %s', (_, write) => {
    const logs = new Logs();
    write(logs);
    expect(rules_(logs)).toEqual({ plan: null, disputed: [] });
    // Nor does such a one replace a good one.
    const good = plan(logs, 'rita');
    plan(logs, 'dora', { security_impact: 'none' }, { replaces: [good] });
    expect(rules_(logs).plan?.record).toBe(good.id);
  });
});

describe('whether a release goes on', () => {
  test('a stop lasts until that very stop is taken back, and only by somebody who may', () => {
    const logs = new Logs();
    const stop = act(logs, 'quinn', 'suspend');
    expect(standing(logs)).toBe('suspended');
    act(logs, 'quinn', 'resume', { resumes: [stop] });
    act(logs, 'rita', 'resume', { resumes: [] });
    expect(standing(logs)).toBe('suspended');
    act(logs, 'rita', 'resume', { resumes: [stop] });
    expect(standing(logs)).toBe('running');
    act(logs, 'ines', 'suspend', { origin: 'b.example', reason: 'another' });
    expect(standing(logs)).toBe('suspended');
    act(logs, 'eve', 'abandon');
    act(logs, 'rita', 'abandon', { signed: 'eve' });
    expect(standing(logs)).toBe('suspended');
    act(logs, 'cleo', 'abandon');
    act(logs, 'rita', 'resume', { resumes: [stop] });
    expect(standing(logs)).toBe('abandoned');
  });

  test('what it is handed on to is what a planner signed', () => {
    const logs = new Logs();
    act(logs, 'dora', 'advance', { step: 5 });
    act(logs, 'rita', 'advance', { step: 2 });
    expect(handedOn(logs.acts(), V, rules.planners).map(({ step, by }) => [step, by])).toEqual([[2, 'rita']]);
  });

  test('is the same for every console, in whatever order and however often a sync brought the records', () => {
    const logs = new Logs();
    const first = plan(logs, 'rita');
    const stop = act(logs, 'quinn', 'suspend', { origin: 'b.example' });
    plan(logs, 'rolf', { security_impact: 'x' }, { replaces: [first], origin: 'b.example' });
    act(logs, 'rita', 'resume', { resumes: [stop] });
    act(logs, 'ines', 'suspend', { origin: 'c.example', reason: 'again' });
    const seen = (entries: readonly Written[]): unknown => {
      const acts = logs.acts(entries);
      return [planInForce(acts, V, rules.planners, logs.time), standingOfRelease(acts, V, rules.planners).state];
    };
    const expected = JSON.stringify(seen(logs.entries));
    fc.assert(fc.property(fc.shuffledSubarray([...logs.entries, ...logs.entries], { minLength: logs.entries.length * 2 }), (shuffled) => {
      expect(JSON.stringify(seen(shuffled))).toBe(expected);
    }), { numRuns: 50 });
  });
});

const commit = (subject: string, more: Partial<Commit> = {}): Commit => ({
  id: 'a'.repeat(40), parents: ['b'.repeat(40)], author: { name: 'Ada', email: 'ada@example.com' }, committer: { name: 'Ada', email: 'ada@example.com' }, coAuthors: [], time: '2026-01-02T03:04:05Z', subject, reviews: [], securityMarks: [], ...more,
});

describe('the scope that is proposed', () => {
  test.each<[subject: string, more: Partial<Commit>, kind: 'features' | 'fixes' | 'security' | null, title: string]>([
    ['feat(api): list prices', {}, 'features', 'List prices'], ['Add prices (#12)', {}, 'features', 'Add prices (#12)'],
    ['fix: do not crash', {}, 'fixes', 'Do not crash'], ['Fixes the sum', {}, 'fixes', 'Fixes the sum'],
    ['Update parser', { securityMarks: ['CVE-2026-1000'] }, 'security', 'Update parser'], ['fix!: GHSA', { securityMarks: ['GHSA-1'] }, 'security', 'GHSA'],
    ['chore: bump', {}, null, ''], ['Merge branch x', { parents: ['1', '2'] }, null, ''], ['Rewrite everything', {}, null, ''],
    ['Add # heading', {}, 'features', 'Add # heading'], ['feat: ## heading\u202e', {}, 'features', 'Heading'],
  ])('%s', (subject, more, kind, title) => {
    const { scope, others } = proposeScope([commit(subject, more)]);
    expect([scope.features, scope.fixes, scope.security].flat()).toEqual(kind === null ? [] : [title]);
    if (kind !== null) expect(scope[kind]).toEqual([title]);
    expect(others).toBe(kind === null ? 1 : 0);
  });

  test('becomes notes that say security first', () => {
    const notes = releaseNotes('v1.1.0', { features: ['Prices'], fixes: ['A sum'], security: ['A hole'] }, '');
    expect(notes).toBe('## 1.1.0\n\n### Security\n\n- A hole\n\n### Added\n\n- Prices\n\n### Fixed\n\n- A sum\n');
  });
});

describe('a plan as people write it', () => {
  const line = fc.stringMatching(/^[A-Za-z0-9][ -~]{0,40}$/).map((text) => text.trim()).filter((text) => text.length > 0);
  test('is read back as it was written', () => {
    fc.assert(fc.property(fc.array(line, { maxLength: 4 }), fc.array(line, { maxLength: 4 }), line, line, (features, security, words, what) => {
      const { calendar: _, ...draft } = planOf({ scope: { features, fixes: [], security }, rollback_plan: words, timeline: [{ on: '2026-02-01T00:00:00Z', what }] });
      expect(readPlan(writePlan(draft), 'plan.md')).toEqual(draft);
      expect(readPlan(JSON.stringify(draft), 'plan.json')).toEqual(draft);
    }), { numRuns: 50 });
  });

  test.each<[text: string, says: RegExp]>([
    ['{', /^plan\.md is not JSON/], ['hello', /^plan\.md, line 1: a plan begins with/], ['# Plan of v1.1.0\n\nMethod: canary\n\n## Wishes\n', /^plan\.md, line 5: "Wishes" is no part of a plan/],
    ['# Plan of v1.1.0\nMethod: magic\n## Rollback plan\nBack', /^plan\.md: method/], ['# Plan of v1.1.0\nMethod: canary\n## Features\nPrices\n', /^plan\.md: under “Features” every line begins with/],
    ['# Plan of v1.1.0\nMethod: canary\n', /^plan\.md: rollback_plan/], ['# Plan of v1.1.0\nMethod: canary\n## Timeline\n- tomorrow Go\n## Rollback plan\nBack\n', /^plan\.md: timeline\.0\.on/],
  ])('refuses %j', (text, says) => {
    expect(() => readPlan(text, 'plan.md')).toThrow(says);
  });
});
