import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/archive/canonical-json.ts';
import { outlineEntry, outlineOf, quickEntry, quickOutline } from '../../src/core/archive/entry-outline.ts';
import { listingColumns, parseCanonical, prepareRecord, readEntry, sealEntry } from '../../src/core/archive/entry.ts';

const sealed = (record: Record<string, unknown>): Buffer =>
  sealEntry({ origin: 'example.com/log', seq: 3, time: '2026-01-31T12:00:00.000Z', boot: 'boot' }, prepareRecord({ record: { event_type: 'drift', ...record } }, [])).bytes;

const name = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('event_type', 'imported', 'from_version', 'release_version', 'record', 'a', 'ab', 'a!', '1', '10', '__proto__'));
const plainValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' },
    fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger(),
    fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(name, tie('value'), { maxKeys: 4 })),
})).value;
const record = fc.record({
  release_version: fc.oneof(fc.string(), fc.constant(null)), from_version: fc.string(), imported: fc.boolean(), other: plainValue,
}, { requiredKeys: [] });

/** What the long way says of these bytes: their outline, or null where they are refused. */
function slowOutline(bytes: Buffer): unknown {
  try {
    return outlineOf(parseCanonical(bytes));
  } catch {
    return null;
  }
}

describe('the outline of an entry', () => {
  it('is the same at a glance and the long way', () => {
    fc.assert(fc.property(record, (fields) => {
      const bytes = sealed(fields);
      const expected = slowOutline(bytes);
      expect(expected).toMatchObject({ v: 1, origin: 'example.com/log', seq: 3, refs: [] });
      const quick = quickOutline(bytes);
      if (quick !== null) expect(quick).toEqual(expected);
      expect(outlineEntry(bytes)).toEqual(expected);
    }), { numRuns: 1_000 });
  });

  it('is seen at a glance for what teams write', () => {
    expect(quickOutline(sealed({ release_version: 'v1.0.0', verdicts: { a: 'passed', b: ['x', 1, -2, 0, true, null, {}, []] } }))).toEqual({
      v: 1, origin: 'example.com/log', seq: 3, time: '2026-01-31T12:00:00.000Z', refs: [], columns: { event_type: 'drift', release: 'v1.0.0', imported: false },
    });
  });

  it('is given at a glance for nothing that the long way refuses, whatever bytes are changed', () => {
    const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...Buffer.from('"{}[],:-0.1eE\\ tfn')));
    const change = fc.tuple(fc.constantFrom('set', 'insert', 'remove', 'swap'), fc.nat(), byte);
    let seen = 0;
    fc.assert(fc.property(record, fc.array(change, { minLength: 1, maxLength: 3 }), (fields, changes) => {
      const bytes = [...sealed(fields)];
      for (const [how, where, value] of changes) {
        const at = where % bytes.length;
        if (how === 'set') bytes[at] = value;
        else if (how === 'insert') bytes.splice(at, 0, value);
        else if (how === 'remove') bytes.splice(at, 1);
        else bytes.splice(at, 2, ...bytes.slice(at, at + 2).reverse());
      }
      const changed = Buffer.from(bytes);
      const quick = quickOutline(changed);
      if (quick === null) return;
      seen += 1;
      expect(quick).toEqual(slowOutline(changed));
    }), { numRuns: 5_000 });
    expect(seen).toBeGreaterThan(100);
  });

  it.each([
    ['white space', '{"a": 1}'], ['names out of order', '{"b":1,"a":1}'], ['a name twice', '{"a":1,"a":1}'], ['a longer name first', '{"ab":1,"a":1}'],
    ['a zero in front', '{"a":01}'], ['minus zero', '{"a":-0}'], ['a fraction of nothing', '{"a":1.0}'], ['a bare minus', '{"a":-}'], ['too many digits', '{"a":12345678901234567890}'],
    ['a comma too many', '{"a":[1,]}'], ['no comma', '{"a":[1 2]}'], ['an escape for nothing', '{"a":"\\u0061"}'], ['a control character', '{"a":"\u0001"}'], ['an open end', '{"a":1'], ['a misspelt word', '{"a":nul}'],
    ['an open text', '{"a":"'], ['an empty member', '{"a":1,}'],
  ])('is given for no record with %s', (_, json) => {
    const bytes = Buffer.from(sealed({}).toString().replace('{"event_type":"drift"}', `{"event_type":"drift","x":${json}}`));
    expect(() => parseCanonical(bytes)).toThrow();
    expect(quickOutline(bytes)).toBeNull();
  });

  it('is null for canonical JSON that is no entry', () => {
    const text = sealed({}).toString();
    for (const other of ['null', '[]', '{}', text.replace('{"event_type":"drift"}', '{}'), text.replace('{"event_type":"drift"}', '[]'), text.replace('"refs":[]', '"refs":[{"x":1}]'), text.replace('"refs":[]', '"refs":7')]) {
      expect(outlineEntry(Buffer.from(other)), other).toBeNull();
    }
  });

  it('is nothing for a nesting without end', () => {
    const bytes = Buffer.from(sealed({}).toString().replace('"drift"}', `"drift","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`));
    expect(() => outlineEntry(bytes)).toThrow(/deeper/);
  });
});

describe('an entry that came from elsewhere, at a glance', () => {
  const place = { origin: 'example.com/log', seq: 3 };

  it('is what the long way makes of it, and nothing that the long way refuses, whatever is changed', () => {
    const text = fc.oneof(fc.string({ maxLength: 70 }), fc.constantFrom('2026-01-31T12:00:00Z', '2026-02-30T12:00:00Z', '2026-01-31T25:00:00Z', 'x'.repeat(64), 'x'.repeat(65), '', 'drift', 'Drift', 'a'.repeat(65), 'example.com/log'));
    const member = fc.oneof(text, fc.constantFrom([], [1], {}, null, true, 1, 2, 3, 4));
    const entry = fc.record({
      attachments: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, member), boot: fc.oneof({ weight: 5, arbitrary: fc.constant('boot') }, member), origin: fc.oneof({ weight: 5, arbitrary: fc.constant(place.origin) }, member),
      record: fc.oneof({ weight: 5, arbitrary: fc.record({ event_type: fc.oneof({ weight: 5, arbitrary: fc.constant('drift') }, member), imported: fc.oneof(fc.boolean(), member), release_version: member }, { requiredKeys: [] }) }, member),
      refs: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, member), seq: fc.oneof({ weight: 5, arbitrary: fc.constant(3) }, member), signatures: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, member),
      time: fc.oneof({ weight: 5, arbitrary: fc.constant('2026-01-31T12:00:00.000Z') }, member), v: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, member), other: member,
    }, { requiredKeys: ['attachments', 'boot', 'origin', 'record', 'refs', 'seq', 'signatures', 'time', 'v'] });
    let seen = 0;
    fc.assert(fc.property(entry, (value) => {
      const bytes = Buffer.from(canonicalJson(value));
      const quick = quickEntry(bytes, place);
      if (quick === null) return;
      seen += 1;
      const slow = readEntry(bytes, place);
      expect(quick).toEqual({ v: 1, ...place, time: slow.time, refs: slow.refs, columns: listingColumns(slow.record) });
    }), { numRuns: 20_000 });
    expect(seen).toBeGreaterThan(200);
  });

  it('is seen for what teams write, at its place alone', () => {
    expect(quickEntry(sealed({ release_version: 'v1.0.0' }), place)).toMatchObject({ time: '2026-01-31T12:00:00.000Z', columns: { release: 'v1.0.0' } });
    expect(quickEntry(sealed({}), { ...place, seq: 4 })).toBeNull();
    expect(quickEntry(sealed({}), { ...place, origin: 'example.com/other' })).toBeNull();
  });
});
