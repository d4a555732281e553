import type { FileCoverage } from '../../model/evidence.ts';
import { instantOf, type JsonFormat } from '../format.ts';
import { has, isObject, member, text } from '../json.ts';
import { coverageCount, coverageReading, FileCoverages } from '../coverage.ts';

/** coverage.py's `coverage json`: `totals.covered_lines` of `totals.num_statements`, branches where they were measured. */
export const coveragePy: JsonFormat = {
  syntax: 'json',
  kind: 'coverage-py',
  looksLike: (value, whole) =>
    has(member(value, 'meta'), 'version') && isObject(member(value, 'files')) &&
    (whole ? has(member(value, 'totals'), 'covered_lines', 'num_statements') : has(member(value, 'meta'), 'branch_coverage')),
  read: (value) => {
    const totals = member(value, 'totals');
    const meta = member(value, 'meta');
    const branches = member(totals, 'num_branches');
    return {
      ...coverageReading(
        coverageCount(member(totals, 'covered_lines'), member(totals, 'num_statements'), 'totals'),
        branches === undefined || member(meta, 'branch_coverage') === false ? null : coverageCount(member(totals, 'covered_branches'), branches, 'totals of branches'),
        filesOf(member(value, 'files')),
      ),
      tool: { name: 'coverage.py', version: text(member(meta, 'version')) },
      // coverage.py writes local time without a zone, which names no instant.
      produced: instantOf(member(meta, 'timestamp')),
    };
  },
};

function filesOf(listed: unknown): FileCoverage[] | null {
  const files = new FileCoverages();
  for (const [path, file] of Object.entries(isObject(listed) ? listed : {})) {
    const summary = member(file, 'summary');
    if (!has(summary, 'covered_lines', 'num_statements')) return null;
    const branches = member(summary, 'num_branches');
    files.add(path, coverageCount(member(summary, 'covered_lines'), member(summary, 'num_statements'), 'summary of a file'), branches === undefined ? null : coverageCount(member(summary, 'covered_branches'), branches, 'branches of a file'));
  }
  return files.list();
}
