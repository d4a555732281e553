import { expect, type Page } from '@playwright/test';

/** Takes the seat as somebody whose key lies in a file of the console. */
export async function takeSeat(page: Page, id: string, passphrase: string): Promise<void> {
  await page.getByTestId('seat').click();
  const dialog = page.getByTestId('seat-dialog');
  await dialog.getByTestId(`seat-${id}`).click();
  await dialog.getByTestId('seat-passphrase').fill(passphrase);
  await dialog.getByTestId('take-seat').click();
  await expect(dialog).toBeHidden();
}
