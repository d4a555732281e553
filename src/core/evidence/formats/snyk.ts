import { aliasesIn, FindingCollector, severityOf } from '../findings.ts';
import { countOf, type JsonFormat, type Reading } from '../format.ts';
import { elements, has, isObject, member, objectsIn, text, type JsonObject } from '../json.ts';

/**
 * `snyk test --json` and `snyk container test --json`: one project, or a list of them with `--all-projects`; the
 * applications in a container are projects of their own. One finding an entry of `vulnerabilities`, over all projects.
 */
export const snyk: JsonFormat = {
  syntax: 'json',
  kind: 'snyk',
  looksLike: (value, whole) => (Array.isArray(value) ? value.length > 0 && value.every((entry) => isProject(entry, whole)) : isProject(value, whole)),
  read: (value, limits) => {
    const collector = new FindingCollector(limits);
    const projects = Array.isArray(value) ? objectsIn(value, 'the list of projects') : [value as JsonObject];
    const all = projects.flatMap((project) => [project, ...objectsIn(member(project, 'applications') ?? [], 'applications')]);
    let scanned: number | null = 0;
    for (const project of all) {
      if (isFault(project)) continue;
      for (const issue of objectsIn(member(project, 'vulnerabilities'), 'vulnerabilities')) add(collector, issue);
      const count = countOf(member(project, 'dependencyCount'));
      scanned = scanned === null || count === null ? null : scanned + count;
    }
    return collector.reading({ tool: { name: 'Snyk', version: null }, problem: problemOf(all) }, { scanned });
  },
};

/** A project's result always says whether it is `ok`, and either lists vulnerabilities or tells its error. */
function isProject(value: unknown, whole: boolean): boolean {
  if (!isObject(value)) return false;
  if (isFault(value)) return text(member(value, 'path')) !== null || has(value, 'vulnerabilities');
  // `snyk iac test` has an empty list of vulnerabilities beside issues of its own, which would pass for none.
  if (!Array.isArray(member(value, 'vulnerabilities')) || has(value, 'infrastructureAsCodeIssues')) return false;
  if (has(value, 'ok') && (has(value, 'dependencyCount') || has(value, 'packageManager') || has(value, 'licensesPolicy') || has(value, 'isPrivate') || has(value, 'summary'))) return true;
  // A report that was cut down to its issues, or one of which only the beginning was seen, is told by them.
  const [first] = elements(member(value, 'vulnerabilities'));
  if (has(value, 'ok') && /^(?:SNYK-|npm:|snyk:lic:)/.test(text(member(first, 'id')) ?? '')) return true;
  return !whole && (/^(?:SNYK-|npm:|snyk:lic:|pip:)/.test(text(member(first, 'id')) ?? '') || (has(first, 'packageManager', 'semver') && has(first, 'identifiers')) || has(first, 'CVSSv3', 'alternativeIds') || has(first, 'CVSSv3', 'creationTime'));
}

function isFault(value: unknown): boolean {
  return member(value, 'ok') === false && text(member(value, 'error')) !== null;
}

function problemOf(projects: readonly JsonObject[]): Reading['problem'] {
  const faulty = projects.find(isFault);
  return faulty === undefined ? null : { code: 'invalid', message: `the tool could not scan: ${(text(member(faulty, 'error')) ?? '').slice(0, 200)}` };
}

function add(collector: FindingCollector, issue: JsonObject): void {
  const raw = text(member(issue, 'severity')) ?? 'unknown';
  const name = text(member(issue, 'packageName')) ?? text(member(issue, 'moduleName')) ?? text(member(issue, 'name'));
  const version = text(member(issue, 'version'));
  const identifiers = member(issue, 'identifiers');
  const vector = text(member(issue, 'CVSSv3'));
  collector.add({
    severity: severityOf(raw), rawSeverity: raw, rule: text(member(issue, 'id')), message: text(member(issue, 'title')) ?? '',
    where: name === null ? null : `${name} ${version ?? ''}`.trim(),
    aliases: aliasesIn(...elements(member(identifiers, 'CVE')).map(text), ...elements(member(identifiers, 'GHSA')).map(text)), suppressed: false,
    package: name === null ? null : { ecosystem: text(member(issue, 'packageManager')), name, version, fixedIn: elements(member(issue, 'fixedIn')).flatMap((one) => text(one) ?? []).slice(0, 20) },
    cvss: vector === null ? [] : [vector],
  });
}
