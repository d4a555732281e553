import type { JsonFormat } from '../format.ts';
import { elements, has, isObject, member, objectsIn, text } from '../json.ts';
import { MeasurementCollector } from './measurements.ts';

/** JMH's `-rf json`: the primary metric of each benchmark; throughput is better where it is higher, times where they are lower. */
export const jmh: JsonFormat = {
  syntax: 'json',
  kind: 'jmh',
  looksLike: (value) => Array.isArray(value) && value.length > 0 && has(value[0], 'benchmark', 'mode') && (has(value[0], 'primaryMetric') || has(value[0], 'jmhVersion')),
  read: (value, limits) => {
    const collector = new MeasurementCollector(limits);
    const results = objectsIn(value, 'the list of benchmarks');
    for (const result of results) {
      const primary = member(result, 'primaryMetric');
      const parameters = member(result, 'params');
      const given = isObject(parameters) ? Object.entries(parameters).map(([name, chosen]) => `${name}=${typeof chosen === 'string' || typeof chosen === 'number' ? String(chosen).slice(0, 100) : '…'}`).join(', ') : '';
      const raw = elements(member(primary, 'rawData')).reduce<number>((sum, iterations) => sum + elements(iterations).length, 0);
      collector.add({
        name: `${text(member(result, 'benchmark')) ?? ''}${given === '' ? '' : ` (${given})`}`, metric: text(member(result, 'mode')) ?? 'score', unit: text(member(primary, 'scoreUnit')) ?? '',
        value: member(primary, 'score'), better: member(result, 'mode') === 'thrpt' ? 'higher' : 'lower', samples: raw === 0 ? null : raw, deviation: member(primary, 'scoreError'),
      });
    }
    return collector.reading({ name: 'JMH', version: text(member(results[0], 'jmhVersion')) });
  },
};
