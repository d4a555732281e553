import { commitOf, instantOf, type JsonFormat } from '../format.ts';
import { has, member, objectsIn, text } from '../json.ts';
import { MeasurementCollector } from './measurements.ts';

/** pytest-benchmark's `--benchmark-json`: seconds a call, of so many rounds. It names its commit; a dirty one is none. */
export const pytestBenchmark: JsonFormat = {
  syntax: 'json',
  kind: 'pytest-benchmark',
  looksLike: (value) => Array.isArray(member(value, 'benchmarks')) && has(value, 'machine_info', 'commit_info'),
  read: (value, limits) => {
    const collector = new MeasurementCollector(limits);
    for (const benchmark of objectsIn(member(value, 'benchmarks'), 'benchmarks')) {
      const stats = member(benchmark, 'stats');
      const name = text(member(benchmark, 'fullname')) ?? text(member(benchmark, 'name')) ?? '';
      for (const metric of ['mean', 'median'] as const) {
        collector.add({ name, metric, unit: 's', value: member(stats, metric), better: 'lower', samples: member(stats, 'rounds'), deviation: member(stats, 'stddev') });
      }
    }
    const made = member(value, 'commit_info');
    const commit = member(made, 'dirty') === true ? null : commitOf(member(made, 'id'));
    return collector.reading({ name: 'pytest-benchmark', version: text(member(value, 'version')) }, { produced: instantOf(member(value, 'datetime')), commits: commit === null ? [] : [commit] });
  },
};
