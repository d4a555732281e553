import type { CoverageCount } from '../../model/evidence.ts';
import { countOf, UnusableEvidence, type JsonFormat } from '../format.ts';
import { entriesIn, has, isObject, member } from '../json.ts';
import { coverageReading, FileCoverages } from '../coverage.ts';

/**
 * istanbul's `json` reporter (`coverage-final.json`): for each file maps of statements and branches with their hits.
 * A line's hits are the most of the statements that start on it, as istanbul-lib-coverage's `getLineCoverage` has it.
 */
export const istanbulFinal: JsonFormat = {
  syntax: 'json',
  kind: 'coverage-istanbul-final',
  looksLike: (value, whole) => {
    const first = isObject(value) ? Object.values(value)[0] : undefined;
    return isObject(member(first, 'statementMap')) && (!whole || has(first, 's', 'branchMap', 'b'));
  },
  read: (value) => {
    const lines = { covered: 0, total: 0 };
    const branches = { covered: 0, total: 0 };
    const files = new FileCoverages();
    for (const [file, data] of entriesIn(value, 'the report')) {
      const before = { lines: { ...lines }, branches: { ...branches } };
      const place = `"${file.slice(0, 120)}"`;
      for (const hits of lineHits(data, place).values()) {
        lines.total += 1;
        lines.covered += Number(hits > 0);
      }
      const taken = member(data, 'b');
      if (!isObject(taken)) throw new UnusableEvidence('malformed', `${place} has no counts of branches`);
      for (const [id, counts] of Object.entries(taken)) {
        if (!Array.isArray(counts)) throw new UnusableEvidence('malformed', `${place}: branch ${id.slice(0, 20)} is not a list`);
        branches.total += counts.length;
        branches.covered += counts.filter((count: unknown) => (countOf(count) ?? 0) > 0).length;
      }
      files.add(file, since(before.lines, lines), since(before.branches, branches));
    }
    return coverageReading(lines, branches, files.list());
  },
};

function since(before: CoverageCount, now: CoverageCount): CoverageCount {
  return { covered: now.covered - before.covered, total: now.total - before.total };
}

function lineHits(data: unknown, place: string): Map<number, number> {
  const hits = new Map<number, number>();
  const counts = member(data, 's');
  if (!isObject(counts)) throw new UnusableEvidence('malformed', `${place} has no counts of statements`);
  for (const [id, statement] of entriesIn(member(data, 'statementMap'), `${place}.statementMap`)) {
    const line = countOf(member(member(statement, 'start'), 'line'));
    const count = countOf(member(counts, id));
    if (line === null || count === null) throw new UnusableEvidence('malformed', `${place}: statement ${id.slice(0, 20)} has no line or no count`);
    hits.set(line, Math.max(hits.get(line) ?? 0, count));
  }
  return hits;
}
