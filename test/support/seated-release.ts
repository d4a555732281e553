import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { ReleaseType } from '../../src/core/model/primitives.ts';
import { openWindow } from '../../src/main/chromium/window.ts';
import { GreenRelease } from './green-release.ts';

export const PASSPHRASE = 'correct horse battery';

/** A green release at whose console one person sits, with the only key there: in a file, under a passphrase. */
export class SeatedRelease extends GreenRelease {
  /** Makes the person's key and the roster that names them; then nobody else's secret key is left here. */
  async seat(id: string, roles: readonly string[]): Promise<void> {
    const until = this.time;
    // As old as the roster's own keys, so that its certificate was good when the roster was signed.
    this.time = '2026-01-01T00:00:00Z';
    const { key } = await this.client.call('keys.create', { name: id, email: `${id}@example.com`, algorithm: 'ed25519', passphrase: PASSPHRASE, file: null });
    this.time = until;
    this.gpg.gpg(['--import'], (await this.client.call('keys.export', { key: key.fingerprint, out: null })).armored);
    this.people.push({ id, key: key.fingerprint, roles: [...roles] });
    await this.prepare();
    for (const fingerprint of Object.values(this.keys)) this.gpg.gpg(['--yes', '--delete-secret-keys', fingerprint]);
  }

  /** The release as the window's list has it. */
  async save(declared: readonly ReleaseType[]): Promise<string> {
    return (await this.client.call('release.save', { id: null, draft: this.draft(undefined, declared) })).id;
  }

  /** Opens the window on this console, and says what it complained of. */
  async open(route: string): Promise<{ readonly page: Page; readonly home: string; readonly complaints: string[]; readonly close: () => Promise<void> }> {
    const opened = await openWindow(this.core, { headless: true, viewport: { width: 1280, height: 800 }, route });
    const complaints: string[] = [];
    opened.page.on('console', (message) => void ((message.type() === 'error' || message.type() === 'warning') && complaints.push(message.text())));
    opened.page.on('pageerror', (error) => complaints.push(String(error)));
    return { page: opened.page, home: join(this.folder.path, 'home'), complaints, close: opened.close };
  }
}
