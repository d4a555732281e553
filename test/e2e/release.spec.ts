import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, expectSound, keepPicture, loadRelease, test } from './console.ts';

test('the main job: load, check, sign, verify, record, exchange', async ({ open, sample }) => {
  const first = await open();
  const { page } = first;

  await test.step('the first start teaches', async () => {
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectSound(first);
    await keepPicture(page, 'home-first-start');
  });

  await test.step('load a repository and its outputs', async () => {
    await loadRelease(page, sample);
    await expect(page.getByTestId('gate')).toContainText('Closed');
    await expectSound(first);
    await keepPicture(page, 'release-overview');
  });

  await test.step('every line has its verdict', async () => {
    await page.getByRole('tab', { name: 'Checklist' }).or(page.getByRole('link', { name: 'Checklist' })).first().click();
    await expect(page.getByTestId('unit-tests')).toContainText('8 unit tests passed');
    await expect(page.getByTestId('code-reviewed')).toContainText('9 commits in 4 changes, each approved by somebody else');
    await expect(page.getByTestId('qa-staging-tested')).toContainText('Asks');
    await expect(page.getByTestId('artifacts-signed')).toContainText('No evidence');
    await expectSound(first);
    await keepPicture(page, 'release-checklist');
  });

  await test.step('a line opens its evidence by keyboard', async () => {
    await page.getByTestId('unit-tests').getByRole('button').focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('evidence-drawer')).toContainText('All unit tests passed (minimum 80% coverage)');
    await expect(page).toHaveURL(/line=unit-tests/);
    await expectSound(first);
    await keepPicture(page, 'evidence-drawer');
    await page.keyboard.press('Escape');
  });

  await test.step('sign the artifacts', async () => {
    await page.getByRole('tab', { name: 'Artifacts' }).or(page.getByRole('link', { name: 'Artifacts' })).first().click();
    await expect(page.getByText('tariff-1.1.0.tar.gz').first()).toBeVisible();
    await expectSound(first);
    await page.getByTestId('open-signing').click();
    await expect(page.getByTestId('key-picker')).toBeVisible();
    await expectSound(first);
    await keepPicture(page, 'signing-room');
    await expect(page.getByTestId('own-commits')).toContainText('None of the 9 commits');
    const [printed = ''] = execFileSync('sha256sum', [join(sample.release, 'tariff-1.1.0.zip')], { encoding: 'utf8' }).split(' ');
    await page.getByTestId('second-route').fill(`${'0'.repeat(8)}\n${printed.slice(0, 20)}`);
    await expect(page.getByTestId('heard')).toContainText('Of no file here');
    await expect(page.getByTestId('sign-button')).toBeDisabled();
    await page.getByTestId('second-route').fill(printed);
    await expect(page.getByTestId('heard')).toContainText('The same as tariff-1.1.0.zip here.');
    await page.getByTestId('sign-button').click();
    await expect(page.getByTestId('signing-result')).toBeVisible({ timeout: 60_000 });
    await expectSound(first);
    await keepPicture(page, 'signing-result');
    execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: sample.release, stdio: 'pipe' });
    for (const name of ['tariff-1.1.0.tar.gz', 'tariff-1.1.0.zip']) execFileSync('gpg', ['--verify', join(sample.release, `${name}.asc`), join(sample.release, name)], { stdio: 'pipe' });
  });

  await test.step('the release folder is verified as a whole, by somebody who names the key', async () => {
    await page.goto(`${new URL(page.url()).origin}/#/verify`);
    await page.getByTestId('verify-path').fill(sample.release);
    await page.getByTestId('verify-button').click();
    await expect(page.getByTestId('folder-report')).toHaveAttribute('data-verdict', /signer-unknown|not-covered/);
    await expect(page.getByTestId('folder-report')).toContainText('tariff-1.1.0.zip');
    await expectSound(first);
    await keepPicture(page, 'verify-folder');
  });

  await test.step('keys and cards are told with their due dates', async () => {
    await page.goto(`${new URL(page.url()).origin}/#/keys`);
    await expect(page.getByTestId('held-keys')).toContainText('Ed25519');
    await expect(page.getByTestId('due')).toContainText('is due');
    await expect(page.getByTestId('card')).toBeVisible();
    await expect(page.getByTestId('diagnosis')).toContainText('gpg');
    await expectSound(first);
    await keepPicture(page, 'keys');
    await page.getByTestId('make-key').click();
    await page.getByTestId('key-name').fill('Night Shift');
    await page.getByTestId('key-email').fill('night@example.com');
    await page.getByTestId('key-passphrase').fill('correct horse battery staple');
    await page.getByTestId('key-passphrase-again').fill('correct horse battery staple');
    await page.getByTestId('create-key').click();
    const made = page.getByTestId('held-keys').getByRole('listitem').filter({ hasText: 'Night Shift' }).first();
    await expect(made).toContainText('Print the revocation certificate');
    await made.getByRole('button', { name: 'Rotate it' }).click();
    await expectSound(first);
    await made.getByRole('button', { name: 'Revoke it' }).click();
    await made.getByLabel('In words').fill('it was made for a rehearsal');
    await made.getByLabel('Passphrase').fill('wrong from beginning to end');
    const [, last = ''] = /last eight digits, ([0-9A-F]{8})/.exec(await made.innerText()) ?? [];
    await made.getByLabel(/last eight digits/).fill(last);
    await made.getByTestId('key-act').click();
    await expect(page.getByRole('alert')).toContainText('passphrase');
    await made.getByLabel('Passphrase').fill('correct horse battery staple');
    await made.getByTestId('key-act').click();
    await expect(made).toContainText('It is revoked and never signs again.');
    await expectSound(first);
    await keepPicture(page, 'keys-revoked');
    await page.getByTestId('import-key').click();
    await page.getByTestId('propose-revocation').click();
    await page.getByLabel('Fingerprint of the key').fill('A'.repeat(40));
    await page.getByLabel(/Last surely in the right hands/).fill('2026-01-01 09:00');
    await page.getByLabel('In words').fill('it was left in a taxi');
    await page.getByRole('textbox', { name: 'File of the proposal' }).fill(join(sample.folder, 'proposal.json'));
    await page.getByRole('button', { name: 'Write the proposal' }).click();
    await expect(page.getByRole('alert')).toContainText('No roster is in force');
    await expect(page.getByLabel('In words')).toHaveValue('it was left in a taxi');
    await expectSound(first);
    await keepPicture(page, 'keys-lost');
  });

  await test.step('the archive holds the run and the signing, and verifies', async () => {
    await page.goto(`${new URL(page.url()).origin}/#/archive`);
    await expect(page.getByTestId('archive-list')).toContainText(/sign/i);
    await page.getByTestId('verify-everything').click();
    await expect(page.getByTestId('archive-result')).toContainText(/good|verif/i);
    await expectSound(first);
    await keepPicture(page, 'archive');
  });

  await test.step('sync to a folder, and a second console pulls it and verifies it', async () => {
    const shared = join(sample.folder, 'shared');
    await page.getByTestId('open-sync').click();
    await page.getByTestId('sync-path').fill(shared);
    await page.getByTestId('sync-button').click();
    await expect(page.getByTestId('sync-result')).toBeVisible();
    const second = await open();
    await second.page.goto(`${new URL(second.page.url()).origin}/#/archive`);
    await second.page.getByTestId('open-sync').click();
    await second.page.getByTestId('sync-path').fill(shared);
    await second.page.getByTestId('sync-button').click();
    await expect(second.page.getByTestId('sync-result')).toBeVisible();
    await expect(second.page.getByTestId('archive-list')).toContainText(/sign/i);
    await second.page.getByTestId('verify-everything').click();
    await expect(second.page.getByTestId('archive-result')).toContainText(/good|verif/i);
    await expectSound(second);
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every screen is sound in ${colorScheme}`, async ({ open }) => {
    const console_ = await open({ colorScheme });
    for (const route of ['#/home', '#/releases', '#/release/new', '#/archive', '#/verify', '#/keys', '#/settings', '#/nowhere']) {
      await console_.page.goto(`${new URL(console_.page.url()).origin}/${route}`);
      await expect(console_.page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectSound(console_);
    }
  });
}
