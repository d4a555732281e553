import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readKeyring } from '../../src/core/openpgp/keyring.ts';
import { verifyHeld } from '../../src/core/openpgp/verify-held.ts';
import { writeArmor } from '../../src/core/openpgp/write-armor.ts';
import type { LocalKeys } from '../../src/core/signing/local-keys.ts';
import { createLocalKeys } from '../../src/main/adapters/local-keys/local-keys.ts';
import { openLocalKey } from '../../src/main/adapters/local-keys/open-local-key.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder } from '../support/repository.ts';

const PASSPHRASE = 'correct horse battery staple';
const WANTED = { name: 'Rel Ease', email: 'release@example.org', algorithm: 'ed25519', days: 365, passphrase: PASSPHRASE, file: null } as const;
const DATA = Buffer.from('what is released\r\nand more\n');

let gpg: GpgHome;
let folder: ReturnType<typeof temporaryFolder>;
let count = 0;
beforeAll(() => {
  gpg = new GpgHome();
  folder = temporaryFolder('local-keys');
});
afterAll(() => {
  gpg.remove();
  folder.remove();
});

const place = (): string => join(folder.path, `keys-${(count += 1)}`);
const keysIn = (path: string, now = new Date()): LocalKeys => createLocalKeys(path, () => now);
const pass = (): Promise<string> => Promise.resolve(PASSPHRASE);
const filesOf = (path: string): string[] => readdirSync(path).sort();

/** gpg's own words on a signature, in a keyring that holds only this certificate. */
function gpgSays(certificate: Uint8Array, signature: string, data: Uint8Array): string {
  const [key, sig, file] = [join(folder.path, 'cert.pgp'), join(folder.path, 'data.asc'), join(folder.path, 'data')];
  writeFileSync(key, certificate);
  writeFileSync(sig, signature);
  writeFileSync(file, data);
  gpg.gpg(['--import', key]);
  return gpg.gpg(['--status-fd', '1', '--verify', sig, file]);
}

describe.each(['ed25519', 'rsa4096'] as const)('a local %s key', (algorithm) => {
  test('is made with its revocation beside it, signs what gpg and this program verify, and is revoked', async () => {
    const path = place();
    const keys = keysIn(path);
    const { key, revocation } = await keys.create({ ...WANTED, algorithm });
    expect(key).toMatchObject({ unusable: null, users: ['Rel Ease <release@example.org>'], algorithm: algorithm === 'ed25519' ? 'Ed25519' : 'RSA-4096', signing: key.fingerprint });
    expect(filesOf(path)).toEqual([`${key.fingerprint}.asc`, `${key.fingerprint}.revocation.asc`]);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    for (const name of filesOf(path)) expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);

    const opened = await keys.open(key.file, pass);
    const { hash, prefix, trailer, finish } = opened.prepare(new Date());
    const signature = await finish(createHash(hash).update(prefix).update(DATA).update(trailer).digest());
    expect(verifyHeld(signature, DATA, readKeyring(opened.certificate), new Date())).toMatchObject([{ status: 'good', fingerprint: key.fingerprint, hash: 'SHA512' }]);
    expect(verifyHeld(signature, Buffer.from('other'), readKeyring(opened.certificate), new Date())).toMatchObject([{ status: 'bad' }]);
    const said = gpgSays(opened.certificate, signature, DATA);
    expect(said).toContain('[GNUPG:] GOODSIG');
    expect(said).toContain(`[GNUPG:] VALIDSIG ${key.fingerprint}`);

    // gpg takes the certificate that was made with the key, and so does this program.
    execFileSync('gpg', ['--batch', '--quiet', '--import', revocation ?? ''], { stdio: 'pipe' });
    expect(gpg.gpg(['--list-keys', '--with-colons', key.fingerprint])).toMatch(/^pub:r:/m);
    expect(await keys.revoke(key.file, { certificate: revocation ?? '' })).toMatchObject({ unusable: 'revoked' });
    await expect(keys.open(key.file, pass)).rejects.toMatchObject({ code: 'key-unusable', details: { why: 'revoked' } });
    await expect(keys.find(key.fingerprint)).resolves.toMatchObject({ unusable: 'revoked' });
  }, 60_000);
});

describe('a passphrase', () => {
  test('that is wrong opens nothing and changes nothing', async () => {
    const keys = keysIn(place());
    const { key } = await keys.create(WANTED);
    const before = readFileSync(key.file, 'utf8');
    const wrong = 'correct horse battery stapler';
    await expect(keys.open(key.file, () => Promise.resolve(wrong))).rejects.toMatchObject({ code: 'pin-failed' });
    await expect(keys.changePassphrase(key.file, wrong, 'another long one')).rejects.toMatchObject({ code: 'pin-failed' });
    await expect(keys.revoke(key.file, { passphrase: wrong, cause: 'retired', words: '' })).rejects.toMatchObject({ code: 'pin-failed' });
    expect(readFileSync(key.file, 'utf8')).toBe(before);
  });

  test('is changed, and the old one opens no longer; gpg takes the new', async () => {
    const keys = keysIn(place());
    const { key } = await keys.create(WANTED);
    await keys.changePassphrase(key.file, PASSPHRASE, 'another long one');
    await expect(keys.open(key.file, pass)).rejects.toMatchObject({ code: 'pin-failed' });
    await expect(keys.open(key.file, () => Promise.resolve('another long one'))).resolves.toBeDefined();
    gpg.gpg(['--pinentry-mode', 'loopback', '--passphrase', 'another long one', '--import', key.file]);
    writeFileSync(join(folder.path, 'by-gpg'), DATA);
    gpg.gpg(['--pinentry-mode', 'loopback', '--passphrase', 'another long one', '--yes', '--local-user', key.fingerprint, '--detach-sign', join(folder.path, 'by-gpg')]);
    const signature = readFileSync(join(folder.path, 'by-gpg.sig'));
    expect(verifyHeld(signature, DATA, readKeyring(await keys.certificate(key.file)), new Date())).toMatchObject([{ status: 'good' }]);
  });

  test('that is too short is refused, and stands in no file', async () => {
    const path = place();
    const keys = keysIn(path);
    await expect(keys.create({ ...WANTED, passphrase: 'seven c' })).rejects.toMatchObject({ code: 'bad-input' });
    const { key } = await keys.create(WANTED);
    await expect(keys.changePassphrase(key.file, PASSPHRASE, '')).rejects.toMatchObject({ code: 'bad-input' });
    for (const name of filesOf(path)) expect(readFileSync(join(path, name), 'latin1')).not.toContain(PASSPHRASE);
  });

  test('is not asked for where the key could not sign', async () => {
    const made = new Date('2024-01-01T00:00:00Z');
    const { key } = await keysIn(place(), made).create(WANTED);
    let asked = false;
    const ask = (): Promise<string> => {
      asked = true;
      return pass();
    };
    await expect(openLocalKey(key.file, ask, new Date('2025-01-02T00:00:00Z'))).rejects.toMatchObject({ code: 'key-unusable', details: { why: 'expired' } });
    expect(asked).toBe(false);
    await expect(openLocalKey(key.file, ask, new Date('2024-06-01T00:00:00Z'))).resolves.toMatchObject({ described: { unusable: null, rotation: { state: 'later', due: '2024-12-31T00:00:00Z' } } });
    await expect(openLocalKey(key.file, ask, new Date('2024-12-01T00:00:00Z'))).resolves.toMatchObject({ described: { rotation: { state: 'soon', daysLeft: 30 } } });
  });
});

describe('a key of gpg', () => {
  const exportSecret = (fingerprint: string, passphrase: string, ...options: readonly string[]): Buffer =>
    execFileSync('gpg', ['--batch', '--pinentry-mode', 'loopback', '--passphrase', passphrase, ...options, '--export-secret-keys', fingerprint], { stdio: 'pipe' });
  const made = (user: string, passphrase: string, ...more: readonly string[]): string => {
    gpg.gpg(['--pinentry-mode', 'loopback', '--passphrase', passphrase, '--quick-gen-key', user, ...more]);
    return /^fpr:+([0-9A-F]{40}):/m.exec(gpg.gpg(['--list-keys', '--with-colons', `=${user}`]))?.[1] ?? '';
  };

  test.each([['ed25519', 'cert,sign', '--armor'], ['rsa3072', 'sign', '--no-armor']])('with a passphrase is taken: %s, %s, %s', async (algorithm, usage, armor) => {
    const path = place();
    const print = made(`${algorithm}@example.org`, PASSPHRASE, algorithm, usage, '1y');
    const file = join(folder.path, `${algorithm}.key`);
    writeFileSync(file, exportSecret(print, PASSPHRASE, armor));
    const keys = keysIn(path);
    await expect(keys.import(file, 'wrong passphrase', null)).rejects.toMatchObject({ code: 'pin-failed' });
    expect(() => filesOf(path)).toThrow();
    const { key } = await keys.import(file, PASSPHRASE, null);
    expect(key.fingerprint).toBe(print);
    const opened = await keys.open(key.file, pass);
    expect(gpgSays(opened.certificate, await opened.sign(DATA, new Date()), DATA)).toContain('GOODSIG');
    await expect(keys.import(file, PASSPHRASE, null)).rejects.toMatchObject({ code: 'already-exists' });
    expect(filesOf(path)).toHaveLength(2);
  }, 60_000);

  test('with a subkey that signs signs by that', async () => {
    const print = made('subkey@example.org', PASSPHRASE, 'ed25519', 'cert', '1y');
    gpg.gpg(['--pinentry-mode', 'loopback', '--passphrase', PASSPHRASE, '--quick-add-key', print, 'ed25519', 'sign', '1y']);
    const file = join(folder.path, 'subkey.key');
    writeFileSync(file, exportSecret(print, PASSPHRASE));
    const keys = keysIn(place());
    const { key } = await keys.import(file, PASSPHRASE, null);
    expect(key.signing).not.toBe(print);
    const opened = await keys.open(key.file, pass);
    expect(gpgSays(opened.certificate, await opened.sign(DATA, new Date()), DATA)).toContain(`VALIDSIG ${key.signing ?? ''}`);
  });

  test('without a passphrase is refused with what to do', async () => {
    const path = place();
    const file = join(folder.path, 'bare.key');
    writeFileSync(file, exportSecret(gpg.key('bare@example.org'), ''));
    await expect(keysIn(path).import(file, PASSPHRASE, null)).rejects.toMatchObject({ code: 'key-unusable', hint: expect.stringContaining('passwd') });
    expect(() => filesOf(path)).toThrow();
  });

  test('that signs with a kind that this program does not, is said to', async () => {
    const file = join(folder.path, 'nist.key');
    writeFileSync(file, exportSecret(made('nist@example.org', PASSPHRASE, 'nistp256', 'sign', '1y'), PASSPHRASE));
    const keys = keysIn(place());
    const { key } = await keys.import(file, PASSPHRASE, null);
    expect(key.unusable).toBe('cannot-sign');
    await expect(keys.open(key.file, pass)).rejects.toMatchObject({ code: 'key-unusable' });
  });
});

describe('files', () => {
  test('are never overwritten, and nothing of what failed is left', async () => {
    const path = place();
    const keys = keysIn(path);
    const { key } = await keys.create({ ...WANTED, file: join(path, 'release.asc') });
    expect(filesOf(path)).toEqual(['release.asc', 'release.revocation.asc']);
    const before = readFileSync(key.file, 'utf8');
    await expect(keys.create({ ...WANTED, file: key.file })).rejects.toMatchObject({ code: 'already-exists' });
    writeFileSync(join(path, 'next.asc'), 'mine');
    await expect(keys.create({ ...WANTED, file: join(path, 'next.asc') })).rejects.toMatchObject({ code: 'already-exists' });
    expect(readFileSync(key.file, 'utf8')).toBe(before);
    expect(filesOf(path)).toEqual(['next.asc', 'release.asc', 'release.revocation.asc']);
    // What is no key takes nothing from those beside it.
    await expect(keys.list()).resolves.toMatchObject([{ fingerprint: key.fingerprint }]);
  });

  test('whose public half was changed sign nothing', async () => {
    const keys = keysIn(place());
    const [one, other] = [(await keys.create(WANTED)).key, (await keys.create(WANTED)).key];
    const bytes = (path: string): Buffer => Buffer.from(readFileSync(path, 'utf8').split('\n').filter((line) => line !== '' && !/^[-=]/.test(line)).join(''), 'base64');
    const [mine, theirs] = [bytes(one.file), bytes(other.file)];
    // The secret part of one key behind the public point of another.
    const at = mine.indexOf(Buffer.from([0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01])) + 9;
    theirs.copy(mine, at, at, at + 35);
    const file = join(folder.path, 'mixed.key');
    writeFileSync(file, mine);
    await expect(keys.open(file, pass)).rejects.toMatchObject({ code: 'key-unusable' });
  });

  test('of any octets are refused as one expected failure', async () => {
    const keys = keysIn(place());
    const file = join(folder.path, 'any.asc');
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (octets) => {
      writeFileSync(file, octets);
      await expect(keys.open(file, pass)).rejects.toMatchObject({ name: 'AppError' });
    }), { numRuns: 60 });
  });
});

test('armor that is written is read by gpg, whatever it holds', () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (octets) => {
    const armored = writeArmor('SIGNATURE', octets);
    expect(execFileSync('gpg', ['--batch', '--quiet', '--dearmor'], { input: armored }).equals(octets)).toBe(true);
  }), { numRuns: 12 });
});
