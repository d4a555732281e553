import type { CoverageCount, FileCoverage } from '../model/evidence.ts';
import { countOf, OPAQUE, UnusableEvidence, type Reading } from './format.ts';

/** More files than this are not told apart: no report may cost more than its bound. */
const MAX_FILES = 20_000;
const MAX_PATH = 1_000;

type Counted = { covered: number; total: number };

/** Collects what a report says of each file; a file that it names twice is one. */
export class FileCoverages {
  readonly #files = new Map<string, { lines: Counted; branches: Counted }>();
  #overfull = false;

  add(path: string | null | undefined, lines: CoverageCount, branches: CoverageCount | null = null): void {
    if (path === null || path === undefined || path === '' || path.length > MAX_PATH) {
      this.#overfull = true;
      return;
    }
    const known = this.#files.get(path);
    if (known === undefined && this.#files.size >= MAX_FILES) this.#overfull = true;
    else {
      const { lines: before, branches: taken } = known ?? { lines: { covered: 0, total: 0 }, branches: { covered: 0, total: 0 } };
      this.#files.set(path, { lines: sum(before, lines), branches: branches === null ? taken : sum(taken, branches) });
    }
  }

  /** Null where not each line is of a file that is known. */
  list(): FileCoverage[] | null {
    if (this.#overfull || this.#files.size === 0) return null;
    return [...this.#files].map(([path, { lines, branches }]) => ({ path, lines, branches: branches.total === 0 ? null : branches }));
  }
}

function sum(one: CoverageCount, other: CoverageCount): Counted {
  return { covered: one.covered + other.covered, total: one.total + other.total };
}

export function coverageReading(lines: CoverageCount, branches: CoverageCount | null, files: readonly FileCoverage[] | null = null): Reading {
  return {
    ...OPAQUE,
    content: { type: 'coverage', lines, branches, files },
    counts: branches === null ? { lines } : { lines, branches },
  };
}

/** Covered and total as a report gives them. Throws `malformed`: more covered than there is contradicts itself. */
export function coverageCount(covered: unknown, total: unknown, what: string): CoverageCount {
  const known = { covered: countOf(covered), total: countOf(total) };
  if (known.covered === null || known.total === null) throw new UnusableEvidence('malformed', `${what}: covered and total are not whole numbers`);
  if (known.covered > known.total) throw new UnusableEvidence('malformed', `${what}: ${known.covered} covered of ${known.total}`);
  return { covered: known.covered, total: known.total };
}
