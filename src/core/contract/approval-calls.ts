import { z } from 'zod';
import { ApprovalStatement } from '../model/approval.ts';
import { Fingerprint, Sha256 } from '../model/primitives.ts';
import { ReleaseDraft } from '../model/release.ts';
import { call } from './declare.ts';
import { Path, TaskId } from './inputs.ts';

/** Decisions about a release, signed by whoever may take them (policy §3.6, FORMATS §6); part of the contract. */
export const approvalCalls = {
  'approval.sign': call({
    effect: 'sign', long: true,
    input: z.strictObject({
      draft: ReleaseDraft, key: z.string().min(8).max(64), role: z.string().min(1).max(64), decision: z.enum(['approve', 'reject']),
      /** Why; a rejection has to say. */
      reason: z.string().trim().max(4096),
      /** A file for the statement too, and FILE.asc for its signature; null: the archive alone holds them. */
      out: Path.nullable(), task: TaskId.optional(),
    }),
    output: z.strictObject({
      record: z.string(), fingerprint: Fingerprint, person: z.string(), subjectDigest: Sha256, statement: ApprovalStatement,
      /** The statement in RFC 8785 form, and the detached signature over exactly that. */
      signed: z.string(), signature: z.string(),
    }),
  }),
} as const;
