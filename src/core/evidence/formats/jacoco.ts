import { coverageReading, FileCoverages } from '../coverage.ts';
import { UnusableEvidence, utcOf, type Reading, type XmlFormat, type XmlReader } from '../format.ts';

/**
 * JaCoCo's XML report (report.dtd 1.1), which Kover writes too: the `LINE` and `BRANCH` counters of the whole report,
 * which are the sum of those of its groups and packages; that sum alone where the report has none of its
 * own, and the lines of its source files where there is no counter at all.
 */
export const jacoco: XmlFormat = {
  syntax: 'xml',
  kind: 'jacoco',
  // Many tools call their root element `report`.
  looksLike: (root, attributes, head) => root === 'report' && Object.hasOwn(attributes, 'name') && (/<!DOCTYPE\s+report\s[^>]{0,200}jacoco/i.test(head) || /<counter\s+type="(?:INSTRUCTION|LINE|BRANCH)"/.test(head) || (/<package\s+name="/.test(head) && /<sourcefile\s|<class\s+name="[^"]*"\s+sourcefilename=/.test(head))),
  start: () => new JacocoReader(),
};

type Counter = 'LINE' | 'BRANCH';
interface Count {
  covered: number;
  total: number;
}

class JacocoReader implements XmlReader {
  readonly #path: string[] = [];
  readonly #own = new Map<Counter, Count>();
  readonly #inside = new Map<Counter, Count>();
  /** Lines and branches of the source files (`mi`, `ci`: instructions; `mb`, `cb`: branches; missed and covered). */
  readonly #listed = { lines: { covered: 0, total: 0 }, branches: { covered: 0, total: 0 } };
  #produced = 0;
  readonly #files = new FileCoverages();
  #package = '';
  #file = new Map<Counter, Count>();
  #name = '';

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const outer = this.#path.at(-1);
    const depth = this.#path.length;
    this.#path.push(name);
    if (name === 'sessioninfo') this.#produced = Math.max(this.#produced, number(attributes['dump']) ?? 0);
    if (name === 'package') this.#package = attributes['name'] ?? '';
    if (name === 'sourcefile') {
      this.#file = new Map();
      this.#name = attributes['name'] ?? '';
    }
    if (name === 'line' && outer === 'sourcefile') this.#line(attributes);
    if (name !== 'counter') return;
    const type = attributes['type'];
    if (type !== 'LINE' && type !== 'BRANCH') return;
    if (outer === 'report') add(this.#own, type, attributes);
    else if (outer === 'sourcefile') add(this.#file, type, attributes);
    else if (depth === 2 && (outer === 'group' || outer === 'package')) add(this.#inside, type, attributes);
  }

  close(name: string): void {
    this.#path.pop();
    if (name === 'sourcefile') this.#files.add(`${this.#package === '' ? '' : `${this.#package}/`}${this.#name}`, this.#file.get('LINE') ?? { covered: 0, total: 0 }, this.#file.get('BRANCH') ?? null);
  }

  read(): Reading {
    const lines = this.#own.get('LINE') ?? this.#inside.get('LINE') ?? this.#listed.lines;
    const branches = this.#own.get('BRANCH') ?? this.#inside.get('BRANCH') ?? (this.#own.size + this.#inside.size === 0 && this.#listed.branches.total > 0 ? this.#listed.branches : null);
    return { ...coverageReading(lines, branches, this.#files.list()), produced: this.#produced === 0 ? null : utcOf(this.#produced), problem: this.#problem() };
  }

  #line(attributes: Readonly<Record<string, string>>): void {
    const { lines, branches } = this.#listed;
    const [covered, missedBranches, coveredBranches] = [attributes['ci'], attributes['mb'], attributes['cb']].map((text) => number(text) ?? 0);
    lines.total += 1;
    lines.covered += Number((covered ?? 0) > 0);
    branches.total += (missedBranches ?? 0) + (coveredBranches ?? 0);
    branches.covered += coveredBranches ?? 0;
  }

  #problem(): Reading['problem'] {
    for (const [type, own] of this.#own) {
      const sum = this.#inside.get(type);
      if (sum === undefined || (sum.covered === own.covered && sum.total === own.total)) continue;
      return { code: 'counts-disagree', message: `the report says ${own.covered} of ${own.total} (${type}), but its parts come to ${sum.covered} of ${sum.total}` };
    }
    return null;
  }
}

function add(counts: Map<Counter, Count>, type: Counter, attributes: Readonly<Record<string, string>>): void {
  const missed = number(attributes['missed']);
  const covered = number(attributes['covered']);
  if (missed === null || covered === null) throw new UnusableEvidence('malformed', `a ${type} counter does not say how many are missed and covered`);
  const known = counts.get(type) ?? { covered: 0, total: 0 };
  counts.set(type, { covered: known.covered + covered, total: known.total + missed + covered });
}

function number(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
