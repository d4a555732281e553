import { createHash } from 'node:crypto';
import { AppError } from '../../../core/model/errors.ts';
import type { SharedAttachments } from '../../../core/sync/shared-archive.ts';
import { inChunks } from './in-chunks.ts';
import type { OpenWork } from './open-shared.ts';
import type { PostgresAddress } from './postgres-address.ts';
import { sqlState, type Connection } from './postgres-connection.ts';

const CHUNK_BYTES = 1024 * 1024;
/** The database computes the SHA-256 of one in memory. */
const MAX_ATTACHMENT_BYTES = 256 * 1024 * 1024;
const INSUFFICIENT_PRIVILEGE = '42501';

/** Attachments in a database, as rows of chunks; one is there once the database itself has computed its SHA-256. */
export function postgresAttachments({ url }: PostgresAddress, connection: Connection, work: OpenWork): SharedAttachments {
  const { rows } = connection;
  const isThere = async (sha256: string): Promise<boolean> => (await rows('SELECT FROM countersign.attachment WHERE sha256 = $1', [sha256])).length > 0;
  return {
    have: async (sha256s) => {
      if (sha256s.length === 0) return new Set();
      const there = await rows<{ sha256: string }>('SELECT sha256 FROM countersign.attachment WHERE sha256 = ANY ($1::text[])', [sha256s]);
      return new Set(there.map(({ sha256 }) => sha256));
    },
    read: async (sha256, from) => ((await isThere(sha256)) ? chunksOf(connection, sha256, from) : null),
    write: async (sha256, size, open) => {
      if (size > MAX_ATTACHMENT_BYTES) throw new AppError('environment', `${url} takes attachments up to ${MAX_ATTACHMENT_BYTES} bytes; ${sha256} has ${size}.`, { hint: 'Hand it over through a folder or a git remote.' });
      for (const anew of [false, true]) {
        if (await isThere(sha256)) return;
        const [begun] = await rows<{ id: string }>('SELECT countersign.begin_upload($1, $2, $3) AS id', [sha256, size, anew]);
        const id = begun?.id ?? '';
        if (!(await putChunks(connection, id, open(0), (done) => work.progress({ label: 'Handing over', item: sha256, done, total: size, unit: 'bytes' })))) continue;
        const [finished] = await rows<{ whole: boolean }>('SELECT countersign.finish_upload($1) AS whole', [id]);
        if (finished?.whole === true) return;
      }
      throw new AppError('environment', `The attachment ${sha256} did not come to its SHA-256 in ${url}: it was changed or damaged here.`);
    },
    remove: async (sha256) => {
      try {
        await rows('SELECT countersign.erase_attachment($1)', [sha256]);
        return true;
      } catch (cause) {
        if (sqlState(cause) === INSUFFICIENT_PRIVILEGE) return false;
        throw cause;
      }
    },
  };
}

/** Puts the chunks that an earlier attempt did not; false where what it left is not of these bytes. */
async function putChunks({ rows }: Connection, id: string, bytes: AsyncIterable<Buffer>, onBytes: (done: number) => void): Promise<boolean> {
  const earlier = new Map((await rows<{ number: number; sha256: string }>('SELECT number, sha256 FROM countersign.uploaded_chunks($1)', [id])).map(({ number, sha256 }) => [number, sha256]));
  let number = 0;
  for await (const chunk of inChunks(bytes, CHUNK_BYTES)) {
    const there = earlier.get(number);
    if (there === undefined) await rows('SELECT countersign.put_chunk($1, $2, $3)', [id, number, chunk]);
    else if (there !== createHash('sha256').update(chunk).digest('hex')) return false;
    number += 1;
    onBytes(number * CHUNK_BYTES);
  }
  return [...earlier.keys()].every((one) => one < number);
}

async function* chunksOf({ rows }: Connection, sha256: string, from: number): AsyncGenerator<Buffer> {
  for (let number = Math.floor(from / CHUNK_BYTES); ; number += 1) {
    const [found] = await rows<{ bytes: Buffer }>('SELECT bytes FROM countersign.attachment_chunk WHERE sha256 = $1 AND number = $2 AND octet_length(bytes) <= $3', [sha256, number, CHUNK_BYTES]);
    if (found === undefined) return;
    yield found.bytes.subarray(Math.max(0, from - number * CHUNK_BYTES));
    if (found.bytes.length < CHUNK_BYTES) return;
  }
}
