import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Input, Output } from '../../src/core/contract/types.ts';
import { RollbackRecord } from '../../src/core/model/archive.ts';
import { GreenRelease } from '../support/green-release.ts';

const V = 'v1.1.0';
const NOW = '2026-01-12T12:00:00Z';
let release: GreenRelease;
let rita: string;
let first: string;
let second: string;
beforeAll(async () => {
  release = new GreenRelease();
  rita = release.gpg.key('rita <rita@example.com>');
  release.people.push({ id: 'rita', key: rita, roles: ['release-manager', 'devops'] });
  await release.prepare();
  const write = (name: string, text: string): void => writeFileSync(inFolder(name), text);
  write('passed.xml', '<testsuites><testsuite name="smoke" tests="1"><testcase name="a"/></testsuite></testsuites>');
  write('failed.xml', '<testsuites><testsuite name="smoke" tests="1"><testcase name="a"><error message="no"/></testcase></testsuite></testsuites>');
  for (const [name, mean] of [['before.json', 0.1], ['same.json', 0.14], ['after.json', 0.16]] as const) write(name, JSON.stringify({ results: [{ command: 'ask', mean, stddev: 0.001, median: mean, min: mean, max: mean, times: [mean, mean] }] }));
  mkdirSync(inFolder('old'));
  writeFileSync(inFolder('old/product.tar.gz'), Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.alloc(90, 3)]));
  await release.client.call('signing.sign', { key: release.keys.alan, files: [inFolder('old/product.tar.gz')], out: inFolder('old'), release: { version: 'v1.0.0', commit: release.before }, replace: false, task: undefined });
  await release.client.call('release.plan', { release: V, key: rita, from: null, repo: release.repository.path, since: null, calendar: null, method: 'blue-green', rollbackPlan: 'Back.', previous: null, securityImpact: null });
}, 120_000);
afterAll(() => release.close());

const inFolder = (name: string): string => join(release.folder.path, name);
const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);
const deploy = async (version: string, outputs: string[], target: string): Promise<string> => {
  const { deployment } = await release.client.call('deployment.start', { draft: { ...release.draft(outputs), version }, environment: 'production', method: 'blue-green', doer: { key: rita, as: null }, target, configuration: null, unauthorised: 'For this test.', task: undefined });
  await release.client.call('deployment.finish', { deployment: deployment.record, doer: { key: rita, as: null }, smoke: [inFolder('passed.xml')], regression: [inFolder('passed.xml')], task: undefined });
  return deployment.record;
};
const check = (more: Partial<Input<'rollback.check'>> = {}): Promise<Output<'rollback.check'>> =>
  release.client.call('rollback.check', { deployment: second, to: null, repo: release.repository.path, artifacts: inFolder('old'), before: null, after: null, task: undefined, ...more });
const proof = async (more: Partial<Input<'rollback.check'>> = {}): Promise<Record<string, string>> => Object.fromEntries((await check(more)).proof.map(({ id, status }) => [id, status]));

describe('the proof that it can be done', () => {
  test('asks that the version before was deployed there', async () => {
    second = await deploy(V, [release.outputs, release.baseline], join(release.outputs, 'release'));
    expect(await proof()).toEqual({ 'artifacts-here': 'good', 'artifacts-verify': 'good', 'deployed-before': 'bad', 'no-migration': 'good', 'no-configuration': 'good' });
    first = await deploy('v1.0.0', [inFolder('old')], inFolder('old'));
    expect(await check()).toMatchObject({ from: V, to: 'v1.0.0', environment: 'production', possible: true, slower: null, triggers: [{ id: 'critical-bug', clause: '§9.1' }, { id: 'vulnerability-exploited' }, { id: 'performance-degradation' }, { id: 'data-loss' }, { id: 'compliance-violation' }] });
  });

  test('asks that its artifacts are here and verify', async () => {
    expect(await proof({ artifacts: join(release.outputs, 'release') })).toMatchObject({ 'artifacts-here': 'bad', 'artifacts-verify': 'bad' });
    mkdirSync(inFolder('unsigned'));
    writeFileSync(inFolder('unsigned/product.tar.gz'), Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.alloc(90, 3)]));
    expect(await proof({ artifacts: inFolder('unsigned') })).toMatchObject({ 'artifacts-here': 'good', 'artifacts-verify': 'bad' });
    expect(await failure(check({ to: 'v0.9.0' }))).toBe('done');
    expect(await proof({ to: 'v0.9.0' })).toMatchObject({ 'artifacts-here': 'bad', 'deployed-before': 'bad', 'no-migration': 'unknown' });
  });

  test('asks that no migration and no configuration lies between', async () => {
    const { repository } = release;
    repository.git('checkout', '-q', '-b', 'later');
    const later = repository.write('db/migrate/20260101_add.rb', 'add').write('config/app.yml', 'a: 1').commit('Add a table');
    repository.git('checkout', '-q', 'main');
    // The record of a deployment says which commit it was of.
    const third = await release.client.call('archive.list', { origin: null, event_type: 'deployment_stage', release: V, offset: 0, limit: 10 });
    expect(third.total).toBe(2);
    repository.git('tag', '-f', V, later);
    const moved = await deploy(V, [release.outputs, release.baseline], join(release.outputs, 'release'));
    expect(await proof({ deployment: moved })).toMatchObject({ 'no-migration': 'bad', 'no-configuration': 'bad' });
    repository.git('tag', '-f', V, release.commit);
  });

  test.each<[after: string, percent: number, called: boolean]>([['same.json', 40, false], ['after.json', 60, true], ['before.json', 0, false]])('says how much slower %s is: %d %%', async (after, percent, called) => {
    const { slower } = await check({ before: inFolder('before.json'), after: inFolder(after) });
    expect(slower).toMatchObject({ percent, threshold: 50, called });
    expect(slower?.figures[0]).toMatchObject({ name: 'ask', percent });
    expect(await failure(check({ before: inFolder('passed.xml'), after: inFolder(after) }))).toMatch(/^bad-input: The two results have no figure in common/);
  });
});

describe('a rollback', () => {
  let id: string;
  const told = (as: 'incident-team' | 'cto' | 'ciso'): Input<'rollback.notify'>['notified'][number] => ({ who: `the ${as}`, as, at: NOW, by: 'telephone' });
  const decide = (key: string, more: Partial<Input<'rollback.decide'>> = {}): Promise<Output<'rollback.decide'>> => release.client.call('rollback.decide', { rollback: id, to: null, repo: release.repository.path, artifacts: inFolder('old'), key, reason: 'Customers cannot pay.', anyway: null, task: undefined, ...more });
  const execute = (more: Partial<Input<'rollback.execute'>> = {}): Promise<Output<'rollback.execute'>> => release.client.call('rollback.execute', { rollback: id, doer: { key: rita, as: null }, method: 'blue-green', unauthorised: null, to: null, ...more });

  test('is detected, and says whom nobody has told', async () => {
    const started = await release.client.call('rollback.start', { deployment: second, trigger: 'critical-bug', reason: 'system crash on prediction request', doer: { key: null, as: 'sentinel' }, notified: [told('cto')], slowerPercent: null });
    expect(started).toMatchObject({ id: 'rollback-20260112-001', state: 'detected', untold: ['incident-team', 'ciso'], authority: 'undecided', deployment: second, notified: [told('cto')] });
    id = started.record;
    expect(await release.client.call('rollback.notify', { rollback: id, doer: { key: null, as: 'sentinel' }, notified: [told('incident-team'), told('ciso')] })).toMatchObject({ untold: [] });
  });

  test('is decided by the CTO alone, by signature, over a proof that is whole', async () => {
    expect(await failure(decide(rita))).toMatch(/^not-permitted: rita is not cto/);
    expect(await failure(decide(release.keys.cleo, { artifacts: join(release.outputs, 'release') }))).toMatch(/^not-permitted: That it can be done is not proved: Not here as they were signed/);
    expect(await failure(execute())).toMatch(/^not-permitted: Nobody who is cto has decided/);
    expect(await decide(release.keys.cleo)).toMatchObject({ state: 'decided', to: 'v1.0.0', decision: { by: 'cleo', proof: [{ id: 'artifacts-here', status: 'good' }, {}, {}, {}, {}] } });
  });

  test('is carried out, tested, documented as the policy prints it, and joined both ways', async () => {
    expect(await execute()).toMatchObject({ state: 'executing', authority: 'authorised' });
    expect(await failure(execute())).toMatch(/was carried out already/);
    const done = await release.client.call('rollback.finish', { rollback: id, doer: { key: rita, as: null }, smoke: [inFolder('passed.xml')], causeOwner: 'grace', causeDue: null, task: undefined });
    expect(done).toMatchObject({ problem: null, rollback: { state: 'finished', watch: { state: 'running', due: '2026-01-13T12:00:00Z' }, cause: { state: 'open', owner: 'grace', due: '2026-01-17T12:00:00Z', found: null } } });
    const { entry } = await release.client.call('archive.show', { id: done.record ?? '' });
    expect(RollbackRecord.parse(entry.record)).toEqual({
      event_type: 'rollback', rollback_id: 'rollback-20260112-001', from_version: V, to_version: 'v1.0.0', rollback_date: NOW, rollback_reason: 'Critical bug detected: system crash on prediction request', rollback_method: 'blue-green',
      rollback_status: 'success', rolled_back_by: 'rita@example.com', approved_by: ['cleo@example.com'], root_cause_investigation: 'in_progress',
    });
    expect(entry.refs.map(({ rel }) => rel).sort()).toEqual(['documents', 'restores', 'rolls-back']);
    const { referredBy } = await release.client.call('archive.show', { id: second });
    expect(referredBy.map(({ rel }) => rel)).toContain('rolls-back-stage');
    expect((await release.client.call('release.show', { release: V, policyFile: null })).deployments.find(({ record }) => record === second)?.rolledBack).toEqual([id]);
  });

  test('what is seen is recorded in its watch, typed or from a file, and stands on the board', async () => {
    const observe = (more: Partial<Input<'rollback.observe'>>): Promise<Output<'rollback.observe'>> => release.client.call('rollback.observe', { rollback: id, doer: { key: null, as: 'sentinel' }, status: 'ok', words: '', from: null, ...more });
    expect(await failure(observe({}))).toMatch(/^bad-input: An observation says what was seen/);
    writeFileSync(inFolder('seen.jsonl'), '{"at":"2026-01-12T13:00:00Z","status":"issue","words":"queue grows"}\n{"at":"2026-01-12T12:30:00Z","status":"ok","words":"errors 0.1 %"}\n');
    expect(await observe({ words: 'errors gone' })).toMatchObject({ recorded: 1 });
    const { recorded, rollback } = await observe({ from: inFolder('seen.jsonl') });
    expect([recorded, rollback.watch?.observations.map(({ status, words }) => `${status} ${words}`)]).toEqual([2, ['ok errors gone', 'ok errors 0.1 %', 'issue queue grows']]);
    writeFileSync(inFolder('odd.jsonl'), '{"at":"2026-01-12T13:00:00Z","status":"fine","words":"x"}\n');
    expect(await failure(observe({ from: inFolder('odd.jsonl') }))).toMatch(/^malformed: .*odd\.jsonl, line 1/);
    const board = await release.client.call('deployment.board', { release: V });
    expect(board.rollbacks).toEqual([rollback]);
    expect(board).toMatchObject({ planned: { method: 'blue-green', previous: 'v1.0.0' }, rules: { deployers: expect.arrayContaining(['devops']), rollers: ['cto'], hours: 24, canary: [{ percent: 10, minutes: 60 }, { percent: 50, minutes: 60 }, { percent: 100, minutes: 0 }], slowerPercent: 50 } });
    expect(board.deployments.map(({ record }) => record)).toContain(second);
    expect(board.people.find((person) => person.id === 'cleo')).toMatchObject({ roles: ['cto', 'ciso'] });
  });

  test('its root cause stays open until a signed record says what was found', async () => {
    const cause = (more: Partial<Input<'rollback.cause'>>): Promise<Output<'rollback.cause'>> => release.client.call('rollback.cause', { rollback: id, key: release.keys.grace, owner: null, due: null, found: null, ...more });
    const open = async (): Promise<string[]> => (await release.client.call('rollback.list', { open: true })).rollbacks.map(({ cause: { state } }) => state);
    release.time = '2026-01-18T00:00:00Z';
    expect(await open()).toEqual(['overdue']);
    expect(await cause({ owner: 'quinn', due: '2026-01-20T00:00:00Z' })).toMatchObject({ cause: { state: 'open', owner: 'quinn', due: '2026-01-20T00:00:00Z' } });
    expect((await release.client.call('release.show', { release: V, policyFile: null })).steps[7]).toMatchObject({ state: 'current', blocks: [{ who: 'quinn' }] });
    expect(await cause({ found: 'A null that nobody expected.' })).toMatchObject({ cause: { state: 'closed', found: 'A null that nobody expected.' } });
    expect(await open()).toEqual([]);
    expect(await failure(cause({ found: 'Another.' }))).toMatch(/is found already/);
    expect(await release.client.call('rollback.close', { rollback: id, key: release.keys.quinn, status: 'ok', words: 'quiet' })).toMatchObject({ watch: { state: 'closed' } });
  });

  test('that nobody decided is recorded as what it is', async () => {
    const started = await release.client.call('rollback.start', { deployment: first, trigger: 'data-loss', reason: 'rows are gone', doer: { key: null, as: 'sentinel' }, notified: [], slowerPercent: null });
    id = started.record;
    expect(await execute({ unauthorised: 'Nobody could be reached.', to: 'v0.9.0' })).toMatchObject({ authority: 'unauthorised' });
    const failed = await release.client.call('rollback.finish', { rollback: id, doer: { key: rita, as: null }, smoke: [inFolder('failed.xml')], causeOwner: null, causeDue: null, task: undefined });
    expect(failed.rollback.state).toBe('failed');
    const { entry } = await release.client.call('archive.show', { id: failed.record ?? '' });
    expect(entry.record).toMatchObject({ rollback_status: 'failed', approved_by: [] });
  });
});
