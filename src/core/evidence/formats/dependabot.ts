import { aliasesIn, FindingCollector, severityOf } from '../findings.ts';
import type { JsonFormat } from '../format.ts';
import { elements, has, isObject, member, objectsIn, text, type JsonObject } from '../json.ts';

/**
 * Dependabot alerts: the REST list (`gh api repos/O/N/dependabot/alerts`), and GraphQL's `vulnerabilityAlerts` of one
 * repository or of a search. One finding an alert; what is fixed or dismissed is listed too, and marked so.
 */
export const dependabot: JsonFormat = {
  syntax: 'json',
  kind: 'dependabot',
  looksLike: (value) => (Array.isArray(value) ? value.length > 0 && value.every(isRestAlert) : isRestAlert(value) || connectionsOf(value).length > 0),
  read: (value, limits) => {
    const collector = new FindingCollector(limits);
    if (Array.isArray(value) || isRestAlert(value)) for (const alert of Array.isArray(value) ? objectsIn(value, 'the list of alerts') : [value as JsonObject]) addRest(collector, alert);
    else for (const connection of connectionsOf(value)) for (const node of objectsIn(member(connection, 'nodes') ?? elements(member(connection, 'edges')).map((edge) => member(edge, 'node')), 'vulnerabilityAlerts.nodes')) addNode(collector, node);
    return collector.reading({ tool: { name: 'Dependabot', version: null } });
  },
};

function isRestAlert(value: unknown): boolean {
  return has(value, 'security_advisory', 'security_vulnerability') && (has(value, 'dependency') || has(value, 'state'));
}

/** How deep GraphQL's answers are looked into: a search of an organisation's repositories, paged, is five levels. */
const MAX_LEVELS = 7;

/** Every connection named `vulnerabilityAlerts`, wherever the query put it. */
function connectionsOf(value: unknown, levels = MAX_LEVELS): unknown[] {
  if (levels === 0) return [];
  if (Array.isArray(value)) return (value as readonly unknown[]).flatMap((entry) => connectionsOf(entry, levels - 1));
  if (!isObject(value)) return [];
  const own = member(value, 'vulnerabilityAlerts');
  if (isObject(own) && (Array.isArray(member(own, 'nodes')) || Array.isArray(member(own, 'edges')))) return [own];
  return ['data', 'repository', 'repositories', 'organization', 'viewer', 'user', 'search', 'nodes', 'edges', 'node'].flatMap((name) => connectionsOf(member(value, name), levels - 1));
}

function addRest(collector: FindingCollector, alert: JsonObject): void {
  const advisory = member(alert, 'security_advisory');
  const vulnerability = member(alert, 'security_vulnerability');
  const named = member(member(alert, 'dependency'), 'package') ?? member(vulnerability, 'package');
  add(collector, {
    severity: text(member(vulnerability, 'severity')) ?? text(member(advisory, 'severity')), id: text(member(advisory, 'ghsa_id')), cve: text(member(advisory, 'cve_id')),
    summary: text(member(advisory, 'summary')), name: text(member(named, 'name')), ecosystem: text(member(named, 'ecosystem')),
    fixed: text(member(member(vulnerability, 'first_patched_version'), 'identifier')), vector: text(member(member(advisory, 'cvss'), 'vector_string')), state: text(member(alert, 'state')),
  });
}

function addNode(collector: FindingCollector, node: JsonObject): void {
  const vulnerability = member(node, 'securityVulnerability');
  const advisory = member(vulnerability, 'advisory') ?? member(node, 'securityAdvisory');
  const identifiers = elements(member(advisory, 'identifiers')).map((identifier) => text(member(identifier, 'value')));
  const named = member(vulnerability, 'package');
  add(collector, {
    severity: text(member(vulnerability, 'severity')) ?? text(member(advisory, 'severity')), id: text(member(advisory, 'ghsaId')) ?? identifiers.find((id) => id?.startsWith('GHSA') === true) ?? null,
    cve: identifiers.find((id) => id?.startsWith('CVE') === true) ?? null, summary: text(member(advisory, 'summary')) ?? text(member(advisory, 'description')), name: text(member(named, 'name')),
    ecosystem: text(member(named, 'ecosystem')), fixed: text(member(member(vulnerability, 'firstPatchedVersion'), 'identifier')), vector: text(member(member(advisory, 'cvss'), 'vectorString')), state: text(member(node, 'state')),
  });
}

interface Alert {
  readonly severity: string | null; readonly id: string | null; readonly cve: string | null; readonly summary: string | null; readonly name: string | null;
  readonly ecosystem: string | null; readonly fixed: string | null; readonly vector: string | null; readonly state: string | null;
}

/** purl types of GitHub's names for ecosystems, in either of its APIs. */
const ECOSYSTEMS: ReadonlyMap<string, string> = new Map([['pip', 'pypi'], ['rubygems', 'gem'], ['rust', 'cargo'], ['go', 'golang'], ['erlang', 'hex'], ['actions', 'github']]);

function add(collector: FindingCollector, { severity, id, cve, summary, name, ecosystem, fixed, vector, state }: Alert): void {
  const raw = severity ?? 'unknown';
  const system = ecosystem?.toLowerCase() ?? null;
  collector.add({
    severity: severityOf(raw), rawSeverity: raw, rule: id ?? cve, message: summary ?? '', where: name, aliases: aliasesIn(id, cve), suppressed: state !== null && /^(?:dismissed|auto_dismissed)$/i.test(state),
    package: name === null ? null : { ecosystem: system === null ? null : (ECOSYSTEMS.get(system) ?? system), name, version: null, fixedIn: fixed === null ? [] : [fixed] },
    cvss: vector === null ? [] : [vector],
  });
}
