import { UnusableEvidence, type JsonFormat } from '../format.ts';
import { has, isObject, member } from '../json.ts';
import { MeasurementCollector } from './measurements.ts';

/** Figures of a trend that are compared; the others say less. */
const TREND = ['avg', 'med', 'p(90)', 'p(95)', 'p(99)'] as const;
/** Metrics that count faults or time: less is better. Rates and counters of work are left alone. */
const FAULTS: ReadonlySet<string> = new Set(['http_req_failed', 'errors', 'dropped_iterations']);

/** k6's end-of-test summary: `--summary-export`, and what `handleSummary` is given. */
export const k6: JsonFormat = {
  syntax: 'json',
  kind: 'k6',
  looksLike: (value, whole) => isObject(member(value, 'metrics')) && (has(value, 'root_group') || (!whole && has(member(value, 'metrics'), 'vus')) || (has(member(value, 'metrics'), 'iterations') && (has(member(value, 'metrics'), 'vus') || has(value, 'state')))),
  read: (value, limits) => {
    const metrics = member(value, 'metrics');
    if (!isObject(metrics)) throw new UnusableEvidence('malformed', 'metrics is not an object');
    const collector = new MeasurementCollector(limits);
    for (const [name, metric] of Object.entries(metrics)) {
      // The export has the figures beside the thresholds; handleSummary has them under `values`.
      const values = isObject(member(metric, 'values')) ? member(metric, 'values') : metric;
      for (const figure of TREND) collector.add({ name, metric: figure, unit: 'ms', value: member(values, figure), better: 'lower' });
      if (FAULTS.has(name)) collector.add({ name, metric: 'rate', unit: '', value: member(values, 'rate') ?? member(values, 'value'), better: 'lower' });
      const thresholds = member(metric, 'thresholds');
      if (!isObject(thresholds)) continue;
      for (const [limit, outcome] of Object.entries(thresholds)) {
        // In the export a threshold's value says whether it failed; handleSummary says whether it is ok.
        const met = isObject(outcome) ? member(outcome, 'ok') : typeof outcome === 'boolean' ? !outcome : undefined;
        collector.threshold(`${name} ${limit}`, met === true);
      }
    }
    return collector.reading({ name: 'k6', version: null });
  },
};
