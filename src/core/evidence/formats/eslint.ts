import type { Severity } from '../../model/evidence.ts';
import { FindingCollector, placeOf } from '../findings.ts';
import type { JsonFormat } from '../format.ts';
import { elements, has, member, objectsIn, spelt, text } from '../json.ts';

/** ESLint's severities: 2 is an error, 1 a warning. A fatal message, of a file that could not be parsed, is an error whatever it says. */
function severityOf(message: unknown): Severity {
  const level = member(message, 'severity');
  if (level === 2 || member(message, 'fatal') === true) return 'high';
  return level === 1 ? 'medium' : 'unknown';
}

/** ESLint's `json` and `json-with-metadata` formatters: one finding a message. */
export const eslint: JsonFormat = {
  syntax: 'json',
  kind: 'eslint',
  looksLike: (value, whole) => {
    if (Array.isArray(value)) return isResult(value[0], whole);
    const results = member(value, 'results');
    return Array.isArray(results) && (isResult(results[0], whole) || (results.length === 0 && has(member(value, 'metadata'), 'rulesMeta')));
  },
  read: (value, limits) => {
    const collector = new FindingCollector(limits);
    const results = Array.isArray(value) ? value : member(value, 'results');
    for (const [index, result] of objectsIn(results, 'results').entries()) {
      const file = text(member(result, 'filePath'));
      // `suppressedMessages`, left out by a comment in the code, are listed apart: they are no messages of the report.
      for (const message of objectsIn(member(result, 'messages'), `results[${index}].messages`)) {
        collector.add({
          severity: severityOf(message), rawSeverity: spelt(member(message, 'severity')), rule: text(member(message, 'ruleId')),
          message: text(member(message, 'message')) ?? '', where: placeOf(file, member(message, 'line')), aliases: [], suppressed: false,
        });
      }
    }
    return collector.reading({ tool: { name: 'ESLint', version: null } });
  },
};

/** Other linters write alike; only ESLint counts errors beside its messages, and gives severity as a number. */
function isResult(value: unknown, whole: boolean): boolean {
  const [first] = elements(member(value, 'messages'));
  return has(value, 'filePath') && Array.isArray(member(value, 'messages')) && (!whole || has(value, 'errorCount')) && typeof member(first, 'severity') !== 'string';
}
