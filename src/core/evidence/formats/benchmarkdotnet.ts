import type { JsonFormat } from '../format.ts';
import { elements, has, member, objectsIn, text } from '../json.ts';
import { MeasurementCollector } from './measurements.ts';

/** BenchmarkDotNet's JSON exporters, brief and full: nanoseconds an operation. */
export const benchmarkDotNet: JsonFormat = {
  syntax: 'json',
  kind: 'benchmarkdotnet',
  looksLike: (value) => has(member(value, 'HostEnvironmentInfo'), 'BenchmarkDotNetVersion') || (has(value, 'HostEnvironmentInfo') && has(elements(member(value, 'Benchmarks'))[0], 'Statistics')),
  read: (value, limits) => {
    const collector = new MeasurementCollector(limits);
    for (const benchmark of objectsIn(member(value, 'Benchmarks'), 'Benchmarks')) {
      const statistics = member(benchmark, 'Statistics');
      const name = text(member(benchmark, 'FullName')) ?? text(member(benchmark, 'DisplayInfo')) ?? text(member(benchmark, 'Method')) ?? '';
      for (const metric of ['Mean', 'Median'] as const) {
        collector.add({ name, metric: metric.toLowerCase(), unit: 'ns', value: member(statistics, metric), better: 'lower', samples: member(statistics, 'N'), deviation: member(statistics, 'StandardDeviation') });
      }
    }
    return collector.reading({ name: 'BenchmarkDotNet', version: text(member(member(value, 'HostEnvironmentInfo'), 'BenchmarkDotNetVersion')) });
  },
};
