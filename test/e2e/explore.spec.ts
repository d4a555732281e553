import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { GenesisRecord } from '../../src/core/model/archive.ts';
import { compose } from '../../src/main/compose.ts';
import { openArchive, type Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { expect, expectSound, keepPicture, test } from './console.ts';

const work = { signal: new AbortController().signal, progress: (): void => undefined };
const go = (page: Page, address: string): Promise<void> => page.evaluate((to) => void (location.hash = to), address);

/** A console with months of records, and with the log of another that rewrote its history. */
async function makeArchive(folder: string): Promise<string> {
  const at = (name: string): string => join(folder, name);
  let clock = Date.UTC(2026, 0, 1);
  const open = (name: string): Promise<Archive> => openArchive({ home: at(name), now: () => new Date((clock += 3_600_000)), boot: 'e2e', origin: `example.com/${name.replace(/-twin$/, '')}` });
  const on = await open('on-call');
  await on.appendRecords([{ event_type: 'drift', environment: 'production' }]);
  on.close();
  cpSync(at('on-call'), at('on-call-twin'), { recursive: true });
  const [ours, other, twin] = [await open('desk'), await open('on-call'), await open('on-call-twin')];
  await other.appendRecords([{ event_type: 'deployment', release_version: 'v1.1.0', deployed_by: 'Ines' }]);
  await twin.appendRecords([{ event_type: 'deployment', release_version: 'v6.6.6', deployed_by: 'Mallory' }]);
  for (let week = 0; week < 12; week += 1) {
    clock += 7 * 24 * 3_600_000;
    await ours.appendRecords(Array.from({ length: 40 }, (_, n): GenesisRecord => ({ event_type: n % 4 === 0 ? 'checklist_run' : 'sbom', release_version: `v1.${week}.${n}`, number: week * 40 + n })));
  }
  const [deployment] = await ours.append([{ record: { event_type: 'deployment', release_version: 'v1.2.0', deployed_by: 'Alan' } }]);
  await ours.append([{ record: { event_type: 'rollback', from_version: 'v1.2.0', to_version: 'v1.1.9', rolled_back_by: 'Ines', rollback_reason: 'orders were doubled' }, refs: [{ rel: 'rolls-back', origin: ours.origin, seq: deployment?.seq ?? 0, leaf: deployment?.leaf ?? '' }] }]);
  await other.sync(at('shared'), work);
  await ours.sync(at('shared'), work);
  await other.sync(at('shared'), work);
  await ours.sync(at('shared'), work);
  mkdirSync(at('stick'));
  await twin.sync(at('stick'), work);
  await ours.sync(at('stick'), work);
  for (const archive of [ours, other, twin]) archive.close();
  return at('desk');
}

test('the archive is searched, a record followed and proved, and back again', async ({ open, sample }) => {
  const folder = join(sample.folder, `explorer-${Date.now().toString(36)}`);
  mkdirSync(folder);
  const home = await makeArchive(folder);
  const console_ = await open({ home, route: '#/archive' });
  const { page } = console_;
  const list = page.getByTestId('archive-list');
  await go(page, '#/archive');

  await test.step('lanes, logs and the kept evidence', async () => {
    await expect(page.getByTestId('archive-total')).toContainText('484 entries');
    await expect(page.getByTestId('timeline')).toContainText('desk');
    await expect(page.getByTestId('timeline')).toContainText('on-call');
    await expect(page.getByTestId('fork')).toContainText('example.com/on-call is quarantined');
    await page.getByTestId('fork').locator('summary').click();
    await expect(page.getByTestId('fork').locator('pre')).toHaveCount(2);
    await page.getByTestId('fork').locator('summary').click();
    await page.getByTestId('logs').locator('summary').click();
    await expect(page.getByTestId('logs')).toContainText('example.com/on-call saw');
    await page.getByTestId('logs').locator('summary').click();
    await expectSound(console_);
    await keepPicture(page, 'archive-explorer');
  });

  await test.step('a search is typed, refused with its place, and found', async () => {
    await page.keyboard.press('/');
    await expect(page.getByTestId('archive-search')).toBeFocused();
    await page.keyboard.type('colour:red');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert').filter({ hasText: 'Character 1' })).toContainText('no field "colour"');
    await page.getByTestId('archive-search').fill('type:rollback "orders were doub"*');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('archive-total')).toContainText('1 entry');
    expect(await page.evaluate(() => location.hash)).toContain('q=type%3Arollback');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await expect(page.getByTestId('entry-pane')).toContainText('orders were doubled');
    await expectSound(console_);
  });

  await test.step('what it points at is followed, and from there back', async () => {
    await page.getByTestId('entry-pane').getByRole('link', { name: 'example.com/desk#480' }).click();
    await expect(page.getByTestId('entry-pane')).toContainText('Pointed at by');
    await page.getByTestId('entry-pane').getByRole('link', { name: 'example.com/desk#481' }).click();
    await expect(page.getByTestId('entry-pane').getByRole('heading', { level: 2 })).toHaveText('rollback');
  });

  await test.step('the record is proved, the proof written, and checked by its key alone', async () => {
    await page.keyboard.press('p');
    await expect(page.getByTestId('proof')).toContainText('Proved');
    await expect(page.getByTestId('proof')).toContainText('example.com/on-call, not later than');
    await expect(page.getByTestId('proof-drawing')).toHaveAccessibleName(/up to the root of 482 entries/);
    await page.getByTestId('write-proof').click();
    const out = join(folder, 'proof');
    await page.getByTestId('proof-path').fill(out);
    await page.getByTestId('write-proof-button').click();
    await expect(page.getByTestId('proof-written')).toContainText('.tlog-proof');
    await expectSound(console_);
    await keepPicture(page, 'archive-proof');
    const file = readdirSync(out).find((name) => name.endsWith('.tlog-proof')) ?? '';
    const stranger = compose({ shell: 'test', home: join(folder, 'stranger') });
    const vkey = await openArchive({ home, now: () => new Date(), boot: 'e2e' }).then((archive) => {
      archive.close();
      return archive.vkey;
    });
    expect(await stranger.dispatch('archive.checkProof', { file: join(out, file), entry: null, vkeys: [vkey] }, { shell: 'test' })).toMatchObject({ ok: true, value: { verdict: 'good', event_type: 'rollback' } });
    await stranger.close();
  });

  await test.step('back leads to the record, to the list, and to the search before', async () => {
    await page.keyboard.press('Alt+ArrowLeft');
    await expect(page.getByTestId('proof')).toBeHidden();
    await expect(page.getByTestId('entry-pane')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('entry-pane')).toBeHidden();
    await expect(page.getByTestId('archive-search')).toHaveValue('type:rollback "orders were doub"*');
    await go(page, '#/archive');
    await expect(page.getByTestId('archive-total')).toContainText('484 entries');
    await page.keyboard.press('Alt+ArrowLeft');
    await expect(page.getByTestId('archive-total')).toContainText('1 entry');
  });

  await test.step('a mark of the timeline narrows the list, by keyboard', async () => {
    await go(page, '#/archive');
    const marks = page.getByTestId('timeline').getByRole('group', { name: /^example\.com\/desk/ }).getByRole('button');
    await marks.first().focus();
    await page.keyboard.press('End');
    const words = await marks.last().getAttribute('aria-label');
    expect(words).toMatch(/1 signed and shipped and 1 trouble|trouble/);
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('archive-search')).toHaveValue(/after:2026-.* before:2026-/);
    await expect(list).toContainText('orders were doubled');
    await expect(page.getByTestId('whole-time')).toBeVisible();
    await expectSound(console_);
    await page.getByTestId('whole-time').click();
    await expect(page.getByTestId('archive-total')).toContainText('484 entries');
  });

  await test.step('filters are the address, and the far end of the list is read', async () => {
    await page.getByRole('combobox', { name: 'Type' }).selectOption('checklist_run');
    await expect(page.getByTestId('archive-total')).toContainText('120 entries');
    await page.getByRole('combobox', { name: 'Type' }).selectOption('');
    await expect(page.getByTestId('archive-total')).toContainText('484 entries');
    await list.getByRole('rowgroup').nth(1).evaluate((rows) => rows.scrollTo(0, rows.scrollHeight));
    await expect(list).toContainText('desk #0');
    await expect(list.locator('[aria-rowindex="485"]')).toBeVisible();
  });

  await test.step('it is exported as a table', async () => {
    await go(page, '#/archive?act=export');
    await page.getByRole('radio', { name: /Table/ }).check();
    await page.getByTestId('export-path').fill(join(folder, 'table'));
    await page.getByTestId('export-archive').click();
    await expect(page.getByTestId('export-result')).toContainText('484 entries');
    expect(existsSync(join(folder, 'table', 'entries.csv'))).toBe(true);
    expect(readFileSync(join(folder, 'table', 'entries.csv'), 'utf8').split('\r\n')).toHaveLength(486);
  });
});

test('an archive without entries says what brings the first', async ({ open }) => {
  const console_ = await open({ colorScheme: 'dark' });
  await go(console_.page, '#/archive');
  await expect(console_.page.getByRole('heading', { name: 'The archive holds no entry yet' })).toBeVisible();
  await expectSound(console_);
});
