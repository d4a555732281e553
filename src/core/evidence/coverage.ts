import type { CoverageCount } from '../model/evidence.ts';
import { countOf, OPAQUE, UnusableEvidence, type Reading } from './format.ts';

export function coverageReading(lines: CoverageCount, branches: CoverageCount | null): Reading {
  return {
    ...OPAQUE,
    content: { type: 'coverage', lines, branches },
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
