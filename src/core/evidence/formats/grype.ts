import { aliasesIn, FindingCollector, severityOf } from '../findings.ts';
import { instantOf, type JsonFormat } from '../format.ts';
import { elements, has, isObject, member, objectsIn, text, type JsonObject } from '../json.ts';

/** `grype -o json`: one finding a match; what its own rules ignored stands beside the matches and is none of them. */
export const grype: JsonFormat = {
  syntax: 'json',
  kind: 'grype',
  looksLike: (value, whole) => {
    const matches = member(value, 'matches');
    const maker = text(member(member(value, 'descriptor'), 'name'));
    // Others are built from the same parts and say so.
    if (maker !== null && maker !== 'grype') return false;
    if (!Array.isArray(matches)) return !whole && maker === 'grype';
    const [first] = matches as readonly unknown[];
    return maker === 'grype' || (has(first, 'vulnerability', 'artifact') || (!whole && has(member(first, 'vulnerability'), 'id', 'severity'))) || (first === undefined && has(value, 'source', 'distro'));
  },
  read: (value, limits) => {
    const collector = new FindingCollector(limits);
    for (const match of objectsIn(member(value, 'matches'), 'matches')) add(collector, match);
    const descriptor = member(value, 'descriptor');
    const database = member(descriptor, 'db');
    return collector.reading(
      { tool: { name: 'Grype', version: text(member(descriptor, 'version')) }, produced: instantOf(member(descriptor, 'timestamp')) },
      { database: instantOf(member(database, 'built')) ?? instantOf(member(member(database, 'status'), 'built')) },
    );
  },
};

function add(collector: FindingCollector, match: JsonObject): void {
  const vulnerability = member(match, 'vulnerability');
  const artifact = member(match, 'artifact');
  const raw = text(member(vulnerability, 'severity')) ?? 'Unknown';
  const id = text(member(vulnerability, 'id'));
  const name = text(member(artifact, 'name'));
  const version = text(member(artifact, 'version'));
  const related = elements(member(match, 'relatedVulnerabilities')).map((other) => text(member(other, 'id')));
  collector.add({
    severity: severityOf(raw), rawSeverity: raw, rule: id, message: text(member(vulnerability, 'description')) ?? '',
    where: name === null ? null : `${name} ${version ?? ''}`.trim(), aliases: aliasesIn(id, ...related), suppressed: false,
    package: name === null ? null : { ecosystem: purlType(text(member(artifact, 'purl'))), name, version, fixedIn: elements(member(member(vulnerability, 'fix'), 'versions')).flatMap((one) => text(one) ?? []).slice(0, 20) },
    cvss: elements(member(vulnerability, 'cvss')).filter(isObject).flatMap((score) => text(member(score, 'vector')) ?? []).slice(0, 10),
  });
}

/** The type of a package URL: what stands between `pkg:` and the first slash. */
export function purlType(purl: string | null): string | null {
  return /^pkg:([a-z][a-z0-9.+-]*)\//.exec(purl ?? '')?.[1] ?? null;
}
