import picomatch from 'picomatch';
import { SEVERITIES, type EvidenceItem, type FindingCounts, type Severity } from '../model/evidence.ts';
import type { Verdict, VerdictFinding } from '../model/verdict.ts';
import type { Policy } from '../policy/policy.ts';
import type { Facts } from './check.ts';
import { counted, failed, joined, judgeReports, missing, ofKinds, passed, refsOf } from './judging.ts';

type ScanRules = Policy['parameters']['sast_scans']['value'];

/** Which of the policy's scans the files of this commit call for. */
export function scansCalledFor(rules: ScanRules, facts: Facts): ScanRules {
  return rules.filter((rule) => {
    const matches = picomatch([...rule.when], { dot: true });
    return facts.files.some((file) => matches(file));
  });
}

/**
 * Judges the scans that a commit calls for, one by one: each needs a report of its own, of this commit,
 * with nothing at the severities at which the policy has it fail.
 */
export function judgeScans(
  rules: ScanRules,
  facts: Facts,
  failsAt: readonly Severity[],
  words: { readonly scan: string; readonly remedy: string },
): Verdict {
  const wanted = scansCalledFor(rules, facts);
  if (wanted.length === 0) {
    return missing([`a ${words.scan} report; no file of this commit says which`], words.remedy);
  }
  const parts = wanted.map((rule) =>
    judgeReports(
      ofKinds(facts.evidence, rule.kinds),
      facts,
      { what: `a ${words.scan} report for ${rule.name} (${rule.kinds.join(', ')})`, remedy: words.remedy },
      (reports) => judgeFindings(reports, failsAt),
    ),
  );
  const [first, ...rest] = parts;
  return first === undefined ? missing([words.scan], words.remedy) : joined([first, ...rest]);
}

/** Passes when the reports list nothing at the given severities. A suppressed finding still counts (FORMATS §2). */
export function judgeFindings(reports: readonly EvidenceItem[], failsAt: readonly Severity[]): Verdict {
  const total = addCounts(reports);
  const said = describeCounts(total);
  const names = reports.map(({ file }) => `${file.tool?.name ?? file.kind}: ${file.path}`).join(', ');
  const blocking = failsAt.reduce((sum, severity) => sum + total[severity], 0);
  if (blocking === 0) return passed(`${names}: ${said}`, refsOf(reports));
  return failed(
    `${said} in ${names}`,
    `Mend the ${failsAt.filter((severity) => total[severity] > 0).join(' and ')} findings and scan this commit again.`,
    refsOf(reports),
    blockingFindings(reports, failsAt),
  );
}

function blockingFindings(reports: readonly EvidenceItem[], failsAt: readonly Severity[]): VerdictFinding[] {
  return reports.flatMap(({ file, content }) =>
    content.type !== 'findings'
      ? []
      : content.findings
          .filter(({ severity }) => failsAt.includes(severity))
          .map((finding) => ({
            severity: finding.suppressed ? `${finding.severity}, suppressed in the report` : finding.severity,
            title: [finding.rule, finding.message].filter((part) => part !== null && part !== '').join(': '),
            where: finding.where,
            evidence: file.path,
          })),
  );
}

function addCounts(reports: readonly EvidenceItem[]): FindingCounts {
  const sum: FindingCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, unknown: 0 };
  for (const { file } of reports) for (const severity of SEVERITIES) sum[severity] += file.counts?.findings?.[severity] ?? 0;
  return sum;
}

function describeCounts(counts: FindingCounts): string {
  const parts = SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) => `${counts[severity]} ${severity}`);
  const total = SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
  return parts.length === 0 ? 'no findings' : `${counted(total, 'finding')} (${parts.join(', ')})`;
}
