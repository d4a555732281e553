import type { AssessedLine } from '../../src/core/contract/contract.ts';
import type { CheckId, Status } from '../../src/core/model/verdict.ts';

export interface Judgement {
  readonly status: Status;
  readonly summary: string;
  readonly remedy: string | null;
  readonly evidence: readonly string[];
  readonly findings: AssessedLine['findings'];
  readonly findingsTotal: number;
  readonly needs: string[];
}

const blank: Omit<Judgement, 'status' | 'summary'> = { remedy: null, evidence: [], findings: [], findingsTotal: 0, needs: [] };

const SAST: AssessedLine['findings'] = [
  { severity: 'high', title: 'B602: subprocess call with shell=True identified, security issue.', where: 'ghostquant/venues/replay.py:118', evidence: 'bandit-report.json' },
  { severity: 'high', title: 'B324: Use of weak MD5 hash for security. Consider usedforsecurity=False, unless the digest protects something, in which case it is not the right function at all and never was.', where: 'ghostquant/persistence/a/rather/deep/folder/of/modules/that/nobody/flattened/cache_keys.py:41', evidence: 'bandit-report.json' },
  { severity: 'medium', title: 'B608: Possible SQL injection vector through string-based query construction.', where: 'ghostquant/reports/суточный.py:7', evidence: 'bandit-report.json' },
];

/** What a line comes to in the preview: every status is there at least once. */
export function judgementOf(id: CheckId, green: boolean, commit: string, many: boolean): Judgement {
  if (green) return { ...blank, status: 'passed', summary: 'Passed', evidence: ['report.json'] };
  const special: Partial<Record<CheckId, Judgement>> = {
    'code-reviewed': { ...blank, status: 'failed', summary: 'Failed: 9 commits name no reviewer', remedy: 'Name who reviewed each commit (Reviewed-by) or give the forge’s export.',
      findings: Array.from({ length: 9 }, (_, index) => ({ severity: null, title: `Commit ${commit.slice(index, index + 7)} names no reviewer`, where: null, evidence: null })), findingsTotal: 9 },
    'unit-tests': { ...blank, status: 'passed', summary: 'Passed: 1,284 tests; 89.3 % of lines, 81.7 % of branches', evidence: ['junit/unit.xml', 'coverage.json'] },
    'integration-tests': { ...blank, status: 'passed', summary: 'Passed: 212 tests', evidence: ['junit/integration.xml'] },
    'end-to-end-tests': { ...blank, status: 'stale', summary: 'Evidence is of another commit (a1b2c3d, 8 days older)', remedy: `Run the end-to-end tests on ${commit.slice(0, 7)} and put the JUnit report into the outputs.`, evidence: ['junit/e2e-from-last-week.xml'] },
    'sast-scans': { ...blank, status: 'failed', summary: many ? 'Failed: 3,000 high findings' : 'Failed: 2 high findings', remedy: 'Mend the findings, run Bandit again on this commit and put its report into the outputs.', evidence: ['bandit-report.json'],
      findings: many ? Array.from({ length: 500 }, (_, index) => ({ ...(SAST[index % 3] ?? SAST[0]), where: `ghostquant/module_${index}.py:${index + 1}` }) as AssessedLine['findings'][number]) : SAST, findingsTotal: many ? 3_000 : 3 },
    'dast-scans': { ...blank, status: 'missing', summary: 'No evidence: an OWASP ZAP report', remedy: 'Run ZAP against staging and put its JSON report into the outputs.', needs: ['an OWASP ZAP report'] },
    'dependency-scans': { ...blank, status: 'failed', summary: 'Failed: 1 critical finding', remedy: 'Update the package, or record why it is not reached.', evidence: ['npm-audit.json'],
      findings: [{ severity: 'critical', title: 'GHSA-67hx-6x53-jw92: babel-traverse runs code while it compiles', where: 'babel-traverse@6.26.0', evidence: 'npm-audit.json' }], findingsTotal: 1 },
    'medium-documented': { ...blank, status: 'accepted', summary: 'Accepted by CTO until 2026-03-31', evidence: ['bandit-report.json'] },
    'penetration-test': { ...blank, status: 'not-applicable', summary: 'Not a major release' },
    'critical-high-remediated': { ...blank, status: 'broken', summary: 'Could not be judged: report ends at byte 4,812', remedy: 'Write the report again; this one is cut off.', evidence: ['sast/semgrep.sarif'] },
    'sbom-generated': { ...blank, status: 'passed', summary: 'Passed: CycloneDX 1.6, 412 components', evidence: ['sbom.cdx.json'] },
    'changelog-updated': { ...blank, status: 'passed', summary: 'Passed: CHANGELOG.md has 1.1.0 of 2026-03-01', evidence: ['repository:CHANGELOG.md'] },
    'release-notes': { ...blank, status: 'passed', summary: 'Passed: 214 words', evidence: ['repository:docs/releases/v1.1.0.md'] },
    'artifacts-signed': { ...blank, status: 'missing', summary: 'No evidence: signatures of 2 of 3 artifacts', remedy: 'Sign the artifacts.', needs: ['ghostquant-v1.1.0.tar.gz.asc', 'ghostquant-v1.1.0-py3-none-manylinux_2_28_x86_64.whl.asc'] },
    'cto-approval': { ...blank, status: 'not-applicable', summary: 'Not a major release' },
    'linters-passed': { ...blank, status: 'passed', summary: 'Passed: ESLint and Ruff, no errors', evidence: ['eslint.json', 'ruff.sarif'] },
    'compliance-notified': { ...blank, status: 'not-applicable', summary: 'Not a major release' },
  };
  const judged = special[id];
  if (judged !== undefined) return judged;
  if (id.startsWith('qa-') || ['deployment-scheduled', 'rollback-plan', 'monitoring-configured', 'ciso-approval', 'secrets-rotated'].includes(id)) {
    const who = id.startsWith('qa-') ? 'QA' : id === 'ciso-approval' ? 'CISO' : 'the release manager';
    return { ...blank, status: 'needs-person', summary: `Asks ${who}: ${id.replaceAll('-', ' ')}?`, remedy: 'A person with the role attests it with a signature.' };
  }
  return { ...blank, status: 'missing', summary: `No evidence: a report on ${id.replaceAll('-', ' ')}`, remedy: 'Put the report into the outputs.', needs: [`a report on ${id.replaceAll('-', ' ')}`] };
}
