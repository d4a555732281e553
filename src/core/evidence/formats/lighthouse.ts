import { instantOf, type JsonFormat, type Reading } from '../format.ts';
import { has, isObject, member, text } from '../json.ts';
import { MeasurementCollector } from './measurements.ts';

const AUDITS = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'speed-index', 'interactive'] as const;

/** Lighthouse's JSON result: the score of each category (0 to 1), and the figures that the performance score rests on. */
export const lighthouse: JsonFormat = {
  syntax: 'json',
  kind: 'lighthouse',
  looksLike: (value, whole) => text(member(value, 'lighthouseVersion')) !== null && (!whole || (isObject(member(value, 'categories')) && has(value, 'audits'))),
  read: (value, limits) => {
    const collector = new MeasurementCollector(limits);
    const categories = member(value, 'categories');
    const address = text(member(value, 'finalDisplayedUrl')) ?? text(member(value, 'finalUrl')) ?? text(member(value, 'requestedUrl')) ?? '';
    if (isObject(categories)) {
      for (const [name, category] of Object.entries(categories)) collector.add({ name: `${address} ${name}`.trim(), metric: 'score', unit: '', value: member(category, 'score'), better: 'higher', samples: 1 });
    }
    for (const name of AUDITS) {
      const audit = member(member(value, 'audits'), name);
      collector.add({ name: `${address} ${name}`.trim(), metric: 'value', unit: text(member(audit, 'numericUnit')) ?? '', value: member(audit, 'numericValue'), better: 'lower', samples: 1 });
    }
    const fault = member(value, 'runtimeError');
    const problem: Reading['problem'] = isObject(fault) && text(member(fault, 'code')) !== 'NO_ERROR' ? { code: 'invalid', message: `the page could not be measured: ${(text(member(fault, 'message')) ?? '').slice(0, 200)}` } : null;
    return collector.reading({ name: 'Lighthouse', version: text(member(value, 'lighthouseVersion')) }, { produced: instantOf(member(value, 'fetchTime')), problem });
  },
};
