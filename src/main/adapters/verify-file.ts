import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../core/model/errors.ts';
import { parseChecksums } from '../../core/signing/checksums.ts';
import { readCleartext } from '../../core/openpgp/signature-file.ts';
import { SignaturesCheck, candidatesFor } from '../../core/openpgp/signature-check.ts';
import type { KeySource, OpenPgp, SecondOpinion, SignatureCheck } from '../../core/signing/openpgp.ts';
import { CHECKSUMS_FILE } from '../../core/signing/sign-release.ts';
import type { Sidecars } from '../../core/signing/verify-artifact.ts';
import { sha256Of } from '../../core/workflow/canonical.ts';

const MAX_CHECKSUM_BYTES = 4 * 1024 * 1024;
/** gpg is asked for its own verdict on files up to this size: above, it would only read the same bytes for as long again. */
const MAX_SECOND_OPINION_BYTES = 64 * 1024 * 1024;

export interface FileVerification {
  readonly check: SignatureCheck;
  readonly opinion: SecondOpinion | null;
  readonly checksum: Sidecars['checksum'];
  readonly listed: Sidecars['listed'];
  /** The signature file that was read, null when there is none. */
  readonly signature: string | null;
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
  if (!found.isFile()) throw new AppError('bad-input', `${artifact} is not a file.`, { hint: 'Name the artifact itself.', details: { path: artifact } });
  const name = basename(artifact);
  const beside = {
    checksum: await digestSaid(`${artifact}.sha256`, name),
    listed: name === CHECKSUMS_FILE ? ('absent' as const) : await digestSaid(join(dirname(artifact), CHECKSUMS_FILE), name),
  };
  const signature = request.signature === null ? await firstThere([`${artifact}.asc`, `${artifact}.sig`]) : resolve(request.signature);
  if (signature === null) {
    const own = found.size <= MAX_CHECKSUM_BYTES ? await verifyCleartext(await readFile(artifact), keys, at) : null;
    if (own !== null) return { ...beside, check: own, opinion: null, signature: artifact };
    const sha256 = await request.hash(await realpath(artifact));
    return { ...beside, check: { signatures: [], unreadable: null, sha256, certificates: new Uint8Array(0) }, opinion: null, signature };
  }
  const check = await openpgp.verify({ signature, data: artifact, keys, at, signal, ...(onBytes === undefined ? {} : { onBytes }) });
  const isGood = check.signatures.some(({ status }) => status === 'good');
  const opinion = isGood && found.size <= MAX_SECOND_OPINION_BYTES ? await openpgp.secondOpinion({ signature, data: artifact, certificates: check.certificates, signal }) : null;
  return { ...beside, check, opinion, signature };
}

/** A text that carries its own signature (RFC 9580 §7); null for anything else. Its digest is of the text alone. */
async function verifyCleartext(bytes: Uint8Array, keys: KeySource, at: Date): Promise<SignatureCheck | null> {
  const read = readCleartext(bytes);
  if (read === null) return null;
  const { message, file } = read;
  const keyring = await keys(file.signatures.flatMap((one) => ('issuers' in one ? one.issuers : [])));
  const check = new SignaturesCheck(file, keyring);
  check.update(message.signed);
  return {
    signatures: check.finish().judge(Math.floor(at.getTime() / 1000)), unreadable: file.unreadable, sha256: sha256Of(Buffer.from(message.text, 'utf8')),
    certificates: keyring.excerpt(candidatesFor(file, keyring)),
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
