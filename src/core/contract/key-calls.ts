import { z } from 'zod';
import { TouchedRelease } from '../model/key-records.ts';
import { LocalKey, RevocationCause } from '../model/local-keys.ts';
import { Fingerprint, Sha256, UtcTime } from '../model/primitives.ts';
import { call } from './declare.ts';
import { Passphrase, Path } from './inputs.ts';

/** A fingerprint, 16 digits or more of the end of it, or the path of a local key's file. */
const Named = Path;
const Words = z.string().trim().min(1, 'say it in words').max(1_000);
const Written = z.strictObject({ path: z.string(), sha256: Sha256 });

/** Keys that lie in files here, and the life of every key that signs (policy §5.1.2, §7.1); part of the contract. */
export const keyCalls = {
  'keys.create': call({
    effect: 'write',
    input: z.strictObject({
      name: z.string().trim().min(1).max(200), email: z.email().max(254), algorithm: z.enum(['ed25519', 'rsa4096']),
      /** Until it expires; a year, as the policy has keys rotated, where it is left out. */
      days: z.number().int().min(1).max(1_100).default(365),
      passphrase: Passphrase,
      /** null: in the folder of keys, under its fingerprint. */
      file: Path.nullable(),
    }),
    output: z.strictObject({ key: LocalKey, revocation: z.string().nullable() }),
  }),
  'keys.import': call({
    effect: 'write',
    input: z.strictObject({ from: Path, passphrase: Passphrase, file: Path.nullable() }),
    output: z.strictObject({ key: LocalKey, revocation: z.string().nullable() }),
  }),
  'keys.export': call({
    effect: 'write',
    input: z.strictObject({ key: Named, out: Path.nullable() }),
    output: z.strictObject({ fingerprint: Fingerprint, armored: z.string(), path: z.string().nullable() }),
  }),
  'keys.passwd': call({
    effect: 'write',
    input: z.strictObject({ key: Named, passphrase: Passphrase, newPassphrase: Passphrase }),
    output: z.strictObject({ key: LocalKey }),
  }),
  'keys.revoke': call({
    effect: 'sign',
    input: z.strictObject({
      key: Named, cause: RevocationCause, words: Words,
      by: z.discriminatedUnion('with', [z.strictObject({ with: z.literal('passphrase'), passphrase: Passphrase }), z.strictObject({ with: z.literal('certificate'), certificate: Path })]),
    }),
    output: z.strictObject({ key: LocalKey, armored: z.string(), record: z.string() }),
  }),
  'keys.rotate': call({
    effect: 'sign',
    input: z.strictObject({
      old: Named, new: Named,
      how: z.discriminatedUnion('kind', [
        /** `passphrase`: null where the old key is held by gpg. */
        z.strictObject({ kind: z.literal('planned'), passphrase: Passphrase.nullable() }),
        /** `since`: when it was last surely in the right hands. */
        z.strictObject({ kind: z.enum(['lost', 'stolen']), since: UtcTime }),
      ]),
      /** null where the new key is held by gpg. */
      newPassphrase: Passphrase.nullable(),
      reason: Words, decidedBy: z.array(z.string().trim().min(1).max(200)).min(1).max(32),
      /** The folder for the statement, its signatures and both public keys. */
      out: Path,
    }),
    output: z.strictObject({
      record: z.string(), old: Fingerprint, new: Fingerprint,
      /** The old key certified the new one's user ids. */
      certified: z.boolean(),
      written: z.array(Written), touched: z.array(TouchedRelease),
      /** What is still to be done by a person, as exact commands or words. */
      next: z.array(z.string()),
    }),
  }),
  /** Writes what the administrators decide by their signatures: that a lost or stolen key is revoked (FORMATS §5). */
  'keys.proposeRevocation': call({
    effect: 'write',
    input: z.strictObject({ key: Named, cause: RevocationCause, since: UtcTime, words: Words, out: Path }),
    output: z.strictObject({
      fingerprint: Fingerprint, file: z.string(), sha256: Sha256, touched: z.array(TouchedRelease),
      administrators: z.array(z.string()), threshold: z.number().int(), next: z.array(z.string()),
    }),
  }),
  /** Records the decision, once enough of them signed it. */
  'keys.recordRevocation': call({
    effect: 'write',
    input: z.strictObject({ file: Path }),
    output: z.strictObject({ record: z.string(), fingerprint: Fingerprint, since: UtcTime, decidedBy: z.array(z.string()), threshold: z.number().int(), next: z.array(z.string()) }),
  }),
  'keys.publish': call({
    effect: 'write',
    input: z.strictObject({ key: Named, out: Path, replace: z.boolean() }),
    output: z.strictObject({ fingerprint: Fingerprint, written: z.array(Written), domains: z.array(z.string()), next: z.array(z.string()) }),
  }),
} as const;
