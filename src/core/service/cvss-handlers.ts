import type { Handlers } from '../contract/serve.ts';
import { metricsOf } from '../cvss/read-vector.ts';
import { scoreVector } from '../cvss/score-vector.ts';

/** Vectors scored, and explained metric by metric. */
export function cvssHandlers(): Pick<Handlers, 'cvss.score' | 'cvss.metrics'> {
  return {
    'cvss.score': ({ vectors }) => Promise.resolve({ scores: vectors.map((vector) => ({ ...scoreVector(vector) })) }),
    'cvss.metrics': ({ version }) => Promise.resolve({ metrics: metricsOf(version).map((metric) => ({ ...metric, values: metric.values.map((value) => ({ ...value })) })) }),
  };
}
