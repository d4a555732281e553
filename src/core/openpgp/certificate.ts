import { hashAlgorithm } from './algorithms.ts';
import { OpenPgpFault } from './fault.ts';
import { joined, numberOctets } from './octets.ts';
import { TAG, type Packet } from './packets.ts';
import { readPublicKey, type PublicKey } from './public-key.ts';
import { checkSignature } from './running-check.ts';
import { readSignature, TYPE, type RevocationReason, type Signature } from './signature.ts';

/** A transferable public key as it was published (RFC 9580 §10.1), its signatures not yet looked at. */
export interface Certificate {
  /** All of it, in the order in which it was found. */
  readonly packets: readonly Packet[];
  readonly primary: PublicKey;
  readonly direct: readonly Uint8Array[];
  readonly users: readonly { readonly id: Uint8Array; readonly attribute: boolean; readonly signatures: readonly Uint8Array[] }[];
  readonly subkeys: readonly { readonly key: PublicKey; readonly signatures: readonly Uint8Array[] }[];
}

type Writable = { packets: Packet[]; primary: PublicKey; direct: Uint8Array[]; users: { id: Uint8Array; attribute: boolean; signatures: Uint8Array[] }[]; subkeys: { key: PublicKey; signatures: Uint8Array[] }[] };

/**
 * The certificates in a sequence of packets. Keys of versions that are not read are passed over with what belongs to
 * them; one that is there several times is put together.
 */
export function certificatesIn(packets: readonly Packet[]): Certificate[] {
  const found = new Map<string, Writable>();
  let certificate: Writable | null = null;
  let signatures: Uint8Array[] | null = null;
  for (const packet of packets) {
    const { tag, body } = packet;
    if (tag === TAG.publicKey) {
      const primary = keyOf(body);
      certificate = primary === null ? null : (found.get(primary.fingerprint) ?? { packets: [], primary, direct: [], users: [], subkeys: [] });
      if (certificate !== null) found.set(certificate.primary.fingerprint, certificate);
      signatures = certificate?.direct ?? null;
    }
    if (tag === TAG.marker) certificate = signatures = null;
    certificate?.packets.push(packet);
    if (tag === TAG.publicKey || certificate === null) continue;
    if (tag === TAG.signature) signatures?.push(body);
    else if (tag === TAG.user || tag === TAG.userAttribute) {
      const attribute = tag === TAG.userAttribute;
      let user = certificate.users.find((known) => known.attribute === attribute && Buffer.compare(known.id, body) === 0);
      if (user === undefined) certificate.users.push((user = { id: body, attribute, signatures: [] }));
      signatures = user.signatures;
    } else if (tag === TAG.publicSubkey) {
      const key = keyOf(body);
      let subkey = certificate.subkeys.find((known) => known.key.fingerprint === key?.fingerprint);
      if (subkey === undefined && key !== null) certificate.subkeys.push((subkey = { key, signatures: [] }));
      signatures = subkey?.signatures ?? null;
    }
  }
  return [...found.values()];
}

function keyOf(body: Uint8Array): PublicKey | null {
  try {
    return readPublicKey(body);
  } catch (cause) {
    if (cause instanceof OpenPgpFault) return null;
    throw cause;
  }
}

/** A revocation: since when, in seconds, and why. */
export interface Revocation {
  readonly at: number;
  readonly reason: RevocationReason | null;
}

/** What a certificate's own signatures make of one of its keys. Times are seconds since 1970. */
export interface KeyState {
  readonly key: PublicKey;
  readonly maySign: boolean;
  readonly expires: number | null;
  readonly revoked: Revocation | null;
  /** Why no signature of it is to be counted at all; null where it is a key of this certificate that may sign. */
  readonly unfit: string | null;
}

export interface CertificateState {
  readonly primary: KeyState;
  readonly subkeys: readonly KeyState[];
  /** The primary user id, as text; null where none is bound to the key. */
  readonly user: string | null;
}

/** §5.2.3.29. */
const FLAG_SIGN = 0x02;

/**
 * What holds of a certificate at a time, by its own signatures (§5.2.3.10, §10.1): whose it is, which keys are its own,
 * what they may do and until when. `others` are asked for keys that it names as its revokers.
 */
export function stateOf(certificate: Certificate, now: number, others: (fingerprint: string) => Certificate | null): CertificateState {
  const { primary } = certificate;
  const direct = newest(own(certificate.direct, TYPE.directKey, primary, now, primary.hashed));
  const users = certificate.users.map((user) => userState(user, primary, now));
  const certifications = users.flatMap(({ certification, revoked }) => (certification === null || revoked ? [] : [certification]));
  const anyCertification = users.flatMap(({ certification }) => certification ?? []);
  const bound = [...(direct === null ? [] : [direct]), ...anyCertification];
  const flags = direct?.keyFlags ?? newest(anyCertification.filter(({ keyFlags }) => keyFlags !== null))?.keyFlags ?? null;
  const lifetime = direct?.keyLifetime ?? newest(anyCertification.filter(({ keyLifetime }) => keyLifetime !== null))?.keyLifetime ?? null;
  const revoked = revocationOf(certificate, bound.flatMap(({ revokers }) => revokers), now, others);
  const state: KeyState = {
    key: primary, maySign: flags === null || (flags & FLAG_SIGN) !== 0, expires: lifetime === null ? null : primary.created + lifetime, revoked,
    unfit: bound.length === 0 ? 'none of its signatures over itself passes: there is none, or its algorithms are broken' : null,
  };
  const named = users.filter(({ certification, revoked: gone }) => certification !== null && !gone);
  const chosen = named.filter(({ certification }) => certification?.primaryUser === true);
  const best = newest((chosen.length > 0 ? chosen.flatMap(({ certification }) => certification ?? []) : certifications));
  const user = named.find(({ certification }) => certification === best) ?? users.find(({ certification }) => certification !== null);
  return { primary: state, subkeys: certificate.subkeys.map((subkey) => subkeyState(subkey, primary, now)), user: user === undefined ? null : new TextDecoder().decode(user.id).slice(0, 300) };
}

function userState({ id, attribute, signatures }: Certificate['users'][number], primary: PublicKey, now: number): { readonly id: Uint8Array; readonly certification: Signature | null; readonly revoked: boolean } {
  // §5.2.4; version 3 hashes the user id without what goes before it.
  const prefixed = joined(Uint8Array.of(attribute ? 0xd1 : 0xb4), numberOctets(id.length, 4), id);
  const read = signatures.flatMap((body) => signatureOf(body) ?? []);
  const good = read.filter((signature) => isOwn(signature, primary, primary, now, primary.hashed, signature.version === 3 ? id : prefixed));
  const certification = attribute ? null : newest(good.filter((signature) => signature.type >= TYPE.certificationLow && signature.type <= TYPE.certificationHigh && !expired(signature, now)));
  const revocation = newest(good.filter(({ type }) => type === TYPE.certificationRevocation));
  return { id, certification, revoked: revocation !== null && (revocation.created ?? 0) >= (certification?.created ?? 0) };
}

function subkeyState({ key, signatures }: Certificate['subkeys'][number], primary: PublicKey, now: number): KeyState {
  const bindings = own(signatures, TYPE.subkeyBinding, primary, now, primary.hashed, key.hashed).filter((signature) => !expired(signature, now) && (signature.created ?? 0) >= key.created);
  const binding = newest(bindings);
  const revocations = own(signatures, TYPE.subkeyRevocation, primary, now, primary.hashed, key.hashed);
  const maySign = binding !== null && (binding.keyFlags === null || (binding.keyFlags & FLAG_SIGN) !== 0);
  const unfit = binding === null ? 'nothing binds it to its primary key' : maySign && !crossCertified(binding, key, primary, now) ? 'it did not sign its primary key in return, so that anybody could have added it' : null;
  return { key, maySign, expires: binding?.keyLifetime == null ? null : key.created + binding.keyLifetime, revoked: gravest(revocations), unfit };
}

/** §5.2.1.9: a subkey that signs has signed its primary key; else somebody else's key could be taken for one's own. */
function crossCertified(binding: Signature, key: PublicKey, primary: PublicKey, now: number): boolean {
  return own(binding.embedded, TYPE.primaryBinding, key, now, primary.hashed, key.hashed).some((signature) => !expired(signature, now));
}

/** The key's own revocation, or one by a key that it named for that (§5.2.3.23). */
function revocationOf({ primary, direct }: Certificate, revokers: readonly string[], now: number, others: (fingerprint: string) => Certificate | null): Revocation | null {
  const revocations = own(direct, TYPE.keyRevocation, primary, now, primary.hashed);
  for (const fingerprint of revokers) {
    const revoker = others(fingerprint)?.primary;
    if (revoker !== undefined) revocations.push(...own(direct, TYPE.keyRevocation, revoker, now, primary.hashed));
  }
  return gravest(revocations);
}

/** Fingerprints that a certificate names anywhere as its revokers, whether or not that is signed by its key. */
export function revokersOf({ direct, users }: Certificate): string[] {
  return [...direct, ...users.flatMap(({ signatures }) => signatures)].flatMap((body) => signatureOf(body)?.revokers ?? []);
}

/** The one that takes most: of those that say the key was compromised, or give no reason, the first; else the first. */
function gravest(revocations: readonly Signature[]): Revocation | null {
  const inOrder = [...revocations].sort((a, b) => (a.created ?? 0) - (b.created ?? 0));
  const first = inOrder.find(({ created, reason }) => !isSoft({ at: created ?? 0, reason })) ?? inOrder[0];
  return first === undefined ? null : { at: first.created ?? 0, reason: first.reason };
}

/** Whether what a key signed before its revocation still stands (§5.2.3.31): superseded or retired, and not compromised. */
export function isSoft({ reason }: Revocation): boolean {
  return reason?.code === 1 || reason?.code === 3;
}

/** Signatures of a type that a key really made over these parts. */
function own(bodies: readonly Uint8Array[], type: number, signer: PublicKey, now: number, ...parts: readonly Uint8Array[]): Signature[] {
  return bodies.flatMap((body) => signatureOf(body) ?? []).filter((signature) => signature.type === type && isOwn(signature, signer, signer, now, ...parts));
}

function isOwn(signature: Signature, signer: PublicKey, dated: PublicKey, now: number, ...parts: readonly Uint8Array[]): boolean {
  const { created, issuers, notUnderstood, hash } = signature;
  if (created === null || notUnderstood !== null || created < dated.created || created > now + A_DAY) return false;
  // Certifications by others are by far the most; only their issuer need be looked at.
  if (issuers.length > 0 && !issuers.some((issuer) => issuer === signer.keyId || issuer === signer.fingerprint)) return false;
  // A text can be found for a hash that is broken, so that it binds nothing.
  if (hashAlgorithm(hash)?.strength === 'broken') return false;
  return checkSignature(signature, signer, ...parts).good;
}

/** Clocks of those who signed may go a little fast. */
export const A_DAY = 86_400;

export function expired({ created, lifetime }: Signature, now: number): boolean {
  return created !== null && lifetime !== null && created + lifetime <= now;
}

function newest(signatures: readonly Signature[]): Signature | null {
  return signatures.reduce<Signature | null>((best, signature) => (best === null || (signature.created ?? 0) >= (best.created ?? 0) ? signature : best), null);
}

function signatureOf(body: Uint8Array): Signature | null {
  try {
    return readSignature(body);
  } catch (cause) {
    if (cause instanceof OpenPgpFault) return null;
    throw cause;
  }
}
