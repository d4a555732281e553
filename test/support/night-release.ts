import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCode } from '../../src/core/approval/voice-code.ts';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import { openWindow } from '../../src/main/chromium/window.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import type { Console } from '../e2e/console.ts';
import { GreenRelease } from './green-release.ts';
import { PASSPHRASE } from './seated-release.ts';

/** Whose keys lie in files of the console, under one passphrase; the others' are held by gpg. */
const SIT = { otto: ['on-call'], mara: ['cto'], nils: ['ciso'], will: [] } as const;
type Sits = keyof typeof SIT;

/** A release at whose console the people of an emergency sit one after the other, in whichever night the test says. */
export class NightRelease extends GreenRelease {
  /** The single-use codes that lie with the CTO on paper, by their names. */
  readonly codes: Record<string, readonly string[]> = {};
  readonly keys_: Partial<Record<Sits, string>> = {};
  #night: { readonly core: Core; readonly client: Client } | null = null;

  async prepareNight(): Promise<void> {
    const until = this.time;
    // As old as the roster's own keys, so that their certificates were good when the roster was signed.
    this.time = '2026-01-01T00:00:00Z';
    const made = await Promise.all([makeCode(), makeCode(), makeCode()]);
    const codes = made.map(({ words, salt, scrypt }, at) => {
      this.codes[`c0${at + 1}`] = words;
      return { id: `c0${at + 1}`, salt, scrypt, duress: at === 2 };
    });
    for (const [id, roles] of Object.entries(SIT)) {
      const { key } = await this.client.call('keys.create', { name: id, email: `${id}@example.com`, algorithm: 'ed25519', passphrase: PASSPHRASE, file: null });
      this.keys_[id as Sits] = key.fingerprint;
      this.gpg.gpg(['--import'], (await this.client.call('keys.export', { key: key.fingerprint, out: null })).armored);
      this.people.push({ id, key: key.fingerprint, roles: [...roles], ...(id === 'mara' ? { phones: ['+1 202 555 0101', 'Room 4'], codes } : id === 'nils' ? { phones: ['+1 202 555 0102'] } : {}) });
    }
    this.time = until;
    await this.prepare();
    writeFileSync(join(this.folder.path, 'smoke.xml'), '<testsuites><testsuite name="smoke" tests="1"><testcase name="a"/></testsuite></testsuites>');
    await this.client.call('release.save', { id: null, draft: this.draft() });
  }

  /** The calls of the console that is open now. */
  get now(): Client {
    return this.#night?.client ?? this.client;
  }

  /** Starts the console anew, as after the machine was off, and opens its window. */
  async restart(route: string): Promise<Console> {
    await this.#night?.core.close();
    const core = compose({ shell: 'chromium', home: join(this.folder.path, 'home'), now: () => new Date(this.time) });
    this.#night = { core, client: connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen }) };
    const { page, close } = await openWindow(core, { headless: true, viewport: { width: 1280, height: 800 }, route });
    const complaints: string[] = [];
    page.on('console', (message) => void ((message.type() === 'error' || message.type() === 'warning') && complaints.push(message.text())));
    page.on('pageerror', (error) => complaints.push(String(error)));
    return { page, home: join(this.folder.path, 'home'), complaints, close };
  }

  override async close(): Promise<void> {
    await this.#night?.core.close();
    await super.close();
  }
}
