import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../core/model/errors.ts';
import { parseChecksums } from '../../core/signing/checksums.ts';
import type { KeySource, OpenPgp, SecondOpinion, SignatureCheck } from '../../core/signing/openpgp.ts';
import { CHECKSUMS_FILE } from '../../core/signing/sign-release.ts';
import type { Sidecars } from '../../core/signing/verify-artifact.ts';
import { firstThere, MAX_CHECKSUM_BYTES, readSignedChecksums, verifyCleartext } from './signed-checksums.ts';

/** gpg is asked for its own verdict on files up to this size: above, it would only read the same bytes for as long again. */
const MAX_SECOND_OPINION_BYTES = 64 * 1024 * 1024;

export interface FileVerification {
  readonly check: SignatureCheck;
  readonly opinion: SecondOpinion | null;
  readonly checksum: Sidecars['checksum'];
  readonly listed: Sidecars['listed'];
  /** The signature file that was read, null when there is none. */
  readonly signature: string | null;
  /** The signed list of checksums that covers it; null where a signature of its own was read. */
  readonly through: string | null;
}

interface FileRequest {
  readonly artifact: string;
  readonly signature: string | null;
  readonly keys: KeySource;
  readonly at: Date;
  readonly signal: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
  readonly hash: (path: string) => Promise<string>;
}

/**
 * Gathers what lies beside an artifact: `NAME.asc` (or the signature named), `NAME.sha256` and `SHA256SUMS`; a text
 * that carries its own signature needs none. Without a signature the artifact's bytes are still hashed. Errors:
 * `not-found`, `bad-input`, `environment`.
 */
export async function verifyFile(openpgp: OpenPgp, request: FileRequest): Promise<FileVerification> {
  const { keys, at, signal, onBytes } = request;
  const artifact = resolve(request.artifact);
  const found = await stat(artifact).catch(() => null);
  if (found === null) throw new AppError('not-found', `There is no file ${artifact}.`, { details: { path: artifact } });
  if (!found.isFile()) throw new AppError('bad-input', `${artifact} is not a file.`, { hint: 'Name the artifact itself; countersign verify-folder verifies a whole folder.', details: { path: artifact } });
  const name = basename(artifact);
  const beside = {
    checksum: await digestSaid(`${artifact}.sha256`, name),
    listed: name === CHECKSUMS_FILE ? ('absent' as const) : await digestSaid(join(dirname(artifact), CHECKSUMS_FILE), name),
  };
  const signature = request.signature === null ? await firstThere([`${artifact}.asc`, `${artifact}.sig`]) : resolve(request.signature);
  if (signature === null) {
    const own = found.size <= MAX_CHECKSUM_BYTES ? await verifyCleartext(await readFile(artifact), keys, at) : null;
    if (own !== null) return { ...beside, check: own.check, opinion: null, signature: artifact, through: null };
    const covered = await verifyThroughList(artifact, join(dirname(artifact), CHECKSUMS_FILE), request, openpgp);
    if (covered !== null) return { ...beside, ...covered, opinion: null };
    const sha256 = await request.hash(await realpath(artifact));
    return { ...beside, check: { signatures: [], unreadable: null, sha256, certificates: new Uint8Array(0) }, opinion: null, signature, through: null };
  }
  // A clearsigned list of checksums may be what was given as the signature.
  const list = request.signature === null ? null : await verifyThroughList(artifact, signature, request, openpgp);
  if (list !== null && list.signature === signature) return { ...beside, ...list, opinion: null };
  const check = await openpgp.verify({ signature, data: artifact, keys, at, signal, ...(onBytes === undefined ? {} : { onBytes }) });
  const isGood = check.signatures.some(({ status }) => status === 'good');
  const opinion = isGood && found.size <= MAX_SECOND_OPINION_BYTES ? await openpgp.secondOpinion({ signature, data: artifact, certificates: check.certificates, signal }) : null;
  return { ...beside, check, opinion, signature, through: null };
}

/**
 * What covers a file that has no signature of its own: a signed list of checksums that names it (policy §7.1, erratum).
 * The signatures are the list's; the digest is of the file itself, as it was read here.
 */
async function verifyThroughList(artifact: string, sums: string, request: FileRequest, openpgp: OpenPgp): Promise<Pick<FileVerification, 'check' | 'signature' | 'through' | 'listed'> | null> {
  const list = await readSignedChecksums(sums, { verify: openpgp.verify, keys: request.keys, at: request.at }, request.signal);
  const said = new Set(list?.lines.filter(({ name }) => name.replace(/^\.\//, '') === basename(artifact)).map(({ sha256 }) => sha256));
  const [only] = said;
  if (list === null || only === undefined) return null;
  const sha256 = await request.hash(await realpath(artifact));
  return { check: { ...list.check, sha256 }, signature: list.signature, through: sums, listed: said.size > 1 ? 'unreadable' : only };
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
