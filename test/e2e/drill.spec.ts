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

/** As the drill gives it out. */
const PASSPHRASE = 'practice only';

/** Somebody at the keyboard who reads the screen: every key that is pressed is counted, what is typed apart. */
class Reader {
  readonly page: Page;
  strokes = 0;
  typed = 0;

  constructor(page: Page) {
    this.page = page;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
      this.strokes += 1;
    }
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
    this.typed += text.length;
  }

  /** Waits until what says these words has the focus. */
  async isAt(words: string): Promise<void> {
    await expect.poll(() => this.focused(), { message: `the focus is at: ${words}`, timeout: 15_000 }).toContain(words);
  }

  /** Reads until something that can be gone to says these words, and goes on with Tab to it. */
  async tabTo(words: string): Promise<void> {
    await expect.poll(() => this.page.evaluate(wordsOfAll, TABBED), { message: `on the screen: ${words}`, timeout: 15_000 }).toContainEqual(expect.stringContaining(words));
    for (let pressed = 0; pressed < 15; pressed += 1) {
      await this.press('Tab');
      if ((await this.focused()).includes(words)) return;
    }
    throw new Error(`Nothing that says “${words}” is reached with Tab`);
  }

  /** A dot for every character is seen of it. */
  async passphrase(): Promise<void> {
    await this.type(PASSPHRASE);
    expect(await this.page.evaluate(() => (document.activeElement instanceof HTMLInputElement ? document.activeElement.value.length : null)), 'every character of the passphrase arrived').toBe(PASSPHRASE.length);
  }

  /** The passphrase, and Enter. */
  async sign(): Promise<void> {
    await this.passphrase();
    await this.press('Enter');
  }

  private async focused(): Promise<string> {
    return (await this.page.evaluate(wordsOfAll, ':focus'))[0] ?? '';
  }
}

/** What can be gone to with Tab. */
const TABBED = ':is(a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex="0"])';

/** What everything that a selector picks says; runs in the page. */
function wordsOfAll(picked: string): string[] {
  return [...document.querySelectorAll<HTMLElement>(picked)].filter((at) => at.checkVisibility()).map((at) => {
    const labels = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement ? [...(at.labels ?? [])].map(({ textContent }) => textContent) : [at.textContent];
    return [at.getAttribute('aria-label') ?? '', ...labels].join(' ');
  });
}

/** As docs/emergencies.md has them. */
const PATH = { strokes: 115, typed: 525 };

test('somebody who never saw it declares and reaches the first approval by word, with the keyboard alone and by what the screens say', async ({ open, shell }) => {
  test.skip(shell === 'electron', 'The other shell loads the same window.');
  const console_ = await open({ route: '#/home' });
  const { page } = console_;
  const reader = new Reader(page);
  await page.getByRole('heading', { level: 1 }).waitFor();

  await test.step('from the first start to the practice seat', async () => {
    await reader.tabTo('Skip to the content');
    await reader.press('Enter');
    await reader.tabTo('Practise an emergency');
    await reader.press('Enter');
    await reader.isAt('A practice console is made');
    await reader.tabTo('Begin a drill');
    await reader.press('Enter');
    await expect(page.getByTestId('drill-band')).toBeVisible({ timeout: 30_000 });
    await reader.isAt('Take the practice seat');
    await reader.press('Enter');
    await reader.isAt('Passphrase of the key');
    await reader.sign();
    await reader.isAt('Declare the emergency');
  });

  await test.step('it is declared, and the first question is answered', async () => {
    await reader.press('Enter');
    await reader.isAt('Critical security vulnerability');
    await reader.press('2');
    await reader.isAt('in one sentence');
    await reader.type('Strangers read the orders of others.');
    await reader.tabTo('Passphrase');
    await reader.sign();
    await reader.isAt('Strangers read the orders of others.');
    await reader.tabTo('No: it is mended by a patch');
    await reader.press('Enter');
    await reader.isAt('Why');
    await reader.type('The patch is built.');
    await reader.tabTo('Passphrase');
    await reader.sign();
  });

  await test.step('what comes next has the focus, one act after the other', async () => {
    await reader.isAt('CVSS vector');
    await reader.tabTo('As the CVSS vector scores');
    await reader.press('ArrowDown');
    await reader.isAt('Critical');
    await reader.tabTo('Why');
    await reader.type('Anybody can read every order.');
    await reader.tabTo('Passphrase');
    await reader.sign();
    await reader.isAt('The version that mends it');
    await reader.type('v1.4.1');
    await reader.tabTo('Why this one');
    await reader.type('It asks whose order it is.');
    await reader.tabTo('Passphrase');
    await reader.sign();
    for (const [begin, words] of [['Record who was told', null], ['Record who was told', null], ['Sign the review', 'Read whole: it asks whose order it is.'], ['Sign that it was tested in development', 'Strangers get a refusal.'], ['QA’s test began', null], ['Sign that QA tested it', 'Ten orders of others: ten refusals.']] as const) {
      const before = await page.getByTestId('wire').textContent();
      await reader.isAt(begin);
      await reader.press('Enter');
      if (words !== null) {
        await reader.tabTo('What was looked at');
        await reader.type(words);
      }
      await reader.tabTo('Passphrase');
      await reader.sign();
      // Two acts have one name: the next begins when this one is an entry.
      await expect(page.getByTestId('wire')).not.toHaveText(before ?? '', { timeout: 15_000 });
      await expect(page.getByTestId('act-passphrase')).toHaveCount(0);
    }
    await reader.isAt('Open its checklist');
    await reader.press('Enter');
    await expect(page.getByTestId('of-emergency')).toBeVisible({ timeout: 15_000 });
    await expectSound(console_);
    await reader.tabTo('Back to the emergency');
    await reader.press('Enter');
    await expect(page.getByTestId('go-to-next')).toBeVisible();
    await expect(page.getByRole('heading', { name: /^Next: .*CTO/ })).toBeVisible();
    await reader.tabTo('Go to it');
    await reader.press('Enter');
    await reader.isAt('Call Cleo Martens');
  });

  await test.step('the call, up to an approval that opens', async () => {
    await reader.press('Enter');
    await reader.isAt('Passphrase');
    await reader.passphrase();
    await reader.tabTo('What could go wrong');
    await reader.type('The cache is cold for a minute.');
    await reader.tabTo('Log what is read');
    await reader.press('Enter');
    await reader.isAt('+1 202 555 0143');
    await reader.press('Enter');
    await reader.isAt('I ask you for an emergency approval');
    await reader.tabTo('It is read: go on');
    await reader.press('Enter');
    await reader.isAt('Word 1 of 4');
    const words = await page.getByTestId('read-back-words').locator('li').allTextContents();
    await reader.type(words.join(' '));
    await reader.press('Enter');
    await reader.isAt('Word 1 of 6');
    await reader.press('Shift+Tab');
    await reader.isAt('look at the sheet of Cleo Martens');
    await reader.press('Enter');
    const code = await page.getByTestId('drill-says').locator('p').textContent();
    await expectSound(console_);
    await reader.tabTo('Word 1 of 6');
    await reader.type(code ?? '');
    await reader.press('Enter');
    await reader.isAt('Who else was on the line');
    await reader.tabTo('Go on');
    await reader.press('Enter');
    await reader.isAt('Approve');
    await reader.press('Space');
    await reader.tabTo('What they said');
    await reader.type('Yes, deploy it now.');
    await reader.tabTo('Sign that Cleo Martens approves');
    await reader.press('Enter');
    await expect(page.getByTestId('came-to').getByRole('heading', { level: 2 }).first()).toHaveAttribute('data-opens', 'true', { timeout: 20_000 });
    await expectSound(console_);
  });

  expect(reader.strokes).toBeLessThanOrEqual(PATH.strokes);
  expect(reader.typed).toBeLessThanOrEqual(PATH.typed);
});
