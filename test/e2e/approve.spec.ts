import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { PASSPHRASE, SeatedRelease } from '../support/seated-release.ts';
import { CALENDAR } from '../workflow/acts.ts';
import { expect, expectSound, keepPicture, test, type Console } from './console.ts';
import { takeSeat } from './seat.ts';

let release: SeatedRelease;
let window_: Console;
let page: Page;
let id: string;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  release = new SeatedRelease();
  await release.seat('mara', ['release-manager', 'ciso']);
  writeFileSync(join(release.folder.path, 'windows.ics'), CALENDAR);
  id = await release.save(['security']);
  window_ = await release.open(`#/release/${id}/plan`);
  page = window_.page;
  await takeSeat(page, 'mara', PASSPHRASE);
});
test.afterAll(async () => {
  await window_?.close();
  await release?.close();
});
test.beforeEach(({ shell }) => test.skip(shell === 'electron', 'This opens the other shell, over the core of the test.'));

const go = async (place: string): Promise<void> => {
  await page.goto(`${new URL(page.url()).origin}/#/release/${id}/${place}`);
};

test('a plan is proposed from the range, mended, asked of its windows, and signed', async () => {
  await expect(page.getByText('Nothing is planned.')).toBeVisible({ timeout: 60_000 });
  await expectSound(window_);
  await page.getByTestId('propose-plan').click();
  const features = page.getByTestId('plan-features');
  await expect(features.getByLabel('Feature 1', { exact: true })).toHaveValue('Add prices (#12)');
  await features.getByLabel('Feature 1', { exact: true }).press('Enter');
  await features.getByLabel('Feature 2', { exact: true }).fill('Prices of yesterday');
  await features.getByLabel('Feature 2', { exact: true }).press('Alt+ArrowUp');
  await expect(features.getByLabel('Feature 1', { exact: true })).toHaveValue('Prices of yesterday');
  await page.getByTestId('plan-date-add').click();
  await page.getByLabel('Time 1, in UTC').fill('2026-01-12 21:00');
  await page.getByLabel('What happens at time 1').fill('Canary begins');
  await page.getByTestId('method-canary').check();
  await page.getByTestId('plan-calendar').fill(join(release.folder.path, 'windows.ics'));
  await page.getByTestId('plan-calendar').press('Enter');
  await expect(page.getByTestId('schedule')).toContainText('The next is Maintenance window, from 2026-01-12T21:00:00Z');
  // What is typed outlives a look elsewhere.
  await go('overview');
  await expect(page.getByTestId('blocks')).toContainText('Nothing is planned');
  await go('plan');
  await expect(features.getByLabel('Feature 1', { exact: true })).toHaveValue('Prices of yesterday');
  await expect(page.getByTestId('schedule')).toBeVisible();
  await expectSound(window_);
  await expect(page.getByTestId('sign-plan')).toBeDisabled();
  await page.getByTestId('act-passphrase').fill(PASSPHRASE);
  await page.getByTestId('sign-plan').click();
  await expect(page.getByTestId('plan-signed')).toContainText('mara signed the plan.');
  const { plan } = await release.client.call('release.show', { release: 'v1.1.0', policyFile: null });
  expect(plan?.plan).toMatchObject({ method: 'canary', scope: { features: ['Prices of yesterday', 'Add prices (#12)'] }, timeline: [{ on: '2026-01-12T21:00:00Z', what: 'Canary begins' }], calendar: CALENDAR });
});

test('what is approved stands on one page, and the signature is one that gpg takes', async () => {
  await go('approvals');
  await expect(page.getByTestId('asked-ciso-approval')).toContainText('Asks a person');
  await expect(page.getByTestId('asked-ciso-approval')).toContainText('ada wrote part of it');
  await page.getByTestId('open-decision').click();
  const { report, artifacts } = await release.judge(undefined, ['security']);
  await expect(page.getByTestId('subject-digest')).toContainText(report.subjectDigest);
  await expect(page.getByText(artifacts[0]?.sha256 ?? 'none')).toBeVisible();
  await expect(page.getByText('Prices of yesterday')).toBeVisible();
  await expectSound(window_);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeHidden();
  await expect(page.getByTestId('sign-decision')).toBeHidden();
  await page.emulateMedia({ media: 'screen' });

  await page.getByTestId('reason').fill('It mends the hole.');
  await page.getByTestId('security-impact').fill('Closes it.');
  await page.getByTestId('writes').check();
  await page.getByTestId('statement-folder').fill(release.folder.path);
  await page.getByTestId('act-passphrase').fill('not the passphrase');
  await page.getByTestId('sign-decision').click();
  await expect(page.getByTestId('error')).toContainText(/passphrase/i);
  await expect(page.getByTestId('reason')).toHaveValue('It mends the hole.');
  await page.getByTestId('act-passphrase').fill(PASSPHRASE);
  await expect(page.getByTestId('afterwards')).toContainText('It counts until the release changes');
  await page.getByTestId('sign-decision').click();
  await expect(page.getByTestId('decided')).toContainText('mara approved v1.1.0 as ciso');
  const file = join(release.folder.path, 'approval-v1.1.0-ciso.json');
  await expect(page.getByTestId('decided')).toContainText(`gpg --verify ${file}.asc ${file}`);
  execFileSync('gpg', ['--batch', '--quiet', '--verify', `${file}.asc`, file], { env: { ...process.env, GNUPGHOME: release.gpg.path }, stdio: 'pipe' });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ predicate: { decision: 'approve', subjectDigest: report.subjectDigest, approver: 'mara', role: 'ciso', reason: 'It mends the hole.' } });
  await expect(page.getByText('Open', { exact: true })).toBeVisible({ timeout: 30_000 });
  await expectSound(window_);
  await keepPicture(page, 'approved');
});

test('it is suspended and resumed, and that stands over every tab meanwhile', async () => {
  await go('overview');
  await page.getByTestId('act-suspend').click();
  await page.getByTestId('act-reason').fill('A doubt');
  await page.getByTestId('act-passphrase').fill(PASSPHRASE);
  await page.getByTestId('sign-act').click();
  await expect(page.getByTestId('standing')).toContainText(/Suspended.*mara/);
  await go('artifacts');
  await expect(page.getByTestId('standing')).toContainText('A doubt');
  await go('overview');
  await page.getByTestId('act-resume').click();
  await page.getByTestId('act-reason').fill('No doubt');
  await page.getByTestId('act-passphrase').fill(PASSPHRASE);
  await page.getByTestId('sign-act').click();
  await expect(page.getByTestId('standing')).toBeHidden();
  await expectSound(window_);
});

test('everything that was done is told, and written to a file', async () => {
  await go('record');
  await expect(page.getByTestId('timeline')).toContainText('Approval of v1.1.0 by mara as ciso');
  await page.getByTestId('timeline-kind').selectOption('release_act');
  await expect(page.getByTestId('timeline').getByRole('row')).toHaveCount(3);
  await expectSound(window_);
  await page.getByTestId('view-records').click();
  await expect(page.getByRole('table', { name: 'Records of this release' })).toContainText('approval');
});

test('another artifact kills the approval, visibly', async () => {
  await go('approvals');
  await expect(page.getByTestId('decision')).toHaveAttribute('data-word', 'Counts');
  appendFileSync(join(release.outputs, 'release', 'product.tar.gz'), 'more');
  await page.getByTestId('evaluate').click();
  await expect(page.getByTestId('decision')).toHaveAttribute('data-word', 'Dead', { timeout: 30_000 });
  await expect(page.getByTestId('decision-why')).toContainText('product.tar.gz is another file now');
  await expectSound(window_);
  await keepPicture(page, 'approval-dead');
  await page.getByTestId('open-decision').click();
  await expect(page.getByTestId('obstacles')).toContainText('not green yet');
  await expect(page.getByTestId('sign-decision')).toBeDisabled();
  await page.getByTestId('decision-reject').check();
  await page.getByTestId('reason').fill('Another file lies there.');
  // Of what changed behind the page nothing is signed; it is read again, and what was typed is kept.
  appendFileSync(join(release.outputs, 'release', 'product.tar.gz'), 'and more');
  await page.getByTestId('act-passphrase').fill(PASSPHRASE);
  await page.getByTestId('sign-decision').click();
  await expect(page.getByTestId('error')).toContainText('v1.1.0 is not what was shown');
  const { report } = await release.judge(undefined, ['security']);
  await expect(page.getByTestId('subject-digest')).toContainText(report.subjectDigest, { timeout: 30_000 });
  await expect(page.getByTestId('reason')).toHaveValue('Another file lies there.');
  await page.getByTestId('sign-decision').click();
  await expect(page.getByTestId('decided')).toContainText(/mara rejected v1.1.0 as (ciso|release-manager)/);
});

test('it is withdrawn once its version is typed', async () => {
  await go('approvals');
  await page.getByTestId('open-withdraw').click();
  await page.getByTestId('withdraw-reason').fill('It is broken.');
  await page.getByTestId('act-passphrase').fill(PASSPHRASE);
  await expect(page.getByTestId('withdraw')).toBeDisabled();
  await page.getByTestId('withdraw-version').fill('v1.1.0');
  await page.getByTestId('withdraw').click();
  await expect(page.getByTestId('withdrawal-done')).toContainText('mara withdrew v1.1.0');
  await expect(page.getByTestId('withdrawn')).toContainText('It is broken.');
  await expectSound(window_);
});
