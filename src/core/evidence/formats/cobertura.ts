import { OPAQUE, type Reading, type XmlFormat, type XmlReader } from '../format.ts';

/** Cobertura XML (coverage-04.dtd): the lines of each class, once each, with their condition coverage. */
export const cobertura: XmlFormat = {
  kind: 'cobertura',
  looksLike: (root, attributes) => root === 'coverage' && 'line-rate' in attributes && !('clover' in attributes),
  start: () => new CoberturaReader(),
};

class CoberturaReader implements XmlReader {
  readonly #lines = { covered: 0, total: 0 };
  readonly #branches = { covered: 0, total: 0 };
  #file = '';
  #inMethod = false;
  /** Lines of the class that is open; a class lists a line once, a method may repeat it. */
  #seen = new Map<string, boolean>();
  #produced: string | null = null;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'coverage') this.#produced = milliseconds(attributes['timestamp']);
    else if (name === 'class') {
      this.#file = attributes['filename'] ?? '';
      this.#seen = new Map();
    } else if (name === 'method') this.#inMethod = true;
    else if (name === 'line' && !this.#inMethod) this.#line(attributes);
  }

  close(name: string): void {
    if (name === 'method') this.#inMethod = false;
    if (name !== 'class') return;
    this.#lines.total += this.#seen.size;
    for (const covered of this.#seen.values()) this.#lines.covered += Number(covered);
    this.#file = '';
  }

  read(): Reading {
    const branches = this.#branches.total === 0 ? null : this.#branches;
    return {
      ...OPAQUE,
      content: { type: 'coverage', lines: this.#lines, branches },
      counts: branches === null ? { lines: this.#lines } : { lines: this.#lines, branches },
      produced: this.#produced,
    };
  }

  #line(attributes: Readonly<Record<string, string>>): void {
    const key = `${this.#file}:${attributes['number'] ?? ''}`;
    this.#seen.set(key, (this.#seen.get(key) ?? false) || Number(attributes['hits'] ?? '0') > 0);
    const conditions = /\((\d{1,9})\/(\d{1,9})\)/.exec(attributes['condition-coverage'] ?? '');
    if (attributes['branch'] !== 'true' || conditions === null) return;
    this.#branches.covered += Math.min(Number(conditions[1]), Number(conditions[2]));
    this.#branches.total += Number(conditions[2]);
  }
}

/** Cobertura's time is milliseconds since 1970; coverage.py writes it so too. */
function milliseconds(text: string | undefined): string | null {
  if (text === undefined || !/^\d{12,13}$/.test(text)) return null;
  return new Date(Number(text)).toISOString().replace('.000Z', 'Z');
}
