import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { enums, readPrivateKeys, type PartialConfig, type PrivateKey, type SecretKeyPacket, type SecretSubkeyPacket } from 'openpgp';
import { AppError } from '../../../core/model/errors.ts';
import type { LocalKey } from '../../../core/model/local-keys.ts';
import { rotationDue } from '../../../core/model/local-keys.ts';
import { readKeyring, type Candidate } from '../../../core/openpgp/keyring.ts';
import type { KeyState } from '../../../core/openpgp/certificate.ts';
import type { PublicKey } from '../../../core/openpgp/public-key.ts';
import { belongsTo, signsHere } from '../../../core/signing/local-signer.ts';

type SecretPacket = SecretKeyPacket | SecretSubkeyPacket;

/**
 * How secrets are protected: version 4, and the salted, iterated hash of the most octets that it counts to (65,011,712;
 * RFC 9580 §3.7.1.3). Argon2 would be stronger, and gpg 2.2 could not read it.
 */
export const PROTECTION: PartialConfig = {
  v6Keys: false, aeadProtect: false, s2kType: enums.s2k.iterated, s2kIterationCountByte: 255,
  preferredHashAlgorithm: enums.hash.sha512, showComment: false, showVersion: false,
};

/** Reads the one private key of a file, armored or binary. Errors: `malformed`, `bad-input`. */
export async function readPrivateKey(bytes: Buffer, path: string): Promise<PrivateKey> {
  const armored = (bytes[0] ?? 0) < 0x80;
  const keys = await (armored ? readPrivateKeys({ armoredKeys: bytes.toString('utf8') }) : readPrivateKeys({ binaryKeys: new Uint8Array(bytes) })).catch((cause: unknown) => {
    throw new AppError('malformed', `${path} holds no private OpenPGP key that can be read.`, { hint: 'Export it with gpg --armor --export-secret-keys FINGERPRINT > key.asc', details: { path }, cause });
  });
  const [key] = keys;
  if (key === undefined || keys.length > 1) throw new AppError('bad-input', `${path} holds ${keys.length} private keys.`, { hint: 'Export the one that is wanted by its fingerprint.', details: { path } });
  return key;
}

/** Its secret parts that are really there: gpg writes stubs for what is on a card or was taken away. */
export function secretsOf(key: PrivateKey): SecretPacket[] {
  return key.getKeys().map(({ keyPacket }) => keyPacket as SecretPacket).filter((packet) => !packet.isDummy());
}

/** Unlocks a part in memory. Error: `pin-failed`. */
export async function unlock(packet: SecretPacket, passphrase: string): Promise<void> {
  try {
    await packet.decrypt(passphrase);
  } catch (cause) {
    if (cause instanceof Error && /incorrect key passphrase/i.test(cause.message)) throw new AppError('pin-failed', 'The passphrase was wrong.', { hint: 'Try again with the right passphrase.' });
    // Its words could say something of what was decrypted.
    throw new AppError('key-unusable', 'The secret part of the key could not be unlocked.', { hint: 'Its file is damaged or protected in a way that is not read here: take it from your backup.' });
  }
}

/** Overwrites what an unlocked part holds; strings and big numbers that the engine made meanwhile are left to it. */
export function wipe(packets: readonly SecretPacket[]): void {
  for (const packet of packets) {
    for (const value of Object.values(packet.privateParams ?? {})) if (value instanceof Uint8Array) value.fill(0);
    packet.privateParams = null;
  }
}

/** A certificate as this program reads it, and which of its keys would sign. */
export interface ReadCertificate {
  readonly candidate: Candidate;
  readonly state: KeyState;
  readonly described: LocalKey;
}

/** What holds of a key file, by its public half and by which secrets it has. */
export function describeKey(key: PrivateKey, file: string, now: Date): ReadCertificate {
  const keyring = readKeyring(key.toPublic().write());
  const [certificate] = keyring.certificates;
  if (certificate === undefined) throw new AppError('malformed', `${file} holds a key of a version that is not read here.`, { details: { file } });
  const at = Math.floor(now.getTime() / 1000);
  const here = new Set(secretsOf(key).map((packet) => packet.getFingerprint().toUpperCase()));
  const primary = { candidate: { certificate, key: certificate.primary }, state: keyring.state({ certificate, key: certificate.primary }, at).key };
  // As gpg chooses: the newest subkey that signs, and the primary key where there is none.
  const subkeys = certificate.subkeys.map((subkey) => ({ candidate: { certificate, key: subkey.key }, state: keyring.state({ certificate, key: subkey.key }, at).key })).sort((a, b) => b.candidate.key.created - a.candidate.key.created);
  const able = [...subkeys, primary].filter(({ state }) => state.maySign && state.unfit === null);
  const fit = able.find(({ state, candidate }) => whyUnusable(state, primary.state, at) === null && here.has(candidate.key.fingerprint) && signsHere(candidate.key));
  const chosen = fit ?? able[0] ?? primary;
  const ends = [chosen.state.expires, primary.state.expires].filter((end) => end !== null);
  const expires = ends.length === 0 ? null : instant(Math.min(...ends));
  const created = instant(chosen.candidate.key.created);
  const why = whyUnusable(chosen.state, primary.state, at) ?? (able.length === 0 || !signsHere(chosen.candidate.key) ? 'cannot-sign' : 'secret-missing');
  const described: LocalKey = {
    fingerprint: certificate.primary.fingerprint, signing: fit?.candidate.key.fingerprint ?? null, users: key.getUserIDs(), algorithm: chosen.candidate.key.name,
    created, expires, file, unusable: fit === undefined ? why : null, rotation: rotationDue(created, expires, now),
  };
  return { candidate: chosen.candidate, state: chosen.state, described };
}

function whyUnusable(key: KeyState, primary: KeyState, now: number): 'expired' | 'revoked' | null {
  if (key.revoked !== null || primary.revoked !== null) return 'revoked';
  return [key.expires, primary.expires].some((end) => end !== null && end <= now) ? 'expired' : null;
}

/** The platform's own key of an unlocked part. Error: `key-unusable` where its numbers are not those of its public half. */
export function platformSecret(packet: SecretPacket, key: PublicKey): KeyObject {
  const numbers = packet.privateParams as Readonly<Record<string, Uint8Array>> | null;
  const known = packet.publicParams as Readonly<Record<string, Uint8Array>>;
  try {
    const secret = createPrivateKey({ key: numbers?.['seed'] === undefined ? rsaJwk(numbers ?? {}, known) : edwardsJwk(numbers['seed'], key), format: 'jwk' });
    if (belongsTo(secret, key)) return secret;
  } catch {
    // What the platform says of the numbers is left out: they are secret.
  }
  throw new AppError('key-unusable', `The secret part of the key ${key.fingerprint} does not belong to its public part.`, { hint: 'Its file was changed: take it from your backup.', details: { fingerprint: key.fingerprint } });
}

/** RFC 8037 §2; the point is the end of the DER that verifies (RFC 8410 §4). */
function edwardsJwk(seed: Uint8Array, { spki }: PublicKey): JsonWebKey {
  return { kty: 'OKP', crv: 'Ed25519', d: base64url(seed), x: base64url((spki ?? new Uint8Array(0)).subarray(-32)) };
}

/** RFC 8017 §3.2; u of RFC 9580 §5.5.5.1 is the inverse of p modulo q, so that the primes change places. */
function rsaJwk({ d, p, q, u }: Readonly<Record<string, Uint8Array>>, { n, e }: Readonly<Record<string, Uint8Array>>): JsonWebKey {
  if (d === undefined || p === undefined || q === undefined || u === undefined || n === undefined || e === undefined) throw new TypeError('not the numbers of an RSA key');
  if (bigint(p) * bigint(q) !== bigint(n)) throw new TypeError('not the primes of this key');
  const remainder = (prime: Uint8Array): Uint8Array => octets(bigint(d) % (bigint(prime) - 1n));
  return { kty: 'RSA', n: base64url(n), e: base64url(e), d: base64url(d), p: base64url(q), q: base64url(p), dp: base64url(remainder(q)), dq: base64url(remainder(p)), qi: base64url(u) };
}

function bigint(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function octets(value: bigint): Uint8Array {
  const digits = value.toString(16);
  return Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
