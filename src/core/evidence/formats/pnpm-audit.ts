import { FindingCollector } from '../findings.ts';
import { countOf, type JsonFormat } from '../format.ts';
import { entriesIn, has, isObject, member } from '../json.ts';
import { addAdvisory } from './npm-audit.ts';
import { hasPnpmPaths } from './yarn-audit.ts';

/** `pnpm audit --json`: one finding an advisory; told from npm's by having no run, and from yarn's by its paths or by having no actions. */
export const pnpmAudit: JsonFormat = {
  syntax: 'json',
  kind: 'pnpm-audit',
  looksLike: (value) => {
    if (!isObject(member(value, 'advisories')) || has(value, 'runId') || has(value, 'auditReportVersion')) return false;
    return hasPnpmPaths(value) || (!has(value, 'actions') && has(member(value, 'metadata'), 'vulnerabilities'));
  },
  read: (value, limits) => {
    const collector = new FindingCollector(limits);
    for (const [, advisory] of entriesIn(member(value, 'advisories'), 'advisories')) addAdvisory(collector, advisory);
    const metadata = member(value, 'metadata');
    return collector.reading({ tool: { name: 'pnpm', version: null } }, { scanned: countOf(member(metadata, 'totalDependencies')) ?? countOf(member(metadata, 'dependencies')) });
  },
};
