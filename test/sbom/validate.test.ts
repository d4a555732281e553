import { describe, expect, test } from 'vitest';
import { validateSbom } from '../../src/core/sbom/validate-sbom.ts';

const bom = (specVersion: unknown, more: object = {}): string => JSON.stringify({ bomFormat: 'CycloneDX', specVersion, version: 1, components: [{ type: 'library', name: 'a', version: '1' }], ...more });

describe('published schemas', () => {
  test.each(['1.2', '1.3', '1.4', '1.5', '1.6', '1.7'])('a document of %s by the schema of its version', async (version) => {
    expect(await validateSbom(bom(version))).toEqual([]);
    expect(await validateSbom(bom(version, { components: [{ type: 'nonsense', name: 'a', version: '1' }] }))).toEqual([expect.stringMatching(/^\/components\/0\/type /)]);
    expect(await validateSbom(bom(version, { bomFormat: 'Other' }))).toEqual([expect.stringMatching(/^\/bomFormat /)]);
  });

  test.each<[what: string, text: string, says: RegExp]>([
    ['a version that is not known', bom('9.9'), /no JSON schema for CycloneDX 9\.9/], ['a version that had no JSON', bom('1.1'), /no JSON schema for CycloneDX 1\.1/],
    ['no version', bom(undefined), /without a version/], ['a version that is no text', bom(1.6), /without a version/], ['no JSON', '{', /^not JSON/], ['null', 'null', /without a version/], ['a list', '[]', /without a version/],
  ])('%s is never taken for valid', async (_, text, says) => {
    expect(await validateSbom(text)).toEqual([expect.stringMatching(says)]);
  });

  test.each<[what: string, more: object, valid: boolean]>([
    ['a licence of the list', { components: [{ type: 'library', name: 'a', licenses: [{ license: { id: 'MIT' } }] }] }, true],
    ['a licence that is not on the list', { components: [{ type: 'library', name: 'a', licenses: [{ license: { id: 'MINE' } }] }] }, false],
    ['a time that does not exist', { metadata: { timestamp: '2026-13-01T00:00:00Z' } }, false],
    ['an address that is none', { metadata: { authors: [{ email: 'nobody' }] } }, false],
    ['a field that nobody knows', { extra: 1 }, false],
    ['equal components in another order of keys', { components: [{ type: 'library', name: 'a' }, { name: 'a', type: 'library' }] }, false],
    ['components that differ inside', { components: [{ type: 'library', name: 'a', properties: [{ name: 'x', value: '1' }] }, { type: 'library', name: 'a', properties: [{ name: 'x', value: '2' }] }] }, true],
  ])('%s', async (_, more, valid) => {
    expect((await validateSbom(bom('1.6', more))).length === 0).toBe(valid);
  });

  test('50,000 components are compared in seconds', async () => {
    const components = Array.from({ length: 50_000 }, (_, at) => ({ type: 'library', name: 'a', version: String(at), purl: `pkg:npm/a@${at}` }));
    expect(await validateSbom(bom('1.6', { components }))).toEqual([]);
    expect(await validateSbom(bom('1.6', { components: [...components, components[7]] }))).toEqual([expect.stringContaining('duplicate')]);
  }, 20_000);
});
