import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder } from '../support/repository.ts';

let gpg: GpgHome;
let folder: ReturnType<typeof temporaryFolder>;
const cores: Core[] = [];
let ours: Client;
let theirs: Client;
let release: string;
let signing: string;
let vkeys: string[];

function consoleAt(name: string): Client {
  const core = compose({ shell: 'test', home: join(folder.path, name) });
  cores.push(core);
  return connect({ call: (call, input) => core.dispatch(call, input, { shell: 'test' }), listen: core.listen });
}

beforeAll(async () => {
  gpg = new GpgHome();
  folder = temporaryFolder('prove');
  [ours, theirs] = [consoleAt('ours'), consoleAt('theirs')];
  release = join(folder.path, 'release');
  const artifact = join(folder.path, 'product.tar.gz');
  writeFileSync(artifact, 'product');
  signing = (await ours.call('signing.sign', { key: gpg.key('Release <release@example.com>'), files: [artifact], out: release, release: { version: 'v1.0.0', commit: null }, replace: false })).record;
  const lines = join(folder.path, 'lines.jsonl');
  writeFileSync(lines, Array.from({ length: 300 }, (_, at) => `${JSON.stringify({ event_type: 'drift', at })}\n`).join(''));
  await ours.call('archive.append', { from: lines, task: undefined });
  const shared = join(folder.path, 'shared');
  for (const client of [ours, theirs, ours]) await client.call('sync.run', { url: shared, task: undefined });
  vkeys = await Promise.all([ours, theirs].map(async (client) => (await client.call('archive.logs', {})).logs.find(({ own }) => own)?.vkey ?? ''));
});
afterAll(async () => {
  for (const core of cores) await core.close();
  gpg.remove();
  folder.remove();
});

const code = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'done', (cause: { code: unknown }) => cause.code);

describe('a proof that an entry stands in its log', () => {
  test('is written beside the artifacts that it is about, with who saw it, and checked by keys that came by another way', async () => {
    const proven = await ours.call('archive.prove', { id: signing, out: null, beside: release });
    expect(proven).toMatchObject({ id: signing, size: 301, left: [], witnesses: [{ witness: vkeys[1]?.split('+')[0] }] });
    const file = join(release, 'product.tar.gz.tlog-proof');
    expect(proven.written).toEqual([file, join(release, 'product.tar.gz.entry.json')]);
    const checked = await theirs.call('archive.checkProof', { file, entry: null, vkeys });
    expect(checked).toMatchObject({ verdict: 'good', id: signing, index: 0, size: 301, event_type: 'signing', leaf: proven.leaf, witnesses: proven.witnesses });
    expect(spawnSync('sha256sum', [join(release, 'product.tar.gz')], { encoding: 'utf8' }).stdout).toContain(checked.artifacts['product.tar.gz']);
    // The witness' key alone says nothing of whose log it is; the log's key alone says nothing of who saw it.
    expect(await theirs.call('archive.checkProof', { file, entry: null, vkeys: vkeys.slice(1) })).toMatchObject({ verdict: 'key-unknown', witnesses: [{}] });
    expect(await theirs.call('archive.checkProof', { file, entry: null, vkeys: vkeys.slice(0, 1) })).toMatchObject({ verdict: 'good', witnesses: [] });
    expect(await code(ours.call('archive.prove', { id: signing, out: null, beside: release }))).toBe('already-exists');
    // The folder as a whole verifies with it.
    expect((await theirs.call('release.verifyFolder', { folder: release, keyring: null, signers: [], vkeys, release: null, report: null, task: undefined })).proofs).toMatchObject([{ verdict: 'good', subject: 'product.tar.gz' }]);
  });

  test('is not good of another entry, by another key, or with any byte changed', async () => {
    const out = join(folder.path, 'proofs');
    const { written: [file = '', entry = ''] } = await ours.call('archive.prove', { id: '7', out, beside: null });
    expect(await theirs.call('archive.checkProof', { file, entry: null, vkeys })).toMatchObject({ verdict: 'good', index: 7, event_type: 'drift' });
    const { written: [, other = ''] } = await ours.call('archive.prove', { id: '8', out, beside: null });
    expect(await code(theirs.call('archive.checkProof', { file, entry: other, vkeys }))).toBe('verification-failed');
    for (const path of [file, entry]) {
      const good = readFileSync(path);
      for (let at = 0; at < good.length; at += 1) {
        const changed = Buffer.from(good);
        changed[at] = (changed[at] ?? 0) ^ 1;
        writeFileSync(path, changed);
        const said = await theirs.call('archive.checkProof', { file, entry, vkeys }).then(({ verdict, witnesses }) => `${verdict} ${witnesses.length}`, (cause: { code: string }) => cause.code);
        expect(said, `${path} ${at}`).not.toBe('good 1');
      }
      writeFileSync(path, good);
    }
  });

  test('is not made of what is not there, nor beside what it is not about', async () => {
    expect(await code(ours.call('archive.prove', { id: '4711', out: folder.path, beside: null }))).toBe('not-found');
    expect(await code(ours.call('archive.prove', { id: '3', out: null, beside: release }))).toBe('not-found');
    const changed = join(folder.path, 'changed');
    const artifact = join(folder.path, 'product.tar.gz');
    await ours.call('signing.sign', { local: undefined, key: (await ours.call('keys.list', {})).keys[0]?.fingerprint ?? '', files: [artifact], out: changed, release: { version: 'v2.0.0', commit: null }, replace: false });
    writeFileSync(join(changed, 'product.tar.gz'), 'another product');
    expect(await code(ours.call('archive.prove', { id: signing, out: null, beside: changed }))).toBe('not-found');
    expect(existsSync(join(changed, 'product.tar.gz.tlog-proof'))).toBe(false);
    expect(await code(theirs.call('archive.checkProof', { file: artifact, entry: null, vkeys }))).toBe('bad-input');
    expect(await code(theirs.call('archive.checkProof', { file: join(release, 'product.tar.gz.tlog-proof'), entry: null, vkeys: ['not a key'] }))).toBe('bad-input');
  });
});
