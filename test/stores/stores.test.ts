import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Input, Output } from '../../src/core/contract/types.ts';
import type { CheckResult } from '../../src/core/model/verdict.ts';
import { GreenRelease } from '../support/green-release.ts';

let green: GreenRelease;
let count = 0;
let place: string;
const before = process.env['PATH'];
const at = (...parts: readonly string[]): string => join(green.folder.path, ...parts);
const readBack = (): string => join(green.outputs, 'read-back');

beforeAll(async () => {
  green = new GreenRelease();
  await green.prepare();
  // What the release brought with it was read back from nowhere.
  rmSync(readBack(), { recursive: true });
  mkdirSync(at('bin'));
  writeFileSync(at('bin', 'aws'), `#!/bin/sh\nexec "${process.execPath}" "${join(import.meta.dirname, 'aws-child.ts')}" "$@"\n`);
  chmodSync(at('bin', 'aws'), 0o755);
  process.env['PATH'] = `${at('bin')}:${before ?? ''}`;
}, 120_000);
afterAll(async () => {
  process.env['PATH'] = before;
  await green.close();
});
beforeEach(() => {
  count += 1;
  place = at(`place-${count}`);
  rmSync(readBack(), { recursive: true, force: true });
  for (const name of Object.keys(process.env).filter((one) => one.startsWith('AWS_FAKE'))) delete process.env[name];
});

const store = (to: string, more: Partial<Input<'artifacts.store'>> = {}): Promise<Output<'artifacts.store'>> => green.client.call('artifacts.store', { draft: green.draft(), to, readBack: readBack(), ...more });
const said = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);
const line = async (): Promise<CheckResult> => (await green.judge()).report.results.find(({ id }) => id === 'artifacts-stored') as CheckResult;
const records = async (): Promise<number> => (await green.client.call('archive.list', { origin: null, event_type: 'pipeline_execution', release: null, offset: 0, limit: 1 })).total;
const NAMES = ['SHA256SUMS', 'SHA256SUMS.asc', 'product.tar.gz', 'product.tar.gz.asc', 'product.tar.gz.sha256', 'sbom.json'];

describe('a folder', () => {
  test('gets everything, gives it back, and the checklist is satisfied by what came back', async () => {
    expect(await line()).toMatchObject({ status: 'missing' });
    const stored = await store(place);
    expect(stored.files.map(({ name, state }) => [name, state]).sort()).toEqual(NAMES.map((name) => [name, 'uploaded']));
    expect(readdirSync(join(place, 'v1.1.0')).sort()).toEqual(NAMES);
    execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: join(place, 'v1.1.0'), stdio: 'pipe' });
    expect(readdirSync(readBack()).sort()).toEqual([...NAMES, 'evidence-manifest.json'].sort());
    expect(JSON.parse(readFileSync(join(readBack(), 'evidence-manifest.json'), 'utf8'))).toMatchObject({ commit: green.commit, run: join(place, 'v1.1.0') });
    expect(await line()).toMatchObject({ status: 'passed', summary: expect.stringMatching(/1 artifact read back .* byte for byte/) as string });
    const { entry } = await green.client.call('archive.show', { id: stored.record });
    expect(entry.record).toMatchObject({
      event_type: 'pipeline_execution', status: 'success', release_version: 'v1.1.0', commit: green.commit, artifact_repository: join(place, 'v1.1.0'), read_back: 'same bytes', files_total: 6,
      outputs_sha256: Object.fromEntries(stored.files.map(({ name, sha256 }) => [name, sha256])),
    });
  });

  test('is given the same bytes again without a word; other bytes are refused, and nothing of the upload is done', async () => {
    await store(place);
    expect((await store(place)).files.map(({ state }) => state)).toEqual(NAMES.map(() => 'there'));
    rmSync(readBack(), { recursive: true });
    writeFileSync(join(place, 'v1.1.0', 'product.tar.gz'), 'another build');
    rmSync(join(place, 'v1.1.0', 'sbom.json'));
    const known = await records();
    expect(await said(store(place))).toMatch(/^already-exists: .* holds another product\.tar\.gz already, so nothing was uploaded/);
    expect(existsSync(join(place, 'v1.1.0', 'sbom.json'))).toBe(false);
    expect(readFileSync(join(place, 'v1.1.0', 'product.tar.gz'), 'utf8')).toBe('another build');
    expect(existsSync(readBack()) ? readdirSync(readBack()) : []).toEqual([]);
    expect(await records()).toBe(known);
  });

  test('what was read back earlier is not replaced by something else', async () => {
    mkdirSync(readBack());
    writeFileSync(join(readBack(), 'sbom.json'), '{}');
    expect(await said(store(place))).toMatch(/^already-exists: .*read-back\/sbom\.json holds other bytes/);
    expect(existsSync(join(place, 'v1.1.0', 'product.tar.gz'))).toBe(false);
  });

  test('is stored in by the command line alike', async () => {
    const command = ['artifacts', 'store', '--repo', green.repository.path, '--outputs', green.outputs, '--release', 'v1.1.0', '--to', place, '--read-back', readBack()];
    const runs = (): string => execFileSync(join(import.meta.dirname, '../../bin/countersign'), command, { encoding: 'utf8', env: { ...process.env, COUNTERSIGN_HOME: at('cli-home'), COUNTERSIGN_KEYRING: 'off' }, stdio: ['ignore', 'pipe', 'pipe'] });
    expect(runs()).toMatch(/product\.tar\.gz {2}uploaded\n[^]*Read back from .*v1\.1\.0, byte for byte the same; recorded as .*\nKept in .*read-back, bound by .*evidence-manifest\.json\.\n$/);
    expect(runs()).toMatch(/product\.tar\.gz {2}was there\n/);
  });

  test('compares and keeps nothing where no folder is named for it', async () => {
    expect(await store(place, { readBack: null })).toMatchObject({ kept: null });
    expect(existsSync(readBack())).toBe(false);
    expect(await line()).toMatchObject({ status: 'missing' });
  });

  test.each<[string, () => void, RegExp]>([
    ['a link in place of the version’s folder', () => { mkdirSync(place); mkdirSync(at(`elsewhere-${count}`)); symlinkSync(at(`elsewhere-${count}`), join(place, 'v1.1.0')); }, /^outside-folder/],
    ['a link in place of a file', () => { mkdirSync(join(place, 'v1.1.0'), { recursive: true }); symlinkSync('/etc/hostname', join(place, 'v1.1.0', 'product.tar.gz')); }, /^outside-folder/],
    ['a file in place of the folder', () => writeFileSync(place, ''), /^bad-input: .* is not a folder/],
  ])('%s is not followed', async (_, prepare, words) => {
    prepare();
    expect(await said(store(place))).toMatch(words);
  });

  test('artifacts without checksums beside them are not stored', async () => {
    const [lists, held] = [['SHA256SUMS', 'product.tar.gz.sha256'].map((name) => join(green.outputs, 'release', name)), new Map<string, string>()];
    for (const file of lists) {
      held.set(file, readFileSync(file, 'utf8'));
      rmSync(file);
    }
    try {
      expect(await said(store(place))).toMatch(/^bad-input: No checksum beside it lists product\.tar\.gz/);
      expect(existsSync(place)).toBe(false);
    } finally {
      for (const [file, text] of held) writeFileSync(file, text);
    }
  });

  test('is cancelled, and leaves nothing half read back', async () => {
    const stop = green.core.listen((name, payload) => {
      if (name === 'task.progress' && (payload as { label: string }).label === 'Uploading') void green.client.call('task.cancel', { task: 'storing' });
    });
    expect(await said(store(place, { task: 'storing' }))).toMatch(/^cancelled/);
    stop();
    expect(existsSync(readBack()) ? readdirSync(readBack()) : []).toEqual([]);
    expect(await said(store(place))).toBe('done');
  });
});

describe('an S3-compatible repository, by the aws tool', () => {
  const bucket = (): string => join(place, 'releases');
  const calls = (): { args: string[]; environment: string[] }[] => readFileSync(join(place, 'calls.jsonl'), 'utf8').trim().split('\n').map((text) => JSON.parse(text) as { args: string[]; environment: string[] });
  beforeEach(() => {
    mkdirSync(bucket(), { recursive: true });
    process.env['AWS_FAKE_S3'] = place;
  });

  test('gets everything under the version, by one argument after the other, and gives it back', async () => {
    process.env['SECRET_OF_SOMETHING_ELSE'] = 'x';
    const stored = await store('s3://releases/ghost/quant', { aws: { profile: 'ci', endpoint: 'https://s3.example.com', region: 'eu-central-1' } });
    delete process.env['SECRET_OF_SOMETHING_ELSE'];
    expect(stored).toMatchObject({ place: 's3://releases/ghost/quant/v1.1.0', guard: 'atomic' });
    expect(readdirSync(join(bucket(), 'ghost/quant/v1.1.0')).sort()).toEqual(NAMES);
    expect(await line()).toMatchObject({ status: 'passed' });
    for (const { args, environment } of calls()) {
      expect(args.slice(-7)).toEqual(['--profile', 'ci', '--endpoint-url', 'https://s3.example.com', '--region', 'eu-central-1', '--no-cli-pager']);
      expect(environment).not.toContain('SECRET_OF_SOMETHING_ELSE');
      expect(environment).not.toContain('GNUPGHOME');
    }
    expect(calls().map(({ args }) => args.slice(0, 2).join(' ')).reduce<Record<string, number>>((sum, name) => ({ ...sum, [name]: (sum[name] ?? 0) + 1 }), {})).toEqual({ 's3api head-object': 6, 's3api put-object': 6, 's3 cp': 6 });
  });

  test('that has no conditions is looked at beforehand, and the record says so', async () => {
    process.env['AWS_FAKE_S3_OLD'] = '1';
    const stored = await store('s3://releases');
    expect(stored.guard).toBe('looked');
    expect((await green.client.call('archive.show', { id: stored.record })).entry.record).toMatchObject({ overwriting: 'looked for beforehand' });
  });

  test('that gives other bytes back fails, and that is recorded', async () => {
    process.env['AWS_FAKE_S3_SPOILS'] = 'product.tar.gz';
    const known = await records();
    expect(await said(store('s3://releases'))).toMatch(/^verification-failed: product\.tar\.gz came back .* as other bytes/);
    expect(await records()).toBe(known + 1);
    expect(existsSync(readBack()) ? readdirSync(readBack()) : []).toEqual([]);
  });

  test.each<[string, string, Input<'artifacts.store'>['aws'], RegExp]>([
    ['other bytes there', 's3://releases/taken', null, /^already-exists: s3:\/\/releases\/taken\/v1\.1\.0 holds another sbom\.json/],
    ['a bucket that is not there', 's3://elsewhere', null, /^environment: It could not be asked whether .*NoSuchBucket/],
    ['a profile that is not there', 's3://releases', { profile: 'nobody' }, /^environment: .*config profile \(nobody\) could not be found/],
    ['an address that leaves its prefix', 's3://releases/../other', null, /^bad-input: .* is no address of a bucket/],
    ['an option for an option’s value', 's3://releases', { profile: '--debug' }, /^bad-input: aws\.profile/],
  ])('%s is told', async (_, to, aws, words) => {
    mkdirSync(join(bucket(), 'taken/v1.1.0'), { recursive: true });
    writeFileSync(join(bucket(), 'taken/v1.1.0/sbom.json'), 'another');
    expect(await said(store(to, { aws }))).toMatch(words);
  });

  test('without the tool says what is missing', async () => {
    process.env['PATH'] = '/nonexistent';
    const answer = said(store('s3://releases'));
    expect(await answer.finally(() => { process.env['PATH'] = `${at('bin')}:${before ?? ''}`; })).toMatch(/aws is not installed|git/);
  });
});
