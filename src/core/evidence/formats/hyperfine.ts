import type { JsonFormat } from '../format.ts';
import { elements, has, member, objectsIn, text } from '../json.ts';
import { MeasurementCollector } from './measurements.ts';

/** hyperfine's `--export-json`: seconds a run of each command. */
export const hyperfine: JsonFormat = {
  syntax: 'json',
  kind: 'hyperfine',
  looksLike: (value) => {
    const [first] = elements(member(value, 'results'));
    return has(first, 'command', 'mean') && (has(first, 'stddev') || has(first, 'times'));
  },
  read: (value, limits) => {
    const collector = new MeasurementCollector(limits);
    for (const result of objectsIn(member(value, 'results'), 'results')) {
      const failed = elements(member(result, 'exit_codes')).filter((code) => code !== 0).length;
      // Under --ignore-failure a command that fails early looks fast.
      if (failed > 0) collector.threshold(`${text(member(result, 'command')) ?? ''} ends well (${failed} runs did not)`, false);
      const samples = elements(member(result, 'times')).length;
      for (const metric of ['mean', 'median'] as const) {
        collector.add({ name: text(member(result, 'command')) ?? '', metric, unit: 's', value: member(result, metric), better: 'lower', samples: samples === 0 ? null : samples, deviation: member(result, 'stddev') });
      }
    }
    return collector.reading({ name: 'hyperfine', version: null });
  },
};
