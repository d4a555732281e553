import { asNumber } from './exact.ts';
import type { CvssVersion, MetricGroup } from './metric.ts';
import { metricsOf, readVector, type CvssVector, type VectorFault } from './read-vector.ts';
import { scores2 } from './score-2.ts';
import { scores3 } from './score-3.ts';
import { score4 } from './score-4.ts';

export type CvssSeverity = 'none' | 'low' | 'medium' | 'high' | 'critical';

/** What a vector comes to (FORMATS §8). */
export interface ScoredVector {
  readonly vector: string;
  readonly version: CvssVersion;
  /** Of the base group alone up to 3.1; of the whole vector for 4.0. */
  readonly base: number;
  readonly severity: CvssSeverity;
  /** With what is known of exploits and remedies; null where the vector says nothing of it. */
  readonly temporal?: number | null;
  /** For 4.0: of base and threat alone. */
  readonly threat?: number | null;
  /** As it is here; for 4.0 of base and environment alone; null where the vector says nothing of it. */
  readonly environmental: number | null;
}

/** Scores a vector of 2.0, 3.0, 3.1 or 4.0 exactly as its specification computes it, without a rounding that it does not ask for. */
export function scoreVector(text: string): ScoredVector | ({ readonly vector: string } & VectorFault) {
  const read = readVector(text);
  if ('error' in read) return { vector: text, ...read };
  const { version, values } = read;
  const vector = text.trim();
  const says = (group: MetricGroup): boolean => metricsOf(version).some((metric) => metric.group === group && values.get(metric.id) !== metric.unset);
  if (version === '4.0') {
    const base = asNumber(score4(values));
    const only = (group: MetricGroup): number | null => (says(group) ? asNumber(score4(without(read, group === 'threat' ? 'environmental' : 'threat'))) : null);
    return { vector, version, base, severity: severityOf(base, version), threat: only('threat'), environmental: only('environmental') };
  }
  const scores = version === '2.0' ? scores2(values) : scores3(values, version);
  const base = asNumber(scores.base);
  return {
    vector, version, base, severity: severityOf(base, version),
    temporal: says('temporal') ? asNumber(scores.temporal) : null, environmental: says('environmental') ? asNumber(scores.environmental) : null,
  };
}

function without({ version, values }: CvssVector, group: MetricGroup): Map<string, string> {
  const unset = new Map(metricsOf(version).flatMap((metric) => (metric.group === group && metric.unset !== null ? [[metric.id, metric.unset] as const] : [])));
  return new Map([...values].map(([id, code]) => [id, unset.get(id) ?? code]));
}

/** The words of 3.x and 4.0; 2.0 has none of its own, and gets those of the National Vulnerability Database. */
export function severityOf(score: number, version: CvssVersion): CvssSeverity {
  if (version === '2.0') return score < 4 ? 'low' : score < 7 ? 'medium' : 'high';
  if (score === 0) return 'none';
  return score < 4 ? 'low' : score < 7 ? 'medium' : score < 9 ? 'high' : 'critical';
}
