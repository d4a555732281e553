import type { SecretKeyPacket, SecretSubkeyPacket } from 'openpgp';
import { AppError } from '../../../core/model/errors.ts';
import type { LocalKey } from '../../../core/model/local-keys.ts';
import { prepareLocalSignature, signHeld, type PreparedSignature } from '../../../core/signing/local-signer.ts';
import { readKeyFile } from './key-files.ts';
import { describeKey, platformSecret, readPrivateKey, secretsOf, unlock, wipe } from './read-private-key.ts';

/** A local key that is unlocked, for as long as an operation lasts. */
export interface OpenedLocalKey {
  readonly described: LocalKey;
  /** The certificate, as binary packets. */
  readonly certificate: Uint8Array;
  /** Begins one detached signature; what is prepared is good for one digest. */
  readonly prepare: (created: Date) => PreparedSignature;
  /** Detached and armored, over what is held. */
  readonly sign: (data: Uint8Array, created: Date) => Promise<string>;
}

/**
 * Unlocks the key of a file that signs. The passphrase is asked for only where the key could sign. Errors: `not-found`,
 * `malformed`, `key-unusable` (expired, revoked, may not sign, secret missing), `pin-failed` (wrong passphrase).
 */
export async function openLocalKey(path: string, passphrase: () => Promise<string>, now: Date = new Date()): Promise<OpenedLocalKey> {
  const key = await readPrivateKey(await readKeyFile(path), path);
  const { described, candidate } = describeKey(key, path, now);
  assertUsable(described);
  const packet = secretsOf(key).find((secret) => secret.getFingerprint().toUpperCase() === candidate.key.fingerprint) as SecretKeyPacket | SecretSubkeyPacket;
  if (packet.isDecrypted()) throw unprotected(path);
  await unlock(packet, await passphrase());
  try {
    const unlocked = { key: candidate.key, secret: platformSecret(packet, candidate.key) };
    return { described, certificate: key.toPublic().write(), prepare: (created) => prepareLocalSignature(unlocked, created), sign: (data, created) => signHeld(unlocked, data, created) };
  } finally {
    wipe([packet]);
  }
}

const WORDS: Readonly<Record<Exclude<LocalKey['unusable'], null>, readonly [string, string]>> = {
  'expired': ['has expired', 'Rotate it: countersign keys rotate'],
  'revoked': ['is revoked', 'Choose another key; countersign keys list shows them.'],
  'cannot-sign': ['may not sign, by its own certificate or its kind', 'Choose another key; countersign keys list shows them.'],
  'secret-missing': ['has no secret part in this file that signs', 'Export it from where its secret is, or sign with it through gpg.'],
};

function assertUsable({ fingerprint, unusable, file }: LocalKey): void {
  if (unusable === null) return;
  const [words, hint] = WORDS[unusable];
  throw new AppError('key-unusable', `The key ${fingerprint} ${words}.`, { hint, details: { fingerprint, why: unusable, file } });
}

export function unprotected(path: string): AppError {
  return new AppError('key-unusable', `The private key ${path} has no passphrase: whoever reads the file can sign with it.`, {
    hint: 'Give it one first (gpg --edit-key FINGERPRINT passwd), export it again, and destroy this file.', details: { path },
  });
}
