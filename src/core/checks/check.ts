import type { EvidenceItem } from '../model/evidence.ts';
import type { Artifact, CommitRange } from '../model/release.ts';
import type { ReleaseType } from '../model/primitives.ts';
import type { RosterInForce } from '../model/roster.ts';
import type { CheckId, LineAuthority, Verdict } from '../model/verdict.ts';
import type { Policy, PolicyLine } from '../policy/policy.ts';

/** A text file of the commit that is judged, such as the CHANGELOG. */
export interface RepositoryDocument {
  readonly path: string;
  readonly sha256: string;
  readonly text: string;
  /** The same file as evidence, where its format is known. */
  readonly item: EvidenceItem | null;
}

/** A file that differs between the last release and this one; the whole tree is `added` where there is no last release. */
export interface ChangedFile {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted';
  /** Commits of the range that touched it, newest first. */
  readonly commits: readonly string[];
}

/** Everything that is known about a release before it is judged; gathered first, then judged with no input or output. */
export interface Facts {
  readonly version: string;
  readonly commit: string;
  readonly types: ReadonlySet<ReleaseType>;
  /** The moment of judging, RFC 3339 UTC. */
  readonly at: string;
  readonly range: CommitRange;
  /** Paths of the commit's files. */
  readonly files: readonly string[];
  /** Texts of the commit that some line reads: CHANGELOG, release notes, API descriptions, migrations … (the policy's globs). */
  readonly documents: readonly RepositoryDocument[];
  /** The same of the last release's commit; empty where there is none. */
  readonly documentsBefore: readonly RepositoryDocument[];
  readonly changes: readonly ChangedFile[];
  /** The people whose word counts; null where no roster is in force. */
  readonly roster: RosterInForce | null;
  readonly evidence: readonly EvidenceItem[];
  readonly artifacts: readonly Artifact[];
}

/** One line of the checklist: what it is called and how it is judged. `evaluate` is pure and synchronous. */
export interface Check {
  readonly id: CheckId;
  readonly evaluate: (facts: Facts, policy: Policy, line: PolicyLine) => Verdict;
  /** Whose word a verdict rests on; `machine` where this is left out. */
  readonly authority?: (verdict: Verdict, facts: Facts) => LineAuthority;
}
