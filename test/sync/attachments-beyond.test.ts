import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { SharedArchive } from '../../src/core/sync/shared-archive.ts';
import { openShared } from '../../src/main/adapters/shared/open-shared.ts';
import { quietWork, temporaryFolder } from '../archive/archives.ts';
import { bareRepository, SshServer } from '../support/git-remotes.ts';
import { PostgresCluster } from '../support/postgres-cluster.ts';

const opened: SharedArchive[] = [];
let cluster: PostgresCluster;
beforeAll(async () => {
  cluster = await PostgresCluster.start();
  await cluster.sql('postgres', 'CREATE ROLE countersign_writer NOLOGIN; CREATE ROLE ada LOGIN IN ROLE countersign_writer; CREATE ROLE eve LOGIN IN ROLE countersign_writer');
}, 60_000);
afterAll(() => cluster.stop());
afterEach(async () => {
  for (const shared of opened.splice(0)) await shared.close();
});

const open = async (url: string, home = temporaryFolder()): Promise<SharedArchive> => {
  const shared = await openShared(url, { ...quietWork, home });
  opened.push(shared);
  return shared;
};
const named = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
/** Bytes from an offset on, in pieces that fit no chunk. */
const from = (bytes: Buffer, log: number[] = []) => async function* (at: number): AsyncGenerator<Buffer> {
  log.push(at);
  for (let start = at; start < bytes.length; start += 700_001) yield bytes.subarray(start, start + 700_001);
};
const whole = async (stream: AsyncIterable<Buffer> | null): Promise<Buffer | null> => {
  if (stream === null) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const places = {
  'a git remote': async () => bareRepository(temporaryFolder()).url,
  'a git remote of SHA-256 names': async () => bareRepository(temporaryFolder(), '--object-format=sha256').url,
  'a database': async () => {
    const database = await cluster.database();
    await open(cluster.url(database));
    return cluster.url(database, 'ada');
  },
};

describe.each(Object.entries(places))('attachments in %s', { timeout: 60_000 }, (_, make) => {
  it.each([0, 1024 * 1024, 9_500_000])('of %i bytes are put there and read from anywhere', async (size) => {
    const url = await make();
    const bytes = randomBytes(size);
    const sha256 = named(bytes);
    const [ours, theirs] = [await open(url), await open(url)];
    expect(await whole(await theirs.attachments.read(sha256, 0))).toBeNull();
    expect(await ours.attachments.have([sha256, '0'.repeat(64)])).toEqual(new Set());
    await ours.attachments.write(sha256, size, from(bytes));
    await theirs.attachments.write(sha256, size, from(bytes));
    expect(await theirs.attachments.have([sha256, '0'.repeat(64)])).toEqual(new Set([sha256]));
    for (const at of [0, 1, 1024 * 1024 - 1, 1024 * 1024, 5_000_000].filter((one) => one <= size)) expect((await whole(await theirs.attachments.read(sha256, at)))?.equals(bytes.subarray(at)), `from ${at}`).toBe(true);
  });

  it('that are not what their name says are not taken', async () => {
    const shared = await open(await make());
    const bytes = randomBytes(3_000_000);
    for (const [sha256, size] of [['0'.repeat(64), bytes.length], [named(bytes), bytes.length - 1], [named(bytes), bytes.length + 1]] as const) {
      await expect(shared.attachments.write(sha256, size, from(bytes)), `${size}`).rejects.toMatchObject({ code: 'environment' });
      expect(await shared.attachments.have([sha256])).toEqual(new Set());
    }
    await shared.attachments.write(named(bytes), bytes.length, from(bytes));
    expect(await shared.attachments.have([named(bytes)])).toEqual(new Set([named(bytes)]));
  });

  it('whose bytes cannot be read are not half there, and come the next time', async () => {
    const url = await make();
    const bytes = randomBytes(5_000_000);
    const torn = async function* (): AsyncGenerator<Buffer> {
      yield bytes.subarray(0, 3_000_000);
      throw new Error('the disk is gone');
    };
    await expect((await open(url)).attachments.write(named(bytes), bytes.length, torn)).rejects.toThrow('the disk is gone');
    const shared = await open(url);
    expect(await shared.attachments.have([named(bytes)])).toEqual(new Set());
    await shared.attachments.write(named(bytes), bytes.length, from(bytes));
    expect((await whole(await shared.attachments.read(named(bytes), 0)))?.equals(bytes)).toBe(true);
  });
});

describe('attachments in a git remote', { timeout: 60_000 }, () => {
  it('have a ref of their own each, and are no part of a clone of the logs', async () => {
    const remote = bareRepository(temporaryFolder());
    const home = temporaryFolder();
    const shared = await open(remote.url, home);
    const bytes = randomBytes(2_000_000);
    await shared.publishIfUnchanged('example.com/a', null, [], Buffer.from('c'));
    await shared.attachments.write(named(bytes), bytes.length, from(bytes));
    expect(remote.git('for-each-ref', '--format=%(refname)')).toBe(`refs/attachments/${named(bytes)}\nrefs/heads/genesis`);
    await shared.close();
    const [kept = ''] = readdirSync(join(home, 'shared'));
    expect(readdirSync(join(home, 'shared', kept)).sort()).toEqual(['address', 'mirror.git', 'seen']);
    const again = await open(remote.url, home);
    expect(await again.attachments.remove(named(bytes))).toBe(true);
    expect(remote.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/genesis');
  });

  it('are taken away only where the server lets that be done', async () => {
    const server = await SshServer.start();
    onTestFinished(() => {
      delete process.env['COUNTERSIGN_SSH_CONFIG'];
      server.stop();
    });
    process.env['COUNTERSIGN_SSH_CONFIG'] = server.configuration();
    const remote = bareRepository(temporaryFolder());
    writeFileSync(join(remote.path, 'hooks', 'update'), '#!/bin/sh\ncase $3 in *[!0]*) exit 0;; esac\necho nothing is taken away here; exit 1\n', { mode: 0o755 });
    const shared = await open(server.url(remote.path));
    const bytes = randomBytes(10);
    await shared.attachments.write(named(bytes), bytes.length, from(bytes));
    expect(await shared.attachments.remove(named(bytes))).toBe(false);
    expect(await shared.attachments.have([named(bytes)])).toEqual(new Set([named(bytes)]));
    rmSync(join(remote.path, 'hooks', 'update'));
    expect(await shared.attachments.remove(named(bytes))).toBe(true);
    expect(await shared.attachments.remove(named(bytes))).toBe(true);
  });

  it('go on from where an earlier attempt stopped', async () => {
    const remote = bareRepository(temporaryFolder());
    const bytes = randomBytes(20 * 1024 * 1024);
    const sha256 = named(bytes);
    const steps: number[] = [];
    const cancel = new AbortController();
    const first = await openShared(remote.url, { signal: cancel.signal, home: temporaryFolder(), progress: ({ label, done }) => {
      if (label !== 'Handing over') return;
      steps.push(done);
      if (done > 0) cancel.abort();
    } });
    await expect(first.attachments.write(sha256, bytes.length, from(bytes))).rejects.toMatchObject({ code: 'cancelled' });
    await first.close();
    expect(remote.git('for-each-ref', '--format=%(refname)')).toBe(`refs/uploads/${sha256}`);
    expect(steps).toEqual([0, 16 * 1024 * 1024]);
    steps.length = 0;
    const second = await openShared(remote.url, { ...quietWork, home: temporaryFolder(), progress: ({ label, done }) => void (label === 'Handing over' && steps.push(done)) });
    opened.push(second);
    await second.attachments.write(sha256, bytes.length, from(bytes));
    expect(steps).toEqual([16 * 1024 * 1024]);
    expect(remote.git('for-each-ref', '--format=%(refname)')).toBe(`refs/attachments/${sha256}`);
    expect((await whole(await second.attachments.read(sha256, 17_000_000)))?.equals(bytes.subarray(17_000_000))).toBe(true);
  });

  it('are not kept away by what somebody else left in their place, and something else in it is refused', async () => {
    const remote = bareRepository(temporaryFolder());
    const shared = await open(remote.url);
    const bytes = randomBytes(1_000_000);
    const tree = remote.feed(`120000 blob ${remote.feed('/etc/passwd', 'hash-object', '-w', '--stdin')}\t00000000\n`, 'mktree');
    const alien = remote.git('commit-tree', tree, '-m', 'x');
    for (const ref of ['attachments', 'uploads']) remote.git('update-ref', `refs/${ref}/${named(bytes)}`, alien);
    await expect(shared.attachments.read(named(bytes), 0)).rejects.toMatchObject({ code: 'outside-folder' });
    await shared.attachments.write(named(bytes), bytes.length, from(bytes));
    expect((await whole(await shared.attachments.read(named(bytes), 0)))?.equals(bytes)).toBe(true);
  });
});

describe('attachments in a database', { timeout: 60_000 }, () => {
  it('go on from where an earlier attempt stopped, and are not spoilt by another writer', async () => {
    const database = await cluster.database();
    await open(cluster.url(database));
    const bytes = randomBytes(6_000_000);
    const sha256 = named(bytes);
    const [ada, eve] = [await open(cluster.url(database, 'ada')), await open(cluster.url(database, 'eve'))];
    const torn = async function* (): AsyncGenerator<Buffer> {
      yield bytes.subarray(0, 3_500_000);
      throw new Error('the cable is out');
    };
    const forged = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.alloc(bytes.length, 7);
    };
    await expect(ada.attachments.write(sha256, bytes.length, torn)).rejects.toThrow('the cable is out');
    await expect(eve.attachments.write(sha256, bytes.length, forged)).rejects.toMatchObject({ code: 'environment' });
    const [upload] = await cluster.sql<{ id: string }>(database, `SELECT id FROM countersign.upload WHERE author = 'ada'`);
    for (const sql of [`SELECT countersign.put_chunk('${upload?.id}', 4, 'x')`, `SELECT countersign.finish_upload('${upload?.id}')`, `SELECT * FROM countersign.uploaded_chunks('${upload?.id}')`]) {
      await expect(cluster.sql(database, sql, 'eve'), sql).rejects.toMatchObject({ code: '42501' });
    }
    const before = await cluster.sql<{ xmin: string }>(database, `SELECT xmin::text FROM countersign.chunk WHERE upload = '${upload?.id}' ORDER BY number`);
    expect(before).toHaveLength(3);
    await ada.attachments.write(sha256, bytes.length, from(bytes));
    const after = await cluster.sql<{ xmin: string }>(database, `SELECT xmin::text FROM countersign.chunk WHERE upload = '${upload?.id}' ORDER BY number`);
    expect(after.slice(0, 3)).toEqual(before);
    await cluster.sql(database, `SELECT countersign.put_chunk('${upload?.id}', 6, 'more')`, 'ada');
    expect(await cluster.sql(database, `SELECT count(*)::int AS chunks FROM countersign.chunk WHERE upload = '${upload?.id}'`)).toEqual([{ chunks: 6 }]);
    expect((await whole(await eve.attachments.read(sha256, 0)))?.equals(bytes)).toBe(true);
  });

  it('that an earlier attempt of the same user spoilt are put up anew', async () => {
    const database = await cluster.database();
    await open(cluster.url(database));
    const bytes = randomBytes(2_500_000);
    const ada = await open(cluster.url(database, 'ada'));
    await cluster.sql(database, `SELECT countersign.put_chunk(countersign.begin_upload('${named(bytes)}', ${bytes.length}, false), 0, 'x')`, 'ada');
    await ada.attachments.write(named(bytes), bytes.length, from(bytes));
    expect(await cluster.sql(database, 'SELECT count(*)::int AS uploads FROM countersign.upload')).toEqual([{ uploads: 1 }]);
  });

  it('are taken away by the owner of the tables alone', async () => {
    const database = await cluster.database();
    const owner = await open(cluster.url(database));
    const ada = await open(cluster.url(database, 'ada'));
    const bytes = randomBytes(10);
    await ada.attachments.write(named(bytes), 10, from(bytes));
    expect(await ada.attachments.remove(named(bytes))).toBe(false);
    expect(await ada.attachments.have([named(bytes)])).toEqual(new Set([named(bytes)]));
    expect(await owner.attachments.remove(named(bytes))).toBe(true);
    expect(await ada.attachments.read(named(bytes), 0)).toBeNull();
    expect(await cluster.sql(database, 'SELECT (SELECT count(*) FROM countersign.chunk)::int AS chunks, (SELECT count(*) FROM countersign.upload)::int AS uploads')).toEqual([{ chunks: 0, uploads: 0 }]);
  });
});
