import { aliasesIn, FindingCollector, severityOf } from '../findings.ts';
import { instantOf, UnusableEvidence, type JsonFormat, type Reading } from '../format.ts';
import { elements, has, isObject, member, objectsIn, spelt, text, type JsonObject } from '../json.ts';
import { purlType } from './grype.ts';

/**
 * `trivy --format json` (image, filesystem, repository, SBOM and cluster; schema 2, and the bare list before it): one
 * finding a vulnerability. Misconfigurations, secrets and licences are counted beside them, by their own names.
 */
export const trivy: JsonFormat = {
  syntax: 'json',
  kind: 'trivy',
  looksLike: (value) => {
    if (Array.isArray(value)) return value.length > 0 && value.every(isLegacyResult);
    if (!isObject(value)) return false;
    if (has(value, 'SchemaVersion') && (has(value, 'ArtifactName') || has(value, 'ArtifactType') || has(value, 'Results') || has(value, 'Trivy'))) return true;
    return has(value, 'ClusterName') && (Array.isArray(member(value, 'Resources')) || Array.isArray(member(value, 'Vulnerabilities')) || Array.isArray(member(value, 'Misconfigurations')) || Array.isArray(member(value, 'Findings')));
  },
  read: (value, limits) => {
    const version = member(value, 'SchemaVersion');
    if (version !== undefined && version !== 2) throw new UnusableEvidence('unsupported-version', `Trivy's schema ${spelt(version)} is not read; 2 and the list before it are`);
    const collector = new FindingCollector(limits);
    const beside = new Map<string, number>();
    let scanned = 0;
    for (const result of resultsOf(value)) {
      scanned += 1;
      addResult(collector, beside, result);
    }
    const reading = collector.reading({ tool: { name: 'Trivy', version: text(member(member(value, 'Trivy'), 'Version')) }, produced: instantOf(member(value, 'CreatedAt')) }, { scanned });
    return { ...reading, counts: { ...reading.counts, raw: { ...reading.counts?.raw, ...Object.fromEntries(beside) } } } satisfies Reading;
  },
};

/** A cluster's resources hold results of their own; so does each entry of the older cluster report. */
function* resultsOf(value: unknown): Generator<JsonObject> {
  if (Array.isArray(value)) return yield* objectsIn(value, 'the list of results');
  if (!has(value, 'ClusterName')) return yield* objectsIn(member(value, 'Results') ?? [], 'Results');
  for (const name of ['Resources', 'Vulnerabilities', 'Misconfigurations', 'Findings']) {
    for (const resource of objectsIn(member(value, name) ?? [], name)) yield* objectsIn(member(resource, 'Results') ?? [], `${name}[].Results`);
  }
}

const BESIDE = [['Misconfigurations', 'misconfigurations'], ['Secrets', 'secrets'], ['Licenses', 'licenses']] as const;

function addResult(collector: FindingCollector, beside: Map<string, number>, result: JsonObject): void {
  for (const vulnerability of objectsIn(member(result, 'Vulnerabilities') ?? [], 'Vulnerabilities')) add(collector, vulnerability, text(member(result, 'Target')));
  for (const [name, called] of BESIDE) {
    const listed = member(result, name) ?? [];
    if (Array.isArray(listed) && listed.length > 0) beside.set(called, (beside.get(called) ?? 0) + listed.length);
  }
}

function add(collector: FindingCollector, vulnerability: JsonObject, target: string | null): void {
  const raw = text(member(vulnerability, 'Severity')) ?? 'UNKNOWN';
  const id = text(member(vulnerability, 'VulnerabilityID'));
  const name = text(member(vulnerability, 'PkgName'));
  const version = text(member(vulnerability, 'InstalledVersion'));
  const fixed = text(member(vulnerability, 'FixedVersion'));
  const scores = member(vulnerability, 'CVSS');
  collector.add({
    severity: severityOf(raw), rawSeverity: raw, rule: id, message: text(member(vulnerability, 'Title')) ?? text(member(vulnerability, 'Description')) ?? '',
    where: name === null ? target : `${name} ${version ?? ''}`.trim(), aliases: aliasesIn(id, ...elements(member(vulnerability, 'VendorIDs')).map(text)), suppressed: false,
    package: name === null ? null : {
      ecosystem: purlType(text(member(member(vulnerability, 'PkgIdentifier'), 'PURL'))), name, version,
      fixedIn: fixed === null || fixed === '' ? [] : fixed.split(',').map((one) => one.trim()).slice(0, 20),
    },
    cvss: isObject(scores) ? Object.values(scores).flatMap((score) => [text(member(score, 'V40Vector')), text(member(score, 'V3Vector')), text(member(score, 'V2Vector'))].filter((vector) => vector !== null)).slice(0, 10) : [],
  });
}

function isLegacyResult(value: unknown): boolean {
  return isObject(value) && text(member(value, 'Target')) !== null && (has(value, 'Vulnerabilities') || has(value, 'Misconfigurations') || (has(value, 'Type') && Object.keys(value).length <= 3));
}
