import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { Input, Output } from '../../src/core/contract/types.ts';
import type { AppError } from '../../src/core/model/errors.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { OciLayout, type BlobDescriptor } from '../support/oci-image.ts';
import { temporaryFolder } from '../support/repository.ts';

const REFERENCE = 'registry.example.com/team/product:1.1.0';

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
let layout: OciLayout;
let manifest: BlobDescriptor;
beforeEach(() => {
  folder = temporaryFolder('image');
  core = compose({ shell: 'test', home: join(folder.path, 'home') });
  client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
  layout = new OciLayout(at('layout'));
  manifest = layout.image();
  layout.holds(manifest);
});
afterEach(async () => {
  await core.close();
  folder.remove();
});

const at = (...parts: readonly string[]): string => join(folder.path, ...parts);
const failure = (work: Promise<unknown>): Promise<AppError> => work.then(() => Promise.reject(new Error('It did not fail')), (cause: AppError) => cause);
const sign = (more: Partial<Input<'image.sign'>> = {}): Promise<Output<'image.sign'>> =>
  client.call('image.sign', { image: layout.path, platform: null, digest: null, reference: REFERENCE, key: release, out: `${at('store')}/`, release: null, ...more });
const verify = (signature: string, more: Partial<Input<'image.verify'>> = {}): Promise<Output<'image.verify'>> =>
  client.call('image.verify', { image: layout.path, platform: null, digest: null, signature, reference: REFERENCE, keyring, signers: [], ...more });
const skopeo = (...args: readonly string[]): string => execFileSync('skopeo', ['--insecure-policy', ...args], { encoding: 'utf8', stdio: 'pipe' });
/** Signs a payload of any content as gpg does by itself: compressed. */
function signedByGpg(payload: unknown, ...options: readonly string[]): string {
  const path = at('payload');
  writeFileSync(path, typeof payload === 'string' ? payload : JSON.stringify(payload));
  gpg.gpg(['--yes', '--local-user', release, ...options, '--output', `${path}.sig`, '--sign', path]);
  return `${path}.sig`;
}
const payload = (digest: string, reference = REFERENCE, more: object = {}): object => ({ critical: { type: 'atomic container signature', image: { 'docker-manifest-digest': digest }, identity: { 'docker-reference': reference }, ...more }, optional: {} });

describe('signing an image', () => {
  test('skopeo accepts it, this program accepts it, and it is recorded', async () => {
    const signed = await sign({ release: { version: 'v1.1.0', commit: null } });
    expect(signed).toMatchObject({ key: release, reference: REFERENCE, digest: manifest.digest, platform: 'linux/amd64', blobs: 3 });
    const [signature, copy] = signed.written.map(({ path }) => path);
    expect(signature).toBe(at('store', `team/product@${manifest.digest.replace(':', '=')}`, 'signature-1'));
    expect(skopeo('standalone-verify', copy ?? '', REFERENCE, release, signature ?? '')).toContain(manifest.digest);
    for (const command of signed.commands) execFileSync('bash', ['-euc', command], { stdio: 'pipe' });
    expect(await verify(signature ?? '')).toMatchObject({ verdict: 'good', when_made: 'good', today: 'good', signer: { fingerprint: release }, problems: [], covered_bytes_sha256: manifest.digest.slice(7) });
    const { entry } = await client.call('archive.show', { id: signed.record });
    expect(entry.record).toMatchObject({ event_type: 'signing', release_version: 'v1.1.0', key_fingerprint: release, container_image: { digest: manifest.digest, reference: REFERENCE } });
  });

  test('a second signature lies beside the first; a file is never written over', async () => {
    await sign();
    const second = await sign({ key: stranger });
    expect(basename(second.written[0]?.path ?? '')).toBe('signature-2');
    await sign({ out: at('image.sig') });
    expect(existsSync(at('image.sig.manifest.json'))).toBe(true);
    expect(await failure(sign({ out: at('image.sig') }))).toMatchObject({ code: 'already-exists' });
  });

  test('a tar of a layout, and what skopeo makes of it, come to the same digest', async () => {
    expect((await sign({ image: layout.tar() })).digest).toBe(manifest.digest);
    skopeo('copy', '--preserve-digests', `oci:${layout.path}`, `oci-archive:${at('copied.tar')}:1.1.0`);
    expect((await sign({ image: at('copied.tar') })).digest).toBe(manifest.digest);
  });

  test('an archive of an older docker save is refused with the command that converts it, which works', async () => {
    skopeo('copy', `oci:${layout.path}`, `docker-archive:${at('saved.tar')}:${REFERENCE}`);
    const refused = await failure(sign({ image: at('saved.tar') }));
    expect(refused.code).toBe('bad-input');
    const command = /skopeo copy .*$/.exec(refused.hint ?? '')?.[0] ?? '';
    execFileSync('bash', ['-euc', command.replace('skopeo', 'skopeo --insecure-policy')], { cwd: folder.path, stdio: 'pipe' });
    const { written } = await sign({ image: at('image.oci.tar') });
    skopeo('standalone-verify', written[1]?.path ?? '', REFERENCE, release, written[0]?.path ?? '');
  });

  test('an archive that carries a layout beside the old manifest is read by its layout', async () => {
    writeFileSync(join(layout.path, 'manifest.json'), '[]');
    expect((await sign({ image: layout.tar() })).digest).toBe(manifest.digest);
  });

  test('of several images one is named, or the index is signed', async () => {
    const other = layout.image('arm64', ['three\n']);
    layout.holds(manifest, other);
    expect((await failure(sign())).hint).toContain(other.digest);
    expect((await sign({ platform: 'linux/arm64' })).digest).toBe(other.digest);
    expect((await sign({ digest: other.digest })).digest).toBe(other.digest);
    expect(await failure(sign({ platform: 'linux/s390x' }))).toMatchObject({ code: 'bad-input' });
    const index = layout.index(manifest, other);
    layout.holds(index);
    const signed = await sign();
    expect(signed).toMatchObject({ digest: index.digest, blobs: 7 });
    skopeo('standalone-verify', signed.written[1]?.path ?? '', REFERENCE, release, signed.written[0]?.path ?? '');
    expect((await sign({ platform: 'linux/arm64' })).digest).toBe(other.digest);
  });

  test('a name without a tag, a short name, and a digest that is another', async () => {
    expect(await failure(sign({ reference: 'registry.example.com/team/product' }))).toMatchObject({ code: 'bad-input' });
    expect(await failure(sign({ reference: 'Registry/../x:1' }))).toMatchObject({ code: 'bad-input' });
    expect((await sign({ reference: 'product:1' })).reference).toBe('docker.io/library/product:1');
    expect(await failure(sign({ reference: `product@sha256:${'0'.repeat(64)}` }))).toMatchObject({ code: 'bad-input' });
  });
});

describe('what is refused before the key is asked', () => {
  const layer = (): string => (JSON.parse(readFileSync(layout.blobPath(manifest.digest), 'utf8')) as { layers: BlobDescriptor[] }).layers[1]?.digest ?? '';

  test('a missing blob, by name', async () => {
    rmSync(layout.blobPath(layer()));
    const refused = await failure(sign());
    expect(refused).toMatchObject({ code: 'verification-failed' });
    expect(refused.message).toContain(layer());
    expect(existsSync(at('store'))).toBe(false);
  });

  test('an altered blob of the same size, in a folder and in a tar', async () => {
    const bytes = readFileSync(layout.blobPath(layer()));
    bytes[600] = (bytes[600] ?? 0) ^ 1;
    writeFileSync(layout.blobPath(layer()), bytes);
    for (const image of [layout.path, layout.tar()]) expect((await failure(sign({ image }))).message).toContain(layer());
  });

  test('links in place of blobs and of folders', async () => {
    copyFileSync(layout.blobPath(layer()), at('elsewhere'));
    rmSync(layout.blobPath(layer()));
    symlinkSync(at('elsewhere'), layout.blobPath(layer()));
    expect(await failure(sign())).toMatchObject({ code: 'outside-folder' });
    expect(await failure(sign({ image: layout.tar() }))).toMatchObject({ code: 'verification-failed' });
  });

  test('a tar whose names leave its folder, a tar cut short, and what is no tar', async () => {
    const whole = layout.tar();
    execFileSync('tar', ['--append', '--file', whole, '--absolute-names', '--transform', 's,.*,../escaped,', join(layout.path, 'oci-layout')]);
    expect(await failure(sign({ image: whole }))).toMatchObject({ code: 'outside-folder' });
    const cut = readFileSync(layout.tar());
    writeFileSync(at('cut.tar'), cut.subarray(0, 3000));
    expect((await failure(sign({ image: at('cut.tar') }))).code).toMatch(/^(?:malformed|verification-failed|bad-input)$/);
    writeFileSync(at('none.tar'), 'no tar');
    expect(await failure(sign({ image: at('none.tar') }))).toMatchObject({ code: 'bad-input' });
    execFileSync('gzip', ['--keep', layout.tar()]);
    expect((await failure(sign({ image: `${layout.path}.tar.gz` }))).hint).toContain('gunzip');
  });

  test('a document that is a manifest and an index at once', async () => {
    const both = JSON.parse(readFileSync(layout.blobPath(manifest.digest), 'utf8')) as object;
    layout.holds(layout.blob(manifest.mediaType, JSON.stringify({ ...both, manifests: [] })));
    expect(await failure(sign())).toMatchObject({ code: 'malformed' });
  });
});

describe('verifying an image', () => {
  test('what skopeo and gpg sign, compressed in each way that gpg has', async () => {
    const copy = at('manifest.json');
    copyFileSync(layout.blobPath(manifest.digest), copy);
    skopeo('standalone-sign', copy, REFERENCE, release, '--output', at('skopeo.sig'));
    expect(await verify(at('skopeo.sig'))).toMatchObject({ verdict: 'good', claimed: { digest: manifest.digest } });
    for (const way of ['none', 'zip', 'zlib']) expect(await verify(signedByGpg(payload(manifest.digest), '--compress-algo', way)), way).toMatchObject({ verdict: 'good' });
    expect((await verify(signedByGpg(payload(manifest.digest), '--compress-algo', 'bzip2'))).problems[0]?.message).toContain('compressed with algorithm 3');
  });

  test('another image, another name, another signer', async () => {
    const signature = (await sign()).written[0]?.path ?? '';
    expect(await verify(signature, { reference: 'registry.example.com/team/product:1.2.0' })).toMatchObject({ verdict: 'bad', problems: [{ code: 'reference-differs' }], covered_bytes_sha256: null });
    const other = new OciLayout(at('other'));
    other.holds(other.image('amd64', ['changed\n']));
    expect(await verify(signature, { image: other.path })).toMatchObject({ verdict: 'bad', problems: [{ code: 'digest-differs' }] });
    const theirs = (await sign({ key: stranger })).written[0]?.path ?? '';
    expect(await verify(theirs, { keyring: gpg.export(stranger), signers: [release] })).toMatchObject({ verdict: 'signer-unknown' });
    expect(await verify(theirs)).toMatchObject({ verdict: 'signer-unknown', problems: [{ code: 'key-missing' }] });
  });

  test('an octet that is changed takes the verdict away, unless it is one that is not signed', async () => {
    const path = (await sign()).written[0]?.path ?? '';
    const bytes = readFileSync(path);
    let harmless = 0;
    for (let place = 0; place < bytes.length; place += 7) {
      const flipped = Buffer.from(bytes);
      flipped[place] = (flipped[place] ?? 0) ^ 0x01;
      writeFileSync(join(dirname(path), 'flipped'), flipped);
      const { verdict, problems } = await verify(join(dirname(path), 'flipped'));
      if (verdict === 'good') harmless += 1;
      else expect(problems.length, `octet ${place}`).toBeGreaterThan(0);
    }
    // The name and date of a message, and what its signature says unsigned, may be anything: a few dozen octets in all.
    expect(harmless).toBeLessThan(8);
  });

  test('payloads that are none, or say more than they may', async () => {
    const said = async (content: unknown): Promise<unknown> => (await verify(signedByGpg(content))).problems.map(({ code }) => code);
    expect(await said('not json')).toEqual(['payload-malformed']);
    expect(await said(payload(manifest.digest, REFERENCE, { more: 1 }))).toEqual(['payload-malformed']);
    const twice = JSON.stringify(payload(manifest.digest)).replace('"type"', '"type":"something else","type"');
    expect(await said(twice)).toEqual(['payload-malformed']);
  });

  test('a detached signature, an empty file, and a small one that expands to much', async () => {
    writeFileSync(at('empty'), '');
    writeFileSync(at('payload'), JSON.stringify(payload(manifest.digest)));
    gpg.gpg(['--local-user', release, '--output', at('detached'), '--detach-sign', at('payload')]);
    for (const name of ['empty', 'detached', 'payload']) expect(await verify(at(name)), name).toMatchObject({ verdict: 'bad', claimed: null });
    expect((await verify(signedByGpg(' '.repeat(20_000_000)))).problems[0]?.message).toContain('too large');
  });
});
