import { createHash, randomBytes } from 'node:crypto';
import { constants, existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { lstat, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BLOB_FOLDER, blobOf, blobPath } from '../../../core/archive/blobs.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { ByteWork } from '../../../core/sync/exchange-attachments.ts';
import { notPlain, syncFolder } from '../archive-files.ts';
import { makeDurableFolder } from '../durable-folder.ts';
import { storageError } from '../sqlite/database.ts';

const CHUNK_BYTES = 1024 * 1024;
const DRAFT = /^\.[0-9a-f]{12}\.draft$/;
const OLD_DRAFT_MILLISECONDS = 24 * 60 * 60 * 1000;
/** What came so far of an attachment, by the process that fetches it. */
const PART = /^([0-9a-f]{64})\.(\d{1,10})\.part$/;

export interface KeptFile {
  readonly size: number;
  readonly sha256: string;
}

/** The bytes of attachments in the data folder, each under its SHA-256. Nothing of a file is ever held in memory but a chunk. */
export interface BlobFolder {
  /** Null where its bytes are not here. */
  readonly sizeOf: (sha256: string) => number | null;
  /** Copies a file in, hashed on the way; it is on the disk under its name when this returns. Errors: `bad-input`, `not-found`, `outside-folder`, `storage-failed`, `cancelled`. */
  readonly keep: (path: string, links: 'followed' | 'refused', work: ByteWork) => Promise<KeptFile>;
  /** The bytes from an offset on. Errors: `not-found`, `outside-folder`, `storage-failed`. */
  readonly read: (sha256: string, from: number) => AsyncIterable<Buffer>;
  readonly isGood: (sha256: string, work: ByteWork) => Promise<boolean>;
  /**
   * Takes in the bytes of a digest, at most so many, going on after what an earlier attempt left. False where they are
   * not the bytes of that digest, of which nothing is kept. Errors: of `open`, `storage-failed`, `cancelled`.
   */
  readonly receive: (sha256: string, size: number, open: (from: number) => Promise<AsyncIterable<Buffer> | null>, work: ByteWork) => Promise<boolean>;
  /** Whether its bytes, or some of them, are here. */
  readonly hasAny: (sha256: string) => boolean;
  /** Takes the bytes away, and what came of them so far. */
  readonly remove: (sha256: string) => Promise<boolean>;
  /** Every digest whose bytes are here. */
  readonly all: () => Promise<string[]>;
  /** Removes what somebody who was stopped left half written a day ago. */
  readonly tidy: () => Promise<void>;
}

/** Digests that this process takes in just now: two syncs at once never write to one file. */
const receiving = new Set<string>();

export function blobFolder(home: string): BlobFolder {
  const root = join(home, ...BLOB_FOLDER.split('/'));
  const fileOf = (sha256: string): string => join(home, ...blobPath(sha256).split('/'));

  const put = async (draft: string, sha256: string): Promise<void> => {
    const target = fileOf(sha256);
    await makeDurableFolder(dirname(target));
    await rename(draft, target);
    await syncFolder(dirname(target));
    // The draft's own name must not come back where its folder is another.
    if (dirname(draft) !== dirname(target)) await syncFolder(dirname(draft));
  };
  const guardedAt = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (cause) {
      throw storageError(root, cause);
    }
  };

  const read = async function* (sha256: string, from: number): AsyncGenerator<Buffer> {
    const file = await openPlain(fileOf(sha256), 'refused');
    try {
      yield* chunksOf(file, from);
    } finally {
      await file.close();
    }
  };
  const digest = async (path: string, { signal, onBytes }: ByteWork): Promise<string> => {
    const file = await openPlain(path, 'refused');
    const hash = createHash('sha256');
    try {
      for await (const chunk of chunksOf(file, 0)) {
        signal.throwIfAborted();
        hash.update(chunk);
        onBytes(chunk.length);
      }
    } finally {
      await file.close();
    }
    return hash.digest('hex');
  };

  return {
    sizeOf: (sha256) => {
      const found = lstatSync(fileOf(sha256), { throwIfNoEntry: false });
      return found?.isFile() === true ? found.size : null;
    },
    keep: (path, links, { signal, onBytes }) => guardedAt(async () => {
      const source = await openPlain(path, links);
      const draft = join(root, `.${randomBytes(6).toString('hex')}.draft`);
      try {
        await makeDurableFolder(root);
        const target = await open(draft, 'wx', 0o600);
        const hash = createHash('sha256');
        let size = 0;
        try {
          for await (const chunk of chunksOf(source, 0)) {
            signal.throwIfAborted();
            hash.update(chunk);
            await writeWhole(target, chunk);
            size += chunk.length;
            onBytes(chunk.length);
          }
          await target.sync();
        } finally {
          await target.close();
        }
        const sha256 = hash.digest('hex');
        await put(draft, sha256);
        return { size, sha256 };
      } catch (cause) {
        await rm(draft, { force: true });
        throw cause;
      } finally {
        await source.close();
      }
    }),
    read,
    isGood: async (sha256, work) => (await digest(fileOf(sha256), work)) === sha256,
    receive: (sha256, size, from, work) => guardedAt(async () => {
      if (receiving.has(sha256)) throw new AppError('storage-busy', 'This attachment is being fetched already.', { hint: 'Wait for the sync that fetches it.' });
      receiving.add(sha256);
      const folder = dirname(fileOf(sha256));
      try {
        await makeDurableFolder(folder);
        const part = await ownPart(folder, sha256);
        const continued = await append(part, size, from, work);
        let good = (await digest(part, { signal: work.signal, onBytes: () => undefined })) === sha256;
        // What was here before may have come from somebody else who had it wrong.
        if (!good && continued > 0) {
          await rm(part, { force: true });
          await append(part, size, from, work);
          good = (await digest(part, { signal: work.signal, onBytes: () => undefined })) === sha256;
        }
        if (!good) {
          await rm(part, { force: true });
          return false;
        }
        await put(part, sha256);
        await removeParts(folder, sha256);
        return true;
      } finally {
        receiving.delete(sha256);
        // An attempt that came to nothing leaves nothing.
        for (const name of partsIn(folder, sha256)) if (lstatSync(join(folder, name)).size === 0) await rm(join(folder, name), { force: true });
      }
    }),
    hasAny: (sha256) => existsSync(fileOf(sha256)) || partsIn(dirname(fileOf(sha256)), sha256).length > 0,
    remove: (sha256) => guardedAt(async () => {
      const target = fileOf(sha256);
      const there = existsSync(target);
      rmSync(target, { force: true });
      await removeParts(dirname(target), sha256);
      if (existsSync(dirname(target))) await syncFolder(dirname(target));
      return there;
    }),
    all: async () => {
      const found: string[] = [];
      for (const folder of await foldersIn(root)) {
        for (const item of await readdir(join(root, folder), { withFileTypes: true })) {
          const sha256 = item.isFile() ? blobOf(`${BLOB_FOLDER}/${folder}/${item.name}`) : null;
          if (sha256 !== null) found.push(sha256);
        }
      }
      return found.sort();
    },
    tidy: async () => {
      const names = await readdir(root).catch((): string[] => []);
      for (const name of names.filter((one) => DRAFT.test(one))) {
        const found = await lstat(join(root, name)).catch(() => null);
        if (found?.isFile() === true && Date.now() - found.mtimeMs > OLD_DRAFT_MILLISECONDS) await rm(join(root, name), { force: true });
      }
    },
  };
}

/** Bytes of a file from an offset on, a chunk at a time; each chunk is the reader's own. */
export async function* chunksOf(file: FileHandle, from: number): AsyncGenerator<Buffer> {
  for (let at = from; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(CHUNK_BYTES), 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Opens a regular file, and nothing else. Errors: `not-found`, `bad-input`, `outside-folder` (a link where none is followed). */
export async function openPlain(path: string, links: 'followed' | 'refused'): Promise<FileHandle> {
  // Without O_NONBLOCK, opening a named pipe would wait for a writer.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (links === 'refused' ? (constants.O_NOFOLLOW ?? 0) : 0);
  const file = await open(path, flags).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') throw new AppError('not-found', `There is no file ${path}.`, { details: { path } });
    if (cause.code === 'ELOOP') throw notPlain(path, 'file');
    throw cause;
  });
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new AppError('bad-input', `${path} is not a file.`, { details: { path } });
}

export async function writeWhole(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}

/** Appends what is still wanting, never more than `size` in all, and gives where it began. The bytes are on the disk afterwards. */
async function append(part: string, size: number, open_: (from: number) => Promise<AsyncIterable<Buffer> | null>, { signal, onBytes }: ByteWork): Promise<number> {
  const file = await open(part, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0), 0o600);
  try {
    const before = (await file.stat()).size;
    const from = before > size ? 0 : before;
    if (from !== before) await file.truncate(0);
    if (from < size) {
      onBytes(from);
      let done = from;
      for await (const chunk of (await open_(from)) ?? []) {
        signal.throwIfAborted();
        const some = chunk.subarray(0, size - done);
        await writeWhole(file, some);
        done += some.length;
        onBytes(some.length);
        // Whatever comes beyond what the entry says is none of it.
        if (done === size) break;
      }
    }
    await file.sync();
    return from;
  } finally {
    await file.close();
  }
}

/** The file to go on with: one that a process left which runs no more, under the name of this one. */
async function ownPart(folder: string, sha256: string): Promise<string> {
  const own = join(folder, `${sha256}.${process.pid}.part`);
  for (const name of partsIn(folder, sha256)) {
    if (join(folder, name) === own) return own;
    if (isRunning(Number(PART.exec(name)?.[2]))) continue;
    await rename(join(folder, name), own);
    return own;
  }
  return own;
}

async function removeParts(folder: string, sha256: string): Promise<void> {
  for (const name of partsIn(folder, sha256)) {
    const pid = Number(PART.exec(name)?.[2]);
    if (pid === process.pid || !isRunning(pid)) await rm(join(folder, name), { force: true });
  }
}

function partsIn(folder: string, sha256: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => PART.exec(name)?.[1] === sha256) : [];
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    // It runs, and belongs to somebody else.
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function foldersIn(root: string): Promise<string[]> {
  const items = await readdir(root, { withFileTypes: true }).catch(() => []);
  return items.filter((item) => item.isDirectory() && /^[0-9a-f]{2}$/.test(item.name)).map(({ name }) => basename(name));
}
