import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArchivePort } from '../../src/core/service/archive-port.ts';
import { openArchive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { drift, everything, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';

const drifts = (from: number, count: number) => Array.from({ length: count }, (_, at) => drift(from + at));

describe('sync through a folder', { timeout: 60_000 }, () => {
  it('publishes what is new and takes in what others published', async () => {
    const told: number[] = [];
    const [ours, theirs] = [await openTestArchive(), await openTestArchive({ onChanged: (entries) => told.push(entries) })];
    const shared = join(temporaryFolder(), 'made');
    await ours.appendRecords(drifts(0, 300));
    expect(await ours.sync(shared, quietWork)).toEqual({ url: shared, pushed: [{ origin: ours.origin, entries: 300 }], pulled: [], problems: [] });
    expect(await theirs.sync(pathToFileURL(shared).href, quietWork)).toEqual({ url: shared, pushed: [], pulled: [{ origin: ours.origin, entries: 300 }], problems: [] });
    expect(told).toEqual([300]);
    await ours.appendRecords(drifts(300, 500));
    expect((await ours.sync(shared, quietWork)).pushed).toEqual([{ origin: ours.origin, entries: 500 }]);
    expect((await theirs.sync(shared, quietWork)).pulled).toEqual([{ origin: ours.origin, entries: 500 }]);
    expect(await ours.sync(shared, quietWork)).toMatchObject({ pushed: [], pulled: [], problems: [] });
    expect((await theirs.list({ ...everything, limit: 1 })).entries[0]).toMatchObject({ origin: ours.origin, seq: 799 });
    expect(await theirs.verify(quietWork)).toMatchObject({ verdict: 'good', entries: 800 });
    expect(await theirs.verifyExport(shared, [], quietWork)).toMatchObject({ verdict: 'good', entries: 800, problems: [] });
    expect((await theirs.logs())[1]).toMatchObject({ origin: ours.origin, own: false, size: 800, vkey: ours.vkey, state: 'good' });
  });

  it('carries the logs of others on, and fills in what is gone', async () => {
    const [ours, carrier, last] = [await openTestArchive(), await openTestArchive(), await openTestArchive()];
    const [here, there] = [temporaryFolder(), temporaryFolder()];
    await ours.appendRecords(drifts(0, 3));
    await ours.sync(here, quietWork);
    await carrier.sync(here, quietWork);
    expect((await carrier.sync(there, quietWork)).pushed).toContainEqual({ origin: ours.origin, entries: 3 });
    rmSync(join(there, ours.origin, 'tile'), { recursive: true });
    await carrier.sync(there, quietWork);
    expect((await last.sync(there, quietWork)).pulled).toContainEqual({ origin: ours.origin, entries: 3 });
  });

  it('leaves a draft in sight of whoever verifies the folder, and says what it is', async () => {
    const archive = await openTestArchive();
    const shared = temporaryFolder();
    await archive.appendRecords(drifts(0, 3));
    await archive.sync(shared, quietWork);
    const draft = `${archive.origin}/.00112233aabb.draft`;
    writeFileSync(join(shared, draft), 'half a ti');
    expect(await archive.verifyExport(shared, [], quietWork)).toMatchObject({
      verdict: 'bad', problems: [{ code: 'unknown-file', place: draft, message: expect.stringContaining('draft of a publication') }],
    });
  });

  it('is not with whatever else has an address, and makes a folder only where its parent is', async () => {
    const archive = await openTestArchive();
    for (const url of ['https://a/b', 'http://a/b', 'git://a/b', 'mysql://a/b', 'file://elsewhere/a']) {
      await expect(archive.sync(url, quietWork), url).rejects.toMatchObject({ code: 'bad-input' });
    }
    await expect(archive.sync(join(temporaryFolder(), 'a', 'b'), quietWork)).rejects.toMatchObject({ code: 'not-found' });
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    await expect(archive.sync(file, quietWork)).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('brings 2 or 3 consoles to the same archive, in whatever order and through whichever folders', async () => {
    await fc.assert(fc.asyncProperty(
      fc.integer({ min: 2, max: 3 }), fc.array(fc.tuple(fc.nat(2), fc.nat(1), fc.nat(3)), { minLength: 1, maxLength: 12 }),
      async (count, steps) => {
        const consoles = await Promise.all(Array.from({ length: count }, () => openTestArchive()));
        const folders = [temporaryFolder(), temporaryFolder()];
        const sync = async (console: ArchivePort, folder: string): Promise<void> => {
          expect((await console.sync(folder, quietWork)).problems).toEqual([]);
        };
        for (const [who, where, appends] of steps) {
          const console = consoles[who % count] as ArchivePort;
          await console.appendRecords(drifts(0, appends * 90));
          await sync(console, folders[where] as string);
        }
        for (let round = 0; round < 2; round += 1) for (const folder of folders) for (const console of consoles) await sync(console, folder);
        const states = await Promise.all(consoles.map(async (console) => (await console.logs()).map(({ origin, size, root }) => `${origin} ${size} ${root}`).sort()));
        for (const state of states) expect(state).toEqual(states[0]);
        expect(states[0]).toHaveLength(count);
        for (const console of consoles) expect((await console.verify(quietWork)).verdict).toBe('good');
        for (const folder of folders) expect((await (consoles[0] as ArchivePort).verifyExport(folder, [], quietWork)).verdict).toBe('good');
      },
    ), { numRuns: 12 });
  }, 120_000);
});

describe('a history that does not continue', { timeout: 60_000 }, () => {
  it.each([[5, 9, 9], [9, 5, 5], [7, 7, 5], [300, 600, 259]])('is quarantined: %i entries seen, then %i that differ from the entry %i on', async (seen, shown, first) => {
    const { watcher, twin, shared, origin } = await forkedLog(seen, shown, Math.min(first, seen - 1, shown - 1));
    const before = (await watcher.logs()).find((log) => log.origin === origin);
    const { pulled, problems } = await watcher.sync(shared, quietWork);
    expect(pulled).toEqual([]);
    expect(problems).toMatchObject([{ origin, code: 'fork', message: expect.stringContaining(`${origin}#${Math.min(first, seen - 1, shown - 1)}`) }]);
    const log = (await watcher.logs()).find((candidate) => candidate.origin === origin);
    expect(log).toEqual({ ...before, state: 'quarantined', problem: problems[0]?.message });
    // It stays so: neither taken in, nor published over what stands there.
    const there = readFileSync(join(shared, origin, 'checkpoint'), 'utf8');
    await twin.appendRecords(drifts(0, 1));
    await twin.sync(shared, quietWork).catch(() => undefined);
    expect((await watcher.sync(shared, quietWork)).problems).toMatchObject([{ code: 'fork' }]);
    expect(readFileSync(join(shared, origin, 'checkpoint'), 'utf8').split('\n')[0]).toBe(there.split('\n')[0]);
    expect(await watcher.verify(quietWork)).toMatchObject({ verdict: 'bad', problems: [{ code: 'fork' }] });
  });

  it('keeps both checkpoints', async () => {
    const { watcherHome, watcher, shared, origin } = await forkedLog(5, 6, 2);
    const seen = await checkpointIn(watcherHome, origin);
    await watcher.sync(shared, quietWork);
    const db = new Database(join(watcherHome, 'genesis.db'), { readonly: true });
    const fork = db.prepare('SELECT seq, seen, other FROM fork').get() as { seq: number; seen: Buffer; other: Buffer };
    db.close();
    expect(fork.seq).toBe(2);
    expect(fork.seen).toEqual(seen);
    expect(fork.other).toEqual(readFileSync(join(shared, origin, 'checkpoint')));
  });

  it('of this console itself is said and not published over', async () => {
    const home = temporaryFolder();
    const ours = await openArchive({ home, now: () => new Date(), boot: 'b' });
    const shared = temporaryFolder();
    await ours.appendRecords(drifts(0, 3));
    const backup = temporaryFolder();
    ours.close();
    cpSync(home, backup, { recursive: true });
    const running = await openTestArchive({ home });
    await running.appendRecords(drifts(3, 2));
    await running.sync(shared, quietWork);
    const there = readFileSync(join(shared, running.origin, 'checkpoint'));
    const restored = await openTestArchive({ home: backup });
    expect(await restored.sync(shared, quietWork)).toMatchObject({ pushed: [], problems: [{ origin: running.origin, code: 'own-log-forked', message: expect.stringContaining('backup') }] });
    await restored.appendRecords(drifts(10, 4));
    expect((await restored.sync(shared, quietWork)).problems).toMatchObject([{ code: 'own-log-forked', message: expect.stringContaining(`${running.origin}#3`) }]);
    expect(readFileSync(join(shared, running.origin, 'checkpoint'))).toEqual(there);
  });

  it('in a folder put back to an older state is told and published again', async () => {
    const [ours, watcher] = [await openTestArchive(), await openTestArchive()];
    const shared = temporaryFolder();
    await ours.appendRecords(drifts(0, 4));
    await ours.sync(shared, quietWork);
    const older = temporaryFolder();
    cpSync(shared, older, { recursive: true });
    await ours.appendRecords(drifts(4, 3));
    await ours.sync(shared, quietWork);
    await watcher.sync(shared, quietWork);
    rmSync(shared, { recursive: true });
    cpSync(older, shared, { recursive: true });
    expect(await watcher.sync(shared, quietWork)).toMatchObject({ pushed: [{ origin: ours.origin, entries: 3 }], problems: [{ origin: ours.origin, code: 'rewound' }] });
    expect(await ours.sync(shared, quietWork)).toMatchObject({ problems: [] });
  });
});

describe('a hostile folder', { timeout: 60_000 }, () => {
  const spoilings: [string, string, (log: string, elsewhere: string) => void][] = [
    ['a linked checkpoint', 'refused', (log, elsewhere) => {
      cpSync(join(log, 'checkpoint'), join(elsewhere, 'c'));
      rmSync(join(log, 'checkpoint'));
      symlinkSync(join(elsewhere, 'c'), join(log, 'checkpoint'));
    }],
    ['a linked folder', 'refused', (log, elsewhere) => {
      cpSync(join(log, 'tile'), join(elsewhere, 't'), { recursive: true });
      rmSync(join(log, 'tile'), { recursive: true });
      symlinkSync(join(elsewhere, 't'), join(log, 'tile'));
    }],
    ['a huge checkpoint', 'refused', (log) => writeFileSync(join(log, 'checkpoint'), Buffer.alloc(1024 * 1024))],
    ['a checkpoint that is a folder', 'refused', (log) => {
      rmSync(join(log, 'checkpoint'));
      mkdirSync(join(log, 'checkpoint'));
    }],
    ['no vkey', 'damaged', (log) => rmSync(join(log, 'vkey'))],
    ['a spoilt vkey', 'damaged', (log) => writeFileSync(join(log, 'vkey'), 'x+y+z\n')],
    ['a spoilt checkpoint', 'damaged', (log) => writeFileSync(join(log, 'checkpoint'), readFileSync(join(log, 'checkpoint'), 'utf8').replace('\n3\n', '\n2\n'))],
    ['no entries', 'damaged', (log) => rmSync(join(log, 'tile', 'entries'), { recursive: true })],
    ['spoilt entries', 'damaged', (log) => {
      const path = join(log, 'tile', 'entries', '000.p', '3');
      writeFileSync(path, readFileSync(path, 'latin1').replace('"at":1', '"at":7'), 'latin1');
    }],
    ['cut entries', 'damaged', (log) => {
      const path = join(log, 'tile', 'entries', '000.p', '3');
      writeFileSync(path, readFileSync(path).subarray(0, -1));
    }],
  ];

  it.skipIf(process.platform === 'win32').each(spoilings)('with %s is refused, and other logs still come', async (_, code, spoil) => {
    const [bad, good, reader] = [await openTestArchive(), await openTestArchive(), await openTestArchive()];
    const shared = temporaryFolder();
    for (const archive of [bad, good]) {
      await archive.appendRecords(drifts(0, 3));
      await archive.sync(shared, quietWork);
    }
    spoil(join(shared, bad.origin), temporaryFolder());
    const { pulled, problems } = await reader.sync(shared, quietWork);
    expect(pulled).toEqual([{ origin: good.origin, entries: 3 }]);
    expect(problems.map((problem) => problem.code)).toContain(code);
    expect((await reader.logs()).map(({ origin }) => origin).sort()).toEqual([reader.origin, good.origin].sort());
  });

  it('with odd names beside the logs is read all the same', async () => {
    const [ours, reader] = [await openTestArchive(), await openTestArchive()];
    const shared = temporaryFolder();
    await ours.appendRecords(drifts(0, 2));
    await ours.sync(shared, quietWork);
    for (const path of ['System Volume Information/x', 'UPPER/checkpoint', 'a..b/checkpoint', '.../vkey', 'x/tile/0/000', 'photo.jpg', 'checkpoint']) {
      mkdirSync(join(shared, path, '..'), { recursive: true });
      writeFileSync(join(shared, path), 'x');
    }
    const { pulled } = await reader.sync(shared, quietWork);
    expect(pulled).toEqual([{ origin: ours.origin, entries: 2 }]);
  });

  it.skipIf(process.platform === 'win32')('cannot have this console write elsewhere', async () => {
    const archive = await openTestArchive({ origin: 'example.com/a' });
    await archive.appendRecords(drifts(0, 2));
    const [shared, elsewhere] = [temporaryFolder(), temporaryFolder()];
    symlinkSync(elsewhere, join(shared, 'example.com'));
    expect((await archive.sync(shared, quietWork)).problems.map(({ code }) => code)).toContain('refused');
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('with another key under a known origin changes nothing', async () => {
    const [ours, impostor, reader] = [await openTestArchive({ origin: 'example.com/a' }), await openTestArchive({ origin: 'example.com/a' }), await openTestArchive()];
    const [shared, forged] = [temporaryFolder(), temporaryFolder()];
    await ours.appendRecords(drifts(0, 2));
    await ours.sync(shared, quietWork);
    await reader.sync(shared, quietWork);
    await impostor.appendRecords(drifts(5, 9));
    await impostor.sync(forged, quietWork);
    expect(await reader.sync(forged, quietWork)).toMatchObject({ pulled: [], problems: [{ origin: 'example.com/a', code: 'key-changed' }] });
    expect((await ours.sync(forged, quietWork)).problems).toMatchObject([{ code: 'own-log-forked' }]);
  });

  it('with a damaged head of this console\'s log gets it published again', async () => {
    const ours = await openTestArchive();
    const shared = temporaryFolder();
    await ours.appendRecords(drifts(0, 2));
    await ours.sync(shared, quietWork);
    writeFileSync(join(shared, ours.origin, 'checkpoint'), '');
    expect((await ours.sync(shared, quietWork)).problems).toContainEqual(expect.objectContaining({ code: 'damaged' }));
    expect((await ours.verifyExport(shared, [], quietWork)).verdict).toBe('good');
  });
});

/** A log that a watcher saw at one size and that its owner shows with another history: one key, two data folders. */
async function forkedLog(seen: number, shown: number, first: number) {
  const [home, twinHome, watcherHome] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  const [before, shared] = [temporaryFolder(), temporaryFolder()];
  const start = await openArchive({ home, now: () => new Date(0), boot: 'b' });
  await start.appendRecords(drifts(0, first));
  start.close();
  cpSync(home, twinHome, { recursive: true });
  const ours = await openTestArchive({ home });
  await ours.appendRecords(drifts(first, seen - first));
  await ours.sync(before, quietWork);
  const watcher = await openTestArchive({ home: watcherHome });
  await watcher.sync(before, quietWork);
  const twin = await openTestArchive({ home: twinHome });
  await twin.appendRecords(drifts(1_000_000, shown - first));
  await twin.sync(shared, quietWork);
  return { watcher, watcherHome, twin, shared, origin: ours.origin };
}

async function checkpointIn(home: string, origin: string): Promise<Buffer> {
  const db = new Database(join(home, 'genesis.db'), { readonly: true });
  const checkpoint = db.prepare('SELECT checkpoint FROM log WHERE origin = ?').pluck().get(origin) as Buffer;
  db.close();
  return checkpoint;
}
