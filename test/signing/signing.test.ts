import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { Input, Output } from '../../src/core/contract/types.ts';
import type { AppError } from '../../src/core/model/errors.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder } from '../support/repository.ts';

let gpg: GpgHome;
let release: string;
let stranger: string;
let keyring: string;
beforeAll(() => {
  gpg = new GpgHome();
  release = gpg.key('Release Key <release@example.com>');
  stranger = gpg.key('Somebody Else <else@example.com>');
  keyring = gpg.export(release);
});
afterAll(() => gpg.remove());

let folder: ReturnType<typeof temporaryFolder>;
let core: Core;
let client: Client;
beforeEach(() => {
  folder = temporaryFolder('signing');
  core = compose({ shell: 'test', home: join(folder.path, 'home') });
  client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
});
afterEach(async () => {
  await core.close();
  folder.remove();
});

const at = (...parts: readonly string[]): string => join(folder.path, ...parts);
const failure = (work: Promise<unknown>): Promise<AppError> => work.then(() => Promise.reject(new Error('It did not fail')), (cause: AppError) => cause);

function artifact(name: string, content: string | Buffer = `bytes of ${name}`): string {
  mkdirSync(at('build'), { recursive: true });
  writeFileSync(at('build', name), content);
  return at('build', name);
}
const sign = (files: readonly string[], more: Partial<Input<'signing.sign'>> = {}): Promise<Output<'signing.sign'>> =>
  client.call('signing.sign', { key: release, files: [...files], out: at('release'), release: null, replace: false, ...more });
const verify = (name: string, more: Partial<Input<'signing.verify'>> = {}): Promise<Output<'signing.verify'>> =>
  client.call('signing.verify', { artifact: at('release', name), signature: null, keyring, signers: [], ...more });

describe('signing a release', () => {
  test('writes what gpg and sha256sum accept, and records it', async () => {
    const names = ['a.tar.gz', 'with space.zip', 'new\nline.bin', 'back\\slash.bin', 'ünïcode.whl'];
    const signed = await sign(names.map((name) => artifact(name)), { release: { version: 'v1.1.0', commit: null } });
    expect(readdirSync(at('release')).sort()).toEqual([...names.flatMap((name) => [name, `${name}.asc`, `${name}.sha256`]), 'SHA256SUMS', 'SHA256SUMS.asc'].sort());
    for (const name of [...names, 'SHA256SUMS']) execFileSync('gpg', ['--verify', at('release', `${name}.asc`), at('release', name)], { stdio: 'pipe' });
    execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS', ...names.map((name) => `${name}.sha256`)], { cwd: at('release'), stdio: 'pipe' });
    const { entry } = await client.call('archive.show', { id: signed.record });
    expect(entry.record).toMatchObject({ event_type: 'signing', release_version: 'v1.1.0', key_fingerprint: release });
    expect(Object.keys(entry.record['release_artifacts_sha256'] as object).sort()).toEqual([...names].sort());
    for (const name of names) expect(await verify(name), name).toMatchObject({ verdict: 'good', when_made: 'good', today: 'good', signer: { fingerprint: release }, problems: [] });
  });

  test('the commands that it prints are true', async () => {
    const { commands } = await sign([artifact("it's (1).tgz"), artifact('-n.zip')]);
    execFileSync('bash', ['-euc', commands.join('\n')], { stdio: 'pipe' });
  });

  test('files already in the release folder are signed in place', async () => {
    mkdirSync(at('release'));
    writeFileSync(at('release/a.zip'), 'a');
    await sign([at('release/a.zip')]);
    expect(await verify('a.zip')).toMatchObject({ verdict: 'good' });
  });

  test('large files are copied and signed in one read, with progress', async () => {
    const steps: number[] = [];
    client.on('task.progress', ({ done }) => steps.push(done));
    const size = 24 * 1024 * 1024 + 17;
    const signed = await sign([artifact('large.tar', Buffer.alloc(size, 7))], { task: 'sign' });
    expect(signed.artifacts[0]?.size).toBe(size);
    expect(steps.at(-1)).toBe(size);
    expect(await verify('large.tar')).toMatchObject({ verdict: 'good' });
  });

  test.each<readonly [string, () => Promise<unknown>, string]>([
    ['a key that is not there', () => sign([artifact('a')], { key: 'F'.repeat(40) }), 'key-unusable'],
    ['a name for a key', () => sign([artifact('a')], { key: 'release@example.com' }), 'bad-input'],
    ['two files of one name', () => sign([artifact('a'), (mkdirSync(at('other')), writeFileSync(at('other/a'), ''), at('other/a'))]), 'bad-input'],
    ['a signature', () => sign([artifact('a.asc')]), 'bad-input'],
    ['a folder', () => sign([(artifact('a'), at('build'))]), 'bad-input'],
    ['a file that is not there', () => sign([at('nothing')]), 'not-found'],
    ['a link', () => sign([(symlinkSync(artifact('a'), at('link')), at('link'))]), 'outside-folder'],
  ])('%s is refused and nothing is left', async (_, work, code) => {
    expect((await failure(work())).code).toBe(code);
    expect(existsSync(at('release')) ? readdirSync(at('release')) : []).toEqual([]);
  });

  test('nothing is overwritten unless it was said', async () => {
    const file = artifact('a.zip');
    await sign([file]);
    const before = readFileSync(at('release/a.zip.asc'), 'utf8');
    const error = await failure(sign([file]));
    expect(error).toMatchObject({ code: 'already-exists', message: expect.stringContaining('a.zip') as string });
    expect(readFileSync(at('release/a.zip.asc'), 'utf8')).toBe(before);
    await sign([artifact('a.zip', 'changed')], { replace: true });
    expect(await verify('a.zip')).toMatchObject({ verdict: 'good' });
  });

  test('a cancelled signing leaves nothing half-written', async () => {
    const files = Array.from({ length: 4 }, (_, index) => artifact(`${index}.bin`, Buffer.alloc(16 * 1024 * 1024, index)));
    const stop = client.on('task.progress', () => void client.call('task.cancel', { task: 'sign' }));
    expect((await failure(sign(files, { task: 'sign' }))).code).toBe('cancelled');
    stop();
    expect(readdirSync(at('release'))).toEqual([]);
    expect((await client.call('archive.list', { origin: null, event_type: 'signing', release: null, offset: 0, limit: 10 })).total).toBe(0);
  });

  test('a key that was made later than it is now says that the clock is behind', async () => {
    const [early, late] = [new GpgHome('2026-01-01T00:00:00Z'), new GpgHome('2026-01-01T00:00:01Z')];
    try {
      // Made a second later, and signing where gpg stands at the second before: as on a machine whose clock lags.
      const key = late.key('Later <later@example.com>');
      writeFileSync(join(late.path, 'gpg.conf'), readFileSync(join(early.path, 'gpg.conf')));
      expect(await failure(sign([artifact('a')], { key }))).toMatchObject({ code: 'key-unusable', message: expect.stringContaining('was made later than it is now') as string, hint: expect.stringContaining('clock') as string });
    } finally {
      late.remove();
      early.remove();
    }
  });

  test('an expired or revoked key signs nothing and says why', async () => {
    const dead = gpg.key('Revoked <revoked@example.com>');
    gpg.revoke(dead);
    const { keys } = await client.call('keys.list', {});
    expect(keys.find(({ fingerprint }) => fingerprint === dead)?.unusable).toBe('revoked');
    expect(keys.find(({ fingerprint }) => fingerprint === release)).toMatchObject({ unusable: null, algorithm: 'Ed25519', users: ['Release Key <release@example.com>'] });
    expect(await failure(sign([artifact('a')], { key: dead }))).toMatchObject({ code: 'key-unusable', message: expect.stringContaining('revoked') as string });
  });
});

describe('verifying', () => {
  beforeEach(() => sign([artifact('a.zip')], { release: { version: 'v1.0.0', commit: null } }));

  test('a good signature by a key that nobody named is not good', async () => {
    expect(await verify('a.zip', { keyring: null })).toMatchObject({ verdict: 'signer-unknown', when_made: 'good', today: 'good' });
    expect(await verify('a.zip', { keyring: null, signers: [stranger] })).toMatchObject({ verdict: 'signer-unknown' });
    expect(await verify('a.zip', { keyring: null, signers: [release] })).toMatchObject({ verdict: 'good' });
  });

  test('with a keyring that lacks the key, nothing is known', async () => {
    expect(await verify('a.zip', { keyring: gpg.export(stranger) })).toMatchObject({
      verdict: 'signer-unknown', when_made: 'unknown', problems: [{ code: 'key-missing' }],
    });
  });

  test('a missing signature, a page instead of one, and a signed message instead of a detached one', async () => {
    writeFileSync(at('release/b.zip'), 'b');
    expect(await verify('b.zip')).toMatchObject({ verdict: 'no-signature' });
    writeFileSync(at('release/b.zip.asc'), '<!doctype html><title>404</title>');
    expect(await verify('b.zip')).toMatchObject({ verdict: 'bad', problems: [{ code: 'signature-unreadable' }] });
    writeFileSync(at('release/b.zip.asc'), gpg.gpg(['--armor', '--sign', '--local-user', release, '--output', '-'], 'anything'));
    expect((await verify('b.zip')).verdict).toBe('bad');
  });

  test('another file’s good signature is bad here', async () => {
    writeFileSync(at('release/b.zip'), 'b');
    writeFileSync(at('release/b.zip.asc'), readFileSync(at('release/a.zip.asc')));
    expect(await verify('b.zip')).toMatchObject({ verdict: 'bad', when_made: 'bad' });
  });

  test('a key revoked since is bad today, and its past is not vouched for', async () => {
    const key = gpg.key('Soon Revoked <soon@example.com>');
    await sign([artifact('c.zip')], { key, replace: true });
    gpg.revoke(key);
    expect(await verify('c.zip', { keyring: gpg.export(key) })).toMatchObject({ verdict: 'bad', when_made: 'unknown', today: 'bad', problems: [{ code: 'key-revoked' }] });
  });

  test('a key expired since was good when it signed', async () => {
    const key = gpg.key('Short <short@example.com>', 'seconds=2');
    await sign([artifact('d.zip')], { key, replace: true });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await verify('d.zip', { keyring: gpg.export(key) })).toMatchObject({ verdict: 'bad', when_made: 'good', today: 'bad', problems: [{ code: 'key-expired' }] });
  });

  test('a second signature by somebody else beside a recorded one is told', async () => {
    writeFileSync(at('release/a.zip.asc'), gpg.gpg(['--armor', '--detach-sign', '--local-user', release, '--output', '-', at('release/a.zip')]));
    expect(await verify('a.zip')).toMatchObject({ verdict: 'not-as-recorded', problems: [{ code: 'differs-from-record' }] });
  });

  test('checksums that say otherwise, or nothing, are told', async () => {
    writeFileSync(at('release/a.zip.sha256'), `${'0'.repeat(64)}  a.zip\n`);
    expect(await verify('a.zip')).toMatchObject({ verdict: 'bad', problems: [{ code: 'checksum-differs' }] });
    writeFileSync(at('release/a.zip.sha256'), 'hello\n');
    expect((await verify('a.zip')).verdict).toBe('bad');
  });

  test('a file that cannot be read is an error, not a verdict', async () => {
    if (process.getuid?.() === 0) return;
    chmodSync(at('release/a.zip'), 0);
    expect((await failure(verify('a.zip'))).code).toBe('environment');
  });
});

describe('a flipped byte', () => {
  /** Positions to flip: all of a short file, a spread of a long one. */
  const positions = (length: number): number[] => Array.from({ length: Math.min(length, 48) }, (_, index) => Math.floor((index * length) / Math.min(length, 48)));

  beforeEach(() => sign([artifact('a.bin', Buffer.from('0123456789'.repeat(200)))]));

  test('of an artifact is found at every position', async () => {
    const path = at('release/a.bin');
    const bytes = readFileSync(path);
    for (const position of positions(bytes.length)) {
      const flipped = Buffer.from(bytes);
      flipped[position] = (flipped[position] ?? 0) ^ 0x01;
      writeFileSync(path, flipped);
      expect((await verify('a.bin')).verdict, `byte ${position}`).toBe('bad');
    }
    writeFileSync(path, bytes);
    expect((await verify('a.bin')).verdict).toBe('good');
  });

  test('of a signature is found, or changes neither verdict, signer nor signed bytes; the archive sees every one', async () => {
    const path = at('release/a.bin.asc');
    const bytes = readFileSync(path);
    const elsewhere = compose({ shell: 'test', home: at('elsewhere') });
    const whole = await verify('a.bin');
    for (const position of positions(bytes.length)) {
      const flipped = Buffer.from(bytes);
      flipped[position] = (flipped[position] ?? 0) ^ 0x01;
      writeFileSync(path, flipped);
      expect((await verify('a.bin')).verdict, `byte ${position}`).not.toBe('good');
      const input: Input<'signing.verify'> = { artifact: at('release/a.bin'), signature: null, keyring, signers: [] };
      const answer = await elsewhere.dispatch('signing.verify', input, { shell: 'test' });
      if (!answer.ok) throw new Error(answer.error.message);
      const other = answer.value as Output<'signing.verify'>;
      if (other.verdict === 'good') {
        expect([other.signer, other.covered_bytes_sha256], `byte ${position}`).toEqual([whole.signer, whole.covered_bytes_sha256]);
      }
    }
    await elsewhere.close();
  });
});
