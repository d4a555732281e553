import { z } from 'zod';
import { ByteSize, CommitId, RelativePath, Sha256, UtcTime } from './primitives.ts';

/** Every kind of file that the console knows by its content (FORMATS §2). */
export const EVIDENCE_KINDS = [
  'junit', 'coverage-istanbul-summary', 'coverage-istanbul-final', 'coverage-py', 'lcov', 'cobertura', 'clover', 'jacoco',
  'eslint', 'bandit', 'sarif', 'zap', 'snyk', 'npm-audit', 'yarn-audit', 'pnpm-audit', 'pip-audit', 'dependabot',
  'osv-scanner', 'trivy', 'grype', 'dependency-check', 'cyclonedx', 'spdx', 'openvex', 'csaf', 'changelog', 'openapi',
  'k6', 'pytest-benchmark', 'jmh', 'hyperfine', 'lighthouse', 'benchmarkdotnet', 'github-pulls', 'gitlab-merge-requests',
  'evidence-manifest', 'checksums', 'signature', 'certificate', 'artifact', 'unrecognised',
] as const;
export const EvidenceKind = z.enum(EVIDENCE_KINDS);
export type EvidenceKind = z.infer<typeof EvidenceKind>;

/** Severity after normalisation; `unknown` is what the report does not say. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info', 'unknown'] as const;
export const Severity = z.enum(SEVERITIES);
export type Severity = z.infer<typeof Severity>;

const Count = z.number().int().min(0);

/** Lines or branches that tests ran, of those there are. */
export const CoverageCount = z.strictObject({ covered: Count, total: Count });
export type CoverageCount = z.infer<typeof CoverageCount>;

/** One number for each normalised severity. */
export const FindingCounts = z.strictObject({
  critical: Count, high: Count, medium: Count, low: Count, info: Count, unknown: Count,
});
export type FindingCounts = z.infer<typeof FindingCounts>;

/** What a report counts, as the report itself lists it, before any merging (FORMATS §2). */
export const EvidenceCounts = z.strictObject({
  tests: Count.optional(), failures: Count.optional(), errors: Count.optional(), skipped: Count.optional(),
  lines: CoverageCount.optional(), branches: CoverageCount.optional(),
  components: Count.optional(),
  findings: FindingCounts.optional(),
  raw: z.record(z.string(), Count).optional(),
});
export type EvidenceCounts = z.infer<typeof EvidenceCounts>;

/** How a file is known to belong to a commit (FORMATS §2). A time stamp is never evidence. */
export const Binding = z.enum(['in-report', 'manifest', 'attested', 'none']);
export type Binding = z.infer<typeof Binding>;

/** A tool as its report names it; a version that the report does not give is null. */
export const Tool = z.strictObject({ name: z.string(), version: z.string().nullable() });
export type Tool = z.infer<typeof Tool>;

/** Why a file could not be used, or what is wrong inside it. */
export const EvidenceProblem = z.strictObject({
  code: z.enum(['unrecognised', 'malformed', 'truncated', 'too-large', 'too-deep', 'entity-declared', 'not-utf8',
    'counts-disagree', 'binding-disagrees', 'changed-since-manifest', 'unreadable', 'not-a-file', 'unsupported-version',
    'not-read-yet', 'invalid']),
  message: z.string(),
});
export type EvidenceProblem = z.infer<typeof EvidenceProblem>;

/** One file of build output, as `evidence DIR --json` prints it (FORMATS §2). `path` is relative to the folder given. */
export const EvidenceFile = z.strictObject({
  path: z.string().min(1),
  sha256: Sha256.nullable(),
  size: ByteSize.nullable(),
  kind: EvidenceKind,
  tool: Tool.nullable(),
  produced: UtcTime.nullable(),
  counts: EvidenceCounts.nullable(),
  binding: Binding,
  problem: EvidenceProblem.nullable(),
});
export type EvidenceFile = z.infer<typeof EvidenceFile>;

/** The whole answer of `evidence DIR --json`. */
export const EvidenceListing = z.strictObject({ files: z.array(EvidenceFile) });
export type EvidenceListing = z.infer<typeof EvidenceListing>;

/** What CI writes beside its reports, to say of which commit they are (FORMATS §2). */
export const EvidenceManifest = z.strictObject({
  v: z.literal(1),
  commit: CommitId,
  run: z.string().max(1024).nullable(),
  files: z.array(z.strictObject({ path: RelativePath, sha256: Sha256 })).max(100_000),
});
export type EvidenceManifest = z.infer<typeof EvidenceManifest>;

/** One thing that a scanner reports. `where` is file and line, or package and version, as the report has it. */
export interface Finding {
  readonly severity: Severity;
  readonly rawSeverity: string;
  readonly rule: string | null;
  readonly message: string;
  readonly where: string | null;
  /** CVE, GHSA and other names under which the same thing is known. */
  readonly aliases: readonly string[];
  /** The report says that this finding is suppressed; it still counts until a rostered architect signed that. */
  readonly suppressed: boolean;
}

/** Test cases that share a suite, counted from the elements themselves. */
export interface TestGroup {
  readonly suite: string;
  readonly className: string | null;
  readonly file: string | null;
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

/** A test that did not pass. */
export interface TestFailure {
  readonly name: string;
  readonly suite: string;
  readonly kind: 'failure' | 'error';
  readonly message: string;
}

/** One version's section of a CHANGELOG (Keep a Changelog 1.1.0). */
export interface ChangelogVersion {
  readonly version: string;
  readonly date: string | null;
  readonly yanked: boolean;
  /** Change groups (`Added`, `Security` …) with how many items each has. */
  readonly groups: Readonly<Record<string, number>>;
  /** Words of the section, bounded, for display as plain text. */
  readonly text: string;
}

/** What a parser read out of one file; the part that checks judge. */
export type EvidenceContent =
  | { readonly type: 'tests'; readonly groups: readonly TestGroup[]; readonly failures: readonly TestFailure[] }
  | { readonly type: 'coverage'; readonly lines: CoverageCount | null; readonly branches: CoverageCount | null }
  | { readonly type: 'findings'; readonly findings: readonly Finding[]; readonly total: number }
  | {
      readonly type: 'sbom';
      readonly specVersion: string;
      /** Name and version of what the SBOM is about. */
      readonly subject: { readonly name: string | null; readonly version: string | null } | null;
      readonly components: number;
      readonly purls: number;
      /** Findings of the published schema; empty when valid. Filled by the SBOM validator, null until it ran. */
      readonly schemaErrors: readonly string[] | null;
    }
  | { readonly type: 'changelog'; readonly versions: readonly ChangelogVersion[]; readonly unreleased: boolean }
  | { readonly type: 'manifest'; readonly manifest: EvidenceManifest }
  | { readonly type: 'checksums'; readonly lines: readonly { readonly sha256: string; readonly name: string }[] }
  | { readonly type: 'opaque' };

/** A file of evidence with what it says, ready to be judged. */
export interface EvidenceItem {
  readonly file: EvidenceFile;
  /** The commit that the binding names; null when there is none. */
  readonly commit: string | null;
  readonly content: EvidenceContent;
}

/** Bounds on what a parser reads, from the policy file. Sizes are bytes. */
export interface EvidenceLimits {
  /** The largest file of a kind that is read; `default` where the kind has no line of its own. */
  readonly bytes: Readonly<Partial<Record<EvidenceKind, number>>> & { readonly default: number };
  /** The deepest nesting of JSON or XML that is followed. */
  readonly depth: number;
  /** How many findings, failures or versions are kept in full; all are counted. */
  readonly kept: number;
}
