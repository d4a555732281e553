import { constants } from 'node:fs';
import { open, opendir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bindEvidence } from '../../core/evidence/bind-evidence.ts';
import { readEvidence, type RawFile } from '../../core/evidence/read-evidence.ts';
import { AppError } from '../../core/model/errors.ts';
import type { EvidenceItem, EvidenceLimits, EvidenceManifest } from '../../core/model/evidence.ts';
import { validateSbom } from '../../core/sbom/validate-sbom.ts';
import { sha256Of } from '../../core/workflow/canonical.ts';
import type { Hasher } from './hashing.ts';
import { writeText } from './text-files.ts';

const HEAD = 64 * 1024;
const MAX_FILES = 100_000;
const MAX_FOLDER_DEPTH = 64;
/** Folders that are no output: the repository's own store, and a signing that was cut off. */
const PASSED_OVER = /^(?:\.git|\.countersign-.*)$/;
const MANIFEST = 'evidence-manifest.json';

export interface FolderWork {
  readonly hasher: Hasher;
  readonly signal: AbortSignal;
  readonly progress: (item: string, done: number, total: number) => void;
}

interface Found {
  /** Relative to the folder, with `/`. A name that is not UTF-8 is shown with replacement characters. */
  readonly path: string;
  readonly size: number | null;
  /** Why it is not read; null for a regular file. */
  readonly notAFile: string | null;
}

/**
 * Lists every file of a folder as evidence, bound by the manifests that lie in it. Links are never followed. One
 * file's text is in memory at a time. Errors: `not-found`, `bad-input`, `too-large`, `cancelled`.
 */
export async function listEvidence(directory: string, options: FolderWork & { readonly limits: EvidenceLimits }): Promise<EvidenceItem[]> {
  const folder = await existingFolder(directory);
  const found = await walk(folder, options.signal);
  const items: EvidenceItem[] = [];
  for (const [index, file] of found.entries()) {
    options.signal.throwIfAborted();
    options.progress(file.path, index, found.length);
    items.push(await readOne(folder, file, options));
  }
  return bindEvidence(items);
}

/** Writes `evidence-manifest.json` over every regular file of a folder but itself and its signature (FORMATS §2). */
export async function writeManifest(
  directory: string, options: FolderWork & { readonly commit: string; readonly run: string | null },
): Promise<{ path: string; manifest: EvidenceManifest }> {
  const folder = await existingFolder(directory);
  const found = (await walk(folder, options.signal)).filter(({ path, notAFile }) => notAFile === null && path !== MANIFEST && path !== `${MANIFEST}.asc`);
  let done = 0;
  const files = await Promise.all(
    found.map(async ({ path }) => {
      const { sha256 } = await options.hasher.hash(join(folder, path), { signal: options.signal });
      done += 1;
      options.progress(path, done, found.length);
      return { path, sha256 };
    }),
  );
  if (files.length === 0) throw new AppError('bad-input', `${folder} holds no file that a manifest could bind.`, { hint: 'Name the folder that CI wrote its reports to.', details: { path: folder } });
  const manifest: EvidenceManifest = { v: 1, commit: options.commit, run: options.run, files };
  const { path } = await writeText(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  return { path, manifest };
}

/** Reads bytes that are held already, such as a file of a commit. */
export function readBytesAsEvidence(path: string, bytes: Uint8Array, limits: EvidenceLimits): EvidenceItem {
  return readEvidence({ path, size: bytes.length, sha256: sha256Of(bytes), ...textsOf(Buffer.from(bytes), bytes.length) }, limits);
}

async function readOne(folder: string, file: Found, { hasher, signal, limits }: FolderWork & { readonly limits: EvidenceLimits }): Promise<EvidenceItem> {
  if (file.notAFile !== null) return unread(file, 'not-a-file', file.notAFile);
  const most = Math.max(limits.bytes.default, ...Object.values(limits.bytes));
  const raw = await readRaw(join(folder, file.path), file.path, most, hasher, signal).catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    return cause instanceof Error ? cause : new Error(String(cause));
  });
  if (raw instanceof Error) return unread(file, 'unreadable', `it could not be read: ${raw.message}`);
  const item = readEvidence(raw, limits);
  if (item.content.type !== 'sbom' || raw.text === null) return item;
  return { ...item, content: { ...item.content, schemaErrors: await validateSbom(raw.text) } };
}

/** A large file is only hashed, on a thread of its own; one that a parser may read is read and hashed here at once. */
async function readRaw(path: string, shown: string, most: number, hasher: Hasher, signal: AbortSignal): Promise<RawFile> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(size, HEAD));
    await file.read(head, 0, head.length, 0);
    const headIsText = textsOf(head, size).headText !== null;
    if (size > most || !headIsText) {
      const digest = await hasher.hash(path, { signal });
      return { path: shown, size: digest.size, sha256: digest.sha256, ...textsOf(head, size), text: null };
    }
    const bytes = await file.readFile();
    return { path: shown, size: bytes.length, sha256: sha256Of(bytes), ...textsOf(bytes, bytes.length) };
  } finally {
    await file.close();
  }
}

function textsOf(bytes: Buffer, size: number): Pick<RawFile, 'head' | 'text'> & { readonly headText: string | null } {
  const head = bytes.subarray(0, HEAD);
  // The head may end within a character; only its last three bytes can be such a beginning.
  const headText = head.includes(0) ? null : decoded(head, size > head.length);
  return { head, headText, text: headText === null || bytes.length < size ? null : decoded(bytes, false) };
}

function decoded(bytes: Uint8Array, cut: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    return null;
  }
}

async function existingFolder(directory: string): Promise<string> {
  const folder = resolve(directory);
  const found = await stat(folder).catch(() => null);
  if (found === null) throw new AppError('not-found', `There is no folder ${folder}.`, { details: { path: folder } });
  if (!found.isDirectory()) throw new AppError('bad-input', `${folder} is not a folder.`, { details: { path: folder } });
  return folder;
}

async function walk(folder: string, signal: AbortSignal): Promise<Found[]> {
  const found: Found[] = [];
  const visit = async (inside: string, depth: number): Promise<void> => {
    signal.throwIfAborted();
    if (depth > MAX_FOLDER_DEPTH) {
      found.push({ path: inside, size: null, notAFile: `it lies deeper than ${MAX_FOLDER_DEPTH} folders` });
      return;
    }
    for await (const entry of await opendir(join(folder, inside))) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!PASSED_OVER.test(entry.name)) await visit(path, depth + 1);
        continue;
      }
      if (found.length >= MAX_FILES) {
        throw new AppError('too-large', `${folder} holds more than ${MAX_FILES} files.`, { hint: 'Name the folder that holds the reports and artifacts only.', details: { path: folder } });
      }
      const what = entry.isFile() ? null : entry.isSymbolicLink() ? 'it is a symbolic link, which is not followed' : 'it is not a regular file';
      found.push({ path, size: null, notAFile: what });
    }
  };
  await visit('', 0);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function unread(file: Found, code: 'not-a-file' | 'unreadable', message: string): EvidenceItem {
  return {
    file: { path: file.path, sha256: null, size: file.size, kind: 'unrecognised', tool: null, produced: null, counts: null, binding: 'none', problem: { code, message } },
    commit: null,
    content: { type: 'opaque' },
  };
}
