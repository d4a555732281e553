import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { SharedArchive } from '../../src/core/sync/shared-archive.ts';
import { openShared } from '../../src/main/adapters/shared/open-shared.ts';
import { postgresAddress } from '../../src/main/adapters/shared/postgres-address.ts';
import { connectPostgres } from '../../src/main/adapters/shared/postgres-connection.ts';
import { migrate, POSTGRES_MIGRATIONS } from '../../src/main/adapters/shared/postgres-migrations.ts';
import { drift, everything, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';
import { PostgresCluster } from '../support/postgres-cluster.ts';

const drifts = (from: number, count: number) => Array.from({ length: count }, (_, at) => drift(from + at));
const opened: SharedArchive[] = [];

let cluster: PostgresCluster;
beforeAll(async () => {
  cluster = await PostgresCluster.start();
  await cluster.sql('postgres', `
    CREATE ROLE countersign_writer NOLOGIN; CREATE ROLE countersign_reader NOLOGIN;
    CREATE ROLE ada LOGIN PASSWORD 'lovelace' IN ROLE countersign_writer; CREATE ROLE eve LOGIN IN ROLE countersign_writer;
    CREATE ROLE auditor LOGIN IN ROLE countersign_reader; CREATE ROLE nobody LOGIN; CREATE ROLE certified LOGIN IN ROLE countersign_writer`);
}, 60_000);
afterAll(() => cluster.stop());
afterEach(async () => {
  for (const shared of opened.splice(0)) await shared.close();
});

const open = async (url: string): Promise<SharedArchive> => {
  const shared = await openShared(url, { ...quietWork, home: temporaryFolder() });
  opened.push(shared);
  return shared;
};

/** A database whose tables its administrator made. */
async function prepared(): Promise<string> {
  const database = await cluster.database();
  await (await open(cluster.url(database))).list();
  return database;
}

const count = async (database: string, table: string): Promise<number> => (await cluster.sql<{ count: number }>(database, `SELECT count(*)::int AS count FROM countersign.${table}`))[0]?.count ?? -1;

describe('sync through a database', { timeout: 60_000 }, () => {
  it('publishes what is new and takes in what others published', async () => {
    const [ours, theirs] = [await openTestArchive(), await openTestArchive()];
    const url = cluster.url(await prepared(), 'ada');
    await ours.appendRecords(drifts(0, 300));
    expect(await ours.sync(url, quietWork)).toEqual({ url, pushed: [{ origin: ours.origin, entries: 300 }], pulled: [], problems: [] });
    expect(await theirs.sync(url, quietWork)).toEqual({ url, pushed: [], pulled: [{ origin: ours.origin, entries: 300 }], problems: [] });
    await ours.appendRecords(drifts(300, 500));
    expect((await ours.sync(url, quietWork)).pushed).toEqual([{ origin: ours.origin, entries: 500 }]);
    expect((await theirs.sync(url, quietWork)).pulled).toEqual([{ origin: ours.origin, entries: 500 }]);
    expect(await ours.sync(url, quietWork)).toMatchObject({ pushed: [], pulled: [], problems: [] });
    expect((await theirs.list({ ...everything, limit: 1 })).entries[0]).toMatchObject({ origin: ours.origin, seq: 799 });
    expect(await theirs.verify(quietWork)).toMatchObject({ verdict: 'good', entries: 800 });
    expect((await ours.logs())[0]?.witnesses).toMatchObject([{ witness: theirs.origin, size: 800 }]);
  });

  it('brings 50 consoles at once to the same archive', async () => {
    const url = cluster.url(await prepared(), 'ada');
    // In memory: what is looked at here is not that 50 data folders outlive a loss of power.
    const homes = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'countersign-test-'));
    onTestFinished(() => rmSync(homes, { recursive: true, force: true }));
    const consoles = await Promise.all(Array.from({ length: 50 }, (_, at) => openTestArchive({ home: join(homes, String(at)) })));
    for (const [at, console] of consoles.entries()) await console.appendRecords(drifts(at * 10, 1 + (at % 3)));
    const problems = async (direction: 'push' | 'pull'): Promise<unknown[]> => (await Promise.all(consoles.map((console) => console.sync(url, quietWork, { direction })))).flatMap((result) => result.problems);
    expect(await problems('push')).toEqual([]);
    expect(await problems('pull')).toEqual([]);
    const states = await Promise.all(consoles.map(async (console) => (await console.logs()).map(({ origin, size, root }) => `${origin} ${size} ${root}`).sort().join('\n')));
    expect(new Set(states).size).toBe(1);
    expect(states[0]?.split('\n')).toHaveLength(50);
    // Both ways at once, so that all of them hand on what they saw of all.
    const some = consoles.slice(0, 8);
    expect((await Promise.all(some.map((console) => console.sync(url, quietWork)))).flatMap((result) => result.problems)).toEqual([]);
    expect((await (consoles[49] as (typeof consoles)[number]).verify(quietWork)).verdict).toBe('good');
  });

  it('by a reader takes in, and publishes nothing', async () => {
    const database = await prepared();
    const [ours, auditor] = [await openTestArchive(), await openTestArchive()];
    await ours.appendRecords(drifts(0, 3));
    await ours.sync(cluster.url(database, 'ada'), quietWork);
    expect(await auditor.sync(cluster.url(database, 'auditor'), quietWork, { direction: 'pull' })).toMatchObject({ pulled: [{ origin: ours.origin, entries: 3 }], problems: [] });
    await auditor.appendRecords(drifts(0, 1));
    const { pushed, problems } = await auditor.sync(cluster.url(database, 'auditor'), quietWork);
    expect(pushed).toEqual([]);
    expect(problems).toContainEqual({ origin: auditor.origin, code: 'environment', message: expect.stringContaining('permission denied') });
    await expect(auditor.sync(cluster.url(database, 'nobody'), quietWork)).rejects.toMatchObject({ code: 'environment', message: expect.stringContaining('permission denied'), hint: expect.stringContaining('countersign_writer') });
  });

  it('that is cut in the middle leaves nothing half there, and the next one ends well', async () => {
    const database = await prepared();
    const shared = await open(cluster.url(database, 'ada'));
    const files = function* () {
      for (let at = 0; at < 12; at += 1) yield { path: `tile/entries/${String(at).padStart(3, '0')}`, bytes: Buffer.alloc(1024 * 1024, at) };
      execFileSync('psql', ['-h', cluster.folder, '-p', String(cluster.port), '-U', 'admin', '-d', database, '-qAtc', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ada' AND datname = '${database}'`]);
      yield { path: 'tile/entries/012', bytes: Buffer.from('x') };
    };
    await expect(shared.publishIfUnchanged('example.com/a', null, files(), Buffer.from('c'))).rejects.toMatchObject({ code: 'environment' });
    expect([await count(database, 'file'), await count(database, 'head')]).toEqual([0, 0]);
    const ours = await openTestArchive();
    await ours.appendRecords(drifts(0, 3));
    expect(await ours.sync(cluster.url(database, 'ada'), quietWork)).toMatchObject({ pushed: [{ entries: 3 }], problems: [] });
  });

  it('that is cancelled ends at once', async () => {
    const database = await prepared();
    const cancel = new AbortController();
    const ours = await openTestArchive();
    await ours.appendRecords(drifts(0, 3));
    const holder = await connectPostgres(postgresAddress(cluster.url(database)), quietWork);
    await holder.rows('BEGIN');
    await holder.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`countersign log ${ours.origin}`]);
    const syncing = ours.sync(cluster.url(database, 'ada'), { signal: cancel.signal, progress: () => undefined });
    setTimeout(() => cancel.abort(), 300);
    await expect(syncing).rejects.toMatchObject({ code: 'cancelled' });
    await holder.close();
  });
});

describe('the tables', { timeout: 60_000 }, () => {
  it('are made by an administrator, and by nobody else', async () => {
    const database = await cluster.database();
    await expect(open(cluster.url(database, 'ada'))).rejects.toMatchObject({ code: 'environment', message: expect.stringContaining('holds no archive yet'), hint: expect.stringContaining('administrator') });
    await Promise.all([open(cluster.url(database)), open(cluster.url(database))]);
    expect(await cluster.sql(database, 'SELECT version FROM countersign.migration ORDER BY version')).toEqual(POSTGRES_MIGRATIONS.map((_, at) => ({ version: at + 1 })));
    await open(cluster.url(database, 'ada'));
  });

  it('of an older version are brought up to date with what is in them; those of a newer one are refused', async () => {
    const database = await cluster.database();
    const address = postgresAddress(cluster.url(database));
    const connection = await connectPostgres(address, quietWork);
    await migrate(connection, address.url, POSTGRES_MIGRATIONS.slice(0, 1));
    await connection.rows(`INSERT INTO countersign.file (origin, path, bytes) VALUES ('example.com/a', 'tile/0/000', 'old')`);
    await connection.close();
    await expect(open(cluster.url(database, 'ada'))).rejects.toMatchObject({ code: 'environment', message: expect.stringContaining('version 1') });
    const shared = await open(cluster.url(database));
    expect(await shared.read('example.com/a/tile/0/000', 10)).toEqual(Buffer.from('old'));
    expect(await shared.attachments.have(['0'.repeat(64)])).toEqual(new Set());
    await cluster.sql(database, 'INSERT INTO countersign.migration (version) VALUES (99)');
    await expect(open(cluster.url(database))).rejects.toMatchObject({ code: 'environment', message: expect.stringContaining('newer Countersign') });
  });

  it('are left as they were where a migration fails', async () => {
    const database = await cluster.database();
    const connection = await connectPostgres(postgresAddress(cluster.url(database)), quietWork);
    await expect(migrate(connection, 'there', [...POSTGRES_MIGRATIONS, 'SELECT 1 / 0'])).rejects.toMatchObject({ code: 'environment' });
    await connection.close();
    expect(await cluster.sql(database, `SELECT FROM pg_namespace WHERE nspname = 'countersign'`)).toEqual([]);
  });

  const CHANGES = [
    `UPDATE countersign.file SET bytes = 'x'`, `DELETE FROM countersign.file`, 'TRUNCATE countersign.file', 'DROP TABLE countersign.file', 'ALTER TABLE countersign.file DISABLE TRIGGER ALL',
    `UPDATE countersign.head SET bytes = 'x'`, 'DELETE FROM countersign.head', 'TRUNCATE countersign.head', 'DROP SCHEMA countersign CASCADE',
    `INSERT INTO countersign.file (origin, path, bytes) VALUES ('a/b', 'tile/0/000', 'x') ON CONFLICT (origin, path) DO UPDATE SET bytes = 'x'`,
    `INSERT INTO countersign.file (origin, path, bytes, author) VALUES ('a/b', 'tile/0/001', 'x', 'ada')`, `INSERT INTO countersign.head (origin, name, bytes, at) VALUES ('a/b', 'vkey', 'x', '2020-01-01')`,
    `INSERT INTO countersign.head (id, origin, name, bytes) OVERRIDING SYSTEM VALUE VALUES (9, 'a/b', 'vkey', 'x')`, `SELECT countersign.withdraw_file('a/b', 'tile/0/000')`, `SELECT setval('countersign.head_id_seq', 1)`,
    'INSERT INTO countersign.migration (version) VALUES (9)', 'CREATE TABLE countersign.mine ()', `SELECT countersign.erase_attachment('${'0'.repeat(64)}')`, 'SELECT * FROM countersign.upload', 'SELECT * FROM countersign.chunk',
    `INSERT INTO countersign.attachment (sha256, size, upload) VALUES ('${'0'.repeat(64)}', 1, gen_random_uuid())`, `INSERT INTO countersign.chunk (upload, number, bytes) VALUES (gen_random_uuid(), 0, 'x')`, 'SET session_replication_role = replica',
  ];
  it('are only added to by a writer, whatever is tried', async () => {
    const database = await prepared();
    await cluster.sql(database, `INSERT INTO countersign.file (origin, path, bytes) VALUES ('a/b', 'tile/0/000', 'first'); INSERT INTO countersign.head (origin, name, bytes) VALUES ('a/b', 'vkey', 'first')`, 'eve').catch(() => undefined);
    for (const sql of CHANGES) await expect(cluster.sql(database, `SET countersign.within = 'withdraw_file'; ${sql}`, 'eve'), sql).rejects.toMatchObject({ code: expect.stringMatching(/^(?:42501|428C9|23001)$/) });
    expect(await cluster.sql(database, `SELECT convert_from(bytes, 'UTF8') AS it FROM countersign.file UNION ALL SELECT convert_from(bytes, 'UTF8') FROM countersign.head`)).toEqual([{ it: 'first' }, { it: 'first' }]);
  });

  it('refuse even their owner to change, to delete and to empty', async () => {
    const database = await prepared();
    await cluster.sql(database, `INSERT INTO countersign.file (origin, path, bytes) VALUES ('a/b', 'tile/0/000', 'first')`);
    for (const sql of [`UPDATE countersign.file SET bytes = 'x'`, 'DELETE FROM countersign.file', 'TRUNCATE countersign.file', 'DELETE FROM countersign.head', 'TRUNCATE countersign.chunk CASCADE', 'DELETE FROM countersign.attachment', 'SET session_replication_role = replica; DELETE FROM countersign.file']) {
      await expect(cluster.sql(database, sql), sql).rejects.toMatchObject({ code: '23001', message: expect.stringContaining('only ever added to') });
    }
    expect(await cluster.sql(database, `SELECT countersign.withdraw_file('a/b', 'tile/0/000') AS gone`)).toEqual([{ gone: true }]);
    await expect(cluster.sql(database, 'DELETE FROM countersign.file')).rejects.toMatchObject({ code: '23001' });
  });

  it.each(['a/../b', '/a', 'A', 'a//b', 'a/b/'])('hold no log called %s', async (origin) => {
    const database = await prepared();
    await expect(cluster.sql(database, `INSERT INTO countersign.file (origin, path, bytes) VALUES ('${origin}', 'tile/0/000', 'x')`, 'eve')).rejects.toMatchObject({ code: '23514' });
  });
});

describe('a hostile writer', { timeout: 60_000 }, () => {
  it('who was first at a place of another log is told, and the owner of the tables takes it away', async () => {
    const database = await prepared();
    const ours = await openTestArchive();
    await ours.appendRecords(drifts(0, 3));
    await cluster.sql(database, `INSERT INTO countersign.file (origin, path, bytes) VALUES ('${ours.origin}', 'tile/entries/000.p/3', 'x')`, 'eve');
    const url = cluster.url(database, 'ada');
    expect(await ours.sync(url, quietWork)).toMatchObject({ pushed: [], problems: [{ origin: ours.origin, code: 'damaged', message: expect.stringContaining('tile/entries/000.p/3') }] });
    expect(await count(database, 'head')).toBe(0);
    await cluster.sql(database, `SELECT countersign.withdraw_file('${ours.origin}', 'tile/entries/000.p/3')`);
    expect(await ours.sync(url, quietWork)).toMatchObject({ pushed: [{ origin: ours.origin, entries: 3 }], problems: [] });
  });

  it('who puts up a forged or a huge checkpoint stops that log, no other, and only until its owner syncs', async () => {
    const database = await prepared();
    const url = cluster.url(database, 'ada');
    const [ours, theirs, reader] = [await openTestArchive(), await openTestArchive(), await openTestArchive()];
    for (const one of [ours, theirs]) {
      await one.appendRecords(drifts(0, 3));
      await one.sync(url, quietWork);
    }
    await cluster.sql(database, `INSERT INTO countersign.head (origin, name, bytes) VALUES ('${ours.origin}', 'checkpoint', convert_to('${ours.origin}' || E'\\n999\\nAAAA\\n', 'UTF8')), ('${theirs.origin}', 'vkey', convert_to(repeat('x', 1000000), 'UTF8'))`, 'eve');
    const { problems } = await reader.sync(url, quietWork);
    expect(new Map(problems.map(({ origin, code }) => [origin, code]))).toEqual(new Map([[ours.origin, 'damaged'], [theirs.origin, 'refused']]));
    expect((await ours.sync(url, quietWork)).problems.filter(({ origin }) => origin === ours.origin)).toMatchObject([{ code: 'damaged' }, { code: 'rewound' }]);
    expect((await reader.sync(url, quietWork)).pulled).toEqual([{ origin: ours.origin, entries: 3 }]);
  });
});

describe('the server is made sure of', { timeout: 60_000 }, () => {
  const at = (host: string, query: string): string => `postgres://ada@${host}:${cluster.port}/postgres?${query}`;
  const refusal = (url: string): Promise<unknown> => open(url).then(() => 'opened', (cause: unknown) => cause);

  it('by its certificate, for the host that was asked for, from the authority that was named', async () => {
    const database = await prepared();
    process.env['PGPASSWORD'] = 'lovelace';
    try {
      await open(`postgres://ada@localhost:${cluster.port}/${database}?sslmode=verify-full&sslrootcert=${cluster.authority}`);
      expect(await refusal(at('localhost', `sslmode=verify-full&sslrootcert=${cluster.stranger}`))).toMatchObject({ code: 'environment', message: expect.stringMatching(/certificate|verify/i) });
      expect(await refusal(at('localhost', 'sslmode=verify-full'))).toMatchObject({ code: 'environment', hint: expect.stringContaining('sslrootcert') });
      expect(await refusal(at('127.0.0.1', `sslmode=verify-full&sslrootcert=${cluster.authority}`))).toMatchObject({ code: 'environment', message: expect.stringMatching(/altname|does not match/i) });
      delete process.env['PGPASSWORD'];
      process.env['PGPASSFILE'] = join(temporaryFolder(), 'pass');
      writeFileSync(process.env['PGPASSFILE'], `# mine\nlocalhost:1:*:ada:other\nlocalhost:*:*:a\\\\:b:other\nlocalhost:*:*:ada:lovelace\n`, { mode: 0o600 });
      await open(`postgres://ada@localhost:${cluster.port}/${database}?sslrootcert=${cluster.authority}&sslmode=verify-full`);
      chmodSync(process.env['PGPASSFILE'], 0o644);
      expect(await refusal(at('localhost', `sslrootcert=${cluster.authority}&sslmode=verify-full`))).toMatchObject({ code: 'environment', hint: expect.stringContaining('chmod 600') });
      delete process.env['PGPASSFILE'];
      const { certificate, key } = cluster.certificateOf('certified');
      const certified = `postgres://certified@localhost:${cluster.port}/${database}?sslmode=verify-full&sslrootcert=${cluster.authority}`;
      await open(`${certified}&sslcert=${certificate}&sslkey=${key}`);
      expect(await refusal(certified)).toMatchObject({ code: 'environment' });
      process.env['PGPASSWORD'] = 'wrong';
      expect(await refusal(at('localhost', `sslmode=verify-full&sslrootcert=${cluster.authority}`))).toMatchObject({ code: 'environment', hint: expect.stringContaining('PGPASSFILE') });
    } finally {
      delete process.env['PGPASSWORD'];
      delete process.env['PGPASSFILE'];
    }
  });

  it('before anything is said to one that has no TLS, and one that says nothing can be left', async () => {
    const said: Buffer[] = [];
    const answers = [Buffer.from('N'), null];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      const answer = answers.shift() ?? null;
      socket.on('data', (chunk) => {
        said.push(chunk);
        if (answer !== null) socket.write(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    process.env['PGPASSWORD'] = 'lovelace';
    onTestFinished(() => void delete process.env['PGPASSWORD']);
    expect(await refusal(`postgres://ada@127.0.0.1:${port}/x?sslmode=verify-full`)).toMatchObject({ code: 'environment', hint: expect.stringContaining('TLS') });
    expect(Buffer.concat(said)).toEqual(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 200);
    await expect(openShared(`postgres://ada@127.0.0.1:${port}/x?sslmode=verify-full`, { signal: cancel.signal, progress: () => undefined, home: temporaryFolder() })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.each([
    ['postgres://a@db.example.com/x?sslmode=require', 'bad-input', /does not make sure that db.example.com/, /sslrootcert/],
    ['postgres://a@db.example.com/x?sslmode=disable', 'bad-input', /does not make sure/, /verify-full/],
    ['postgres://a@localhost/x?sslmode=prefer', 'bad-input', /neither leaves TLS out/, /verify-full/],
    ['postgres://a:secret@db.example.com/x', 'bad-input', /^(?!.*secret).*password/, /PGPASSFILE/],
    ['postgres://a@db.example.com/x?password=secret', 'bad-input', /^(?!.*secret).*password/, /PGPASSFILE/],
    ['postgres://a:se/cret@db.example.com/x', 'bad-input', /^(?!.*cret)/, /postgres:/],
    ['postgres://a@db.example.com/x?options=-c%20x', 'bad-input', /options/, /sslmode/],
    ['postgres://a@db.example.com/', 'bad-input', /names no database/, /postgres:/],
    ['postgres://a@-x/db', 'bad-input', /host/, /postgres:/],
    ['postgres://a@db.example.com/x?sslrootcert=/nowhere.pem', 'bad-input', /nowhere/, null],
  ])('%s is refused', async (url, code, message, hint) => {
    expect(await refusal(url)).toMatchObject({ code, message: expect.stringMatching(message), ...(hint === null ? {} : { hint: expect.stringMatching(hint) }) });
  });

  it.each([
    ['postgres://ada@db.example.com/x', { host: 'db.example.com', port: 5432, tls: 'verify-full', url: 'postgres://ada@db.example.com:5432/x' }],
    ['postgresql://db.example.com:6000/x?sslrootcert=/ca.pem', { port: 6000, user: null, rootCertificate: '/ca.pem', url: 'postgres://db.example.com:6000/x' }],
    ['postgres:///x?host=/run/pg', { host: '/run/pg', tls: 'disable', url: 'postgres://%2Frun%2Fpg:5432/x' }],
    ['postgres://ada@[::1]:5433/x', { host: '::1', tls: 'disable', url: 'postgres://ada@[::1]:5433/x' }],
    ['postgres://ada@127.0.0.1/x?sslmode=verify-full', { tls: 'verify-full' }],
  ])('%s is read', (url, read) => {
    expect(postgresAddress(url)).toMatchObject(read);
  });
});
