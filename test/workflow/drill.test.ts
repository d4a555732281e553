import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { Input } from '../../src/core/contract/types.ts';
import type { DrillShown } from '../../src/core/contract/drill-calls.ts';
import { drillReport, type DrillRecord } from '../../src/core/workflow/drill-report.ts';
import { practising, type PractisingCore } from '../../src/main/practising.ts';
import { temporaryFolder } from '../support/repository.ts';

const BEGUN = '2026-01-12T03:00:00Z';

/** Records of a drill, each some seconds after it began, in the order in which they are given. */
function told(...given: readonly (readonly [seconds: number, record: DrillRecord['record'], more?: Partial<DrillRecord>])[]): Parameters<typeof drillReport>[0] {
  const records = given.map(([seconds, record, more], seq) => ({ id: `practice.invalid/a#${seq}`, seq, time: new Date(Date.parse(BEGUN) + seconds * 1000).toISOString(), record, proven: true, opens: true, ...more }));
  return { id: 'drill-20260112-030000', startedAt: BEGUN, endedAt: null, release: 'v1.4.1', records };
}
const act = (name: string, more: object = {}): DrillRecord['record'] => ({ event_type: 'emergency_patch', act: name, ...more });
const asked: DrillRecord['record'] = { event_type: 'verbal_request', act: 'statement' };
const spoken = (role: string, more: object = {}): DrillRecord['record'] => ({ event_type: 'verbal_approval', approver_role: role, decision: 'approve', ...more });
const stage = (name: string, more: object = {}): DrillRecord['record'] => ({ event_type: 'deployment_stage', environment: 'production', release_version: 'v1.4.1', act: name, ...more });
const smoke = { smoke: { passed: true } };
const UNTIL_ASKED = [[60, act('declare')], [90, act('notify')], [100, act('roll-back-instead')], [200, act('step', { step: 'review' })], [300, act('step', { step: 'development-test' })], [400, act('step', { step: 'qa-test' })], [500, asked]] as const;

describe('the report', () => {
  test('has every point where each step came in its order and in time', () => {
    const { score, times, outOfOrder, markdown } = drillReport(told(...UNTIL_ASKED, [600, spoken('cto')], [900, spoken('ciso')], [950, stage('start')], [1000, stage('finish', smoke)]));
    expect(times.map(({ id, seconds, good }) => [id, seconds, good])).toEqual([['declare', 60, true], ['first-approval', 600, true], ['approvals', 900, true], ['deploy', 1000, true]]);
    expect([score, outOfOrder]).toEqual([100, []]);
    expect(markdown).toContain('# Drill drill-20260112-030000: 100 of 100');
  });

  test('gives nothing for what was not reached, and a part for what came late', () => {
    expect(drillReport(told())).toMatchObject({ score: 0, outOfOrder: [] });
    expect(drillReport(told([240, act('declare')])).score).toBe(10);
  });

  test('counts only what is proved, opens something and was deployed with smoke tests that passed', () => {
    const { times } = drillReport(told([1, act('declare'), { proven: false }], [2, spoken('cto'), { opens: false }], [3, spoken('ciso', { decision: 'refuse' })], [4, stage('finish', { smoke: { passed: false } })], [5, stage('finish', { ...smoke, release_version: 'v1.4.0' })], [6, stage('finish', { ...smoke, environment: 'staging' })]));
    expect(times.map(({ seconds }) => seconds)).toEqual([null, null, null, null]);
    expect(drillReport(told([1, spoken('cto')], [2, spoken('cto')])).times.map(({ seconds }) => seconds)).toEqual([null, 1, null, null]);
  });

  test('names each step that came before one that it stands on', () => {
    const { outOfOrder, points } = drillReport(told([1, act('declare')], [2, act('step', { step: 'qa-test' })], [3, asked], [4, stage('start')], [5, spoken('cto')], [6, spoken('ciso')], [7, stage('finish', smoke)]));
    expect(outOfOrder).toHaveLength(6);
    expect(outOfOrder.join('\n')).toMatch(/before anybody was noted.*\n.*tested in development.*\n.*before the security architect had reviewed the patch.*\n.*whether to roll back.*\n.*before the security architect had reviewed it.*\n.*both approved it \(§10\.2, step 4\)/);
    expect(points.at(-1)).toMatchObject({ points: 0, of: 20 });
  });
});

describe('a drill', () => {
  const folder = temporaryFolder('drill');
  const home = join(folder.path, 'home');
  let core: PractisingCore;
  let client: Client;
  let drill: DrillShown;
  const heard: unknown[] = [];
  beforeAll(async () => {
    core = practising({ shell: 'test', home });
    client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
    client.on('drill.changed', (payload) => heard.push(payload));
    drill = await client.call('drill.begin', {});
  });
  afterAll(async () => {
    await core.close();
    folder.remove();
  });

  test('answers every other call from a data folder and a log of its own, for every process of this one', async () => {
    expect(heard).toEqual([{ running: drill.id }]);
    expect(await client.call('console.status', {})).toMatchObject({ home: drill.home, origin: `practice.invalid/${drill.id}`, roster: { roster: 'practice', version: 1, problem: null } });
    expect(existsSync(join(home, 'genesis.db'))).toBe(false);
    await expect(client.call('drill.begin', {})).rejects.toMatchObject({ code: 'already-exists' });
    const other = practising({ shell: 'test', home });
    expect(await other.practising()).toBe(drill.id);
    expect(await other.dispatch('release.list', {}, { shell: 'test' })).toMatchObject({ ok: true, value: { releases: [{ id: 'v1.4.1' }] } });
    await other.close();
  });

  test('sends nothing of it to an archive that others share', async () => {
    await expect(client.call('sync.run', { url: join(folder.path, 'shared') })).rejects.toMatchObject({ code: 'not-permitted', message: expect.stringContaining('nothing of it leaves this machine') as unknown });
    expect(existsSync(join(folder.path, 'shared'))).toBe(false);
  });

  test('is not begun where an emergency runs, whose clock it would hide', async () => {
    // The practice console is a console like any other, and an emergency that is declared there runs.
    await client.call('emergency.declare', { key: drill.you.key, passphrase: drill.you.passphrase, criterion: 'system-outage', reason: 'Nothing answers.', detectedAt: drill.startedAt, detectedSaidBy: null, severity: null, vector: null, release: null });
    const other = practising({ shell: 'test', home: drill.home });
    expect(await other.dispatch('drill.begin', {}, { shell: 'test' })).toMatchObject({ ok: false, error: { code: 'not-permitted', message: expect.stringContaining('a drill would hide its clock') as unknown } });
    await other.close();
  });

  test('leads from the alarm to production by nothing but what it gives out, and its own archive says how it goes', async () => {
    const by = { key: drill.you.key, passphrase: drill.you.passphrase };
    const { record: emergency } = await client.call('emergency.declare', { ...by, criterion: 'active-exploitation', reason: 'Strangers read orders.', detectedAt: drill.startedAt, detectedSaidBy: null, severity: null, vector: null, release: drill.release.version });
    const [saved] = (await client.call('release.list', {})).releases;
    const draft = saved?.draft ?? null;
    if (draft === null) throw new Error('the practice version is loaded');
    const { report, lines } = await client.call('release.evaluate', { draft, at: null, record: false });
    const status = new Map(lines.map(({ result }) => [result.id, result.status]));
    for (const line of ['regression-tests', 'sast-scans', 'dast-scans', 'artifacts-signed', 'artifacts-checksummed'] as const) expect([line, status.get(line)]).toEqual([line, 'passed']);
    // Steps of people are what is left to be practised.
    expect(report.gate).toBe('closed');
    expect(report.authority).not.toBe('unproved');

    const said = (reason: string, done: Input<'emergency.act'>['done']): Promise<unknown> => client.call('emergency.act', { emergency, ...by, reason, done });
    const now = (await client.call('emergency.status', { emergency })).at;
    await said('They were told.', { kind: 'notify', notified: [{ who: 'Cleo Martens', as: 'cto', at: now, by: 'phone' }, { who: 'Ines Okafor', as: 'ciso', at: now, by: 'phone' }] });
    await said('The version before is open too.', { kind: 'roll-back-instead', answer: 'patch', proof: [] });
    for (const step of ['review', 'development-test', 'qa-test-begun', 'qa-test'] as const) await said('It is right.', { kind: 'step', step, commit: null, repo: draft.repo, files: [] });
    // A call ends with a signature: a passphrase that is wrong is told before anything is logged to be read.
    const [first] = drill.cast;
    if (first === undefined) throw new Error('nobody can be called');
    const mistyped = client.call('verbal.request', { emergency, draft, approver: first.id, role: first.role, risk: 'Orders may be shown late.', ...by, passphrase: 'practice onl' });
    await expect(mistyped).rejects.toMatchObject({ code: 'pin-failed', message: 'The passphrase was wrong.' });
    expect(await client.call('verbal.requests', { emergency })).toMatchObject({ requests: [] });
    for (const { id: approver, role, phone, codes } of drill.cast) {
      const asking = await client.call('verbal.request', { emergency, draft, approver, role, risk: 'Orders may be shown late.', ...by });
      const voiceCode = codes.find(({ id }) => id === asking.nextCode)?.words ?? null;
      expect(await client.call('verbal.record', { request: asking.record, ...by, decision: 'approve', channel: 'phone', called: phone, callBack: true, words: 'Yes, deploy it.', readBack: asking.readBack, voiceCode, witness: null, spokenAt: null, late: false, files: [], consent: false })).toMatchObject({ opens: true, identity: 'coded' });
    }
    expect((await client.call('roster.voiceCodes', {})).people.filter(({ left }) => left > 0).map(({ id, left }) => [id, left])).toEqual(drill.cast.map(({ id }) => [id, 2]));
    const doer = { ...by, as: null };
    const { deployment, faults } = await client.call('deployment.start', { draft, environment: 'production', method: 'direct', doer, target: drill.release.target, configuration: null, unauthorised: null });
    expect(faults).toEqual([]);
    const sofar = await client.call('drill.report', { id: null, out: join(folder.path, 'so-far.md') });
    expect(sofar.times.map(({ seconds }) => seconds !== null)).toEqual([true, true, true, false]);
    expect(sofar.outOfOrder).toEqual([]);
    expect(readFileSync(join(folder.path, 'so-far.md'), 'utf8')).toBe(sofar.markdown);
    await client.call('deployment.finish', { deployment: deployment.record, doer, smoke: [drill.release.smoke], regression: [] });
  });

  test('ends with its score, and the console’s own archive answers again with nothing of it', async () => {
    const { score } = await client.call('drill.end', {});
    expect(score).toBe(100);
    expect(heard.at(-1)).toEqual({ running: null });
    expect(await client.call('drill.status', {})).toMatchObject({ running: null, past: [{ id: drill.id, score: 100 }] });
    expect((await client.call('emergency.status', { emergency: null })).emergencies).toEqual([]);
    expect((await client.call('release.list', {})).releases).toEqual([]);
    expect(readFileSync(join(drill.home, 'report.md'), 'utf8')).toContain('100 of 100');
    await expect(client.call('drill.end', {})).rejects.toMatchObject({ code: 'not-found', message: 'No drill runs.' });
  });

  test('that is cancelled leaves nothing, and a marker that names none begins none', async () => {
    const quiet = client.on('task.progress', () => void client.call('task.cancel', { task: 'begin' }));
    await expect(client.call('drill.begin', { task: 'begin' })).rejects.toMatchObject({ code: 'cancelled' });
    quiet();
    expect(readdirSync(join(home, 'drills'))).toEqual([drill.id]);
    for (const named of ['../..', 'drill-20260101-000000', drill.id.slice(0, -1)]) {
      writeFileSync(join(home, 'drills', 'running'), named);
      expect(await core.practising()).toBeNull();
    }
  });
});
