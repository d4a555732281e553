import { constants, createHash, createPublicKey, privateEncrypt, publicDecrypt, randomBytes, sign, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import { AppError } from '../model/errors.ts';
import { ALGORITHM } from '../openpgp/algorithms.ts';
import { joined } from '../openpgp/octets.ts';
import { keyObject, type PublicKey } from '../openpgp/public-key.ts';
import { signaturePacket, signatureParts } from '../openpgp/signature-parts.ts';
import { writeArmor } from '../openpgp/write-armor.ts';

/** A key of a local key file whose secret is in memory, for as long as an operation lasts. */
export interface UnlockedKey {
  readonly key: PublicKey;
  readonly secret: KeyObject;
}

/** What a caller hashes, and what makes a signature of the digest: hash(`prefix` ‖ data ‖ `trailer`), then `finish`. */
export interface PreparedSignature {
  readonly hash: 'sha512';
  readonly prefix: Uint8Array;
  /** RFC 9580 §5.2.4. */
  readonly trailer: Uint8Array;
  /** Armored and detached. Error: `key-unusable` where what was made does not verify. */
  readonly finish: (digest: Uint8Array) => Promise<string>;
}

/** Whether signatures of this kind of key are made here: RSA and Ed25519, in both of its forms. */
export function signsHere({ algorithm, name }: PublicKey): boolean {
  return algorithm === ALGORITHM.rsa || algorithm === ALGORITHM.rsaSignOnly || algorithm === ALGORITHM.ed25519 || (algorithm === ALGORITHM.eddsaLegacy && name === 'Ed25519');
}

/** Begins a detached signature over a file, made at `created`. Error: `key-unusable` for kinds of key that do not sign here. */
export function prepareLocalSignature({ key, secret }: UnlockedKey, created: Date): PreparedSignature {
  if (!signsHere(key)) throw new AppError('key-unusable', `${key.name} keys do not sign here.`, { hint: 'Sign with it through gpg, or make a local key: countersign keys new', details: { fingerprint: key.fingerprint } });
  const parts = signatureParts(key, Math.floor(created.getTime() / 1000), randomBytes);
  return {
    hash: 'sha512', prefix: parts.salt, trailer: parts.trailer,
    finish: (digest) => Promise.resolve().then(() => writeArmor('SIGNATURE', signaturePacket(parts, key, digest, signDigest(key, secret, digest)))),
  };
}

/** Signs what is held in memory. */
export function signHeld(unlocked: UnlockedKey, data: Uint8Array, created: Date): Promise<string> {
  const { hash, prefix, trailer, finish } = prepareLocalSignature(unlocked, created);
  return finish(createHash(hash).update(prefix).update(data).update(trailer).digest());
}

/** DigestInfo of SHA-512 up to its digest (RFC 8017 §9.2, note 1). */
const SHA512_INFO = Uint8Array.of(0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40);

/**
 * §5.2.3.1: RSA with PKCS#1 v1.5 over the DigestInfo; §5.2.3.3, §5.2.3.4: Ed25519 with the digest as its message.
 * What was made is checked before it leaves: a signature that went wrong, or was made with numbers that somebody
 * changed in the file, can give the secret away.
 */
function signDigest(key: PublicKey, secret: KeyObject, digest: Uint8Array): Uint8Array {
  const rsa = secret.asymmetricKeyType === 'rsa';
  const info = joined(SHA512_INFO, digest);
  const signed = rsa ? privateEncrypt({ key: secret, padding: constants.RSA_PKCS1_PADDING }, info) : sign(null, digest, secret);
  const made = keyObject(key);
  const good = rsa ? isSame(publicDecrypt({ key: made, padding: constants.RSA_PKCS1_PADDING }, signed), info) : verify(null, digest, made, signed);
  if (!good) throw new AppError('key-unusable', `The key ${key.fingerprint} made a signature that does not verify.`, { hint: 'Its file is damaged: take it from your backup.', details: { fingerprint: key.fingerprint } });
  return signed;
}

/** Whether a secret is the one of a public key. */
export function belongsTo(secret: KeyObject, key: PublicKey): boolean {
  return isSame(createPublicKey(secret).export({ format: 'der', type: 'spki' }), keyObject(key).export({ format: 'der', type: 'spki' }));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
