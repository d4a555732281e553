import { describe, expect, test } from 'vitest';
import type { SavedRelease } from '../../src/core/contract/contract.ts';
import type { GenesisRecord } from '../../src/core/model/archive.ts';
import { owedItems } from '../../src/core/service/home-owed.ts';
import type { Situation } from '../../src/core/service/workflow-ports.ts';
import { planDigestOf } from '../../src/core/workflow/plan.ts';
import { policy } from '../checks/facts.ts';
import { Logs, planOf, rules, type Written } from './acts.ts';

const V = 'v1.1.0';
const AT = '2026-01-12T12:00:00Z';
const saved = [{ id: 'main/v1.1.0', draft: { version: V } }] as unknown as SavedRelease[];

const owed = (logs: Logs, at = AT): string[] => {
  const situation: Situation = { at, roster: null, acts: logs.acts(), inForce: { policy, digest: '1'.repeat(64), file: 'policy.yaml' }, rules };
  return owedItems(situation, saved).map(({ kind, title, due, route, roles, people }) => [kind, title, due ?? '-', decodeURIComponent(route ?? ''), [...roles, ...people].join(' ')].join(' | '));
};

const stage = (act: string, more: Record<string, unknown> = {}): GenesisRecord => ({ event_type: 'deployment_stage', release_version: V, deployment_id: 'deploy-1', environment: 'production', method: 'canary', decided_by: 'dora', act, at: AT, percent: 10, ...more });
const start = (logs: Logs, more: Record<string, unknown> = {}): Written => logs.write(stage('start', more), { by: ['dora'] });
const finished = (logs: Logs, environment = 'production'): Written => {
  const begun = start(logs, { environment, method: 'direct', percent: 100 });
  const end = logs.write(stage('finish', { environment, method: 'direct', percent: 100, smoke: { passed: true, tests: 1, failed: 0, evidence_sha256: {} } }), { by: ['dora'], refs: [begun.ref('continues')] });
  logs.write({ event_type: 'monitoring', release_version: V, environment, act: 'start', at: AT, status: 'watching', hours: 24 }, { refs: [end.ref('watches')] });
  return begun;
};
const rollback = (logs: Logs, of: Written, acts: readonly [act: string, by: string, more?: Record<string, unknown>][]): void => {
  const base = { event_type: 'rollback_stage', release_version: V, rollback_id: 'rollback-1', environment: 'production', at: AT, reason: 'it crashes' };
  const detected = logs.write({ ...base, act: 'detect', decided_by: 'dora', trigger: 'critical-bug' }, { by: ['dora'], refs: [of.ref('rolls-back-stage')] });
  const decided: Written[] = [];
  for (const [act, by, more = {}] of acts) {
    const written = logs.write({ ...base, act, decided_by: by, to_version: 'v1.0.0', ...more }, { by: [by], refs: [detected.ref('continues'), ...decided.map((one) => one.ref('decided-by'))] });
    if (act === 'decide') decided.push(written);
  }
};
const run = (logs: Logs, verdicts: Record<string, string>, more: Record<string, unknown> = {}): Written => logs.write({
  event_type: 'checklist_run', release_version: V, release_commit: 'c'.repeat(40), run_at: AT, gate: 'closed', authority: 'proved', policy_digest: '1'.repeat(64), subject_digest: '2'.repeat(64), report_digest: '3'.repeat(64), verdicts, ...more,
});
const BOARD = '#/release/main/v1.1.0/deployment';
const FINDING = `finding | ${V} was deployed, unauthorised | - | ${BOARD} | cto`;
const ROLLBACK = '#/release/main/v1.1.0/rollback?of=a.example#0';

describe('what is owed', () => {
  test.each<[what: string, write: (logs: Logs) => unknown, items: readonly string[], at?: string]>([
    ['nothing, where nothing is recorded', () => undefined, []],
    ['the next stage of a canary, from when it may begin', (logs) => start(logs), [`deployment | ${V} is at 10 % in production | 2026-01-12T13:00:00Z | ${BOARD} | ${rules.deployers.join(' ')} dora`, FINDING]],
    ['the watch of production, until it is over', (logs) => finished(logs), [`watch | ${V}: deploy-1 is watched | 2026-01-13T12:00:00Z | ${BOARD} | ${rules.watchers.join(' ')}`, FINDING]],
    ['its closing, once it is over', (logs) => finished(logs), [`watch | ${V}: the watch of deploy-1 is over | 2026-01-13T12:00:00Z | ${BOARD} | ${rules.watchers.join(' ')}`, FINDING], '2026-01-13T12:00:00Z'],
    ['nothing of staging that is finished', (logs) => finished(logs, 'staging'), []],
    ['no finding any more, once the CTO signed one', (logs) => {
      const begun = start(logs, { at: '2026-01-12T11:00:00Z' });
      logs.write(stage('failed', { reason: 'x' }), { by: ['dora'], refs: [begun.ref('continues')] });
      logs.write(stage('finding', { decided_by: 'cleo', reason: 'nobody was reached' }), { by: ['cleo'], refs: [begun.ref('continues')] });
    }, []],
    ['a decision on a rollback', (logs) => rollback(logs, finished(logs), []), [`watch | ${V}: deploy-1 is watched | 2026-01-13T12:00:00Z | ${BOARD} | ${rules.watchers.join(' ')}`, FINDING, `rollback | ${V}: rollback-1 asks for a decision | - | ${ROLLBACK} | cto`]],
    ['its execution', (logs) => rollback(logs, finished(logs), [['decide', 'cleo']]), [expect.stringContaining('is watched'), FINDING, `rollback | ${V}: rollback-1 is decided, and not carried out | - | ${ROLLBACK} | ${rules.deployers.join(' ')}`] as string[]],
    ['the root cause, from whom it is given to', (logs) => rollback(logs, finished(logs), [['decide', 'cleo'], ['execute', 'dora'], ['finish', 'dora', { cause_owner: 'quinn', cause_due: '2026-01-17T12:00:00Z' }]]), [FINDING, `root-cause | ${V}: the root cause is not found yet | 2026-01-17T12:00:00Z | ${ROLLBACK} | quinn`]],
    ['the root cause that is overdue', (logs) => rollback(logs, finished(logs), [['decide', 'cleo'], ['execute', 'dora'], ['finish', 'dora', { cause_owner: 'quinn', cause_due: '2026-01-17T12:00:00Z' }]]), [FINDING, `root-cause | ${V}: the root cause is overdue | 2026-01-17T12:00:00Z | ${ROLLBACK} | quinn`], '2026-01-18T00:00:00Z'],
    ['one of two plans', (logs) => {
      for (const plan of [planOf(), planOf({ method: 'direct' })]) logs.write({ event_type: 'release_plan', release_version: V, decided_by: 'rita', planned_at: AT, plan, plan_digest: planDigestOf(plan), roster_digest: '4'.repeat(64) }, { by: ['rita'] });
    }, [`plan-disputed | ${V}: 2 plans stand beside each other | - | #/release/main/v1.1.0/plan | ${rules.planners.join(' ')}`]],
    ['an approval, where all else is green', (logs) => run(logs, { 'unit-tests': 'passed', 'cto-approval': 'needs-person' }), [`approval | ${V} asks cto to approve | - | #/release/main/v1.1.0/approve | cto`]],
    ['an approval before the next window of its plan', (logs) => {
      logs.write({ event_type: 'release_plan', release_version: V, decided_by: 'rita', planned_at: AT, plan: planOf(), plan_digest: planDigestOf(planOf()), roster_digest: '4'.repeat(64) }, { by: ['rita'] });
      run(logs, { 'cto-approval': 'needs-person' });
    }, [`approval | ${V} asks cto to approve | 2026-01-12T21:00:00Z | #/release/main/v1.1.0/approve | cto`]],
    ['what only people know, where nothing else is red', (logs) => run(logs, { 'unit-tests': 'passed', 'cto-approval': 'needs-person', 'qa-staging-tested': 'needs-person' }), [`gate-asks | ${V}: only people keep the gate closed | - | #/release/main/v1.1.0/checklist | cto qa`]],
    ['nobody, where something else is red', (logs) => run(logs, { 'unit-tests': 'failed', 'cto-approval': 'needs-person' }), []],
    ['nobody, by a run that was imported', (logs) => run(logs, { 'cto-approval': 'needs-person' }, { imported: true }), []],
    ['nobody any more, a month later', (logs) => run(logs, { 'cto-approval': 'needs-person' }), [], '2026-02-12T12:00:00Z'],
    ['for a release that is not remembered here, with its records', (logs) => run(logs, { 'cto-approval': 'needs-person' }, { release_version: 'v3.0.0' }), ['approval | v3.0.0 asks cto to approve | - | #/archive?q=version:"v3.0.0" | cto']],
  ])('%s', (_what, write, items, at) => {
    const logs = new Logs();
    write(logs);
    expect(owed(logs, at)).toEqual(items);
  });
});
