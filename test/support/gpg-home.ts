import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './repository.ts';

/** A GNUPGHOME of its own with real keys, for as long as a test lasts. */
export class GpgHome {
  readonly path: string;
  readonly #remove: () => void;
  readonly #before = process.env['GNUPGHOME'];

  /** `time`: what gpg takes for now, for tests whose clock stands elsewhere; it stands still, as each gpg would begin it anew. */
  constructor(time: string | null = null) {
    const folder = temporaryFolder('gpg');
    this.path = folder.path;
    this.#remove = folder.remove;
    execFileSync('chmod', ['700', this.path]);
    if (time !== null) writeFileSync(join(this.path, 'gpg.conf'), `faked-system-time ${time.replaceAll(/[-:Z]/g, '')}!\n`);
    process.env['GNUPGHOME'] = this.path;
  }

  gpg(args: readonly string[], input = ''): string {
    return execFileSync('gpg', ['--batch', '--no-tty', '--quiet', ...args], {
      env: { ...process.env, GNUPGHOME: this.path }, encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  /** Makes an Ed25519 key without a passphrase and returns its fingerprint. `expires` as gpg takes it (`1y`, `seconds=1`). */
  key(user: string, expires = '0'): string {
    this.gpg(['--pinentry-mode', 'loopback', '--passphrase', '', '--quick-gen-key', user, 'ed25519', 'cert,sign', expires]);
    const listing = this.gpg(['--list-secret-keys', '--with-colons', `=${user}`]);
    const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(listing)?.[1];
    if (fingerprint === undefined) throw new Error(`gpg made no key for ${user}`);
    return fingerprint;
  }

  /** Exports a public key to a file and returns its path. */
  export(fingerprint: string, name = `${fingerprint}.asc`): string {
    const path = join(this.path, name);
    writeFileSync(path, this.gpg(['--armor', '--export', fingerprint]));
    return path;
  }

  revoke(fingerprint: string): void {
    const certificate = this.gpg(['--command-fd', '0', '--pinentry-mode', 'loopback', '--passphrase', '', '--no-batch', '--gen-revoke', fingerprint], 'y\n0\n\ny\n');
    this.gpg(['--import'], certificate);
  }

  remove(): void {
    execFileSync('gpgconf', ['--kill', 'all'], { env: { ...process.env, GNUPGHOME: this.path } });
    this.#remove();
    if (this.#before === undefined) delete process.env['GNUPGHOME'];
    else process.env['GNUPGHOME'] = this.#before;
  }
}
