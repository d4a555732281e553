import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '../../src/core/checks/check.ts';
import { judgeChecklist } from '../../src/core/checks/judge-checklist.ts';
import type { EvidenceContent, EvidenceFile, EvidenceItem, FindingCounts, TestGroup } from '../../src/core/model/evidence.ts';
import type { Artifact } from '../../src/core/model/release.ts';
import type { CheckId, CheckResult } from '../../src/core/model/verdict.ts';
import { loadPolicy } from '../../src/core/policy/load-policy.ts';
import type { Policy } from '../../src/core/policy/policy.ts';

export const COMMIT = 'c'.repeat(40);
export const OTHER_COMMIT = 'd'.repeat(40);
const DIGEST = 'a'.repeat(64);

const FILE = join(import.meta.dirname, '../../resources/policies/gq-ssdlc-008.yaml');
export const policy: Policy = loadPolicy(readFileSync(FILE, 'utf8'), FILE);

/** What is known of a release that has nothing to show yet. */
export const bare: Facts = {
  version: 'v1.1.0', commit: COMMIT, types: new Set(['minor']), at: '2026-01-12T12:00:00Z',
  range: {
    commit: COMMIT, from: 'tag', branch: 'main', since: { name: 'v1.0.0', commit: OTHER_COMMIT }, shallow: false, bare: false, dirty: false, total: 0, commits: [],
  },
  files: ['src/index.js', 'package-lock.json'], documents: [], documentsBefore: [], changes: [], lockedFiles: [], roster: null, commitSigners: new Map(), attestations: [], approvals: [], withdrawals: [], uncounted: [], plan: null, plansDisputed: [], subjectDigest: null, riskAcceptances: [], signedSuppressions: [], emergency: null, emergencyKeys: new Map(), evidence: [], artifacts: [],
};

/** What an approval has to be about in these tests. */
export const SUBJECT = '5'.repeat(64);

/** Judges one line of a release that differs from the bare one by what is given. */
export function judge(id: CheckId, given: Partial<Facts> = {}): CheckResult {
  const line = judgeChecklist({ ...bare, ...given }, policy, () => SUBJECT).find(({ result }) => result.id === id);
  if (line === undefined) throw new Error(`There is no line ${id}`);
  return line.result;
}

/** A file of evidence of the release's commit, unless it is said otherwise. */
export function item(file: Partial<EvidenceFile> & Pick<EvidenceFile, 'kind'>, content: EvidenceContent, commit: string | null = COMMIT): EvidenceItem {
  return {
    file: { path: `${file.kind}.report`, sha256: DIGEST, size: 100, tool: null, produced: null, counts: null, binding: commit === null ? 'none' : 'manifest', problem: null, ...file },
    commit, content,
  };
}

export function tests(group: Partial<TestGroup>, commit: string | null = COMMIT): EvidenceItem {
  const whole: TestGroup = { suite: 'suite', className: null, file: null, tests: 3, failures: 0, errors: 0, skipped: 0, ...group };
  const failures = Array.from({ length: whole.failures }, (_, index) => ({ name: `test ${index}`, suite: whole.suite, kind: 'failure' as const, message: 'expected 1' }));
  return item({ kind: 'junit', counts: { tests: whole.tests } }, { type: 'tests', groups: [whole], failures, flaky: [] }, commit);
}

export function coverage(covered: number, total: number, commit: string | null = COMMIT): EvidenceItem {
  const lines = { covered, total };
  return item({ kind: 'lcov', counts: { lines } }, { type: 'coverage', lines, branches: null, files: null }, commit);
}

export function findings(kind: 'eslint' | 'bandit' | 'sarif' | 'npm-audit' | 'zap', counts: Partial<FindingCounts>, commit: string | null = COMMIT): EvidenceItem {
  const all: FindingCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, unknown: 0, ...counts };
  const listed = (['critical', 'high', 'unknown', 'medium'] as const).flatMap((severity) =>
    Array.from({ length: all[severity] }, (_, index) => ({ severity, rawSeverity: severity, rule: `rule-${index}`, message: 'finding', where: 'a.js:1', aliases: [], suppressed: true, package: null, cvss: [] })),
  );
  return item({ kind, counts: { findings: all } }, { type: 'findings', findings: listed, total: listed.length, database: null, scanned: null }, commit);
}

export function artifact(more: Partial<Artifact> = {}): Artifact {
  return { path: 'a.tar.gz', location: '/outputs/a.tar.gz', name: 'a.tar.gz', size: 10, sha256: DIGEST, signature: 'good', signer: 'F'.repeat(40), checksum: 'matches', coveredBy: [], changed: 'unknown', ...more };
}
