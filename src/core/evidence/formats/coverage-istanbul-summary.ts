import type { FileCoverage } from '../../model/evidence.ts';
import type { JsonFormat } from '../format.ts';
import { has, isObject, member } from '../json.ts';
import { coverageCount, coverageReading, FileCoverages } from '../coverage.ts';

/** istanbul's `json-summary` reporter: `total.lines {total, covered, …}` and the same for each file. */
export const istanbulSummary: JsonFormat = {
  syntax: 'json',
  kind: 'coverage-istanbul-summary',
  looksLike: (value) => has(member(value, 'total'), 'lines', 'statements') && isObject(member(member(value, 'total'), 'lines')),
  read: (value) => {
    const total = member(value, 'total');
    const lines = member(total, 'lines');
    const branches = member(total, 'branches');
    return coverageReading(
      coverageCount(member(lines, 'covered'), member(lines, 'total'), 'total.lines'),
      branches === undefined ? null : coverageCount(member(branches, 'covered'), member(branches, 'total'), 'total.branches'),
      filesOf(value),
    );
  },
};

function filesOf(value: unknown): FileCoverage[] | null {
  const files = new FileCoverages();
  for (const [path, entry] of Object.entries(isObject(value) ? value : {})) {
    if (path === 'total') continue;
    const [lines, branches] = [member(entry, 'lines'), member(entry, 'branches')];
    files.add(path, coverageCount(member(lines, 'covered'), member(lines, 'total'), 'lines of a file'), branches === undefined ? null : coverageCount(member(branches, 'covered'), member(branches, 'total'), 'branches of a file'));
  }
  return files.list();
}
