import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, open, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import { AppError } from '../../../core/model/errors.ts';
import type { ImageFiles } from '../../../core/signing/image-layout.ts';
import { readableFolder } from '../archive-files.ts';
import type { Hasher } from '../hashing.ts';

interface ImageWork {
  readonly hasher: Hasher;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

/** Manifests are at most this large for registries too (OCI distribution-spec, "pushing manifests"). */
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;
/** What is kept of an archive's small files, until it is known which are manifests. */
const MAX_KEPT_BYTES = 256 * 1024 * 1024;
const MAX_ENTRIES = 100_000;

/**
 * Opens an image: a folder, or a tar that is read once from front to back. Nothing is unpacked, and no link is
 * followed. Errors: `not-found`, `bad-input`, `malformed`, `outside-folder`, `too-large`, `environment`, `cancelled`.
 */
export async function openImage(path: string, work: ImageWork): Promise<ImageFiles> {
  const full = resolve(path);
  const found = await stat(full).catch(() => null);
  if (found === null) throw new AppError('not-found', `There is no image ${full}.`, { details: { path: full } });
  return found.isDirectory() ? folderFiles(await realpath(full), work) : tarFiles(full, work);
}

function folderFiles(root: string, { hasher, signal, onBytes }: ImageWork): ImageFiles {
  const folder = readableFolder(root);
  return {
    place: root,
    document: (path) => folder.read(path, MAX_DOCUMENT_BYTES),
    digest: async (path) => {
      const parents = path.split('/').slice(0, -1).map((_, at, parts) => join(root, ...parts.slice(0, at + 1)));
      for (const parent of parents) {
        const there = await lstat(parent).catch(() => null);
        if (there === null) return null;
        if (!there.isDirectory()) throw new AppError('outside-folder', `${parent} is a link or no folder, so that it is not read.`, { details: { path: parent } });
      }
      if ((await lstat(join(root, path)).catch(() => null)) === null) return null;
      return hasher.hash(join(root, path), { signal, onBytes });
    },
  };
}

interface Kept {
  readonly sha256: string;
  readonly size: number;
  /** Null where it is larger than a manifest may be. */
  readonly bytes: Uint8Array | null;
}

async function tarFiles(path: string, { signal, onBytes }: ImageWork): Promise<ImageFiles> {
  await assertPlainTar(path);
  const entries = new Map<string, Kept>();
  let kept = 0;
  try {
    const { readable, writable } = createTarDecoder({ strict: true });
    const source = createReadStream(path, { highWaterMark: 1024 * 1024, signal }).on('data', (chunk) => onBytes(chunk.length));
    const fed = Readable.toWeb(source).pipeTo(writable as Parameters<ReturnType<typeof Readable.toWeb>['pipeTo']>[0]);
    // A fault of the tar is thrown where its entries are read.
    fed.catch(() => undefined);
    for await (const entry of readable as unknown as AsyncIterable<ParsedTarEntry>) {
      const name = plainName(entry.header.name);
      if (entries.size >= MAX_ENTRIES) throw new AppError('too-large', `${path} holds more than ${MAX_ENTRIES} files.`, { details: { path } });
      const read = await readEntry(entry, MAX_KEPT_BYTES - kept);
      if (entry.header.type !== 'file') continue;
      const before = entries.get(name);
      // Whoever unpacks it takes the last one, whoever reads on the first: they must be one.
      if (before !== undefined && before.sha256 !== read.sha256) throw new AppError('malformed', `${path} holds two files named ${name}.`, { details: { path, file: name } });
      entries.set(name, read);
      kept += read.bytes?.length ?? 0;
    }
    await fed;
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    if (cause instanceof AppError) throw cause;
    throw new AppError('malformed', `${path} could not be read as a tar: ${cause instanceof Error ? cause.message : String(cause)}`, { details: { path }, cause });
  }
  return {
    place: path,
    document: (name) => {
      const entry = entries.get(name);
      if (entry === undefined) return Promise.resolve(null);
      return entry.bytes === null ? Promise.reject(new AppError('too-large', `${name} of ${path} is ${entry.size} bytes; at most ${MAX_DOCUMENT_BYTES} can be right there.`, { details: { path, file: name } })) : Promise.resolve(entry.bytes);
    },
    digest: (name) => Promise.resolve(entries.get(name) ?? null),
  };
}

async function readEntry({ body }: ParsedTarEntry, room: number): Promise<Kept> {
  const hash = createHash('sha256');
  let pieces: Uint8Array[] | null = [];
  let size = 0;
  for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
    hash.update(piece);
    size += piece.length;
    if (size > Math.min(MAX_DOCUMENT_BYTES, room)) pieces = null;
    // The decoder uses its memory again.
    pieces?.push(Uint8Array.from(piece));
  }
  return { sha256: hash.digest('hex'), size, bytes: pieces === null ? null : Buffer.concat(pieces) };
}

/** Names that would leave a folder are refused, though nothing is unpacked here: somebody else will. */
function plainName(name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || parts.includes('..')) throw new AppError('outside-folder', `The archive holds a file named ${JSON.stringify(name.slice(0, 200))}, which would be written outside of its folder.`, { details: { file: name.slice(0, 200) } });
  return parts.join('/');
}

async function assertPlainTar(path: string): Promise<void> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('environment', `${path} could not be read: ${cause.message}`, { details: { path }, cause });
  });
  const head = Buffer.alloc(512);
  const { bytesRead } = await file.read(head, 0, 512, 0).finally(() => file.close());
  if (head[0] === 0x1f && head[1] === 0x8b) throw new AppError('bad-input', `${path} is compressed with gzip.`, { hint: 'Unpack it first: gunzip --keep FILE', details: { path } });
  if (bytesRead < 512 || head.subarray(257, 262).toString('latin1') !== 'ustar') throw new AppError('bad-input', `${path} is neither a folder nor a tar.`, { hint: 'Name an OCI image layout, a tar of one, or an archive of docker save.', details: { path } });
}
