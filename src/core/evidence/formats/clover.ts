import type { CoverageCount } from '../../model/evidence.ts';
import { coverageReading, FileCoverages } from '../coverage.ts';
import { instantOf, UnusableEvidence, utcOf, type Reading, type XmlFormat, type XmlReader } from '../format.ts';

/**
 * Clover XML, as PHPUnit, istanbul and OpenClover write it: the lines of each file with a statement or a condition,
 * once each; a `method` line is where a method begins, which no tool counts as a line. Without line elements the
 * project's own metrics count. Conditions are the project's, whose two-way counts the tools spell differently by line.
 */
export const clover: XmlFormat = {
  syntax: 'xml',
  kind: 'clover',
  looksLike: (root, attributes, head) => root === 'coverage' && (Object.hasOwn(attributes, 'clover') || (Object.hasOwn(attributes, 'generated') && /<project[\s>]/.test(head))),
  start: () => new CloverReader(),
};

type Attributes = Readonly<Record<string, string>>;

class CloverReader implements XmlReader {
  readonly #path: string[] = [];
  readonly #lines = { covered: 0, total: 0 };
  readonly #conditions = { covered: 0, total: 0 };
  /** Statement lines alone, which the project's statements must have room for. */
  readonly #statements = { covered: 0, total: 0 };
  #project: { readonly statements: CoverageCount | null; readonly conditions: CoverageCount | null } | null = null;
  #seen = new Map<string, boolean>();
  readonly #files = new FileCoverages();
  #file = '';
  #produced: string | null = null;

  open(name: string, attributes: Attributes): void {
    const outer = this.#path.at(-1);
    this.#path.push(name);
    if (name === 'line') this.#line(attributes);
    else if (name === 'file') {
      this.#seen = new Map();
      this.#file = attributes['path'] ?? attributes['name'] ?? '';
    }
    else if (name === 'coverage') this.#produced = generatedAt(attributes['generated']);
    // PHPUnit's and istanbul's one project; metrics of the files and packages stand deeper.
    else if (name === 'metrics' && outer === 'project' && this.#project === null) this.#project = { statements: pair(attributes, 'statements'), conditions: pair(attributes, 'conditionals') };
  }

  close(name: string): void {
    this.#path.pop();
    if (name !== 'file') return;
    const covered = [...this.#seen.values()].filter(Boolean).length;
    this.#lines.total += this.#seen.size;
    this.#lines.covered += covered;
    this.#files.add(this.#file, { covered, total: this.#seen.size });
  }

  read(): Reading {
    const { statements = null, conditions = null } = this.#project ?? {};
    if (this.#lines.total === 0 && statements === null) throw new UnusableEvidence('malformed', 'it has neither lines nor the metrics of a project');
    const branches = conditions ?? this.#conditions;
    const lines = this.#lines.total > 0 || statements === null ? this.#lines : statements;
    return { ...coverageReading(lines, branches.total === 0 ? null : branches, this.#lines.total > 0 ? this.#files.list() : null), produced: this.#produced, problem: this.#problem(statements) };
  }

  /** A line is covered where one of its statements is, so there are no more such lines than such statements. */
  #problem(statements: CoverageCount | null): Reading['problem'] {
    if (statements === null || this.#statements.total === 0) return null;
    const uncovered = this.#statements.total - this.#statements.covered;
    if (this.#statements.covered <= statements.covered && uncovered <= statements.total - statements.covered) return null;
    return { code: 'counts-disagree', message: `the project says ${statements.covered} of ${statements.total} statements, but ${this.#statements.covered} of ${this.#statements.total} lines are listed as covered` };
  }

  #line(attributes: Attributes): void {
    const type = attributes['type'];
    if (type !== 'stmt' && type !== 'cond') return;
    const ways = [number(attributes['truecount']), number(attributes['falsecount'])];
    const ran = (number(attributes['count']) ?? 0) > 0 || (attributes['count'] === undefined && ways.some((count) => (count ?? 0) > 0));
    const place = (attributes['num'] ?? '').slice(0, 20);
    const known = this.#seen.get(place);
    this.#seen.set(place, known === true || ran);
    if (type === 'cond') {
      this.#conditions.total += 2;
      this.#conditions.covered += ways.filter((count) => (count ?? 0) > 0).length;
    } else if (known === undefined) {
      this.#statements.total += 1;
      this.#statements.covered += Number(ran);
    }
  }
}

function pair(attributes: Attributes, what: string): CoverageCount | null {
  const total = number(attributes[what]);
  const covered = number(attributes[`covered${what}`]);
  if (total === null || covered === null) return null;
  if (covered > total) throw new UnusableEvidence('malformed', `the project says ${covered} of ${total} ${what} covered`);
  return { covered, total };
}

/** Seconds since 1970 as PHPUnit writes them, milliseconds as istanbul and OpenClover do. */
function generatedAt(text: string | undefined): string | null {
  const stamp = number(text);
  if (stamp === null) return instantOf(text);
  return stamp < 1e8 ? null : utcOf(stamp > 1e11 ? stamp : stamp * 1000);
}

function number(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
