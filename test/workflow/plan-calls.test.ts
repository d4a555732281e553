import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signedBytes } from '../../src/core/approval/personal-signature.ts';
import type { Input, Output } from '../../src/core/contract/types.ts';
import type { ReleasePlan } from '../../src/core/model/plan.ts';
import { planDigestOf } from '../../src/core/workflow/plan.ts';
import { openArchive, type Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { quietWork } from '../archive/archives.ts';
import { GreenRelease } from '../support/green-release.ts';
import { CALENDAR, planOf } from './acts.ts';

const V = 'v1.1.0';
const FREEZE = CALENDAR.replace('END:VCALENDAR', ['BEGIN:VEVENT', 'UID:2', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Freeze over the audit', 'DTSTART:20260113T000000Z', 'DTEND:20260114T000000Z', 'END:VEVENT', 'BEGIN:VEVENT', 'UID:3', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Lunch', 'DTSTART:20260113T110000Z', 'DTEND:20260113T120000Z', 'END:VEVENT', 'END:VCALENDAR'].join('\r\n'));

let release: GreenRelease;
let rita: string;
let other: Archive;
beforeAll(async () => {
  release = new GreenRelease();
  other = await openArchive({ home: join(release.folder.path, 'other'), now: () => new Date('2026-01-12T11:30:00Z'), boot: 'other' });
  release.consoles.push({ origin: other.origin, vkey: other.vkey, owner: 'quinn' });
  rita = release.gpg.key('rita <rita@example.com>');
  release.people.push({ id: 'rita', key: rita, roles: ['release-manager'] });
  await release.prepare();
  writeFileSync(inFolder('freeze.ics'), FREEZE);
}, 120_000);
afterAll(() => {
  other.close();
  return release.close();
});

const inFolder = (name: string): string => join(release.folder.path, name);
const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);
const plan = (value: ReleasePlan, more: Partial<Input<'release.plan'>> = {}): Promise<Output<'release.plan'>> =>
  release.client.call('release.plan', { release: V, key: rita, from: null, plan: value, repo: null, since: null, calendar: null, method: null, rollbackPlan: null, previous: null, securityImpact: null, ...more });
const show = (): Promise<Output<'release.show'>> => release.client.call('release.show', { release: V, policyFile: null });

describe('a plan that is given as it stands', () => {
  test('is what was proposed, mended, and keeps the calendar that it had', async () => {
    const proposal = await release.client.call('release.propose', { release: V, repo: release.repository.path, since: null, notesOut: null });
    expect(proposal.plan).toMatchObject({ release: V, previous: 'v1.0.0', calendar: null, scope: { features: ['Add prices (#12)'] } });
    const mended = { ...proposal.plan, scope: { ...proposal.plan.scope, features: ['Prices', 'Prices of yesterday'] }, timeline: [{ on: '2026-01-13T21:00:00Z', what: 'Canary' }] };
    const first = await plan(mended, { calendar: inFolder('freeze.ics') });
    expect(first.plan).toEqual({ ...mended, calendar: FREEZE });
    const second = await plan({ ...first.plan, security_impact: 'None.' });
    expect([second.plan.calendar, second.schedule?.next?.from, second.replaces]).toEqual([FREEZE, '2026-01-12T21:00:00Z', [first.record]]);
    expect(await show()).toMatchObject({ plan: { digest: second.digest }, disputed: [], beside: [], may: { plan: ['release-manager'], end: ['release-manager', 'cto'], withdraw: ['cto', 'ciso', 'release-manager'] } });
  });

  test('is who brought the first step where it is, although its lines were judged later', async () => {
    await release.client.call('release.evaluate', { draft: release.draft(), at: null, record: true, task: undefined });
    expect((await show()).steps[0]).toMatchObject({ state: 'done', by: 'rita', since: '2026-01-12T12:00:00Z' });
  });

  test.each<[what: string, value: ReleasePlan, more: Partial<Input<'release.plan'>>, says: RegExp]>([
    ['beside a file', planOf(), { from: '/nowhere/plan.md' }, /^bad-input: A plan is given twice/],
    ['of another release', planOf({ release: 'v9.9.9' }), {}, /^bad-input: This is the plan of v9\.9\.9, not of v1\.1\.0/],
    ['without a rollback plan', planOf({ rollback_plan: ' ' }), {}, /^bad-input: /],
    ['with a time that is none', planOf({ timeline: [{ on: 'tomorrow', what: 'Canary' }] }), {}, /^bad-input: /],
    ['with more than a plan has', { ...planOf(), approved: true } as ReleasePlan, {}, /^bad-input: /],
    ['with a calendar that is none', planOf({ calendar: 'BEGIN:VCALENDAR' }), {}, /^malformed: /],
  ])('is refused %s', async (_, value, more, says) => {
    const before = (await show()).plan?.record;
    expect(await failure(plan(value, more))).toMatch(says);
    expect((await show()).plan?.record).toBe(before);
  });
});

test('two plans that were made apart are shown side by side, and the next replaces both', async () => {
  const before = await show();
  // On another console, before it had heard of the plan here.
  const value = planOf({ security_impact: 'Other words.' });
  const record = { event_type: 'release_plan', release_version: V, decided_by: 'rita', planned_at: '2026-01-12T11:30:00Z', plan: value, plan_digest: planDigestOf(value), roster_digest: (await release.client.call('roster.read', {})).held?.digest ?? '' };
  const parts = { record, refs: [], attachments: [] };
  const asc = release.gpg.gpg(['--armor', '--detach-sign', '--local-user', rita], signedBytes(parts));
  const [elsewhere] = await other.append([{ ...parts, signatures: [{ fingerprint: rita, asc }] }]);
  await other.sync(inFolder('shared'), quietWork);
  await release.client.call('sync.run', { url: inFolder('shared'), task: undefined });
  const both = await show();
  expect([both.plan, both.disputed.length, both.steps[0]?.state]).toEqual([null, 2, 'current']);
  expect(both.beside).toMatchObject([{ record: before.plan?.record, by: 'rita', digest: before.plan?.digest }, { record: elsewhere?.id, plan: value }].sort((a, b) => ((a.record ?? '') < (b.record ?? '') ? -1 : 1)));
  const third = await plan(value, { securityImpact: 'Settled.' });
  expect(new Set(third.replaces)).toEqual(new Set(both.disputed));
  expect(await show()).toMatchObject({ plan: { record: third.record, plan: { security_impact: 'Settled.' } }, disputed: [], beside: [] });
});

test('a calendar says what it comes to before anything is signed', async () => {
  const read = await release.client.call('release.schedule', { calendar: { file: inFolder('freeze.ics') } });
  expect(read).toMatchObject({ at: '2026-01-12T12:00:00Z', others: 1, text: FREEZE, schedule: { open: false, next: { from: '2026-01-12T21:00:00Z', until: '2026-01-13T00:00:00Z' } } });
  expect(read.spans.slice(0, 2)).toEqual([
    { kind: 'window', summary: 'Maintenance window', from: '2026-01-12T21:00:00Z', until: '2026-01-13T01:00:00Z' },
    { kind: 'freeze', summary: 'Freeze over the audit', from: '2026-01-13T00:00:00Z', until: '2026-01-14T00:00:00Z' },
  ]);
  expect(await release.client.call('release.schedule', { calendar: { text: FREEZE } })).toEqual(read);
  expect(await failure(release.client.call('release.schedule', { calendar: { text: 'no calendar' } }))).toMatch(/^malformed: /);
  expect(await failure(release.client.call('release.schedule', { calendar: { file: inFolder('nothing.ics') } }))).toMatch(/^not-found: /);
});

test('the timeline is written to a file as people read it, or as programs do', async () => {
  const told = await release.client.call('release.timeline', { release: V, out: { file: inFolder('timeline.md'), as: 'markdown' }, task: undefined });
  expect([told.written, readFileSync(inFolder('timeline.md'), 'utf8')]).toEqual([inFolder('timeline.md'), told.markdown]);
  await release.client.call('release.timeline', { release: V, out: { file: inFolder('timeline.json'), as: 'json' }, task: undefined });
  expect(JSON.parse(readFileSync(inFolder('timeline.json'), 'utf8'))).toEqual({ release: V, events: told.events });
  expect((await release.client.call('release.timeline', { release: V, task: undefined })).written).toBeNull();
  expect(existsSync(inFolder('timeline'))).toBe(false);
});

test('who could decide is said before anybody signs, and what a decision was of afterwards', async () => {
  const { deciders, report, planDigest, range } = await release.judge(undefined, ['security']);
  expect(deciders.map(({ id, roles, authored }) => [id, roles.join('+'), authored])).toEqual([
    ['grace', 'devops-lead+security-architect', null], ['quinn', 'qa', null], ['cleo', 'ciso+cto', null], ['ines', 'ciso', null], ['ada', 'ciso', release.commit], ['rita', 'release-manager', null],
  ]);
  // What was read is what is signed, or nothing is.
  const wanted = { draft: release.draft(undefined, ['security']), key: release.keys.ines, role: 'ciso', reason: 'Why.', out: null, task: undefined };
  expect(await failure(release.client.call('approval.sign', { ...wanted, decision: 'approve', shown: '0'.repeat(64) }))).toMatch(/^verification-failed: v1\.1\.0 is not what was shown/);
  expect(await failure(release.client.call('approval.sign', { ...wanted, decision: 'reject', shown: '0'.repeat(64) }))).toMatch(/^verification-failed: /);
  const { record } = await release.client.call('approval.sign', { draft: release.draft(undefined, ['security']), key: release.keys.ines, role: 'ciso', decision: 'approve', reason: 'It mends the hole.', securityImpact: 'Closes it.', shown: report.subjectDigest, out: null, task: undefined });
  const { acts } = await release.client.call('release.acts', { release: V });
  expect(acts.find((act) => act.record === record)).toMatchObject({
    about: 'ciso', words: 'It mends the hole.', person: 'ines', standing: 'counts',
    decision: { decision: 'approve', role: 'ciso', commit: range.commit, types: report.types.effective, subjectDigest: report.subjectDigest, planDigest, rosterDigest: report.rosterDigest, subject: [{ name: 'outputs/release/product.tar.gz' }], securityImpact: 'Closes it.' },
  });
  expect(acts.find(({ event_type: type }) => type === 'attestation')).toMatchObject({ about: expect.stringMatching(/^[a-z-]+$/) as string, words: 'I looked at it.', decision: null });
  expect((await release.client.call('archive.list', { origin: null, event_type: 'approval', release: V, offset: 0, limit: 1 })).entries[0]?.summary).toBe('Approval of v1.1.0 by ines as ciso');
});
