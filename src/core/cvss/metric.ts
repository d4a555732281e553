export const CVSS_VERSIONS = ['2.0', '3.0', '3.1', '4.0'] as const;
export type CvssVersion = (typeof CVSS_VERSIONS)[number];

export type MetricGroup = 'base' | 'temporal' | 'threat' | 'environmental' | 'supplemental';

/** One of the answers to a metric. */
export interface MetricValue {
  /** As it stands in a vector. */
  readonly code: string;
  readonly name: string;
  /** When it is the right answer, in one sentence. */
  readonly says: string;
}

/** A question that a vector answers (its specification's section of metrics). */
export interface Metric {
  readonly id: string;
  readonly name: string;
  readonly group: MetricGroup;
  readonly asks: string;
  readonly values: readonly MetricValue[];
  /** What it is where a vector leaves it out; null where none may. */
  readonly unset: string | null;
}

/** Answers as `code|name|says`, one a line of the table. */
export function answers(...lines: readonly string[]): MetricValue[] {
  return lines.map((line) => {
    const [code = '', name = '', says = ''] = line.split('|');
    return { code, name, says };
  });
}

/** A metric of the base group, which every vector answers. */
export function base(id: string, name: string, asks: string, ...lines: readonly string[]): Metric {
  return { id, name, group: 'base', asks, values: answers(...lines), unset: null };
}

export function optional(group: MetricGroup, id: string, name: string, asks: string, unset: string, ...lines: readonly string[]): Metric {
  return { id, name, group, asks, values: answers(...lines), unset };
}
