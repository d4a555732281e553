import { FindingCollector, severityOf } from '../findings.ts';
import { instantOf, type JsonFormat } from '../format.ts';
import { elements, isObject, member, text } from '../json.ts';

/** Bandit's JSON formatter: one finding a result; `UNDEFINED` is unknown. */
export const bandit: JsonFormat = {
  kind: 'bandit',
  looksLike: ({ root, keys }) => root === 'object' && keys.has('results') && keys.has('metrics') && keys.has('errors'),
  confirm: (value) =>
    isObject(member(member(value, 'metrics'), '_totals')) || elements(member(value, 'results')).some((result) => member(result, 'test_id') !== undefined),
  read: (value, limits) => {
    const collector = new FindingCollector(limits);
    for (const result of elements(member(value, 'results')).filter(isObject)) {
      const raw = text(member(result, 'issue_severity')) ?? 'UNDEFINED';
      collector.add({
        severity: severityOf(raw), rawSeverity: raw, rule: text(member(result, 'test_id')), message: text(member(result, 'issue_text')) ?? '',
        where: `${text(member(result, 'filename')) ?? ''}:${String(member(result, 'line_number') ?? '')}`, aliases: [], suppressed: false,
      });
    }
    const skipped = elements(member(value, 'errors')).length;
    return collector.reading({
      tool: { name: 'Bandit', version: null },
      produced: instantOf(member(value, 'generated_at')),
      // A file that Bandit could not read was not scanned, whatever the results say.
      problem: skipped === 0 ? null : { code: 'invalid', message: `Bandit could not scan ${skipped} of the files` },
    });
  },
};
