import type { Page } from '@playwright/test';
import { PASSPHRASE, SeatedRelease } from '../support/seated-release.ts';
import { expect, expectSound, keepPicture, test, type Console } from './console.ts';

let release: SeatedRelease;
let window_: Console;
let page: Page;
let id: string;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  release = new SeatedRelease();
  await release.seat('mara', ['ciso']);
  id = await release.save(['security']);
  window_ = await release.open('#/home');
  page = window_.page;
});
test.afterAll(async () => {
  await window_?.close();
  await release?.close();
});
test.beforeEach(({ shell }) => test.skip(shell === 'electron', 'This opens the other shell, over the core of the test.'));

let strokes = 0;
const press = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
  strokes += keys.length;
};
const band = (): ReturnType<Page['getByTestId']> => page.getByTestId('emergency-band');

/** Goes on with Tab until a place has the focus, as somebody would who reads the screen. */
async function tabTo(testId: string): Promise<void> {
  for (let pressed = 0; pressed < 15; pressed += 1) {
    if (await page.getByTestId(testId).evaluate((element) => element === document.activeElement)) return;
    await press('Tab');
  }
  throw new Error(`${testId} is not reached with Tab`);
}

test('it is declared by the keyboard alone from a window at which nobody sits, with three answers and a signature', async () => {
  await expect(band()).toBeHidden();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await press('g', 'e');
  await expect(page.getByText('No emergency was declared.')).toBeVisible();
  await expectSound(window_);
  await press('d');
  await expect(page.getByTestId('criteria')).toContainText('Data breach (customer data compromised)');
  await press('1');
  await page.keyboard.type('Anybody can read every order.');
  await tabTo('take-seat-here');
  await press('Enter');
  await expect(page.getByTestId('seat-passphrase')).toBeFocused();
  await page.keyboard.type(PASSPHRASE);
  await press('Enter');
  // Whoever took the seat goes on where they sign, and finds what they typed.
  await expect(page.getByTestId('act-passphrase')).toBeFocused();
  // With the passphrase again, and Enter, it is declared (docs/emergencies.md).
  expect(strokes).toBe(10);
  await expect(page.getByTestId('declare-after')).toContainText('within 24 hours of your signature');
  await page.keyboard.type('not the passphrase');
  await press('Enter');
  await expect(page.getByTestId('error')).toContainText(/passphrase/i);
  await expect(page.getByTestId('declare-reason')).toHaveValue('Anybody can read every order.');
  await page.getByTestId('act-passphrase').selectText();
  await page.keyboard.type(PASSPHRASE);
  await expectSound(window_);
  await press('Enter');
  await expect(page.getByTestId('emergency')).toContainText('Critical security vulnerability (CVSS 9.0-10.0), §10.1');
  await expect(page.getByTestId('time-left')).toHaveText(/^2[34] h \d\d min left$/);
  await expect(page.getByTestId('due')).toContainText('2026-01-13 12:00 UTC');
  await expect(band()).toContainText('Decide its severity');
  await expect(page.getByRole('heading', { name: 'Anybody can read every order.' })).toBeFocused();
  const { emergencies } = await release.client.call('emergency.status', { emergency: null });
  expect(emergencies).toMatchObject([{ by: 'mara', criterion: { id: 'critical-vulnerability' }, detectedAt: '2026-01-12T12:00:00Z', severity: 'unknown', release: null }]);
  await expectSound(window_);
});

test('its severity is decided by the calculator, and a wrong vector says where', async () => {
  await page.getByTestId('vector').fill('CVSS:3.1/AV:N/AC:Q');
  await expect(page.getByTestId('vector-wrong')).toContainText('Wrong after CVSS:3.1/AV:N/AC:');
  await expect(page.getByTestId('severity-form-send')).toBeDisabled();
  await page.getByTestId('vector').fill('');
  await page.getByTestId('open-calculator').press('Enter');
  for (const [metric, answer] of [['AV', 'N'], ['AC', 'L'], ['PR', 'N'], ['UI', 'N'], ['S', 'U'], ['C', 'H'], ['I', 'N'], ['A', 'N']] as const) await page.getByTestId(`metric-${metric}`).locator(`input[value="${answer}"]`).check();
  await expect(page.getByTestId('vector')).toHaveValue('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N');
  await expect(page.getByTestId('score')).toContainText('7.5 High, CVSS 3.1');
  await expect(page.getByTestId('answered')).toContainText('Every question that needs an answer has one.');
  await expect(page.getByTestId('severity-after')).toContainText(/by 2026-01-15 12:00 UTC.*, 3 days after the detection; until now that was 2026-01-13 12:00 UTC/);
  await page.getByTestId('severity-reason').fill('It reads, and changes nothing.');
  // What is typed outlives a look elsewhere.
  await page.goto(`${new URL(page.url()).origin}/#/keys`);
  await expect(band()).toBeVisible();
  await page.getByTestId('band-next').click();
  await expect(page.getByTestId('severity-reason')).toHaveValue('It reads, and changes nothing.');
  await expectSound(window_);
  await page.getByTestId('act-passphrase').fill(PASSPHRASE);
  await page.getByTestId('severity-form-send').click();
  await expect(page.getByTestId('severity-now')).toHaveText('High');
  await expect(page.getByTestId('decisions')).toContainText('It reads, and changes nothing.');
  await expect(page.getByTestId('time-left')).toHaveText(/^7[12] h \d\d min left$/);
  await expect(band()).toContainText('Name the version that mends it');
});

test('the version that mends it is named, and its deployment is next', async () => {
  await page.getByTestId('mending-release').fill('v1.1.0');
  await page.getByTestId('release-reason').fill('It asks who reads.');
  await page.getByTestId('act-passphrase').fill(PASSPHRASE);
  await page.getByTestId('release-form-send').click();
  await expect(page.getByTestId('mended-by')).toContainText('v1.1.0, its deployment');
  // Before it is deployed comes what the present step asks for.
  await expect(band()).toContainText('Tell the CTO');
  await page.getByTestId('go-to-next').press('Enter');
  await expect(page.getByTestId('item-cto-told').getByTestId('do-item')).toBeFocused();
  await expectSound(window_);
  await keepPicture(page, 'emergency');
});

test('the band stands on every screen, and its clock goes on over a reload', async () => {
  const { origin } = new URL(page.url());
  for (const place of ['home', 'archive', 'settings', `release/${id}/sign`]) {
    await page.goto(`${origin}/#/${place}`);
    await expect(band()).toContainText(/h \d\d min left/);
  }
  await page.goto(`${origin}/#/emergency`);
  release.time = '2026-01-15T11:58:30Z';
  await page.reload();
  await expect(page.getByTestId('band-clock')).toHaveText(/^1 min [0-2]\d s left$/);
  await expect(band()).toContainText('Emergency, at risk');
  const before = await page.getByTestId('band-clock').textContent();
  await expect(page.getByTestId('band-clock')).not.toHaveText(before ?? '');
  release.time = '2026-01-15T15:12:00Z';
  await page.reload();
  await expect(page.getByTestId('band-clock')).toHaveText('3 h 12 min over');
  await expect(page.getByTestId('clock')).toContainText('Breached since');
  await expectSound(window_);
});

test('a release key is set aside for the night from the palette: one person’s word is on record, and changes nothing yet', async () => {
  await press('Control+k');
  await page.keyboard.type('set a release key aside');
  await press('Enter');
  await expect(page.getByTestId('set-aside-fingerprint')).toBeFocused();
  await page.keyboard.type('0xABCD');
  await expect(page.getByTestId('set-aside-form')).toContainText('A fingerprint has 40 hexadecimal digits.');
  await page.getByTestId('set-aside-fingerprint').fill(release.keys.alan.replace(/(.{4})/g, '$1 ').toLowerCase());
  await page.getByTestId('set-aside-statement').fill('Safe 2, envelope 7.');
  await page.getByTestId('act-passphrase').fill(PASSPHRASE);
  await press('Enter');
  await expect(page.getByTestId('set-aside-done')).toContainText(/not set aside yet: .*by the word of mara/i);
  await expect(page.getByTestId('set-aside-done')).toContainText('A second person signs the same');
  await expectSound(window_);
});
