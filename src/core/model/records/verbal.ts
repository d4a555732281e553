import { z } from 'zod';
import { CommitId, Sha256, UtcTime } from '../primitives.ts';

const PersonId = z.string().min(1).max(64);
const Words = z.string().trim().min(1).max(4_000);

/** The line below which a statement is signed with the rest, and is not read aloud. */
export const NOT_READ = 'For the record, and not read aloud:';

/** How many PGP words are read back **[house]**, and how many a voice code has (FORMATS §7). */
export const READ_BACK_WORDS = 4;
export const VOICE_CODE_WORDS = 6;

/**
 * What somebody is about to be asked by word (FORMATS §7). `statement` is logged first; then a challenge is drawn and logged
 * (`challenge`, which points at it as `challenges`); `failed` is a read-back or a code that was not right.
 */
export const VerbalRequestRecord = z.looseObject({
  event_type: z.literal('verbal_request'),
  act: z.enum(['statement', 'challenge', 'failed']), emergency_id: z.string().min(1).max(128), release_version: z.string().min(1).max(128), asked_at: UtcTime, taken_by: PersonId,
  approver: PersonId, approver_role: z.string().min(1).max(64),
  /** Of a statement: the very text that is read aloud, what it is about, and its digest. */
  statement: z.string().min(1).max(16_384).optional(), statement_sha256: Sha256.optional(), release_commit: CommitId.optional(), release_artifacts_sha256: z.record(z.string().min(1).max(1024), Sha256).optional(),
  subject_digest: Sha256.optional(), plan_digest: Sha256.nullable().optional(), roster_digest: Sha256.optional(),
  /** Of a challenge: 32 random digits. */
  challenge: z.string().regex(/^[0-9a-f]{32}$/).optional(),
  /** Of a failure: what was not right. */
  failed: z.enum(['read-back', 'voice-code']).optional(),
});
export type VerbalRequestRecord = z.infer<typeof VerbalRequestRecord>;

/**
 * What was said on the phone or in a room, by the signature of whoever took it (policy §10.2; FORMATS §7). It points at the statement
 * that was read (`answers`) and at the declaration (`of-emergency`).
 */
export const VerbalApprovalRecord = z.looseObject({
  event_type: z.literal('verbal_approval'),
  release_version: z.string(), subject_digest: Sha256, approver: PersonId, approver_role: z.string().min(1), spoken_at: UtcTime,
  channel: z.string().min(1), called: z.string().min(1), taken_by: PersonId, witness: PersonId.nullable(), words: Words,
  /** The words that were read back, derived from the digest and a challenge that was drawn after it was logged; none of a refusal. */
  read_back: z.array(z.string().min(1)).max(16), challenge: z.string().min(1),
  identified_by: z.enum(['coded', 'witnessed', 'word-only']),
  decision: z.enum(['approve', 'refuse']).optional(), emergency_id: z.string().min(1).max(128).optional(), statement_sha256: Sha256.optional(), roster_digest: Sha256.optional(),
  /** Whether the taker called the number themself; whether it was written on paper first and entered later. */
  call_back: z.boolean().optional(), entered_late: z.boolean().optional(),
  /** The single-use code that the approver read from paper, which is burnt by being told here. */
  voice_code: z.string().max(200).nullable().optional(),
  /** Whether the approver agreed that what is attached was recorded. */
  consent: z.boolean().optional(),
});
export type VerbalApprovalRecord = z.infer<typeof VerbalApprovalRecord>;

/** A verbal approval is made good by a signature over the very bytes that were read (FORMATS §7); it points at it as `ratifies`. */
export const RatificationRecord = z.looseObject({
  event_type: z.literal('ratification'),
  release_version: z.string(), approver: PersonId, ratified_at: UtcTime, subject_digest: Sha256,
  statement: z.string().min(1).max(16_384).optional(), statement_sha256: Sha256.optional(),
  /** Armored, over the UTF-8 bytes of the statement, as `gpg --verify` checks it. */
  statement_signature: z.string().max(16_384).optional(),
  /** Whether the ratifier finds that the criterion of policy §10.1 held. */
  criterion_confirmed: z.boolean().optional(), reason: z.string().max(4_000).optional(), emergency_id: z.string().min(1).max(128).optional(), roster_digest: Sha256.optional(),
});
export type RatificationRecord = z.infer<typeof RatificationRecord>;

/** Somebody whom a record names says that it was not so; of a verbal approval it points at that (`disputes`). */
export const DisputeRecord = z.looseObject({
  event_type: z.literal('dispute'), disputed_by: PersonId, disputed_at: UtcTime, reason: Words,
  release_version: z.string().optional(), emergency_id: z.string().min(1).max(128).optional(), roster_digest: Sha256.optional(),
});
export type DisputeRecord = z.infer<typeof DisputeRecord>;
