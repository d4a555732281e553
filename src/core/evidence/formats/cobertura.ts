import type { CoverageCount } from '../../model/evidence.ts';
import { coverageCount, coverageReading, FileCoverages } from '../coverage.ts';
import { utcOf, type Reading, type XmlFormat, type XmlReader } from '../format.ts';

/** Cobertura XML (coverage-04.dtd): the lines of each class, once each, with their condition coverage. */
export const cobertura: XmlFormat = {
  syntax: 'xml',
  kind: 'cobertura',
  looksLike: (root, attributes) => root === 'coverage' && (Object.hasOwn(attributes, 'line-rate') || Object.hasOwn(attributes, 'branch-rate')) && !Object.hasOwn(attributes, 'clover'),
  start: () => new CoberturaReader(),
};

class CoberturaReader implements XmlReader {
  readonly #lines = { covered: 0, total: 0 };
  readonly #branches = { covered: 0, total: 0 };
  #inClass = false;
  #inMethod = false;
  /** Lines of the class that is open; a class lists a line once, its methods repeat it. */
  #seen = new Map<string, boolean>();
  /** Lines of its methods, for tools that list them nowhere else. */
  #inMethods = new Map<string, Readonly<Record<string, string>>>();
  readonly #files = new FileCoverages();
  #file = '';
  #taken = { covered: 0, total: 0 };
  #claims: Readonly<Record<string, string>> = {};
  #produced: string | null = null;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'line') {
      if (this.#inClass && !this.#inMethod) this.#line(attributes);
      else if (this.#inMethod) this.#methodLine(attributes);
    } else if (name === 'class') {
      this.#inClass = true;
      this.#file = attributes['filename'] ?? '';
      this.#taken = { ...this.#branches };
      this.#seen = new Map();
      this.#inMethods = new Map();
    } else if (name === 'method') this.#inMethod = true;
    else if (name === 'coverage') {
      this.#claims = attributes;
      this.#produced ??= timeOf(attributes['timestamp']);
    }
  }

  close(name: string): void {
    if (name === 'method') this.#inMethod = false;
    if (name !== 'class') return;
    this.#inClass = false;
    if (this.#seen.size === 0) for (const attributes of this.#inMethods.values()) this.#line(attributes);
    this.#inMethods = new Map();
    const covered = [...this.#seen.values()].filter(Boolean).length;
    this.#lines.total += this.#seen.size;
    this.#lines.covered += covered;
    if (this.#seen.size > 0) this.#files.add(this.#file, { covered, total: this.#seen.size }, { covered: this.#branches.covered - this.#taken.covered, total: this.#branches.total - this.#taken.total });
  }

  read(): Reading {
    const { lines, branches } = { lines: this.#claimed('lines', this.#lines), branches: this.#claimed('branches', this.#branches) };
    return { ...coverageReading(lines, branches.total === 0 ? null : branches, this.#lines.total > 0 ? this.#files.list() : null), produced: this.#produced };
  }

  /** What the report says of itself counts only where it lists nothing. */
  #claimed(what: 'lines' | 'branches', listed: CoverageCount): CoverageCount {
    const [covered, total] = [this.#claims[`${what}-covered`], this.#claims[`${what}-valid`]].map((text) => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null));
    return listed.total > 0 || covered === undefined || covered === null || total === undefined || total === null ? listed : coverageCount(covered, total, what);
  }

  #methodLine(attributes: Readonly<Record<string, string>>): void {
    const number = (attributes['number'] ?? '').slice(0, 20);
    const known = this.#inMethods.get(number);
    if (known === undefined || (Number(known['hits'] ?? '0') === 0 && Number(attributes['hits'] ?? '0') > 0)) this.#inMethods.set(number, attributes);
  }

  #line(attributes: Readonly<Record<string, string>>): void {
    const number = (attributes['number'] ?? '').slice(0, 20);
    const known = this.#seen.get(number);
    this.#seen.set(number, known === true || Number(attributes['hits'] ?? '0') > 0);
    // The second listing of a line in its class would count its branches twice.
    if (known !== undefined || attributes['branch']?.toLowerCase() !== 'true') return;
    const [, covered, total] = /\((\d{1,9})\/(\d{1,9})\)/.exec((attributes['condition-coverage'] ?? '').slice(0, 100)) ?? [];
    if (covered === undefined || total === undefined) return;
    this.#branches.covered += Math.min(Number(covered), Number(total));
    this.#branches.total += Number(total);
  }
}

/** Cobertura's time is milliseconds since 1970, as coverage.py and istanbul write it; coverlet and gcovr write seconds. */
function timeOf(text: string | undefined): string | null {
  if (text === undefined || !/^(?:\d{9,10}|\d{12,13})$/.test(text)) return null;
  return utcOf(text.length > 10 ? Number(text) : Number(text) * 1000);
}
