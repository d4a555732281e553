import calculator from 'ae-cvss-calculator';

const { Cvss2, Cvss3P0, Cvss3P1, Cvss4P0 } = calculator;

const MAX_VECTOR = 400;

/**
 * The score of a CVSS vector of version 2.0, 3.0, 3.1 or 4.0, as its specification computes it: the base score up to
 * 3.1, the score of the whole vector for 4.0. Null for what is no vector.
 */
export function cvssScore(vector: string): number | null {
  if (vector.length > MAX_VECTOR) return null;
  try {
    const score = isComplete(vector.trim()) ? scored(vector.trim()) : undefined;
    return typeof score === 'number' && score >= 0 && score <= 10 ? score : null;
  } catch {
    // The library throws for metrics that it does not know.
    return null;
  }
}

/** Base metrics that every vector has; the library takes one that is missing for its mildest value. */
const MANDATORY: readonly (readonly [version: RegExp, metrics: readonly string[]])[] = [
  [/^CVSS:4\.0\//, ['AV', 'AC', 'AT', 'PR', 'UI', 'VC', 'VI', 'VA', 'SC', 'SI', 'SA']],
  [/^CVSS:3\.[01]\//, ['AV', 'AC', 'PR', 'UI', 'S', 'C', 'I', 'A']],
];

function isComplete(vector: string): boolean {
  const metrics = MANDATORY.find(([version]) => version.test(vector))?.[1] ?? [];
  const named = new Set(vector.split('/').map((part) => part.slice(0, Math.max(0, part.indexOf(':')))));
  return metrics.every((metric) => named.has(metric));
}

function scored(vector: string): number | undefined {
  if (vector.startsWith('CVSS:4.0/')) return new Cvss4P0(vector).calculateScores().overall;
  if (vector.startsWith('CVSS:3.1/')) return new Cvss3P1(vector).calculateScores().base;
  if (vector.startsWith('CVSS:3.0/')) return new Cvss3P0(vector).calculateScores().base;
  const plain = vector.replace(/^\(|\)$/g, '').replace(/^CVSS:?2(?:\.0)?[/#]/, '');
  return /^AV:[LAN]\/AC:[HML]\/Au:[MSN]\/C:[NPC]\/I:[NPC]\/A:[NPC]/.test(plain) ? new Cvss2(plain).calculateScores().base : undefined;
}
