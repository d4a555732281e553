import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnusableEvidence } from '../../src/core/evidence/format.ts';
import { sarif } from '../../src/core/evidence/formats/sarif.ts';
import { parseJson } from '../../src/core/evidence/json.ts';
import type { LargeDocument } from '../../src/core/evidence/large-json.ts';

const limits = { bytes: { default: 1_000_000 }, depth: 40, kept: 5 };

function documentOf(text: string): LargeDocument {
  const bytes = Buffer.from(text);
  return { bytes, textOf: (from, to) => bytes.toString('utf8', from, to) };
}

/** What a reading comes to, or the code with which it is refused; texts of refusals name places in other words. */
function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof UnusableEvidence)) throw cause;
    return { refused: cause.code === 'truncated' ? 'malformed' : cause.code };
  }
}

const whole = (text: string): unknown => outcome(() => sarif.read(parseJson(text, limits.depth), limits));
const taken = (text: string): unknown => outcome(() => sarif.readLarge?.(documentOf(text), limits));

const rule = (id: string, level: string): unknown => ({ id, defaultConfiguration: { level }, properties: { 'security-severity': '8.1' } });
const run = (results: unknown, more: Record<string, unknown> = {}): unknown => ({ tool: { driver: { name: 'CodeQL', version: '2', rules: [rule('a', 'note')] } }, results, ...more });
const log = (...runs: readonly unknown[]): string => JSON.stringify({ $schema: 'https://example.com/sarif-2.1.0.json', version: '2.1.0', runs });
const result = (more: Record<string, unknown> = {}): unknown => ({ ruleId: 'a', message: { text: 'CVE-2024-12345 \u00e9\u20ac "quoted\\" ] } ,' }, ...more });

describe('a SARIF log that is taken apart reads as it does whole', () => {
  test.each<[string, string]>([
    ['several runs and results', log(run([result(), result({ level: 'error' })]), run([]), run([result({ kind: 'pass' })]))],
    ['rules after results', JSON.stringify({ version: '2.1.0', $schema: 'sarif', runs: [{ results: [result()], tool: { driver: { name: 'x', rules: [rule('a', 'error')] } } }] })],
    ['runs after other lists of the same names', JSON.stringify({ $schema: 'sarif', properties: { runs: [{ results: [1] }] }, inlineExternalProperties: [{ results: [result()] }], version: '2.1.0', runs: [run([result()])] })],
    ['a run without results', log(run(undefined))],
    ['a run with results of null', log(run(null))],
    ['results within results', log(run([result({ runs: [{ results: [result()] }] })]))],
    ['a name in a text', log(run([result()], { properties: { note: 'results' }, results2: ['results', []] }))],
    ['a result that is no object', log(run([result(), 7]))],
    ['a result that is a text', log(run(['results']))],
    ['results that are no list', log(run({ a: 1 }))],
    ['runs that are no list', JSON.stringify({ $schema: 'sarif', version: '2.1.0', runs: {} })],
    ['a run that is no object', log(run([result()]), 7)],
    ['more results than are kept', log(run(Array.from({ length: 12 }, () => result())))],
    ['an unsuccessful run', log(run([result()], { invocations: [{ executionSuccessful: false }] }))],
    ['another version', JSON.stringify({ $schema: 'sarif', version: '2.0.0', runs: [run([result()])] })],
    ['spaces everywhere', JSON.stringify(JSON.parse(log(run([result(), result()]))), null, '\t ')],
    ['nested too deep', log(run([result({ properties: JSON.parse('['.repeat(60) + ']'.repeat(60)) as unknown })]))],
    ['nested too deep outside', log(run([result()], { properties: JSON.parse('['.repeat(60) + ']'.repeat(60)) as unknown }))],
    ['a name written with escapes', log(run([result()])).replace('"results"', '"r\\u0065sults"')],
    ['no separator', log(run([result(), result()])).replace('},{"ruleId"', '}{"ruleId"')],
    ['a separator too much', log(run([result()])).replace('}],', '},],')],
    ['a separator at the start', log(run([result()])).replace('"results":[', '"results":[,')],
    ['a fault within a result', log(run([result()])).replace('"ruleId"', 'ruleId')],
    ['something after the end', `${log(run([result()]))}}`],
  ])('%s', (_name, text) => {
    expect(taken(text)).toEqual(whole(text));
  });

  test('cut off anywhere', () => {
    const text = log(run([result(), result({ level: 'error' })]), run([result()]));
    for (let length = 0; length < text.length; length += 1) expect(taken(text.slice(0, length))).toMatchObject({ refused: 'malformed' });
  });

  test('changed anywhere, never says more than the whole does', () => {
    const text = log(run([result(), result({ level: 'error' })]), run([result()]));
    fc.assert(fc.property(fc.nat(text.length - 1), fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', ':', ' ', 'x', '0'), (at, put) => {
      const changed = text.slice(0, at) + put + text.slice(at + 1);
      const [apart, together] = [taken(changed), whole(changed)];
      // Two lists of one name are refused here, where a parser would take the last.
      if (typeof apart === 'object' && apart !== null && 'refused' in apart) return;
      expect(apart).toEqual(together);
    }), { numRuns: 2_000 });
  });

  test('two lists of results in one run are refused', () => {
    const twice = log(run([result()])).replace('"results":[', '"results":[],"results":[');
    expect(taken(twice)).toEqual({ refused: 'malformed' });
  });
});
