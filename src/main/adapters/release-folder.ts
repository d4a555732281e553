import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { once } from 'node:events';
import type { SigningKey } from '../../core/contract/contract.ts';
import { AppError } from '../../core/model/errors.ts';
import { formatChecksum } from '../../core/signing/checksums.ts';
import type { OpenPgp } from '../../core/signing/openpgp.ts';
import { assertSignableNames, CHECKSUMS_FILE, checksumsFileOf, sidecarsOf, type SignedArtifact } from '../../core/signing/sign-release.ts';
import { Readable } from 'node:stream';

const READ_CHUNK = 1024 * 1024;

export interface SignRequest {
  readonly files: readonly string[];
  readonly out: string;
  readonly key: SigningKey;
  readonly replace: boolean;
  readonly signal: AbortSignal;
  readonly progress: (item: string, bytes: number, total: number) => void;
}

export interface SignedRelease {
  readonly folder: string;
  readonly artifacts: readonly SignedArtifact[];
  readonly written: readonly { readonly path: string; readonly sha256: string }[];
}

/**
 * Signs files into a release folder: the artifact (copied there if it lies elsewhere), `NAME.asc`, `NAME.sha256`,
 * `SHA256SUMS` and `SHA256SUMS.asc`. Each file is read once: the same bytes are hashed, signed and copied.
 * Everything is made in a folder of its own and moved into place at the end; on any failure nothing is left.
 * Errors: `bad-input`, `not-found`, `already-exists`, `outside-folder`, and those of signing.
 */
export async function signIntoFolder(openpgp: OpenPgp, request: SignRequest): Promise<SignedRelease> {
  const sources = request.files.map((file) => resolve(file));
  assertSignableNames(sources.map((source) => basename(source)));
  const folder = resolve(request.out);
  const total = (await Promise.all(sources.map(sizeOf))).reduce((sum, size) => sum + size, 0);
  if (!request.replace) await assertNothingThere(folder, sources);
  await mkdir(folder, { recursive: true });
  const staging = await mkdtemp(join(folder, '.countersign-'));
  try {
    const artifacts: SignedArtifact[] = [];
    let done = 0;
    for (const source of sources) {
      const name = basename(source);
      const copy = dirname(source) === folder ? null : join(staging, name);
      artifacts.push(
        await signOne(openpgp, request, source, copy, (bytes) => {
          done += bytes;
          request.progress(name, done, total);
        }),
      );
    }
    const sums = checksumsFileOf(artifacts);
    const sumsSignature = await openpgp.sign(request.key, Readable.from([Buffer.from(sums)]), request.signal);
    const texts = new Map<string, string>();
    for (const artifact of artifacts) {
      texts.set(sidecarsOf(artifact.name).signature, artifact.signature);
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

async function signOne(
  openpgp: OpenPgp,
  request: SignRequest,
  source: string,
  copyTo: string | null,
  onBytes: (bytes: number) => void,
): Promise<SignedArtifact> {
  const file = await open(source, constants.O_RDONLY | constants.O_NOFOLLOW).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(source, cause);
  });
  const copy = copyTo === null ? null : await open(copyTo, 'wx', 0o644);
  const hash = createHash('sha256');
  let size = 0;
  try {
    const through = new Transform({
      highWaterMark: READ_CHUNK,
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        size += chunk.length;
        onBytes(chunk.length);
        if (copy === null) done(null, chunk);
        else copy.write(chunk).then(() => done(null, chunk), (cause: Error) => done(cause));
      },
    });
    const reading = file.createReadStream({ highWaterMark: READ_CHUNK, autoClose: false });
    reading.on('error', (cause) => through.destroy(cause));
    const ended = once(through, 'end');
    // If signing fails first, this promise is not waited for: its failure has been told already.
    ended.catch(() => undefined);
    const signature = await openpgp.sign(request.key, reading.pipe(through), request.signal);
    await ended;
    await copy?.sync();
    return { name: basename(source), sha256: hash.digest('hex'), size, signature };
  } finally {
    await copy?.close();
    await file.close();
  }
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
