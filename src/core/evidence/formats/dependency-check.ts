import type { EvidenceLimits, FindingPackage } from '../../model/evidence.ts';
import { aliasesIn, FindingCollector, severityOf, severityOfScore } from '../findings.ts';
import { instantOf, type JsonFormat, type Reading, type XmlFormat, type XmlReader } from '../format.ts';
import { elements, has, member, objectsIn, text, type JsonObject } from '../json.ts';

interface Vulnerability {
  readonly name: string | null;
  readonly severity: string | null;
  readonly description: string | null;
  readonly file: string | null;
  /** Package URLs by which its dependency was identified. */
  readonly purls: readonly string[];
}

function add(collector: FindingCollector, { name, severity, description, file, purls }: Vulnerability): void {
  const raw = severity?.trim() === '' || severity === null ? 'unknown' : severity.trim();
  const score = /^\d{1,2}(?:\.\d+)?$/.test(raw) ? severityOfScore(Number(raw)) : severityOf(raw);
  collector.add({ severity: score, rawSeverity: raw, rule: name, message: description ?? '', where: file, aliases: aliasesIn(name), suppressed: false, package: packageOf(purls) });
}

/** A dependency that was identified as one package and no other. */
function packageOf(purls: readonly string[]): FindingPackage | null {
  const [, ecosystem, name, version = null] = purls.length === 1 ? (/^pkg:([a-z][a-z0-9.+-]*)\/([^@?#]+)(?:@([^?#]+))?/.exec(purls[0]?.slice(0, 600) ?? '') ?? []) : [];
  // Other tools write Maven's group and artifact with a colon between.
  return ecosystem === undefined || name === undefined ? null : { ecosystem, name: ecosystem === 'maven' ? name.replace('/', ':') : name, version, fixedIn: [] };
}

/** OWASP Dependency-Check's JSON report: one finding a vulnerability of a dependency; suppressed ones stand beside them. */
export const dependencyCheckJson: JsonFormat = {
  syntax: 'json',
  kind: 'dependency-check',
  looksLike: (value) => has(value, 'scanInfo') && (has(value, 'reportSchema') || has(value, 'projectInfo')),
  read: (value, limits) => {
    const collector = new FindingCollector(limits);
    const dependencies = objectsIn(member(value, 'dependencies'), 'dependencies');
    for (const [at, dependency] of dependencies.entries()) {
      for (const vulnerability of objectsIn(member(dependency, 'vulnerabilities') ?? [], `dependencies[${at}].vulnerabilities`)) {
        add(collector, {
          name: text(member(vulnerability, 'name')), severity: severityIn(vulnerability), description: text(member(vulnerability, 'description')), file: text(member(dependency, 'fileName')),
          purls: elements(member(dependency, 'packages')).flatMap((found) => text(member(found, 'id')) ?? []),
        });
      }
    }
    const info = member(value, 'scanInfo');
    return collector.reading(
      { tool: { name: 'Dependency-Check', version: text(member(info, 'engineVersion')) }, produced: instantOf(member(member(value, 'projectInfo'), 'reportDate')) },
      { scanned: dependencies.length, database: databaseOf(elements(member(info, 'dataSource')).map((source) => ({ name: text(member(source, 'name')) ?? '', timestamp: text(member(source, 'timestamp')) ?? '' }))) },
    );
  },
};

function severityIn(vulnerability: JsonObject): string | null {
  const word = text(member(vulnerability, 'severity'));
  if (word !== null && word !== '') return word;
  return [member(vulnerability, 'cvssv4'), member(vulnerability, 'cvssv3'), member(vulnerability, 'cvssv2')].map((score) => text(member(score, 'baseSeverity')) ?? text(member(score, 'severity'))).find((found) => found !== null) ?? null;
}

/** The time zone that is farthest ahead: a time without a zone is taken for the earliest instant that it can be. */
const FARTHEST_AHEAD = '+14:00';

/** When the vulnerability data was last checked: the oldest of the sources that say. */
function databaseOf(sources: readonly { readonly name: string; readonly timestamp: string }[]): string | null {
  const times = sources.filter(({ name }) => /\b(?:last )?(?:checked|modified)\b/i.test(name)).flatMap(({ timestamp }) => instantOf(timestamp) ?? instantOf(`${timestamp}${FARTHEST_AHEAD}`) ?? []);
  return times.sort()[0] ?? null;
}

/** The same as XML, of whatever version of its namespace. */
export const dependencyCheckXml: XmlFormat = {
  syntax: 'xml',
  kind: 'dependency-check',
  looksLike: (root, attributes) => root === 'analysis' && Object.entries(attributes).some(([name, value]) => /^xmlns(?::|$)/.test(name) && /dependency-?check/i.test(value)),
  start: (limits) => new DependencyCheckReader(limits),
};

const FIELDS: ReadonlySet<string> = new Set(['name', 'severity', 'description']);

class DependencyCheckReader implements XmlReader {
  readonly #collector: FindingCollector;
  readonly #path: string[] = [];
  #vulnerability: Record<string, string> | null = null;
  #file = '';
  #version = '';
  #date = '';
  #dependencies = 0;
  #purls: string[] = [];
  #source = { name: '', timestamp: '' };
  readonly #sources: { readonly name: string; readonly timestamp: string }[] = [];

  constructor(limits: EvidenceLimits) {
    this.#collector = new FindingCollector(limits);
  }

  open(name: string): void {
    if (name === 'dependency' && this.#path.at(-1) === 'dependencies') {
      this.#dependencies += 1;
      this.#file = '';
      this.#purls = [];
    }
    if (name === 'dataSource') this.#source = { name: '', timestamp: '' };
    if (name === 'vulnerability' && this.#path.at(-1) === 'vulnerabilities') this.#vulnerability = {};
    this.#path.push(name);
  }

  text(piece: string): void {
    const [parent, name = ''] = this.#path.slice(-2);
    if (this.#vulnerability !== null && parent === 'vulnerability' && FIELDS.has(name)) {
      if ((this.#vulnerability[name]?.length ?? 0) < 1_000) this.#vulnerability[name] = (this.#vulnerability[name] ?? '') + piece.slice(0, 1_000);
    } else if (name === 'fileName' && parent === 'dependency') this.#file += piece.slice(0, 300);
    else if (name === 'id' && parent === 'package' && this.#path.at(-3) === 'identifiers') this.#purl(piece);
    else if (parent === 'dataSource' && (name === 'name' || name === 'timestamp')) this.#source[name] += piece.slice(0, 100);
    else if (name === 'engineVersion') this.#version += piece.slice(0, 50);
    else if (name === 'reportDate') this.#date += piece.slice(0, 50);
  }

  close(name: string): void {
    this.#path.pop();
    if (name === 'dataSource' && this.#sources.length < 100) this.#sources.push(this.#source);
    if (name !== 'vulnerability' || this.#vulnerability === null) return;
    const { name: called, severity, description } = this.#vulnerability;
    add(this.#collector, { name: called?.trim() ?? null, severity: severity ?? null, description: description ?? null, file: this.#file.trim() || null, purls: this.#purls });
    this.#vulnerability = null;
  }

  read(): Reading {
    const tool = { name: 'Dependency-Check', version: this.#version.trim() || null };
    return this.#collector.reading({ tool, produced: instantOf(this.#date.trim()) }, { scanned: this.#dependencies, database: databaseOf(this.#sources) });
  }

  #purl(piece: string): void {
    if (this.#purls.length < 10) this.#purls.push(piece.trim().slice(0, 600));
  }
}

