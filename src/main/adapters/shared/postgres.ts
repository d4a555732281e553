import { createHash } from 'node:crypto';
import { CHECKPOINT_FILE, VKEY_FILE, type LogFile } from '../../../core/archive/log-files.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { SharedArchive } from '../../../core/sync/shared-archive.ts';
import type { OpenWork } from './open-shared.ts';
import type { PostgresAddress } from './postgres-address.ts';
import { postgresAttachments } from './postgres-attachments.ts';
import { connectPostgres, type Connection } from './postgres-connection.ts';
import { ensureTables } from './postgres-migrations.ts';

const MAX_FILES = 2_000_000;
/** Files go in one statement up to this many bytes, or this many. */
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_FILES = 500;
/** So many cosigned checkpoints of a log, the newest, are read at once. */
const SIGHTINGS = 500;

/** What is replaced by a newer row; every other file is there once and for all. */
const HEADS: ReadonlySet<string> = new Set([CHECKPOINT_FILE, VKEY_FILE]);

/** Opens a shared archive in a PostgreSQL database, whose tables only ever grow. Errors: `environment`, `bad-input`, `cancelled`. */
export async function openSharedPostgres(address: PostgresAddress, work: OpenWork): Promise<SharedArchive> {
  const connection = await connectPostgres(address, work);
  try {
    await ensureTables(connection, address.url);
  } catch (cause) {
    await connection.close();
    throw cause;
  }
  const { rows } = connection;
  const seen = sightings(connection);
  return {
    url: address.url,
    list: async () => {
      const found = await rows<{ path: string }>(`
        SELECT origin || '/' || path AS path FROM countersign.file
        UNION ALL SELECT DISTINCT origin || '/' || name FROM countersign.head LIMIT $1`, [MAX_FILES + 1]);
      if (found.length > MAX_FILES) throw new AppError('too-large', `${address.url} holds more than ${MAX_FILES} files.`);
      return { files: found.map(({ path }) => path).sort(), refused: [] };
    },
    read: async (path, limit) => (await seen(path, limit)) ?? read(connection, path, limit),
    publishIfUnchanged: (origin, expected, files, checkpoint) => connection.transaction(async () => {
      await lockLog(connection, origin);
      const found = await newest(connection, origin, CHECKPOINT_FILE);
      if (found === null ? expected !== null : expected === null || !found.equals(expected)) return false;
      await insert(connection, address, (function* () {
        for (const file of files) yield { ...file, origin };
      })());
      if (expected === null || !checkpoint.equals(expected)) await insertHead(connection, { origin, path: CHECKPOINT_FILE, bytes: checkpoint });
      return true;
    }),
    // In one order, so that two consoles that hand on the same never wait for each other.
    add: (files) => connection.transaction(() => insert(connection, address, [...placed(files)].sort(byPath), 'as-it-is')),
    attachments: postgresAttachments(address, connection, work),
    close: connection.close,
  };
}

interface Placed extends LogFile {
  readonly origin: string;
}

/** One console at a time publishes a log; others wait, and see what it published. */
async function lockLog({ rows }: Connection, origin: string): Promise<void> {
  await rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`countersign log ${origin}`]);
}

async function newest({ rows }: Connection, origin: string, name: string): Promise<Buffer | null> {
  const [found] = await rows<{ bytes: Buffer }>('SELECT bytes FROM countersign.head WHERE origin = $1 AND name = $2 ORDER BY id DESC LIMIT 1', [origin, name]);
  return found?.bytes ?? null;
}

async function read({ rows }: Connection, path: string, limit: number): Promise<Buffer | null> {
  const { origin, path: inside } = split(path);
  // The bytes come only where they are within the limit.
  const [found] = HEADS.has(inside)
    ? await rows<{ size: number; bytes: Buffer | null }>('SELECT octet_length(bytes) AS size, CASE WHEN octet_length(bytes) <= $3 THEN bytes END AS bytes FROM countersign.head WHERE origin = $1 AND name = $2 ORDER BY id DESC LIMIT 1', [origin, inside, limit])
    : await rows<{ size: number; bytes: Buffer | null }>('SELECT octet_length(bytes) AS size, CASE WHEN octet_length(bytes) <= $3 THEN bytes END AS bytes FROM countersign.file WHERE origin = $1 AND path = $2', [origin, inside, limit]);
  if (found === undefined) return null;
  if (found.bytes === null) throw new AppError('too-large', `It is ${found.size} bytes; at most ${limit} can be right here.`, { details: { path, size: found.size, limit } });
  return found.bytes;
}

/**
 * Reads cosigned checkpoints, of which there are as many as consoles for each log: those of one log come together, and the
 * log that is asked for next takes their place. Null where one is not among them.
 */
function sightings({ rows }: Connection): (path: string, limit: number) => Promise<Buffer | null> {
  let held: { readonly origin: string; readonly limit: number; readonly files: ReadonlyMap<string, Buffer> } | null = null;
  return async (path, limit) => {
    const { origin, path: inside } = split(path);
    if (!inside.startsWith('cosigned/')) return null;
    if (held?.origin !== origin || held.limit !== limit) {
      const found = await rows<{ path: string; bytes: Buffer }>(`SELECT path, bytes FROM countersign.file WHERE origin = $1 AND path LIKE 'cosigned/%' AND octet_length(bytes) <= $2 ORDER BY at DESC LIMIT $3`, [origin, limit, SIGHTINGS]);
      held = { origin, limit, files: new Map(found.map((one) => [one.path, one.bytes])) };
    }
    return held.files.get(inside) ?? null;
  };
}

/** Inserts files, in batches. One that is there stays; where it must be this one and is another, nothing is published. */
async function insert(connection: Connection, { url }: PostgresAddress, files: Iterable<Placed>, there: 'the-same' | 'as-it-is' = 'the-same'): Promise<void> {
  for (const batch of batches(files)) {
    for (const head of batch.filter(({ path }) => HEADS.has(path))) await insertHead(connection, head);
    const fixed = batch.filter(({ path }) => !HEADS.has(path));
    const [origins, paths] = [fixed.map(({ origin }) => origin), fixed.map(({ path }) => path)];
    await connection.rows('INSERT INTO countersign.file (origin, path, bytes) SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]) ON CONFLICT DO NOTHING', [origins, paths, fixed.map(({ bytes }) => bytes)]);
    if (there === 'as-it-is') continue;
    const [other] = await connection.rows<{ path: string }>(`
      SELECT f.origin || '/' || f.path AS path FROM unnest($1::text[], $2::text[], $3::text[]) AS ours (origin, path, sha256)
      JOIN countersign.file f ON f.origin = ours.origin AND f.path = ours.path WHERE encode(sha256(f.bytes), 'hex') <> ours.sha256 LIMIT 1`,
    [origins, paths, fixed.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'))]);
    if (other !== undefined) {
      throw new AppError('verification-failed', `What lies in ${url} under ${other.path} is not what belongs there, so nothing was published of this log.`, {
        hint: 'The owner of its tables takes it away with countersign.withdraw_file(origin, path).', details: { path: other.path },
      });
    }
  }
}

async function insertHead({ rows }: Connection, { origin, path, bytes }: Placed): Promise<void> {
  await rows('INSERT INTO countersign.head (origin, name, bytes) VALUES ($1, $2, $3)', [origin, path, bytes]);
}

function* batches(files: Iterable<Placed>): Generator<Placed[]> {
  let [batch, size] = [[] as Placed[], 0];
  for (const file of files) {
    batch.push(file);
    size += file.bytes.length;
    if (size < BATCH_BYTES && batch.length < BATCH_FILES) continue;
    yield batch;
    [batch, size] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

function byPath(a: Placed, b: Placed): number {
  const [one, other] = [`${a.origin}/${a.path}`, `${b.origin}/${b.path}`];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Files of several logs, by their whole paths. */
function* placed(files: Iterable<LogFile>): Generator<Placed> {
  for (const { path, bytes } of files) yield { ...split(path), bytes };
}

/** A path as the origin of its log and what follows it. Errors: `outside-folder`. */
function split(path: string): { readonly origin: string; readonly path: string } {
  const [, origin, inside] = /^(.+?)\/(checkpoint|vkey|entries\.jsonl|(?:cosigned|tile)\/.+)$/.exec(path) ?? [];
  if (origin === undefined || inside === undefined) throw new AppError('outside-folder', `${path} is no file of a log.`, { details: { path } });
  return { origin, path: inside };
}
