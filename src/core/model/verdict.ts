import { z } from 'zod';
import { ReleaseType, ReleaseVersion, Sha256, UtcTime } from './primitives.ts';

/** Every line of the checklist, in the policy's order (FORMATS §1). */
export const CHECK_IDS = [
  'code-reviewed', 'high-risk-reviewed', 'no-self-approval', 'feedback-addressed',
  'unit-tests', 'integration-tests', 'end-to-end-tests', 'regression-tests', 'performance-tests',
  'sast-scans', 'dast-scans', 'dependency-scans', 'critical-high-remediated', 'medium-documented', 'penetration-test',
  'sbom-generated', 'release-notes', 'changelog-updated', 'api-documentation', 'compliance-notified',
  'migrations-tested', 'configuration-documented', 'environment-variables', 'secrets-rotated', 'monitoring-configured',
  'cto-approval', 'ciso-approval', 'deployment-scheduled', 'rollback-plan',
  'linters-passed', 'artifacts-signed', 'artifacts-checksummed', 'artifacts-stored',
  'qa-automated-checks', 'qa-release-notes', 'qa-changelog', 'qa-api-documentation', 'qa-staging-tested',
  'qa-no-critical-issues',
] as const;
export const CheckId = z.enum(CHECK_IDS);
export type CheckId = z.infer<typeof CheckId>;

/** The one vocabulary of status, in window, command line and reports (UX, "Status"). */
export const STATUSES = ['passed', 'failed', 'missing', 'stale', 'needs-person', 'accepted', 'not-applicable', 'broken'] as const;
export const Status = z.enum(STATUSES);
export type Status = z.infer<typeof Status>;

/** A file that a verdict rests on. */
export const EvidenceRef = z.strictObject({ path: z.string(), sha256: Sha256 });
export type EvidenceRef = z.infer<typeof EvidenceRef>;

/** One thing found, in words, with its place. */
export interface VerdictFinding {
  readonly severity: string | null;
  readonly title: string;
  readonly where: string | null;
  readonly evidence: string | null;
}

/**
 * What one line of the checklist came to. Only `passed`, `not-applicable`, an attested `needs-person`
 * and an authorised `accepted` open the gate (FORMATS §3).
 */
export type Verdict = {
  readonly evidence: readonly EvidenceRef[];
  /** What was found, in one line. */
  readonly summary: string;
  /** What would turn the line green; null when it is. */
  readonly remedy: string | null;
} & (
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly findings: readonly VerdictFinding[] }
  | { readonly status: 'missing'; readonly needs: readonly string[] }
  | { readonly status: 'stale'; readonly commits: readonly string[] }
  | { readonly status: 'needs-person'; readonly question: string; readonly roles: readonly string[] }
  | { readonly status: 'accepted'; readonly by: string; readonly until: string; readonly why: string }
  | { readonly status: 'not-applicable'; readonly why: string }
  | { readonly status: 'broken'; readonly error: string }
);

/**
 * Whose word a line rests on: `machine` (nobody's), `unproved` (a person's or a key's that no roster in
 * force vouches for), `proved`.
 */
export const LineAuthority = z.enum(['machine', 'unproved', 'proved']);
export type LineAuthority = z.infer<typeof LineAuthority>;

/** One line as `check --json` prints it (FORMATS §3). */
export const CheckResult = z.strictObject({
  id: CheckId,
  section: z.string(),
  status: Status,
  summary: z.string(),
  evidence: z.array(EvidenceRef),
  remedy: z.string().nullable(),
  authority: LineAuthority,
});
export type CheckResult = z.infer<typeof CheckResult>;

/** What was declared, what the range and version say, and the union that rules. */
export const ReleaseTypes = z.strictObject({
  declared: z.array(ReleaseType),
  derived: z.array(ReleaseType),
  effective: z.array(ReleaseType),
});
export type ReleaseTypes = z.infer<typeof ReleaseTypes>;

/** The whole answer of `check --json` (FORMATS §3). Equal inputs give equal bytes. */
export const CheckReport = z.strictObject({
  v: z.literal(1),
  release: ReleaseVersion,
  types: ReleaseTypes,
  policyDigest: Sha256,
  rosterDigest: Sha256.nullable(),
  at: UtcTime,
  gate: z.enum(['open', 'closed']),
  authority: z.enum(['proved', 'unproved']),
  results: z.array(CheckResult),
  subjectDigest: Sha256,
  digest: Sha256,
});
export type CheckReport = z.infer<typeof CheckReport>;
