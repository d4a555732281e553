import { aliasesIn, FindingCollector, severityOf } from '../findings.ts';
import { UnusableEvidence, type JsonFormat } from '../format.ts';
import { elements, entriesIn, has, isObject, member, spelt, text, type JsonObject } from '../json.ts';

/**
 * `npm audit --json`: report version 2 (npm 7 and later) lists vulnerable packages under `vulnerabilities`, version 1
 * (npm 6) advisories under `advisories`. One finding an entry. pnpm and yarn write version 1 without a `runId`.
 */
export const npmAudit: JsonFormat = {
  syntax: 'json',
  kind: 'npm-audit',
  looksLike: (value) =>
    (has(value, 'auditReportVersion') && isObject(member(value, 'vulnerabilities'))) || (has(value, 'runId', 'metadata') && isObject(member(value, 'advisories'))) || isEmptyOfEither(value),
  read: (value, limits) => {
    const collector = new FindingCollector(limits);
    const version = member(value, 'auditReportVersion');
    if (version !== undefined && version !== 2) throw new UnusableEvidence('unsupported-version', `audit report version ${spelt(version)} is not read; 1 and 2 are`);
    if (version === 2) for (const [name, entry] of entriesIn(member(value, 'vulnerabilities'), 'vulnerabilities')) addPackage(collector, name, entry);
    else for (const [, advisory] of entriesIn(member(value, 'advisories'), 'advisories')) addAdvisory(collector, advisory);
    return collector.reading({ tool: { name: 'npm', version: null } });
  },
};

/**
 * An audit that found nothing and names no run could be npm's, pnpm's or a later yarn's. The two others write the
 * registry's counts first; what is written in another order is taken for npm's.
 */
function isEmptyOfEither(value: unknown): boolean {
  const advisories = member(value, 'advisories');
  const metadata = member(value, 'metadata');
  return has(value, 'actions') && isObject(advisories) && Object.keys(advisories).length === 0 && isObject(metadata) && Object.keys(metadata)[0] !== 'vulnerabilities';
}

function addPackage(collector: FindingCollector, name: string, entry: JsonObject): void {
  const raw = text(member(entry, 'severity')) ?? 'unknown';
  const via = elements(member(entry, 'via'));
  const titles = via.map((advisory) => text(member(advisory, 'title')));
  const urls = via.map((advisory) => text(member(advisory, 'url')));
  const advisories = via.filter(isObject);
  const through = via.filter((other) => typeof other === 'string').slice(0, 20);
  collector.add({
    severity: severityOf(raw), rawSeverity: raw, rule: urls.find((url) => url !== null) ?? null,
    message: titles.filter((title) => title !== null).join('; ') || (through.length === 0 ? '' : `through ${through.join(', ')}`),
    where: `${name} ${text(member(entry, 'range')) ?? ''}`.trim(), aliases: aliasesIn(...urls, ...titles), suppressed: false,
    // An entry of several advisories is several weaknesses: it is not one thing with any other tool's finding.
    package: advisories.length === 1 ? { ecosystem: 'npm', name, version: null, fixedIn: [] } : null,
    cvss: advisories.flatMap(vectorOf).slice(0, 10),
  });
}

export function addAdvisory(collector: FindingCollector, advisory: JsonObject): void {
  const raw = text(member(advisory, 'severity')) ?? 'unknown';
  const name = text(member(advisory, 'module_name'));
  const fixed = text(member(advisory, 'patched_versions'));
  const cves = elements(member(advisory, 'cves')).map(text);
  collector.add({
    severity: severityOf(raw), rawSeverity: raw, rule: text(member(advisory, 'url')), message: text(member(advisory, 'title')) ?? '',
    where: `${name ?? ''} ${text(member(advisory, 'vulnerable_versions')) ?? ''}`.trim(),
    aliases: aliasesIn(...cves, text(member(advisory, 'github_advisory_id')), text(member(advisory, 'url'))), suppressed: false,
    package: name === null ? null : { ecosystem: 'npm', name, version: text(member(elements(member(advisory, 'findings'))[0], 'version')), fixedIn: fixed === null || fixed === '<0.0.0' ? [] : [fixed.slice(0, 300)] },
    cvss: vectorOf(advisory),
  });
}

function vectorOf(advisory: JsonObject): string[] {
  const vector = text(member(member(advisory, 'cvss'), 'vectorString'));
  return vector === null || vector === '' ? [] : [vector.slice(0, 300)];
}
