import { FindingCollector } from '../findings.ts';
import { elements, isObject, member, text } from '../json.ts';
import type { JsonFormat } from '../format.ts';
import type { Severity } from '../../model/evidence.ts';

/** ESLint's severities: 2 is an error, 1 a warning; a fatal message is an error whatever it says. */
function severityOf(message: unknown): { severity: Severity; raw: string } {
  const level = member(message, 'severity');
  if (level === 2 || member(message, 'fatal') === true) return { severity: 'high', raw: 'error' };
  if (level === 1) return { severity: 'medium', raw: 'warning' };
  return { severity: 'unknown', raw: String(level) };
}

/** ESLint's `json` and `json-with-metadata` formatters: one finding a message. */
export const eslint: JsonFormat = {
  kind: 'eslint',
  looksLike: ({ root, keys, inner }) =>
    (root === 'array' && inner.has('filePath') && inner.has('messages')) || (root === 'object' && keys.has('results') && keys.has('metadata')),
  confirm: (value) => Array.isArray(value) || elements(member(value, 'results')).some((result) => member(result, 'filePath') !== undefined && Array.isArray(member(result, 'messages'))),
  read: (value, limits) => {
    const collector = new FindingCollector(limits);
    for (const result of Array.isArray(value) ? elements(value) : elements(member(value, 'results'))) {
      const file = text(member(result, 'filePath'));
      // `suppressedMessages`, left out by a comment in the code, are listed apart: they are no messages of the report.
      for (const message of elements(member(result, 'messages')).filter(isObject)) {
        const { severity, raw } = severityOf(message);
        collector.add({
          severity, rawSeverity: raw, rule: text(member(message, 'ruleId')), message: text(member(message, 'message')) ?? '',
          where: file === null ? null : `${file}:${String(member(message, 'line') ?? '')}`, aliases: [], suppressed: false,
        });
      }
    }
    return collector.reading({ tool: { name: 'ESLint', version: null } });
  },
};
