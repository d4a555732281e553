import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { folderAttachments } from '../../src/main/adapters/shared/folder-attachments.ts';
import type { Archive, OpenArchiveOptions } from '../../src/main/adapters/sqlite/open-archive.ts';
import { drift, importText, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';

const MIB = 1024 * 1024;
const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
const blobIn = (place: string, digest: string): string => join(place, 'blob', 'sha256', digest.slice(0, 2), digest);
const TEXT = 'what was said';
const DIGEST = sha256(TEXT);
const LARGE = Buffer.alloc(5 * MIB, 'largely the same, ');

let shared: string;
let homes: string[];
let ours: Archive;
let theirs: Archive;
beforeEach(async () => {
  shared = temporaryFolder();
  homes = [temporaryFolder(), temporaryFolder()];
  [ours, theirs] = [await openTestArchive({ home: homes[0] as string }), await openTestArchive({ home: homes[1] as string })];
});

const attach = async (archive: Archive, name: string, bytes: string | Buffer): Promise<string> => {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return (await archive.append([{ record: drift(0), attachments: await archive.keep([path], quietWork) }]))[0]?.id ?? '';
};
const sync = (archive: Archive, to = shared) => archive.sync(to, quietWork);
const stateOf = async (archive: Archive, id: string): Promise<string | undefined> => (await archive.attachments.states(id))[0]?.state;
const none = { pulled: 0, pulledBytes: 0, pushed: 0, pushedBytes: 0, erased: 0, neverHad: 0 };
const rules = (taken: number, published: number, more: Partial<OpenArchiveOptions> = {}): Partial<OpenArchiveOptions> => ({ ...more, rules: { limits: () => Promise.resolve({ taken, published }), mayErase: () => Promise.resolve(false) } });

describe('attachments in a sync', () => {
  test('go with the logs that name them, and are carried on by others', async () => {
    const id = await attach(ours, 'said.txt', TEXT);
    const large = await attach(ours, 'large.bin', LARGE);
    expect(await sync(ours)).toMatchObject({ problems: [], attachments: { ...none, pushed: 2, pushedBytes: TEXT.length + LARGE.length } });
    expect(await sync(theirs)).toMatchObject({ problems: [], attachments: { ...none, pulled: 2, pulledBytes: TEXT.length + LARGE.length } });
    expect(await stateOf(theirs, id)).toBe('here');
    expect(await stateOf(theirs, large)).toBe('here');
    expect(readFileSync(blobIn(homes[1] as string, DIGEST), 'utf8')).toBe(TEXT);
    expect((await theirs.verify(quietWork)).verdict).toBe('good');
    // Nothing is left to exchange.
    expect((await sync(ours)).attachments).toBeUndefined();
    // By another way, and from whoever has it.
    const stick = temporaryFolder();
    const last = await openTestArchive();
    await sync(theirs, stick);
    await sync(last, stick);
    expect(await stateOf(last, id)).toBe('here');
    expect(await last.verifyExport(shared, [], quietWork)).toMatchObject({ verdict: 'good', problems: [] });
  });

  test('tell how far they are, and can be called off and gone on with', async () => {
    await attach(ours, 'large.bin', LARGE);
    await sync(ours);
    const controller = new AbortController();
    const told: number[] = [];
    await expect(theirs.sync(shared, { signal: controller.signal, progress: ({ label, done, total, unit }) => {
      if (label !== 'Fetching') return;
      expect([total, unit]).toEqual([LARGE.length, 'bytes']);
      told.push(done);
      if (done >= 2 * MIB) controller.abort(new Error('enough'));
    } })).rejects.toThrow('enough');
    const digest = sha256(LARGE);
    const parts = readdirSync(join(homes[1] as string, 'blob', 'sha256', digest.slice(0, 2)));
    expect(parts).toEqual([`${digest}.${process.pid}.part`]);
    const again: number[] = [];
    const result = await theirs.sync(shared, { ...quietWork, progress: ({ label, done }) => void (label === 'Fetching' && again.push(done)) });
    expect(result).toMatchObject({ problems: [], attachments: { pulled: 1 } });
    // It went on where it had stopped, not from the beginning.
    expect(again[0]).toBeGreaterThanOrEqual(MIB);
    expect(again.at(-1)).toBe(LARGE.length);
    expect(readdirSync(join(homes[1] as string, 'blob', 'sha256', digest.slice(0, 2)))).toEqual([digest]);
  });

  test('go on with what a process left that was killed', async () => {
    await attach(ours, 'large.bin', LARGE);
    await sync(ours);
    const digest = sha256(LARGE);
    const folder = join(homes[1] as string, 'blob', 'sha256', digest.slice(0, 2));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${digest}.4194304.part`), LARGE.subarray(0, 4 * MIB));
    const told: number[] = [];
    await theirs.sync(shared, { ...quietWork, progress: ({ label, done }) => void (label === 'Fetching' && told.push(done)) });
    expect(told[0]).toBe(4 * MIB);
    expect(readFileSync(join(folder, digest)).equals(LARGE)).toBe(true);
    expect(readdirSync(folder)).toEqual([digest]);
  });

  test.each([['other bytes', Buffer.alloc(2 * MIB, 'x')], ['more than there is', Buffer.alloc(6 * MIB, 'x')]])('begin anew where what was left is wrong: %s', async (_, left) => {
    const id = await attach(ours, 'large.bin', LARGE);
    await sync(ours);
    const digest = sha256(LARGE);
    const folder = join(homes[1] as string, 'blob', 'sha256', digest.slice(0, 2));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${digest}.4194304.part`), left);
    expect((await sync(theirs)).problems).toEqual([]);
    expect(await stateOf(theirs, id)).toBe('here');
  });

  test('are left there where they are larger than the policy takes, and come when they are asked for', async () => {
    const small = await openTestArchive(rules(MIB, 10 * MIB));
    const id = await attach(ours, 'large.bin', LARGE);
    await sync(ours);
    expect(await sync(small)).toMatchObject({ problems: [], attachments: { ...none, neverHad: 1 } });
    expect((await small.attachments.states(id))[0]).toMatchObject({ state: 'never-had', said: expect.stringContaining(`larger than the ${MIB} bytes`) as string });
    expect(await small.verify(quietWork)).toMatchObject({ verdict: 'good', problems: [{ code: 'never-had' }] });
    const out = join(temporaryFolder(), 'out');
    await expect(small.attachments.writeOut({ id, name: null, out, from: null }, quietWork)).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('Never had') as string });
    expect(await small.attachments.writeOut({ id, name: null, out, from: shared }, quietWork)).toMatchObject({ fetched: true, size: LARGE.length });
    expect(readFileSync(out).equals(LARGE)).toBe(true);
    expect(await stateOf(small, id)).toBe('here');
    await expect(theirs.attachments.writeOut({ id: '0', name: null, out, from: shared }, quietWork)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('are not published where they are larger than the policy publishes', async () => {
    const small = await openTestArchive(rules(10 * MIB, MIB));
    await attach(small, 'large.bin', LARGE);
    expect((await sync(small)).attachments).toBeUndefined();
    expect(existsSync(blobIn(shared, sha256(LARGE)))).toBe(false);
  });

  test('are in nobody’s way where a console knows nothing of them', async () => {
    const id = await attach(ours, 'said.txt', TEXT);
    await sync(ours);
    // What an older version published: the logs alone.
    const older = temporaryFolder();
    cpSync(join(shared, ours.origin.split('/')[0] ?? ''), join(older, ours.origin.split('/')[0] ?? ''), { recursive: true });
    expect((await sync(theirs, older)).problems).toEqual([]);
    expect(await theirs.attachments.states(id)).toMatchObject([{ state: 'missing', said: 'Bytes missing: they were never received.' }]);
    expect((await theirs.verify(quietWork)).problems).toMatchObject([{ code: 'bytes-missing' }]);
    expect((await sync(theirs)).attachments).toMatchObject({ pulled: 1 });
    expect((await theirs.verify(quietWork)).verdict).toBe('good');
  });

  test('are taken in once by two syncs at once, and neither is stopped', async () => {
    const id = await attach(ours, 'large.bin', LARGE);
    const stick = temporaryFolder();
    for (const place of [shared, stick]) await sync(ours, place);
    await sync(theirs, temporaryFolder());
    const results = await Promise.all([sync(theirs, shared), sync(theirs, stick)]);
    expect(results.reduce((sum, { attachments }) => sum + (attachments?.pulled ?? 0), 0)).toBeGreaterThanOrEqual(1);
    expect(results.flatMap(({ problems }) => problems).filter(({ code }) => code !== 'busy')).toEqual([]);
    expect(await stateOf(theirs, id)).toBe('here');
    expect((await theirs.verify(quietWork)).verdict).toBe('good');
  });

  test('that are gone here are had back', async () => {
    const id = await attach(ours, 'said.txt', TEXT);
    await sync(ours);
    rmSync(blobIn(homes[0] as string, DIGEST));
    expect(await stateOf(ours, id)).toBe('missing');
    expect((await sync(ours)).attachments).toMatchObject({ pulled: 1 });
    expect(await stateOf(ours, id)).toBe('here');
  });

  test('that are damaged here are not handed on', async () => {
    await attach(ours, 'said.txt', TEXT);
    writeFileSync(blobIn(homes[0] as string, DIGEST), 'what was sald');
    expect((await sync(ours)).problems).toMatchObject([{ origin: ours.origin, code: 'damaged', message: expect.stringContaining('"said.txt"') as string }]);
    expect(existsSync(blobIn(shared, DIGEST))).toBe(false);
  });

  test.each([['cut', (bytes: Buffer) => bytes.subarray(0, 5)], ['empty', () => Buffer.alloc(0)], ['zeros', (bytes: Buffer) => Buffer.alloc(bytes.length)], ['longer', (bytes: Buffer) => Buffer.concat([bytes, bytes])]])(
    'that are %s there are put there anew by whoever has them, where what lies there is read back', async (how, spoil) => {
      const id = await attach(ours, 'said.txt', TEXT);
      await sync(ours);
      writeFileSync(blobIn(shared, DIGEST), spoil(Buffer.from(TEXT)));
      // Of what goes on after its end, the beginning is taken.
      expect((await sync(theirs)).problems.map(({ code }) => code)).toEqual(how === 'longer' ? [] : ['damaged']);
      expect((await ours.sync(shared, quietWork, { check: true, direction: 'pull' })).problems).toEqual([]);
      expect((await ours.sync(shared, quietWork, { check: true })).problems).toMatchObject([{ code: 'damaged', message: expect.stringContaining('published again') as string }]);
      expect(await ours.sync(shared, quietWork, { check: true })).toMatchObject({ problems: [] });
      expect((await sync(theirs)).problems).toEqual([]);
      expect(await stateOf(theirs, id)).toBe('here');
      // Nobody replaces it by what is no better.
      writeFileSync(blobIn(shared, DIGEST), spoil(Buffer.from(TEXT)));
      writeFileSync(blobIn(homes[0] as string, DIGEST), Buffer.alloc(TEXT.length));
      await ours.sync(shared, quietWork, { check: true });
      expect(readFileSync(blobIn(shared, DIGEST))).toEqual(spoil(Buffer.from(TEXT)));
    });

  test('whose size an entry gives wrong come by the entry that gives it right', async () => {
    await importText(ours, JSON.stringify({ record: drift(0), attachments: [{ name: 'short', size: 3, sha256: DIGEST }] }), 'a.jsonl');
    const id = await attach(ours, 'said.txt', TEXT);
    await sync(ours);
    expect((await sync(theirs)).problems).toMatchObject([{ code: 'damaged', message: expect.stringContaining('"short"') as string }]);
    expect(await stateOf(theirs, id)).toBe('here');
  });
});

describe('a hostile or broken shared folder', () => {
  const spoilings: [what: string, code: string, spoil: (path: string) => void][] = [
    ['a flipped bit', 'damaged', (path) => writeFileSync(path, 'what was sald')],
    ['too few bytes', 'damaged', (path) => truncateSync(path, 4)],
    ['a link', 'refused', (path) => {
      const elsewhere = join(temporaryFolder(), 'same');
      writeFileSync(elsewhere, TEXT);
      rmSync(path);
      symlinkSync(elsewhere, path);
    }],
    ['a linked folder', 'refused', (path) => {
      const elsewhere = temporaryFolder();
      cpSync(join(path, '..'), elsewhere, { recursive: true });
      rmSync(join(path, '..'), { recursive: true });
      symlinkSync(elsewhere, join(path, '..'));
    }],
  ];
  test.each(spoilings)('with %s gives nothing that is kept, and says so once', async (_, code, spoil) => {
    const [id, other] = [await attach(ours, 'said.txt', TEXT), await attach(ours, 'other.txt', 'and another')];
    await sync(ours);
    spoil(blobIn(shared, DIGEST));
    for (let round = 0; round < 2; round += 1) {
      const result = await sync(theirs);
      expect(result.problems).toMatchObject([{ code, message: expect.stringMatching(/attachment|Attachment/) as string }]);
    }
    expect(await stateOf(theirs, id)).toBe('missing');
    // The other one came, and nothing is left of this one.
    expect(await stateOf(theirs, other)).toBe('here');
    expect(readdirSync(join(homes[1] as string, 'blob', 'sha256'), { recursive: true }).filter((name) => String(name).length > 2)).toEqual([expect.stringContaining(sha256('and another'))]);
  });

  test('with far more bytes than the entry says is read no further', async () => {
    const id = await attach(ours, 'said.txt', TEXT);
    await sync(ours);
    appendFileSync(blobIn(shared, DIGEST), Buffer.alloc(64 * MIB));
    let read = 0;
    const result = await theirs.sync(shared, { ...quietWork, progress: ({ label, done }) => void (label === 'Fetching' && (read = Math.max(read, done))) });
    // What the digest is of stands at the beginning.
    expect(result.problems).toEqual([]);
    expect(read).toBe(TEXT.length);
    expect(await stateOf(theirs, id)).toBe('here');
  });

  test('cannot have this console write elsewhere', async () => {
    await attach(ours, 'said.txt', TEXT);
    const elsewhere = temporaryFolder();
    symlinkSync(elsewhere, join(shared, 'blob'));
    await attach(ours, 'other.txt', 'and another');
    expect((await sync(ours)).problems).toMatchObject([{ origin: 'blob', code: 'refused' }, { origin: ours.origin, code: 'refused', message: expect.stringMatching(/^Attachments: /) as string }]);
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

const bytesOf = (bytes: string | Buffer) => async function* (from: number): AsyncGenerator<Buffer> {
  const all = Buffer.from(bytes);
  for (let at = from; at < all.length; at += MIB) yield all.subarray(at, at + MIB);
};

describe('the folder’s side', () => {
  const partOf = (digest: string): string[] => readdirSync(join(shared, 'blob', 'sha256', digest.slice(0, 2))).filter((name) => name.endsWith('.part'));

  test('goes on with what was stopped, and reads back what it wrote', async () => {
    const place = folderAttachments(shared);
    const digest = sha256(LARGE);
    const stopped = async function* (from: number): AsyncGenerator<Buffer> {
      yield LARGE.subarray(from, from + 2 * MIB);
      throw new Error('the stick was pulled out');
    };
    await expect(place.write(digest, LARGE.length, stopped)).rejects.toThrow('pulled out');
    expect(partOf(digest)).toHaveLength(1);
    expect((await ours.verifyExport(shared, [], quietWork)).problems).toContainEqual(expect.objectContaining({ code: 'unknown-file', message: expect.stringContaining('draft of a publication') as string }));
    expect([...(await place.have([digest]))]).toEqual([]);
    const from: number[] = [];
    await place.write(digest, LARGE.length, (at) => (from.push(at), bytesOf(LARGE)(at)));
    expect(from).toEqual([2 * MIB]);
    expect([...(await place.have([digest, DIGEST]))]).toEqual([digest]);
    expect(partOf(digest)).toEqual([]);
    expect(readFileSync(blobIn(shared, digest)).equals(LARGE)).toBe(true);
    // One that lies there whole is not asked for again.
    await place.write(digest, LARGE.length, () => {
      throw new Error('asked for');
    });
  });

  test('begins anew over a part that is torn, and gives up where what comes is wrong', async () => {
    const place = folderAttachments(shared);
    const digest = sha256(LARGE);
    await expect(place.write(digest, LARGE.length, async function* (from) {
      yield Buffer.alloc(MIB + from, 'torn');
      throw new Error('stopped');
    })).rejects.toThrow('stopped');
    await place.write(digest, LARGE.length, bytesOf(LARGE));
    expect(readFileSync(blobIn(shared, digest)).equals(LARGE)).toBe(true);
    await expect(place.write(DIGEST, TEXT.length, bytesOf('what was sald'))).rejects.toMatchObject({ code: 'environment' });
    expect(readdirSync(join(shared, 'blob', 'sha256', DIGEST.slice(0, 2)))).toEqual([]);
  });

  test('removes what it is asked to, parts too, and has no opinion where there is nothing', async () => {
    const place = folderAttachments(shared);
    expect(await place.remove(DIGEST)).toBe(true);
    await place.write(DIGEST, TEXT.length, bytesOf(TEXT));
    writeFileSync(`${blobIn(shared, DIGEST)}.0011aabb.part`, 'what');
    expect(await place.remove(DIGEST)).toBe(true);
    expect(readdirSync(join(shared, 'blob', 'sha256', DIGEST.slice(0, 2)))).toEqual([]);
    expect(await place.read(DIGEST, 0)).toBeNull();
  });
});
