import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_QUERY, parseSearch, printSearch, SEARCH_FIELDS, STANDINGS, type SearchQuery } from '../../src/core/archive/search-query.ts';
import { AppError } from '../../src/core/model/errors.ts';

const term = (field: string | null, value: string, rest: { prefix?: boolean; negated?: boolean } = {}): object => ({ field, value, prefix: false, negated: false, ...rest });

describe('a search', () => {
  it.each<[string, object[]]>([
    ['', []],
    ['  \t ', []],
    ['rollback', [term(null, 'rollback')]],
    ['roll* back', [term(null, 'roll', { prefix: true }), term(null, 'back')]],
    ['"order was doubled"', [term(null, 'order was doubled')]],
    ['"order was doub"*', [term(null, 'order was doub', { prefix: true })]],
    ['"a \\"quote\\" and \\\\ and \\n"', [term(null, 'a "quote" and \\ and \\n')]],
    ['-type:drift', [term('type', 'drift', { negated: true })]],
    ['TYPE:Key-Rotation', [term('type', 'key_rotation')]],
    ['type:key*', [term('type', 'key', { prefix: true })]],
    ['version:v1.1', [term('version', '1.1')]],
    ['version:Vienna', [term('version', 'vienna')]],
    ['origin:example.com/desk-2 origin:desk-2', [term('origin', 'example.com/desk-2'), term('origin', 'desk-2')]],
    ['by:"Jörg Weiß" person:ines', [term('by', 'Jörg Weiß'), term('person', 'ines')]],
    ['artifact:app.tar.gz artifact:"my app"*', [term('artifact', 'app.tar.gz'), term('artifact', 'my app', { prefix: true })]],
    ['sha256:ABCD commit:0123456', [term('sha256', 'abcd', { prefix: true }), term('commit', '0123456', { prefix: true })]],
    ['before:2026-03-01 after:2026-02-28T09', [term('before', '2026-03-01'), term('after', '2026-02-28T09')]],
    ['after:2026-02-28T09:00Z', [term('after', '2026-02-28T09')]],
    ['is:imported -is:Unproven is:unwitnessed', [term('is', 'imported'), term('is', 'unproven', { negated: true }), term('is', 'unwitnessed')]],
    ['12:30 v1.1.0', [term(null, '12:30'), term(null, 'v1.1.0')]],
    ['"https://example.com"', [term(null, 'https://example.com')]],
    ['foo-bar "-foo"', [term(null, 'foo-bar'), term(null, '-foo')]],
    ["' OR 1=1; --x", []],
  ])('%s', (text, read) => {
    if (read.length === 0 && text.trim() !== '') expect(() => parseSearch(text)).toThrow(AppError);
    else expect(parseSearch(text)).toEqual(read);
  });

  it.each<[string, number, RegExp]>([
    ['color:red', 1, /no field "color".*/],
    ['one https://example.com', 5, /no field "https"/],
    ['one "two', 5, /not closed/],
    ['one t"wo"', 6, /around the whole/],
    ['"one"two', 6, /space/],
    ['o*ne', 2, /only at the end/],
    ['***', 1, /only at the end/],
    ['*', 1, /no letter or digit/],
    ['one !!!', 5, /no letter or digit/],
    ['-', 1, /right before/],
    ['one - two', 5, /right before/],
    ['--limit', 2, /option of the command/],
    ['type:', 6, /wants a type/],
    ['type:"Not a type!"', 6, /wants a type/],
    ['sha256:xyz', 8, /hexadecimal/],
    ['sha256:abc', 8, /at least four/],
    [`sha256:${'a'.repeat(65)}`, 8, /hexadecimal/],
    ['before:2026-02-30', 8, /a day or an hour/],
    ['before:2026-02-28T24', 8, /a day or an hour/],
    ['before:yesterday', 8, /a day or an hour/],
    ['before:2026-*', 8, /says nothing/],
    ['version:v1*', 9, /says nothing/],
    ['is:good', 4, /imported, unproven, unwitnessed/],
    ['origin:../etc', 8, /origin/],
    ['by:--', 4, /wants a name/],
    ['a\u0000b', 2, /cannot be searched for/],
    ['a\u202e b \ud800', 6, /cannot be searched for/],
    ['x'.repeat(MAX_QUERY + 1), MAX_QUERY + 1, /at most 1000/],
    [Array.from({ length: 33 }, (_, at) => `w${at}`).join(' '), 119, /at most 32/],
  ])('%j is refused at %i', (text, at, why) => {
    const refusal = refusalOf(text);
    expect(refusal).toMatchObject({ code: 'bad-input', details: { at } });
    expect(refusal?.message).toMatch(why);
  });

  it('names the fields where one is not known', () => {
    for (const field of SEARCH_FIELDS) expect(refusalOf('colour:red')?.hint).toContain(field);
  });

  it('reads whatever is typed, or refuses it with its place', () => {
    const typed = fc.oneof(fc.string({ unit: 'binary', maxLength: 1100 }), fc.array(fc.constantFrom('type:', '-', '"', '*', '\\', ' ', 'OR', 'NEAR(', '^', '{by} :', 'sha256:', 'is:imported', 'é', 'x'), { maxLength: 20 }).map((parts) => parts.join('')));
    fc.assert(fc.property(typed, (text) => {
      try {
        const query = parseSearch(text);
        expect(parseSearch(printSearch(query))).toEqual(query);
      } catch (cause) {
        expect(cause).toMatchObject({ name: 'AppError', code: 'bad-input' });
        const { at } = (cause as AppError).details;
        expect(at).toBeGreaterThanOrEqual(1);
        expect(at).toBeLessThanOrEqual(text.length + 1);
      }
    }), { numRuns: 2_000 });
  });

  it('is printed in one spelling, which reads as the same query', () => {
    fc.assert(fc.property(queries(), (query) => {
      const printed = printSearch(query);
      fc.pre(printed.length <= MAX_QUERY);
      expect(parseSearch(printed)).toEqual(query);
      expect(printSearch(parseSearch(printed))).toBe(printed);
    }), { numRuns: 2_000 });
  });
});

function refusalOf(text: string): AppError | null {
  try {
    parseSearch(text);
    return null;
  } catch (cause) {
    if (cause instanceof AppError) return cause;
    throw cause;
  }
}

function queries(): fc.Arbitrary<SearchQuery> {
  const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((text) => text.toWellFormed().replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ')).filter((text) => /[\p{L}\p{N}]/u.test(text));
  const hex = fc.stringMatching(/^[0-9a-f]{4,64}$/);
  const day = fc.date({ min: new Date('1970-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
  const hour = fc.tuple(day, fc.integer({ min: 0, max: 23 })).map(([date, at]) => `${date}T${String(at).padStart(2, '0')}`);
  const negated = fc.boolean();
  const prefix = fc.boolean();
  const fixed = fc.constant(false);
  return fc.array(fc.oneof(
    fc.record({ field: fc.constantFrom(null, 'person' as const, 'by' as const, 'artifact' as const), value: words, prefix, negated }),
    fc.record({ field: fc.constant('type' as const), value: fc.stringMatching(/^[a-z][a-z0-9_]{0,10}$/), prefix, negated }),
    fc.record({ field: fc.constant('version' as const), value: words.map((text) => text.toLowerCase().replace(/^v+(?=\d)/, '')).filter((text) => text !== ''), prefix: fixed, negated }),
    fc.record({ field: fc.constant('origin' as const), value: fc.stringMatching(/^[a-z0-9]{1,8}(\/[a-z0-9-]{1,5}){0,2}$/), prefix: fixed, negated }),
    fc.record({ field: fc.constantFrom('sha256' as const, 'commit' as const), value: hex, prefix: fc.constant(true), negated }),
    fc.record({ field: fc.constantFrom('before' as const, 'after' as const), value: fc.oneof(day, hour), prefix: fixed, negated }),
    fc.record({ field: fc.constant('is' as const), value: fc.constantFrom(...STANDINGS), prefix: fixed, negated }),
  ), { maxLength: 8 });
}
