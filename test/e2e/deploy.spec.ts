import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { RollbackRecord } from '../../src/core/model/archive.ts';
import { openWindow } from '../../src/main/chromium/window.ts';
import { GreenRelease } from '../support/green-release.ts';
import { CALENDAR } from '../workflow/acts.ts';
import { expect, expectSound, keepPicture, test } from './console.ts';

const V = 'v1.1.0';
const BOARD = `#/release/${V}/deployment`;

/** A green release with one before it, its people with a home of keys each, and a window over its console. */
class Desk {
  readonly release = new GreenRelease();
  readonly complaints: string[] = [];
  readonly #homes = new Map<string, string>();
  #sitting: string | null = null;
  #window: Awaited<ReturnType<typeof openWindow>> | null = null;

  at(name: string): string {
    return join(this.release.folder.path, name);
  }

  get page(): Page {
    if (this.#window === null) throw new Error('no window is open');
    return this.#window.page;
  }

  async prepare(): Promise<void> {
    const { release } = this;
    const keys = { ...release.keys, rita: release.gpg.key('rita <rita@example.com>'), dora: release.gpg.key('dora <dora@example.com>') };
    release.people.push({ id: 'rita', key: keys.rita, roles: ['release-manager'] }, { id: 'dora', key: keys.dora, roles: ['devops'] });
    await release.prepare();
    for (const name of ['dora', 'cleo', 'quinn'] as const) this.#homes.set(name, this.#homeOf(name, keys[name]));
    const write = (name: string, text: string): void => writeFileSync(this.at(name), text);
    write('windows.ics', CALENDAR);
    write('production.env', 'DEBUG=False\nLOG_LEVEL=WARNING\n');
    write('smoke.xml', '<testsuites><testsuite name="smoke" tests="2"><testcase name="a"/><testcase name="b"/></testsuite></testsuites>');
    write('regression.xml', '<testsuites><testsuite name="regression" tests="1"><testcase name="a"/></testsuite></testsuites>');
    for (const [name, mean] of [['before.json', 0.1], ['after.json', 0.16]] as const) write(name, JSON.stringify({ results: [{ command: 'ask', mean, stddev: 0.001, median: mean, min: mean, max: mean, times: [mean, mean] }] }));
    mkdirSync(this.at('old'));
    writeFileSync(this.at('old/product.tar.gz'), Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.alloc(90, 3)]));
    const { client } = release;
    await client.call('signing.sign', { key: keys.alan, files: [this.at('old/product.tar.gz')], out: this.at('old'), release: { version: 'v1.0.0', commit: release.before }, replace: false, task: undefined });
    await client.call('release.plan', { release: V, key: keys.rita, from: null, repo: release.repository.path, since: null, calendar: this.at('windows.ics'), method: 'canary', rollbackPlan: 'Canary, back to v1.0.0 within five minutes.', previous: null, securityImpact: 'None.' });
    const doer = { key: keys.dora, as: null };
    const { deployment } = await client.call('deployment.start', { draft: { ...release.draft([this.at('old')]), version: 'v1.0.0' }, environment: 'production', method: 'direct', doer, target: this.at('old'), configuration: null, unauthorised: 'It is older than this console.', task: undefined });
    await client.call('deployment.finish', { deployment: deployment.record, doer, smoke: [this.at('smoke.xml')], regression: [], task: undefined });
    await client.call('release.save', { id: null, draft: release.draft() });
  }

  /** Only this person's key is here now, as where their card is the one that is in the reader. */
  async sits(name: 'dora' | 'cleo' | 'quinn', route: string, time?: string): Promise<void> {
    process.env['GNUPGHOME'] = this.#homes.get(name);
    if (time !== undefined) this.release.time = time;
    if (this.#window === null) {
      this.#window = await openWindow(this.release.core, { headless: true, viewport: { width: 1280, height: 800 }, route });
      this.page.on('console', (message) => ['error', 'warning'].includes(message.type()) && this.complaints.push(message.text()));
      this.page.on('pageerror', (error) => this.complaints.push(String(error)));
    } else {
      await this.page.goto(`https://console.invalid/${route}`);
      await this.page.reload();
    }
    if (this.#sitting === name) return;
    this.#sitting = name;
    await this.page.getByTestId('seat').click();
    const dialog = this.page.getByTestId('seat-dialog');
    await dialog.getByTestId(`seat-${name}`).click();
    await dialog.getByTestId('take-seat').click();
    await expect(dialog).toBeHidden();
    await expect(this.page.getByTestId('seat')).toContainText(name);
  }

  async sound(): Promise<void> {
    await expectSound({ page: this.page, complaints: this.complaints, home: '', close: async () => undefined });
  }

  async close(): Promise<void> {
    await this.#window?.close();
    for (const home of this.#homes.values()) execFileSync('gpgconf', ['--kill', 'all'], { env: { ...process.env, GNUPGHOME: home } });
    process.env['GNUPGHOME'] = this.release.gpg.path;
    await this.release.close();
  }

  #homeOf(name: string, fingerprint: string): string {
    const { gpg } = this.release;
    const home = this.at(`keys-${name}`);
    mkdirSync(home, { mode: 0o700 });
    copyFileSync(join(gpg.path, 'gpg.conf'), join(home, 'gpg.conf'));
    const secret = gpg.gpg(['--armor', '--pinentry-mode', 'loopback', '--passphrase', '', '--export-secret-keys', fingerprint]);
    execFileSync('gpg', ['--batch', '--no-tty', '--quiet', '--import'], { env: { ...process.env, GNUPGHOME: home }, input: secret, stdio: ['pipe', 'pipe', 'pipe'] });
    return home;
  }
}

test('a release goes by canary from staging to production, is watched, rolled back and explained, all in the window', async ({ shell }) => {
  test.skip(shell === 'electron', 'The window is opened over a console whose clock the test moves.');
  const desk = new Desk();
  try {
    await desk.prepare();

    await test.step('staging: the target is checked, deployed, tested', async () => {
      await desk.sits('dora', BOARD);
      const { page } = desk;
      await expect(page.getByTestId('board')).toContainText('is deployed nowhere yet', { timeout: 30_000 });
      await page.getByRole('radio', { name: 'A folder' }).check();
      await page.getByTestId('deploy-target').fill(join(desk.release.outputs, 'release'));
      await page.getByTestId('check-deployment').click();
      await expect(page.getByTestId('checked')).toContainText('1 artifact, all as they were signed');
      await desk.sound();
      await page.getByTestId('deploy-send').click();
      await expect(page.getByTestId('environment-staging')).toContainText(`${V} at 100 %, asks for its tests`);
      // The form is gone; the focus is at what it led to.
      await expect(page.getByTestId('deployment').first().locator('summary').first()).toBeFocused();
      await finish(page, 'finish', { smoke: desk.at('smoke.xml'), regression: desk.at('regression.xml') });
      await expect(page.getByTestId('environment-staging')).toContainText(`${V} deployed, watched for 24 h more`);
    });

    await test.step('production: what is missing is said line by line, and nothing is deployed without it', async () => {
      const { page } = desk;
      await page.getByTestId('begin-deployment').click();
      await page.getByTestId('deploy-environment').selectOption('production');
      await page.getByTestId('deploy-target').fill(join(desk.release.outputs, 'release'));
      await page.getByTestId('deploy-configuration').fill(desk.at('production.env'));
      await page.getByTestId('check-deployment').click();
      await expect(page.getByTestId('line-window')).toContainText('It is in no maintenance window');
      await expect(page.getByTestId('line-staging')).toContainText('smoke and regression tests passed there');
      await expect(page.getByTestId('without-authority')).toContainText('deployed, unauthorised');
      await expect(page.getByTestId('deploy-unauthorised-send')).toBeDisabled();
      await desk.sound();
    });

    await test.step('production: in its window, with everything there, it goes through its stages', async () => {
      await desk.sits('dora', BOARD, '2026-01-12T21:30:00Z');
      const { page } = desk;
      // What was typed is there still.
      await page.getByTestId('begin-deployment').click();
      await expect(page.getByTestId('deploy-target')).toHaveValue(join(desk.release.outputs, 'release'));
      await page.getByTestId('check-deployment').click();
      await expect(page.getByTestId('checked')).toContainText('The authority for production is whole');
      await page.getByTestId('deploy-send').click();
      const canary = page.getByTestId('deployment').first();
      await expect(page.getByTestId('environment-production')).toContainText(`${V} at 10 %, 50 % in`);
      await expect(canary).toContainText('It had authority');
      await keepPicture(page, 'deployment-board');
      await desk.sound();
      await canary.getByTestId('act-stage').click();
      await expect(canary.getByTestId('stage')).toContainText('It says why it begins before its time.');
      await desk.sits('dora', BOARD, '2026-01-12T22:30:00Z');
      for (const [time, percent] of [['2026-01-12T22:30:00Z', 50], ['2026-01-12T23:30:00Z', 100]] as const) {
        if (time !== desk.release.time) await desk.sits('dora', BOARD, time);
        await canary.getByTestId('act-stage').click();
        await canary.getByTestId('stage-send').click();
        await expect(page.getByTestId('environment-production')).toContainText(`${V} at ${percent} %`);
      }
      await finish(page, 'finish', { smoke: desk.at('smoke.xml'), regression: desk.at('regression.xml') });
      await expect(page.getByTestId('environment-production')).toContainText('watched for 24 h more');
    });

    await test.step('the watch: what is seen is recorded', async () => {
      await desk.sits('dora', BOARD, '2026-01-13T02:00:00Z');
      const { page } = desk;
      const watched = page.getByTestId('deployment').first();
      await expect(watched.getByTestId('watch')).toContainText('21 h 30 min left');
      await watched.getByTestId('act-observe').click();
      await watched.getByRole('radio', { name: 'There is an issue' }).check();
      await watched.getByTestId('observe-words').fill('Prices take 1.6 times as long since 01:40.');
      await watched.getByTestId('observe-send').click();
      await expect(watched.getByTestId('observations')).toContainText('Prices take 1.6 times as long');
      await watched.getByTestId('roll-back').click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Roll back ${V}`);
    });

    const address = (): string => new URL(desk.page.url()).hash;
    let rollback = '';
    await test.step('the rollback is proved to be possible, detected, and told of', async () => {
      const { page } = desk;
      rollback = address();
      await page.getByTestId('rollback-artifacts').fill(desk.at('old'));
      await page.getByTestId('rollback-before').fill(desk.at('before.json'));
      await page.getByTestId('rollback-after').fill(desk.at('after.json'));
      await page.getByTestId('check-rollback').click();
      await expect(page.getByTestId('proof-outcome')).toContainText(`${V} can be rolled back to v1.0.0 in production`);
      await expect(page.getByTestId('slower')).toContainText('60 % slower where it is worst; more than 50 % calls for a rollback (§9.1): it does');
      await desk.sound();
      await page.getByRole('radio', { name: /Performance degradation/ }).check();
      await page.getByTestId('detect-reason').fill('Prices take 1.6 times as long.');
      await page.getByLabel('Who was told, row 1').fill('Sentinel on-call');
      await page.getByLabel('By which way, row 1').fill('pager');
      await page.getByLabel('By which way, row 2').fill('telephone');
      await page.getByTestId('detect-send').click();
      await expect(page.getByTestId('told')).toContainText('Nobody is recorded to have told the CISO');
      await expect(page.getByTestId('step-decide')).toBeFocused();
      await page.getByTestId('act-notify').click();
      await page.getByLabel('By which way, row 1').fill('telephone');
      await page.getByLabel('When, in UTC, row 1').fill('2026-01-13 02:01');
      await page.getByTestId('notify-send').click();
      await expect(page.getByTestId('told')).not.toContainText('Nobody is recorded');
    });

    await test.step('only the CTO decides', async () => {
      const { page } = desk;
      await page.getByTestId('decide-reason').fill('Customers wait.');
      await page.getByTestId('decide-send').click();
      await expect(page.getByTestId('decide').getByTestId('error')).toContainText('dora is not cto');
      await desk.sits('cleo', rollback, '2026-01-13T02:05:00Z');
      // What one person typed is not there for another.
      await expect(page.getByTestId('decide-reason')).toHaveValue('');
      await page.getByTestId('rollback-artifacts').fill(desk.at('old'));
      await page.getByTestId('check-rollback').click();
      await page.getByTestId('decide-reason').fill('Customers wait.');
      await page.getByTestId('decide-send').click();
      await expect(page.getByTestId('step-decide')).toContainText('cleo decided by signature to go back from v1.1.0 to v1.0.0');
    });

    await test.step('it is carried out, tested and documented', async () => {
      await desk.sits('dora', rollback, '2026-01-13T02:10:00Z');
      const { page } = desk;
      await page.getByTestId('execute-send').click();
      await expect(page.getByTestId('step-execute')).toContainText('as it was decided');
      await page.getByTestId('rollback-smoke').fill(desk.at('smoke.xml'));
      await page.getByTestId('cause-owner').selectOption('cleo');
      await page.getByTestId('rollback-finish-send').click();
      await expect(page.getByTestId('rollback-state')).toContainText('documented as');
      await expect(page.getByTestId('cause-state')).toContainText('cleo looks for it');
      await desk.sound();
      await keepPicture(page, 'rollback');
      const { rollbacks } = await desk.release.client.call('rollback.list', { open: true });
      const { entry } = await desk.release.client.call('archive.show', { id: rollbacks[0]?.documented ?? '' });
      expect(RollbackRecord.parse(entry.record)).toMatchObject({ from_version: V, to_version: 'v1.0.0', rollback_status: 'success', rolled_back_by: 'dora@example.com', approved_by: ['cleo@example.com'], rollback_reason: 'Performance degradation: Prices take 1.6 times as long. (60 % slower)' });
      expect(entry.refs.map(({ rel }) => rel).sort()).toEqual(['documents', 'restores', 'rolls-back']);
    });

    await test.step('the end of its watch is told of, stands on Home, and is closed by who may', async () => {
      await desk.sits('quinn', '#/home', '2026-01-14T02:10:00Z');
      const { page } = desk;
      await expect(page.getByText('the watch of rollback-20260113-001 is over').first()).toBeVisible();
      await expect(page.getByTestId('need').filter({ hasText: 'root cause' })).toContainText('cleo looks for it');
      await expect(page.getByRole('status').or(page.getByTestId('notice')).filter({ hasText: 'is over' }).first()).toBeVisible({ timeout: 20_000 });
      await keepPicture(page, 'home-owed');
      await desk.sound();
      await page.getByTestId('need').filter({ hasText: 'the watch of rollback-20260113-001' }).getByRole('link').click();
      await page.getByTestId('act-close').click();
      await page.getByTestId('close-words').fill('Nothing was seen.');
      await page.getByTestId('close-watch-send').click();
      await expect(page.getByTestId('watch')).toContainText('Closed by quinn');
    });

    await test.step('the root cause is found, and nothing is owed for it any more', async () => {
      await desk.sits('cleo', rollback, '2026-01-15T09:00:00Z');
      const { page } = desk;
      await page.getByTestId('cause-found').fill('Every price was asked for twice.');
      await page.getByTestId('cause-send').click();
      await expect(page.getByTestId('step-cause')).toContainText('The root cause is found.');
      await desk.sits('cleo', '#/home');
      await expect(page.getByTestId('need').filter({ hasText: 'v1.0.0' }).first()).toBeVisible();
      await expect(page.getByTestId('need').filter({ hasText: 'root cause' })).toHaveCount(0);
    });

    await test.step('the metrics count it, and the archive verifies', async () => {
      await desk.sits('cleo', '#/metrics');
      const { page } = desk;
      // The window's own clock is not that of its console.
      await page.getByTestId('period-own').check();
      await page.getByTestId('period-from').fill('2026-01-01');
      await page.getByTestId('period-to').fill('2026-01-20');
      await page.getByTestId('period-show').click();
      await expect(page.getByTestId('change-failure-rate')).toContainText('1 of 2');
      await expect(page.getByTestId('time-to-restore')).toContainText('10 min');
      await desk.sound();
      await keepPicture(page, 'metrics');
      expect(await desk.release.client.call('archive.verify', { from: null, vkeys: [], task: undefined })).toMatchObject({ verdict: 'good' });
    });
  } finally {
    await desk.close();
  }
});

async function finish(page: Page, form: string, { smoke, regression }: { readonly smoke: string; readonly regression: string }): Promise<void> {
  const first = page.getByTestId('deployment').first();
  await first.getByTestId(`act-${form}`).click();
  await first.getByTestId(`${form}-smoke`).fill(smoke);
  await first.getByTestId(`${form}-regression`).fill(regression);
  await first.getByTestId(`${form}-send`).click();
}
