import { z } from 'zod';
import { CommitId, ReleaseType, ReleaseVersion, Sha256, UtcTime } from './primitives.ts';

/** An approval: an in-toto Statement v1 over the release's artifacts (FORMATS §6). Its `.asc` lies beside it. */
export const ApprovalStatement = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(z.strictObject({ name: z.string().min(1), digest: z.strictObject({ sha256: Sha256 }) })).min(1),
  predicateType: z.literal('countersign/approval/v1'),
  predicate: z.strictObject({
    decision: z.enum(['approve', 'reject']),
    release: ReleaseVersion,
    types: z.array(ReleaseType),
    subjectDigest: Sha256,
    planDigest: Sha256.nullable(),
    rosterDigest: Sha256,
    reason: z.string().max(4096),
    approver: z.string().min(1),
    role: z.string().min(1),
  }),
});
export type ApprovalStatement = z.infer<typeof ApprovalStatement>;

/**
 * An approval or a rejection as the archive holds it: the statement with the approver's signature over it, as an
 * outsider checks them (FORMATS §6). Whose act the entry is, its personal signature proves (FORMATS §4).
 */
export const ApprovalRecord = z
  .looseObject({
    event_type: z.enum(['approval', 'rejection']),
    release_version: ReleaseVersion, release_commit: CommitId, approver: z.string().min(1).max(64), approver_role: z.string().min(1).max(64), decided_at: UtcTime,
    statement: ApprovalStatement,
    /** Armored, over the statement's RFC 8785 form. */
    statement_signature: z.string().max(16_384),
    /** What the release does to security, in the approver's words. */
    security_impact: z.string().min(1).max(4096).optional(),
  })
  .refine(({ event_type, statement: { predicate } }) => (event_type === 'approval') === (predicate.decision === 'approve'), 'the statement decides otherwise')
  .refine(({ release_version, approver, approver_role, statement: { predicate } }) => predicate.release === release_version && predicate.approver === approver && predicate.role === approver_role, 'the statement is another\'s, or of another release');
export type ApprovalRecord = z.infer<typeof ApprovalRecord>;
