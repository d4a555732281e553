import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GenesisRecord } from '../../src/core/model/archive.ts';
import { authorityOf, isAuthorised } from '../../src/core/workflow/deployment-authority.ts';
import { deploymentsOf } from '../../src/core/workflow/deployments.ts';
import { planDigestOf } from '../../src/core/workflow/plan.ts';
import { timelineOfRelease } from '../../src/core/workflow/release-timeline.ts';
import { Logs, planOf, rules, type Written } from './acts.ts';

/**
 * A major release with a security patch, led to production by several consoles: the path on which everything is there,
 * with steps left out, done by the wrong people, imported, copied, forked, at the wrong time and in the wrong order. What
 * must hold is said a second time here, over what really happened and in which order, without the pointers that the
 * program goes by.
 */
const V = 'v2.0.0';
const GOOD = { 'product.tar.gz': 'a'.repeat(64) };
const OTHER = { 'product.tar.gz': 'b'.repeat(64) };
const SUBJECTS = ['1'.repeat(64), '2'.repeat(64)] as const;
const COMMIT = 'c'.repeat(40);
const REPORT = '3'.repeat(64);
const WINDOW = '2026-01-12T22:00:00Z';
const NOON = '2026-01-13T12:00:00Z';
const PLANS = [planOf({ release: V, scope: { features: [], fixes: [], security: ['A hole'] } }), planOf({ release: V, scope: { features: ['x'], fixes: [], security: ['A hole'] }, calendar: null })] as const;

const PERSON = ['rita', 'dora', 'quinn', 'cleo', 'ines', 'mia', 'eve'] as const;
type Name = (typeof PERSON)[number];
type Op =
  | { readonly do: 'plan'; readonly by: Name; readonly plan: 0 | 1; readonly replaces: boolean }
  | { readonly do: 'sign'; readonly other: boolean }
  | { readonly do: 'stage'; readonly passed: boolean; readonly other: boolean }
  | { readonly do: 'run'; readonly open: boolean; readonly subject: 0 | 1 }
  | { readonly do: 'decide'; readonly by: Name; readonly signed: Name; readonly role: 'cto' | 'ciso'; readonly reject: boolean; readonly subject: 0 | 1; readonly plan: 0 | 1 }
  | { readonly do: 'act'; readonly by: Name; readonly act: 'suspend' | 'resume' | 'abandon' }
  | { readonly do: 'emergency'; readonly by: Name }
  | { readonly do: 'clock'; readonly time: string }
  | { readonly do: 'start'; readonly by: Name; readonly signed: Name | null; readonly subject: 0 | 1; readonly plan: 0 | 1; readonly other: boolean; readonly aside: 'imported' | 'forked' | null }
  | { readonly do: 'copy'; readonly which: number; readonly imported: boolean };

const PATH: readonly Op[] = [
  { do: 'plan', by: 'rita', plan: 0, replaces: true }, { do: 'sign', other: false }, { do: 'stage', passed: true, other: false },
  { do: 'decide', by: 'cleo', signed: 'cleo', role: 'cto', reject: false, subject: 0, plan: 0 }, { do: 'decide', by: 'ines', signed: 'ines', role: 'ciso', reject: false, subject: 0, plan: 0 },
  { do: 'run', open: true, subject: 0 }, { do: 'start', by: 'dora', signed: 'dora', subject: 0, plan: 0, other: false, aside: null },
];

const name = fc.constantFrom(...PERSON);
const bit = fc.constantFrom(0 as const, 1 as const);
const op: fc.Arbitrary<Op> = fc.oneof(
  fc.record({ do: fc.constant('plan' as const), by: name, plan: bit, replaces: fc.boolean() }),
  fc.record({ do: fc.constant('sign' as const), other: fc.boolean() }),
  fc.record({ do: fc.constant('stage' as const), passed: fc.boolean(), other: fc.boolean() }),
  fc.record({ do: fc.constant('run' as const), open: fc.boolean(), subject: bit }),
  fc.record({ do: fc.constant('decide' as const), by: name, signed: name, role: fc.constantFrom('cto' as const, 'ciso' as const), reject: fc.boolean(), subject: bit, plan: bit }),
  fc.record({ do: fc.constant('act' as const), by: name, act: fc.constantFrom('suspend' as const, 'resume' as const, 'abandon' as const) }),
  fc.record({ do: fc.constant('emergency' as const), by: name }),
  fc.record({ do: fc.constant('clock' as const), time: fc.constantFrom(WINDOW, NOON, '2026-01-12T22:03:00Z', '2020-01-01T22:30:00Z', '2030-06-01T21:00:00Z') }),
  fc.record({ do: fc.constant('start' as const), by: name, signed: fc.option(name), subject: bit, plan: bit, other: fc.boolean(), aside: fc.constantFrom(null, null, 'imported' as const, 'forked' as const) }),
  fc.record({ do: fc.constant('copy' as const), which: fc.nat(30), imported: fc.boolean() }),
);
/** The path with a few steps missing, and others in between; each in the log of some console. */
const history = fc.tuple(fc.subarray([...PATH], { minLength: PATH.length - 1 }), fc.array(fc.tuple(fc.nat(8), op), { maxLength: 5 }), fc.infiniteStream(fc.constantFrom('a.example', 'b.example')), fc.boolean()).map(([kept, more, origins, spread]) => {
  const ops = [...kept];
  for (const [at, one] of more) ops.splice(Math.min(at, ops.length), 0, one);
  return ops.map((one) => ({ op: one, origin: spread ? (origins.next().value as string) : 'a.example' }));
});

const outcome = (passed: boolean): object => ({ passed, tests: 2, failed: passed ? 0 : 1, evidence_sha256: {} });

/** Writes what an act leaves; a deployment points at everything that there is, as an adversary would who wants it to count. */
function play(logs: Logs, one: Op, origin: string): void {
  const of = (type: string): Written[] => logs.entries.filter(({ entry }) => entry.record.event_type === type);
  const write = (record: GenesisRecord, by: readonly string[] = [], refs: readonly ReturnType<Written['ref']>[] = [], forked = false): Written => logs.write(record, { by, refs, origin, forked });
  switch (one.do) {
    case 'clock':
      logs.time = one.time;
      return;
    case 'plan': {
      const plan = PLANS[one.plan];
      write({ event_type: 'release_plan', release_version: V, decided_by: one.by, planned_at: logs.time, plan, plan_digest: planDigestOf(plan), roster_digest: 'd'.repeat(64) }, [one.by], one.replaces ? of('release_plan').map((before) => before.ref('replaces')) : []);
      return;
    }
    case 'sign':
      write({ event_type: 'signing', release_version: V, release_commit: COMMIT, signed_at: logs.time, key_fingerprint: 'A'.repeat(40), release_artifacts: ['product.tar.gz'], release_artifacts_sha256: one.other ? OTHER : GOOD, checksums_sha256: {}, signatures_sha256: {} });
      return;
    case 'stage': {
      const base = { event_type: 'deployment_stage', release_version: V, deployment_id: 's', environment: 'staging', method: 'direct', decided_by: 'dora', at: logs.time };
      const start = write({ ...base, act: 'start', percent: 100, release_commit: COMMIT, release_artifacts_sha256: one.other ? OTHER : GOOD });
      write({ ...base, act: 'finish', percent: 100, smoke: outcome(one.passed), regression: outcome(one.passed) }, [], [start.ref('continues')]);
      return;
    }
    case 'run':
      write({ event_type: 'checklist_run', release_version: V, release_commit: COMMIT, run_at: logs.time, gate: one.open ? 'open' : 'closed', authority: 'proved', policy_digest: REPORT, subject_digest: SUBJECTS[one.subject], report_digest: REPORT, verdicts: {} });
      return;
    case 'decide': {
      const decision = one.reject ? 'reject' : 'approve';
      const statement = { _type: 'https://in-toto.io/Statement/v1', subject: [{ name: 'product.tar.gz', digest: { sha256: GOOD['product.tar.gz'] } }], predicateType: 'countersign/approval/v1', predicate: { decision, release: V, types: ['major'], subjectDigest: SUBJECTS[one.subject], planDigest: planDigestOf(PLANS[one.plan]), rosterDigest: 'd'.repeat(64), reason: 'x', approver: one.by, role: one.role } };
      write({ event_type: one.reject ? 'rejection' : 'approval', release_version: V, release_commit: COMMIT, approver: one.by, approver_role: one.role, decided_at: logs.time, statement, statement_signature: 'x' }, [one.signed]);
      return;
    }
    case 'act':
      write({ event_type: 'release_act', release_version: V, act: one.act, decided_by: one.by, at: logs.time, reason: 'x', step: null, superseded_by: null, roster_digest: 'd'.repeat(64) }, [one.by], one.act === 'resume' ? of('release_act').map((stop) => stop.ref('resumes')) : []);
      return;
    case 'emergency':
      write({ event_type: 'emergency_patch', emergency_id: 'e', act: 'declare', release_version: V, severity: 'critical', declared_by: one.by, declared_at: logs.time, reason: 'x' }, [one.by]);
      return;
    case 'copy': {
      const copied = logs.entries[one.which % Math.max(1, logs.entries.length)];
      if (copied !== undefined) logs.write({ ...copied.entry.record, ...(one.imported ? { imported: true } : {}) }, { by: one.imported ? ['rita', 'dora', 'cleo', 'ines'] : namesOf(copied), refs: copied.entry.refs, origin: 'copies.example' });
      return;
    }
    case 'start': {
      const refs = [['release_plan', 'planned-by'], ['checklist_run', 'judged-by'], ['approval', 'approved-by'], ['deployment_stage', 'staged-by'], ['signing', 'deploys'], ['release_act', 'allowed-by'], ['emergency_patch', 'declared-by']] as const;
      write({
        event_type: 'deployment_stage', release_version: V, deployment_id: 'p', environment: 'production', method: 'direct', act: 'start', at: logs.time, decided_by: one.by, percent: 100, release_commit: COMMIT, release_artifacts_sha256: one.other ? OTHER : GOOD,
        subject_digest: SUBJECTS[one.subject], plan_digest: planDigestOf(PLANS[one.plan]), gate_report_digest: REPORT, authority: 'authorised', ...(one.aside === 'imported' ? { imported: true } : {}),
      }, one.signed === null ? [] : [one.signed], refs.flatMap(([type, rel]) => of(type).map((entry) => entry.ref(rel))), one.aside === 'forked');
    }
  }
}

/** Signatures of an entry that is copied with them. */
function namesOf({ by }: Written): string[] {
  return by.map(({ id }) => id);
}

function played(steps: readonly { readonly op: Op; readonly origin: string }[]): Logs {
  const logs = new Logs();
  logs.time = WINDOW;
  for (const { op: one, origin } of steps) play(logs, one, origin);
  return logs;
}

const ROLES: Readonly<Record<string, readonly string[]>> = { rita: ['release-manager'], dora: ['devops'], quinn: ['qa'], cleo: ['cto'], ines: ['ciso'], mia: ['release-manager', 'cto', 'ciso'], eve: [] };

interface Fields { readonly [field: string]: unknown }
const digestsOf = (record: Fields): { subjectDigest: string; planDigest: string } => (record['statement'] as { predicate: { subjectDigest: string; planDigest: string } }).predicate;

/** What an authorised deployment must have had before it, by what was written before it; said plainly. */
function mustHold(logs: Logs, start: Written): string[] {
  const before = logs.entries.slice(0, logs.entries.indexOf(start)).filter(({ entry, forked }) => entry.record.imported !== true && !forked);
  const record: Fields = start.entry.record;
  const is = (type: string): { readonly one: Written; readonly r: Fields }[] => before.filter(({ entry }) => entry.record.event_type === type).map((one) => ({ one, r: one.entry.record }));
  /** Signed by whom a field names, who has one of the roles. */
  const by = (one: Written, field: string, ...roles: readonly string[]): boolean => {
    const person = String(one.entry.record[field]);
    return namesOf(one).includes(person) && roles.some((role) => (ROLES[person] ?? []).includes(role));
  };
  const missing: string[] = [];
  const need = (what: string, there: boolean): void => {
    if (!there) missing.push(what);
  };
  need('deployer', by(start, 'decided_by', 'devops', 'release-manager') && record['imported'] !== true && !start.forked);
  const emergency = is('emergency_patch').some(({ one }) => by(one, 'declared_by', 'cto', 'ciso', 'on-call'));
  // An emergency patch is deployed without a plan and without staging (policy §10.2).
  need('plan', (emergency && record['plan_digest'] == null) || is('release_plan').some(({ one, r }) => by(one, 'decided_by', 'release-manager') && r['plan_digest'] === record['plan_digest']));
  // From 22:00 to 02:00 in Berlin, in winter from 21:00 and in summer from 20:00 UTC; calendars begin in 2026.
  const hour = Number(start.entry.time.slice(11, 13));
  const [opens, closes] = start.entry.time.slice(5, 7) === '06' ? [20, 0] : [21, 1];
  need('window', emergency || (record['plan_digest'] === planDigestOf(PLANS[0]) && start.entry.time > '2026' && (hour >= opens || hour < closes)));
  need('gate', is('checklist_run').some(({ one, r }) => one.entry.origin === start.entry.origin && r['gate'] === 'open' && r['subject_digest'] === record['subject_digest']));
  const approvals = is('approval').filter(({ one, r }) => by(one, 'approver', String(r['approver_role'])) && digestsOf(r).subjectDigest === record['subject_digest'] && digestsOf(r).planDigest === record['plan_digest']);
  for (const role of ['cto', 'ciso']) need(role, approvals.some(({ r }) => r['approver_role'] === role));
  need('two people', new Set(approvals.map(({ r }) => r['approver'])).size > 1);
  need('not alone', approvals.some(({ r }) => r['approver'] !== record['decided_by']));
  need('good artifacts', JSON.stringify(record['release_artifacts_sha256']) === JSON.stringify(GOOD));
  need('signing', is('signing').some(({ r }) => JSON.stringify(r['release_artifacts_sha256']) === JSON.stringify(GOOD)));
  need('staging', emergency || is('deployment_stage').some(({ r }) => r['environment'] === 'staging' && r['act'] === 'finish' && (r['smoke'] as { passed: boolean }).passed));
  const own = before.filter(({ entry }) => entry.origin === start.entry.origin);
  need('no rejection', !own.some((one) => one.entry.record.event_type === 'rejection' && by(one, 'approver', String(one.entry.record['approver_role'])) && digestsOf(one.entry.record).subjectDigest === record['subject_digest']));
  const acts = own.filter(({ entry }) => entry.record.event_type === 'release_act');
  need('not abandoned', !acts.some((one) => one.entry.record['act'] === 'abandon' && by(one, 'decided_by', 'release-manager', 'cto')));
  const resumes = is('release_act').filter(({ one, r }) => r['act'] === 'resume' && by(one, 'decided_by', 'release-manager', 'cto'));
  need('not suspended', !acts.some((stop) => stop.entry.record['act'] === 'suspend' && namesOf(stop).includes(String(stop.entry.record['decided_by'])) && !resumes.some(({ one }) => before.indexOf(one) > before.indexOf(stop))));
  return missing;
}

const startsOf = (logs: Logs): Written[] => logs.entries.filter(({ entry }) => entry.record.event_type === 'deployment_stage' && entry.record['act'] === 'start' && entry.record['environment'] === 'production');
const authorised = (logs: Logs, start: Written, entries: readonly Written[] = logs.entries): boolean => {
  const acts = logs.acts(entries);
  const act = acts.find(({ leaf }) => leaf === start.leaf);
  return act !== undefined && isAuthorised(authorityOf(act, acts, rules));
};

describe('production is authorised', () => {
  test('on the path on which everything is there, and on none that lacks a step of it', () => {
    const steps = PATH.map((one) => ({ op: one, origin: 'a.example' }));
    const whole = played(steps);
    expect(startsOf(whole).map((start) => authorised(whole, start))).toEqual([true]);
    for (let without = 0; without < PATH.length - 1; without += 1) {
      const logs = played(steps.filter((_, index) => index !== without));
      expect(startsOf(logs).map((start) => authorised(logs, start)), PATH[without]?.do).toEqual([false]);
    }
  });

  test.each<[what: string, change: (steps: Op[]) => Op[]]>([
    ['after a rejection', (steps) => [...steps.slice(0, 6), { do: 'decide', by: 'cleo', signed: 'cleo', role: 'cto', reject: true, subject: 0, plan: 0 }, ...steps.slice(6)]],
    ['while it is suspended', (steps) => [...steps.slice(0, 6), { do: 'act', by: 'quinn', act: 'suspend' }, ...steps.slice(6)]],
    ['before it is resumed', (steps) => [...steps.slice(0, 6), { do: 'act', by: 'quinn', act: 'suspend' }, ...steps.slice(6), { do: 'act', by: 'rita', act: 'resume' }]],
    ['after it was abandoned', (steps) => [{ do: 'act', by: 'rita', act: 'abandon' }, ...steps]],
    ['outside its window', (steps) => [{ do: 'clock', time: NOON }, ...steps]],
    ['with a clock that was set back into a window', (steps) => [{ do: 'clock', time: NOON }, ...steps.slice(0, 5), { do: 'clock', time: WINDOW }, ...steps.slice(5)]],
    ['by an approval of somebody without the role', (steps) => steps.map((one) => (one.do === 'decide' && one.role === 'cto' ? { ...one, by: 'quinn' as const, signed: 'quinn' as const } : one))],
    ['by an approval that another signed', (steps) => steps.map((one) => (one.do === 'decide' && one.role === 'cto' ? { ...one, signed: 'ines' as const } : one))],
    ['by an approval of another plan', (steps) => steps.map((one) => (one.do === 'decide' && one.role === 'cto' ? { ...one, plan: 1 as const } : one))],
    ['by an approval of another subject', (steps) => steps.map((one) => (one.do === 'decide' && one.role === 'cto' ? { ...one, subject: 1 as const } : one))],
    ['by both approvals of one person', (steps) => steps.map((one) => (one.do === 'decide' ? { ...one, by: 'mia' as const, signed: 'mia' as const } : one))],
    ['by an emergency that somebody declared who may not', (steps) => [{ do: 'clock', time: NOON }, { do: 'emergency', by: 'quinn' }, ...steps]],
    ['after the plan was replaced', (steps) => [...steps.slice(0, 6), { do: 'plan', by: 'rita', plan: 1, replaces: true }, ...steps.slice(6)]],
    ['while two plans stand beside each other', (steps) => [...steps.slice(0, 6), { do: 'plan', by: 'rita', plan: 1, replaces: false }, ...steps.slice(6)]],
    ['by who alone approved', (steps) => steps.map((one) => (one.do === 'decide' || one.do === 'start' ? { ...one, by: 'mia' as const, signed: 'mia' as const } : one))],
    ['by another than it names', (steps) => steps.map((one) => (one.do === 'start' ? { ...one, signed: 'rita' as const } : one))],
    ['when it was imported', (steps) => steps.map((one) => (one.do === 'start' ? { ...one, aside: 'imported' as const } : one))],
    ['with other bytes', (steps) => steps.map((one) => (one.do === 'start' || one.do === 'sign' || one.do === 'stage' ? { ...one, other: true } : one))],
  ])('never %s', (_, change) => {
    const logs = played(change([...PATH]).map((one) => ({ op: one, origin: 'a.example' })));
    expect(startsOf(logs).map((start) => authorised(logs, start))).toEqual([false]);
  });

  test('by an emergency at noon, and again after a stop that was taken back', () => {
    const noon = played([{ do: 'clock', time: NOON }, { do: 'emergency', by: 'cleo' }, ...PATH].map((one) => ({ op: one as Op, origin: 'a.example' })));
    const resumed = played([...PATH.slice(0, 5), { do: 'act', by: 'quinn', act: 'suspend' }, { do: 'act', by: 'rita', act: 'resume' }, ...PATH.slice(5)].map((one) => ({ op: one as Op, origin: 'a.example' })));
    expect([noon, resumed].flatMap((logs) => startsOf(logs).map((start) => authorised(logs, start)))).toEqual([true, true]);
  });

  test('by no sequence of acts, copies, imports, forks or jumps of clocks that lacks what must be there', () => {
    let reached = 0;
    fc.assert(fc.property(history, (steps) => {
      const logs = played(steps);
      for (const start of startsOf(logs)) {
        if (!authorised(logs, start)) continue;
        reached += 1;
        expect(mustHold(logs, start)).toEqual([]);
      }
    }), { numRuns: 400 });
    // A model that never gets there would say nothing.
    expect(reached).toBeGreaterThan(20);
  }, 60_000);

  test('the same for every console, in whatever order and however often a sync brought the records, at whatever time; and no act is lost', () => {
    fc.assert(fc.property(history, fc.infiniteStream(fc.nat()), fc.constantFrom('2019-01-01T00:00:00Z', NOON, '2040-01-01T00:00:00Z'), (steps, numbers, at) => {
      const logs = played(steps);
      const shuffled = [...logs.entries, ...logs.entries].map((one) => ({ one, key: numbers.next().value as number })).sort((a, b) => a.key - b.key).map(({ one }) => one);
      const seen = (time: string, entries: readonly Written[]): unknown => deploymentsOf(logs.acts(entries), rules, time).map(({ start, authority, state, lines }) => [start.id, authority, state, lines.map(({ good }) => good)]);
      expect(seen(at, shuffled)).toEqual(seen(logs.time, logs.entries));
      const told = timelineOfRelease(logs.acts(shuffled)).map(({ record }) => record).sort();
      expect(told).toEqual(logs.entries.map(({ id }) => id).sort());
    }), { numRuns: 100 });
  }, 60_000);
});
