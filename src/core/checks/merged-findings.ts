import { cvssScore } from '../evidence/cvss.ts';
import { severityOfScore } from '../evidence/findings.ts';
import type { EvidenceItem, Finding, FindingPackage, Severity } from '../model/evidence.ts';

/** One weakness, however many reports list it. */
export interface MergedFinding {
  /** By its CVSS vector where a report gives one, else the worst word of the reports. */
  readonly severity: Severity;
  /** CVE, GHSA and the tools' own names, each once. */
  readonly names: readonly string[];
  /** Advisories that one entry of a report lists together, in upper case: what is decided of one says nothing of the others. */
  readonly together: readonly string[];
  readonly message: string;
  readonly where: string | null;
  readonly package: FindingPackage | null;
  /** Files that list it. */
  readonly evidence: readonly string[];
  /** Digests of the files that list it as suppressed; empty where none does. */
  readonly suppressedIn: readonly string[];
  /** Some report lists it without any suppression. */
  readonly open: boolean;
}

interface Listed {
  readonly finding: Finding;
  readonly file: EvidenceItem['file'];
}

const WORST: readonly Severity[] = ['critical', 'high', 'unknown', 'medium', 'low', 'info'];

/**
 * Merges the findings of several reports: two that share a CVE or GHSA in one package are one, through however many
 * names that goes. Findings about code are never merged, for a rule says nothing about a place.
 */
export function mergeFindings(reports: readonly EvidenceItem[]): MergedFinding[] {
  const groups = new Map<string, Listed[]>();
  const names = new NameGroups();
  const listed = reports.flatMap(({ file, content }) => (content.type === 'findings' ? content.findings.map((finding) => ({ finding, file })) : []));
  for (const { finding } of listed) if (finding.aliases.length > 0 && finding.package !== null) names.join(finding.aliases.map((alias) => keyOf(alias, finding.package)));
  for (const [at, one] of listed.entries()) {
    const { finding } = one;
    const key = finding.aliases.length > 0 && finding.package !== null ? names.rootOf(keyOf(finding.aliases[0] ?? '', finding.package)) : `#${at}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  return [...groups.values()].map(merged);
}

function merged(listed: readonly Listed[]): MergedFinding {
  const findings = listed.map(({ finding }) => finding);
  const scores = findings.flatMap(({ cvss }) => cvss.flatMap((vector) => cvssScore(vector) ?? []));
  const said = WORST.find((severity) => findings.some((finding) => finding.severity === severity)) ?? 'unknown';
  const suppressed = listed.filter(({ finding }) => finding.suppressed);
  return {
    severity: scores.length > 0 ? severityOfScore(Math.max(...scores)) : said,
    names: [...new Set(findings.flatMap(({ aliases, rule }) => [...aliases, ...(rule === null ? [] : [rule])]))],
    together: findings.length === 1 && findings[0]?.package === null ? advisoriesOf(findings[0].aliases) : [],
    message: findings.find(({ message }) => message !== '')?.message ?? '', where: findings.find(({ where }) => where !== null)?.where ?? null,
    package: findings.find((finding) => finding.package !== null)?.package ?? null,
    evidence: [...new Set(listed.map(({ file }) => file.path))],
    suppressedIn: [...new Set(suppressed.flatMap(({ file }) => file.sha256 ?? []))],
    open: suppressed.length < listed.length,
  };
}

/** GitHub's advisories have one name each, so two of them are two weaknesses. */
function advisoriesOf(aliases: readonly string[]): string[] {
  const advisories = [...new Set(aliases.map((alias) => alias.toUpperCase()).filter((alias) => alias.startsWith('GHSA-')))];
  return advisories.length > 1 ? advisories : [];
}

function keyOf(alias: string, of: FindingPackage | null): string {
  return `${alias.toUpperCase()} ${(of?.name ?? '').toLowerCase()}`;
}

/** Names that were said to be of one thing, and so are all of one. */
class NameGroups {
  readonly #parent = new Map<string, string>();

  join(keys: readonly string[]): void {
    const [first, ...others] = keys;
    if (first === undefined) return;
    for (const key of others) {
      const [one, other] = [this.rootOf(first), this.rootOf(key)];
      if (one !== other) this.#parent.set(other, one);
    }
  }

  rootOf(key: string): string {
    let root = key;
    for (let parent = this.#parent.get(root); parent !== undefined; parent = this.#parent.get(root)) root = parent;
    return root;
  }
}
