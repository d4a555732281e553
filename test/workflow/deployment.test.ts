import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Input, Output } from '../../src/core/contract/types.ts';
import { DeploymentRecord, ReleaseRecord } from '../../src/core/model/archive.ts';
import { GreenRelease } from '../support/green-release.ts';
import { CALENDAR } from './acts.ts';

const V = 'v1.1.0';
const STAGING_TIME = '2026-01-12T12:00:00Z';
const WINDOW = '2026-01-12T21:30:00Z';

let release: GreenRelease;
let keys: Record<'rita' | 'dora', string>;
let file: (name: string, text: string) => string;
beforeAll(async () => {
  release = new GreenRelease();
  keys = { rita: release.gpg.key('rita <rita@example.com>'), dora: release.gpg.key('dora <dora@example.com>') };
  release.people.push({ id: 'rita', key: keys.rita, roles: ['release-manager'] }, { id: 'dora', key: keys.dora, roles: ['devops'] });
  await release.prepare();
  file = (name, text) => {
    const path = join(release.folder.path, name);
    writeFileSync(path, text);
    return path;
  };
  file('windows.ics', CALENDAR);
  file('passed.xml', '<testsuites><testsuite name="smoke" tests="2"><testcase name="a"/><testcase name="b"/></testsuite></testsuites>');
  file('failed.xml', '<testsuites><testsuite name="smoke" tests="1"><testcase name="a"><failure message="no"/></testcase></testsuite></testsuites>');
  file('empty.xml', '<testsuites><testsuite name="smoke" tests="0"/></testsuites>');
  file('production.env', 'DEBUG=False\nLOG_LEVEL=WARNING\n');
  file('debug.env', 'DEBUG=True\nLOG_LEVEL="warning"\n');
}, 120_000);
afterAll(() => release.close());

const inFolder = (name: string): string => join(release.folder.path, name);
const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);
const start = (environment: string, more: Partial<Input<'deployment.start'>> = {}): Promise<Output<'deployment.start'>> =>
  release.client.call('deployment.start', { draft: release.draft(), environment, method: null, doer: { key: keys.dora, as: null }, target: join(release.outputs, 'release'), configuration: null, unauthorised: null, task: undefined, ...more });
const finish = (deployment: string, smoke = 'passed.xml', regression = 'passed.xml'): Promise<Output<'deployment.finish'>> =>
  release.client.call('deployment.finish', { deployment, doer: { key: keys.dora, as: null }, smoke: [inFolder(smoke)], regression: [inFolder(regression)], task: undefined });
const plan = (more: Partial<Input<'release.plan'>> = {}): Promise<Output<'release.plan'>> =>
  release.client.call('release.plan', { release: V, key: keys.rita, from: null, repo: release.repository.path, since: null, calendar: inFolder('windows.ics'), method: 'canary', rollbackPlan: 'Back to v1.0.0.', previous: null, securityImpact: 'None.', ...more });
const act = (name: Input<'release.act'>['act'], key: string, more: Partial<Input<'release.act'>> = {}): Promise<Output<'release.act'>> => release.client.call('release.act', { release: V, act: name, key, reason: 'because', step: null, supersededBy: null, ...more });
const show = (): Promise<Output<'release.show'>> => release.client.call('release.show', { release: V, policyFile: null });
const states = async (): Promise<string> => (await show()).steps.map(({ state }) => state[0]).join('');

describe('a release by canary, from its plan to its record', () => {
  test('nothing is planned, and the steps say who can', async () => {
    const { plan: none, steps } = await show();
    expect([none, steps[0]?.state, steps[0]?.blocks[0], steps[7]?.state]).toEqual([null, 'current', { what: 'the checklist was not run yet', who: 'anybody: countersign check' }, 'not-needed']);
    expect((await release.judge()).planDigest).toBeNull();
  });

  test('only a release manager plans; a plan changes what is approved, and answers two lines', async () => {
    const before = (await release.judge()).report.subjectDigest;
    expect(await failure(plan({ key: keys.dora }))).toMatch(/^not-permitted: dora is not release-manager/);
    expect(await failure(plan({ rollbackPlan: null }))).toMatch(/^bad-input: A plan says how it is rolled back/);
    const first = await plan({ method: 'direct' });
    expect(first.plan).toMatchObject({ previous: 'v1.0.0', scope: { features: ['Add prices (#12)'], fixes: [], security: [] } });
    const { report, planDigest } = await release.judge();
    expect([planDigest, report.subjectDigest === before, report.gate]).toEqual([first.digest, false, 'open']);
    const line = (id: string): string => report.results.find((result) => result.id === id)?.summary ?? '';
    expect(line('deployment-scheduled')).toMatch(/^It is in no maintenance window\. The next is Maintenance window, from 2026-01-12T21:00:00Z .*planned by rita in/);
    expect(line('rollback-plan')).toMatch(/^direct, back to v1\.0\.0: Back to v1\.0\.0\. \(planned by rita in/);
    const second = await plan();
    expect(second.replaces).toEqual([first.record]);
    expect((await show()).plan).toMatchObject({ record: second.record, plan: { method: 'canary' } });
  });

  test('production waits for staging, and for its window', async () => {
    expect(await failure(start('production'))).toMatch(/^not-permitted: Nothing is deployed to production: .*It is in no maintenance window.*No finished staging deployment/);
    expect((await show()).deployments).toEqual([]);
  });

  test('what a deployment would have is said line by line before it, and nothing is recorded', async () => {
    const check = (environment: string, more: Partial<Input<'deployment.check'>> = {}): Promise<Output<'deployment.check'>> =>
      release.client.call('deployment.check', { draft: release.draft(), environment, method: null, doer: { key: keys.dora, as: null }, target: join(release.outputs, 'release'), configuration: null, task: undefined, ...more });
    const total = async (): Promise<number> => (await release.client.call('archive.list', { origin: null, event_type: null, release: null, offset: 0, limit: 1 })).total;
    const before = await total();
    const production = await check('production', { configuration: inFolder('debug.env') });
    expect(Object.fromEntries(production.lines.map(({ id, good }) => [id, good]))).toEqual({ 'deployer': true, 'standing': true, 'plan': true, 'gate': true, 'approvals': true, 'not-alone': true, 'window': false, 'staging': false, 'artifacts': true, 'configuration': false, 'clock': true });
    expect(production).toMatchObject({ method: 'canary', differences: ['DEBUG is True, and should be False'], target: [{ name: 'product.tar.gz', fault: null }] });
    expect((await check('production', { doer: { key: null, as: 'dora' } })).lines[0]).toMatchObject({ id: 'deployer', good: false });
    const staging = await check('staging', { target: file('other.sums', `${'0'.repeat(64)}  product.tar.gz\n${'1'.repeat(64)}  more.tar.gz\n`) });
    expect(staging.target.map(({ name, found, signed, fault }) => [name, found?.[0], signed === null, fault?.replace(/[0-9a-f]{12} was/, 'X was')])).toEqual([
      ['product.tar.gz', '0', false, 'product.tar.gz on the target is 000000000000, and X was signed'], ['more.tar.gz', '1', true, 'more.tar.gz on the target was not signed for this release'],
    ]);
    expect([staging.lines, staging.faults.length, await total()]).toEqual([[], 2, before]);
  });

  test.each<[what: string, more: () => Partial<Input<'deployment.start'>>, says: RegExp]>([
    ['other bytes', () => ({ target: file('other.sums', `${'0'.repeat(64)}  product.tar.gz\n`) }), /product\.tar\.gz on the target is 000000000000, and [0-9a-f]{12} was signed/],
    ['what nobody signed', () => ({ target: file('more.sums', `${'0'.repeat(64)}  more.tar.gz\n`) }), /more\.tar\.gz on the target was not signed/],
    ['nothing', () => {
      mkdirSync(inFolder('nothing'), { recursive: true });
      return { target: inFolder('nothing') };
    }, /the target has no artifact/],
    ['what was signed, without the outputs to verify it', () => ({ draft: release.draft([release.baseline]) }), /product\.tar\.gz is not among the outputs/],
    ['a configuration for developers', () => ({ configuration: inFolder('debug.env') }), /DEBUG is True, and should be False.*LOG_LEVEL is warning, and should be INFO/],
  ])('nothing is deployed to staging over %s', async (_, more, says) => {
    expect(await failure(start('staging', more()))).toMatch(says);
  });

  test('staging is deployed, fails its tests, is deployed again and passes', async () => {
    release.time = STAGING_TIME;
    const failing = await start('staging');
    expect(failing.deployment).toMatchObject({ id: 'deploy-20260112-001', state: 'running', authority: 'not-needed', by: 'dora', proven: true });
    expect((await finish(failing.deployment.record, 'failed.xml')).deployment.state).toBe('failed');
    const empty = await start('staging');
    expect((await finish(empty.deployment.id, 'empty.xml')).deployment.state).toBe('failed');
    const { deployment } = await start('staging');
    const done = await finish(deployment.id);
    expect(done).toMatchObject({ deployment: { state: 'finished', percent: 100, watch: { state: 'running', due: '2026-01-13T12:00:00Z' } }, problem: null, watchUntil: '2026-01-13T12:00:00Z' });
    expect(await failure(finish(deployment.id))).toMatch(/has finished already/);
  });

  test('a stop stops it, and is taken back by who may', async () => {
    release.time = WINDOW;
    await act('suspend', release.keys.quinn, { reason: 'A doubt' });
    expect(await failure(start('production'))).toMatch(/The release was suspended by quinn: A doubt/);
    expect(await failure(act('resume', release.keys.quinn))).toMatch(/^not-permitted: quinn is not release-manager or cto/);
    await act('resume', keys.rita);
    expect(await failure(act('resume', keys.rita))).toMatch(/is not suspended/);
  });

  test('is handed on when what comes before is done', async () => {
    await release.client.call('release.evaluate', { draft: release.draft(), at: null, record: true, task: undefined });
    expect(await states()).toBe('dddddcan');
    expect(await failure(act('advance', keys.rita, { step: 7 }))).toMatch(/^not-permitted: Step 6, production deployment, is not done: not deployed yet/);
    await act('advance', keys.rita, { step: 6 });
    expect((await show()).steps[4]).toMatchObject({ state: 'done', by: 'rita', since: WINDOW });
  });

  let deployed: string;
  test('production: who signs it, in the window, with everything there', async () => {
    expect(await failure(start('production', { doer: { key: null, as: 'dora' } }))).toMatch(/Nothing proves that dora deployed/);
    expect(await failure(start('production', { doer: { key: release.keys.quinn, as: null } }))).toMatch(/quinn is not devops/);
    expect(await failure(start('production', { configuration: inFolder('debug.env') }))).toMatch(/The target is configured otherwise: DEBUG is True/);
    const { deployment, faults } = await start('production', { configuration: inFolder('production.env') });
    expect(faults).toEqual([]);
    expect(deployment).toMatchObject({ state: 'running', method: 'canary', percent: 10, authority: 'authorised', by: 'dora', next: { percent: 50, from: '2026-01-12T22:30:00Z' } });
    expect(deployment.lines.map(({ id, good }) => [id, good])).toEqual(['deployer', 'standing', 'plan', 'gate', 'approvals', 'not-alone', 'window', 'staging', 'artifacts', 'configuration', 'clock'].map((id) => [id, true]));
    deployed = deployment.record;
    const { entry, person } = await release.client.call('archive.show', { id: deployed });
    expect(person).toBe('proven');
    expect(entry.record).toMatchObject({ authority: 'authorised', gate_report_digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect([...new Set(entry.refs.map(({ rel }) => rel))].sort()).toEqual(['allowed-by', 'deploys', 'judged-by', 'planned-by', 'staged-by']);
  });

  test('its stages wait their hour, and its end waits for its stages', async () => {
    const stage = (reason = ''): Promise<Output<'deployment.stage'>> => release.client.call('deployment.stage', { deployment: deployed, act: 'stage', doer: { key: null, as: 'dora' }, reason });
    await release.client.call('deployment.observe', { deployment: deployed, doer: { key: null, as: 'sentinel' }, status: 'ok', words: 'quiet', from: null });
    expect(await failure(stage())).toMatch(/The stage of 10 % is watched until 2026-01-12T22:30:00Z/);
    release.time = '2026-01-12T22:30:00Z';
    expect(await stage()).toMatchObject({ percent: 50, next: { percent: 100, from: '2026-01-12T23:30:00Z' }, observations: [{ words: 'quiet', status: 'ok' }] });
    expect(await failure(finish(deployed))).toMatch(/is at 50 %: the stage of 100 % comes before its end/);
    expect(await stage('All is quiet.')).toMatchObject({ percent: 100, next: null });
    expect(await failure(stage())).toMatch(/no stage follows/);
    const done = await finish(deployed);
    expect(done).toMatchObject({ problem: null, watchUntil: '2026-01-13T22:30:00Z', deployment: { state: 'finished', authority: 'authorised' } });
    const { entry } = await release.client.call('archive.show', { id: done.record ?? '' });
    const { event_type: _, ...fields } = DeploymentRecord.parse(entry.record);
    expect(fields).toEqual({
      deployment_id: expect.stringMatching(/^deploy-20260112-\d{3}$/) as string, release_version: V, deployment_date: '2026-01-12T22:30:00Z', deployment_environment: 'production', deployment_method: 'canary',
      deployment_status: 'success', deployed_by: 'dora@example.com', smoke_tests_passed: true, regression_tests_passed: true, monitoring_enabled: true, rollback_available: true,
    });
  });

  test('it is watched for 24 hours, whatever a clock says meanwhile, and closed by a signature', async () => {
    const close = (key: string): Promise<Output<'deployment.close'>> => release.client.call('deployment.close', { deployment: deployed, key, status: 'ok', words: '', repo: release.repository.path });
    expect(await failure(close(release.keys.quinn))).toMatch(/^not-permitted: It is watched until 2026-01-13T22:30:00Z/);
    const seen = file('seen.jsonl', '{"at":"2026-01-12T23:00:00Z","status":"ok","words":"errors 0.1 %"}\n{"at":"2026-01-13T01:00:00Z","status":"issue","words":"one restart"}\n');
    expect(await release.client.call('deployment.observe', { deployment: deployed, doer: { key: null, as: 'sentinel' }, status: 'ok', words: '', from: seen })).toMatchObject({ recorded: 2, deployment: { watch: { state: 'running', observations: [{ status: 'ok' }, { status: 'issue', words: 'one restart' }] } } });
    expect(await failure(release.client.call('deployment.observe', { deployment: deployed, doer: { key: null, as: 'x' }, status: 'ok', words: '', from: file('bad.jsonl', '{"at":"yesterday"}\n') }))).toMatch(/bad\.jsonl, line 1: it is not/);
    release.time = '2026-01-10T00:00:00Z';
    expect((await show()).deployments.at(-1)?.watch).toMatchObject({ state: 'running', due: '2026-01-13T22:30:00Z', notes: [expect.stringMatching(/yet to come by the clock/)] });
    release.time = '2026-01-13T22:30:00Z';
    expect((await show()).deployments.at(-1)?.watch).toMatchObject({ state: 'due', secondsLeft: 0 });
    expect(await failure(close(keys.rita))).toMatch(/^not-permitted: rita is not qa or devops/);
    const closed = await close(release.keys.quinn);
    expect(closed).toMatchObject({ problem: null, deployment: { watch: { state: 'closed', closed: { by: 'quinn' } } } });
    const { entry } = await release.client.call('archive.show', { id: closed.release ?? '' });
    expect(ReleaseRecord.parse(entry.record)).toMatchObject({
      event_type: 'release', release_version: V, release_date: '2026-01-12T22:30:00Z', release_commit: release.commit, release_artifacts: ['product.tar.gz', 'product.tar.gz.asc'], release_notes: '1 feature: Add prices (#12)',
      deployed_by: 'dora@example.com', approved_by: [], deployment_environment: 'production', deployment_status: 'success', rollback_plan: 'Back to v1.0.0.',
    });
    expect(entry.refs.map(({ rel }) => rel).sort()).toEqual(['deployed-by', 'documents']);
    expect(await states()).toBe('dddddddn');
  });

  test('its timeline has everything, in order, and can be printed', async () => {
    const { events, markdown } = await release.client.call('release.timeline', { release: V, task: undefined });
    const { total } = await release.client.call('archive.list', { origin: null, event_type: null, release: V, offset: 0, limit: 1 });
    expect(events.length).toBe(total);
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort());
    expect(new Set(events.flatMap(({ people }) => people))).toEqual(new Set(['grace', 'quinn', 'rita', 'dora']));
    expect(markdown.split('\n').filter((line) => line.startsWith('| 20')).length).toBe(total);
  });

  test('the archive verifies', async () => {
    expect(await release.client.call('archive.verify', { from: null, vkeys: [], task: undefined })).toMatchObject({ verdict: 'good', problems: [] });
  });
});

describe('what is deployed without authority', () => {
  test('is recorded as what it is, and asks the CTO for a finding', async () => {
    release.time = '2026-01-14T12:00:00Z';
    expect(await failure(start('production', { unauthorised: '' }))).toMatch(/^bad-input: It says why/);
    const { deployment, faults } = await start('production', { method: 'direct', unauthorised: 'It was done in the night.', doer: { key: null, as: 'dora' } });
    expect(deployment).toMatchObject({ authority: 'unauthorised', proven: false, state: 'running' });
    expect(faults.join(' ')).toMatch(/Nothing proves that dora deployed.*no maintenance window/);
    const done = await finish(deployment.record);
    const { entry } = await release.client.call('archive.show', { id: done.record ?? '' });
    expect(entry.record['deployment_status']).toBe('deployed, unauthorised');
    expect((await show()).steps[6]?.blocks).toContainEqual({ what: `${deployment.id} was deployed, unauthorised: a finding is asked`, who: 'cto' });
  });

  test('is found on by the CTO alone, and is unauthorised still', async () => {
    const unauthorised = (await show()).deployments.find(({ authority }) => authority === 'unauthorised')?.record ?? '';
    const find = (key: string, deployment = unauthorised): Promise<Output<'deployment.finding'>> => release.client.call('deployment.finding', { deployment, key, words: 'It was right, and badly done.' });
    expect(await failure(find(keys.rita))).toMatch(/^not-permitted: rita is not cto/);
    expect(await failure(find(release.keys.cleo, (await show()).deployments.find(({ authority }) => authority === 'authorised')?.record))).toMatch(/was not deployed without authority/);
    expect(await find(release.keys.cleo)).toMatchObject({ authority: 'unauthorised', state: 'finished', finding: { by: 'cleo', words: 'It was right, and badly done.' } });
    expect((await show()).steps[6]?.blocks.some(({ what }) => what.includes('a finding is asked'))).toBe(false);
  });

  test('does not become authorised by saying so, nor by being imported', async () => {
    const { deployments } = await show();
    const authorised = deployments.find(({ authority }) => authority === 'authorised');
    const { entry } = await release.client.call('archive.show', { id: authorised?.record ?? '' });
    const lines = file('import.jsonl', `${JSON.stringify({ ...entry.record, deployment_id: 'deploy-imported', at: WINDOW })}\n`);
    await release.client.call('archive.append', { from: lines, attachments: null, task: undefined });
    const imported = (await show()).deployments.find(({ id }) => id === 'deploy-imported');
    expect(imported).toMatchObject({ authority: 'unauthorised', aside: 'imported' });
    expect(readFileSync(lines, 'utf8')).toContain('"authority":"authorised"');
  });
});

describe('a release that was withdrawn', () => {
  test('is deployed by nobody any more, though its plan has a window and its approvals stand', async () => {
    release.time = WINDOW;
    const faultsNow = async (): Promise<string> => failure(start('production'));
    expect(await faultsNow()).toBe('done');
    await release.client.call('release.withdraw', { release: V, reason: 'It loses data.', role: 'cto', key: release.keys.cleo, policyFile: null, out: null, task: undefined });
    const { report } = await release.judge();
    expect([report.gate, report.results.find(({ id }) => id === 'deployment-scheduled')?.summary]).toEqual(['closed', expect.stringMatching(/^cleo withdrew it at .*: It loses data\./)]);
    expect(await faultsNow()).toMatch(/The release was withdrawn .*The gate was closed, with authority proved/);
  });
});
