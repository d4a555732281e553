import { readFile } from 'node:fs/promises';
import { dirname, join, posix, resolve } from 'node:path';
import picomatch from 'picomatch';
import type { EvidenceItem } from '../../core/model/evidence.ts';
import type { Artifact } from '../../core/model/release.ts';
import { parseChecksums } from '../../core/signing/checksums.ts';
import type { SignatureCheck } from '../../core/signing/openpgp.ts';
import { CHECKSUMS_FILE } from '../../core/signing/sign-release.ts';
import { readSignedChecksums, type Verifier } from './signed-checksums.ts';

/** A `SHA256SUMS` of the outputs: what it lists, and what its own signature is worth. */
interface Sums {
  readonly path: string;
  readonly digests: ReadonlyMap<string, string>;
  readonly signature: Pick<Artifact, 'signature' | 'signer'>;
}

/**
 * Finds the artifacts among a folder's files and checks the signatures and checksums beside them.
 * An artifact is an archive or a program by its content, or a file that the policy's globs name, or one that a
 * signature or a checksum lies beside; reports are never artifacts.
 */
export async function findArtifacts(
  folder: string,
  items: readonly EvidenceItem[],
  globs: readonly string[],
  verifier: Verifier,
  signal: AbortSignal,
): Promise<Artifact[]> {
  const paths = new Set(items.map(({ file }) => file.path));
  const named = picomatch([...globs], { dot: true });
  const sums = await Promise.all(
    items.filter(({ file }) => posix.basename(file.path) === CHECKSUMS_FILE).map(({ file }) => readSums(folder, file.path, verifier, signal)),
  );
  const isArtifact = ({ file }: EvidenceItem): boolean =>
    file.kind === 'artifact' ||
    (file.kind === 'unrecognised' &&
      file.size !== null &&
      (named(file.path) || paths.has(`${file.path}.asc`) || paths.has(`${file.path}.sha256`)));

  const artifacts: Artifact[] = [];
  for (const item of items) {
    signal.throwIfAborted();
    const { path, size, sha256 } = item.file;
    if (!isArtifact(item) || size === null || sha256 === null) continue;
    const name = posix.basename(path);
    const covering = sums.filter((list) => dirname(list.path) === dirname(path) && list.digests.has(name));
    const own = paths.has(`${path}.asc`) ? await signatureOf(verifier, join(folder, `${path}.asc`), join(folder, path), signal) : null;
    const cover = covering.find((list) => list.signature.signature === 'good' && list.digests.get(name) === sha256);
    const { signature, signer } = own ?? cover?.signature ?? { signature: 'none', signer: null };
    artifacts.push({
      path, location: resolve(folder, path), name, size, sha256, signature, signer,
      checksum: await checksumOf(folder, path, sha256, paths, covering),
      coveredBy: [...(own === null ? [] : [`${path}.asc`]), ...(cover === undefined ? [] : [`${cover.path}.asc`])],
      changed: 'unknown',
    });
  }
  return artifacts;
}

async function readSums(folder: string, path: string, verifier: Verifier, signal: AbortSignal): Promise<Sums> {
  const signed = await readSignedChecksums(join(folder, path), verifier, signal);
  const lines = signed?.lines ?? parseChecksums((await readFile(join(folder, path))).toString('utf8')) ?? [];
  return {
    path, digests: new Map(lines.map(({ name, sha256 }) => [name, sha256])),
    signature: signed === null ? { signature: 'none' as const, signer: null } : summed(signed.check),
  };
}

async function checksumOf(
  folder: string, path: string, sha256: string, paths: ReadonlySet<string>, covering: readonly Sums[],
): Promise<Artifact['checksum']> {
  const said = covering.map((list) => list.digests.get(posix.basename(path)));
  if (paths.has(`${path}.sha256`)) {
    const lines = parseChecksums((await readFile(join(folder, `${path}.sha256`))).toString('utf8'));
    said.push(lines?.find(({ name }) => name === posix.basename(path))?.sha256 ?? 'unreadable');
  }
  if (said.length === 0) return 'none';
  return said.every((digest) => digest === sha256) ? 'matches' : 'differs';
}

async function signatureOf({ verify, keys, at }: Verifier, signature: string, data: string, signal: AbortSignal): Promise<Pick<Artifact, 'signature' | 'signer'>> {
  return summed(await verify({ signature, data, keys, at, signal }));
}

/** Several signatures in one file: a bad one spoils it, a good one carries it. */
function summed({ signatures }: SignatureCheck): Pick<Artifact, 'signature' | 'signer'> {
  const signer = signatures.map((signature) => signature.primary ?? signature.fingerprint).find((print) => print !== null) ?? null;
  const statuses = new Set(signatures.map(({ status }) => status));
  if (signatures.length === 0 || statuses.has('bad') || statuses.has('unreadable')) return { signature: 'bad', signer };
  const good = signatures.find(({ status }) => status === 'good');
  if (good !== undefined) return { signature: 'good', signer: good.primary ?? good.fingerprint };
  // Right by its mathematics and not good today: too weak, out of its key's time, or of a key that may not sign.
  if (['weak', 'time-conflict', 'key-unfit'].some((status) => statuses.has(status as 'weak'))) return { signature: 'bad', signer };
  if (statuses.has('revoked-key')) return { signature: 'revoked', signer };
  if (statuses.has('expired-key') || statuses.has('expired-signature')) return { signature: 'expired', signer };
  return { signature: 'unknown-key', signer };
}
