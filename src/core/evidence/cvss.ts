import { scoreVector } from '../cvss/score-vector.ts';

/**
 * The score of a CVSS vector of version 2.0, 3.0, 3.1 or 4.0, as its specification computes it: the base score up to
 * 3.1, the score of the whole vector for 4.0. Null for what is no vector.
 */
export function cvssScore(vector: string): number | null {
  const scored = scoreVector(vector);
  return 'error' in scored ? null : scored.base;
}
