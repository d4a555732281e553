import type { Severity } from '../../model/evidence.ts';
import { cvssScore } from '../cvss.ts';
import { aliasesIn, FindingCollector, severityOf, severityOfScore } from '../findings.ts';
import type { JsonFormat } from '../format.ts';
import { elements, has, isObject, member, objectsIn, text, type JsonObject } from '../json.ts';

/** `osv-scanner --format json`: one finding a vulnerability of a package; its groups say which of them are one. */
export const osvScanner: JsonFormat = {
  syntax: 'json',
  kind: 'osv-scanner',
  looksLike: (value) => {
    const results = member(value, 'results');
    if (!Array.isArray(results)) return false;
    const [first] = results as readonly unknown[];
    if (first === undefined) return has(value, 'experimental_config') || has(value, 'experimental_generic_findings');
    return isObject(member(first, 'source')) && Array.isArray(member(first, 'packages'));
  },
  read: (value, limits) => {
    const collector = new FindingCollector(limits);
    let scanned = 0;
    for (const [at, result] of objectsIn(member(value, 'results'), 'results').entries()) {
      for (const found of objectsIn(member(result, 'packages'), `results[${at}].packages`)) {
        scanned += 1;
        addPackage(collector, found);
      }
    }
    return collector.reading({ tool: { name: 'OSV-Scanner', version: null } }, { scanned: scanned === 0 ? null : scanned });
  },
};

function addPackage(collector: FindingCollector, found: JsonObject): void {
  const named = member(found, 'package');
  const name = text(member(named, 'name')) ?? '';
  const version = text(member(named, 'version'));
  const groups = elements(member(found, 'groups'));
  for (const vulnerability of objectsIn(member(found, 'vulnerabilities') ?? [], 'vulnerabilities')) {
    const id = text(member(vulnerability, 'id'));
    const { severity, raw } = severityIn(vulnerability, groups.find((group) => elements(member(group, 'ids')).includes(id)));
    collector.add({
      severity, rawSeverity: raw, rule: id, message: text(member(vulnerability, 'summary')) ?? text(member(vulnerability, 'details')) ?? '', where: `${name} ${version ?? ''}`.trim(),
      aliases: aliasesIn(id, ...elements(member(vulnerability, 'aliases')).map(text)), suppressed: false,
      package: { ecosystem: ECOSYSTEMS.get((text(member(named, 'ecosystem')) ?? '').split(':')[0] ?? '') ?? null, name, version, fixedIn: [] },
      cvss: elements(member(vulnerability, 'severity')).flatMap((score) => text(member(score, 'score')) ?? []).slice(0, 10),
    });
  }
}

/** purl types of OSV's ecosystems. */
const ECOSYSTEMS: ReadonlyMap<string, string> = new Map([
  ['npm', 'npm'], ['PyPI', 'pypi'], ['Maven', 'maven'], ['Go', 'golang'], ['crates.io', 'cargo'], ['NuGet', 'nuget'], ['RubyGems', 'gem'], ['Packagist', 'composer'],
  ['Debian', 'deb'], ['Ubuntu', 'deb'], ['Alpine', 'apk'], ['Pub', 'pub'], ['Hex', 'hex'],
]);

/** The advisory's own word, else the score that the scanner gives its group, else that of its vectors. */
function severityIn(vulnerability: JsonObject, group: unknown): { readonly severity: Severity; readonly raw: string } {
  const word = text(member(member(vulnerability, 'database_specific'), 'severity'));
  if (word !== null) return { severity: severityOf(word), raw: word };
  const said = text(member(group, 'max_severity')) ?? '';
  const vectors = elements(member(vulnerability, 'severity')).flatMap((score) => cvssScore(text(member(score, 'score')) ?? '') ?? []);
  const score = said === '' ? Math.max(-1, ...vectors) : Number(said);
  return score >= 0 ? { severity: severityOfScore(score), raw: String(score) } : { severity: 'unknown', raw: 'unknown' };
}
