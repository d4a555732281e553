import type { Page } from '@playwright/test';
import { PASSPHRASE } from '../support/seated-release.ts';
import { expect } from './console.ts';

export interface Call {
  readonly who: string;
  readonly role: string;
  readonly code?: readonly string[];
  readonly witness?: string;
  /** It was written on the form first, at this time; the form itself is attached. */
  readonly paper?: { readonly saidAt: string; readonly enteredAt: string; readonly file: string };
}

/** The call that stands open, from its beginning to what it came to, by keyboard where words are typed. `setClock`: what time it is from then on. */
export async function takeCall(page: Page, { who, code, witness, paper }: Call, setClock: (time: string) => void): Promise<void> {
  const at = (id: string): ReturnType<Page['getByTestId']> => page.getByTestId(id);
  await at('act-passphrase').fill(PASSPHRASE);
  await at('call-risk').fill('The cache is cold for a minute.');
  await at('call-next').click();
  await expect(at('call-2')).toHaveAttribute('data-state', 'now', { timeout: 30_000 });
  await at('call-back').check();
  if (paper !== undefined) {
    await page.getByText('Not on the telephone, or written on paper first').click();
    await at('call-late').check();
    await expect(at('call-next')).toBeDisabled();
    await at('call-spoken-at').fill(paper.saidAt);
    setClock(paper.enteredAt);
  }
  await at('call-next').click();
  await expect(at('statement')).toContainText('I ask you for an emergency approval by word');
  await at('call-next').click();
  const words = await at('read-back-words').locator('li').allTextContents();
  expect(words).toHaveLength(4);
  await at('read-back').locator('input').first().focus();
  for (const word of words) await page.keyboard.type(`${word} `);
  // What is typed is not shown, and neither is what is waited for.
  await expect(at('read-back-words')).toBeHidden();
  await at('call-next').click();
  if (code === undefined && who === 'mara') await at('no-code').click();
  else if (code === undefined) await at('call-next').click();
  else {
    await at('voice-code').locator('input').first().focus();
    for (const word of code) await page.keyboard.type(`${word} `);
    await at('call-next').click();
  }
  if (witness !== undefined) await at('call-witness').selectOption(witness);
  if (paper !== undefined) {
    await page.getByText('Attach notes, or a recording made by other means').click();
    await at('call-files').fill(paper.file);
    // Nothing that was said is kept of anybody who did not agree to it.
    await expect(at('call-next')).toBeDisabled();
    await at('call-consent').check();
  }
  await at('call-next').click();
  await at('call-decision').getByLabel('Approve').check();
  await at('call-words').fill('Yes, deploy it.');
  await at('sign-call').click();
  await expect(at('came-to')).toBeVisible({ timeout: 30_000 });
}
