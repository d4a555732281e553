import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { Input, Output } from '../../src/core/contract/types.ts';
import type { AppError } from '../../src/core/model/errors.ts';
import { signaturesNeeded } from '../../src/core/model/signing.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder } from '../support/repository.ts';

let gpg: GpgHome;
let release: string;
let keyring: string;
beforeAll(() => {
  gpg = new GpgHome();
  release = gpg.key('Release Key <release@example.com>');
  keyring = gpg.export(release);
});
afterAll(() => gpg.remove());

let folder: ReturnType<typeof temporaryFolder>;
let core: Core;
let client: Client;
beforeEach(() => {
  folder = temporaryFolder('manifest');
  core = compose({ shell: 'test', home: join(folder.path, 'home') });
  client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
  mkdirSync(at('build'));
});
afterEach(async () => {
  await core.close();
  folder.remove();
});

const at = (...parts: readonly string[]): string => join(folder.path, ...parts);
const digestOf = (content: string): string => createHash('sha256').update(content).digest('hex');
const failure = (work: Promise<unknown>): Promise<AppError> => work.then(() => Promise.reject(new Error('It did not fail')), (cause: AppError) => cause);

function artifact(name: string, content = `bytes of ${name}`): string {
  writeFileSync(at('build', name), content);
  return at('build', name);
}
const sign = (files: readonly string[], more: Partial<Input<'signing.sign'>> = {}): Promise<Output<'signing.sign'>> =>
  client.call('signing.sign', { key: release, files: [...files], out: at('release'), release: null, replace: false, cover: 'manifest', ...more });
const verify = (name: string, more: Partial<Input<'signing.verify'>> = {}): Promise<Output<'signing.verify'>> =>
  client.call('signing.verify', { artifact: at('release', name), signature: null, keyring, signers: [], ...more });

describe('one signature for a release', () => {
  test('covers every file: gpg and sha256sum accept it, and so does this program', async () => {
    const names = ['a.tar.gz', 'b.zip', 'new\nline.bin'];
    const signed = await sign(names.map((name) => artifact(name)));
    expect(readdirSync(at('release')).sort()).toEqual([...names.flatMap((name) => [name, `${name}.sha256`]), 'SHA256SUMS', 'SHA256SUMS.asc'].sort());
    execFileSync('bash', ['-euc', signed.commands.join('\n')], { stdio: 'pipe' });
    for (const name of names) {
      expect(await verify(name), name).toMatchObject({
        verdict: 'good', through: 'SHA256SUMS', covered_bytes_sha256: digestOf(`bytes of ${name}`), signer: { fingerprint: release }, problems: [],
      });
    }
    const { entry } = await client.call('archive.show', { id: signed.record });
    expect(entry.record['signatures_sha256']).toEqual({ 'SHA256SUMS.asc': createHash('sha256').update(readFileSync(at('release/SHA256SUMS.asc'))).digest('hex') });
  });

  test.each<readonly [string, () => void, string]>([
    ['a changed file', () => writeFileSync(at('release/a.zip'), 'changed'), 'bad'],
    ['a changed list', () => writeFileSync(at('release/SHA256SUMS'), `${digestOf('bytes of a.zip')}  a.zip\n`), 'bad'],
    ['a list without its signature', () => rmSync(at('release/SHA256SUMS.asc')), 'no-signature'],
    ['a list that names another', () => (artifact('c.zip'), writeFileSync(at('release/c.zip'), 'c'), rmSync(at('release/a.zip')), writeFileSync(at('release/a.zip'), 'other')), 'bad'],
  ])('%s is not covered', async (_, spoil, verdict) => {
    await sign([artifact('a.zip'), artifact('b.zip')]);
    spoil();
    expect(await verify('a.zip')).toMatchObject({ verdict });
    if (verdict === 'bad' && _ !== 'a changed list') expect((await verify('a.zip')).covered_bytes_sha256).toBeNull();
  });

  test('a file that the list does not name has no signature', async () => {
    await sign([artifact('a.zip')]);
    writeFileSync(at('release/stranger.zip'), 'x');
    expect(await verify('stranger.zip')).toMatchObject({ verdict: 'no-signature' });
  });

  test('a list that carries its own signature covers what it names', async () => {
    mkdirSync(at('release'));
    writeFileSync(at('release/a.zip'), 'bytes');
    const list = gpg.gpg(['--clearsign', '--local-user', release, '--output', '-'], `${digestOf('bytes')}  a.zip\n`);
    writeFileSync(at('release/SHA256SUMS.asc'), list);
    expect(await verify('a.zip')).toMatchObject({ verdict: 'good', through: 'SHA256SUMS' });
    writeFileSync(at('release/sums.txt'), list);
    expect(await verify('a.zip', { signature: at('release/sums.txt') })).toMatchObject({ verdict: 'good', through: 'sums.txt' });
    writeFileSync(at('release/a.zip'), 'other');
    expect(await verify('a.zip')).toMatchObject({ verdict: 'bad', covered_bytes_sha256: null });
  });

  test.each(['manifest', 'each'] as const)('an artifact that is here only as a digest is covered by it, and marked (%s)', async (cover) => {
    const unseen = [{ name: 'far.img', sha256: digestOf('far away') }];
    const signed = await sign([artifact('a.zip')], { unseen, cover });
    expect(readFileSync(at('release/SHA256SUMS'), 'utf8')).toContain(`${digestOf('far away')}  far.img\n`);
    expect(existsSync(at('release/far.img'))).toBe(false);
    execFileSync('bash', ['-euc', signed.commands.join('\n')], { stdio: 'pipe' });
    const { entry } = await client.call('archive.show', { id: signed.record });
    expect(entry.record).toMatchObject({ artifacts_not_seen: ['far.img'], release_artifacts_sha256: { 'far.img': digestOf('far away') } });
    writeFileSync(at('release/far.img'), 'far away');
    expect(await verify('far.img')).toMatchObject({ verdict: 'good', through: 'SHA256SUMS' });
  });

  test('an artifact is seen or not, never both', async () => {
    expect(await failure(sign([artifact('a.zip')], { unseen: [{ name: 'a.zip', sha256: digestOf('x') }] }))).toMatchObject({ code: 'bad-input' });
    expect(await failure(sign([artifact('a.zip')], { unseen: [{ name: '../a.zip', sha256: digestOf('x') }] }))).toMatchObject({ code: 'bad-input' });
  });

  test.each(['manifest', 'each'] as const)('other bytes than were shown are not signed (%s)', async (cover) => {
    const shown = { 'b.zip': digestOf('what was on the screen') };
    const error = await failure(sign([artifact('a.zip'), artifact('b.zip')], { cover, shown }));
    expect(error).toMatchObject({ code: 'verification-failed', details: { name: 'b.zip', read: digestOf('bytes of b.zip') } });
    expect(readdirSync(at('release'))).toEqual([]);
    await sign([artifact('b.zip', 'what was on the screen')], { cover, shown });
    expect(await verify('b.zip')).toMatchObject({ verdict: 'good' });
  });

  test('how often the key is asked is known beforehand', () => {
    expect([signaturesNeeded(3, 'each'), signaturesNeeded(3, 'manifest')]).toEqual([4, 1]);
  });
});

describe('certificates that signed a release', () => {
  test('are kept for good: what they signed can be checked when no keyring knows them any more', async () => {
    const key = gpg.key('Passing <passing@example.com>');
    await sign([artifact('a.zip')], { key, cover: 'each' });
    gpg.gpg(['--yes', '--delete-secret-and-public-key', key]);
    expect(await verify('a.zip', { keyring: null, signers: [key] })).toMatchObject({ verdict: 'good', signer: { fingerprint: key } });
    const [kept = ''] = readdirSync(at('home/certificates'));
    expect(kept).toMatch(new RegExp(`^${key}-[0-9a-f]{16}\\.pgp$`));
    writeFileSync(at('home/certificates', kept), 'changed');
    expect(await verify('a.zip', { keyring: null, signers: [key] })).toMatchObject({ verdict: 'signer-unknown', problems: [{ code: 'key-missing' }] });
  });
});
