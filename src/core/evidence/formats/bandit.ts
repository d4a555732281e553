import { FindingCollector, placeOf, severityOf } from '../findings.ts';
import { instantOf, type JsonFormat } from '../format.ts';
import { elements, has, isObject, member, objectsIn, text } from '../json.ts';

/** Bandit's JSON formatter: one finding a result; `UNDEFINED` is unknown. */
export const bandit: JsonFormat = {
  syntax: 'json',
  kind: 'bandit',
  looksLike: (value, whole) => {
    if (!has(value, 'errors', 'metrics') || !isObject(member(value, 'metrics'))) return false;
    if (!whole) return has(value, 'generated_at');
    return Array.isArray(member(value, 'results')) && (has(member(value, 'metrics'), '_totals') || has(elements(member(value, 'results'))[0], 'test_id'));
  },
  read: (value, limits) => {
    const collector = new FindingCollector(limits);
    for (const result of objectsIn(member(value, 'results'), 'results')) {
      const raw = text(member(result, 'issue_severity')) ?? 'UNDEFINED';
      collector.add({
        severity: severityOf(raw), rawSeverity: raw, rule: text(member(result, 'test_id')), message: text(member(result, 'issue_text')) ?? '',
        where: placeOf(text(member(result, 'filename')), member(result, 'line_number')), aliases: [], suppressed: false,
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
