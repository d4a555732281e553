import type { Output } from '../../../core/contract/types.ts';

type Asked = Output<'cvss.metrics'>['metrics'][number];
/** A question of a version, with its answers. */
export interface Metric extends Readonly<Omit<Asked, 'values'>> {
  readonly values: readonly Readonly<Asked['values'][number]>[];
}
export const CVSS_VERSIONS = ['3.1', '4.0', '3.0', '2.0'] as const;
export type CvssVersion = (typeof CVSS_VERSIONS)[number];

export type Answers = Readonly<Record<string, string>>;

/** The version that a vector names; 2.0 names none. Null of what names none that is known, or is empty. */
export function versionOf(vector: string): CvssVersion | null {
  const text = bare(vector);
  if (text === '') return null;
  const [, named] = /^CVSS:(\d\.\d)(?:\/|$)/.exec(text) ?? [];
  return named === undefined ? (/^[A-Za-z]+:/.test(text) && !text.startsWith('CVSS:') ? '2.0' : null) : (CVSS_VERSIONS.find((one) => one === named) ?? null);
}

/** The answers that a vector gives, whole or not. */
export function answersOf(vector: string): Answers {
  return Object.fromEntries(bare(vector).split('/').flatMap((part) => {
    const [id, code, ...rest] = part.split(':');
    return id === undefined || id === '' || id === 'CVSS' || code === undefined || rest.length > 0 ? [] : [[id, code]];
  }));
}

/** A vector of these answers, in the order of its version; what says nothing is left out. Empty where nothing is answered. */
export function vectorOf(version: CvssVersion, metrics: readonly Metric[], answers: Answers): string {
  const parts = metrics.flatMap(({ id, values, unset }) => {
    const code = answers[id];
    return code === undefined || code === unset || !values.some((value) => value.code === code) ? [] : [`${id}:${code}`];
  });
  return parts.length === 0 ? '' : [...(version === '2.0' ? [] : [`CVSS:${version}`]), ...parts].join('/');
}

/** How many of the questions that must be answered are. */
export function answered(metrics: readonly Metric[], answers: Answers): { readonly of: number; readonly done: number } {
  const needed = metrics.filter(({ unset }) => unset === null);
  return { of: needed.length, done: needed.filter(({ id, values }) => values.some(({ code }) => code === answers[id])).length };
}

function bare(vector: string): string {
  return vector.trim().replace(/^\((.*)\)$/, '$1');
}
