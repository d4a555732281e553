import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf, parseRoute, railPlaceOf, RELEASE_TABS } from '../../src/renderer/frame/routes.ts';

describe('addresses', () => {
  test('every address that the window writes is read back as what it names, whatever a release is called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter((id) => id !== 'new'), fc.constantFrom(...RELEASE_TABS), (id, tab) => {
        expect(parseRoute(addressOf.release(id, tab))).toEqual({ screen: 'release', id, tab, line: null });
        expect(parseRoute(addressOf.sign(id))).toEqual({ screen: 'sign', id });
        expect(parseRoute(addressOf.approve(id))).toEqual({ screen: 'approve', id });
        expect(parseRoute(addressOf.rollback(id, 'a.example#3'))).toEqual({ screen: 'rollback', id, of: 'a.example#3' });
        expect(parseRoute(addressOf.edit(id))).toEqual({ screen: 'edit-release', id });
        expect(parseRoute(addressOf.line(id, 'sast-scans'))).toEqual({ screen: 'release', id, tab: 'checklist', line: 'sast-scans' });
      }),
    );
  });

  test('an entry keeps its log and its number', () => {
    expect(parseRoute(addressOf.entry('countersign.invalid/desk#41'))).toMatchObject({ screen: 'archive', entry: 'countersign.invalid/desk#41' });
  });

  test('an address that the UX names opens its line', () => {
    expect(parseRoute('#/release/v1.1.0/checklist?line=sast-scans')).toEqual({ screen: 'release', id: 'v1.1.0', tab: 'checklist', line: 'sast-scans' });
  });

  test('nothing is Home, and what no screen answers to is said', () => {
    expect(parseRoute('')).toEqual({ screen: 'home' });
    expect(parseRoute('#/nobody')).toEqual({ screen: 'nowhere', address: '#/nobody' });
    expect(parseRoute('#/release/v1/elsewhere')).toMatchObject({ screen: 'nowhere' });
  });

  test('no address throws', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        parseRoute(`#${text}`);
      }),
    );
  });

  test('every screen lights its place in the rail', () => {
    expect(railPlaceOf(parseRoute(addressOf.edit('v1')))).toBe('releases');
    expect(railPlaceOf(parseRoute(addressOf.archive))).toBe('archive');
    expect(railPlaceOf(parseRoute('#/elsewhere'))).toBeNull();
  });
});
