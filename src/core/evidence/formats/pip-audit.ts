import { aliasesIn, FindingCollector } from '../findings.ts';
import type { JsonFormat } from '../format.ts';
import { elements, has, isObject, member, objectsIn, text } from '../json.ts';

/**
 * `pip-audit --format json`: dependencies with their vulnerabilities, as a list up to 2.3 and under `dependencies` since.
 * It gives no severity, so each is unknown: never low.
 */
export const pipAudit: JsonFormat = {
  syntax: 'json',
  kind: 'pip-audit',
  looksLike: (value, whole) => {
    const listed = dependenciesOf(value);
    if (!Array.isArray(listed)) return false;
    const [first] = listed as readonly unknown[];
    if (first === undefined) return isObject(value) && (Array.isArray(member(value, 'fixes')) || (whole && Object.keys(value).length === 1));
    return has(first, 'name') && (Array.isArray(member(first, 'vulns')) || text(member(first, 'skip_reason')) !== null);
  },
  read: (value, limits) => {
    const collector = new FindingCollector(limits);
    const dependencies = objectsIn(dependenciesOf(value), 'dependencies');
    let scanned = 0;
    for (const [index, dependency] of dependencies.entries()) {
      if (member(dependency, 'vulns') === undefined) continue;
      scanned += 1;
      const name = text(member(dependency, 'name')) ?? '';
      const version = text(member(dependency, 'version'));
      for (const vulnerability of objectsIn(member(dependency, 'vulns'), `dependencies[${index}].vulns`)) {
        const id = text(member(vulnerability, 'id'));
        collector.add({
          severity: 'unknown', rawSeverity: 'unknown', rule: id, message: text(member(vulnerability, 'description')) ?? '', where: `${name} ${version ?? ''}`.trim(),
          aliases: aliasesIn(id, ...elements(member(vulnerability, 'aliases')).map(text)), suppressed: false,
          package: { ecosystem: 'pypi', name, version, fixedIn: elements(member(vulnerability, 'fix_versions')).flatMap((one) => text(one) ?? []).slice(0, 20) },
        });
      }
    }
    return collector.reading({ tool: { name: 'pip-audit', version: null } }, { scanned });
  },
};

function dependenciesOf(value: unknown): unknown {
  return Array.isArray(value) ? value : has(value, 'scanInfo') || has(value, 'projectInfo') ? undefined : member(value, 'dependencies');
}
