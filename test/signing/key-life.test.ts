import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { Output } from '../../src/core/contract/types.ts';
import { signedBytes } from '../../src/core/approval/personal-signature.ts';
import { warningsOf } from '../../src/core/archive/warnings.ts';
import { KeyRotationRecord } from '../../src/core/model/key-records.ts';
import { rotationDue } from '../../src/core/model/local-keys.ts';
import { Secret } from '../../src/core/model/secret.ts';
import { readKeyring } from '../../src/core/openpgp/keyring.ts';
import { verifyHeld } from '../../src/core/openpgp/verify-held.ts';
import { touchedReleases } from '../../src/core/signing/key-transition.ts';
import { addressOf, localPartHash, webKeyDirectory, zBase32 } from '../../src/core/signing/web-key-directory.ts';
import { bugReporter } from '../../src/main/adapters/home-folder.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder } from '../support/repository.ts';

const OLD = 'the old key has this passphrase';
const NEW = 'the new key has another one';

let gpg: GpgHome;
let folder: ReturnType<typeof temporaryFolder>;
let core: Core;
let client: Client;
let clock: Date;
beforeEach(() => {
  gpg = new GpgHome();
  folder = temporaryFolder('key-life');
  clock = new Date();
  core = compose({ shell: 'test', home: join(folder.path, 'home'), now: () => clock });
  client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
});
afterEach(async () => {
  await core.close();
  gpg.remove();
  folder.remove();
});

const made = async (passphrase: string, name = 'Release'): Promise<string> =>
  (await client.call('keys.create', { name, email: `${name.toLowerCase()}@example.org`, algorithm: 'ed25519', passphrase, file: null })).key.fingerprint;
const shown = async (id: string): Promise<Output<'archive.show'>['entry']> => (await client.call('archive.show', { id })).entry;
const certificate = async (key: string): Promise<Uint8Array> => Buffer.from((await client.call('keys.export', { key, out: null })).armored);
const soon = (milliseconds: number): string => new Date(Math.floor((clock.getTime() + milliseconds) / 1000) * 1000).toISOString().replace('.000Z', 'Z');
const everyFile = (path: string): string[] => readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));

describe('a planned rotation', () => {
  test('is signed by both keys, certified by the old one, and recorded with both signatures', async () => {
    const [old, next] = [await made(OLD), await made(NEW)];
    const out = join(folder.path, 'rotation');
    const rotated = await client.call('keys.rotate', { old, new: next, how: { kind: 'planned', passphrase: OLD }, newPassphrase: NEW, reason: 'a year is over', decidedBy: ['cto'], out });
    expect(rotated).toMatchObject({ old, new: next, certified: true, touched: [] });

    const statement = join(out, `key-transition-${next}.txt`);
    for (const print of [old, next]) gpg.gpg(['--import', join(out, `${print}.asc`)]);
    const said = gpg.gpg(['--status-fd', '1', '--verify', `${statement}.asc`, statement]);
    expect([...said.matchAll(/VALIDSIG (\w+)/g)].map(([, print]) => print).sort()).toEqual([old, next].sort());
    expect(gpg.gpg(['--check-signatures', '--with-colons', next])).toMatch(new RegExp(`^sig:!.*${old.slice(-16)}`, 'm'));

    const entry = await shown(rotated.record);
    expect(KeyRotationRecord.parse(entry.record)).toMatchObject({ kind: 'planned', old_fingerprint: old, new_fingerprint: next, signed_by: [old, next], certified: true, since: null, decided_by: ['cto'] });
    expect(warningsOf(entry.record)).toEqual([]);
    for (const { fingerprint, asc } of entry.signatures) {
      expect(verifyHeld(asc, Buffer.from(signedBytes(entry)), readKeyring(await certificate(fingerprint)), clock)).toMatchObject([{ status: 'good', primary: fingerprint }]);
    }
    expect(entry.signatures.map(({ fingerprint }) => fingerprint)).toEqual([old, next]);
    // Nothing is written over.
    await expect(client.call('keys.rotate', { old, new: next, how: { kind: 'planned', passphrase: OLD }, newPassphrase: NEW, reason: 'again', decidedBy: ['cto'], out })).rejects.toMatchObject({ code: 'already-exists' });
  });

  test('from a key of gpg says what a person does there', async () => {
    const [old, next] = [gpg.key('Old <old@example.org>', '1y'), await made(NEW)];
    const rotated = await client.call('keys.rotate', { old, new: next, how: { kind: 'planned', passphrase: null }, newPassphrase: NEW, reason: 'a year is over', decidedBy: ['cto'], out: join(folder.path, 'rotation') });
    expect(rotated.certified).toBe(false);
    expect(rotated.next).toContain(`gpg --import ${next}.asc && gpg --local-user ${old} --quick-sign-key ${next}`);
    expect((await shown(rotated.record)).signatures.map(({ fingerprint }) => fingerprint)).toEqual([old, next]);
    await expect(client.call('keys.passwd', { key: old, passphrase: OLD, newPassphrase: NEW })).rejects.toMatchObject({ code: 'key-unusable', hint: expect.stringContaining(`gpg --edit-key ${old} passwd`) });
    await expect(client.call('keys.revoke', { key: old, cause: 'retired', words: 'done', by: { with: 'passphrase', passphrase: OLD } })).rejects.toMatchObject({ hint: expect.stringContaining(`gpg --gen-revoke ${old}`) });
  });

  test('with a wrong passphrase leaves nothing behind', async () => {
    const [old, next] = [await made(OLD), await made(NEW)];
    const before = readFileSync(join(core.home, 'keys', `${next}.asc`), 'utf8');
    const out = join(folder.path, 'rotation');
    for (const [passphrase, newPassphrase] of [['not this one', NEW], [OLD, 'nor this one']] as const) {
      await expect(client.call('keys.rotate', { old, new: next, how: { kind: 'planned', passphrase }, newPassphrase, reason: 'a year', decidedBy: ['cto'], out })).rejects.toMatchObject({ code: 'pin-failed' });
    }
    expect(existsSync(out)).toBe(false);
    expect(readFileSync(join(core.home, 'keys', `${next}.asc`), 'utf8')).toBe(before);
    expect((await client.call('archive.list', { origin: null, event_type: 'key_rotation', release: null, offset: 0, limit: 10 })).total).toBe(0);
  });
});

describe('a key that is', () => {
  test.each(['lost', 'stolen'] as const)('%s signs nothing, and its releases are listed with what is undetermined', async (kind) => {
    const [old, next] = [await made(OLD), await made(NEW)];
    const artifact = join(folder.path, 'product.tar.gz');
    writeFileSync(artifact, 'product');
    const { file } = (await client.call('keys.list', {})).local.find(({ fingerprint }) => fingerprint === old) ?? { file: '' };
    const sign = async (version: string): Promise<void> => {
      await client.call('signing.sign', { local: { file, passphrase: OLD }, files: [artifact], out: join(folder.path, version), release: { version, commit: null }, replace: false });
    };
    await sign('v1.0.0');
    clock = new Date(clock.getTime() + 3_600_000);
    const since = soon(-60_000);
    await sign('v1.1.0');
    const rotated = await client.call('keys.rotate', { old, new: next, how: { kind, since }, newPassphrase: NEW, reason: 'the bag is gone', decidedBy: ['cto', 'ciso'], out: join(folder.path, 'rotation') });
    expect(rotated.touched.map(({ release_version, state }) => [release_version, state])).toEqual([['v1.1.0', 'undetermined'], ['v1.0.0', 'stands']]);
    const entry = await shown(rotated.record);
    expect(entry.record).toMatchObject({ kind, since, signed_by: [next], certified: false, releases_touched_total: 2, releases_undetermined_total: 1 });
    expect(readFileSync(join(folder.path, 'rotation', `key-transition-${next}.txt`), 'utf8')).toContain(`The old key is ${kind}`);
  });

  test('not here any more is named by its whole fingerprint', async () => {
    const next = await made(NEW);
    const rotate = (old: string): Promise<Output<'keys.rotate'>> =>
      client.call('keys.rotate', { old, new: next, how: { kind: 'lost', since: soon(-1000) }, newPassphrase: NEW, reason: 'gone', decidedBy: ['cto'], out: join(folder.path, 'rotation') });
    await expect(rotate('0123456789ABCDEF')).rejects.toMatchObject({ code: 'not-found' });
    await expect(rotate('0123456789ABCDEF0123456789ABCDEF01234567')).resolves.toMatchObject({ old: '0123456789ABCDEF0123456789ABCDEF01234567' });
  });

  test('revoked by itself says why, and signs its own end; gpg reads it', async () => {
    const key = await made(OLD);
    const revoked = await client.call('keys.revoke', { key, cause: 'compromised', words: 'the laptop was open', by: { with: 'passphrase', passphrase: OLD } });
    expect(revoked.key.unusable).toBe('revoked');
    writeFileSync(join(folder.path, 'revoked.asc'), revoked.armored);
    gpg.gpg(['--import', join(folder.path, 'revoked.asc')]);
    expect(gpg.gpg(['--list-keys', '--with-colons', key])).toMatch(/^pub:r:/m);
    const entry = await shown(revoked.record);
    expect(entry.record).toMatchObject({ event_type: 'key_revocation', key_fingerprint: key, cause: 'compromised', by: 'own-key' });
    expect(entry.signatures).toHaveLength(1);
  });

  test('revoked by its certificate needs no passphrase; another key’s certificate does nothing', async () => {
    const [key, other] = [await made(OLD), await made(NEW)];
    const by = (print: string): { with: 'certificate'; certificate: string } => ({ with: 'certificate', certificate: join(core.home, 'keys', `${print}.revocation.asc`) });
    await expect(client.call('keys.revoke', { key, cause: 'unspecified', words: 'lost', by: by(other) })).rejects.toMatchObject({ code: 'verification-failed' });
    await expect(client.call('keys.revoke', { key, cause: 'unspecified', words: 'lost', by: by(key) })).resolves.toMatchObject({ key: { unusable: 'revoked' } });
  });
});

describe('passphrases', () => {
  test('stand in no file of the console, no message and no bug report, whatever fails', async () => {
    const said: string[] = [];
    const attempt = async (call: Promise<unknown>): Promise<void> => {
      said.push(JSON.stringify(await call.catch((cause: unknown) => ({ message: String(cause), ...(cause as object) }))));
    };
    const key = await made(OLD);
    await attempt(client.call('keys.passwd', { key, passphrase: NEW, newPassphrase: OLD }));
    await attempt(client.call('keys.passwd', { key, passphrase: OLD, newPassphrase: NEW }));
    await attempt(client.call('keys.create', { name: NEW, email: 'not an address', algorithm: 'ed25519', passphrase: OLD, file: null }));
    await attempt(client.call('keys.create', { name: 'A', email: 'a@example.org', algorithm: 'ed25519', passphrase: OLD, file: join(folder.path, 'no\nsuch', 'x', '\u0001') }));
    await attempt(client.call('keys.rotate', { old: key, new: key, how: { kind: 'planned', passphrase: NEW }, newPassphrase: NEW, reason: 'x', decidedBy: ['y'], out: folder.path }));
    appendFileSync(join(core.home, 'bugs.log'), '');
    bugReporter(core.home)('keys.create', Object.assign(new Error('a bug with its input'), { input: { passphrase: new Secret(OLD) } }));
    expect(said).toHaveLength(5);
    for (const text of [...said, ...everyFile(core.home).map((file) => readFileSync(file, 'latin1'))]) {
      expect(text).not.toContain(OLD);
      if (!text.includes('not an address')) expect(text).not.toContain(NEW);
    }
  });

  test('as a secret are printed by nothing', () => {
    fc.assert(fc.property(fc.string({ minLength: 9 }), (words) => {
      const secret = new Secret(words);
      expect(secret.reveal()).toBe(words);
      expect(`${secret}${JSON.stringify({ secret })}`).toBe('[secret]{"secret":"[secret]"}');
    }));
  });
});

describe('publishing', () => {
  test('the hash of a local part is the published one (draft-koch-openpgp-webkey-service §3.1)', () => {
    expect(localPartHash('Joe.Doe')).toBe('iy9q119eutrkn8s1mk4r39qejnbu3n5q');
    expect(localPartHash('joe.doe')).toBe(localPartHash('JOE.DOE'));
  });

  test('z-base-32 is one letter for five bits, of its alphabet', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => {
      expect(zBase32(octets)).toMatch(/^[ybndrfg8ejkmcpqxot1uwisza345h769]*$/);
      expect(zBase32(octets)).toHaveLength(Math.ceil((octets.length * 8) / 5));
    }));
  });

  test('no user id leads out of the folder', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('..', '/', '\\', '@', '<', '>', 'a@b.example', '\0', '.well-known'));
    fc.assert(fc.property(fc.array(part).map((parts) => parts.join('')), (user) => {
      for (const { path } of webKeyDirectory([user, `x <${user}>`], new Uint8Array(1)).files) expect(path).toMatch(/^\.well-known\/openpgpkey(?:\/[a-z0-9][a-z0-9.-]*)?\/(?:policy|hu\/[a-z0-9]{32})$/);
    }));
    expect(addressOf('Joe <joe@EXAMPLE.org>')).toEqual({ local: 'joe', domain: 'example.org' });
    expect(addressOf('Joe')).toBeNull();
  });

  test('writes what gpg imports, in both layouts, for keys of gpg too', async () => {
    for (const key of [await made(OLD), gpg.key('Held <held@example.com>', '1y')]) {
      const out = join(folder.path, key);
      const published = await client.call('keys.publish', { key, out, replace: false });
      const [domain = ''] = published.domains;
      const hash = localPartHash(domain === 'example.com' ? 'held' : 'release');
      for (const path of [`.well-known/openpgpkey/${domain}/hu/${hash}`, `.well-known/openpgpkey/hu/${hash}`, `${key}.asc`]) expect(gpg.gpg(['--with-colons', '--show-keys', join(out, path)])).toContain(key);
      for (const path of [`.well-known/openpgpkey/${domain}/policy`, '.well-known/openpgpkey/policy']) expect(statSync(join(out, path)).size).toBe(0);
      expect(published.next).toContain(`gpg --keyserver keyserver.ubuntu.com --send-keys ${key}`);
      await expect(client.call('keys.publish', { key, out, replace: false })).rejects.toMatchObject({ code: 'already-exists' });
      await expect(client.call('keys.publish', { key, out, replace: true })).resolves.toBeDefined();
    }
  });
});

describe('when a key is to be rotated (policy §5.1.2)', () => {
  test.each([
    ['2026-01-15T00:00:00Z', null, '2026-02-01', '2027-01-15T00:00:00Z', 'later'],
    ['2026-01-15T00:00:00Z', '2026-06-01T00:00:00Z', '2026-02-01', '2026-06-01T00:00:00Z', 'later'],
    ['2026-01-15T00:00:00Z', '2030-01-01T00:00:00Z', '2026-11-16', '2027-01-15T00:00:00Z', 'later'],
    ['2026-01-15T00:00:00Z', null, '2026-11-17', '2027-01-15T00:00:00Z', 'soon'],
    ['2026-01-15T00:00:00Z', null, '2027-01-15', '2027-01-15T00:00:00Z', 'overdue'],
  ])('made %s, expires %s, today %s: by %s, %s', (created, expires, today, due, state) => {
    expect(rotationDue(created, expires, new Date(today))).toMatchObject({ due, state });
  });

  test('an imported record, or one written down late, says nothing surely', () => {
    const signing = { id: 'a#1', release: 'v1.0.0', signedAt: '2026-01-01T00:00:00Z', recordedAt: '2026-01-01T00:00:01Z', imported: false };
    const states = [signing, { ...signing, imported: true }, { ...signing, recordedAt: '2026-03-01T00:00:00Z' }, { ...signing, signedAt: '2026-02-01T00:00:00Z' }];
    expect(touchedReleases(states, '2026-02-01T00:00:00Z').map(({ state }) => state)).toEqual(['stands', 'undetermined', 'undetermined', 'undetermined']);
  });
});

describe('the command line', () => {
  const cli = (args: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(join(import.meta.dirname, '../../bin/countersign'), args, { input, encoding: 'utf8', env: { ...process.env, COUNTERSIGN_HOME: join(folder.path, 'cli'), GNUPGHOME: gpg.path } });

  test('takes passphrases from a descriptor, one a line, and from nowhere else', () => {
    mkdirSync(join(folder.path, 'cli'));
    const created = cli(['keys', 'new', '--name', 'Cli', '--email', 'cli@example.org', '--passphrase-fd', '0', '--json'], `${OLD}\n`);
    expect(created.status, created.stderr).toBe(0);
    const { key } = JSON.parse(created.stdout) as Output<'keys.create'>;
    expect(cli(['keys', 'passwd', key.fingerprint, '--passphrase-fd', '0'], `${OLD}\n${NEW}\n`)).toMatchObject({ status: 0, stdout: `Changed the passphrase of ${key.fingerprint}.\n` });
    expect(cli(['keys', 'passwd', key.fingerprint, '--passphrase-fd', '0'], `${OLD}\n${NEW}\n`)).toMatchObject({ status: 3, stderr: expect.stringContaining('The passphrase was wrong.') });
    expect(cli(['keys', 'passwd', key.fingerprint, '--passphrase-fd', '0'], `${NEW}\n`)).toMatchObject({ status: 2, stderr: expect.stringContaining('New passphrase') });
    expect(cli(['keys', 'new', '--name', 'x', '--email', 'x@example.org', '--passphrase', OLD]).status).toBe(2);
    expect(JSON.parse(cli(['keys', '--json']).stdout)).toEqual(JSON.parse(cli(['keys', 'list', '--json']).stdout));
    expect(cli(['keys', 'rotate', key.fingerprint, '--to', key.fingerprint, '--decided-by', 'me', '--out', folder.path, '--stolen'])).toMatchObject({ status: 2, stderr: expect.stringContaining('--since') });
    for (const file of everyFile(join(folder.path, 'cli'))) for (const words of [OLD, NEW]) expect(readFileSync(file, 'latin1')).not.toContain(words);
  }, 60_000);

  test('asks at the terminal without an echo', () => {
    const script = `countersign() { '${join(import.meta.dirname, '../../bin/countersign')}' "$@"; }; countersign keys new --name Tty --email tty@example.org`;
    const { stdout, status } = spawnSync('bash', ['-c', `(sleep 3; printf '${OLD}\\r'; sleep 1; printf '${OLD}\\r'; sleep 2) | script -qec '${script.replaceAll("'", "'\\''")}' /dev/null`], {
      encoding: 'utf8', env: { ...process.env, COUNTERSIGN_HOME: join(folder.path, 'tty'), GNUPGHOME: gpg.path },
    });
    expect(status, stdout).toBe(0);
    expect(stdout).toContain('Made ');
    expect(stdout.slice(stdout.indexOf('Passphrase of the new key'))).not.toContain(OLD);
  }, 60_000);
});
