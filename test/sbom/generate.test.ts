import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Utils } from '@cyclonedx/cyclonedx-library/Contrib/FromNodePackageJson';
import { generateSbom } from '../../src/core/sbom/generate-sbom.ts';
import { validateSbom } from '../../src/core/sbom/validate-sbom.ts';
import { LIMITS, read } from '../evidence/reading.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const SHA512 = createHash('sha512').update('x').digest();
const INTEGRITY = `sha512-${SHA512.toString('base64')}`;

interface Component {
  readonly name: string;
  readonly group?: string;
  readonly version?: string;
  readonly purl: string;
  readonly scope: string;
  readonly 'bom-ref': string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly unknown[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly externalReferences?: readonly { readonly url: string }[];
}
interface Bom {
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp: string; readonly component: { readonly name: string; readonly version: string }; readonly properties: readonly object[] };
  readonly components?: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

async function made(...sources: readonly (readonly [path: string, content: string | object])[]): Promise<{ bom: Bom; json: string; skipped: readonly string[] }> {
  const { json, components, skipped, sources: used } = generateSbom({
    subject: { name: 'product', version: '1.2.3' }, commit: COMMIT, time: '2026-01-02T03:04:05Z',
    sources: sources.map(([path, content]) => ({ path, text: typeof content === 'string' ? content : JSON.stringify(content) })),
  });
  expect(await validateSbom(json)).toEqual([]);
  const bom = JSON.parse(json) as Bom;
  expect(bom.components?.length ?? 0).toBe(components);
  expect(used).toEqual(sources.map(([path]) => path));
  return { bom, json, skipped };
}

const lock = (packages: object): object => ({ name: 'product', version: '1.2.3', lockfileVersion: 3, packages });
const component = (bom: Bom, name: string): Component => bom.components?.find((one) => one.name === name) ?? expect.fail(`There is no component ${name}`);
const dependsOn = (bom: Bom, ref: string): readonly string[] => bom.dependencies.find((one) => one.ref === ref)?.dependsOn ?? [];

describe('package-lock.json, versions 2 and 3', () => {
  const registry = `https://${Utils.defaultRegistryMatcher.source.replaceAll('\\', '').replace(/^\^https\?:\/\//, '').replace(/\(.*$/, '')}`;

  test('names, scopes, versions, hashes, licences, places', async () => {
    const { bom, skipped } = await made(['package-lock.json', lock({
      '': { name: 'product', version: '1.2.3', dependencies: { a: '^1', '@scope/b': '1' } },
      'node_modules/a': { version: '1.0.0', resolved: `${registry}/a/-/a-1.0.0.tgz`, integrity: INTEGRITY, license: 'MIT', dependencies: { c: '*' } },
      'node_modules/@scope/b': { version: '2.0.0-rc.1', resolved: 'https://user:secret@npm.example.org/b.tgz', license: '(MIT OR Apache-2.0)' },
      'node_modules/c': { version: '3.0.0', resolved: 'git+ssh://git@example.org/c.git#abc', license: 'SEE LICENSE IN X' },
      'node_modules/alias': { name: 'real', version: '4.0.0' },
      'node_modules/bad': { version: '1', integrity: 'sha512-AAAA md5-zzz' },
    })]);
    expect(skipped).toEqual([]);
    expect(bom.components?.map(({ purl }) => purl).sort()).toEqual([
      'pkg:npm/%40scope/b@2.0.0-rc.1?download_url=https%3A%2F%2Fnpm.example.org%2Fb.tgz', 'pkg:npm/a@1.0.0', 'pkg:npm/bad@1',
      'pkg:npm/c@3.0.0?vcs_url=git%2Bssh%3A%2F%2Fgit%40example.org%2Fc.git%23abc', 'pkg:npm/real@4.0.0',
    ]);
    expect(component(bom, 'a')).toMatchObject({ version: '1.0.0', scope: 'required', hashes: [{ alg: 'SHA-512', content: SHA512.toString('hex') }], licenses: [{ license: { id: 'MIT' } }] });
    expect(component(bom, 'b')).toMatchObject({ group: '@scope', licenses: [{ expression: '(MIT OR Apache-2.0)' }], externalReferences: [{ url: 'https://npm.example.org/b.tgz' }] });
    expect(component(bom, 'c').licenses).toMatchObject([{ license: { name: 'SEE LICENSE IN X' } }]);
    expect(component(bom, 'bad').hashes).toBeUndefined();
    expect(dependsOn(bom, 'product')).toEqual([component(bom, 'b')['bom-ref'], component(bom, 'a')['bom-ref']].sort());
    expect(dependsOn(bom, component(bom, 'a')['bom-ref'])).toEqual([component(bom, 'c')['bom-ref']]);
  });

  test('development and optional packages, and one that is both needed and not', async () => {
    const { bom } = await made(['package-lock.json', lock({
      '': { dependencies: { a: '1' }, devDependencies: { d: '1' } },
      'node_modules/a': { version: '1.0.0' }, 'node_modules/d': { version: '1.0.0', dev: true }, 'node_modules/o': { version: '1.0.0', optional: true, inBundle: true },
      'node_modules/twice': { version: '1.0.0', dev: true }, 'node_modules/a/node_modules/twice': { version: '1.0.0' },
      'node_modules/d/node_modules/twice': { version: '2.0.0', dev: true },
    })]);
    const said = Object.fromEntries((bom.components ?? []).map(({ name, version, scope, properties }) => [`${name}@${version ?? ''}`, [scope, ...(properties ?? []).map((property) => property.name)]]));
    expect(said).toEqual({
      'a@1.0.0': ['required'], 'd@1.0.0': ['optional', 'cdx:npm:package:development'], 'o@1.0.0': ['optional', 'cdx:npm:package:bundled'],
      'twice@1.0.0': ['required'], 'twice@2.0.0': ['optional', 'cdx:npm:package:development'],
    });
    expect(dependsOn(bom, 'product')).toEqual(['pkg:npm/a@1.0.0', 'pkg:npm/d@1.0.0']);
  });

  test('the nearest of several versions is the one that is depended on', async () => {
    const { bom } = await made(['package-lock.json', lock({
      '': { dependencies: { a: '1' } }, 'node_modules/a': { version: '1.0.0', dependencies: { x: '2' } }, 'node_modules/x': { version: '1.0.0', dependencies: { a: '1' } },
      'node_modules/a/node_modules/x': { version: '2.0.0', dependencies: { x: '1' } },
    })]);
    expect(dependsOn(bom, 'pkg:npm/a@1.0.0')).toEqual(['pkg:npm/x@2.0.0']);
    expect(dependsOn(bom, 'pkg:npm/x@1.0.0')).toEqual(['pkg:npm/a@1.0.0']);
  });

  test('workspaces are components, and what they need is theirs', async () => {
    const { bom } = await made(['package-lock.json', lock({
      '': { workspaces: ['packages/*'] }, 'node_modules/one': { resolved: 'packages/one', link: true }, 'packages/one': { name: 'one', version: '0.1.0', dependencies: { a: '1' }, devDependencies: { b: '1' } },
      'node_modules/a': { version: '1.0.0' }, 'packages/one/node_modules/b': { version: '2.0.0', dev: true }, 'node_modules/b': { version: '1.0.0' },
    })]);
    expect(dependsOn(bom, 'product')).toEqual(['pkg:npm/one@0.1.0']);
    expect(dependsOn(bom, 'pkg:npm/one@0.1.0')).toEqual(['pkg:npm/a@1.0.0', 'pkg:npm/b@2.0.0']);
  });

  test('what no package can be named is left out and told', async () => {
    const { skipped, bom } = await made(['package-lock.json', lock({ '': {}, 'node_modules/@scope': { version: '1.0.0' }, 'node_modules/': { version: '1.0.0' }, 'node_modules/ok': { version: '1.0.0' }, 'node_modules/null': null })]);
    expect(bom.components?.map(({ name }) => name)).toEqual(['ok']);
    expect(skipped).toEqual(['package-lock.json: node_modules/@scope: it has no name that a package can have', 'package-lock.json: node_modules/: it has no name that a package can have']);
  });
});

describe('package-lock.json, version 1', () => {
  test('nested dependencies, aliases and addresses', async () => {
    const { bom } = await made(['package-lock.json', {
      name: 'product', version: '1.2.3', lockfileVersion: 1, requires: true,
      dependencies: {
        a: { version: '1.0.0', integrity: INTEGRITY, requires: { x: '2' }, dependencies: { x: { version: '2.0.0', requires: { y: '1' } } } },
        x: { version: '1.0.0', dev: true }, y: { version: 'npm:@real/y@3.0.0' }, git: { version: 'git+ssh://git@example.org/g.git#abc', from: 'git' },
      },
    }]);
    expect(bom.components?.map(({ purl }) => purl).sort()).toEqual([
      'pkg:npm/%40real/y@3.0.0', 'pkg:npm/a@1.0.0', 'pkg:npm/git?vcs_url=git%2Bssh%3A%2F%2Fgit%40example.org%2Fg.git%23abc', 'pkg:npm/x@1.0.0', 'pkg:npm/x@2.0.0',
    ]);
    expect(dependsOn(bom, 'pkg:npm/a@1.0.0')).toEqual(['pkg:npm/x@2.0.0']);
    expect(dependsOn(bom, 'pkg:npm/x@2.0.0')).toEqual(['pkg:npm/%40real/y@3.0.0']);
    expect(dependsOn(bom, 'product')).not.toContain('pkg:npm/%40real/y@3.0.0');
  });

  test.each<[what: string, text: string, code: string]>([
    ['no JSON', '{', 'malformed'], ['a list', '[]', 'malformed'], ['no lock file', '{"a":1}', 'malformed'],
    ['nesting without end', `${'{"dependencies":{"a":'.repeat(1000)}{}${'}}'.repeat(1000)}`, 'too-deep'],
  ])('%s is refused', (_, text, code) => {
    expect(() => generateSbom({ subject: { name: 'p', version: '1' }, commit: COMMIT, time: '2026-01-02T03:04:05Z', sources: [{ path: 'package-lock.json', text }] })).toThrow(expect.objectContaining({ code }));
  });
});

describe('requirements.txt', () => {
  test('what is pinned is listed, what is not is told with its line', async () => {
    const hash = 'a'.repeat(64);
    const { bom, skipped } = await made(['requirements.txt', [
      '# a comment', 'Foo_Bar[extra]==1.2.3 ; python_version >= "3.8"  # why', `one==1.0 \\`, `    --hash=sha256:${hash}`, `two===2.0 --hash=sha256:${hash} \\`, `  --hash=sha256:${'b'.repeat(64)}`,
      'loose>=1.0', '-r other.txt', '--index-url https://user:secret@pypi.example.org/simple', 'star==1.*', 'url @ https://example.org/x.whl', '# not joined \\', 'three==3.0+local', '', 'last==4.0 \\',
    ].join('\r\n')]);
    expect(bom.components?.map(({ purl }) => purl)).toEqual(['pkg:pypi/foo-bar@1.2.3', 'pkg:pypi/last@4.0', 'pkg:pypi/one@1.0', 'pkg:pypi/three@3.0+local', 'pkg:pypi/two@2.0']);
    expect(component(bom, 'one').hashes).toEqual([{ alg: 'SHA-256', content: hash }]);
    expect(component(bom, 'two').hashes).toBeUndefined();
    expect(dependsOn(bom, 'product')).toHaveLength(5);
    expect(skipped).toEqual([
      'requirements.txt:7: not pinned to one version: loose>=1.0', 'requirements.txt:8: an option: -r other.txt', 'requirements.txt:9: an option: --index-url https://pypi.example.org/simple',
      'requirements.txt:10: not pinned to one version: star==1.*', 'requirements.txt:11: not pinned to one version: url @ https://example.org/x.whl',
    ]);
  });
});

describe('the document', () => {
  const sources = [['package-lock.json', lock({ '': { dependencies: { b: '1', a: '1' } }, 'node_modules/b': { version: '1.0.0' }, 'node_modules/a': { version: '1.0.0' } })], ['requirements.txt', 'c==1.0\n']] as const;

  test('equal inputs give equal bytes, and another lock file another serial number', async () => {
    const [first, again, other] = [await made(...sources), await made(...sources), await made(sources[0])];
    expect(again.json).toBe(first.json);
    expect(other.bom.serialNumber).not.toBe(first.bom.serialNumber);
    expect(first.bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(first.bom.metadata).toMatchObject({ timestamp: '2026-01-02T03:04:05.000Z', component: { name: 'product', version: '1.2.3' }, properties: [{ name: 'countersign:commit', value: COMMIT }] });
  });

  test('it is evidence of its commit', async () => {
    const { json } = await made(...sources);
    expect(read(json, LIMITS)).toMatchObject({ commit: COMMIT, file: { kind: 'cyclonedx', binding: 'in-report', counts: { components: 3 }, tool: { name: 'countersign' }, problem: null } });
  });

  test('a product without dependencies has a document all the same', async () => {
    const { bom } = await made(['package-lock.json', lock({ '': {} })]);
    expect(bom.components ?? []).toEqual([]);
  });
});
