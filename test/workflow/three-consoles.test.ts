import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Input, Output } from '../../src/core/contract/types.ts';
import { DeploymentRecord, ReleaseRecord, RollbackRecord } from '../../src/core/model/archive.ts';
import type { CheckId } from '../../src/core/model/verdict.ts';
import { NOON, ThreeConsoles, WINDOW, type Owner } from '../support/three-consoles.ts';

const V = 'v1.1.0';
const OF_QA: readonly CheckId[] = ['qa-automated-checks', 'qa-release-notes', 'qa-changelog', 'qa-api-documentation', 'qa-staging-tested', 'qa-no-critical-issues'];

let world: ThreeConsoles;
beforeAll(async () => {
  world = new ThreeConsoles();
  await world.prepare();
}, 120_000);
afterAll(() => world.close());

const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);
const doer = (owner: Owner) => ({ ...world.by(owner), as: null });
const plan = (rollbackPlan: string): Promise<Output<'release.plan'>> => world.client('rita').call('release.plan', {
  release: V, ...world.by('rita'), from: null, repo: world.build.repository.path, since: null, calendar: world.file('windows.ics'), method: 'canary', rollbackPlan, previous: 'v1.0.0', securityImpact: 'None.',
});
const decide = (decision: 'approve' | 'reject', reason: string): Promise<Output<'approval.sign'>> => world.client('tess').call('approval.sign', { draft: world.draft(), ...world.by('tess'), role: 'cto', decision, reason, out: null, task: undefined });
const judge = async (owner: Owner): Promise<{ gate: string; red: string[]; cto: string }> => {
  const { report } = await world.client(owner).call('release.evaluate', { draft: world.draft(), at: null, record: true, task: undefined });
  return {
    gate: report.gate, red: report.results.filter(({ status }) => status !== 'passed' && status !== 'not-applicable').map(({ id, status }) => `${id} ${status}`),
    cto: report.results.find(({ id }) => id === 'cto-approval')?.summary ?? '',
  };
};
const show = (owner: Owner): Promise<Output<'release.show'>> => world.client(owner).call('release.show', { release: V, policyFile: null });
const start = (environment: string, more: Partial<Input<'deployment.start'>> = {}): Promise<Output<'deployment.start'>> =>
  world.client('rita').call('deployment.start', { draft: world.draft(), environment, method: null, doer: doer('rita'), target: world.file('outputs/release'), configuration: null, unauthorised: null, task: undefined, ...more });
const finish = (deployment: string): Promise<Output<'deployment.finish'>> => world.client('rita').call('deployment.finish', { deployment, doer: doer('rita'), smoke: [world.file('passed.xml')], regression: [world.file('passed.xml')], task: undefined });

describe('a major release of three consoles that meet in a folder', { timeout: 60_000 }, () => {
  test('is planned by one, deployed to staging, and attested by another', async () => {
    world.time = NOON;
    await plan('We go back somehow.');
    await finish((await start('staging')).deployment.record);
    await world.meet();
    for (const check of OF_QA) {
      await world.client('uma').call('statement.sign', { ...world.by('uma'), statement: { kind: 'line', repo: world.build.repository.path, release: V, policyFile: null, check, statement: 'Tried on staging.', files: [], details: {} } });
    }
    expect((await judge('uma')).red).toEqual(['cto-approval needs-person']);
    // What was attested there is not here yet.
    expect((await judge('rita')).red).toEqual(['cto-approval needs-person', ...OF_QA.map((id) => `${id} needs-person`)]);
    await world.meet();
    expect((await judge('rita')).red).toEqual(['cto-approval needs-person']);
  });

  test('is rejected by the CTO, which stops it wherever it comes to be known', async () => {
    await decide('reject', 'The plan does not say how.');
    expect((await judge('rita')).gate).toBe('closed');
    await world.meet();
    expect(await judge('rita')).toEqual({ gate: 'closed', red: ['cto-approval failed'], cto: expect.stringMatching(/tess rejected it.*The plan does not say how/) as string });
    world.time = WINDOW;
    expect(await failure(start('production'))).toMatch(/^not-permitted: Nothing is deployed to production/);
  });

  test('is approved as it was changed, by whoever rejected it', async () => {
    await plan('Traffic goes back to v1.0.0, which keeps running beside it.');
    expect((await judge('rita')).cto).toMatch(/^Asks cto/);
    expect(await failure(decide('approve', 'Well planned.')).then((said) => said === 'done')).toBe(true);
    // She approved the plan that her console knew, which is the one of before.
    await world.meet();
    expect((await judge('rita')).gate).toBe('closed');
    await decide('approve', 'Well planned.');
    await world.meet();
    for (const owner of ['rita', 'tess', 'uma'] as const) expect(await judge(owner)).toMatchObject({ gate: 'open', red: [], cto: expect.stringMatching(/^Approved by tess, cto/) as string });
  });

  let deployed: string;
  test('goes to production by canary, watched from another console', async () => {
    const { deployment, faults } = await start('production', { configuration: world.file('production.env') });
    expect([faults, deployment.authority, deployment.percent]).toEqual([[], 'authorised', 10]);
    deployed = deployment.record;
    for (const [time, percent] of [['2026-01-12T22:30:00Z', 50], ['2026-01-12T23:30:00Z', 100]] as const) {
      world.time = time;
      expect(await world.client('rita').call('deployment.stage', { deployment: deployed, act: 'stage', doer: doer('rita'), reason: '' })).toMatchObject({ percent });
    }
    expect(await finish(deployed)).toMatchObject({ problem: null, watchUntil: '2026-01-13T23:30:00Z' });
    await world.meet();
    await world.client('uma').call('deployment.observe', { deployment: deployed, doer: doer('uma'), status: 'ok', words: 'errors 0.1 %', from: null });
    world.time = '2026-01-13T23:30:00Z';
    const closed = await world.client('uma').call('deployment.close', { deployment: deployed, ...world.by('uma'), status: 'ok', words: 'Quiet.', repo: world.build.repository.path });
    expect([closed.problem, closed.release === null]).toEqual([null, false]);
    await world.meet();
    // Others know of it only now, and it is as authorised for them.
    for (const owner of ['rita', 'tess', 'uma'] as const) expect((await show(owner)).deployments.find(({ record }) => record === deployed)).toMatchObject({ authority: 'authorised', watch: { state: 'closed', closed: { by: 'uma' }, observations: [{ words: 'errors 0.1 %' }] } });
  });

  test('is rolled back: detected by one, decided by the CTO, carried out by a third', async () => {
    world.time = '2026-01-14T08:00:00Z';
    const told = (['incident-team', 'cto', 'ciso'] as const).map((as) => ({ who: `the ${as}`, as, at: world.time, by: 'telephone' }));
    const { record: rollback } = await world.client('uma').call('rollback.start', { deployment: deployed, trigger: 'critical-bug', reason: 'system crash on prediction request', doer: doer('uma'), notified: told, slowerPercent: null });
    await world.meet();
    await world.client('tess').call('rollback.decide', { rollback, to: null, repo: world.build.repository.path, artifacts: world.file('old'), ...world.by('tess'), reason: 'Customers cannot pay.', anyway: null, task: undefined });
    const execute = (): Promise<Output<'rollback.execute'>> => world.client('rita').call('rollback.execute', { rollback, doer: doer('rita'), method: 'canary', unauthorised: null, to: null });
    expect(await failure(execute())).toMatch(/^not-permitted: Nobody who is cto has decided/);
    await world.meet();
    expect(await execute()).toMatchObject({ state: 'executing', authority: 'authorised', to: 'v1.0.0' });
    expect(await world.client('rita').call('rollback.finish', { rollback, doer: doer('rita'), smoke: [world.file('passed.xml')], causeOwner: 'rita', causeDue: null, task: undefined })).toMatchObject({ problem: null });
    world.time = '2026-01-15T08:00:00Z';
    await world.meet();
    await world.client('uma').call('rollback.close', { rollback, ...world.by('uma'), status: 'ok', words: 'Quiet again.' });
    await world.client('rita').call('rollback.cause', { rollback, ...world.by('rita'), owner: null, due: null, found: 'A null that nobody expected.' });
    await world.meet();
    for (const owner of ['rita', 'tess', 'uma'] as const) {
      expect((await world.client(owner).call('rollback.list', { open: false })).rollbacks).toMatchObject([{ record: rollback, state: 'finished', authority: 'authorised', watch: { state: 'closed' }, cause: { state: 'closed' } }]);
    }
  });

  test('stays what it was when the CTO leaves: every console knew of her acts before it took the next roster', async () => {
    const { build } = world;
    world.time = '2026-01-16T08:00:00Z';
    const next = world.file('roster-2.json');
    await build.client.call('roster.propose', { file: null, changes: { status: [{ id: 'tess', status: 'left' }] }, out: next });
    await build.client.call('roster.sign', { file: next, key: build.keys.grace });
    await build.client.call('roster.adopt', { file: next, digest: null });
    // With a sync it comes to the others, and what they all knew came with the syncs before.
    await world.meet();
    for (const owner of ['rita', 'tess', 'uma'] as const) {
      expect((await world.client(owner).call('roster.read', {})).held).toMatchObject({ version: 2, problem: null });
      expect((await show(owner)).deployments.find(({ record }) => record === deployed)).toMatchObject({ authority: 'authorised', lines: expect.arrayContaining([expect.objectContaining({ id: 'approvals', good: true })]) as unknown });
      expect((await world.client(owner).call('rollback.list', { open: false })).rollbacks).toMatchObject([{ authority: 'authorised' }]);
    }
    expect(await failure(decide('approve', 'Once more.'))).toMatch(/^not-permitted: The key [0-9A-F]{40} is nobody's key for approvals/);
  });

  test('leaves one archive, which verifies on every console, and three records as the policy prints them', async () => {
    // That each took the roster is in its log since, and is handed on with the next sync.
    await world.meet();
    const all = await Promise.all((['rita', 'tess', 'uma'] as const).map(async (owner) => {
      const client = world.client(owner);
      expect(await client.call('archive.verify', { from: null, vkeys: [], task: undefined })).toMatchObject({ verdict: 'good', problems: [] });
      const { logs } = await client.call('archive.logs', {});
      return logs.map(({ origin, size, root }) => `${origin} ${size} ${root}`).sort();
    }));
    expect([all[1], all[2]]).toEqual([all[0], all[0]]);
    const recordOf = async (event_type: 'release' | 'deployment' | 'rollback'): Promise<unknown> => {
      const { entries } = await world.client('tess').call('archive.list', { origin: null, event_type, release: V, offset: 0, limit: 50 });
      const found = await Promise.all(entries.map(async ({ id }) => (await world.client('tess').call('archive.show', { id })).entry.record));
      return found.find((record) => event_type !== 'deployment' || record['deployment_environment'] === 'production');
    };
    const day = '20260112';
    expect(ReleaseRecord.parse(await recordOf('release'))).toEqual({
      event_type: 'release', release_version: V, release_date: '2026-01-12T23:30:00Z', release_commit: world.build.commit, release_artifacts: ['product.tar.gz', 'product.tar.gz.asc'], release_notes: '1 feature: Add prices (#12)',
      deployed_by: 'rita@example.com', approved_by: ['tess@example.com'], deployment_environment: 'production', deployment_status: 'success', rollback_plan: 'Traffic goes back to v1.0.0, which keeps running beside it.',
      release_artifacts_sha256: expect.anything() as unknown,
    });
    expect(DeploymentRecord.parse(await recordOf('deployment'))).toEqual({
      event_type: 'deployment', deployment_id: expect.stringMatching(new RegExp(`^deploy-${day}-\\d{3}$`)) as string, release_version: V, deployment_date: '2026-01-12T23:30:00Z', deployment_environment: 'production', deployment_method: 'canary',
      deployment_status: 'success', deployed_by: 'rita@example.com', smoke_tests_passed: true, regression_tests_passed: true, monitoring_enabled: true, rollback_available: true,
    });
    expect(RollbackRecord.parse(await recordOf('rollback'))).toEqual({
      event_type: 'rollback', rollback_id: 'rollback-20260114-001', from_version: V, to_version: 'v1.0.0', rollback_date: '2026-01-14T08:00:00Z', rollback_reason: 'Critical bug detected: system crash on prediction request', rollback_method: 'canary',
      rollback_status: 'success', rolled_back_by: 'rita@example.com', approved_by: ['tess@example.com'], root_cause_investigation: 'in_progress',
    });
  });
});
