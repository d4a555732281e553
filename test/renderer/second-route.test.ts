import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareHeard } from '../../src/renderer/screens/signing/second-route.ts';

const ONE = 'a1'.repeat(32);
const TWO = `a1${'b2'.repeat(31)}`;
const files = [{ name: 'one.zip', sha256: ONE }, { name: 'two.zip', sha256: TWO }];

describe('a digest that came by a second route', () => {
  test.each<readonly [string, string, object]>([
    ['a line of sha256sum', `${ONE}  one.zip`, { state: 'matches', name: 'one.zip' }],
    ['a line with a folder', `${ONE} *dist/one.zip`, { state: 'matches', name: 'one.zip' }],
    ['a tagged line', `SHA256 (two.zip) = ${TWO.toUpperCase()}`, { state: 'matches', name: 'two.zip' }],
    ['the digest of another file under this name', `${TWO}  one.zip`, { state: 'differs', name: 'one.zip', at: 3 }],
    ['a name that is not here', `${TWO}  far.img`, { state: 'not-here', name: 'far.img', sha256: TWO }],
    ['a whole digest', ONE, { state: 'matches', name: 'one.zip' }],
    ['digits read aloud, in groups', 'A1B2 b2b2-b2', { state: 'so-far', name: 'two.zip', digits: 10 }],
    ['a wrong digit', 'a1a2', { state: 'differs', name: null, at: 4 }],
    ['words', 'hello there', { state: 'unreadable' }],
    ['too many digits', `${ONE}a`, { state: 'unreadable' }],
  ])('%s', (_, line, state) => {
    expect(compareHeard(`\n  ${line}  \n\n`, files)).toEqual([{ line, ...state }]);
  });

  test('with no file, nothing matches', () => {
    expect(compareHeard(ONE, [])).toEqual([{ line: ONE, state: 'differs', name: null, at: 1 }]);
  });

  test('only the digits themselves match, whatever is typed', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdefA -:\n') , maxLength: 140 }), (text) => {
      for (const heard of compareHeard(text, files)) {
        const digits = heard.line.replaceAll(/[^0-9a-f]/gi, '').toLowerCase();
        if (heard.state === 'matches') expect([ONE, TWO]).toContain(digits);
        if (heard.state === 'so-far') expect([ONE, TWO].some((one) => one.startsWith(digits))).toBe(true);
      }
    }));
  });
});
