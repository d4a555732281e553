import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../core/model/errors.ts';
import { formatChecksum } from '../../core/signing/checksums.ts';
import { assertSignableNames, CHECKSUMS_FILE, checksumsFileOf, sidecarsOf, type SignedArtifact, type UnseenArtifact } from '../../core/signing/sign-release.ts';
import type { FileDigest } from './hashing.ts';
import { assertAsShown, inSingleFile, type FileSigner, type SignOptions } from './sign-files.ts';

export interface SignRequest {
  readonly files: readonly string[];
  /** Artifacts that are not here: `SHA256SUMS` covers them by their digest. */
  readonly unseen: readonly UnseenArtifact[];
  /** Digests that were shown before, by name: anything else is not signed. */
  readonly shown: Readonly<Record<string, string>>;
  /** `each`: a signature for every file and for `SHA256SUMS`; `manifest`: for `SHA256SUMS` alone. */
  readonly cover: 'each' | 'manifest';
  readonly out: string;
  readonly replace: boolean;
  readonly signal: AbortSignal;
  readonly progress: (stage: 'read' | 'key', item: string, bytes: number, total: number) => void;
}

export interface SignedRelease {
  readonly folder: string;
  readonly artifacts: readonly SignedArtifact[];
  readonly written: readonly { readonly path: string; readonly sha256: string }[];
}

/** Reads a file without signing it. */
type Hash = (path: string, options: SignOptions) => Promise<FileDigest>;

/**
 * Signs files into a release folder: the artifact (copied there if it lies elsewhere), `NAME.asc`, `NAME.sha256`,
 * `SHA256SUMS` and `SHA256SUMS.asc`. Each file is read once: the same bytes are hashed, signed and copied; several are
 * read at once, and come to the key one at a time. Everything is made in a folder of its own and moved into place at
 * the end; on any failure nothing is left. Errors: `bad-input`, `not-found`, `already-exists`, `outside-folder`,
 * `verification-failed` where a file is not what was shown, and those of the key.
 */
export async function signIntoFolder(signer: FileSigner, hash: Hash, request: SignRequest): Promise<SignedRelease> {
  const sources = request.files.map((file) => resolve(file));
  assertSignableNames([...sources.map((source) => basename(source)), ...request.unseen.map(({ name }) => name)]);
  const folder = resolve(request.out);
  const total = (await Promise.all(sources.map(sizeOf))).reduce((sum, size) => sum + size, 0);
  if (!request.replace) await assertNothingThere(folder, sources);
  await mkdir(folder, { recursive: true });
  const staging = await mkdtemp(join(folder, '.countersign-'));
  try {
    const artifacts = await signAll(signer, hash, request, { sources, folder, staging, total });
    const sums = checksumsFileOf([...artifacts, ...request.unseen]);
    request.progress('key', CHECKSUMS_FILE, total, total);
    const sumsSignature = await signer.signText(sums, request.signal);
    const texts = new Map<string, string>();
    for (const artifact of artifacts) {
      if (artifact.signature !== null) texts.set(sidecarsOf(artifact.name).signature, artifact.signature);
      texts.set(sidecarsOf(artifact.name).checksum, formatChecksum(artifact));
    }
    texts.set(CHECKSUMS_FILE, sums);
    texts.set(`${CHECKSUMS_FILE}.asc`, sumsSignature);
    for (const [name, text] of texts) await writeDurably(join(staging, name), text);

    const copied = artifacts.filter((_, index) => dirname(sources[index] ?? '') !== folder).map(({ name }) => name);
    request.signal.throwIfAborted();
    for (const name of [...copied, ...texts.keys()]) await rename(join(staging, name), join(folder, name));
    return {
      folder,
      artifacts,
      written: [
        ...copied.map((name) => ({ path: join(folder, name), sha256: artifacts.find((artifact) => artifact.name === name)?.sha256 ?? '' })),
        ...[...texts].map(([name, text]) => ({ path: join(folder, name), sha256: createHash('sha256').update(text).digest('hex') })),
      ],
    };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

interface Place {
  readonly sources: readonly string[];
  readonly folder: string;
  readonly staging: string;
  readonly total: number;
}

/** All files; the first that fails stops the others before they come to the key. */
async function signAll(signer: FileSigner, hash: Hash, request: SignRequest, { sources, folder, staging, total }: Place): Promise<SignedArtifact[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([request.signal, failed.signal]);
  const comesToKey = inSingleFile();
  let done = 0;
  const settled = await Promise.allSettled(
    sources.map(async (source): Promise<SignedArtifact> => {
      const name = basename(source);
      const copyTo = dirname(source) === folder ? null : join(staging, name);
      const onBytes = (bytes: number): void => {
        done += bytes;
        request.progress('read', name, done, total);
      };
      const whenRead = async ({ sha256 }: FileDigest): Promise<void> => {
        assertAsShown(name, sha256, request.shown[name]);
        if (request.cover === 'manifest') return;
        await comesToKey(work);
        signal.throwIfAborted();
        request.progress('key', name, done, total);
      };
      const options = { copyTo, signal, onBytes, whenRead };
      const work = request.cover === 'each' ? signer.signFile(source, options) : hash(source, options).then((digest) => ({ ...digest, signature: null }));
      try {
        return { name, ...(await work) };
      } catch (cause) {
        failed.abort(cause);
        throw cause;
      }
    }),
  );
  // The first failure is the cause of those that it stopped.
  if (failed.signal.aborted) throw failed.signal.reason;
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

async function sizeOf(source: string): Promise<number> {
  const found = await stat(source).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(source, cause);
  });
  if (!found.isFile()) throw new AppError('bad-input', `${source} is not a file.`, { hint: 'Name the files to sign, not their folder.', details: { path: source } });
  return found.size;
}

async function assertNothingThere(folder: string, sources: readonly string[]): Promise<void> {
  const names = sources.flatMap((source) => {
    const name = basename(source);
    const { signature, checksum } = sidecarsOf(name);
    return dirname(source) === folder ? [signature, checksum] : [name, signature, checksum];
  });
  const there: string[] = [];
  for (const name of [...names, CHECKSUMS_FILE, `${CHECKSUMS_FILE}.asc`]) {
    if (await access(join(folder, name)).then(() => true, () => false)) there.push(name);
  }
  if (there.length === 0) return;
  throw new AppError('already-exists', `${folder} already holds ${there.slice(0, 5).join(', ')}${there.length > 5 ? ` and ${there.length - 5} more` : ''}.`, {
    hint: 'Choose an empty folder, or say that they are to be replaced (--replace).', details: { folder, files: there.length },
  });
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function unreadable(path: string, cause: NodeJS.ErrnoException): AppError {
  if (cause.code === 'ENOENT') return new AppError('not-found', `There is no file ${path}.`, { details: { path }, cause });
  if (cause.code === 'ELOOP') return new AppError('outside-folder', `${path} is a symbolic link, so it is not signed.`, { hint: 'Name the file that it points to.', details: { path }, cause });
  return new AppError('environment', `${path} could not be read: ${cause.message}`, { details: { path }, cause });
}
