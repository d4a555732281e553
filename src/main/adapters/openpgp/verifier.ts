import { open, realpath } from 'node:fs/promises';
import { AppError } from '../../../core/model/errors.ts';
import { candidatesFor } from '../../../core/openpgp/signature-check.ts';
import { readKeyring, type Keyring } from '../../../core/openpgp/keyring.ts';
import { readSignatureFile, type SignatureFile } from '../../../core/openpgp/signature-file.ts';
import type { OpenPgp } from '../../../core/signing/openpgp.ts';
import type { Hasher } from '../hashing.ts';

const MAX_SIGNATURE_BYTES = 1024 * 1024;
const MAX_KEYRING_BYTES = 256 * 1024 * 1024;

/**
 * Verifies detached signatures by this program's own reading of RFC 9580, on the hashing threads: each file is read
 * once for its checksum and all of its signatures.
 */
export function createVerifier(hasher: Hasher): OpenPgp['verify'] {
  return async ({ signature, data, keys, at, signal, onBytes }) => {
    const bytes = await readAtMost(signature, MAX_SIGNATURE_BYTES, 'signature');
    const file: SignatureFile = bytes === null ? { signatures: [], unreadable: `it is more than ${MAX_SIGNATURE_BYTES} bytes` } : readSignatureFile(bytes);
    const options = { signal, ...(onBytes === undefined ? {} : { onBytes }) };
    // What a link leads to is what is verified; the threads follow none.
    const path = await realpath(data).catch((cause: NodeJS.ErrnoException) => {
      throw new AppError(cause.code === 'ENOENT' ? 'not-found' : 'environment', `${data} could not be read: ${cause.message}`, { details: { path: data }, cause });
    });
    if (bytes === null || file.unreadable !== null) {
      const { sha256 } = await hasher.hash(path, options);
      return { signatures: [], unreadable: file.unreadable, sha256, certificates: new Uint8Array(0) };
    }
    const keyring = await keys(file.signatures.flatMap((one) => ('issuers' in one ? one.issuers : [])));
    const certificates = keyring.excerpt(candidatesFor(file, keyring));
    const { sha256, signatures } = await hasher.verify(path, { signature: bytes, certificates, at: Math.floor(at.getTime() / 1000) }, options);
    return { signatures, unreadable: null, sha256, certificates };
  };
}

/** Reads a file of public keys. Errors: `not-found`, `environment`, `too-large`, `malformed` where it holds none. */
export async function readKeyringFile(path: string): Promise<Keyring> {
  const bytes = await readAtMost(path, MAX_KEYRING_BYTES, 'keyring');
  if (bytes === null) throw new AppError('too-large', `The keyring ${path} is more than ${MAX_KEYRING_BYTES} bytes.`, { details: { path } });
  const keyring = readKeyring(bytes);
  if (keyring.certificates.length > 0) return keyring;
  const [fault] = keyring.faults;
  throw new AppError('malformed', `The keyring ${path} holds no OpenPGP key${fault === undefined ? '' : ` that can be read: ${fault}`}.`, {
    hint: 'Export it with gpg --armor --export KEY > keyring.asc', details: { path },
  });
}

/** Null where it is larger. */
async function readAtMost(path: string, most: number, what: string): Promise<Uint8Array | null> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError(cause.code === 'ENOENT' ? 'not-found' : 'environment', `The ${what} ${path} could not be read: ${cause.message}`, { details: { path }, cause });
  });
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new AppError('bad-input', `The ${what} ${path} is not a file.`, { details: { path } });
    return found.size > most ? null : await file.readFile();
  } finally {
    await file.close();
  }
}
