import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/archive/canonical-json.ts';
import { parseEntryId } from '../../src/core/archive/entry-id.ts';
import { parseCanonical, prepareRecord, readEntry, sealEntry } from '../../src/core/archive/entry.ts';
import { leafHash } from '../../src/core/archive/tree.ts';
import { parseTilePath, tilePath } from '../../src/core/archive/tiles.ts';
import { MAX_ENTRY_BYTES } from '../../src/core/model/archive.ts';

const place = { origin: 'example.com/log', seq: 3 };
const sealed = (record: Record<string, unknown>) =>
  sealEntry({ ...place, time: '2026-01-31T12:00:00.000Z', boot: 'boot' }, prepareRecord({ record: { event_type: 'drift', ...record } }, []));

describe('canonical JSON (RFC 8785)', () => {
  it('gives the published examples', () => {
    expect(canonicalJson(JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`))).toBe(String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`);
    expect(canonicalJson(JSON.parse(String.raw`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`))).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
  });

  it('is the same as that of the library, whatever the order and the names', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), (text) => {
      const value: unknown = JSON.parse(text);
      let expected: string | undefined;
      try {
        expected = canonicalize(value);
      } catch {
        expect(() => canonicalJson(value)).toThrow();
        return;
      }
      expect(canonicalJson(value)).toBe(expected);
    }), { numRuns: 500 });
    for (const text of ['{"b":1,"__proto__":{"x":1},"a":2}', '{"10":1,"9":2}', '{"a":-0,"0":[{"z":1,"y":2}]}']) {
      expect(canonicalJson(JSON.parse(text))).toBe(canonicalize(JSON.parse(text)));
    }
  });

  it('refuses what JSON cannot carry', () => {
    for (const bad of [Number.NaN, Infinity, '\ud800', { '\udc00': 1 }, [() => 1], 1n, undefined]) expect(() => canonicalJson(bad)).toThrow();
    expect(() => canonicalJson(JSON.parse('['.repeat(20_000) + ']'.repeat(20_000)))).toThrow(/deeper/);
  });
});

describe('entry', () => {
  it('is canonical as it is put together', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (fields) => {
      const { bytes, leaf } = sealed({ fields });
      const entry = readEntry(bytes, place);
      expect(bytes.toString()).toBe(canonicalize(entry));
      expect(leaf).toEqual(leafHash(bytes));
    }), { numRuns: 100 });
  });

  it('is refused where a byte is not as it would be written here', () => {
    const text = sealed({ text: 'aü', number: 1.5 }).bytes.toString();
    for (const changed of [
      ` ${text}`, `${text}\n`, `\ufeff${text}`, text.replace('1.5', '1.50'), text.replace('aü', '\\u0061ü'), text.replace('"v":1', '"v":1,"v":1'),
      text.replace('"v":1', '"v":2'), text.replace('"seq":3', '"seq":4'), text.replace('"v":1', '"v":1,"w":1'), text.replace('"refs":[],', ''), text.replace('example.com', 'example.org'),
    ]) expect(() => readEntry(Buffer.from(changed), place), changed).toThrow();
    expect(() => readEntry(Buffer.from(text, 'latin1'), place)).toThrow(/UTF-8/);
    expect(() => parseCanonical(Buffer.from('"\\ud800"'))).toThrow(/surrogate/);
  });

  it('is at most 65,535 bytes', () => {
    const room = MAX_ENTRY_BYTES - sealed({ text: '' }).bytes.length;
    expect(sealed({ text: 'x'.repeat(room) }).bytes.length).toBe(MAX_ENTRY_BYTES);
    expect(() => sealed({ text: 'x'.repeat(room + 1) })).toThrow(/at most 65535 bytes/);
    expect(() => sealed({ text: 'ü'.repeat(40_000) })).toThrow(/at most 65535 bytes/);
  });

  it('refers only to what comes before it', () => {
    const ref = { rel: 'about', origin: place.origin, seq: 3, leaf: 'a'.repeat(64) };
    const { bytes } = sealEntry({ ...place, time: '2026-01-31T12:00:00Z', boot: 'b' }, prepareRecord({ record: { event_type: 'drift' }, refs: [ref] }, []));
    expect(() => readEntry(bytes, place)).toThrow(/does not come before/);
  });

  it('is named by origin and number', () => {
    expect(parseEntryId('12', 'own')).toEqual({ origin: 'own', seq: 12 });
    expect(parseEntryId('a.b/c#0', 'own')).toEqual({ origin: 'a.b/c', seq: 0 });
    for (const bad of ['', '01', '-1', 'a#', '#1', '../x#1', 'A#1', 'a#b#1', '99999999999999999']) expect(() => parseEntryId(bad, 'own'), bad).toThrow();
  });
});

describe('tile paths (C2SP tlog-tiles)', () => {
  it('have one spelling', () => {
    expect(tilePath({ level: 0, index: 1234067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 'entries', index: 999, width: 8 })).toBe('tile/entries/999.p/8');
    fc.assert(fc.property(fc.constantFrom<(number | 'entries')[]>(0, 1, 7, 'entries'), fc.nat(2 ** 31 - 1), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
      expect(parseTilePath(tilePath({ level, index, width }))).toEqual({ level, index, width });
    }));
    for (const bad of ['tile/00/000', 'tile/0/00', 'tile/0/x000/001', 'tile/0/000.p/0', 'tile/0/000.p/256', 'tile/0/000.p/08', 'tile/0/001/x000', 'tile/x/000']) expect(parseTilePath(bad), bad).toBeNull();
  });
});
