import type { EvidenceItem, EvidenceKind } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Policy } from '../policy/policy.ts';
import type { Check, Facts } from './check.ts';
import { failed, joined, judgeReports, missing, ofKinds, passed, refsOf } from './judging.ts';
import { judgeSuite } from './suites.ts';

const COVERAGE_KINDS: readonly EvidenceKind[] = [
  'coverage-istanbul-summary', 'coverage-istanbul-final', 'coverage-py', 'lcov', 'cobertura', 'clover', 'jacoco',
];

const REMEDY = 'Let CI measure coverage (istanbul, coverage.py, lcov, Cobertura, Clover or JaCoCo) and put the report in the outputs folder.';

/** §3.2 “All unit tests passed (minimum 80% coverage)” */
export const unitTests: Check = {
  id: 'unit-tests',
  evaluate: (facts, policy) => joined([judgeSuite('unit', facts, policy), judgeCoverage(facts, policy)]),
};

/** Every coverage report must reach the minimum: the worst one rules, so that none hides behind another. */
function judgeCoverage(facts: Facts, policy: Policy): Verdict {
  const minimum = policy.parameters.coverage_minimum_percent.value;
  const wanted = { what: `a coverage report (at least ${minimum} %)`, remedy: REMEDY };
  return judgeReports(ofKinds(facts.evidence, COVERAGE_KINDS), facts, wanted, (reports) => {
    const shares = reports.map((report) => ({ report, percent: percentOf(report, policy) }));
    const unmeasured = shares.filter(({ percent }) => percent === null);
    if (unmeasured.length > 0) {
      const names = unmeasured.map(({ report }) => report.file.path).join(', ');
      return missing([`coverage that counts at least one line (${names} counts none)`], REMEDY, refsOf(reports));
    }
    const said = shares.map(({ report, percent }) => `${formatPercent(percent ?? 0)}${branchesOf(report)} in ${report.file.path}`).join(', ');
    const below = shares.filter(({ percent }) => (percent ?? 0) < minimum);
    // Two formats of one run cannot be told from two runs: nothing is added up, each must reach the minimum.
    const each = shares.length > 1 ? ', each by itself' : '';
    if (below.length === 0) return passed(`coverage ${said} (minimum ${minimum} %${each})`, refsOf(reports));
    return failed(
      `coverage ${said} is below ${minimum} %`,
      `Test more of the code: the minimum is ${minimum} %.`,
      refsOf(reports),
      below.map(({ report, percent }) => ({
        severity: null, title: `${formatPercent(percent ?? 0)} of ${minimum} %`, where: null, evidence: report.file.path,
      })),
    );
  });
}

function percentOf({ file }: EvidenceItem, policy: Policy): number | null {
  const { lines, branches } = file.counts ?? {};
  if (lines === undefined || lines.total === 0) return null;
  const ofLines = (lines.covered / lines.total) * 100;
  if (policy.parameters.coverage_counts.value === 'lines' || branches === undefined || branches.total === 0) return ofLines;
  return Math.min(ofLines, (branches.covered / branches.total) * 100);
}

/** Branches are shown beside the lines, whichever of them the policy counts. */
function branchesOf({ file }: EvidenceItem): string {
  const branches = file.counts?.branches;
  return branches === undefined || branches.total === 0 ? '' : ` (branches ${formatPercent((branches.covered / branches.total) * 100)})`;
}

/** Rounded down, so that 79.99 never reads as 80. */
function formatPercent(percent: number): string {
  return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
}
