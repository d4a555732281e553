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
  /** The package that is vulnerable; null where the finding is about code, or the report does not say. */
  readonly package: FindingPackage | null;
  /** CVSS vectors of whatever version, as the report spells them. */
  readonly cvss: readonly string[];
}

/** A package as a scanner names it; `ecosystem` is the purl type (`npm`, `pypi`, `deb` …) where it is known. */
export interface FindingPackage {
  readonly ecosystem: string | null;
  readonly name: string;
  readonly version: string | null;
  /** Versions in which it is mended, in the report's words. */
  readonly fixedIn: readonly string[];
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

/** A test that failed at first and passed when it was run again: it counts as passed, and is shown. */
export interface FlakyTest {
  readonly name: string;
  readonly suite: string;
  /** How many runs of it failed. */
  readonly failures: number;
}

/** Coverage of one file, by the path that its report has for it. */
export interface FileCoverage {
  readonly path: string;
  readonly lines: CoverageCount;
  readonly branches: CoverageCount | null;
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

/** Somebody as a forge names them. A forge's account proves no person; the roster says whose e-mail address it is. */
export interface ForgeAccount {
  readonly login: string;
  readonly name: string | null;
  readonly email: string | null;
  /** The forge says so, or the name is a bot's (`dependabot[bot]`). */
  readonly bot: boolean;
}

/** One review of a pull request. `commit` is the head that it was given for, null where the export does not say. */
export interface PullReview {
  readonly reviewer: ForgeAccount;
  readonly state: 'approved' | 'changes-requested' | 'commented' | 'dismissed' | 'pending';
  readonly at: string | null;
  readonly commit: string | null;
}

/** A commit as a pull request lists it, oldest first; where it was rebased, git has it under another id. */
export interface PullCommit {
  readonly id: string;
  readonly authors: readonly ForgeAccount[];
  readonly time: string | null;
  /** The first line of its message; one that ends in `…` was cut there. Null where the export leaves it out. */
  readonly subject: string | null;
}

/** A pull or merge request as its export has it. What an export leaves out is null, which is never taken for "none". */
export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly url: string | null;
  readonly author: ForgeAccount;
  readonly state: 'open' | 'merged' | 'closed' | null;
  /** The branch that it was merged into. */
  readonly base: string | null;
  /** The last commit that was pushed to it, and when. */
  readonly head: string | null;
  readonly lastPush: string | null;
  readonly mergeCommit: string | null;
  readonly mergedBy: ForgeAccount | null;
  readonly mergedAt: string | null;
  readonly commits: readonly PullCommit[] | null;
  readonly reviews: readonly PullReview[] | null;
  /** Discussions on its code: how many there are and how many still wait for an answer. */
  readonly threads: { readonly total: number; readonly unresolved: number } | null;
  readonly files: readonly string[] | null;
}

/** One figure that a performance tool measured. */
export interface Measurement {
  /** What was measured, as the tool names it: a benchmark, a request, an audit. */
  readonly name: string;
  /** Which figure of it: `mean`, `p(95)`, `score` … */
  readonly metric: string;
  readonly unit: string;
  readonly value: number;
  readonly better: 'lower' | 'higher';
  /** How many samples the figure rests on, and their standard deviation in the same unit; null where not said. */
  readonly samples: number | null;
  readonly deviation: number | null;
}

/** One statement of a VEX document about some vulnerabilities in some products. */
export interface VexStatement {
  readonly vulnerabilities: readonly string[];
  /** purls or other product ids; empty where the document is about its one subject. */
  readonly products: readonly string[];
  readonly status: 'not-affected' | 'affected' | 'fixed' | 'under-investigation';
  readonly justification: string | null;
  /** What the author says of it, bounded, for display as plain text. */
  readonly statement: string | null;
}

/** One operation of an API description: a path with a method, and what it asks for and answers. */
export interface ApiOperation {
  readonly path: string;
  readonly method: string;
  /** `in:name` of each parameter, and whether it must be given. */
  readonly parameters: readonly { readonly name: string; readonly required: boolean }[];
  /** Whether there must be a body; null where the operation takes none. */
  readonly bodyRequired: boolean | null;
  /** Status codes that it answers with. */
  readonly responses: readonly string[];
  readonly deprecated: boolean;
}

/** What a parser read out of one file; the part that checks judge. */
export type EvidenceContent =
  | { readonly type: 'tests'; readonly groups: readonly TestGroup[]; readonly failures: readonly TestFailure[]; readonly flaky: readonly FlakyTest[] }
  | {
      readonly type: 'coverage';
      readonly lines: CoverageCount | null;
      readonly branches: CoverageCount | null;
      /** The same for each file; null where the report does not tell them apart, or has too many. */
      readonly files: readonly FileCoverage[] | null;
    }
  | {
      readonly type: 'findings';
      readonly findings: readonly Finding[];
      readonly total: number;
      /** When the tool's vulnerability data was made, RFC 3339 UTC; null where the report does not say. */
      readonly database: string | null;
      /** How many packages, files or addresses were looked at; null where the report does not say. */
      readonly scanned: number | null;
    }
  | { readonly type: 'vex'; readonly statements: readonly VexStatement[]; readonly total: number }
  | { readonly type: 'pulls'; readonly forge: 'github' | 'gitlab'; readonly pulls: readonly PullRequest[] }
  | {
      readonly type: 'performance';
      readonly measurements: readonly Measurement[];
      /** Limits that the tool itself was given and judged. */
      readonly thresholds: readonly { readonly name: string; readonly met: boolean }[];
    }
  | {
      readonly type: 'api';
      /** Version of the OpenAPI or Swagger specification. */
      readonly specVersion: string;
      readonly title: string | null;
      readonly version: string | null;
      readonly operations: readonly ApiOperation[];
      /** What is wrong with it against its own specification; empty when valid. */
      readonly faults: readonly string[];
    }
  | {
      readonly type: 'sbom';
      readonly specVersion: string;
      /** Name and version of what the SBOM is about. */
      readonly subject: { readonly name: string | null; readonly version: string | null } | null;
      readonly components: number;
      /** How many of them, at the top level, have a package URL, a hash and a licence. */
      readonly purls: number;
      readonly hashed: number;
      readonly licensed: number;
      /** Package URLs of all components, nested ones too, in their plain form; each once. */
      readonly packages: readonly string[];
      /** What it says of vulnerabilities in its components; it takes nothing away by itself. */
      readonly statements: readonly VexStatement[];
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
