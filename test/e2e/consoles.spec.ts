import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeploymentRecord, ReleaseRecord, RollbackRecord } from '../../src/core/model/archive.ts';
import { temporaryFolder } from '../support/repository.ts';
import { NOON, PASSPHRASE, ThreeConsoles, WINDOW, type Owner } from '../support/three-consoles.ts';
import { expect, expectSound, keepPicture, test } from './console.ts';
import { Desk } from './desk.ts';

const V = 'v1.1.0';
const BUILT_IN = join(import.meta.dirname, '../../resources/policies/gq-ssdlc-008.yaml');
/** Who outside is told of a breach. */
const NOTICE = `  external_notices:
    value: [{ notice: regulator, words: The regulator, hours: 72, criteria: [data-breach], roles: [cto] }]
    source: house
    meaning: Who outside is to be told of an emergency.
`;
const OF_QA = ['qa-automated-checks', 'qa-release-notes', 'qa-changelog', 'qa-api-documentation', 'qa-staging-tested', 'qa-no-critical-issues'] as const;

let world: ThreeConsoles;
let rita: Desk;
let tess: Desk;
let uma: Desk;
const withNotice = (): string => world.file('policy-with-a-notice.yaml');
const nobodysGpg = temporaryFolder('no-keys');

test.describe.configure({ mode: 'serial' });
test.setTimeout(240_000);
test.beforeEach(({ shell }) => test.skip(shell === 'electron', 'Three consoles share a clock that the test sets, so the other shell is opened over their cores.'));
test.beforeAll(async () => {
  world = new ThreeConsoles();
  writeFileSync(withNotice(), readFileSync(BUILT_IN, 'utf8').replace(/^ {2}canary_stages:\n/m, `${NOTICE}$&`));
  world.build.policies.push(withNotice());
  await world.prepare();
  await world.meet();
  await world.closeCores();
  // Whoever sits here has the key in their own data folder, and none of anybody else's.
  process.env['GNUPGHOME'] = nobodysGpg.path;
  world.time = NOON;
  rita = await Desk.of(world, 'rita');
  tess = await Desk.of(world, 'tess');
  uma = await Desk.of(world, 'uma');
});
test.afterAll(async () => {
  for (const desk of [rita, tess, uma]) await desk?.console.close();
  await world?.close();
  nobodysGpg.remove();
});

/** The first hands over what is only there, and the others take it. */
async function handOver(from: Desk, ...to: readonly Desk[]): Promise<void> {
  for (const desk of [from, ...to]) await desk.sync();
}

async function deploy(environment: 'staging' | 'production'): Promise<void> {
  const { page } = rita;
  await rita.go('deployment');
  await page.getByTestId('begin-deployment').or(page.getByTestId('start-deployment')).first().waitFor();
  if (await page.getByTestId('begin-deployment').isVisible()) await page.getByTestId('begin-deployment').click();
  await page.getByTestId('deploy-environment').selectOption(environment);
  await page.getByLabel('A folder', { exact: true }).check();
  await page.getByTestId('deploy-target').fill(world.file('outputs/release'));
  if (environment === 'production') await page.getByTestId('deploy-configuration').fill(world.file('production.env'));
  await page.getByTestId('check-deployment').click();
  await expect(page.getByTestId('checked')).toBeVisible({ timeout: 60_000 });
}

async function finish(): Promise<void> {
  const { page } = rita;
  await page.getByTestId('act-finish').first().click();
  await page.getByTestId('finish-smoke').fill(world.file('passed.xml'));
  await page.getByTestId('finish-regression').fill(world.file('passed.xml'));
  await rita.sign('finish-send');
  await expect(page.getByText('It is finished, and is watched from now on.')).toBeVisible({ timeout: 30_000 });
}

async function plan(rollback: string, first: boolean): Promise<void> {
  const { page } = rita;
  await rita.go('plan');
  await page.getByTestId(first ? 'propose-plan' : 'change-plan').click();
  await page.getByTestId('plan-rollback').fill(rollback);
  if (first) {
    await page.getByTestId('method-canary').check();
    await page.getByTestId('plan-calendar').fill(world.file('windows.ics'));
    await page.getByTestId('plan-calendar').press('Enter');
    await expect(page.getByTestId('schedule')).toContainText('Maintenance window');
  }
  await rita.sign('sign-plan');
  await expect(page.getByTestId('plan-signed')).toContainText('rita signed the plan.');
}

async function decide(decision: 'approve' | 'reject', reason: string): Promise<void> {
  const { page } = tess;
  await tess.go('approve');
  await page.getByTestId(`decision-${decision}`).check({ timeout: 60_000 });
  await page.getByTestId('reason').fill(reason);
  await tess.sign('sign-decision');
  await expect(page.getByTestId('decided')).toContainText(`tess ${decision === 'approve' ? 'approved' : 'rejected'} ${V} as cto`, { timeout: 60_000 });
}

async function usePolicy(desk: Desk, file: string): Promise<void> {
  const { page } = desk;
  await desk.go('#/settings');
  await page.getByTestId('policy-file').fill(file);
  await page.getByRole('button', { name: 'Set the policy file' }).click();
  await expect(page.getByRole('button', { name: 'Set the policy file' })).toBeDisabled();
}

test('each loads the release; it is planned, and deployed to staging', async () => {
  for (const desk of [rita, tess, uma]) await desk.load();
  await plan('We go back somehow.', true);
  await deploy('staging');
  await rita.sign('deploy-send');
  await expect(rita.page.getByTestId('board')).toContainText('deploy-20260112-002', { timeout: 30_000 });
  await finish();
  await expectSound(rita.console);
});

test('QA attests from another console, one line after the other', async () => {
  await handOver(rita, uma);
  const { page } = uma;
  await uma.go(`checklist?line=${OF_QA[0]}`);
  for (const [index, check] of OF_QA.entries()) {
    await expect(page).toHaveURL(new RegExp(`line=${check}$`));
    await page.getByTestId('attest-statement').fill('Tried on staging.');
    await uma.sign(index < OF_QA.length - 1 ? 'attest-and-next' : 'attest-line');
    await expect(page.getByTestId(check)).toContainText('Attested by uma', { timeout: 60_000 });
  }
  await uma.judged('Closed');
  await expect(page.getByTestId('gate')).toContainText('1');
  await expectSound(uma.console);
});

test('the CTO rejects it, and it stops where that comes to be known', async () => {
  await handOver(uma, tess, rita);
  await decide('reject', 'The plan does not say how.');
  await expectSound(tess.console);
  await handOver(tess, rita);
  await rita.judged('Closed');
  await rita.go('approvals');
  await expect(rita.page.getByTestId('asked-cto-approval')).toContainText('The plan does not say how', { timeout: 60_000 });
  world.time = '2026-01-12T21:20:00Z';
  await deploy('production');
  await expect(rita.page.getByTestId('without-authority')).toContainText('Authority is missing');
  await expectSound(rita.console);
});

test('it is planned better, and approved as it is now', async () => {
  await plan('Traffic goes back to v1.0.0, which keeps running beside it.', false);
  await handOver(rita, tess);
  await decide('approve', 'Well planned.');
  await keepPicture(tess.page, 'three-approved');
  await handOver(tess, rita, uma);
  // Clocks go on: at one second nobody could say which of several consoles judged it last.
  world.time = WINDOW;
  for (const desk of [rita, tess, uma]) await desk.judged('Open');
});

test('it goes to production by canary, is watched from another console, and documented', async () => {
  const { page } = rita;
  await deploy('production');
  await rita.sign('deploy-send');
  await expect(page.getByTestId('act-stage')).toBeVisible({ timeout: 60_000 });
  for (const [time, percent] of [['2026-01-12T22:30:00Z', 50], ['2026-01-12T23:30:00Z', 100]] as const) {
    world.time = time;
    await rita.go('deployment');
    await page.getByTestId('act-stage').click();
    await rita.sign('stage-send');
    await expect(page.getByText(`The stage of ${percent} % has begun.`)).toBeVisible({ timeout: 30_000 });
  }
  await finish();
  await expect(page.getByRole('list', { name: 'The eight steps of the release' }).locator('[aria-current="step"]')).toContainText('Post-deployment verification');
  await keepPicture(page, 'three-board');
  await expectSound(rita.console);
  await handOver(rita, uma);
  await uma.go('deployment');
  await uma.page.getByTestId('act-observe').first().click();
  await uma.page.getByTestId('observe-words').fill('errors 0.1 %');
  await uma.sign('observe-send');
  await expect(uma.page.getByTestId('observations').first()).toContainText('errors 0.1 %', { timeout: 30_000 });
  world.time = '2026-01-13T23:30:00Z';
  await uma.go('deployment');
  await uma.page.getByTestId('act-close').first().click();
  await uma.page.getByTestId('close-words').fill('Quiet.');
  await uma.sign('close-watch-send');
  await expect(uma.page.getByText('The watch is closed.').first()).toBeVisible({ timeout: 30_000 });
  await expectSound(uma.console);
  await handOver(uma, tess, rita);
});

test('it is rolled back: detected by QA, decided by the CTO, carried out by the release manager', async () => {
  world.time = '2026-01-14T08:00:00Z';
  const rollback = async (desk: Desk): Promise<void> => {
    await desk.go('deployment');
    await desk.page.getByTestId('roll-back').first().click();
    await expect(desk.page.getByTestId('step-detect')).toBeVisible({ timeout: 30_000 });
  };
  await rollback(uma);
  await uma.page.getByRole('radio', { name: /Critical bug detected/ }).check();
  await uma.page.getByTestId('detect-reason').fill('system crash on prediction request');
  for (const [row, who] of ['Sentinel', 'tess', 'the CISO'].entries()) {
    await uma.page.getByLabel(`Who was told, row ${row + 1}`).fill(who);
    await uma.page.getByLabel(`By which way, row ${row + 1}`).fill('telephone');
  }
  await uma.sign('detect-send');
  await expect(uma.page.getByTestId('told')).toContainText('telephone', { timeout: 30_000 });
  await expectSound(uma.console);
  await handOver(uma, tess);

  await rollback(tess);
  await tess.page.getByTestId('rollback-artifacts').fill(world.file('old'));
  await tess.page.getByTestId('check-rollback').click();
  await expect(tess.page.getByTestId('proof-outcome')).toHaveAttribute('data-possible', 'true', { timeout: 60_000 });
  await tess.page.getByTestId('decide-reason').fill('Customers cannot pay.');
  await tess.sign('decide-send');
  await expect(tess.page.getByTestId('step-decide')).toContainText('tess decided by signature', { timeout: 30_000 });
  await keepPicture(tess.page, 'three-rollback-decided');
  await expectSound(tess.console);
  await handOver(tess, rita);

  await rollback(rita);
  await rita.page.getByTestId('execute-method').selectOption('canary');
  await rita.sign('execute-send');
  await expect(rita.page.getByTestId('step-execute')).toContainText('as it was decided', { timeout: 30_000 });
  await rita.page.getByTestId('rollback-smoke').fill(world.file('passed.xml'));
  await rita.sign('rollback-finish-send');
  await expect(rita.page.getByTestId('cause-state')).toBeVisible({ timeout: 30_000 });
  await expectSound(rita.console);
  await handOver(rita, uma);
});

test('it is closed: the watch by QA, the root cause by whoever looked for it', async () => {
  world.time = '2026-01-15T08:00:00Z';
  const rollback = async (desk: Desk): Promise<void> => {
    await desk.go('deployment');
    await desk.page.getByTestId('roll-back').first().click();
    await expect(desk.page.getByTestId('step-cause')).toBeVisible({ timeout: 30_000 });
  };
  await rollback(uma);
  await uma.page.getByTestId('step-watch').getByTestId('act-close').click();
  await uma.page.getByTestId('close-words').fill('Quiet again.');
  await uma.sign('close-watch-send');
  await expect(uma.page.getByTestId('step-watch').getByTestId('watch')).toHaveAttribute('data-state', 'closed', { timeout: 30_000 });
  await rollback(rita);
  await rita.page.getByTestId('cause-found').fill('A null that nobody expected.');
  await rita.sign('cause-send');
  await expect(rita.page.getByTestId('step-cause')).toContainText('The root cause is found.', { timeout: 30_000 });
  await handOver(uma, rita, tess, uma);
});

test('two who declare the same breach make one of it, and the regulator is told by the clock of the policy file', async () => {
  world.time = '2026-01-15T09:00:00Z';
  // A declaration counts for something only by a policy that the roster names.
  const unnamed = world.file('policy-of-nobody.yaml');
  writeFileSync(unnamed, `${readFileSync(BUILT_IN, 'utf8')}# changed\n`);
  await usePolicy(rita, unnamed);
  await rita.go('#/emergency?act=declare');
  await expect(rita.page.getByTestId('declare')).toContainText('Nobody may declare here: no roster in force names the policy file of this console.');
  const declare = async (desk: Desk, reason: string, when: string): Promise<void> => {
    await usePolicy(desk, withNotice());
    await desk.go('#/emergency?act=declare');
    await desk.page.getByTestId('criteria').getByLabel(/Data breach/).check();
    await desk.page.getByTestId('declare-reason').fill(reason);
    await desk.page.getByTestId('declare-when').getByLabel('Earlier').check();
    await desk.page.getByTestId('declare-time').fill(when);
    await desk.page.getByTestId('declare').getByTestId('act-passphrase').fill(PASSPHRASE);
    await desk.page.getByTestId('declare-send').click();
    await expect(desk.page.getByTestId('emergency')).toContainText(reason);
  };
  const told = async (desk: Desk, reason: string, part?: string): Promise<void> => {
    await desk.go('#/emergency');
    await desk.page.getByTestId('emergency-line').filter({ hasText: reason }).click();
    if (part !== undefined) await desk.page.getByTestId(`part-${part}`).click();
  };
  await declare(rita, 'Addresses of customers are for sale.', '2026-01-15 08:30');
  await declare(tess, 'A customer found their address on a list.', '2026-01-15 08:10');
  await handOver(rita, tess, rita);

  await told(tess, 'on a list', 'shift');
  await tess.page.getByTestId('shift-merge').click();
  await tess.page.getByTestId('merge-into').selectOption({ index: 1 });
  await tess.page.getByTestId('merge-reason').fill('It is the same list.');
  await tess.sign('act-merge-form-send');
  await expect(tess.page.getByTestId('merged-into')).toBeVisible({ timeout: 30_000 });
  await expectSound(tess.console);
  await handOver(tess, rita);

  await told(rita, 'on a list');
  await expect(rita.page.getByText('1 emergency runs, the nearest deadline first.')).toBeVisible();
  await expect(rita.page.getByTestId('emergency-line').filter({ hasText: 'on a list' })).toContainText('Merged');
  await expect(rita.page.getByTestId('merged-into')).toBeVisible();
  await expect(rita.page.getByTestId('time-left')).toHaveCount(0);
  await expect(rita.page.getByTestId('band-more')).toBeHidden();
  await keepPicture(rita.page, 'merged');
  await rita.page.getByTestId('merged-into').getByRole('link').click();
  // The earlier detection counts, for the patch and for whoever outside is to be told.
  await expect(rita.page.getByTestId('emergency')).toContainText('Addresses of customers are for sale.');
  await expect(rita.page.getByTestId('due').first()).toContainText('2026-01-16 08:10 UTC');
  await rita.page.getByTestId('part-clocks').click();
  await expect(rita.page.getByTestId('clock-notice-regulator')).toContainText('2026-01-18 08:10 UTC');
  await keepPicture(rita.page, 'merged-clocks');
  await expectSound(rita.console);
  await told(tess, 'for sale', 'clocks');
  await tess.page.getByTestId('notice-notice-regulator').click();
  await tess.page.getByTestId('act-notice-regulator-form').getByTestId('act-words').fill('By their form, number 4711.');
  await tess.sign('act-notice-regulator-form-send');
  await expect(tess.page.getByTestId('clock-notice-regulator')).toHaveAttribute('data-state', 'met', { timeout: 30_000 });
  await expectSound(tess.console);
  await handOver(tess, rita, uma, tess);
});

test('the archive verifies on every console, and holds the three records as the policy prints them', async () => {
  for (const desk of [rita, tess, uma]) {
    await desk.verifiesWhole();
    await expectSound(desk.console);
  }
  // What lies in the data folders, read without the windows.
  for (const desk of [rita, tess, uma]) await desk.console.close();
  const logs = await Promise.all((['rita', 'tess', 'uma'] as const).map(async (owner: Owner) => (await world.client(owner).call('archive.logs', {})).logs.map(({ origin, size, root }) => `${origin} ${size} ${root}`).sort()));
  expect(logs[2]).toEqual(logs[0]);
  const client = world.client('tess');
  const recordsOf = async (event_type: string): Promise<Record<string, unknown>[]> => {
    const { entries } = await client.call('archive.list', { origin: null, event_type, release: V, offset: 0, limit: 50 });
    return Promise.all(entries.map(async ({ id }) => (await client.call('archive.show', { id })).entry.record));
  };
  expect(ReleaseRecord.parse((await recordsOf('release'))[0])).toEqual({
    event_type: 'release', release_version: V, release_date: '2026-01-12T23:30:00Z', release_commit: world.build.commit, release_artifacts: ['product.tar.gz', 'product.tar.gz.asc'], release_notes: '1 feature: Add prices (#12)',
    deployed_by: 'rita@example.com', approved_by: ['tess@example.com'], deployment_environment: 'production', deployment_status: 'success', rollback_plan: 'Traffic goes back to v1.0.0, which keeps running beside it.',
    release_artifacts_sha256: expect.anything() as unknown,
  });
  expect(DeploymentRecord.parse((await recordsOf('deployment')).find((record) => record['deployment_environment'] === 'production'))).toEqual({
    event_type: 'deployment', deployment_id: expect.stringMatching(/^deploy-20260112-\d{3}$/) as unknown, release_version: V, deployment_date: '2026-01-12T23:30:00Z', deployment_environment: 'production', deployment_method: 'canary',
    deployment_status: 'success', deployed_by: 'rita@example.com', smoke_tests_passed: true, regression_tests_passed: true, monitoring_enabled: true, rollback_available: true,
  });
  expect(RollbackRecord.parse((await recordsOf('rollback'))[0])).toEqual({
    event_type: 'rollback', rollback_id: 'rollback-20260114-001', from_version: V, to_version: 'v1.0.0', rollback_date: '2026-01-14T08:00:00Z', rollback_reason: 'Critical bug detected: system crash on prediction request', rollback_method: 'canary',
    rollback_status: 'success', rolled_back_by: 'rita@example.com', approved_by: ['tess@example.com'], root_cause_investigation: 'in_progress',
  });
});
