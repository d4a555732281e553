import { expect, expectSound, keepPicture, loadRelease, test } from './console.ts';
import { PASSPHRASE, TwoPeople } from '../support/two-people.ts';
import { takeSeat } from './seat.ts';

let people: TwoPeople;
test.beforeAll(async () => {
  people = new TwoPeople();
  await people.prepare();
  await people.adopt();
});
test.afterAll(() => people.remove());

interface Answer { readonly ok: boolean; readonly error?: { readonly code: string; readonly message: string } }

test('two people at one console', async ({ open, sample }) => {
  const console_ = await open({ home: people.home });
  const { page } = console_;
  const call = (name: string, input: unknown): Promise<Answer> => page.evaluate(([called, given]) => (window as unknown as { countersign: { call: (name: unknown, input: unknown) => Promise<Answer> } }).countersign.call(called, given), [name, input]);
  const line = async (check: string): Promise<void> => {
    await page.goto(`${new URL(page.url()).origin}/#/release/v1.1.0/checklist?line=${check}`);
    await expect(page.getByTestId('evidence-drawer')).toBeVisible();
  };
  await loadRelease(page, sample);

  await test.step('nobody sits here at first, and a line that asks a person offers the seat', async () => {
    await expect(page.getByTestId('seat')).toContainText('Read-only: nobody sits here');
    await line('qa-automated-checks');
    await expect(page.getByTestId('who-may')).toContainText('It asks qa.');
    await expect(page.getByTestId('seatless')).toContainText('Quinn Tester');
    await expect(page.getByTestId('attest-line')).toBeDisabled();
    await page.getByTestId('take-seat-here').click();
    const dialog = page.getByTestId('seat-dialog');
    await dialog.getByTestId('seat-quinn').click();
    await dialog.getByTestId('seat-passphrase').fill('not the passphrase');
    await dialog.getByTestId('take-seat').click();
    await expect(dialog.getByRole('alert')).toContainText('passphrase');
    await expectSound(console_);
    await dialog.getByTestId('seat-passphrase').fill(PASSPHRASE);
    await dialog.getByTestId('seat-passphrase').press('Enter');
    await expect(dialog).toBeHidden();
    await expect(page.getByTestId('seat')).toContainText(`Quinn Testerqa${(people.prints['quinn'] ?? '').slice(-8)}`);
    await keepPicture(page, 'seat-taken');
  });

  await test.step('lines that ask QA are attested one after the other by keyboard', async () => {
    for (const [check, next] of [['qa-automated-checks', 'qa-release-notes'], ['qa-release-notes', 'qa-changelog']]) {
      await expect(page).toHaveURL(new RegExp(`line=${check}$`));
      await expect(page.getByTestId('who-may')).toContainText('Quinn Tester may');
      await page.getByTestId('attest-statement').fill(`I looked at ${check}.`);
      await page.keyboard.press('Tab');
      await page.getByTestId('act-passphrase').fill(PASSPHRASE);
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(new RegExp(`line=${next}$`));
      await expect(page.getByTestId('attest-statement')).toBeFocused();
      await expect(page.getByTestId('act-passphrase')).toHaveValue('');
    }
    for (const check of ['qa-automated-checks', 'qa-release-notes']) await expect(page.getByTestId(check)).toContainText(`Attested by Quinn Tester`, { timeout: 30_000 });
    await expectSound(console_);
    await keepPicture(page, 'attested');
  });

  await test.step('who may not is told so before anything is signed, and the core refuses a key of somebody else', async () => {
    await line('monitoring-configured');
    await expect(page.getByTestId('who-may')).toContainText('Quinn Tester is not devops or devops-lead in the roster in force. It could be Grace Architect.');
    await page.getByTestId('attest-statement').fill('Everything is watched.');
    await page.getByTestId('act-passphrase').fill(PASSPHRASE);
    await expect(page.getByTestId('attest-line')).toBeDisabled();
    const statement = { kind: 'line', repo: sample.repository, release: 'v1.1.0', policyFile: null, check: 'monitoring-configured', statement: 'Everything is watched.', files: [], details: {} };
    expect(await call('statement.sign', { key: people.files['grace'], passphrase: PASSPHRASE, statement })).toMatchObject({ ok: false, error: { code: 'not-permitted', message: expect.stringContaining('Quinn Tester sits here, and that key is Grace Architect’s') as unknown } });
    await expectSound(console_);
  });

  await test.step('a locked window shows nothing and does nothing; the same person finds what they typed', async () => {
    await page.keyboard.press('Control+l');
    const cover = page.getByTestId('lock-screen');
    await expect(cover).toBeVisible();
    await expect(page).toHaveTitle('Locked · Countersign');
    await expect(page.getByTestId('gate')).toBeHidden();
    await expectSound(console_);
    await keepPicture(page, 'locked');
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(cover).toBeVisible();
    await expect(page.getByRole('combobox')).toHaveCount(0);
    expect(await call('settings.write', { density: 'dense' })).toMatchObject({ ok: false, error: { code: 'not-permitted', message: expect.stringContaining('The window is locked') as unknown } });
    await page.reload();
    await expect(cover).toBeVisible();
    await cover.getByTestId('seat-quinn').click();
    await cover.getByTestId('seat-passphrase').fill(PASSPHRASE);
    await cover.getByTestId('take-seat').click();
    await expect(cover).toHaveCount(0);
    await expect(page.getByTestId('attest-statement')).toHaveValue('Everything is watched.');
  });

  await test.step('another person finds nothing of it, and attests in their own name', async () => {
    await page.keyboard.press('Control+l');
    const cover = page.getByTestId('lock-screen');
    await cover.getByTestId('seat-grace').click();
    await cover.getByTestId('seat-passphrase').fill(PASSPHRASE);
    await cover.getByTestId('take-seat').click();
    await expect(page.getByTestId('seat')).toContainText('Grace Architect');
    await expect(page.getByTestId('attest-statement')).toHaveValue('');
    await expect(page.getByTestId('who-may')).toContainText('Grace Architect may');
    await page.getByTestId('attest-statement').fill('The dashboards and alerts are there.');
    await page.getByTestId('act-passphrase').fill(PASSPHRASE);
    await page.getByTestId('attest-line').click();
    await expect(page.getByTestId('monitoring-configured')).toContainText('Attested by Grace Architect', { timeout: 30_000 });
    await expectSound(console_);
  });
});

test('a window that nobody touches locks by itself', async ({ open }) => {
  const console_ = await open({ home: people.home });
  const { page } = console_;
  await takeSeat(page, 'quinn', PASSPHRASE);
  await page.clock.install();
  await page.reload();
  await expect(page.getByTestId('seat')).toContainText('Quinn Tester');
  await page.clock.fastForward('09:00');
  await expect(page.getByTestId('lock-screen')).toHaveCount(0);
  await page.clock.fastForward('01:30');
  await expect(page.getByTestId('lock-screen')).toBeVisible();
  await expectSound(console_);
});
