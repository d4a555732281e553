import picomatch from 'picomatch';
import type { EvidenceItem, TestGroup } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Policy, Suite } from '../policy/policy.ts';
import type { Facts } from './check.ts';
import { counted, failed, judgeReports, missing, ofKinds, passed, refsOf } from './judging.ts';
import { named } from './range-files.ts';

/** Linters that write what they find in the form of tests: no test ran. */
const LINTERS: ReadonlySet<string> = new Set(['eslint']);

/**
 * Judges the tests of one suite (§3.2): there is a report of this commit, at least one test of the suite ran,
 * and none failed. Tests are told apart by the policy's globs, never by the name of a report alone.
 */
export function judgeSuite(suite: Suite, facts: Facts, policy: Policy): Verdict {
  const wanted = {
    what: `a JUnit report with ${suite} tests`,
    remedy: `Let CI run the ${suite} tests with a JUnit reporter and put the report in the outputs folder.`,
  };
  const place = suitePlacer(policy);
  const reports = ofKinds(facts.evidence, ['junit']).filter(({ file }) => !LINTERS.has(file.tool?.name ?? '')).filter(
    (report) => report.content.type !== 'tests' || groupsOf(report, suite, place).length > 0,
  );
  return judgeReports(reports, facts, wanted, (ofThisCommit) => {
    const groups = ofThisCommit.flatMap((report) => groupsOf(report, suite, place));
    const total = sum(groups);
    const ran = total.tests - total.skipped;
    const evidence = refsOf(ofThisCommit);
    const flaky = flakyOf(ofThisCommit, groups);
    const skipped = `${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}${flaky.length > 0 ? `; flaky, passed only when run again: ${named(flaky)}` : ''}`;
    if (total.failures + total.errors > 0) {
      return failed(
        `${counted(total.failures + total.errors, `${suite} test`)} of ${total.tests} did not pass${skipped}`,
        `Mend the ${suite} tests and run them again on this commit.`,
        evidence,
        failuresOf(ofThisCommit, groups),
      );
    }
    if (ran <= 0) {
      return missing([`at least one ${suite} test that ran (${total.tests} listed${skipped})`], wanted.remedy, evidence);
    }
    return passed(`${counted(ran, `${suite} test`)} passed${skipped}`, evidence);
  });
}

type Place = (group: TestGroup, reportPath: string) => Suite;

/** The policy's rule for which suite a test belongs to: its file, its class, its suite, its report; the first match counts. */
export function suitePlacer(policy: Policy): Place {
  const rules = policy.parameters.test_suites.value.map(({ suite, match }) => ({
    suite,
    matches: picomatch([...match], { dot: true, nocase: true }),
  }));
  return (group, reportPath) => {
    const names = [group.file, group.className?.replaceAll('.', '/'), group.className, group.suite, reportPath];
    for (const name of names) {
      if (name === null || name === undefined || name === '') continue;
      const rule = rules.find(({ matches }) => matches(name.replaceAll('\\', '/').replace(/^\/+/, '')));
      if (rule !== undefined) return rule.suite;
    }
    return policy.parameters.test_suites_otherwise.value;
  };
}

function groupsOf(report: EvidenceItem, suite: Suite, place: Place): TestGroup[] {
  if (report.content.type !== 'tests') return [];
  return report.content.groups.filter((group) => place(group, report.file.path) === suite);
}

function sum(groups: readonly TestGroup[]): Pick<TestGroup, 'tests' | 'failures' | 'errors' | 'skipped'> {
  const total = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const group of groups) {
    total.tests += group.tests;
    total.failures += group.failures;
    total.errors += group.errors;
    total.skipped += group.skipped;
  }
  return total;
}

/** Tests of these groups that failed before they passed. */
function flakyOf(reports: readonly EvidenceItem[], groups: readonly TestGroup[]): string[] {
  const suites = new Set(groups.map(({ suite }) => suite));
  return reports.flatMap(({ content }) => (content.type === 'tests' ? content.flaky.filter(({ suite }) => suites.has(suite)).map(({ name, failures }) => `${name} (${counted(failures, 'time')})`) : []));
}

function failuresOf(reports: readonly EvidenceItem[], groups: readonly TestGroup[]): {
  severity: string; title: string; where: string; evidence: string;
}[] {
  const suites = new Set(groups.map(({ suite }) => suite));
  return reports.flatMap(({ file, content }) =>
    content.type !== 'tests'
      ? []
      : content.failures
          .filter((failure) => suites.has(failure.suite))
          .map((failure) => ({ severity: failure.kind, title: `${failure.name}: ${failure.message}`, where: failure.suite, evidence: file.path })),
  );
}
