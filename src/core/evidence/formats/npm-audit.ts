import { aliasesIn, FindingCollector, severityOf } from '../findings.ts';
import type { JsonFormat } from '../format.ts';
import { elements, isObject, member, text } from '../json.ts';

/**
 * `npm audit --json`: report version 2 (npm 7 and later) lists vulnerable packages under `vulnerabilities`, version 1
 * (npm 6) advisories under `advisories`. One finding an entry. pnpm writes version 1 without a `runId`.
 */
export const npmAudit: JsonFormat = {
  kind: 'npm-audit',
  looksLike: ({ root, keys }) =>
    root === 'object' && ((keys.has('auditReportVersion') && keys.has('vulnerabilities')) || (keys.has('advisories') && keys.has('runId') && keys.has('metadata'))),
  confirm: (value) => isObject(member(value, 'vulnerabilities')) || isObject(member(value, 'advisories')),
  read: (value, limits) => {
    const collector = new FindingCollector(limits);
    const vulnerabilities = member(value, 'vulnerabilities');
    for (const [name, entry] of Object.entries(isObject(vulnerabilities) ? vulnerabilities : {})) {
      const raw = text(member(entry, 'severity')) ?? 'unknown';
      const via = elements(member(entry, 'via')).filter(isObject);
      const titles = via.map((advisory) => text(member(advisory, 'title')));
      const urls = via.map((advisory) => text(member(advisory, 'url')));
      collector.add({
        severity: severityOf(raw), rawSeverity: raw, rule: urls[0] ?? null, message: titles.filter((title) => title !== null).join('; '),
        where: `${name} ${text(member(entry, 'range')) ?? ''}`.trim(), aliases: aliasesIn(...urls, ...titles), suppressed: false,
      });
    }
    const advisories = member(value, 'advisories');
    for (const advisory of Object.values(isObject(advisories) ? advisories : {})) {
      const raw = text(member(advisory, 'severity')) ?? 'unknown';
      const cves = elements(member(advisory, 'cves')).map(text);
      collector.add({
        severity: severityOf(raw), rawSeverity: raw, rule: text(member(advisory, 'url')), message: text(member(advisory, 'title')) ?? '',
        where: `${text(member(advisory, 'module_name')) ?? ''} ${text(member(advisory, 'vulnerable_versions')) ?? ''}`.trim(),
        aliases: aliasesIn(...cves, text(member(advisory, 'url'))), suppressed: false,
      });
    }
    return collector.reading({ tool: { name: 'npm', version: null } });
  },
};
