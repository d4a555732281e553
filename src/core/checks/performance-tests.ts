import picomatch from 'picomatch';
import type { EvidenceItem, EvidenceKind, Measurement } from '../model/evidence.ts';
import type { Verdict, VerdictFinding } from '../model/verdict.ts';
import type { Policy } from '../policy/policy.ts';
import type { Check, Facts, RepositoryDocument } from './check.ts';
import { counted, failed, judgeReports, missing, ofKinds, passed, refsOf } from './judging.ts';
import { brokenFor, documentRefs, named, pathOf } from './range-files.ts';

const KINDS: readonly EvidenceKind[] = ['k6', 'pytest-benchmark', 'jmh', 'hyperfine', 'lighthouse', 'benchmarkdotnet'];

/** §3.2 “Performance tests passed (no performance degradation)”: no limit of the tool broken, no figure worse than its baseline by more than the policy allows. */
export const performanceTests: Check = {
  id: 'performance-tests',
  evaluate: (facts, policy) => {
    const remedy = 'Let CI write its performance results as JSON (k6, pytest-benchmark, JMH, hyperfine, Lighthouse or BenchmarkDotNet) and put them in the outputs folder.';
    // What is bound to the last release is what this one is compared with; one that cannot be read is told, never passed over.
    const reports = ofKinds(facts.evidence, KINDS).filter(({ commit, file }) => commit === null || commit !== commitBefore(facts) || file.problem !== null);
    return judgeReports(reports, facts, { what: 'a performance report of this commit', remedy }, (ofThisCommit) => compare(ofThisCommit, facts, policy));
  },
};

function compare(reports: readonly EvidenceItem[], facts: Facts, policy: Policy): Verdict {
  const tolerance = policy.parameters.performance_tolerance_percent.value;
  const figures = figuresOf(reports);
  const baselines = baselinesOf(facts, policy);
  const known = figuresOf(baselines);
  const evidence = refsOf([...reports, ...baselines]);
  const findings: VerdictFinding[] = thresholdFindings(reports);
  let compared = 0;
  const worse: string[] = [];
  for (const [key, figure] of figures) {
    const baseline = known.get(key);
    if (baseline === undefined) continue;
    compared += 1;
    const change = degradation(figure, baseline);
    if (change <= tolerance + ROUNDING) continue;
    const said = sentence(figure, baseline, change);
    worse.push(said);
    findings.push({ severity: 'degradation', title: said, where: figure.name, evidence: figure.path });
  }
  if (findings.length > 0) {
    const limits = findings.length - worse.length;
    const parts = [...(limits > 0 ? [`${counted(limits, 'limit')} of the tool itself not met`] : []), ...(worse.length > 0 ? [`${counted(worse.length, 'figure')} worse by more than ${tolerance} %: ${named(worse, 3)}`] : [])];
    return failed(parts.join('; '), 'Mend what became slower and measure again, or measure more samples where the figures are noisy.', evidence, findings);
  }
  if (figures.size === 0) return missing(['at least one figure that was measured'], 'Let the performance tests measure something.', evidence);
  if (compared === 0) return withoutBaseline(facts, policy, evidence);
  return passed(`${counted(compared, 'figure')} compared with ${named(baselines.map(({ file }) => file.path))}, none worse by more than ${tolerance} %${remarks(figures, known)}`, evidence);
}

function withoutBaseline(facts: Facts, policy: Policy, evidence: Verdict['evidence']): Verdict {
  const place = policy.parameters.performance_baselines.value[0] ?? '';
  const last = facts.range.since === null ? 'the last release' : facts.range.since.name;
  const unread = keptBaselines(facts.documents, policy).find(({ item }) => figuresIn(item) === null);
  if (unread !== undefined) {
    const why = unread.item?.file.problem?.message ?? 'it holds no figures';
    return brokenFor(`the baseline ${pathOf(unread)}: ${why}`, `Write ${pathOf(unread)} again with the tool that measures, and commit it.`, [...evidence, ...documentRefs([unread])]);
  }
  return missing(
    [`a baseline with the same figures, of ${last}`],
    `Add the performance report of ${last}, bound to its commit with \`countersign manifest\`, to the outputs; or commit one as a file that matches ${place}.`,
    evidence,
  );
}

/** The last release's commit; none where it is this very one, which is no baseline of itself. */
function commitBefore({ range, commit }: Facts): string | null {
  return range.since === null || range.since.commit === commit ? null : range.since.commit;
}

/** Performance results of the last release: reports bound to its commit, then the file that it kept, then one that this commit keeps. */
function baselinesOf(facts: Facts, policy: Policy): EvidenceItem[] {
  const before = commitBefore(facts);
  const bound = before === null ? [] : ofKinds(facts.evidence, KINDS).filter(({ commit, file }) => commit === before && file.problem === null);
  const kept = keptBaselines([...facts.documentsBefore, ...facts.documents], policy).flatMap(({ item }) => figuresIn(item) ?? []);
  // A file that this release did not touch is there twice.
  return [...new Map([...bound, ...kept].map((item) => [item.file.sha256 ?? item.file.path, item])).values()];
}

function keptBaselines(documents: readonly RepositoryDocument[], policy: Policy): RepositoryDocument[] {
  const matches = picomatch([...policy.parameters.performance_baselines.value], { dot: true });
  return documents.filter((document) => matches(pathOf(document)));
}

/** A file that holds figures and can be read; null where it is none. */
function figuresIn(item: EvidenceItem | null): EvidenceItem | null {
  return item !== null && item.file.problem === null && item.content.type === 'performance' ? item : null;
}

/** In percent: 1.1 is ten percent more than 1, whatever binary fractions make of it. */
const ROUNDING = 1e-9;

export interface Figure extends Measurement {
  readonly path: string;
  /** In how many reports it was measured; its value is the one in the middle. */
  readonly reports: number;
}

/** Each figure once by tool, name, metric and unit: the median of the reports of the first commit that has it. */
export function figuresOf(items: readonly EvidenceItem[]): Map<string, Figure> {
  const all = new Map<string, { readonly commit: string | null; readonly path: string; readonly measured: Measurement[] }>();
  for (const { file, content, commit } of items) {
    if (content.type !== 'performance') continue;
    for (const measurement of content.measurements) {
      const key = JSON.stringify([file.kind, measurement.name, measurement.metric, measurement.unit]);
      const known = all.get(key);
      if (known === undefined) all.set(key, { commit, path: file.path, measured: [measurement] });
      else if (known.commit === commit) known.measured.push(measurement);
    }
  }
  return new Map([...all].flatMap(([key, { path, measured }]) => {
    const sorted = [...measured].sort((a, b) => a.value - b.value);
    const middle = sorted[Math.floor(sorted.length / 2)];
    return middle === undefined ? [] : [[key, { ...middle, path, reports: measured.length }] as const];
  }));
}

/** By how many percent a figure is worse; negative where it is better. From nothing to something is without measure. */
export function degradation(figure: Measurement, baseline: Measurement): number {
  const worse = figure.better === 'lower' ? figure.value - baseline.value : baseline.value - figure.value;
  if (worse === 0) return 0;
  return baseline.value === 0 ? Math.sign(worse) * Infinity : (worse / Math.abs(baseline.value)) * 100;
}

function sentence(figure: Figure, baseline: Measurement, change: number): string {
  const unit = figure.unit === '' ? '' : ` ${figure.unit}`;
  const noise = isOneSample(figure) ? ', one noisy sample' : figure.deviation !== null && figure.deviation > 0 ? ` ± ${short(figure.deviation)}` : '';
  return `${figure.name} ${figure.metric}: ${short(figure.value)}${unit}${noise}, was ${short(baseline.value)}${unit} (${Number.isFinite(change) ? `${change.toFixed(1)} %` : 'no longer nothing'} worse)`;
}

function isOneSample({ samples, reports }: Figure): boolean {
  return samples === 1 && reports === 1;
}

/** What a person should know of a comparison that passed. */
function remarks(figures: ReadonlyMap<string, Figure>, known: ReadonlyMap<string, Figure>): string {
  const noisy = [...figures].filter(([key, figure]) => known.has(key) && isOneSample(figure)).length;
  const unknown = [...figures.keys()].filter((key) => !known.has(key)).length;
  const gone = [...known].filter(([key]) => !figures.has(key)).map(([, { name, metric }]) => `${name} ${metric}`);
  return [
    noisy > 0 ? `${counted(noisy, 'figure')} of one noisy sample` : '',
    unknown > 0 ? `${unknown} without a baseline` : '',
    gone.length > 0 ? `no longer measured: ${named(gone, 3)}` : '',
  ].filter((part) => part !== '').map((part) => `; ${part}`).join('');
}

function thresholdFindings(reports: readonly EvidenceItem[]): VerdictFinding[] {
  return reports.flatMap(({ file, content }) => (content.type === 'performance' ? content.thresholds.filter(({ met }) => !met).map(({ name }) => ({ severity: 'limit', title: `not met: ${name}`, where: null, evidence: file.path })) : []));
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
