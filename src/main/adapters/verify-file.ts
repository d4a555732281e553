import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../core/model/errors.ts';
import { parseChecksums } from '../../core/signing/checksums.ts';
import type { OpenPgp, SignatureCheck } from '../../core/signing/openpgp.ts';
import { CHECKSUMS_FILE } from '../../core/signing/sign-release.ts';
import type { Sidecars } from '../../core/signing/verify-artifact.ts';

const MAX_CHECKSUM_BYTES = 4 * 1024 * 1024;

export interface FileVerification {
  readonly check: SignatureCheck;
  readonly checksum: Sidecars['checksum'];
  readonly listed: Sidecars['listed'];
  /** The signature file that was read, null when there is none. */
  readonly signature: string | null;
}

/**
 * Gathers what lies beside an artifact: `NAME.asc` (or the signature named), `NAME.sha256` and `SHA256SUMS`.
 * Without a signature of its own the artifact's bytes are still hashed. Errors: `not-found`, `too-large`.
 */
export async function verifyFile(
  openpgp: OpenPgp,
  request: {
    readonly artifact: string; readonly signature: string | null; readonly keyring: string | null;
    readonly signal: AbortSignal; readonly onBytes?: (bytes: number) => void;
    readonly hash: (path: string) => Promise<string>;
  },
): Promise<FileVerification> {
  const artifact = resolve(request.artifact);
  const found = await stat(artifact).catch(() => null);
  if (found === null) throw new AppError('not-found', `There is no file ${artifact}.`, { details: { path: artifact } });
  if (!found.isFile()) throw new AppError('bad-input', `${artifact} is not a file.`, { hint: 'Name the artifact itself.', details: { path: artifact } });
  const name = basename(artifact);
  const signature = request.signature === null ? await firstThere([`${artifact}.asc`, `${artifact}.sig`]) : resolve(request.signature);
  const { signal, keyring, onBytes } = request;
  const check: SignatureCheck =
    signature === null
      ? { signatures: [], unreadable: null, sha256: await request.hash(artifact) }
      : await openpgp.verify({ signature, data: artifact, keyring, signal, ...(onBytes === undefined ? {} : { onBytes }) });
  return {
    check,
    signature,
    checksum: await digestSaid(`${artifact}.sha256`, name),
    listed: name === CHECKSUMS_FILE ? 'absent' : await digestSaid(join(dirname(artifact), CHECKSUMS_FILE), name),
  };
}

async function digestSaid(path: string, name: string): Promise<Sidecars['checksum']> {
  const found = await stat(path).catch(() => null);
  if (found === null) return 'absent';
  if (!found.isFile() || found.size > MAX_CHECKSUM_BYTES) return 'unreadable';
  const lines = parseChecksums((await readFile(path)).toString('utf8'));
  if (lines === null) return 'unreadable';
  const said = new Set(lines.filter((line) => line.name === name).map(({ sha256 }) => sha256));
  const [only] = said;
  // Two different digests for one name say nothing.
  return said.size > 1 ? 'unreadable' : (only ?? 'names-another');
}

async function firstThere(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const found = await stat(path).catch(() => null);
    if (found?.isFile() === true) return path;
  }
  return null;
}
