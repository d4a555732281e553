import type { EvidenceLimits } from '../../model/evidence.ts';
import { aliasesIn, FindingCollector, severityOf, severityOfScore } from '../findings.ts';
import { instantOf, type JsonFormat, type Reading, type XmlFormat, type XmlReader } from '../format.ts';
import { elements, has, member, objectsIn, text, type JsonObject } from '../json.ts';

interface Vulnerability {
  readonly name: string | null;
  readonly severity: string | null;
  readonly description: string | null;
  readonly file: string | null;
}

function add(collector: FindingCollector, { name, severity, description, file }: Vulnerability): void {
  const raw = severity?.trim() === '' || severity === null ? 'unknown' : severity.trim();
  const score = /^\d{1,2}(?:\.\d+)?$/.test(raw) ? severityOfScore(Number(raw)) : severityOf(raw);
  collector.add({ severity: score, rawSeverity: raw, rule: name, message: description ?? '', where: file, aliases: aliasesIn(name), suppressed: false });
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
        });
      }
    }
    const info = member(value, 'scanInfo');
    return collector.reading(
      { tool: { name: 'Dependency-Check', version: text(member(info, 'engineVersion')) }, produced: instantOf(member(member(value, 'projectInfo'), 'reportDate')) },
      { scanned: dependencies.length, database: databaseOf(elements(member(info, 'dataSource'))) },
    );
  },
};

function severityIn(vulnerability: JsonObject): string | null {
  const word = text(member(vulnerability, 'severity'));
  if (word !== null && word !== '') return word;
  return [member(vulnerability, 'cvssv4'), member(vulnerability, 'cvssv3'), member(vulnerability, 'cvssv2')].map((score) => text(member(score, 'baseSeverity')) ?? text(member(score, 'severity'))).find((found) => found !== null) ?? null;
}

/** When the vulnerability data was last checked: the oldest of the sources that say. */
function databaseOf(sources: readonly unknown[]): string | null {
  const times = sources.filter((source) => /last (?:checked|modified)/i.test(text(member(source, 'name')) ?? '')).flatMap((source) => instantOf(text(member(source, 'timestamp'))?.replace(/(\d)([A-Z]{3,4})$/, '$1') ?? null) ?? []);
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

  constructor(limits: EvidenceLimits) {
    this.#collector = new FindingCollector(limits);
  }

  open(name: string): void {
    if (name === 'dependency' && this.#path.at(-1) === 'dependencies') {
      this.#dependencies += 1;
      this.#file = '';
    }
    if (name === 'vulnerability' && this.#path.at(-1) === 'vulnerabilities') this.#vulnerability = {};
    this.#path.push(name);
  }

  text(piece: string): void {
    const [parent, name = ''] = this.#path.slice(-2);
    if (this.#vulnerability !== null && parent === 'vulnerability' && FIELDS.has(name)) {
      if ((this.#vulnerability[name]?.length ?? 0) < 1_000) this.#vulnerability[name] = (this.#vulnerability[name] ?? '') + piece.slice(0, 1_000);
    } else if (name === 'fileName' && parent === 'dependency') this.#file += piece.slice(0, 300);
    else if (name === 'engineVersion') this.#version += piece.slice(0, 50);
    else if (name === 'reportDate') this.#date += piece.slice(0, 50);
  }

  close(name: string): void {
    this.#path.pop();
    if (name !== 'vulnerability' || this.#vulnerability === null) return;
    const { name: called, severity, description } = this.#vulnerability;
    add(this.#collector, { name: called?.trim() ?? null, severity: severity ?? null, description: description ?? null, file: this.#file.trim() || null });
    this.#vulnerability = null;
  }

  read(): Reading {
    const tool = { name: 'Dependency-Check', version: this.#version.trim() || null };
    return this.#collector.reading({ tool, produced: instantOf(this.#date.trim()) }, { scanned: this.#dependencies });
  }
}

