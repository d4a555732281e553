import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import { MIGRATIONS } from '../../src/main/adapters/sqlite/database.ts';
import type { Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { drift, importText, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';

const SCRIPT = join(import.meta.dirname, '../../docs/verify_genesis.py');
const RELEASE = JSON.stringify({ event_type: 'release', release_version: 'v1.0.0' });
const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
const blobIn = (home: string, digest: string): string => join(home, 'blob', 'sha256', digest.slice(0, 2), digest);
const lines = (...values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join('\n');
const filesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name) : []);

let home: string;
let archive: Archive;
let folder: string;
beforeEach(async () => {
  home = temporaryFolder();
  folder = temporaryFolder();
  archive = await openTestArchive({ home });
  for (const [name, text] of [['log.txt', 'what was said'], ['report.json', '{}'], ['empty', '']] as const) writeFileSync(join(folder, name), text);
});
const file = (name: string): string => join(folder, name);
const attach = (...names: readonly string[]) => archive.importRecord('release', RELEASE, 'release.json', { paths: names.map(file), work: quietWork });
const out = (): string => join(temporaryFolder(), 'out');
const write = (id: string, name: string | null, to: string, from: string | null = null) => archive.attachments.writeOut({ id, name, out: to, from }, quietWork);
const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);

describe('files that are given with a record', () => {
  test('are kept by their digests, for their owner only, and written out again', async () => {
    const { id } = await attach('log.txt', 'report.json', 'empty');
    const { entry } = await archive.show(id);
    expect(entry.attachments).toEqual([
      { name: 'log.txt', size: 13, sha256: sha256('what was said') }, { name: 'report.json', size: 2, sha256: sha256('{}') }, { name: 'empty', size: 0, sha256: sha256('') },
    ]);
    expect(statSync(blobIn(home, sha256('what was said'))).mode & 0o777).toBe(0o600);
    expect((await archive.attachments.states(id)).map(({ name, state, said }) => [name, state, said])).toEqual(['log.txt', 'report.json', 'empty'].map((name) => [name, 'here', 'Its bytes are here.']));
    const target = out();
    expect(await write(id, 'log.txt', target)).toEqual({ path: target, name: 'log.txt', size: 13, sha256: sha256('what was said'), fetched: false });
    expect(readFileSync(target, 'utf8')).toBe('what was said');
    expect((await write(id, sha256(''), out())).size).toBe(0);
    expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'good', problems: [] });
    // The same bytes again are kept once.
    await attach('log.txt');
    expect(filesIn(join(home, 'blob')).sort()).toEqual([sha256('what was said'), sha256('{}'), sha256('')].sort());
  });

  test('overwrite nothing, and leave nothing half written', async () => {
    const { id } = await attach('log.txt', 'report.json');
    const target = out();
    writeFileSync(target, 'mine');
    expect(await failure(write(id, 'log.txt', target))).toMatch(/^already-exists: /);
    expect(readFileSync(target, 'utf8')).toBe('mine');
    expect(await failure(write(id, 'log.txt', join(folder, 'no', 'where')))).toMatch(/^not-found: There is no folder/);
    expect(await failure(write(id, null, out()))).toMatch(/^bad-input: .* has several attachments/);
    expect(await failure(write(id, 'other', out()))).toMatch(/^not-found: .* has no attachment called "other"/);
    writeFileSync(blobIn(home, sha256('{}')), '[]');
    const fresh = out();
    expect(await failure(write(id, 'report.json', fresh))).toMatch(/^verification-failed: .*damaged/);
    expect(existsSync(fresh)).toBe(false);
  });

  test('are refused before anything is recorded', async () => {
    mkdirSync(join(folder, 'twice'));
    writeFileSync(join(folder, 'twice', 'log.txt'), 'another');
    expect(await failure(attach('missing.txt'))).toMatch(/^not-found: There is no file/);
    expect(await failure(attach('twice'))).toMatch(/^bad-input: .* is not a file/);
    expect(await failure(attach('log.txt', 'twice/log.txt'))).toMatch(/^malformed: .*two of them are called "log\.txt"/);
    spawnSync('mkfifo', [file('pipe')]);
    expect(await failure(attach('pipe'))).toMatch(/^bad-input: .* is not a file/);
    expect((await archive.logs())[0]?.size).toBe(0);
    // What is wrong with the record is said before files are copied.
    expect(await failure(archive.importRecord('deployment', RELEASE, 'release.json', { paths: [file('log.txt')], work: quietWork }))).toMatch(/^malformed: /);
    expect(filesIn(join(home, 'blob'))).toEqual([]);
  });

  test('can be called off, which leaves no draft and no record', async () => {
    writeFileSync(file('large'), Buffer.alloc(8 * 1024 * 1024));
    const controller = new AbortController();
    const seen: number[] = [];
    const progress = ({ done }: { readonly done: number }): void => {
      seen.push(done);
      if (seen.length === 2) controller.abort(new Error('enough'));
    };
    await expect(archive.importRecord('release', RELEASE, 'release.json', { paths: [file('large')], work: { signal: controller.signal, progress } })).rejects.toThrow('enough');
    expect(seen.slice(0, 2)).toEqual([1024 * 1024, 2 * 1024 * 1024]);
    expect(filesIn(join(home, 'blob'))).toEqual([]);
    expect((await archive.logs())[0]?.size).toBe(0);
  });
});

test('attachments of an archive that an older version wrote are known', async () => {
  const { id } = await attach('log.txt', 'report.json');
  archive.close();
  const db = new Database(join(home, 'genesis.db'));
  db.exec('DROP TABLE attachment; DROP TABLE kept_blob; DROP TABLE keeping_act');
  const before = MIGRATIONS.findIndex((migration) => migration.includes('CREATE TABLE attachment'));
  // Whatever came after it is made again too.
  for (const later of MIGRATIONS.slice(before + 1)) for (const [, table] of later.matchAll(/CREATE (?:VIRTUAL )?TABLE (\w+)/g)) db.exec(`DROP TABLE IF EXISTS ${table ?? ''}`);
  db.pragma(`user_version = ${before}`);
  db.close();
  archive = await openTestArchive({ home });
  expect((await archive.attachments.states(id)).map(({ state }) => state)).toEqual(['here', 'here']);
  rmSync(blobIn(home, sha256('{}')));
  expect((await archive.verify(quietWork)).problems).toMatchObject([{ code: 'bytes-missing', place: `${id} report.json` }]);
  expect((await archive.sync(temporaryFolder(), quietWork)).attachments).toMatchObject({ pushed: 1 });
});

describe('files that lines name', () => {
  const append = (text: string) => importText(archive, text, 'a.jsonl', { folder, work: quietWork });

  test('are taken from the folder, each once', async () => {
    const appended = await append(lines({ record: drift(0), attachments: ['log.txt', 'empty'] }, drift(1), { record: drift(2), attachments: ['log.txt', { name: 'report.json', size: 2, sha256: sha256('{}') }] }));
    expect(appended).toHaveLength(3);
    expect((await archive.show('2')).entry.attachments.map(({ name, size }) => [name, size])).toEqual([['log.txt', 13], ['report.json', 2]]);
    expect(filesIn(join(home, 'blob'))).toHaveLength(3);
    expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'good', problems: [] });
  });

  test('may be named by their digest alone; then their bytes are missing', async () => {
    await append(lines({ record: drift(0), attachments: [{ name: 'elsewhere.bin', size: 7, sha256: 'b'.repeat(64) }, { name: 'huge.iso', size: 300 * 1024 ** 2, sha256: 'c'.repeat(64) }] }));
    expect((await archive.attachments.states('0')).map(({ state, said }) => [state, said])).toEqual([
      ['missing', 'Bytes missing: they were never received.'], ['never-had', 'Never had: it is larger than the 268435456 bytes that the policy takes in.'],
    ]);
    const found = await archive.verify(quietWork);
    expect(found).toMatchObject({ verdict: 'bad', problems: [{ code: 'bytes-missing', place: expect.stringContaining('#0 elsewhere.bin') as string }, { code: 'never-had' }] });
  });

  test.each<[what: string, named: unknown, says: RegExp]>([
    ['a path', '../log.txt', /a\.jsonl:2: .*cannot be the name of an attachment/],
    ['a folder below', 'sub/x', /a\.jsonl:2: .*cannot be the name of an attachment/],
    ['a path of Windows', 'sub\\x', /a\.jsonl:2: .*cannot be the name/],
    ['the folder itself', '..', /a\.jsonl:2: .*cannot be the name/],
    ['a control character', 'a\u0007', /a\.jsonl:2: .*cannot be the name/],
    ['a name that turns the text', 'a\u202etxt', /a\.jsonl:2: .*cannot be the name/],
    ['nothing', '', /a\.jsonl:2: .*cannot be the name/],
    ['a link', 'link', /a\.jsonl:2: .*is a link/],
    ['a folder', 'sub', /a\.jsonl:2: .*is not a file/],
    ['a file that is not there', 'no.txt', /a\.jsonl:2: There is no file .*no\.txt/],
    ['a number', 7, /a\.jsonl:2: attachments\.0: an attachment is the name of a file/],
    ['another digest than the file has', { name: 'log.txt', size: 13, sha256: 'a'.repeat(64) }, /a\.jsonl:2: .*has 13 bytes and the SHA-256 .*the line says another/],
  ])('are refused by %s, with the line, and nothing is recorded', async (_, named, says) => {
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'sub', 'x'), 'x');
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'secret'), 'secret');
    symlinkSync(join(elsewhere, 'secret'), join(folder, 'link'));
    expect(await failure(append(lines(drift(0), { record: drift(1), attachments: [named] })))).toMatch(says);
    expect((await archive.logs())[0]?.size).toBe(0);
  });

  test('need the folder', async () => {
    expect(await failure(importText(archive, lines({ record: drift(0), attachments: ['log.txt'] }), 'a.jsonl'))).toMatch(/a\.jsonl:1: attachments: it names the file "log\.txt", and no folder/);
    expect(await failure(append(lines({ record: drift(0), attachments: ['log.txt', 'log.txt'] })))).toMatch(/a\.jsonl:1: .*two of them are called/);
  });
});

describe('verification', () => {
  test.each<[what: string, spoil: (path: string) => void, code: string]>([
    ['a flipped bit', (path) => writeFileSync(path, 'what was sald'), 'attachment'],
    ['a byte too few', (path) => writeFileSync(path, 'what was sai'), 'attachment'],
    ['a file that is gone', (path) => rmSync(path), 'bytes-missing'],
    ['a link in its place', (path) => {
      const elsewhere = join(temporaryFolder(), 'same');
      writeFileSync(elsewhere, 'what was said');
      rmSync(path);
      symlinkSync(elsewhere, path);
    }, 'bytes-missing'],
  ])('finds %s', async (_, spoil, code) => {
    const { id } = await attach('log.txt', 'report.json');
    spoil(blobIn(home, sha256('what was said')));
    expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'bad', problems: [{ code, place: `${id} log.txt` }] });
    if (code === 'bytes-missing') expect((await archive.attachments.states(id))[0]).toMatchObject({ state: 'missing', said: expect.stringMatching(/^Bytes missing: they were here on 2026-.*, and are gone\.$/) as string });
  });

  test('says what lies there that no entry names, which makes nothing bad', async () => {
    await attach('log.txt');
    await archive.keep([file('report.json')], quietWork);
    expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'good', problems: [{ code: 'unnamed-attachment', place: `blob/sha256/${sha256('{}').slice(0, 2)}/${sha256('{}')}` }] });
  });

  test('finds an entry that says another size than its digest has', async () => {
    await attach('log.txt');
    await importText(archive, lines({ record: drift(0), attachments: [{ name: 'short', size: 3, sha256: sha256('what was said') }] }), 'a.jsonl');
    expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'bad', problems: [{ code: 'attachment', message: 'The entry says 3 bytes; the bytes of that digest are 13.' }] });
  });
});

describe('an export', () => {
  const exported = async (): Promise<string> => {
    const folder_ = join(temporaryFolder(), 'export');
    await archive.exportTo('tiles', folder_, quietWork);
    return folder_;
  };
  const outsider = (path: string): { status: number | null; said: string } => {
    const { status, stdout, stderr } = spawnSync('python3', [SCRIPT, 'export', path, '--vkey', archive.vkey], { encoding: 'utf8' });
    expect(stderr).not.toContain('Traceback');
    return { status, said: `${stdout}${stderr}` };
  };

  test('carries what is here, and both verifications count what is not', async () => {
    await attach('log.txt', 'report.json', 'empty');
    await importText(archive, lines({ record: drift(0), attachments: [{ name: 'elsewhere.bin', size: 7, sha256: 'b'.repeat(64) }] }), 'a.jsonl');
    const path = await exported();
    expect(readdirSync(join(path, 'blob', 'sha256')).sort()).toEqual([sha256('what was said'), sha256('{}'), sha256('')].sort());
    expect(await archive.verifyExport(path, [], quietWork)).toMatchObject({ verdict: 'good', problems: [{ code: 'bytes-missing', message: expect.stringContaining('The bytes of 1 attachment are not here') as string }] });
    expect(outsider(path)).toMatchObject({ status: 0, said: expect.stringContaining('good: 3 attachments; the bytes of 1 are not here') as string });
    rmSync(join(path, 'blob', 'sha256', sha256('{}')));
    expect(outsider(path)).toMatchObject({ status: 0, said: expect.stringContaining('good: 2 attachments; the bytes of 2 are not here') as string });
  });

  test.each<[what: string, spoil: (blobs: string) => void, code: string]>([
    ['a flipped bit', (blobs) => writeFileSync(join(blobs, sha256('what was said')), 'what was sald'), 'attachment'],
    ['bytes of nobody', (blobs) => writeFileSync(join(blobs, sha256('other')), 'other'), 'unknown-attachment'],
    ['another name', (blobs) => writeFileSync(join(blobs, 'readme.txt'), 'other'), 'unknown-file'],
    ['a folder that is not its own', (blobs) => {
      mkdirSync(join(blobs, 'ff'));
      writeFileSync(join(blobs, 'ff', sha256('what was said')), 'what was said');
    }, 'unknown-file'],
  ])('with %s is not good, here and for somebody without this program', async (_, spoil, code) => {
    await attach('log.txt');
    const path = await exported();
    spoil(join(path, 'blob', 'sha256'));
    expect(await archive.verifyExport(path, [], quietWork)).toMatchObject({ verdict: 'bad', problems: [{ code }] });
    expect(outsider(path).status).toBe(1);
  });

  test('is not made with bytes that are damaged', async () => {
    await attach('log.txt');
    writeFileSync(blobIn(home, sha256('what was said')), 'what was sald');
    expect(await failure(exported())).toMatch(/^verification-failed: .*damaged, so nothing is exported/);
  });
});
