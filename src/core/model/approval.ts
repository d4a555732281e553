import { z } from 'zod';
import { ReleaseType, ReleaseVersion, Sha256 } from './primitives.ts';

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
