import { z } from 'zod';
import { ApprovalStatement } from '../model/approval.ts';
import { CommitId, Fingerprint, ReleaseType, Sha256, UtcTime } from '../model/primitives.ts';
import { ReleaseDraft } from '../model/release.ts';
import { call } from './declare.ts';
import { Passphrase, Path, TaskId } from './inputs.ts';

const Key = z.string().min(8).max(4096);

/** What was recorded for a release and what it comes to (FORMATS §4, §5); only `counts` opens anything. */
const ActView = z.strictObject({
  record: z.string(), event_type: z.string(), claimed: UtcTime,
  /** The person's id, as the record has it; null where it names nobody. */
  by: z.string().nullable(),
  /** Who is proved; null where nobody is. */
  person: z.string().nullable(), roles: z.array(z.string()),
  standing: z.enum(['counts', 'late', 'undetermined', 'forged', 'unsigned', 'not-permitted']),
  /** Why, as a clause. */
  why: z.string(),
  interval: z.strictObject({ from: UtcTime, to: UtcTime }).nullable(), rosterVersion: z.number().int().nullable(),
  /** What it is about, as a word: a line, a role, a kind of statement. */
  about: z.string(),
  /** What whoever signed said, in their words. */
  words: z.string(),
  /** What an approval or a rejection is of, as its statement has it, so that it can be held against what the release is now; null of other acts, and where the record is malformed. */
  decision: z.strictObject({
    decision: z.enum(['approve', 'reject']), role: z.string(), at: UtcTime, commit: CommitId, types: z.array(ReleaseType), subjectDigest: Sha256, planDigest: Sha256.nullable(), rosterDigest: Sha256,
    subject: z.array(z.strictObject({ name: z.string(), sha256: Sha256 })), securityImpact: z.string().nullable(),
  }).nullable(),
});
export type ActView = z.infer<typeof ActView>;

/** Decisions about a release, signed by whoever may take them (policy §3.6, FORMATS §6); part of the contract. */
export const approvalCalls = {
  'approval.sign': call({
    effect: 'sign', long: true,
    input: z.strictObject({
      draft: ReleaseDraft, key: Key, role: z.string().min(1).max(64), decision: z.enum(['approve', 'reject']),
      /** Why; a rejection has to say. */
      reason: z.string().trim().max(4096),
      /** What the release does to security, in words. */
      securityImpact: z.string().trim().min(1).max(4096).nullish(),
      /** The subject digest that was shown to whoever decides: of anything else nothing is signed. */
      shown: Sha256.nullish(),
      /** Of a key in a file; gpg asks for its own. */
      passphrase: Passphrase.nullish(),
      /** A file for the statement too, and FILE.asc for its signature; null: the archive alone holds them. */
      out: Path.nullable(), task: TaskId.optional(),
    }),
    output: z.strictObject({
      record: z.string(), fingerprint: Fingerprint, person: z.string(), subjectDigest: Sha256, statement: ApprovalStatement,
      /** The statement in RFC 8785 form, and the detached signature over exactly that. */
      signed: z.string(), signature: z.string(),
    }),
  }),
  /** Takes a release back: a signed record, and the signed list of all that were, for whoever verifies. */
  'release.withdraw': call({
    effect: 'sign', long: true,
    input: z.strictObject({
      release: z.string().min(1).max(128), reason: z.string().trim().min(1).max(4_000), role: z.string().min(1).max(64), key: Key, passphrase: Passphrase.nullish(), policyFile: Path.nullable(),
      /** A folder for `withdrawn.json` and its signature; null: the archive alone says so. */
      out: Path.nullable(), task: TaskId.optional(),
    }),
    output: z.strictObject({
      record: z.string(), fingerprint: Fingerprint, person: z.string(), artifacts: z.array(z.strictObject({ name: z.string(), sha256: Sha256 })),
      /** The list and its signature; null where none was asked for. */
      list: z.strictObject({ file: z.string(), signature: z.string(), releases: z.number().int() }).nullable(),
    }),
  }),
  'release.acts': call({ effect: 'read', input: z.strictObject({ release: z.string().min(1).max(128) }), output: z.strictObject({ acts: z.array(ActView) }) }),
} as const;
