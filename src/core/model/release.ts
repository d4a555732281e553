import { z } from 'zod';
import { ByteSize, CommitId, ReleaseType, ReleaseVersion, Sha256, UtcTime } from './primitives.ts';

/** What a person says about the release they want judged; everything else is read from the repository and the outputs. */
export const ReleaseDraft = z.strictObject({
  version: ReleaseVersion,
  declared: z.array(ReleaseType),
  /** Folder of the git repository. */
  repo: z.string().min(1),
  /** Folders of build output. */
  outputs: z.array(z.string().min(1)).max(32),
  /** The tag or commit of the last release; null: the newest release tag before this one. */
  since: z.string().min(1).nullable(),
  /** Another policy file to look through; it opens no gate that a roster does not name. */
  policyFile: z.string().min(1).nullable(),
});
export type ReleaseDraft = z.infer<typeof ReleaseDraft>;

/** What git itself says of who reviewed a change; a forge's exports are read elsewhere. */
export const ReviewTrace = z.strictObject({
  kind: z.enum(['reviewed-by', 'approved-by', 'merge-commit', 'squash-merge']),
  who: z.string().nullable(),
  pullRequest: z.number().int().nullable(),
});
export type ReviewTrace = z.infer<typeof ReviewTrace>;

/** One commit of the range. Text is decoded leniently and is shown as plain text only. */
export const Commit = z.strictObject({
  id: CommitId,
  parents: z.array(CommitId),
  author: z.strictObject({ name: z.string(), email: z.string() }),
  committer: z.strictObject({ name: z.string(), email: z.string() }),
  coAuthors: z.array(z.string()),
  time: UtcTime,
  subject: z.string(),
  reviews: z.array(ReviewTrace),
  securityMarks: z.array(z.string()),
  /** Emergencies that its trailers `Emergency: ID` name; left out where they name none. */
  emergencies: z.array(z.string()).optional(),
});
export type Commit = z.infer<typeof Commit>;

/** Commits since the last release, newest first. */
export const CommitRange = z.strictObject({
  commit: CommitId,
  /** What named the commit: the release's own tag, or HEAD. */
  from: z.enum(['tag', 'head']),
  branch: z.string().nullable(),
  since: z.strictObject({ name: z.string(), commit: CommitId }).nullable(),
  shallow: z.boolean(),
  bare: z.boolean(),
  /** The work tree differs from the commit that is judged. */
  dirty: z.boolean(),
  total: z.number().int(),
  commits: z.array(Commit),
});
export type CommitRange = z.infer<typeof CommitRange>;

/** A build output that is to be released. */
export const Artifact = z.strictObject({
  path: z.string(),
  /** Where it lies on this machine; no report names it. */
  location: z.string(),
  name: z.string(),
  size: ByteSize,
  sha256: Sha256,
  signature: z.enum(['good', 'bad', 'unknown-key', 'expired', 'revoked', 'none']),
  signer: z.string().nullable(),
  checksum: z.enum(['matches', 'differs', 'none']),
  coveredBy: z.array(z.string()),
  changed: z.enum(['new', 'changed', 'same', 'unknown']),
});
export type Artifact = z.infer<typeof Artifact>;

/** One of the eight steps of policy §2. */
export const ReleaseStep = z.strictObject({
  number: z.number().int().min(1).max(8),
  title: z.string(),
  state: z.enum(['done', 'current', 'blocked', 'ahead']),
  note: z.string(),
  /** How many lines of the checklist stand for it; 0 where records alone tell. */
  lines: z.number().int().min(0).default(0),
});
export type ReleaseStep = z.infer<typeof ReleaseStep>;
