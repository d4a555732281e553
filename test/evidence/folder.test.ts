import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AppError } from '../../src/core/model/errors.ts';
import { listEvidence, writeManifest } from '../../src/main/adapters/evidence-folder.ts';
import { createHasher } from '../../src/main/adapters/hashing.ts';
import { COMMIT, LIMITS } from './reading.ts';

const hasher = createHasher();
afterAll(() => hasher.close());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'countersign-evidence-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
const work = (signal = new AbortController().signal): Parameters<typeof listEvidence>[1] => ({ limits: LIMITS, hasher, signal, progress: () => undefined });
const failure = (promise: Promise<unknown>): Promise<AppError> => promise.then(() => Promise.reject(new Error('It did not fail')), (cause: AppError) => cause);
const isRoot = process.getuid?.() === 0;
const posix = process.platform !== 'win32';

function write(path: string, content: string | Uint8Array): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

const JUNIT = '<testsuite tests="1"><testcase name="a"/></testsuite>';

describe('listing a folder', () => {
  test('files are sorted, hashed, read and bound, with / in their paths', async () => {
    write('b/report.xml', JUNIT);
    write('a.tgz', Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.alloc(100_000)]));
    write('b.txt', 'words');
    write('evidence-manifest.json', JSON.stringify({ v: 1, commit: COMMIT, run: 'ci/1', files: [{ path: 'b/report.xml', sha256: sha256(JUNIT) }] }));
    write('.git/config', 'not an output');
    write('.countersign-draft/x', 'not an output');
    const seen: [string, number, number][] = [];
    const items = await listEvidence(folder, { ...work(), progress: (item, done, total) => seen.push([item, done, total]) });
    expect(items.map(({ file }) => [file.path, file.kind, file.binding])).toEqual([
      ['a.tgz', 'artifact', 'none'], ['b.txt', 'unrecognised', 'none'], ['b/report.xml', 'junit', 'manifest'], ['evidence-manifest.json', 'evidence-manifest', 'none'],
    ]);
    for (const { file } of items) {
      const bytes = readFileSync(join(folder, file.path));
      expect(file).toMatchObject({ sha256: sha256(bytes), size: bytes.length });
    }
    expect(items[2]?.commit).toBe(COMMIT);
    expect(seen[0]).toEqual(['a.tgz', 0, 4]);
    expect(seen.at(-1)).toEqual(['', 4, 4]);
  });

  test.runIf(posix)('links, pipes and sockets are named and never opened', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'countersign-outside-'));
    writeFileSync(join(outside, 'secret.xml'), JUNIT);
    symlinkSync(join(outside, 'secret.xml'), join(folder, 'link.xml'));
    symlinkSync(outside, join(folder, 'linked-folder'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const items = await listEvidence(folder, work());
    rmSync(outside, { recursive: true, force: true });
    expect(items.map(({ file }) => [file.path, file.problem?.code, file.sha256])).toEqual([
      ['dangling', 'not-a-file', null], ['link.xml', 'not-a-file', null], ['linked-folder', 'not-a-file', null], ['pipe', 'not-a-file', null],
    ]);
  });

  test.runIf(process.platform === 'linux')('names with newlines are whole, names that are no UTF-8 are shown and not read', async () => {
    write('two\nlines.xml', JUNIT);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/bad-`), Buffer.from([0xff]), Buffer.from('.xml')]), JUNIT);
    mkdirSync(Buffer.concat([Buffer.from(`${folder}/bad-folder-`), Buffer.from([0xfe])]));
    const items = await listEvidence(folder, work());
    expect(items.map(({ file }) => [file.path, file.kind, file.problem?.code])).toEqual([
      ['bad-\\xff.xml', 'unrecognised', 'unreadable'], ['bad-folder-\\xfe', 'unrecognised', 'unreadable'], ['two\nlines.xml', 'junit', undefined],
    ]);
    const refused = await failure(writeManifest(folder, { ...work(), commit: COMMIT, run: null }));
    expect(refused).toMatchObject({ code: 'bad-input', message: expect.stringContaining('not UTF-8') });
  });

  test.runIf(posix && !isRoot)('what may not be read is named', async () => {
    chmodSync(write('closed.xml', JUNIT), 0);
    mkdirSync(join(folder, 'closed'), { mode: 0 });
    const items = await listEvidence(folder, work());
    expect(items.map(({ file }) => [file.path, file.problem])).toEqual([
      ['closed', { code: 'unreadable', message: 'it may not be read' }], ['closed.xml', { code: 'unreadable', message: 'it may not be read' }],
    ]);
  });

  test('a file beyond every limit is hashed and known by its beginning', async () => {
    const full = write('big.sarif', '{"version":"2.1.0","runs":[');
    truncateSync(full, LIMITS.bytes.default + 1);
    const [item] = await listEvidence(folder, work());
    expect(item?.file).toMatchObject({ kind: 'sarif', size: LIMITS.bytes.default + 1, sha256: sha256(readFileSync(full)), problem: { code: 'too-large' } });
  });

  test('a bill of materials is compared with its schema', async () => {
    write('good.json', JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components: [{ type: 'library', name: 'a' }] }));
    write('bad.json', JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components: [{ type: 'nonsense', name: 'a' }] }));
    const items = await listEvidence(folder, work());
    expect(items.map(({ content }) => content)).toMatchObject([{ schemaErrors: [expect.stringContaining('/components/0/type')] }, { schemaErrors: [] }]);
  });

  test('many artifacts are all hashed', async () => {
    for (let at = 0; at < 200; at += 1) write(`artifact-${at}.gz`, Buffer.from([0x1f, 0x8b, 8, 0, at]));
    const items = await listEvidence(folder, work());
    expect(new Set(items.map(({ file }) => file.sha256)).size).toBe(200);
  });

  test('an empty folder has no evidence', async () => {
    expect(await listEvidence(folder, work())).toEqual([]);
  });

  test('what is not there, and what is no folder', async () => {
    expect(await failure(listEvidence(join(folder, 'nowhere'), work()))).toMatchObject({ code: 'not-found' });
    expect(await failure(listEvidence(write('a', 'x'), work()))).toMatchObject({ code: 'bad-input' });
  });

  test('a cancelled listing ends as cancelled', async () => {
    for (let at = 0; at < 20; at += 1) write(`report-${at}.gz`, Buffer.from([0x1f, 0x8b, 8, 0, at]));
    const controller = new AbortController();
    const listing = listEvidence(folder, { ...work(controller.signal), progress: (_, done) => done === 10 && controller.abort() });
    expect(await failure(listing)).toMatchObject({ name: 'AppError', code: 'cancelled' });
  });
});

describe('writing a manifest', () => {
  const manifest = (run: string | null = null, commit = COMMIT): ReturnType<typeof writeManifest> => writeManifest(folder, { ...work(), commit, run });

  test('it lists every file but itself and its signature, and binds them when the folder is read again', async () => {
    write('b/report.xml', JUNIT);
    write('a.txt', 'words');
    write('evidence-manifest.json', 'of another time');
    write('evidence-manifest.json.asc', 'of another time');
    if (posix) symlinkSync('a.txt', join(folder, 'link'));
    const written = await manifest('https://ci.example.org/runs/7');
    expect(written.path).toBe(join(folder, 'evidence-manifest.json'));
    expect(JSON.parse(readFileSync(written.path, 'utf8'))).toEqual({
      v: 1, commit: COMMIT, run: 'https://ci.example.org/runs/7', files: [{ path: 'a.txt', sha256: sha256('words') }, { path: 'b/report.xml', sha256: sha256(JUNIT) }],
    });
    const items = await listEvidence(folder, work());
    expect(items.filter(({ file }) => file.binding === 'manifest').map(({ file, commit }) => [file.path, commit])).toEqual([['a.txt', COMMIT], ['b/report.xml', COMMIT]]);
    write('a.txt', 'other words');
    expect((await listEvidence(folder, work()))[0]?.file).toMatchObject({ binding: 'none', problem: { code: 'changed-since-manifest' } });
  });

  test('nothing is written where something is wrong', async () => {
    expect(await failure(manifest())).toMatchObject({ code: 'bad-input', message: expect.stringContaining('holds no file') });
    write('a', 'x');
    expect(await failure(manifest(null, 'main'))).toMatchObject({ code: 'bad-input', message: expect.stringContaining('commit') });
    expect(await failure(manifest('x'.repeat(2000)))).toMatchObject({ code: 'bad-input' });
    expect(existsSync(join(folder, 'evidence-manifest.json'))).toBe(false);
  });
});
