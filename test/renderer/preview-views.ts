import type { Page } from 'playwright-core';
import { DEPLOYMENT_VIEWS } from './preview-deployment.ts';
import { DRILL_VIEWS } from './preview-drill.ts';
import { EMERGENCY_VIEWS } from './preview-emergency.ts';
import { PEOPLE_VIEWS } from './preview-people.ts';
import { PLAN_VIEWS } from './preview-plan.ts';

export interface View {
  readonly name: string;
  readonly address: string;
  /** What a person does there before the picture is taken. */
  readonly act?: (page: Page) => Promise<void>;
}

/** Every place that has a picture. */
export const VIEWS: readonly View[] = [
  { name: 'home', address: '#/home' },
  { name: 'releases', address: '#/releases' },
  { name: 'new-release', address: '#/release/new' },
  { name: 'release-edit', address: '#/release/v0.9.0/edit' },
  { name: 'overview', address: '#/release/v1.1.0/overview', act: (page) => page.waitForTimeout(800) },
  { name: 'checklist', address: '#/release/v1.1.0/checklist', act: (page) => page.waitForTimeout(800) },
  { name: 'checklist-drawer', address: '#/release/v1.1.0/checklist?line=sast-scans', act: (page) => page.waitForTimeout(800) },
  {
    name: 'run-here', address: '#/release/v1.1.0/checklist?line=unit-tests',
    act: async (page) => {
      await page.waitForTimeout(800);
      await page.getByTestId('without-roster').check();
      await page.getByTestId('run-node').click();
      await page.getByTestId('run-result').waitFor();
      await page.getByTestId('run-here').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'evidence-help', address: '#/release/v1.1.0/checklist?line=unit-tests',
    act: async (page) => {
      await page.waitForTimeout(800);
      await page.getByTestId('evidence-help').locator('summary').click();
    },
  },
  { name: 'artifacts', address: '#/release/v1.1.0/artifacts', act: (page) => page.waitForTimeout(800) },
  { name: 'record', address: '#/release/v1.1.0/record', act: (page) => page.waitForTimeout(800) },
  {
    name: 'judged-again', address: '#/release/v1.1.0/record',
    act: async (page) => {
      await page.getByTestId('judge-today').click();
      await page.getByTestId('difference').waitFor();
      await page.getByTestId('difference').scrollIntoViewIfNeeded();
    },
  },
  { name: 'signing-room', address: '#/release/v1.1.0/sign', act: (page) => page.waitForTimeout(800) },
  {
    name: 'signing-room-below', address: '#/release/v1.1.0/sign',
    act: async (page) => {
      await page.waitForTimeout(800);
      await page.getByTestId('second-route').fill(`${'0'.repeat(64)}  far-away.img\nab12 3\n${'a'.repeat(64)}  ghostquant-1.1.0.tar.gz`);
      await page.getByRole('radio', { name: /card/ }).check();
      await page.getByTestId('cover-manifest').check();
      await page.getByTestId('card-in-room').scrollIntoViewIfNeeded();
    },
  },
  { name: 'many-overview', address: '#/release/v2.0.0-rc.1/overview', act: (page) => page.waitForTimeout(1200) },
  { name: 'many-checklist', address: '#/release/v2.0.0-rc.1/checklist?line=sast-scans', act: (page) => page.waitForTimeout(1200) },
  { name: 'many-artifacts', address: '#/release/v2.0.0-rc.1/artifacts', act: (page) => page.waitForTimeout(1200) },
  { name: 'none-overview', address: '#/release/v1.0.5/overview', act: (page) => page.waitForTimeout(800) },
  { name: 'none-artifacts', address: '#/release/v1.0.5/artifacts', act: (page) => page.waitForTimeout(800) },
  { name: 'lost-repository', address: '#/release/v0.9.0/checklist', act: (page) => page.waitForTimeout(800) },
  { name: 'archive', address: '#/archive' },
  { name: 'archive-entry', address: '#/archive?entry=countersign.invalid%2Fconsole-7f3a%232999' },
  { name: 'archive-proof', address: '#/archive?q=type%3Arollback&entry=countersign.invalid%2Fconsole-7f3a%232993&view=proof', act: (page) => page.getByTestId('proof-drawing').scrollIntoViewIfNeeded({ timeout: 3_000 }) },
  { name: 'archive-found', address: '#/archive?q=type%3Arollback%20after%3A2026-01-01%20before%3A2026-02-01' },
  { name: 'archive-wrong', address: '#/archive?q=colour%3Ared', act: (page) => page.getByRole('button', { name: 'What can be asked' }).click() },
  {
    name: 'archive-evidence', address: '#/archive',
    act: async (page) => {
      await page.getByTestId('fork').locator('summary').click({ timeout: 2_000 }).catch(() => undefined);
      await page.getByTestId('logs').locator('summary').click();
    },
  },
  {
    name: 'archive-marks', address: '#/archive',
    act: async (page) => {
      await page.getByTestId('timeline').getByRole('button').nth(1).focus({ timeout: 2_000 }).catch(() => undefined);
      for (const key of ['End', 'ArrowLeft', 'ArrowDown']) await page.keyboard.press(key);
    },
  },
  { name: 'verify', address: '#/verify' },
  { name: 'held-keys-aside', address: '#/keys?act=set-aside', act: async (page) => {
    await page.getByTestId('set-aside-fingerprint').fill('A'.repeat(40));
    await page.getByTestId('set-aside-statement').fill('Safe 2, envelope 7.');
    await page.waitForTimeout(400);
  } },
  { name: 'held-keys', address: '#/keys', act: (page) => page.waitForTimeout(400) },
  {
    name: 'held-keys-card', address: '#/keys',
    act: async (page) => {
      await page.getByTestId('enrol-card').click();
      await page.getByLabel('Whose it is, as the roster names them').fill('xiaoming');
      await page.getByRole('button', { name: 'Record the enrolment' }).click();
      await page.getByText('The card is enrolled').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'held-keys-new', address: '#/keys',
    act: async (page) => {
      await page.getByTestId('make-key').click();
      await page.getByTestId('key-passphrase').fill('short');
    },
  },
  { name: 'settings', address: '#/settings' },
  { name: 'nowhere', address: '#/nowhere/at/all' },
  {
    name: 'folder-dialog', address: '#/release/new',
    act: async (page) => {
      await page.getByRole('button', { name: 'Choose repository' }).click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'new-release-wrong', address: '#/release/new',
    act: async (page) => {
      await page.getByTestId('repository-path').fill('/srv/elsewhere');
      await page.getByTestId('version').fill('one point one');
      await page.getByTestId('save-release').click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'only-blocking', address: '#/release/v1.1.0/checklist',
    act: async (page) => {
      await page.waitForTimeout(800);
      await page.keyboard.press('f');
      for (let step = 0; step < 3; step += 1) await page.keyboard.press('j');
    },
  },
  {
    name: 'signing-progress', address: '#/release/v1.1.0/sign',
    act: async (page) => {
      await page.waitForTimeout(800);
      await page.getByRole('radio').first().check();
      await page.getByTestId('sign-button').click();
      await page.waitForTimeout(900);
    },
  },
  {
    name: 'signed', address: '#/release/v1.1.0/sign',
    act: async (page) => {
      await page.waitForTimeout(800);
      await page.getByRole('radio').first().check();
      await page.getByTestId('sign-button').click();
      await page.getByTestId('signing-result').waitFor();
      await page.waitForTimeout(1500);
    },
  },
  {
    name: 'archive-verified', address: '#/archive',
    act: async (page) => {
      await page.getByTestId('verify-everything').click();
      await page.getByTestId('archive-result').waitFor();
    },
  },
  {
    name: 'archive-verifying', address: '#/archive',
    act: async (page) => {
      await page.getByTestId('verify-everything').click();
      await page.waitForTimeout(900);
    },
  },
  {
    name: 'archive-synced', address: '#/archive?act=sync',
    act: async (page) => {
      await page.getByTestId('sync-path').fill('/media/STICK/archive');
      await page.getByTestId('sync-button').click();
      await page.getByTestId('sync-result').waitFor();
    },
  },
  { name: 'archive-export', address: '#/archive?act=export' },
  {
    name: 'archive-deep', address: '#/archive',
    act: async (page) => {
      await page.getByTestId('archive-list').getByRole('rowgroup').nth(1).evaluate((rows) => rows.scrollTo(0, 60_000));
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'verify-folder', address: '#/verify',
    act: async (page) => {
      await page.getByTestId('verify-path').fill('/srv/build/outputs');
      await page.getByTestId('verify-button').click();
      await page.getByTestId('folder-report').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'verified', address: '#/verify',
    act: async (page) => {
      await page.getByTestId('verify-path').fill('/srv/build/outputs/ghostquant-v1.1.0.whl');
      await page.getByTestId('verify-button').click();
      await page.getByTestId('verify-result').waitFor();
    },
  },
  { name: 'palette', address: '#/home', act: (page) => page.keyboard.press('Control+k') },
  { name: 'keys', address: '#/release/v1.1.0/checklist', act: async (page) => { await page.waitForTimeout(800); await page.keyboard.press('?'); } },
  ...PLAN_VIEWS,
  ...DEPLOYMENT_VIEWS,
  ...PEOPLE_VIEWS,
  ...EMERGENCY_VIEWS,
  ...DRILL_VIEWS,
];
