import { isAscii, isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bindEvidence } from '../../core/evidence/bind-evidence.ts';
import type { LargeDocument } from '../../core/evidence/large-json.ts';
import { readEvidence, type RawFile } from '../../core/evidence/read-evidence.ts';
import { AppError } from '../../core/model/errors.ts';
import { EvidenceManifest, type EvidenceItem, type EvidenceLimits, type EvidenceProblem } from '../../core/model/evidence.ts';
import { sha256Of } from '../../core/workflow/canonical.ts';
import type { Hasher } from './hashing.ts';
import { heldAgainstItsSchema } from './published-schemas.ts';
import { asUtf8, strictText } from './text-encoding.ts';
import { writeText } from './text-files.ts';

const HEAD = 64 * 1024;
/** As many as a manifest may list (FORMATS §2). */
const MAX_FILES = 100_000;
const MAX_FOLDER_DEPTH = 64;
/** How many files wait for a hashing thread; more would only be held in memory. */
const MAX_WAITING = 64;
/** What is no output: the repository's own store, and a signing that was cut off. */
const PASSED_OVER = /^(?:\.git$|\.countersign-)/;
const MANIFEST = 'evidence-manifest.json';

export interface FolderWork {
  readonly hasher: Hasher;
  readonly signal: AbortSignal;
  readonly progress: (item: string, done: number, total: number) => void;
}

interface Found {
  /** Relative to the folder, with `/`; bytes that are not UTF-8 are written `\xNN`. */
  readonly path: string;
  /** Why it is not read; null for a regular file. */
  readonly problem: EvidenceProblem | null;
}

/** A file as far as it was read: the beginning always, the text only where a reader may have it. */
interface Opened {
  readonly head: Uint8Array;
  readonly size: number;
  /** All of it; null where it is no text, or larger than every limit. */
  readonly bytes: Buffer | null;
  /** Of the very bytes that were read; null where they were not read whole. */
  readonly sha256: string | null;
}

/**
 * Lists every file of a folder as evidence, bound by the manifests that lie in it. Links are never followed, and one
 * file's text is in memory at a time. Errors: `not-found`, `bad-input`, `too-large`, `environment`, `cancelled`.
 */
export async function listEvidence(directory: string, options: FolderWork & { readonly limits: EvidenceLimits }): Promise<EvidenceItem[]> {
  const { signal, progress } = options;
  const folder = await existingFolder(directory);
  const found = await walk(folder, signal);
  const items: EvidenceItem[] = [];
  const waiting = new Set<Promise<void>>();
  try {
    for (const [index, file] of found.entries()) {
      stopIfCancelled(signal);
      progress(file.path, index, found.length);
      const { item, digest } = await readOne(folder, file, options);
      items[index] = item;
      if (digest === null) continue;
      const hashing = digest.then((done) => {
        items[index] = done;
      }).finally(() => waiting.delete(hashing));
      waiting.add(hashing);
      // It is waited for below; until then a failure is not one that nobody looks at.
      hashing.catch(() => undefined);
      if (waiting.size >= MAX_WAITING) await Promise.race(waiting);
    }
    await Promise.all(waiting);
  } catch (cause) {
    await Promise.allSettled(waiting);
    stopIfCancelled(signal);
    throw cause;
  }
  progress('', found.length, found.length);
  return bindEvidence(items);
}

/**
 * Writes `evidence-manifest.json` over every regular file of a folder but itself and its signature, whole or not at
 * all (FORMATS §2). Errors: `not-found`, `bad-input`, `too-large`, `environment`, `cancelled`.
 */
export async function writeManifest(
  directory: string, options: FolderWork & { readonly commit: string; readonly run: string | null },
): Promise<{ path: string; manifest: EvidenceManifest }> {
  const { commit, run, hasher, signal, progress } = options;
  const folder = await existingFolder(directory);
  const found = (await walk(folder, signal)).filter(({ path, problem }) => problem?.code !== 'not-a-file' && path !== MANIFEST && path !== `${MANIFEST}.asc`);
  const hidden = found.find(({ problem }) => problem !== null);
  if (hidden !== undefined) {
    throw new AppError('bad-input', `${hidden.path} cannot be listed: ${hidden.problem?.message ?? ''}.`, {
      hint: 'Rename it, make it readable, or keep it out of the folder: a manifest names every file.', details: { path: hidden.path },
    });
  }
  if (found.length === 0) {
    throw new AppError('bad-input', `${folder} holds no file that a manifest could bind.`, { hint: 'Name the folder that CI wrote its reports to.', details: { path: folder } });
  }
  let done = 0;
  const hashed = found.map(async ({ path }) => {
    const { sha256 } = await hasher.hash(join(folder, path), { signal });
    done += 1;
    progress(path, done, found.length);
    return { path, sha256 };
  });
  // All are waited for, so that none goes on behind a failure.
  await Promise.allSettled(hashed);
  stopIfCancelled(signal);
  const parsed = EvidenceManifest.safeParse({ v: 1, commit, run, files: await Promise.all(hashed) });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AppError('bad-input', `A manifest cannot be written: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}.`, { details: { path: folder } });
  }
  const { path } = await writeText(join(folder, MANIFEST), `${JSON.stringify(parsed.data, null, 2)}\n`);
  return { path, manifest: parsed.data };
}

/** Reads bytes that are held already. What has a published schema is not held against it: see `readDocument`. */
export function readBytesAsEvidence(path: string, bytes: Uint8Array, limits: EvidenceLimits): EvidenceItem {
  return readEvidence(heldFile(path, bytes, limits), limits);
}

/** Reads a file of a commit, held against its published schema where its kind has one. */
export async function readDocument(path: string, bytes: Uint8Array, limits: EvidenceLimits): Promise<EvidenceItem> {
  return readHeld(heldFile(path, bytes, limits), limits);
}

function heldFile(path: string, bytes: Uint8Array, limits: EvidenceLimits): HeldFile {
  const held = bytes.length > largest(limits) ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new HeldFile(path, { size: bytes.length, sha256: sha256Of(bytes), head: bytes.subarray(0, HEAD), bytes: held });
}

async function readHeld(held: HeldFile, limits: EvidenceLimits): Promise<EvidenceItem> {
  let document: unknown;
  const item = readEvidence(held, limits, (parsed) => {
    document = parsed;
  });
  return heldAgainstItsSchema(item, document, () => held.text ?? '');
}

/** The item, and where its digest is still to come, the item as it is then: a large file is hashed on another thread. */
async function readOne(
  folder: string, file: Found, { hasher, signal, limits }: FolderWork & { readonly limits: EvidenceLimits },
): Promise<{ readonly item: EvidenceItem; readonly digest: Promise<EvidenceItem> | null }> {
  const { path, problem } = file;
  if (problem !== null) return { item: unread(path, problem), digest: null };
  const full = join(folder, path);
  const opened = await openAndRead(full, largest(limits)).catch((cause: unknown) => problemOf(cause));
  if ('code' in opened) return { item: unread(path, opened), digest: null };
  const { sha256 } = opened;
  const held = new HeldFile(path, opened);
  if (sha256 === null) {
    const item = readEvidence(held, limits);
    const digest = hasher.hash(full, { signal }).then(
      (hashed) => ({ ...item, file: { ...item.file, ...hashed } }),
      (cause: unknown) => {
        stopIfCancelled(signal);
        return unread(path, problemOf(cause));
      },
    );
    return { item, digest };
  }
  return { item: await readHeld(held, limits), digest: null };
}

/**
 * Reads a file once: its digest is of the bytes that the reader sees, so that nobody can change it in between. What
 * is no text, or larger than every limit, is left for a hashing thread.
 */
async function openAndRead(path: string, most: number): Promise<Opened> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await file.stat();
    if (!found.isFile()) throw Object.assign(new Error('it is not a regular file'), { code: 'NOT_A_FILE' });
    const head = Buffer.alloc(Math.min(found.size, HEAD));
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const begin = head.subarray(0, bytesRead);
    if (found.size > most || isBinary(begin)) return { head: begin, size: found.size, bytes: null, sha256: null };
    const bytes = await readAtMost(file, most);
    if (bytes === null) return { head: begin, size: found.size, bytes: null, sha256: null };
    return { head: Uint8Array.from(bytes.subarray(0, HEAD)), size: bytes.length, bytes, sha256: sha256Of(bytes) };
  } finally {
    await file.close();
  }
}

/** Bytes of zero are in no report but one of UTF-16; what begins like one is read all the same, and told to be broken. */
function isBinary(head: Buffer): boolean {
  const utf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  return head.includes(0) && !utf16 && !/^\s*[{[<]/.test(head.toString('latin1', 0, 100));
}

/** A file may grow while it is read; null where it grew beyond what may be read. */
async function readAtMost(file: Awaited<ReturnType<typeof open>>, most: number): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let total = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(Math.min(Math.max(HEAD, (await file.stat()).size - total + 1), most + 1 - total));
    const { bytesRead } = await file.read(piece, 0, piece.length, total);
    if (bytesRead === 0) return pieces.length === 1 ? (pieces[0] ?? null) : Buffer.concat(pieces);
    pieces.push(piece.subarray(0, bytesRead));
    total += bytesRead;
    if (total > most) return null;
  }
}

/** A document of more bytes than this is taken apart where its format knows how. */
const LARGE = 16 * 1024 * 1024;

/** A file that was read: its text is decoded only when a reader asks for it, its bytes are handed on where it is large. */
class HeldFile implements RawFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly head: Uint8Array;
  readonly large: LargeDocument | null;
  readonly #bytes: Buffer | null;
  #text: string | null | undefined = undefined;

  constructor(path: string, { size, sha256, head, bytes }: Opened) {
    this.path = path;
    this.size = size;
    this.sha256 = sha256 ?? '';
    const readable = bytes === null ? null : asUtf8(bytes);
    this.head = readable === bytes || readable === null ? head : readable.subarray(0, HEAD);
    this.#bytes = readable;
    this.large = readable === null || readable.length <= LARGE || !isUtf8(readable) ? null : largeDocument(readable);
  }

  get text(): string | null {
    if (this.#text === undefined) this.#text = this.#bytes === null ? null : strictText(this.#bytes);
    return this.#text;
  }
}

function largeDocument(whole: Buffer): LargeDocument {
  const bytes = whole[0] === 0xef && whole[1] === 0xbb && whole[2] === 0xbf ? whole.subarray(3) : whole;
  // Both give the same text where every byte is ASCII, and one of them is quicker.
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  return { bytes, textOf: (from, to) => bytes.toString(encoding, from, to) };
}

function largest(limits: EvidenceLimits): number {
  return Math.max(...Object.values(limits.bytes));
}

async function existingFolder(directory: string): Promise<string> {
  const folder = resolve(directory);
  const found = await stat(folder).catch(() => null);
  if (found === null) throw new AppError('not-found', `There is no folder ${folder}.`, { details: { path: folder } });
  if (!found.isDirectory()) throw new AppError('bad-input', `${folder} is not a folder.`, { details: { path: folder } });
  return folder;
}

/** Every entry below a folder but folders themselves, in the order of their paths. */
async function walk(folder: string, signal: AbortSignal): Promise<Found[]> {
  const found: Found[] = [];
  const add = (path: string, problem: EvidenceProblem | null): void => {
    if (found.length >= MAX_FILES) {
      throw new AppError('too-large', `${folder} holds more than ${MAX_FILES} files.`, { hint: 'Name the folder that holds the reports and artifacts only.', details: { path: folder } });
    }
    found.push({ path, problem });
  };
  const visit = async (inside: string, depth: number): Promise<void> => {
    stopIfCancelled(signal);
    const entries = await readdir(join(folder, inside), { withFileTypes: true, encoding: 'buffer' }).catch((cause: NodeJS.ErrnoException) => {
      if (inside === '') throw new AppError('environment', `${folder} could not be read: ${cause.message}`, { details: { path: folder }, cause });
      return problemOf(cause);
    });
    if (!Array.isArray(entries)) return add(inside, entries);
    for (const entry of entries) {
      const name = strictText(entry.name);
      const path = `${inside}${inside === '' ? '' : '/'}${name ?? escaped(entry.name)}`;
      if (name !== null && PASSED_OVER.test(name)) continue;
      if (name === null) add(path, { code: 'unreadable', message: 'its name is not UTF-8, so neither a manifest nor a checksum can name it' });
      else if (entry.isDirectory() && depth >= MAX_FOLDER_DEPTH) add(path, { code: 'unreadable', message: `it lies deeper than ${MAX_FOLDER_DEPTH} folders` });
      else if (entry.isDirectory()) await visit(path, depth + 1);
      else if (entry.isFile()) add(path, null);
      else add(path, { code: 'not-a-file', message: entry.isSymbolicLink() ? 'it is a symbolic link, which is not followed' : 'it is not a regular file' });
    }
  };
  await visit('', 0);
  return found.sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

function escaped(name: Uint8Array): string {
  return Array.from(name, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`)).join('');
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'it may not be read', EPERM: 'it may not be read', ENOENT: 'it was taken away while the folder was read', EIO: 'its medium is at fault',
};

/** Why a file could not be read. One that became a link or something else since its folder was read is no file. */
function problemOf(cause: unknown): EvidenceProblem {
  const code = cause instanceof AppError ? cause.code : String((cause as { code?: unknown } | null)?.code ?? '');
  if (code === 'ELOOP' || code === 'NOT_A_FILE' || code === 'ENXIO' || code === 'outside-folder') return { code: 'not-a-file', message: 'it is not a regular file' };
  const words = WORDS[code === 'not-found' ? 'ENOENT' : code];
  return { code: 'unreadable', message: words ?? `it could not be read: ${cause instanceof Error ? cause.message : String(cause)}` };
}

function unread(path: string, problem: EvidenceProblem): EvidenceItem {
  return {
    file: { path, sha256: null, size: null, kind: 'unrecognised', tool: null, produced: null, counts: null, binding: 'none', problem },
    commit: null,
    content: { type: 'opaque' },
  };
}

function stopIfCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return;
  const reason: unknown = signal.reason;
  throw reason instanceof AppError ? reason : new AppError('cancelled', 'The work was cancelled.', { cause: reason });
}
