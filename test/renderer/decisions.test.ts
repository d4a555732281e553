import { describe, expect, test } from 'vitest';
import type { ActView } from '../../src/core/contract/approval-calls.ts';
import type { Assessment } from '../../src/core/contract/contract.ts';
import { changedSince, living, obstaclesTo, othersInWords, saidOf } from '../../src/renderer/screens/approvals/decisions.ts';
import { differingParts, draftOf as planDraftOf, moved, planOf as readPlan } from '../../src/renderer/screens/plan/plan-draft.ts';
import { planOf } from '../workflow/acts.ts';
import { assessmentOf, digest, draftOf } from './preview-releases.ts';

const base = assessmentOf(draftOf('v1.1.0'));
/** Every line green but those that approvals decide, of which both are asked. */
const green: Assessment = {
  ...base, report: { ...base.report, rosterDigest: digest('roster') },
  deciders: [
    { id: 'cleo', name: 'Cleo', roles: ['ciso', 'cto'], authored: null }, { id: 'ines', name: 'Ines', roles: ['ciso'], authored: null }, { id: 'ada', name: 'Ada', roles: ['cto'], authored: 'a'.repeat(40) }, { id: 'quinn', name: 'Quinn', roles: ['qa'], authored: null },
  ],
  lines: base.lines.map((line) => ({ ...line, result: { ...line.result, status: line.approvedBy.length > 0 ? 'needs-person' : 'passed' } })),
};

const decision = (more: Partial<NonNullable<ActView['decision']>> = {}): NonNullable<ActView['decision']> => ({
  decision: 'approve', role: 'ciso', at: '2026-01-12T12:00:00Z', commit: green.range.commit, types: green.report.types.effective, subjectDigest: green.report.subjectDigest, planDigest: green.planDigest, rosterDigest: digest('roster'),
  subject: green.artifacts.map(({ path, sha256 }) => ({ name: path, sha256 })), securityImpact: null, ...more,
});
const act = (by: string, role: string, more: Partial<ActView> = {}): ActView => ({
  record: `o#${by}-${role}`, event_type: 'approval', claimed: '2026-01-12T12:00:00Z', by, person: by, roles: [role], standing: 'counts', why: 'done in time', interval: null, rosterVersion: 1, about: role, words: '', decision: decision({ role }), ...more,
});

describe('how an approval died', () => {
  const older = { subjectDigest: digest('older') };
  test.each<[what: string, more: Partial<NonNullable<ActView['decision']>>, says: RegExp]>([
    ['another commit', { ...older, commit: 'b'.repeat(40) }, /^it was of commit bbbbbbb, and is [0-9a-f]{7} now$/],
    ['other types', { ...older, types: [] }, /^it was of no type, and is minor and security now$/],
    ['another file', { ...older, subject: decision().subject.map((one, index) => (index === 0 ? { ...one, sha256: digest('x') } : one)) }, /^ghostquant-v1\.1\.0\.tar\.gz is another file now$/],
    ['a file that came', { ...older, subject: decision().subject.slice(1) }, /^ghostquant-v1\.1\.0\.tar\.gz was added$/],
    ['files that went', { ...older, subject: [...decision().subject, { name: 'a', sha256: digest('a') }, { name: 'b', sha256: digest('b') }] }, /^a and b are gone$/],
    ['another plan', { ...older, planDigest: digest('other') }, /^another plan is in force$/],
    ['a plan', { ...older, planDigest: null }, /^it was planned since$/],
    ['another roster', { ...older, rosterDigest: digest('other') }, /^another roster is in force$/],
    ['only what lines rest on', older, /^lines of the checklist, what they rest on/],
  ])('is %s', (_, more, says) => {
    expect(changedSince(decision(more), green).join('; ')).toMatch(says);
    expect(saidOf(act('ines', 'ciso', { decision: decision(more) }), [], green)).toMatchObject({ word: 'Dead', dead: true });
  });

  test('is nothing while it is what it was', () => expect(changedSince(decision(), green)).toEqual([]));
});

describe('what an act comes to', () => {
  test.each<[what: string, acts: readonly ActView[], word: string, why: RegExp]>([
    ['of the right person', [act('ines', 'ciso')], 'Counts', /^Done in time\.$/],
    ['of a rejection', [act('quinn', 'qa', { decision: decision({ decision: 'reject', role: 'qa' }) })], 'Stops the release', /changed/],
    ['in a role that they had not', [act('quinn', 'ciso', { roles: ['qa'] })], 'Counts for nothing', /quinn was not ciso/],
    ['by an author', [act('ada', 'cto')], 'Counts for nothing', /author of aaaaaaa/],
    ['of one person in both roles', [act('cleo', 'cto'), act('cleo', 'ciso')], 'Needs another person', /different people/],
    ['of one person in both roles, beside another', [act('cleo', 'cto'), act('cleo', 'ciso'), act('ines', 'ciso')], 'Counts', /in time/],
    ['that is forged', [act('ines', 'ciso', { standing: 'forged', why: 'no signature is good' })], 'Forged', /^No signature is good\.$/],
    ['that is late', [act('ines', 'ciso', { standing: 'late' })], 'Too late', /in time/],
  ])('%s', (_, acts, word, why) => {
    const asked = { ...green, lines: green.lines.map((line) => (line.approvedBy.length > 0 ? { ...line, result: { ...line.result, status: 'needs-person' as const } } : line)) };
    const said = saidOf(acts[0] as ActView, acts, asked);
    expect([said.word, said.why]).toEqual([word, expect.stringMatching(why)]);
    expect(living(acts, asked).length).toBe(acts.filter(({ standing }) => standing === 'counts').length);
  });
});

describe('what is said before anybody signs', () => {
  test.each<[what: string, assessment: Assessment, acts: readonly ActView[], self: string, role: string | null, says: RegExp | null]>([
    ['nothing to whoever may', green, [], 'ines', 'ciso', null],
    ['lines that are not green', base, [], 'ines', 'ciso', /lines are not green yet: .*would die with the first/],
    ['no artifact', { ...green, artifacts: [] }, [], 'ines', 'ciso', /There is no artifact/],
    ['an author of it', green, [], 'ada', 'cto', /You are an author of aaaaaaa.*Cleo can as cto/],
    ['somebody without the role', green, [], 'quinn', null, /none of the roles that are asked: cto and ciso/],
    ['who approved in the other role', green, [act('cleo', 'cto')], 'cleo', 'ciso', /You approved it as cto already.*Ines can as ciso/],
    ['who approved in the other role, where another did too', green, [act('cleo', 'cto'), act('ines', 'cto', { roles: ['cto'] })], 'cleo', 'ciso', null],
    ['nobody is asked', { ...green, lines: green.lines.map((line) => (line.approvedBy.length > 0 ? { ...line, result: { ...line.result, status: 'not-applicable' as const } } : line)) }, [], 'ines', null, /No line of this checklist asks for an approval/],
  ])('%s', (_, assessment, acts, self, role, says) => {
    const said = obstaclesTo(assessment, acts, self, role).map(({ what, who }) => `${what} ${who}`).join('; ');
    if (says === null) expect(said).toBe('');
    else expect(said).toMatch(says);
  });

  test('where nobody can, that is said with who can change it', () => {
    expect(othersInWords({ deciders: [] }, 'cto', null)).toBe('Nobody else of the roster can as cto; its administrators can name somebody, or a deputy.');
  });
});

describe('a plan that is typed', () => {
  const plan = planOf({ timeline: [{ on: '2026-03-04T21:00:00Z', what: 'Canary' }], scope: { features: ['A', 'B'], fixes: ['C'], security: [] } });
  test('is the plan that it was made of', () => expect(readPlan(plan.release, planDraftOf(plan))).toEqual({ plan }));

  test.each<[what: string, more: Partial<ReturnType<typeof planDraftOf>>, says: RegExp]>([
    ['without a way back', { rollbackPlan: ' ' }, /how it is rolled back/],
    ['with a time that is none', { timeline: [{ on: 'tomorrow', what: 'Canary' }] }, /“tomorrow” is no time/],
    ['with a time at which nothing happens', { timeline: [{ on: '2026-03-04 21:00', what: '' }] }, /what happens at 2026-03-04 21:00/],
    ['with an item that is too long', { fixes: ['x'.repeat(201)] }, /at most 200 characters; this one has 201/],
    ['with a version that is none', { previous: 'the last' }, /“the last” is no version/],
  ])('%s says so', (_, more, says) => {
    expect(readPlan(plan.release, { ...planDraftOf(plan), ...more })).toEqual({ wrong: expect.stringMatching(says) as string });
  });

  test('leaves out what was left empty', () => {
    expect(readPlan(plan.release, { ...planDraftOf(plan), features: ['', ' A '], timeline: [{ on: '', what: '' }], previous: '' })).toMatchObject({ plan: { previous: null, timeline: [], scope: { features: ['A'] } } });
  });

  test('is put in order, and plans beside each other are told apart', () => {
    expect([moved(['a', 'b', 'c'], 2, -1), moved(['a', 'b'], 0, -1), moved(['a', 'b'], 0, 1)]).toEqual([['a', 'c', 'b'], ['a', 'b'], ['b', 'a']]);
    expect(differingParts([plan, planOf({ ...plan, method: 'direct', calendar: null })])).toEqual(['method', 'calendar']);
  });
});
