import { METRICS_2 } from './metrics-2.ts';
import { METRICS_3 } from './metrics-3.ts';
import { METRICS_4 } from './metrics-4.ts';
import { CVSS_VERSIONS, type CvssVersion, type Metric } from './metric.ts';

/** A vector whose every metric has an answer; what was left out has what its specification takes then. */
export interface CvssVector {
  readonly version: CvssVersion;
  readonly values: ReadonlyMap<string, string>;
}

/** Why a text is no vector, and at which character (from 0) of it that shows. */
export interface VectorFault {
  readonly error: string;
  readonly at: number;
}

const LONGEST = 512;
/** Older writings of 2.0, whose vectors have no version of their own. */
const OLD_PREFIX = /^(?:CVSS2#|CVSS:2\.0\/|CVSS2\/)/;

export function metricsOf(version: CvssVersion): readonly Metric[] {
  if (version === '2.0') return METRICS_2;
  return version === '4.0' ? METRICS_4 : METRICS_3;
}

/**
 * Reads a vector as it is published: exactly one answer to each metric, known names and codes, all of the base group, and for 4.0 in
 * the order of its specification (section 7). White space around it and the parentheses of 2.0 are no part of it.
 */
export function readVector(text: string): CvssVector | VectorFault {
  if (text.length > LONGEST) return { error: `It is longer than any vector: ${text.length} characters.`, at: LONGEST };
  const start = text.length - text.trimStart().length;
  const trimmed = text.trim();
  if (trimmed === '') return { error: 'There is no vector.', at: start };
  const opened = trimmed.startsWith('(');
  if (opened !== trimmed.endsWith(')')) return { error: opened ? 'The parenthesis is not closed.' : 'A parenthesis is closed that was not opened.', at: opened ? start + trimmed.length : start + trimmed.length - 1 };
  const inner = opened ? trimmed.slice(1, -1) : trimmed;
  const begun = start + (opened ? 1 : 0);
  const head = versionOf(inner);
  if ('error' in head) return { ...head, at: begun + head.at };
  return readMetrics(inner.slice(head.length), begun + head.length, head.version);
}

function versionOf(text: string): { readonly version: CvssVersion; readonly length: number } | VectorFault {
  const old = OLD_PREFIX.exec(text)?.[0];
  if (old !== undefined) return { version: '2.0', length: old.length };
  if (!/^CVSS/i.test(text)) return { version: '2.0', length: 0 };
  const named = /^CVSS:([^/]*)/.exec(text);
  if (named === null) return { error: 'A vector begins with CVSS: and its version, such as CVSS:3.1/.', at: 0 };
  const [prefix, name = ''] = named;
  const version = CVSS_VERSIONS.find((one) => one === name);
  if (version === undefined) return { error: `"${name}" is no version of CVSS; it is one of ${CVSS_VERSIONS.join(', ')}.`, at: 'CVSS:'.length };
  if (text[prefix.length] !== '/') return { error: 'After the version comes a slash and the first metric.', at: prefix.length };
  return { version, length: prefix.length + 1 };
}

function readMetrics(text: string, begun: number, version: CvssVersion): CvssVector | VectorFault {
  const metrics = metricsOf(version);
  const values = new Map<string, string>();
  let [at, last] = [begun, -1];
  for (const part of text.split('/')) {
    const answer = readAnswer(part, at, version);
    if ('error' in answer) return answer;
    const { metric, code } = answer;
    if (values.has(metric.id)) return { error: `${metric.id} stands there twice.`, at };
    const place = metrics.indexOf(metric);
    if (version === '4.0' && place < last) return { error: `${metric.id} comes before ${metrics[last]?.id ?? ''}: a vector of 4.0 has its metrics in one order.`, at };
    values.set(metric.id, code);
    last = Math.max(last, place);
    at += part.length + 1;
  }
  const missing = metrics.filter(({ id, unset }) => unset === null && !values.has(id)).map(({ id }) => id);
  if (missing.length > 0) return { error: `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing: every vector of ${version} answers ${missing.length === 1 ? 'it' : 'them'}.`, at: begun + text.length };
  for (const { id, unset } of metrics) if (!values.has(id)) values.set(id, unset ?? '');
  return { version, values };
}

function readAnswer(part: string, at: number, version: CvssVersion): { readonly metric: Metric; readonly code: string } | VectorFault {
  if (part === '') return { error: 'A metric is missing between two slashes, or after the last.', at };
  const colon = part.indexOf(':');
  const name = colon < 0 ? part : part.slice(0, colon);
  const metric = metricsOf(version).find(({ id }) => id === name);
  if (metric === undefined) return { error: `"${name}" is no metric of CVSS ${version}${sameButForCase(name, metricsOf(version).map(({ id }) => id))}.`, at };
  if (colon < 0) return { error: `${name} has no answer: it is written ${name}:${metric.values[0]?.code ?? ''}.`, at: at + part.length };
  const code = part.slice(colon + 1);
  if (metric.values.some((value) => value.code === code)) return { metric, code };
  const codes = metric.values.map((value) => value.code);
  return { error: `"${code}" is no answer to ${name}${sameButForCase(code, codes)}; it is one of ${codes.join(', ')}.`, at: at + colon + 1 };
}

function sameButForCase(name: string, known: readonly string[]): string {
  const meant = known.find((one) => one.toLowerCase() === name.toLowerCase());
  return meant === undefined ? '' : ` (it is written ${meant})`;
}
