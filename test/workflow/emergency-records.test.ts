import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GenesisRecord } from '../../src/core/model/archive.ts';
import type { Policy } from '../../src/core/policy/policy.ts';
import type { CallContext } from '../../src/core/contract/serve.ts';
import { consoleHandlers, type ConsolePorts } from '../../src/core/service/console-handlers.ts';
import { emergenciesIn, emergencyShown, type Emergencies } from '../../src/core/service/emergency-shown.ts';
import { sha256Of } from '../../src/core/workflow/canonical.ts';
import type { Emergency } from '../../src/core/workflow/emergency.ts';
import { clocksOf, type Clock } from '../../src/core/workflow/emergency-clocks.ts';
import { factsOf, type EmergencyFacts } from '../../src/core/workflow/emergency-facts.ts';
import { handOversOf, owedOf } from '../../src/core/workflow/emergency-owed.ts';
import { stepsOf } from '../../src/core/workflow/emergency-steps.ts';
import { storyOf } from '../../src/core/workflow/emergency-story.ts';
import { unrelatedCommits } from '../../src/core/workflow/unrelated-commits.ts';
import { readBackWords } from '../../src/core/workflow/verbal-statement.ts';
import { policy } from '../checks/facts.ts';
import { Logs, rules, signerCalled, type Written } from './acts.ts';

const V = 'v1.1.1';
const AT = '2026-01-12T12:00:00Z';
const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];
const later = (hours: number, from = AT): string => `${new Date(Date.parse(from) + hours * 3_600_000).toISOString().slice(0, 19)}Z`;

const all = (logs: Logs, now: string, given: Policy = policy): Emergencies => emergenciesIn({ at: now, roster: null, acts: logs.acts(), inForce: { policy: given, digest: '1'.repeat(64), file: 'policy.yaml' }, rules });
const factsIn = (logs: Logs, now: string, given: Policy = policy): EmergencyFacts => {
  const emergencies = all(logs, now, given);
  const one = emergencies.all.find(({ mergedInto }) => mergedInto === null);
  if (one === undefined) throw new Error('no emergency is there');
  return factsOf(one, emergencies.ground);
};
const clock = (logs: Logs, now: string, id: string, given: Policy = policy): Pick<Clock, 'from' | 'due' | 'state' | 'met' | 'secondsLeft'> | null => {
  const found = clocksOf(factsIn(logs, now, given)).find((one) => one.id === id);
  return found === undefined ? null : { from: found.from, due: found.due, state: found.state, met: found.met, secondsLeft: found.secondsLeft };
};
const owed = (logs: Logs, now: string): string[] => {
  const facts = factsIn(logs, now);
  return owedOf(facts, clocksOf(facts), stepsOf(facts)).map(({ id }) => id);
};
const item = (logs: Logs, now: string, id: string): string | undefined => stepsOf(factsIn(logs, now)).flatMap(({ items }) => items).find((one) => one.id === id)?.state;

class Night extends Logs {
  declared: Written;
  constructor(more: Record<string, unknown> = {}, by = 'cleo') {
    super();
    this.declared = this.declare('e', more, by);
  }

  declare(id: string, more: Record<string, unknown> = {}, by = 'cleo', at = AT): Written {
    return this.write({ event_type: 'emergency_patch', emergency_id: id, act: 'declare', release_version: V, severity: 'critical', declared_by: by, declared_at: at, reason: 'x', criterion: 'data-breach', detected_at: at, ...more }, { by: [by], time: at });
  }

  say(act: string, by: string, more: Record<string, unknown> = {}, { at = AT, of = this.declared, refs = [] as readonly Written[], rel = '' }: { at?: string; of?: Written; refs?: readonly Written[]; rel?: string } = {}): Written {
    return this.write({ event_type: 'emergency_patch', emergency_id: String(of.entry.record['emergency_id']), act, release_version: V, severity: 'critical', declared_by: by, declared_at: at, reason: 'y', ...more }, { by: [by], refs: [of.ref('of-emergency'), ...refs.map((one) => one.ref(rel))], time: at });
  }

  /** Dora takes a call in which somebody approves by their code (FORMATS §7). */
  spoken(approver: string, role: string, at: string, more: Record<string, unknown> = {}): Written {
    const base = { event_type: 'verbal_request', emergency_id: 'e', release_version: V, asked_at: at, taken_by: 'dora', approver, approver_role: role };
    const statement = `Do you approve as ${role}?`;
    const asked = this.write({ ...base, act: 'statement', statement, statement_sha256: sha256Of(statement), subject_digest: '2'.repeat(64), release_artifacts_sha256: {} }, { refs: [this.declared.ref('of-emergency')], time: at });
    const challenge = 'c'.repeat(32);
    const drawn = this.write({ ...base, act: 'challenge', challenge }, { refs: [asked.ref('challenges')], time: at });
    return this.write({
      event_type: 'verbal_approval', release_version: V, subject_digest: '2'.repeat(64), approver, approver_role: role, spoken_at: at, channel: 'phone', called: '1', taken_by: 'dora', witness: null, words: 'Yes.', read_back: [...readBackWords(sha256Of(statement), asked.leaf, challenge)], challenge,
      identified_by: 'coded', decision: 'approve', emergency_id: 'e', statement_sha256: sha256Of(statement), call_back: true, voice_code: `${approver} one two three four five`, ...more,
    }, { by: ['dora'], refs: [asked.ref('answers'), drawn.ref('challenged-by'), this.declared.ref('of-emergency')], time: at, spoken: { approver: signerCalled(approver), numbers: ['1'], witness: null, code: { state: more['voice_code'] === null ? 'none' : 'good', id: 'c01' } } });
  }

  ratify(of: Written, by: string, at: string, more: Record<string, unknown> = {}): Written {
    const statement = String(this.entries.find(({ entry: { record } }) => record['act'] === 'statement' && record['approver'] === by)?.entry.record['statement']);
    return this.write({ event_type: 'ratification', release_version: V, approver: by, ratified_at: at, subject_digest: '2'.repeat(64), statement, statement_sha256: sha256Of(statement), criterion_confirmed: true, ...more }, { by: [by], refs: [of.ref('ratifies')], time: at });
  }

  run(more: Record<string, unknown> = {}, at = AT): Written {
    return this.write({ event_type: 'checklist_run', release_version: V, release_commit: A, run_at: at, gate: 'open', authority: 'proved', policy_digest: '1'.repeat(64), subject_digest: '2'.repeat(64), report_digest: '3'.repeat(64), verdicts: { 'sast-scans': 'passed' }, ...more }, { time: at });
  }

  deploy(at: string, run: Written, more: Record<string, unknown> = {}): Written {
    const base: GenesisRecord = { event_type: 'deployment_stage', release_version: V, deployment_id: 'deploy-1', environment: 'production', method: 'direct', decided_by: 'dora', percent: 100, at, release_commit: A, subject_digest: '2'.repeat(64), ...more };
    const start = this.write({ ...base, act: 'start' }, { by: ['dora'], refs: [run.ref('judged-by'), this.declared.ref('declared-by')], time: at });
    const finish = this.write({ ...base, act: 'finish', smoke: { passed: true, tests: 1, failed: 0, evidence_sha256: {} } }, { by: ['dora'], refs: [start.ref('continues')], time: at });
    return this.write({ event_type: 'monitoring', release_version: V, environment: 'production', act: 'start', at, status: 'watching', hours: 24 }, { refs: [finish.ref('watches')], time: at });
  }
}

describe('the clocks', () => {
  // In these nights the clocks of Europe go forward and back; every length of time stays what it is.
  test.each([['2026-03-28T22:30:00Z'], ['2026-10-24T22:30:00Z']])('around %s run for as long as the policy says, by the records alone', (night) => {
    const hours = policy.parameters;
    fc.assert(fc.property(fc.integer({ min: 0, max: 7_200 }), fc.integer({ min: 0, max: 10_800 }), fc.integer({ min: 0, max: 400_000 }), fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), (detected, deployed, looked, order) => {
      const from = later(detected / 3600, night);
      const shipped = later(deployed / 3600, from);
      const logs = new Night({ detected_at: from });
      logs.deploy(shipped, logs.run({}, from));
      const now = later(looked / 3600, shipped);
      const read = { acts: () => logs.acts([...logs.entries].map((one, at) => ({ one, key: order[at % 4] ?? 0 })).sort((a, b) => a.key - b.key).map(({ one }) => one)) } as unknown as Logs;
      const state = (due: string, start: string): string => (Date.parse(now) > Date.parse(due) ? 'breached' : Date.parse(now) - Date.parse(start) >= (Date.parse(due) - Date.parse(start)) * 0.75 ? 'at-risk' : 'running');
      const due = later(hours.post_mortem_hours.value, shipped);
      expect(clock(read, now, 'sla')).toEqual({ from, due: later(24, from), state: 'met', met: shipped, secondsLeft: 0 });
      expect(clock(read, now, 'post-mortem')).toEqual({ from: shipped, due, state: state(due, shipped), met: null, secondsLeft: Math.max(0, (Date.parse(due) - Date.parse(now)) / 1000) });
      expect(clock(read, now, 'watch')).toMatchObject({ from: shipped, due: later(24, shipped), state: looked >= 86_400 ? 'at-risk' : 'running' });
    }), { numRuns: 30 });
  });

  test('of the expedited test runs from its beginning, of the very commit', () => {
    const night = new Night();
    expect(clock(night, AT, 'expedited-test')).toMatchObject({ state: 'not-begun', due: null });
    night.say('step', 'quinn', { step: 'qa-test-begun', release_commit: A });
    expect(clock(night, later(1), 'expedited-test')).toMatchObject({ from: AT, due: later(2), state: 'running', secondsLeft: 3600 });
    expect(clock(night, later(2.1), 'expedited-test')).toMatchObject({ state: 'breached' });
    night.say('step', 'quinn', { step: 'qa-test', release_commit: A }, { at: later(1.5) });
    expect(clock(night, later(3), 'expedited-test')).toMatchObject({ state: 'met', met: later(1.5) });
  });

  test('of who outside is to be told run where the policy file names them for the criterion, and end by whoever may', () => {
    const value = [{ notice: 'regulator', words: 'The regulator', hours: 72, criteria: ['data-breach' as const], roles: ['ciso'] }, { notice: 'customers', words: 'Customers', hours: 24, criteria: ['system-outage' as const], roles: ['ciso'] }];
    const given = { ...policy, parameters: { ...policy.parameters, external_notices: { ...policy.parameters.external_notices, value } } };
    const night = new Night();
    expect([clock(night, later(60), 'notice-regulator', given), clock(night, AT, 'notice-customers', given)]).toEqual([{ from: AT, due: later(72), state: 'at-risk', met: null, secondsLeft: 12 * 3600 }, null]);
    night.say('notice', 'otto', { notice: 'regulator' });
    expect(clock(night, later(73), 'notice-regulator', given)).toMatchObject({ state: 'breached' });
    night.say('notice', 'ines', { notice: 'regulator' }, { at: later(70) });
    expect(clock(night, later(73), 'notice-regulator', given)).toMatchObject({ state: 'met', met: later(70) });
  });

  test('stand still where it was closed with nothing deployed, and ask nobody why they were missed', () => {
    const night = new Night();
    expect(owed(night, later(25))).toContain('breach-sla');
    night.say('close', 'cleo', {}, { at: later(2) });
    expect(clock(night, later(25), 'sla')).toMatchObject({ state: 'running', secondsLeft: 22 * 3600, met: null });
    expect(all(night, later(25)).all[0]?.sla.state).toBe('running');
    expect(owed(night, later(25)).filter((id) => id.startsWith('breach'))).toEqual([]);
  });

  test('that were missed ask why, until somebody who may declare says so', () => {
    const night = new Night();
    expect(owed(night, later(25))).toEqual(expect.arrayContaining(['patch', 'breach-sla']));
    night.say('breach', 'quinn', { clock: 'sla' }, { at: later(25) });
    expect(owed(night, later(25))).toContain('breach-sla');
    night.say('breach', 'otto', { clock: 'sla' }, { at: later(25) });
    expect(owed(night, later(26))).not.toContain('breach-sla');
    expect(clocksOf(factsIn(night, later(26))).find(({ id }) => id === 'sla')).toMatchObject({ state: 'breached', reason: { by: 'otto', words: 'y' } });
  });
});

describe('the steps', () => {
  test('count for the commit that was named, signed or judged last, and by the role', () => {
    const night = new Night();
    night.say('step', 'quinn', { step: 'review', release_commit: A });
    expect(item(night, AT, 'review')).toBe('open');
    night.say('step', 'sam', { step: 'review', release_commit: A, unrelated_commits: [], authors_checked: true });
    expect([item(night, AT, 'review'), item(night, AT, 'unrelated')]).toEqual(['done', 'done']);
    night.run({ release_commit: B }, later(1));
    expect([item(night, later(1), 'review'), item(night, later(1), 'unrelated'), item(night, later(1), 'sast-scans'), item(night, later(1), 'dast-scans')]).toEqual(['open', 'open', 'done', 'open']);
  });

  test('that are not the present one wait, and what was passed over is owed once it is deployed', () => {
    const night = new Night();
    expect(stepsOf(factsIn(night, AT)).map(({ state }) => state)).toEqual(['current', 'ahead', 'ahead', 'ahead', 'ahead', 'ahead', 'ahead']);
    night.deploy(later(1), night.run({}, later(1)));
    expect(stepsOf(factsIn(night, later(1))).map(({ state }) => state)).toEqual(['owed', 'owed', 'owed', 'owed', 'owed', 'current', 'ahead']);
    expect(owed(night, later(1))).toEqual(expect.arrayContaining(['item-roll-back', 'item-review', 'item-qa-test', 'item-cto-approval', 'item-ciso-approval', 'item-deployed', 'watch', 'post-mortem']));
  });

  test('CTO and CISO are told by somebody who may say so, or by declaring it themselves', () => {
    const night = new Night();
    expect([item(night, AT, 'cto-told'), item(night, AT, 'ciso-told')]).toEqual(['done', 'open']);
    night.say('notify', 'quinn', { notified: [{ who: 'Ines', as: 'ciso', at: AT, by: 'telephone' }] });
    expect(item(night, AT, 'ciso-told')).toBe('open');
    night.say('notify', 'otto', { notified: [{ who: 'Ines', as: 'ciso', at: AT, by: 'telephone' }] });
    expect(item(night, AT, 'ciso-told')).toBe('done');
  });

  test('ask for no patch where it is rolled back in its place, and the deadline is met by that', () => {
    const night = new Night();
    night.say('roll-back-instead', 'cleo', { roll_back: 'instead', proof: [] });
    const base = { event_type: 'rollback_stage', release_version: 'v1.1.0', rollback_id: 'rollback-1', environment: 'production', decided_by: 'dora', reason: 'z' };
    const detected = night.write({ ...base, act: 'detect', at: later(1), trigger: 'critical-bug' }, { time: later(1) });
    expect(stepsOf(factsIn(night, later(1))).flatMap(({ items }) => items).map(({ id }) => id)).toEqual(expect.arrayContaining(['no-patch', 'no-tests', 'no-approvals', 'rolled-back']));
    night.write({ ...base, act: 'finish', at: later(2), to_version: 'v1.0.9', smoke: { passed: true, tests: 1, failed: 0, evidence_sha256: {} } }, { refs: [detected.ref('continues')], time: later(2) });
    expect([clock(night, later(3), 'sla'), item(night, later(3), 'rolled-back'), clock(night, later(3), 'post-mortem')?.from]).toMatchObject([{ state: 'met', met: later(2) }, 'done', later(2)]);
  });
});

describe('approvals by word', () => {
  test('open the step of both, and each is owed a ratification with a clock of its own', () => {
    const night = new Night();
    night.run();
    const cto = night.spoken('cleo', 'cto', later(1));
    const ciso = night.spoken('ines', 'ciso', later(2));
    expect([item(night, later(2), 'cto-approval'), item(night, later(2), 'ciso-approval')]).toEqual(['done', 'done']);
    const clocks = (now: string): (string | undefined)[] => [cto, ciso].map(({ leaf }) => clock(night, now, `ratification-${leaf.slice(0, 16)}`)?.state);
    expect([clocks(later(3)), clocks(later(25.5))]).toEqual([['running', 'running'], ['breached', 'at-risk']]);
    expect(emergencyShown(all(night, later(25.5)).all[0] as Emergency, all(night, later(25.5)))).toMatchObject({ unratified: { count: 2, due: later(25), overdue: true } });
    expect(owed(night, later(25.5))[0]).toBe(`ratification-${cto.leaf.slice(0, 16)}`);
    night.ratify(cto, 'cleo', later(26));
    expect([clocks(later(27)), owed(night, later(25.9)).filter((id) => id.startsWith('ratification-'))]).toEqual([['breached', 'breached'], [`ratification-${ciso.leaf.slice(0, 16)}`]]);
    night.ratify(ciso, 'ines', later(25.5));
    expect([clocks(later(27))[1], owed(night, later(27)).filter((id) => /^(?:ratification|breach-ratification)/.test(id))]).toEqual(['met', [`breach-ratification-${cto.leaf.slice(0, 16)}`]]);
    expect(storyOf(factsIn(night, later(27))).map(({ words }) => words)).toEqual(expect.arrayContaining(['cleo approved as cto, by word. cleo approved it by word as cto: by their own code.', 'cleo ratified it.']));
  });

  test('that the taker alone tells open nothing, and whoever is named is asked to dispute or to ratify', () => {
    const night = new Night();
    night.run();
    night.spoken('cleo', 'cto', later(1), { voice_code: null });
    const facts = factsIn(night, later(2));
    expect(stepsOf(facts).flatMap(({ items }) => items).find(({ id }) => id === 'cto-approval')).toMatchObject({ state: 'open', note: expect.stringMatching(/rests on the word of dora alone/) as string });
    expect(owedOf(facts, [], []).find(({ kind }) => kind === 'ratification')).toMatchObject({ people: ['cleo'], words: expect.stringMatching(/^cleo ratifies, or disputes,/) as string });
  });

  test('of another subject than the patch has now open its step no more, and a criterion that did not hold is told at its declaration', () => {
    const night = new Night();
    night.run();
    const said = night.spoken('cleo', 'cto', later(1));
    night.run({ subject_digest: '9'.repeat(64) }, later(2));
    expect(stepsOf(factsIn(night, later(2))).flatMap(({ items }) => items).find(({ id }) => id === 'cto-approval')).toMatchObject({ state: 'open', note: expect.stringMatching(/^cleo approved what it was before/) as string });
    night.ratify(said, 'cleo', later(3), { criterion_confirmed: false, reason: 'It was a test.' });
    expect(stepsOf(factsIn(night, later(3)))[0]?.items[0]).toMatchObject({ id: 'declared', state: 'bad', note: 'cleo ratified, and found that the criterion did not hold.' });
  });

  test('that are asked for in vain leave their calls, and a deviation that opens nothing', () => {
    const night = new Night();
    night.run();
    night.say('call-attempt', 'otto', { attempt: { approver: 'ines', role: 'ciso', called: '1', at: AT, outcome: 'no-answer' } });
    night.say('deviation', 'otto', { deviation: 'without-approval', approver_role: 'ciso' });
    expect(stepsOf(factsIn(night, AT)).flatMap(({ items }) => items).find(({ id }) => id === 'ciso-approval')).toMatchObject({ state: 'bad', note: 'Went on without it: y 1 call in vain is on record.' });
  });

  test('that nobody ratified in time come first on Home, and running emergencies with their step', async () => {
    const night = new Night();
    night.run();
    night.spoken('cleo', 'cto', later(1));
    const situation = { at: later(26), roster: null, acts: night.acts(), inForce: { policy, digest: '1'.repeat(64), file: 'policy.yaml' }, rules };
    const { 'home.owed': home } = consoleHandlers({ workspace: { read: async () => ({ releases: [] }) }, situation: async () => situation } as unknown as ConsolePorts);
    const { items } = await home({}, { signal: new AbortController().signal } as CallContext);
    expect(items.filter(({ route }) => route?.startsWith('#/emergency?of=a.example%230')).map(({ kind, title, due, people }) => [kind, title, due, people])).toEqual([
      ['ratification', 'e: cleo ratifies what they are said to have approved as cto by word (a.example#4)', later(25), ['cleo']],
      ['emergency', 'e is at step 1: emergency declared', later(24), []],
      ['emergency', expect.stringMatching(/^e: Why it was late: /) as string, null, []], ['emergency', expect.stringMatching(/^e: Why it was late: /) as string, null, []],
    ]);
  });
});

describe('what is owed', () => {
  test('lines that were left out, until a later full run of the same commit has them', () => {
    const night = new Night();
    const lines = (): string[] => owed(night, later(9)).filter((id) => id.startsWith('line-'));
    night.deploy(later(1), night.run({ emergency: 'e', expedited: ['unit-tests', 'changelog-updated'] }, later(1)));
    expect(lines()).toEqual(['line-unit-tests', 'line-changelog-updated']);
    night.run({ verdicts: { 'unit-tests': 'passed', 'changelog-updated': 'passed' } }, later(0.5));
    night.run({ release_commit: B, verdicts: { 'unit-tests': 'passed' } }, later(2));
    night.run({ expedited: ['unit-tests'], verdicts: { 'unit-tests': 'not-applicable', 'changelog-updated': 'failed' } }, later(3));
    expect(lines()).toEqual(['line-unit-tests', 'line-changelog-updated']);
    night.run({ verdicts: { 'unit-tests': 'passed', 'changelog-updated': 'missing' } }, later(4));
    expect(lines()).toEqual(['line-changelog-updated']);
    night.write({ ...(night.run({ verdicts: {} }, later(5)).entry.record), verdicts: { 'changelog-updated': 'accepted' } }, { origin: 'b.example', time: later(5) });
    expect(lines()).toEqual([]);
  });

  test('a signature over exactly what was deployed unsigned', () => {
    const night = new Night();
    night.say('deviation', 'cleo', { deviation: 'unsigned' });
    night.deploy(later(1), night.run({}, later(1)), { release_artifacts_sha256: { 'a.tgz': '5'.repeat(64) } });
    const sign = (sha256: string): unknown => night.write({ event_type: 'signing', release_version: V, release_commit: A, signed_at: later(2), release_artifacts: ['a.tgz'], release_artifacts_sha256: { 'a.tgz': sha256 }, checksums_sha256: {}, signatures_sha256: {}, key_fingerprint: 'F'.repeat(40) }, { time: later(2) });
    expect(owed(night, later(3))).toContain('unsigned');
    sign('6'.repeat(64));
    expect(owed(night, later(3))).toContain('unsigned');
    sign('5'.repeat(64));
    expect(owed(night, later(3))).not.toContain('unsigned');
  });

  test('the acceptance of a shift, by whom it was handed over to', () => {
    const night = new Night();
    const handed = night.say('hand-over', 'otto', { hand_over: { to: 'ines', known: 'a', running: 'b', owed: 'c' } });
    night.say('accept-hand-over', 'cleo', {}, { refs: [handed], rel: 'accepts' });
    expect(handOversOf(factsIn(night, AT))).toMatchObject([{ accepted: null }]);
    expect(owed(night, AT).some((id) => id.startsWith('hand-over-'))).toBe(true);
    night.say('accept-hand-over', 'ines', {}, { refs: [handed], rel: 'accepts' });
    expect(handOversOf(factsIn(night, AT))).toMatchObject([{ accepted: { by: { id: 'ines' } } }]);
    expect(owed(night, AT).some((id) => id.startsWith('hand-over-'))).toBe(false);
  });

  test('actions of the post-mortem, until their owner or a declarer closes them', () => {
    const night = new Night();
    night.deploy(later(1), night.run({}, later(1)));
    const held = (by: string, actions: readonly string[], at: string): Written => night.write({
      event_type: 'post_mortem', release_version: V, emergency_id: 'e', held_at: at, held_by: [by], recorded_by: by, root_cause: 'r', lessons: 'l', actions: actions.map((what) => ({ what, who: 'quinn', until: later(10) })),
    }, { by: [by], refs: [night.declared.ref('of-emergency')], time: at });
    const open = (now = later(9)): string[] => owed(night, now).filter((id) => id.startsWith('action-') || id === 'post-mortem');
    night.write({ ...held('otto', ['one'], later(2)).entry.record, recorded_by: 'cleo' }, { by: ['cleo'], refs: [night.declared.ref('of-emergency')], time: later(2.5) });
    expect(open()).toEqual(['action-1']);
    const second = held('otto', ['one', 'two'], later(3));
    night.say('action-closed', 'dora', { action: 1 }, { refs: [second], rel: 'closes-action-of' });
    expect(open()).toEqual(['action-1', 'action-2']);
    night.say('action-closed', 'quinn', { action: 1 }, { refs: [second], rel: 'closes-action-of' });
    expect([open(), owedOf(factsIn(night, later(11)), [], []).find(({ id }) => id === 'action-2')?.overdue]).toEqual([['action-2'], true]);
    held('otto', ['two', 'one'], later(4));
    expect(open()).toEqual(['action-1']);
  });
});

describe('two that are told as one', () => {
  const merge = (night: Night, from: Written, into: Written, by = 'otto', at = later(1)): Written => night.say('merge', by, { merged_into: String(into.entry.record['emergency_id']) }, { of: from, refs: [into], rel: 'into', at });

  test('count from the earlier detection, with the worse severity until it is decided anew, and with the steps of both', () => {
    const night = new Night({ severity: 'high' });
    const other = night.declare('f', { detected_at: later(-2), severity: 'critical', release_version: null }, 'ines');
    night.say('step', 'sam', { step: 'review', release_commit: A }, { of: other });
    expect(all(night, AT).all.map(({ severity, sla }) => [severity, sla.from])).toEqual([['high', AT], ['critical', later(-2)]]);
    merge(night, other, night.declared, 'quinn');
    expect(all(night, AT).all.every(({ mergedInto }) => mergedInto === null)).toBe(true);
    merge(night, other, night.declared);
    const { one } = factsIn(night, later(2));
    expect([one.record.emergency_id, one.severity, one.sla.from, one.sla.due, item(night, later(2), 'review')]).toEqual(['e', 'critical', later(-2), later(22), 'done']);
    night.say('severity', 'cleo', { severity: 'high' }, { at: later(2) });
    expect(factsIn(night, later(3)).one).toMatchObject({ severity: 'high', sla: { due: later(70) } });
    expect(storyOf(factsIn(night, later(3))).map(({ words }) => words)).toEqual(expect.arrayContaining(['It is told with e from now on: y.', expect.stringMatching(/^f is declared/) as string]));
  });

  test('only where both declarations are proved', () => {
    const night = new Night();
    merge(night, night.declare('f', {}, 'eve'), night.declared);
    merge(night, night.declared, night.declare('g', {}, 'rita'));
    expect(all(night, later(2)).all.every(({ mergedInto }) => mergedInto === null)).toBe(true);
  });

  test('lead in no circle, however hostile a log is', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 }), fc.nat({ max: 3 })), { maxLength: 30 }), (merges) => {
      const night = new Night();
      const ones = [night.declared, ...['f', 'g', 'h', 'i', 'j'].map((id) => night.declare(id))];
      for (const [from, into, at] of merges) merge(night, ones[from] ?? night.declared, ones[into] ?? night.declared, 'otto', later(at));
      const found = all(night, later(5)).all;
      const standing = found.filter(({ mergedInto }) => mergedInto === null);
      expect(standing.length).toBeGreaterThan(0);
      // Everyone is told in exactly one that stands for itself.
      expect(standing.flatMap(({ declarations }) => declarations.map(({ record }) => record.emergency_id)).sort()).toEqual(['e', 'f', 'g', 'h', 'i', 'j']);
    }), { numRuns: 50 });
  });
});

test('acts of kinds that are not known, and names that mean something elsewhere, are told as nothing', () => {
  const night = new Night();
  for (const act of ['constructor', '__proto__', 'toString', 'unheard-of']) night.say(act, 'otto');
  expect(storyOf(factsIn(night, AT)).map(({ words }) => words)).toEqual(['Detected.', 'e is declared: Data breach (customer data compromised). x']);
});

test('a commit belongs to an emergency by its trailer, or by the id in its subject', () => {
  const commit = (id: string, subject: string, emergencies?: string[]): Parameters<typeof unrelatedCommits>[0][number] => ({ id, subject, ...(emergencies === undefined ? {} : { emergencies }) });
  expect(unrelatedCommits([commit('1', 'Fix', ['emergency-20260112-001']), commit('2', 'Fix (emergency-20260112-001)'), commit('3', 'Fix', ['emergency-20260112-002']), commit('4', 'Not emergency-20260112-0011'), commit('5', 'Tidy up')], ['emergency-20260112-001'])).toEqual(['3', '4', '5']);
});
