import type { Page } from '@playwright/test';
import { openWindow } from '../../src/main/chromium/window.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { PASSPHRASE, type Owner, type ThreeConsoles } from '../support/three-consoles.ts';
import { expect, type Console } from './console.ts';
import { takeSeat } from './seat.ts';

const V = 'v1.1.0';

/** A console with the person whose it is before its window. */
export class Desk {
  readonly console: Console;
  readonly #world: ThreeConsoles;

  private constructor(world: ThreeConsoles, opened: Console) {
    this.#world = world;
    this.console = opened;
  }

  /** Opens the window on somebody's data folder, by the clock of the world, and takes the seat. */
  static async of(world: ThreeConsoles, owner: Owner): Promise<Desk> {
    const core: Core = compose({ shell: 'chromium', home: world.home(owner), now: () => new Date(world.time) });
    const { page, close } = await openWindow(core, { headless: true, viewport: { width: 1280, height: 800 } });
    const complaints: string[] = [];
    page.on('console', (message) => void ((message.type() === 'error' || message.type() === 'warning') && complaints.push(message.text())));
    page.on('pageerror', (error) => complaints.push(String(error)));
    const desk = new Desk(world, {
      page, home: world.home(owner), complaints,
      close: async () => {
        await close();
        await core.close();
      },
    });
    await takeSeat(page, owner, PASSPHRASE);
    await expect(page.getByTestId('seat')).toContainText(owner);
    return desk;
  }

  get page(): Page {
    return this.console.page;
  }

  /** A part of the release, or another place where it begins with `#`; read anew, as it is at this time. */
  async go(place: string): Promise<void> {
    const hash = place.startsWith('#') ? place : `#/release/${V}/${place}`;
    await this.page.goto(`${new URL(this.page.url()).origin}/${hash}`);
    await this.page.reload();
  }

  /** Loads the release as a major one, as its user would. */
  async load(): Promise<void> {
    const { page } = this;
    const { repo, outputs } = this.#world.draft();
    await this.go('#/release/new');
    await page.getByTestId('repository-path').fill(repo);
    await page.getByTestId('repository-path').press('Enter');
    // The form offers a folder of its own as soon as it knows the repository.
    await expect(page.getByTestId('outputs-path')).not.toHaveValue('');
    await page.getByTestId('outputs-path').fill(outputs[0] ?? '');
    await page.getByRole('button', { name: 'Add a folder' }).click();
    await page.getByTestId('outputs-path-2').fill(outputs[1] ?? '');
    await page.getByTestId('version').fill(V);
    await page.getByLabel('Major').check();
    await page.getByTestId('save-release').click();
    await expect(page.getByTestId('gate')).toBeVisible({ timeout: 60_000 });
  }

  /** Hands over what is only here, and takes what others brought. */
  async sync(): Promise<void> {
    const { page } = this;
    await this.go('#/archive?act=sync');
    // The last one is named by itself, as soon as the settings are read.
    await expect(async () => {
      await page.getByTestId('sync-path').fill(this.#world.shared.path);
      await expect(page.getByTestId('sync-path')).toHaveValue(this.#world.shared.path, { timeout: 500 });
    }).toPass();
    await page.getByTestId('sync-button').click();
    await expect(page.getByTestId('sync-result')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByTestId('sync-result')).not.toContainText(/rewritten|refused|damaged|unknown/);
  }

  /** Judges the release again, and says what its gate is then. */
  async judged(gate: 'Open' | 'Closed'): Promise<void> {
    await this.go('checklist');
    await this.page.getByTestId('evaluate').click();
    await expect(this.page.getByTestId('evaluate')).toBeEnabled({ timeout: 60_000 });
    await expect(this.page.getByTestId('gate')).toContainText(gate, { timeout: 60_000 });
  }

  /** The act that is open is signed: the passphrase of the key is typed each time. */
  async sign(button: string): Promise<void> {
    // Several acts may stand open; each asks for itself.
    const form = button.endsWith('-send') ? this.page.getByTestId(button.slice(0, -'-send'.length)) : this.page.locator('body');
    await form.getByTestId('act-passphrase').last().fill(PASSPHRASE);
    await this.page.getByTestId(button).click();
  }

  async verifiesWhole(): Promise<void> {
    await this.go('#/archive');
    await this.page.getByTestId('verify-everything').click();
    await expect(this.page.getByTestId('archive-result')).toContainText(/good|verif/i, { timeout: 60_000 });
  }
}
