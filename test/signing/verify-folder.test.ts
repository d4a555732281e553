import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { Input, Output } from '../../src/core/contract/types.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { inclusionProof } from '../../src/core/archive/proofs.ts';
import { formatTlogProof } from '../../src/core/archive/tlog-proof.ts';
import { leafHash } from '../../src/core/archive/tree.ts';
import { readerOf } from '../../src/core/sync/fork-proof.ts';
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
const at = (...parts: readonly string[]): string => join(folder.path, ...parts);
const started = (home: string): { core: Core; client: Client } => {
  const opened = compose({ shell: 'test', home });
  return { core: opened, client: connect({ call: (name, input) => opened.dispatch(name, input, { shell: 'test' }), listen: opened.listen }) };
};
beforeEach(async () => {
  folder = temporaryFolder('folder');
  const maker = started(at('maker'));
  mkdirSync(at('build'));
  for (const name of ['a.zip', 'b.tar.gz']) writeFileSync(at('build', name), `bytes of ${name}`);
  await maker.client.call('signing.sign', { key: release, files: [at('build/a.zip'), at('build/b.tar.gz')], out: at('release'), release: null, replace: false, unseen: [{ name: 'far.iso', sha256: 'a'.repeat(64) }] });
  await maker.client.call('archive.export', { format: 'tiles', out: at('export') });
  await maker.core.close();
  ({ core, client } = started(at('home')));
});
afterEach(async () => {
  await core.close();
  folder.remove();
});

const verify = (more: Partial<Input<'release.verifyFolder'>> = {}): Promise<Output<'release.verifyFolder'>> =>
  client.call('release.verifyFolder', { folder: at('release'), keyring, signers: [], vkeys: [], release: null, report: null, ...more });
const verdicts = ({ files }: Output<'release.verifyFolder'>): Record<string, string> => Object.fromEntries(files.map(({ path, verdict }) => [path, verdict]));
const signFile = (name: string): void => void gpg.gpg(['--yes', '--armor', '--local-user', release, '--output', at('release', `${name}.asc`), '--detach-sign', at('release', name)]);
const SBOM = { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, metadata: { component: { type: 'application', name: 'product', version: '1.1.0' } }, components: [{ type: 'library', name: 'left', version: '1.0.0' }] };

describe('a folder that somebody else made', () => {
  test('is good where every file is covered by a key that was named, and nothing is written', async () => {
    const before = readdirSync(at('release'));
    const report = await verify();
    expect(report).toMatchObject({ verdict: 'good', keysNamed: true, problems: [] });
    expect(verdicts(report)).toMatchObject({ 'a.zip': 'good', 'b.tar.gz': 'good', 'SHA256SUMS': 'good', 'a.zip.asc': 'not-needed' });
    expect(report.files.find(({ path }) => path === 'a.zip')).toMatchObject({ checksum: 'matches', signatures: [{ fingerprint: release, status: 'good', when_made: 'good', today: 'good', file: 'a.zip.asc' }] });
    expect(report.notSeen).toEqual([{ list: 'SHA256SUMS', name: 'far.iso', sha256: 'a'.repeat(64) }]);
    expect(readdirSync(at('release'))).toEqual(before);
    expect(existsSync(at('home'))).toBe(false);
  });

  test('is nobody’s where no key was named, and bad or unknown where another signed', async () => {
    expect(await verify({ keyring: null })).toMatchObject({ verdict: 'signer-unknown', keysNamed: false });
    expect(await verify({ keyring: null, signers: [release] })).toMatchObject({ verdict: 'good' });
    expect(await verify({ keyring: null, signers: [stranger] })).toMatchObject({ verdict: 'signer-unknown' });
    expect(await verify({ atLeast: 2 })).toMatchObject({ verdict: 'bad' });
  });

  test('one octet, one unlisted file, one link', async () => {
    appendFileSync(at('release/b.tar.gz'), 'x');
    expect(verdicts(await verify())).toMatchObject({ 'a.zip': 'good', 'b.tar.gz': 'bad' });
    writeFileSync(at('release/b.tar.gz'), 'bytes of b.tar.gz');
    writeFileSync(at('release/more.txt'), 'more');
    expect(await verify()).toMatchObject({ verdict: 'not-covered', problems: [{ code: 'uncovered', path: 'more.txt' }] });
    writeFileSync(at('release/more.txt.sha256'), 'not a checksum\n');
    expect(verdicts(await verify())).toMatchObject({ 'more.txt': 'bad' });
    for (const name of ['more.txt', 'more.txt.sha256']) rmSync(at('release', name));
    symlinkSync('/etc/passwd', at('release/link'));
    expect(await verify()).toMatchObject({ verdict: 'bad', problems: [{ code: 'refused', path: 'link' }] });
  });

  test('a file that only a signed list covers, a list that nobody signed, and a signature of nothing', async () => {
    for (const name of ['a.zip.asc', 'a.zip.sha256']) rmSync(at('release', name));
    const report = await verify();
    expect(report.verdict).toBe('good');
    expect(report.files.find(({ path }) => path === 'a.zip')).toMatchObject({ verdict: 'good', through: 'SHA256SUMS' });
    rmSync(at('release/SHA256SUMS.asc'));
    expect(verdicts(await verify())).toMatchObject({ 'a.zip': 'checksum-only', 'SHA256SUMS': 'uncovered' });
    rmSync(at('release/b.tar.gz'));
    expect((await verify()).problems.map(({ code, path }) => `${code} ${path ?? ''}`)).toContain('subject-missing b.tar.gz.asc');
  });

  test('a clearsigned list alone', async () => {
    for (const name of readdirSync(at('release'))) if (/\.(?:asc|sha256)$/.test(name)) rmSync(at('release', name));
    gpg.gpg(['--local-user', release, '--output', at('release/SHA256SUMS.asc'), '--clearsign', at('release/SHA256SUMS')]);
    rmSync(at('release/SHA256SUMS'));
    expect(await verify()).toMatchObject({ verdict: 'good' });
  });

  test('lines of a list that lead out of the folder cover nothing', async () => {
    mkdirSync(at('release/inner'));
    writeFileSync(at('release/inner/SHA256SUMS'), `${'b'.repeat(64)}  ../../../etc/passwd\n${'c'.repeat(64)}  /etc/passwd\n`);
    const { notSeen } = await verify();
    expect(notSeen.filter(({ list }) => list === 'inner/SHA256SUMS')).toHaveLength(2);
  });

  test('bills of materials: valid or not, and about which version', async () => {
    writeFileSync(at('release/sbom.json'), JSON.stringify(SBOM));
    signFile('sbom.json');
    expect(await verify({ release: 'v1.1.0' })).toMatchObject({ verdict: 'good', sboms: [{ components: 1, valid: true, version: '1.6', about: { name: 'product', version: '1.1.0' }, aboutThisRelease: true }] });
    expect(await verify({ release: 'v1.2.0' })).toMatchObject({ verdict: 'bad', problems: [{ code: 'sbom' }] });
    writeFileSync(at('release/sbom.json'), JSON.stringify({ ...SBOM, components: 'none' }));
    signFile('sbom.json');
    expect(await verify()).toMatchObject({ verdict: 'bad', sboms: [{ valid: false }] });
  });

  test('a signed manifest covers what it lists; what differs from it is told', async () => {
    mkdirSync(at('release/reports'));
    writeFileSync(at('release/reports/junit.xml'), '<testsuites/>');
    await client.call('evidence.writeManifest', { directory: at('release/reports'), commit: 'a'.repeat(40), run: null });
    signFile('reports/evidence-manifest.json');
    const report = await verify();
    expect(report).toMatchObject({ verdict: 'good', manifests: [{ listed: 1, same: 1 }] });
    writeFileSync(at('release/reports/junit.xml'), '<testsuite/>');
    expect(await verify()).toMatchObject({ verdict: 'bad', manifests: [{ differing: ['junit.xml'] }] });
  });

  test('an exported archive is verified with it', async () => {
    cpSync(at('export'), at('release/archive'), { recursive: true });
    const unknown = await verify();
    expect(unknown).toMatchObject({ verdict: 'signer-unknown', archives: [{ path: 'archive', verdict: 'key-unknown', entries: 1 }] });
    const place = readdirSync(at('release/archive'), { recursive: true, encoding: 'utf8' }).find((path) => /(?:^|\/)vkey$/.test(path)) ?? '';
    expect(await verify({ vkeys: [readFileSync(at('release/archive', place), 'utf8').trim()] })).toMatchObject({ verdict: 'good', archives: [{ verdict: 'good' }] });
    appendFileSync(at('release/archive', place.replace('vkey', 'checkpoint')), 'x');
    expect(await verify()).toMatchObject({ verdict: 'bad', archives: [{ verdict: 'bad' }] });
  });

  describe('with a proof that the archive holds it', () => {
    let vkey: string;
    /** Writes `a.zip.tlog-proof` and `a.zip.entry.json`, of the signing at `index`. */
    const prove = async (index: number, change: (proof: string) => string = (proof) => proof): Promise<void> => {
      const maker = started(at('maker'));
      await maker.client.call('signing.sign', { key: release, files: [at('build/b.tar.gz')], out: at('other'), release: null, replace: true });
      await maker.client.call('archive.export', { format: 'tiles', out: at('proved') });
      const { logs: [log] } = await maker.client.call('archive.logs', {});
      const entries = await Promise.all([0, 1].map(async (seq) => Buffer.from((await maker.client.call('archive.show', { id: `${log?.origin ?? ''}#${seq}` })).canonical)));
      await maker.core.close();
      vkey = log?.vkey ?? '';
      const hashes = inclusionProof(index, 2, readerOf(entries.map(leafHash)));
      const proof = formatTlogProof({ index, hashes, checkpoint: readFileSync(at('proved', log?.origin ?? '', 'checkpoint')) });
      writeFileSync(at('release/a.zip.tlog-proof'), change(proof.toString('utf8')));
      writeFileSync(at('release/a.zip.entry.json'), entries[index] ?? '');
    };

    test('it is good by a log key that came by another way, and the log is unknown without one', async () => {
      await prove(0);
      expect(await verify({ vkeys: [vkey] })).toMatchObject({ verdict: 'good', problems: [], proofs: [{ subject: 'a.zip', verdict: 'good', index: 0, size: 2 }] });
      expect(await verify()).toMatchObject({ verdict: 'signer-unknown', proofs: [{ verdict: 'key-unknown' }] });
    });

    test.each<readonly [string, () => Promise<void> | void, RegExp]>([
      ['another index', () => prove(0, (proof) => proof.replace('index 0', 'index 1')), /does not stand at 1/],
      ['a changed path', () => prove(0, (proof) => proof.replace(/(index 0\n)(.)/, (_, line: string, first: string) => `${line}${first === 'A' ? 'B' : 'A'}`)), /does not stand/],
      ['a checkpoint that another key signed', () => prove(0, (proof) => proof.replace(/ (\S)(\S+)\n$/, (_, first: string, rest: string) => ` ${first === 'A' ? 'B' : 'A'}${rest}\n`)), /expected key/],
      ['an entry about other files', () => prove(1), /does not give the SHA-256/],
      ['no entry', async () => (await prove(0), rmSync(at('release/a.zip.entry.json'))), /is not here/],
      ['a page instead of a proof', async () => (await prove(0), writeFileSync(at('release/a.zip.tlog-proof'), '<html></html>')), /not a transparency log proof/],
    ])('%s is told', async (_, spoil, problem) => {
      await spoil();
      const report = await verify({ vkeys: [vkey] });
      expect(report.verdict).toBe('bad');
      expect(report.proofs[0]?.problem).toMatch(problem);
    });
  });

  test('a thousand files, several at once', async () => {
    let list = '';
    for (let part = 0; part < 1000; part += 1) {
      writeFileSync(at('release', `part-${part}`), `${part}`);
      list += `part-${part}\n`;
    }
    const sums = spawnSync('xargs', ['sha256sum', 'a.zip', 'b.tar.gz'], { cwd: at('release'), input: list, encoding: 'utf8' }).stdout;
    writeFileSync(at('release/SHA256SUMS'), sums);
    signFile('SHA256SUMS');
    expect((await verify()).verdict).toBe('good');
  });

  test('the command line: exit codes, and a report to file', () => {
    const run = (...args: readonly string[]): ReturnType<typeof spawnSync> => spawnSync(join(import.meta.dirname, '../../bin/countersign'), ['verify-folder', at('release'), ...args], { encoding: 'utf8', env: { ...process.env, COUNTERSIGN_HOME: at('home') } });
    const good = run('--keyring', keyring, '--report', at('report.md'));
    expect(good.status).toBe(0);
    expect(good.stdout).toContain('a.zip: good');
    expect(readFileSync(at('report.md'), 'utf8')).toContain('**good**');
    expect(run('--json').status).toBe(1);
    expect(existsSync(at('home'))).toBe(false);
  });
});
