import type { CoverageCount } from '../../model/evidence.ts';
import { countOf, instantOf, OPAQUE, UnusableEvidence, type JsonFormat, type Reading } from '../format.ts';
import { elements, isObject, member, text } from '../json.ts';

function coverage(lines: CoverageCount, branches: CoverageCount | null): Reading {
  return {
    ...OPAQUE,
    content: { type: 'coverage', lines, branches },
    counts: branches === null ? { lines } : { lines, branches },
  };
}

/** Covered and total; more covered than there is contradicts itself. */
export function coverageCount(covered: unknown, total: unknown, what: string): CoverageCount {
  const known = { covered: countOf(covered), total: countOf(total) };
  if (known.covered === null || known.total === null) throw new UnusableEvidence('malformed', `${what} are not whole numbers`);
  if (known.covered > known.total) throw new UnusableEvidence('malformed', `${what}: ${known.covered} covered of ${known.total}`);
  return { covered: known.covered, total: known.total };
}

/** istanbul's `json-summary` reporter: `total.lines {total, covered, …}` and the same for each file. */
export const istanbulSummary: JsonFormat = {
  kind: 'coverage-istanbul-summary',
  looksLike: ({ root, keys, inner }) => root === 'object' && keys.has('total') && inner.has('lines') && inner.has('statements') && inner.has('branches'),
  confirm: (value) => isObject(member(member(value, 'total'), 'lines')),
  read: (value) => {
    const total = member(value, 'total');
    const lines = member(total, 'lines');
    const branches = member(total, 'branches');
    return coverage(
      coverageCount(member(lines, 'covered'), member(lines, 'total'), 'total.lines'),
      isObject(branches) ? coverageCount(member(branches, 'covered'), member(branches, 'total'), 'total.branches') : null,
    );
  },
};

/**
 * istanbul's `json` reporter (`coverage-final.json`): per file maps of statements and branches with their hit counts.
 * A line's hits are the most of the statements that start on it, as istanbul-lib-coverage's `getLineCoverage` has it.
 */
export const istanbulFinal: JsonFormat = {
  kind: 'coverage-istanbul-final',
  looksLike: ({ root, inner }) => root === 'object' && inner.has('statementMap') && inner.has('s') && inner.has('branchMap'),
  read: (value) => {
    const lines = { covered: 0, total: 0 };
    const branches = { covered: 0, total: 0 };
    for (const [file, data] of Object.entries(isObject(value) ? value : {})) {
      if (!isObject(member(data, 'statementMap'))) throw new UnusableEvidence('malformed', `the entry "${file.slice(0, 120)}" has no statementMap`);
      const hits = new Map<number, number>();
      for (const [id, place] of Object.entries(member(data, 'statementMap') as Record<string, unknown>)) {
        const line = countOf(member(member(place, 'start'), 'line'));
        const count = countOf(member(member(data, 's'), id)) ?? 0;
        if (line !== null) hits.set(line, Math.max(hits.get(line) ?? 0, count));
      }
      lines.total += hits.size;
      lines.covered += [...hits.values()].filter((count) => count > 0).length;
      const taken = member(data, 'b');
      for (const counts of Object.values(isObject(taken) ? taken : {})) {
        branches.total += elements(counts).length;
        branches.covered += elements(counts).filter((count) => (countOf(count) ?? 0) > 0).length;
      }
    }
    return coverage(lines, branches);
  },
};

/** coverage.py's `coverage json`: `totals.covered_lines` of `totals.num_statements`, branches where they were measured. */
export const coveragePy: JsonFormat = {
  kind: 'coverage-py',
  looksLike: ({ root, keys }) => root === 'object' && keys.has('meta') && keys.has('files') && keys.has('totals'),
  confirm: (value) => member(member(value, 'totals'), 'covered_lines') !== undefined,
  read: (value) => {
    const totals = member(value, 'totals');
    const meta = member(value, 'meta');
    const branches = member(totals, 'num_branches');
    return {
      ...coverage(
        coverageCount(member(totals, 'covered_lines'), member(totals, 'num_statements'), 'totals'),
        branches === undefined ? null : coverageCount(member(totals, 'covered_branches'), branches, 'totals of branches'),
      ),
      tool: { name: 'coverage.py', version: text(member(meta, 'version')) },
      // coverage.py writes local time without a zone, which names no instant.
      produced: instantOf(member(meta, 'timestamp')),
    };
  },
};
