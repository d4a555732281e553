import type { CoverageCount, EvidenceItem, EvidenceKind } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Policy } from '../policy/policy.ts';
import type { Check, Facts } from './check.ts';
import { counted, failed, joined, judgeReports, missing, ofKinds, passed, refsOf } from './judging.ts';
import { mergeCoverage } from './merged-coverage.ts';
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

interface Share {
  /** What was measured, in words. */
  readonly of: string;
  readonly reports: readonly EvidenceItem[];
  readonly lines: CoverageCount;
  readonly branches: CoverageCount | null;
}

/**
 * Reports that tell their files apart are merged, each file once; one that does not must reach the minimum by itself, so
 * that none hides behind another.
 */
function judgeCoverage(facts: Facts, policy: Policy): Verdict {
  const minimum = policy.parameters.coverage_minimum_percent.value;
  const wanted = { what: `a coverage report (at least ${minimum} %)`, remedy: REMEDY };
  return judgeReports(ofKinds(facts.evidence, COVERAGE_KINDS), facts, wanted, (reports) => {
    const evidence = refsOf(reports);
    const empty = reports.filter(({ file }) => (file.counts?.lines?.total ?? 0) === 0);
    if (empty.length > 0) {
      return missing([`coverage that counts at least one line (${empty.map(({ file }) => file.path).join(', ')} counts none)`], REMEDY, evidence);
    }
    const shares = sharesOf(reports, facts);
    const said = `coverage ${shares.map(describe).join(', ')}`;
    const below = shares.filter((share) => percentOf(share, policy) < minimum);
    const each = shares.length > 1 ? ', each by itself' : '';
    if (below.length === 0) return passed(`${said} (minimum ${minimum} %${each})`, evidence);
    return failed(
      `${said} is below ${minimum} %`,
      `Test more of the code: the minimum is ${minimum} %.`,
      evidence,
      below.map((share) => ({ severity: null, title: `${formatPercent(percentOf(share, policy))} of ${minimum} % in ${share.of}`, where: null, evidence: share.reports.map(({ file }) => file.path).join(', ') })),
    );
  });
}

function sharesOf(reports: readonly EvidenceItem[], facts: Facts): Share[] {
  const byFile = reports.filter(({ content }) => content.type === 'coverage' && content.files !== null);
  const whole = reports.filter((report) => !byFile.includes(report));
  const { lines, branches, files } = mergeCoverage(byFile, facts.files);
  return [
    ...(byFile.length === 0 ? [] : [{ of: byFile.length === 1 ? (byFile[0]?.file.path ?? '') : `${counted(files, 'file')} merged from ${byFile.map(({ file }) => file.path).join(', ')}`, reports: byFile, lines, branches }]),
    ...whole.map((report) => ({ of: report.file.path, reports: [report], lines: report.file.counts?.lines ?? NOTHING, branches: report.file.counts?.branches ?? null })),
  ];
}

const NOTHING: CoverageCount = { covered: 0, total: 0 };

function percentOf({ lines, branches }: Share, policy: Policy): number {
  const ofLines = shareOf(lines);
  return policy.parameters.coverage_counts.value === 'lines' || branches === null || branches.total === 0 ? ofLines : Math.min(ofLines, shareOf(branches));
}

function shareOf({ covered, total }: CoverageCount): number {
  return total === 0 ? 0 : (covered / total) * 100;
}

/** Branches are shown beside the lines, whichever of them the policy counts. */
function describe({ of, lines, branches }: Share): string {
  return `${formatPercent(shareOf(lines))}${branches === null || branches.total === 0 ? '' : ` (branches ${formatPercent(shareOf(branches))})`} in ${of}`;
}

/** Rounded down, so that 79.99 never reads as 80. */
function formatPercent(percent: number): string {
  return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
}
