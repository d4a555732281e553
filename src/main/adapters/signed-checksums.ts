import { readFile, stat } from 'node:fs/promises';
import { SignaturesCheck, candidatesFor } from '../../core/openpgp/signature-check.ts';
import { readCleartext } from '../../core/openpgp/signature-file.ts';
import { parseChecksums, type ChecksumLine } from '../../core/signing/checksums.ts';
import type { KeySource, OpenPgp, SignatureCheck } from '../../core/signing/openpgp.ts';
import { sha256Of } from '../../core/workflow/canonical.ts';

export const MAX_CHECKSUM_BYTES = 4 * 1024 * 1024;

/** Who verifies, by whose keys, and as of when. */
export interface Verifier {
  readonly verify: OpenPgp['verify'];
  readonly keys: KeySource;
  readonly at: Date;
}

/** A list of checksums and the signatures over it: what it lists is as good as they are. */
export interface SignedChecksums {
  readonly lines: readonly ChecksumLine[];
  readonly check: SignatureCheck;
  /** The file that holds the signatures. */
  readonly signature: string;
}

/**
 * Reads a signed list of checksums: `SHA256SUMS` with a detached signature beside it, or a list that carries its own
 * (clearsigned). Null where there is no list, it cannot be read as one, or nobody signed it. The lines are those of the
 * very bytes that were verified.
 */
export async function readSignedChecksums(path: string, verifier: Verifier, signal: AbortSignal): Promise<SignedChecksums | null> {
  for (const place of [path, `${path}.asc`]) {
    const bytes = await readSmall(place);
    const own = bytes === null ? null : await verifyCleartext(bytes, verifier.keys, verifier.at);
    if (own === null) continue;
    const lines = parseChecksums(own.text.endsWith('\n') ? own.text : `${own.text}\n`);
    return lines === null ? null : { lines, check: own.check, signature: place };
  }
  const signature = await firstThere([`${path}.asc`, `${path}.sig`, `${path}.gpg`]);
  const bytes = await readSmall(path);
  const lines = bytes === null ? null : parseChecksums(bytes.toString('utf8'));
  if (signature === null || bytes === null || lines === null) return null;
  const check = await verifier.verify({ signature, data: path, keys: verifier.keys, at: verifier.at, signal });
  return check.sha256 === sha256Of(bytes) ? { lines, check, signature } : null;
}

/** A text that carries its own signature (RFC 9580 §7); null for anything else. Its digest is of the text alone. */
export async function verifyCleartext(bytes: Uint8Array, keys: KeySource, at: Date): Promise<{ readonly check: SignatureCheck; readonly text: string } | null> {
  const read = readCleartext(bytes);
  if (read === null) return null;
  const { message, file } = read;
  const keyring = await keys(file.signatures.flatMap((one) => ('issuers' in one ? one.issuers : [])));
  const check = new SignaturesCheck(file, keyring);
  check.update(message.signed);
  return {
    text: message.text,
    check: {
      signatures: check.finish().judge(Math.floor(at.getTime() / 1000)), unreadable: file.unreadable, sha256: sha256Of(Buffer.from(message.text, 'utf8')),
      certificates: keyring.excerpt(candidatesFor(file, keyring)),
    },
  };
}

export async function firstThere(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const found = await stat(path).catch(() => null);
    if (found?.isFile() === true) return path;
  }
  return null;
}

async function readSmall(path: string): Promise<Buffer | null> {
  const found = await stat(path).catch(() => null);
  return found === null || !found.isFile() || found.size > MAX_CHECKSUM_BYTES ? null : readFile(path);
}
