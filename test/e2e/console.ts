import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';
import { _electron } from 'playwright-core';
import { makeSampleOutputs } from '../../scripts/demo/sample-outputs.ts';
import { makeSampleRepository } from '../../scripts/demo/sample-repository.ts';
import { openWindow } from '../../src/main/chromium/window.ts';
import { compose } from '../../src/main/compose.ts';
import { practising } from '../../src/main/practising.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder } from '../support/repository.ts';

export const ROOT = join(import.meta.dirname, '../..');

export interface ShellOptions {
  readonly shell: 'chromium' | 'electron';
}

export interface Console {
  readonly page: Page;
  readonly home: string;
  /** What the page said on its console, and what it threw. */
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

export interface ConsoleOptions {
  readonly home?: string;
  readonly route?: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface Sample {
  readonly folder: string;
  readonly repository: string;
  readonly reports: string;
  readonly release: string;
  readonly commit: string;
  readonly key: string;
  readonly keyring: string;
}

interface Fixtures {
  readonly open: (options?: ConsoleOptions) => Promise<Console>;
}

interface WorkerFixtures {
  readonly sample: Sample;
}

const ELECTRON = join(dirname(createRequire(import.meta.url).resolve('electron/package.json')), 'dist/electron');

export const test = base.extend<Fixtures & ShellOptions, WorkerFixtures>({
  shell: ['chromium', { option: true }],
  sample: [
    async ({}, use) => {
      const folder = temporaryFolder('e2e');
      const gpg = new GpgHome();
      const at = (name: string): string => join(folder.path, name);
      const { commit } = makeSampleRepository(at('tariff'));
      makeSampleOutputs(at('tariff'), at('reports'), at('release'));
      const core = compose({ shell: 'test', home: at('ci') });
      await core.dispatch('evidence.writeManifest', { directory: at('reports'), commit, run: 'ci/1' }, { shell: 'test' });
      await core.dispatch('sbom.generate', { repo: at('tariff'), out: join(at('release'), 'sbom.json'), commit: null }, { shell: 'test' });
      await core.close();
      const key = gpg.key('Tariff Release Key <release@example.com>');
      await use({ folder: folder.path, repository: at('tariff'), reports: at('reports'), release: at('release'), commit, key, keyring: gpg.export(key) });
      gpg.remove();
      folder.remove();
    },
    { scope: 'worker' },
  ],
  open: async ({ shell }, use) => {
    if (shell === 'electron') base.skip(!existsSync(ELECTRON), 'Electron’s binary is not installed here: npx install-electron');
    const opened: { close: () => Promise<void> }[] = [];
    await use(async (options = {}) => {
      const console_ = shell === 'electron' ? await openElectron(options) : await openChromium(options);
      opened.push(console_);
      return console_;
    });
    for (const { close } of opened) await close();
  },
});

async function openChromium(options: ConsoleOptions): Promise<Console> {
  const folder = temporaryFolder('home');
  const home = options.home ?? folder.path;
  const core = practising({ shell: 'chromium', home });
  const { home: _home, ...window } = options;
  const opened = await openWindow(core, { headless: true, viewport: { width: 1280, height: 800 }, ...window });
  let open = true;
  return {
    page: opened.page, home, complaints: listenTo(opened.page),
    close: async () => {
      if (!open) return;
      open = false;
      await opened.close();
      await core.close();
      folder.remove();
    },
  };
}

async function openElectron(options: ConsoleOptions): Promise<Console> {
  const folder = temporaryFolder('home');
  const home = options.home ?? folder.path;
  const app = await _electron.launch({ executablePath: ELECTRON, args: [join(ROOT, 'out/main/main.js')], env: { ...process.env, COUNTERSIGN_HOME: home } as Record<string, string> });
  const page = await app.firstWindow();
  if (options.viewport !== undefined) await page.setViewportSize(options.viewport);
  if (options.route !== undefined) await page.evaluate((route) => (location.hash = route), options.route);
  return {
    page, home, complaints: listenTo(page),
    close: async () => {
      await app.close();
      folder.remove();
    },
  };
}

function listenTo(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}

/** Nothing serious or critical by axe's rules (in its mode that opens no page: the shell would close it), and nothing said on the console. */
export async function expectSound({ page, complaints }: Console): Promise<void> {
  let found = await seriousFindings(page);
  // A colour on its way to another has a contrast of its own, for an instant; what is wrong stays wrong.
  for (let again = 0; found.length > 0 && again < 2; again += 1) found = await seriousFindings(page);
  expect(found).toEqual([]);
  expect(complaints).toEqual([]);
}

async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(() => Promise.all(document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity).map(({ finished }) => finished.catch(() => undefined))).then(() => undefined));
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 3).join(' | ')}`);
}

/** Fills in the form that loads a release, as its user would. */
export async function loadRelease(page: Page, sample: Sample): Promise<void> {
  await page.goto(`${new URL(page.url()).origin === 'null' ? 'app://console' : new URL(page.url()).origin}/#/release/new`);
  await page.getByTestId('repository-path').fill(sample.repository);
  await page.getByTestId('repository-path').press('Enter').catch(() => undefined);
  // The form offers a folder of its own as soon as it knows the repository; what is typed meanwhile would mix with it.
  await expect(page.getByTestId('outputs-path')).not.toHaveValue('');
  await page.getByTestId('outputs-path').fill(sample.reports);
  await page.getByRole('button', { name: 'Add a folder' }).click();
  await page.getByTestId('outputs-path-2').fill(sample.release);
  await page.getByTestId('version').fill('v1.1.0');
  await page.getByTestId('save-release').click();
  await expect(page.getByTestId('gate')).toBeVisible({ timeout: 60_000 });
}

/** Keeps a picture of the window for the README. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(join(ROOT, 'test-results/images'), { recursive: true });
  await page.screenshot({ path: join(ROOT, 'test-results/images', `${name}.png`) });
}

export { expect };
