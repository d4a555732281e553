import { z } from 'zod';
import { Fingerprint, Sha256, UtcTime } from './primitives.ts';

/** What one signature came to. `status` is about the mathematics and the key; never about authority. */
export const SignatureReport = z.strictObject({
  fingerprint: Fingerprint.nullable(),
  primary: Fingerprint.nullable(),
  user: z.string().nullable(),
  algorithm: z.string().nullable(),
  hash: z.string().nullable(),
  created: UtcTime.nullable(),
  status: z.enum(['good', 'bad', 'expired-key', 'revoked-key', 'expired-signature', 'weak', 'time-conflict', 'key-unfit', 'no-key', 'unreadable']),
  /** Why it is not good, in words that end without a full stop; null where it is. */
  why: z.string().nullable(),
});
export type SignatureReport = z.infer<typeof SignatureReport>;

/** A closed list of what can be wrong with what was to be verified. */
export const VerificationProblem = z.strictObject({
  code: z.enum(['no-signature', 'signature-unreadable', 'signature-bad', 'key-missing', 'key-expired', 'key-revoked',
    'signature-expired', 'signature-weak', 'time-conflict', 'key-unfit', 'second-opinion', 'too-few-signatures', 'signer-unknown', 'checksum-differs', 'checksum-missing', 'checksums-unsigned',
    'differs-from-record', 'artifact-missing', 'withdrawn']),
  message: z.string(),
});
export type VerificationProblem = z.infer<typeof VerificationProblem>;

/** The whole answer of `verify --json` (FORMATS §8). `when_made` and `today` are kept apart, and neither says whose; of a withdrawn release they stay good. */
export const Verification = z.strictObject({
  verdict: z.enum(['good', 'bad', 'signer-unknown', 'no-signature', 'not-as-recorded', 'withdrawn']),
  when_made: z.enum(['good', 'bad', 'unknown']),
  today: z.enum(['good', 'bad', 'unknown']),
  signer: z.strictObject({ fingerprint: Fingerprint, user: z.string().nullable() }).nullable(),
  covered_bytes_sha256: Sha256.nullable(),
  /** The signed list of checksums that covers it, by name; null or left out where a signature of its own was read. */
  through: z.string().nullable().optional(),
  signatures: z.array(SignatureReport),
  problems: z.array(VerificationProblem),
});
export type Verification = z.infer<typeof Verification>;
