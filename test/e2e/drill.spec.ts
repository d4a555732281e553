import type { Page } from '@playwright/test';
import { expect, expectSound, keepPicture, test } from './console.ts';

/** Goes on with Tab until a place has the focus, as somebody would who reads the screen. */
async function tabTo(page: Page, testId: string): Promise<void> {
  for (let pressed = 0; pressed < 30; pressed += 1) {
    if (await page.getByTestId(testId).evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${testId} is not reached with Tab`);
}

test('somebody who never saw it practises: begins, declares by the keyboard alone, ends and reads how it went', async ({ open, shell }) => {
  test.skip(shell === 'electron', 'The other shell loads the same window.');
  const console_ = await open({ route: '#/home' });
  const { page } = console_;
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };

  await test.step('the first start offers it, and it says what it will do', async () => {
    await page.getByRole('link', { name: 'Practise an emergency' }).press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Practise an emergency');
    await expectSound(console_);
    await tabTo(page, 'begin-drill');
    await press('Enter');
    await expect(page.getByTestId('drill-band')).toContainText('Practice', { timeout: 30_000 });
    await expect(page.getByTestId('drill-facts')).toContainText('+1 202 555 0143');
    await expectSound(console_);
    await keepPicture(page, 'drill');
  });

  await test.step('it is declared with the practice key, under a band that is not the red one', async () => {
    await page.getByRole('heading', { level: 1 }).waitFor();
    await press('g', 'e');
    await expect(page.getByText('No emergency was declared.')).toBeVisible();
    await press('d', '2');
    await page.keyboard.type('Strangers read the orders of others.');
    await tabTo(page, 'take-seat-here');
    await press('Enter');
    await page.getByTestId('seat-you').getByRole('radio').focus();
    await press('Space', 'Tab');
    await expect(page.getByTestId('seat-passphrase')).toBeFocused();
    await expect(page.getByRole('dialog')).toContainText('every passphrase is practice only');
    await page.keyboard.type('practice only');
    await press('Enter');
    await expect(page.getByTestId('act-passphrase')).toBeFocused();
    await page.keyboard.type('practice only');
    await press('Enter');
    await expect(page.getByTestId('emergency-band')).toContainText('Active exploitation');
    await expect(page.getByTestId('drill-band')).toBeVisible();
    const colour = (testId: string): Promise<string> => page.getByTestId(testId).evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(await colour('emergency-band')).toBe('rgb(42, 47, 59)');
    await page.getByTestId('open-drill-panel').press('Enter');
    await expect(page.getByTestId('drill-facts')).toContainText(/c01 \w+( \w+){5}/);
    await press('Escape');
    await expect(page.getByTestId('open-drill-panel')).toBeFocused();
    await expectSound(console_);
  });

  await test.step('it survives a reload, and what was typed in it is not in the console’s own forms', async () => {
    await press('g', 'e');
    await page.getByTestId('open-declare').waitFor();
    await press('d', '1');
    await page.keyboard.type('Half a sentence of practice');
    await page.reload();
    await expect(page.getByTestId('drill-band')).toBeVisible();
    await expect(page.getByTestId('seat')).toContainText('You, on call');
    await expect(page.getByTestId('declare-reason')).toHaveValue('Half a sentence of practice');
  });

  await test.step('it ends with a score, and the console’s own archive has nothing of it', async () => {
    await tabTo(page, 'end-drill');
    await press('Enter');
    await expect(page.getByTestId('drill-report')).toBeVisible({ timeout: 20_000 });
    await expect(page.getByTestId('drill-band')).toHaveCount(0);
    await expect(page.getByTestId('emergency-band')).toHaveCount(0);
    await expect(page.getByTestId('drill-declare')).toContainText('within 2 min');
    await expect(page.getByTestId('drill-deploy')).toContainText('Not reached');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Drill: 20 of 100');
    await expectSound(console_);
    await keepPicture(page, 'drill-report');
    await page.getByRole('link', { name: 'Practise again' }).press('Enter');
    await expect(page.getByTestId('past-drills')).toContainText('20 of 100');
    await press('g', 'e');
    await expect(page.getByText('No emergency was declared.')).toBeVisible();
    await press('d');
    await expect(page.getByTestId('declare-reason')).toHaveValue('');
  });
});
