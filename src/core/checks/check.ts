import type { EvidenceItem } from '../model/evidence.ts';
import type { Artifact, CommitRange } from '../model/release.ts';
import type { ReleaseType } from '../model/primitives.ts';
import type { ReleasePlan, ScheduleAnswer } from '../model/plan.ts';
import type { RosterInForce } from '../model/roster.ts';
import type { CheckId, LineAuthority, Verdict } from '../model/verdict.ts';
import type { Policy, PolicyLine } from '../policy/policy.ts';
import type { Standing } from '../roster/judge-act.ts';

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

/** Whose key signed a statement, by the roster in force, with the roles that they had when it was looked at. */
export interface Signer {
  readonly id: string;
  readonly name: string;
  readonly emails: readonly string[];
  readonly roles: ReadonlySet<string>;
}

/** A person's signed word in the archive (FORMATS §4); without a good signature by an approver's key of the roster it is not here. */
interface Signed {
  readonly signer: Signer;
  /** Where it stands: `ORIGIN#SEQ`. */
  readonly record: string;
  /** When they say that they said it. */
  readonly at: string;
}

/** What somebody attests of one line of the checklist, for one version and commit. */
export interface Attestation extends Signed {
  readonly check: CheckId;
  readonly release: string;
  readonly commit: string;
  readonly statement: string;
  /** Digests of the files that they looked at, by name. */
  readonly evidence: Readonly<Record<string, string>>;
  readonly details: Readonly<Record<string, string>>;
}

/** Somebody's acceptance that a finding stays (§3.3). Who asked for it is another person; it ends by itself. */
export interface RiskAcceptance extends Signed {
  /** CVE, GHSA or the tool's own name of what is accepted. */
  readonly vulnerabilities: readonly string[];
  /** purls or names of the packages that it is limited to; empty: wherever it is found. */
  readonly packages: readonly string[];
  /** The version that it is for; null: every release until it ends. */
  readonly release: string | null;
  /** Id of the person in the roster. */
  readonly askedBy: string;
  readonly why: string;
  readonly compensatingControl: string;
  readonly until: string;
}

/** A file that takes findings away (suppressions, a baseline, VEX), by the digest that somebody signed. */
export interface SignedSuppression extends Signed {
  readonly sha256: string;
  readonly statement: string;
}

/** What somebody decided about a release, over the digest of what it then was (FORMATS §6). */
export interface Approval extends Signed {
  readonly decision: 'approve' | 'reject';
  readonly role: string;
  readonly subjectDigest: string;
  readonly reason: string;
  /** How it was said, where it was said by word (FORMATS §7); left out of what was signed. */
  readonly spoken?: string;
}

/** What somebody with the role for it did for an emergency patch before it is approved (policy §10.2, steps 2 and 3). */
export interface ExpeditedStep extends Signed {
  readonly step: 'review' | 'development-test' | 'qa-test';
  readonly commit: string;
  readonly words: string;
}

/** The declared emergency that a release mends, as long as it is not deployed (policy §10). */
export interface EmergencyInForce {
  readonly id: string;
  /** The record of its declaration. */
  readonly record: string;
  readonly by: string;
  readonly declaredAt: string;
  readonly criterion: string;
  readonly reason: string;
  readonly steps: readonly ExpeditedStep[];
  readonly stepRoles: Readonly<Record<ExpeditedStep['step'], readonly string[]>>;
  /** The recorded deviation by which it is deployed unsigned, which is owed a signature; null where there is none. */
  readonly unsigned: { readonly by: string; readonly record: string; readonly why: string } | null;
}

/** A release that somebody took back (FORMATS §6); whether their role may do that, the policy says. */
export interface Withdrawal extends Signed {
  readonly role: string;
  readonly release: string;
  readonly reason: string;
  /** Digests of what must not be deployed any more, by name. */
  readonly artifacts: Readonly<Record<string, string>>;
}

/** Somebody's word that a release is not of types that are derived for it (FORMATS §1); who asked for it is another person. */
export interface LeftOutType extends Signed {
  readonly commit: string;
  readonly types: readonly ReleaseType[];
  readonly askedBy: string;
  readonly statement: string;
}

/** What somebody recorded and does not count (FORMATS §5). */
export interface UncountedAct {
  readonly record: string;
  readonly event_type: string;
  /** Their name, or the id that the record gives where nobody is proved. */
  readonly by: string;
  /** The check, the role or the type that it is about. */
  readonly about: string;
  readonly standing: Standing;
  readonly why: string;
}

/** The plan of the release that stands alone, signed by somebody who may plan (policy §2, step 1). */
export interface PlanInForce extends Signed {
  readonly plan: ReleasePlan;
  readonly digest: string;
  /** What its calendar says of the moment of judging; null where it has none. */
  readonly schedule: ScheduleAnswer | null;
}

/** A lock file of the commit: the packages that it pins, as plain package URLs. */
export interface LockedFile {
  readonly path: string;
  /** `optional`: only for development, not installed everywhere, or brought along by another. */
  readonly packages: readonly { readonly purl: string; readonly optional: boolean }[];
  /** Lines that pin nothing, with their place. */
  readonly skipped: readonly string[];
  /** Why it could not be read. */
  readonly problem: string | null;
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
  readonly lockedFiles: readonly LockedFile[];
  /** The people whose word counts; null where no roster is in force. */
  readonly roster: RosterInForce | null;
  /** Commits that claim a review in their message and that somebody of the roster signed, by id. */
  readonly commitSigners: ReadonlyMap<string, Signer>;
  readonly attestations: readonly Attestation[];
  readonly approvals: readonly Approval[];
  readonly withdrawals: readonly Withdrawal[];
  /** Recorded for the release, and counting for nothing. */
  readonly uncounted: readonly UncountedAct[];
  /** Null where nothing is planned, or where two plans stand beside each other. */
  readonly plan: PlanInForce | null;
  /** Plans that stand beside each other, by their records; empty where one rules. */
  readonly plansDisputed: readonly string[];
  /** What an approval has to be about (FORMATS §3); null while the lines are judged that it is about. */
  readonly subjectDigest: string | null;
  readonly riskAcceptances: readonly RiskAcceptance[];
  readonly signedSuppressions: readonly SignedSuppression[];
  /** Release keys that two people set aside for emergencies, by fingerprint, with who did. */
  readonly emergencyKeys: ReadonlyMap<string, readonly string[]>;
  /** The emergency that the release mends; null where it is none. */
  readonly emergency: EmergencyInForce | null;
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
