import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCode } from '../../src/core/approval/voice-code.ts';
import type { Input, Output } from '../../src/core/contract/types.ts';
import { GreenRelease } from '../support/green-release.ts';

const V = 'v1.1.0';
const E = 'emergency-20260112-001';
/** Lines that the policy asks of no emergency patch. */
const SKIPPED = ['code-reviewed', 'unit-tests', 'dependency-scans', 'penetration-test', 'sbom-generated', 'release-notes', 'rollback-plan', 'artifacts-stored', 'qa-no-critical-issues'];

let release: GreenRelease;
let keys: Record<'mara' | 'nils' | 'otto' | 'dora' | 'will', string>;
let codes: { readonly words: readonly string[]; readonly id: string }[];

beforeAll(async () => {
  release = new GreenRelease();
  const made = await Promise.all([makeCode(), makeCode(), makeCode()]);
  codes = made.map(({ words }, at) => ({ words, id: `c0${at + 1}` }));
  const kept = made.map(({ salt, scrypt }, at) => ({ id: `c0${at + 1}`, salt, scrypt, duress: at === 2 }));
  keys = Object.fromEntries(['mara', 'nils', 'otto', 'dora', 'will'].map((id) => [id, release.gpg.key(`${id} <${id}@example.com>`)])) as typeof keys;
  release.people.push(
    { id: 'mara', key: keys.mara, roles: ['cto'], phones: ['+1 202 555 0101', 'room 4'], codes: kept }, { id: 'nils', key: keys.nils, roles: ['ciso'], phones: ['+1 202 555 0102'] },
    { id: 'otto', key: keys.otto, roles: ['on-call'] }, { id: 'dora', key: keys.dora, roles: ['devops'] }, { id: 'will', key: keys.will, roles: [] },
  );
  // Nobody attests anything at night.
  await release.prepare([]);
  writeFileSync(join(release.folder.path, 'passed.xml'), '<testsuites><testsuite name="smoke" tests="1"><testcase name="a"/></testsuite></testsuites>');
}, 120_000);
afterAll(() => release.close());

const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (cause: { code: unknown; message: unknown; hint: unknown }) => `${String(cause.code)}: ${String(cause.message)} ${String(cause.hint)}`);
const statusOf = async (line: string): Promise<string | undefined> => (await release.judge()).report.results.find(({ id }) => id === line)?.status;
const request = (more: Partial<Input<'verbal.request'>> = {}): Promise<Output<'verbal.request'>> =>
  release.client.call('verbal.request', { emergency: E, draft: release.draft(), approver: 'mara', role: 'cto', risk: 'The cache is cold for a minute.', key: keys.otto, task: undefined, ...more });
const answer = (asked: Output<'verbal.request'>, more: Partial<Input<'verbal.record'>> = {}): Promise<Output<'verbal.record'>> =>
  release.client.call('verbal.record', { request: asked.record, key: keys.otto, decision: 'approve', channel: 'phone', called: asked.numbers[0] ?? '', callBack: true, words: 'Yes, deploy it.', readBack: asked.readBack, voiceCode: null, witness: null, spokenAt: null, late: false, files: [], consent: false, task: undefined, ...more });
const step = (key: string, which: 'review' | 'development-test' | 'qa-test-begun' | 'qa-test' | 'production-verified'): Promise<unknown> =>
  release.client.call('emergency.act', { emergency: E, key, reason: 'It is right.', done: { kind: 'step', step: which, commit: null, repo: release.repository.path, files: [] }, task: undefined });
const start = (more: Partial<Input<'deployment.start'>> = {}): Promise<Output<'deployment.start'>> =>
  release.client.call('deployment.start', { draft: release.draft(), environment: 'production', method: 'direct', doer: { key: keys.dora, as: null }, target: join(release.outputs, 'release'), configuration: null, unauthorised: null, task: undefined, ...more });

describe('a critical emergency in the night', () => {
  let coded: Output<'verbal.record'>;
  let witnessed: Output<'verbal.record'>;

  test('is judged by what the policy asks of an emergency patch, and by no less', async () => {
    expect((await release.judge()).report.gate).toBe('closed');
    // The key that signed is set aside for emergencies: outside one it does not count, and one person alone sets nothing aside.
    const setAside = (key: string): Promise<Output<'cards.setAside'>> => release.client.call('cards.setAside', { fingerprint: release.keys.alan, statement: 'In the safe, envelope 7.', key });
    expect(await failure(setAside(keys.otto))).toMatch(/^not-permitted: otto is not cto or ciso/);
    expect(await setAside(release.keys.grace)).toMatchObject({ setAside: false });
    expect(await failure(setAside(release.keys.grace))).toMatch(/said so already/);
    expect(await statusOf('artifacts-signed')).toBe('passed');
    expect(await setAside(keys.mara)).toMatchObject({ setAside: true, by: ['grace', 'mara'] });
    expect(await statusOf('artifacts-signed')).toBe('failed');
    await release.client.call('emergency.declare', { key: keys.otto, criterion: 'active-exploitation', reason: 'Somebody reads every order.', detectedAt: '2026-01-12T11:30:00Z', detectedSaidBy: null, severity: 'critical', vector: null, release: null });
    expect((await release.judge()).emergency).toBeNull();
    await release.client.call('emergency.release', { emergency: E, key: keys.otto, release: V, reason: 'It asks who reads.' });
    const judged = await release.judge();
    expect(judged.emergency).toMatchObject({ id: E, skipped: expect.arrayContaining(SKIPPED) as string[] });
    expect(judged.report.results.filter(({ id }) => SKIPPED.includes(id)).map(({ status, summary }) => [status, summary.startsWith(`Skipped in ${E} (§10.2), and owed afterwards`)])).toEqual(SKIPPED.map(() => ['not-applicable', true]));
    expect(Object.fromEntries(judged.report.results.filter(({ status }) => status !== 'not-applicable' && status !== 'passed').map(({ id, status }) => [id, status]))).toEqual({
      'high-risk-reviewed': 'needs-person', 'qa-staging-tested': 'needs-person', 'cto-approval': 'needs-person', 'ciso-approval': 'needs-person',
    });
  });

  test('nobody is asked by word before it was reviewed and tested', async () => {
    expect(await failure(request())).toMatch(/^not-permitted: 2 lines that the policy asks of an emergency patch are not green yet.*high-risk-reviewed.*qa-staging-tested/);
    expect(await failure(step(release.keys.quinn, 'review'))).toMatch(/^not-permitted/);
    await step(release.keys.grace, 'review');
    await step(keys.otto, 'development-test');
    expect(await statusOf('qa-staging-tested')).toBe('needs-person');
    await step(release.keys.quinn, 'qa-test-begun');
    release.time = '2026-01-12T13:10:00Z';
    await step(release.keys.quinn, 'qa-test');
    expect([await statusOf('high-risk-reviewed'), await statusOf('qa-staging-tested')]).toEqual(['passed', 'passed']);
  });

  test('who is asked has the role, a number, and is not who asks', async () => {
    expect(await failure(request({ approver: 'otto', role: 'cto' }))).toMatch(/^not-permitted: otto is not cto/);
    expect(await failure(request({ approver: 'cleo' }))).toMatch(/no number and no room/);
    expect(await failure(request({ key: keys.mara }))).toMatch(/have to be different people/);
    expect(await failure(request({ key: release.keys.alan }))).toMatch(/^not-permitted/);
  });

  test('what is read aloud is logged before the words are drawn', async () => {
    const asked = await request();
    expect(asked).toMatchObject({ approver: { id: 'mara', role: 'cto' }, numbers: ['+1 202 555 0101', 'room 4'], nextCode: 'c01', codesLeft: 2, triesLeft: 3, answered: false, readBack: [expect.any(String), expect.any(String), expect.any(String), expect.any(String)] as string[] });
    expect(asked.statement).toMatch(/I ask you for an emergency approval by word[^]*product\.tar\.gz, whose digest begins \w+[^]*The cache is cold for a minute\.[^]*Do you approve[^]*not read aloud:[^]*SHA-256 of .*product\.tar\.gz: [0-9a-f]{64}/);
    const { entries } = await release.client.call('archive.list', { origin: null, event_type: 'verbal_request', release: V, offset: 0, limit: 10 });
    expect(entries.map(({ id }) => id)).toEqual([asked.challengeRecord, asked.record]);
  });

  test('what was heard wrongly is in the log, and is not guessed for long', async () => {
    const asked = await request();
    expect(await failure(answer(asked, { readBack: [...asked.readBack].reverse() }))).toMatch(/^verification-failed: What was read back is not .* 2 tries are left/);
    expect(await failure(answer(asked, { readBack: asked.readBack.slice(1) }))).toMatch(/^bad-input: 4 words are read back, and 3 were typed/);
    expect(await failure(answer(asked, { called: '+1 202 555 9999' }))).toMatch(/^bad-input: .* is no number or room/);
    expect(await failure(answer(asked, { voiceCode: [...(codes[0]?.words ?? [])].reverse() }))).toMatch(/^verification-failed: That is no code of mara\..* 1 try is left/);
    expect(await failure(answer(asked, { voiceCode: ['one'] }))).toMatch(/^bad-input: A voice code has 6 words, and 1/);
    expect(await failure(answer(asked, { key: keys.will }))).toMatch(/^not-permitted/);
    expect(await failure(answer(asked, { readBack: ['a', 'b', 'c', 'd'] }))).toMatch(/No try is left/);
    expect(await failure(answer(asked))).toMatch(/^not-permitted: 3 read-backs or codes/);
  });

  test('a forged one, whose taker types both sides, opens nothing', async () => {
    const forged = await answer(await request());
    expect(forged).toMatchObject({ identity: 'word-only', opens: false, why: expect.stringMatching(/rests on the word of otto alone/) as string });
    expect(await statusOf('cto-approval')).toBe('needs-person');
    expect(await failure(start())).toMatch(/No approval of exactly this release by cto, nor by ciso/);
  });

  test('a duress code opens nothing either, and is burnt', async () => {
    expect(await answer(await request(), { voiceCode: codes[2]?.words ? [...codes[2].words] : [] })).toMatchObject({ opens: false, why: expect.stringMatching(/asks to be confirmed by another way/) as string });
    expect(await failure(answer(await request(), { voiceCode: [...(codes[2]?.words ?? [])] }))).toMatch(/The code c03 was used before/);
  });

  test('a coded one opens the line of the CTO, and wears that it is unratified', async () => {
    const notes = join(release.folder.path, 'notes.txt');
    writeFileSync(notes, 'She sounded awake.');
    coded = await answer(await request(), { voiceCode: (codes[0]?.words ?? []).map((word) => word.toUpperCase()), files: [notes], consent: true });
    expect(coded).toMatchObject({ identity: 'coded', opens: true, decision: 'approve', takenBy: 'otto', ratification: { state: 'owed', due: '2026-01-13T13:10:00Z' }, attachments: [{ name: 'notes.txt' }] });
    const line = (await release.judge()).report.results.find(({ id }) => id === 'cto-approval');
    expect(line).toMatchObject({ status: 'passed', authority: 'proved', summary: expect.stringMatching(/mara, cto, at .* \(by word, unratified/) as string });
    expect(await failure(answer(await request(), { voiceCode: [...(codes[0]?.words ?? [])] }))).toMatch(/The code c01 was used before/);
  });

  test('a refusal closes, until the same person approves; a witnessed one opens before the witness has signed', async () => {
    const asked = await request({ approver: 'nils', role: 'ciso' });
    await answer(asked, { decision: 'refuse', words: 'Not before I have seen the diff.', readBack: [] });
    expect(await statusOf('ciso-approval')).toBe('failed');
    release.time = '2026-01-12T13:20:00Z';
    expect(await failure(answer(await request({ approver: 'nils', role: 'ciso' }), { witness: 'nils' }))).toMatch(/have to be different people/);
    witnessed = await answer(await request({ approver: 'nils', role: 'ciso' }), { witness: 'will', channel: 'video' });
    expect(witnessed).toMatchObject({ identity: 'witnessed', opens: true, witness: { id: 'will', state: 'owed', due: '2026-01-13T13:20:00Z' } });
    expect((await release.judge()).report).toMatchObject({ gate: 'open', authority: 'proved' });
  });

  test('what was written on paper is entered late, with when it was said, and is marked so', async () => {
    const asked = await request();
    const { text } = await release.client.call('verbal.form', { request: asked.record, out: null });
    expect(text).toContain(asked.readBack.join(' '));
    expect(await failure(answer(asked, { late: true }))).toMatch(/^bad-input: What is entered late says when it was said/);
    expect(await failure(answer(asked, { late: true, spokenAt: '2026-01-12T13:09:59Z' }))).toMatch(/^bad-input: It cannot have been said at/);
    release.time = '2026-01-12T13:25:00Z';
    expect(await answer(asked, { late: true, spokenAt: '2026-01-12T13:21:00Z', witness: 'will' })).toMatchObject({ late: true, spokenAt: '2026-01-12T13:21:00Z', opens: true, notes: expect.arrayContaining(['It was written on paper first and entered late.']) as string[] });
  });

  test('it is deployed outside the window with authority, without a plan and without staging', async () => {
    const { deployment } = await start();
    expect(deployment.lines.filter(({ good }) => !good)).toEqual([]);
    expect(deployment).toMatchObject({ authority: 'authorised' });
    release.time = '2026-01-12T13:30:00Z';
    await release.client.call('deployment.finish', { deployment: deployment.record, doer: { key: keys.dora, as: null }, smoke: [join(release.folder.path, 'passed.xml')], regression: [], task: undefined });
    expect((await release.client.call('emergency.status', { emergency: E })).emergencies).toMatchObject([{ sla: { state: 'met', met: '2026-01-12T13:30:00Z' }, unratified: { count: 5, overdue: false } }]);
    // From now on everything is asked again.
    const judged = await release.judge();
    expect([judged.emergency, judged.report.gate]).toEqual([null, 'closed']);
  });

  test('the witness signs, the CTO ratifies in time and the CISO too late', async () => {
    expect(await failure(release.client.call('verbal.witness', { verbal: witnessed.record, key: keys.dora, heard: true, words: 'I heard it.' }))).toMatch(/^not-permitted: dora is not who was on the line/);
    expect(await release.client.call('verbal.witness', { verbal: witnessed.record, key: keys.will, heard: true, words: 'I heard it.' })).toMatchObject({ witness: { state: 'signed' } });
    expect(await failure(release.client.call('verbal.ratify', { verbal: coded.record, key: keys.nils, criterionConfirmed: true, reason: '', shown: null, out: null }))).toMatch(/^not-permitted: nils is not who is said to have spoken/);
    expect(await failure(release.client.call('verbal.ratify', { verbal: coded.record, key: keys.mara, criterionConfirmed: true, reason: '', shown: 'a'.repeat(64), out: null }))).toMatch(/^verification-failed/);
    const out = join(release.folder.path, 'statement.txt');
    expect(await release.client.call('verbal.ratify', { verbal: coded.record, key: keys.mara, criterionConfirmed: true, reason: '', shown: coded.statementSha256, out })).toMatchObject({ ratification: { state: 'ratified', criterionConfirmed: true } });
    // Anyone checks with gpg that she signed the very bytes that were read.
    expect(readFileSync(out, 'utf8')).toBe(coded.statement);
    expect(release.gpg.gpg(['--status-fd', '1', '--verify', `${out}.asc`, out])).toMatch(/GOODSIG .* mara/);
    release.time = '2026-01-14T09:00:00Z';
    expect((await release.client.call('verbal.list', { emergency: E, release: null })).verbal.find(({ record }) => record === witnessed.record)).toMatchObject({ ratification: { state: 'overdue' } });
    expect(await release.client.call('verbal.ratify', { verbal: witnessed.record, key: keys.nils, criterionConfirmed: true, reason: '', shown: null, out: null })).toMatchObject({ ratification: { state: 'ratified', at: '2026-01-14T09:00:00Z' } });
  });

  test('the archive verifies, and tells who is proved', async () => {
    expect(await release.client.call('archive.verify', { from: null, vkeys: [], task: undefined })).toMatchObject({ verdict: 'good' });
    const { acts } = await release.client.call('release.acts', { release: V });
    expect(acts.filter(({ standing }) => standing !== 'counts').map(({ event_type, why }) => [event_type, why])).toEqual([]);
  });
});
