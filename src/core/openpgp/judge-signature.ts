import type { SignatureReport } from '../model/verification.ts';
import { algorithmName, hashAlgorithm } from './algorithms.ts';
import { A_DAY, expired, isSoft, type CertificateState, type KeyState, type Revocation } from './certificate.ts';
import type { Candidate, Keyring } from './keyring.ts';
import type { PublicKey } from './public-key.ts';
import type { Outcome } from './running-check.ts';
import type { Signature } from './signature.ts';

/** A signature with what it is worth (policy §7.3): when it was made, and today, which are never one verdict. */
export interface JudgedSignature extends SignatureReport {
  readonly when_made: 'good' | 'bad' | 'unknown';
  readonly today: 'good' | 'bad' | 'unknown';
}

type Worth = Pick<JudgedSignature, 'status' | 'when_made' | 'today' | 'why'>;

/** A signature that could not be read, or that nobody's key was found for. */
export function unjudged(signature: Signature | { readonly unreadable: string }): JudgedSignature {
  const nothing = { fingerprint: null, primary: null, user: null, algorithm: null, hash: null, created: null, when_made: 'unknown', today: 'unknown' } as const;
  if ('unreadable' in signature) return { ...nothing, status: 'unreadable', why: signature.unreadable };
  const issuer = [...signature.issuers].sort((a, b) => b.length - a.length)[0] ?? null;
  return {
    ...described(signature), fingerprint: issuer !== null && issuer.length >= 40 ? issuer : null, primary: null, user: null, status: 'no-key', when_made: 'unknown', today: 'unknown',
    why: issuer === null ? 'it does not say who made it' : `the public key ${issuer} is not in the keyring`,
  };
}

/** Judges a signature that was checked by a key. `now` in seconds. */
export function judgeSignature(signature: Signature, candidate: Candidate, outcome: Outcome, keyring: Keyring, now: number): JudgedSignature {
  const { key, certificate } = keyring.state(candidate, now);
  return {
    ...described(signature), fingerprint: candidate.key.fingerprint, primary: candidate.certificate.primary.fingerprint, user: certificate.user,
    ...worthOf(signature, outcome, key, certificate, now),
  };
}

function described({ algorithm, hash, created }: Signature): Pick<SignatureReport, 'algorithm' | 'hash' | 'created'> {
  return { algorithm: algorithmName(algorithm), hash: hashAlgorithm(hash)?.name ?? null, created: created === null ? null : instant(created) };
}

/** In the order in which one thing makes the next meaningless. */
function worthOf(signature: Signature, outcome: Outcome, key: KeyState, certificate: CertificateState, now: number): Worth {
  const created = signature.created ?? 0;
  const { primary } = certificate;
  if (outcome.unsupported !== null) return { status: 'unreadable', when_made: 'unknown', today: 'unknown', why: outcome.unsupported };
  if (!outcome.good) return { status: 'bad', when_made: 'bad', today: 'bad', why: 'it is not over these bytes' };
  const unfit = whyUnfit(key, primary);
  if (unfit !== null) return { status: 'key-unfit', when_made: 'unknown', today: 'bad', why: unfit };
  const conflict = conflictOf(created, key.key, now);
  if (conflict !== null) return { status: 'time-conflict', when_made: 'bad', today: 'bad', why: conflict };
  const revoked = primary.revoked ?? key.revoked;
  if (revoked !== null) return { status: 'revoked-key', when_made: stoodThen(created, revoked, signature), today: 'bad', why: revocationWords(revoked, created) };
  const strength = weakness(signature, key.key);
  const ends = [primary.expires, key.expires].filter((end) => end !== null);
  const end = ends.length === 0 ? null : Math.min(...ends);
  const whenMade = end !== null && created >= end ? 'bad' : strength?.broken === true ? 'unknown' : 'good';
  if (end !== null && end <= now) return { status: 'expired-key', when_made: whenMade, today: 'bad', why: `its key expired at ${instant(end)}` };
  if (expired(signature, now)) return { status: 'expired-signature', when_made: whenMade, today: 'bad', why: `it said of itself that it ends at ${instant(created + (signature.lifetime ?? 0))}` };
  if (strength !== null) return { status: 'weak', when_made: whenMade, today: 'bad', why: strength.why };
  return { status: 'good', when_made: 'good', today: 'good', why: null };
}

function whyUnfit(key: KeyState, primary: KeyState): string | null {
  if (primary.unfit !== null) return `its certificate does not hold: ${primary.unfit}`;
  if (key.unfit !== null) return `its key is not one of its certificate: ${key.unfit}`;
  return key.maySign ? null : 'its key may not sign, by its own certificate';
}

/** RFC 9580 §5.2.3.11: no key signs before it is made; clocks may go a little fast. */
function conflictOf(created: number, key: PublicKey, now: number): string | null {
  if (created < key.created) return `it says that it was made at ${instant(created)}, before its key was, at ${instant(key.created)}`;
  return created > now + A_DAY ? `it says that it was made at ${instant(created)}, which is yet to come` : null;
}

/** Only where the key was given up in peace does what it signed before still count; a stolen key can give any date. */
function stoodThen(created: number, revoked: Revocation, signature: Signature): 'good' | 'bad' | 'unknown' {
  if (!isSoft(revoked)) return 'unknown';
  if (created >= revoked.at) return 'bad';
  return hashAlgorithm(signature.hash)?.strength === 'broken' ? 'unknown' : 'good';
}

const REASONS: ReadonlyMap<number, string> = new Map([[0, 'without a reason'], [1, 'because another key took its place'], [2, 'because it was compromised'], [3, 'because it is no longer used']]);

function revocationWords({ at, reason }: Revocation, created: number): string {
  const said = reason === null || reason.words === '' ? '' : `: “${reason.words}”`;
  return `its key was revoked at ${instant(at)}, ${created < at ? 'after' : 'before'} it was made, ${REASONS.get(reason?.code ?? 0) ?? `for reason ${reason?.code ?? 0}`}${said}`;
}

/** What no signature should rest on today (NIST SP 800-131A): hashes that collide, and keys of less than 112 bits of strength. */
function weakness({ hash: id }: Signature, { name, bits, algorithm }: PublicKey): { readonly why: string; readonly broken: boolean } | null {
  const hash = hashAlgorithm(id);
  if (hash !== null && hash.strength !== 'sound') {
    const broken = hash.strength === 'broken';
    return { why: `its hash, ${hash.name}, is ${broken ? 'broken: two files of one hash can be made at will' : 'no longer strong enough'}`, broken };
  }
  const least = algorithmName(algorithm) === 'RSA' || algorithmName(algorithm) === 'DSA' ? 2048 : 224;
  return bits < least ? { why: `its key, ${name}, is too short: ${least} bits is the least today`, broken: false } : null;
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
