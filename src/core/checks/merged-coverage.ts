import type { CoverageCount, EvidenceItem, FileCoverage } from '../model/evidence.ts';

/** Coverage of everything that some reports measured, each file once. */
export interface MergedCoverage {
  readonly lines: CoverageCount;
  readonly branches: CoverageCount | null;
  readonly files: number;
}

/**
 * Merges reports that tell their files apart. A file in several of them counts once, with the most that any of them
 * saw covered and the most that any of them saw: reports do not say which lines these are, so that what two of them
 * cover together is never guessed, and no file is made better by measuring less of it.
 */
export function mergeCoverage(reports: readonly EvidenceItem[], repositoryFiles: readonly string[]): MergedCoverage {
  const known = new RepositoryPaths(repositoryFiles);
  const files = new Map<string, FileCoverage>();
  for (const { content } of reports) {
    if (content.type !== 'coverage') continue;
    for (const file of content.files ?? []) {
      const path = known.find(file.path);
      const before = files.get(path);
      files.set(path, before === undefined ? file : { path, lines: most(before.lines, file.lines), branches: before.branches === null || file.branches === null ? (before.branches ?? file.branches) : most(before.branches, file.branches) });
    }
  }
  const all = [...files.values()];
  const branches = sum(all.map((file) => file.branches));
  return { lines: sum(all.map(({ lines }) => lines)), branches: branches.total === 0 ? null : branches, files: files.size };
}

function most(one: CoverageCount, other: CoverageCount): CoverageCount {
  return { covered: Math.max(one.covered, other.covered), total: Math.max(one.total, other.total) };
}

function sum(counts: readonly (CoverageCount | null)[]): CoverageCount {
  const whole = { covered: 0, total: 0 };
  for (const count of counts) {
    whole.covered += count?.covered ?? 0;
    whole.total += count?.total ?? 0;
  }
  return whole;
}

/** Tools write a file's path from wherever they ran: absolute, from a package's folder, or as its class is named. */
class RepositoryPaths {
  readonly #paths: ReadonlySet<string>;
  readonly #byName = new Map<string, string[]>();

  constructor(paths: readonly string[]) {
    this.#paths = new Set(paths);
    for (const path of paths) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const known = this.#byName.get(name);
      if (known === undefined) this.#byName.set(name, [path]);
      else known.push(path);
    }
  }

  /** The file of the commit that is meant, where only one can be; else the path as it was given. */
  find(given: string): string {
    const path = given.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
    for (let at = 0; at !== -1 && at < path.length; at = path.indexOf('/', at) + 1) {
      const tail = path.slice(at);
      if (this.#paths.has(tail)) return tail;
      if (!path.includes('/', at)) break;
    }
    const named = (this.#byName.get(path.slice(path.lastIndexOf('/') + 1)) ?? []).filter((candidate) => candidate.endsWith(`/${path}`));
    const [only] = named;
    return only !== undefined && named.length === 1 ? only : path;
  }
}
