import picomatch from 'picomatch';
import { SEVERITIES, type EvidenceItem, type FindingCounts, type Severity } from '../model/evidence.ts';
import type { Verdict, VerdictFinding } from '../model/verdict.ts';
import type { Policy } from '../policy/policy.ts';
import type { Facts } from './check.ts';
import { counted, failed, joined, judgeReports, missing, ofKinds, passed, refsOf } from './judging.ts';
import { mergeFindings, type MergedFinding } from './merged-findings.ts';
import { withoutSigned } from './taken-away.ts';

type ScanRules = Policy['parameters']['sast_scans']['value'];

/** What a scan has to hold beside its findings. */
export interface ScanDemands {
  readonly failsAt: readonly Severity[];
  /** The oldest that its vulnerability data may be, in days; null where it has none. */
  readonly dataDays: number | null;
}

/** Which of the policy's scans the files of this commit call for. */
function scansCalledFor(rules: ScanRules, facts: Facts): ScanRules {
  return rules.filter((rule) => {
    const matches = picomatch([...rule.when], { dot: true });
    return facts.files.some((file) => matches(file));
  });
}

/**
 * Judges the scans that a commit calls for, one by one: each needs a report of its own, of this commit,
 * with nothing at the severities at which the policy has it fail.
 */
export function judgeScans(rules: ScanRules, facts: Facts, demands: ScanDemands, words: { readonly scan: string; readonly remedy: string }): Verdict {
  const wanted = scansCalledFor(rules, facts);
  if (wanted.length === 0) {
    return missing([`a ${words.scan} report; no file of this commit says which`], words.remedy);
  }
  const parts = wanted.map((rule) =>
    judgeReports(
      reportsFor(rule.kinds, rule.tools, facts),
      facts,
      { what: `a ${words.scan} report for ${rule.name} (${rule.kinds.join(', ')})`, remedy: words.remedy },
      (reports) => judgeFindings(reports, facts, demands, words.remedy),
    ),
  );
  const [first, ...rest] = parts;
  return first === undefined ? missing([words.scan], words.remedy) : joined([first, ...rest]);
}

/** What stands in the way of the scans that a commit calls for, whatever they found; null where each is there. */
export function absentScans(rules: ScanRules, facts: Facts, words: { readonly scan: string; readonly remedy: string }): Verdict | null {
  const parts = scansCalledFor(rules, facts).map((rule) =>
    judgeReports(reportsFor(rule.kinds, rule.tools, facts), facts, { what: `a ${words.scan} report for ${rule.name} (${rule.kinds.join(', ')})`, remedy: words.remedy }, (reports) => passed('', refsOf(reports))));
  const [first, ...rest] = parts.filter(({ status }) => status !== 'passed');
  return first === undefined ? null : joined([first, ...rest]);
}

/** Reports of some kinds; SARIF is written by scanners of every sort, so the tools that count can be named. */
export function reportsFor(kinds: ScanRules[number]['kinds'], tools: readonly string[] | undefined, facts: Facts): EvidenceItem[] {
  const matches = tools === undefined ? null : picomatch([...tools], { nocase: true });
  return ofKinds(facts.evidence, kinds).filter(({ file }) => matches === null || file.kind !== 'sarif' || matches(file.tool?.name ?? '(unnamed)'));
}

/** Passes when the reports list nothing at the given severities that still counts, looked at something, and knew enough to find it. */
export function judgeFindings(reports: readonly EvidenceItem[], facts: Facts, { failsAt, dataDays }: ScanDemands, remedy: string): Verdict {
  const evidence = refsOf(reports);
  const names = reports.map(({ file }) => `${file.tool?.name ?? file.kind}: ${file.path}`).join(', ');
  const blind = reports.filter(({ content }) => content.type === 'findings' && content.scanned === 0);
  if (blind.length > 0) return missing([`a scan that looked at something: ${blind.map(({ file }) => file.path).join(', ')} looked at nothing`], remedy, evidence);
  const old = dataDays === null ? [] : reports.flatMap((report) => tooOld(report, facts.at, dataDays));
  if (old.length > 0) return failed(`Vulnerability data too old to find anything new: ${old.map(({ title }) => title).join(', ')}`, 'Update the scanner’s database and scan this commit again.', evidence, old);

  const { open, taken, unsigned } = withoutSigned(mergeFindings(reports), facts);
  const blocking = open.filter(({ severity }) => failsAt.includes(severity));
  const beyond = reports.reduce((sum, report) => sum + blockingBeyond(report, failsAt), 0);
  const said = [
    `${names}: ${describeCounts(countsOf(open))}`,
    ...(taken.length === 0 ? [] : [`${taken.length} taken away by what ${[...new Set(taken.map(({ by }) => `${by.signer.name} signed (${by.record})`))].join(' and ')}: ${taken[0]?.by.statement ?? ''}`]),
    ...(unsigned.length === 0 ? [] : [`${unsigned.length} suppressed or said not to affect by files that no security architect signed, so they count`]),
    ...ageNotes(reports, dataDays),
  ].join('; ');
  if (blocking.length + beyond === 0) return passed(said, evidence);
  return failed(
    said,
    `Mend the ${failsAt.filter((severity) => blocking.some((finding) => finding.severity === severity)).join(' and ') || failsAt.join(' and ')} findings and scan this commit again.`,
    evidence,
    blocking.map(findingOf),
  );
}

export function findingOf(finding: MergedFinding): VerdictFinding {
  const mark = !finding.open ? `${finding.severity}, suppressed in the report` : finding.severity;
  return { severity: mark, title: [finding.names.join(', '), finding.message].filter((part) => part !== '').join(': '), where: finding.where, evidence: finding.evidence.join(', ') };
}

/** A report keeps only so many findings in full; what is beyond is known by its counts, and nothing can take it away. */
function blockingBeyond({ file, content }: EvidenceItem, failsAt: readonly Severity[]): number {
  if (content.type !== 'findings' || content.total <= content.findings.length) return 0;
  const kept = content.findings.filter(({ severity }) => failsAt.includes(severity)).length;
  return failsAt.reduce((sum, severity) => sum + (file.counts?.findings?.[severity] ?? 0), 0) - kept;
}

const DAY = 24 * 60 * 60 * 1000;

function tooOld({ file, content }: EvidenceItem, at: string, days: number): VerdictFinding[] {
  if (content.type !== 'findings' || content.database === null) return [];
  const age = Math.floor((Date.parse(at) - Date.parse(content.database)) / DAY);
  if (age <= days) return [];
  return [{ severity: null, title: `${file.path}: its data is of ${content.database.slice(0, 10)}, ${age} days old (at most ${days})`, where: null, evidence: file.path }];
}

function ageNotes(reports: readonly EvidenceItem[], days: number | null): string[] {
  if (days === null) return [];
  const dated = reports.flatMap(({ content }) => (content.type === 'findings' && content.database !== null ? [content.database] : []));
  if (dated.length > 0) return [`vulnerability data of ${dated.sort()[0]?.slice(0, 10) ?? ''}`];
  return ['how old the vulnerability data was is not said'];
}

function countsOf(findings: readonly MergedFinding[]): FindingCounts {
  const sum: FindingCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, unknown: 0 };
  for (const { severity } of findings) sum[severity] += 1;
  return sum;
}

function describeCounts(counts: FindingCounts): string {
  const parts = SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) => `${counts[severity]} ${severity}`);
  const total = SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
  return parts.length === 0 ? 'no findings' : `${counted(total, 'finding')} (${parts.join(', ')})`;
}
