import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { COMMIT, LIMITS, OTHER_COMMIT, read } from './reading.ts';

const ARMOR = (label: string): string => `-----BEGIN PGP ${label}-----\n\niQEzBAABCAAdFiEE\n=abcd\n-----END PGP ${label}-----\n`;
const HEX = 'a'.repeat(64);
const bytes = (...parts: readonly (number | string)[]): Uint8Array => Buffer.concat([...parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))), Buffer.alloc(600)]);
const tar = Buffer.alloc(1024);
tar.write('a-file', 0);
tar.write('ustar', 257);
const pe = Buffer.alloc(512);
pe.write('MZ', 0);
pe.writeUInt32LE(128, 0x3c);
pe.write('PE\0\0', 128);

describe('by content, never by name', () => {
  test.each<[what: string, content: string | Uint8Array, kind: string]>([
    ['gzip', bytes(0x1f, 0x8b, 8), 'artifact'], ['zip', bytes('PK', 3, 4), 'artifact'], ['tar', tar, 'artifact'],
    ['xz', bytes(0xfd, '7zXZ', 0), 'artifact'], ['bzip2', bytes('BZh91AY&SY'), 'artifact'], ['zstd', bytes(0x28, 0xb5, 0x2f, 0xfd), 'artifact'],
    ['ELF', bytes(0x7f, 'ELF'), 'artifact'], ['PE', pe, 'artifact'], ['Mach-O', bytes(0xcf, 0xfa, 0xed, 0xfe), 'artifact'],
    ['WebAssembly', bytes(0, 'asm'), 'artifact'], ['deb', bytes('!<arch>\ndebian-binary'), 'artifact'], ['rpm', bytes(0xed, 0xab, 0xee, 0xdb), 'artifact'],
    ['PDF', bytes('%PDF-1.7'), 'artifact'],
    ['an armored signature', ARMOR('SIGNATURE'), 'signature'], ['an old-format binary signature', bytes(0x89, 1, 0x33, 4, 0, 1, 8), 'signature'],
    ['a new-format binary signature', bytes(0xc2, 0xc1, 0x33, 4, 0, 1, 8), 'signature'], ['a certificate', ARMOR('PUBLIC KEY BLOCK'), 'certificate'],
    ['checksums', `${HEX}  a\n${HEX} *b\n`, 'checksums'], ['BSD checksums', `SHA256 (a b) = ${HEX}\n`, 'checksums'], ['an escaped checksum', `\\${HEX}  a\\nb\n`, 'checksums'],
    ['a changelog', '# Changelog\n\n## [1.0.0] - 2026-01-02\n### Added\n- x\n', 'changelog'],
    ['JUnit with a byte order mark', '\ufeff<testsuites/>', 'junit'], ['JUnit behind a comment', '<!-- x --><testsuites/>', 'junit'],
    ['JSON with a byte order mark', '\ufeff{"auditReportVersion":2,"vulnerabilities":{}}', 'npm-audit'],
  ])('%s', (_, content, kind) => {
    expect(read(content).file).toMatchObject({ kind, problem: null, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test.each<[what: string, content: string | Uint8Array | object, says: RegExp]>([
    ['nothing', '', /empty/], ['space', ' \n\t', /nothing in it but space/], ['words', 'Hello', /text of no known form/], ['an empty list', '[]', /could be of any tool/],
    ['an empty object', '{}', /JSON of no known form/], ['a list of null', '[null]', /JSON of no known form/], ['a number', '17', /text of no known form/],
    ['JSON lines', '{"type":"info"}\n{"type":"x"}\n', /several JSON documents/], ['HTML', '<!doctype html><html></html>', /<html>/],
    ['a private key', ARMOR('PRIVATE KEY BLOCK'), /text of no known form/], ['a signed message', `-----BEGIN PGP SIGNED MESSAGE-----\n\nx\n${ARMOR('SIGNATURE')}`, /text of no known form/],
    ['MZ in a text', 'MZ is how it begins', /text of no known form/], ['BZh in a text', 'BZh! What was that?', /text of no known form/],
    ['a bill of materials of another make', '<bom xmlns="http://example.com/bom/1.6"/>', /<bom>/], ['markup that shows no root', '<', /no root element/],
    ['a README', '# Product\n\n## Usage\n\nSee the changelog.\n', /text of no known form/],
    ['keys of an object’s prototype', { __proto__: null, constructor: 1, toString: 2 }, /JSON of no known form/],
  ])('%s is not recognised, with one sentence why', (_, content, says) => {
    expect(read(content)).toMatchObject({ file: { kind: 'unrecognised', counts: null, problem: { code: 'unrecognised', message: expect.stringMatching(says) } }, content: { type: 'opaque' } });
  });

  test.each<[what: string, content: Uint8Array]>([
    ['UTF-16 that is broken', Buffer.concat([Buffer.from('\ufeff{"a":"', 'utf16le'), Buffer.from([0x00, 0xd8, 0x22, 0x00, 0x7d])])], ['stray bytes', Buffer.from([0x61, 0xff, 0x62])], ['an overlong form', Buffer.from([0xc0, 0x80])], ['a surrogate', Buffer.from([0xed, 0xa0, 0x80])],
  ])('%s is not UTF-8', (_, content) => {
    expect(read(content).file).toMatchObject({ kind: 'unrecognised', problem: { code: 'not-utf8' } });
  });

  const REPORT = '<testsuites><testsuite><testcase name="é"/><testcase name="b"><failure/></testcase></testsuite></testsuites>';
  test.each<[what: string, content: Uint8Array]>([
    ['UTF-16, little end first', Buffer.from(`\ufeff${REPORT}`, 'utf16le')], ['UTF-16, big end first', Buffer.from(`\ufeff${REPORT}`, 'utf16le').swap16()],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${REPORT}`)], ['Latin-1 that says so', Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${REPORT}`, 'latin1')],
    ['UTF-8 that calls itself Latin-1', Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${REPORT}`)],
  ])('%s is read, its digest of the bytes as they are', (_, content) => {
    expect(read(content)).toMatchObject({ file: { kind: 'junit', counts: { tests: 2, failures: 1 }, problem: null, size: content.length, sha256: createHash('sha256').update(content).digest('hex') } });
  });

  test('Latin-1 that does not say so is not UTF-8', () => {
    expect(read(Buffer.from(`<?xml version="1.0"?>${REPORT}`, 'latin1')).file).toMatchObject({ kind: 'junit', problem: { code: 'not-utf8' } });
  });

  test('a character that the first 64 KiB cut in two is whole in the text', () => {
    expect(read(`# Changelog\n${'x'.repeat(65_523)}é\n## [1.0.0] - 2026-01-02\n`).file.problem?.code).not.toBe('not-utf8');
  });
});

describe('what cannot be used keeps its kind where its beginning shows it', () => {
  const small = { ...LIMITS, bytes: { default: 1000, junit: 50, sarif: 50 } };
  test.each<[what: string, content: string, limits: typeof LIMITS, kind: string, code: string]>([
    ['SARIF that is too large', `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"${'x'.repeat(60)}"}}}]}`, small, 'sarif', 'too-large'],
    ['SARIF whose version comes last', `{"runs":[{"tool":{"driver":{"name":"${'x'.repeat(60)}"}},"results":[`, small, 'sarif', 'too-large'],
    ['JUnit that is too large', `<testsuites>${' '.repeat(60)}</testsuites>`, small, 'junit', 'too-large'],
    ['anything that is larger than every limit', `{"x":"${'x'.repeat(2000)}"}`, small, 'unrecognised', 'too-large'],
    ['CycloneDX that is too large', `{"bomFormat":"CycloneDX","components":["${'x'.repeat(2000)}"`, small, 'cyclonedx', 'too-large'],
    ['a manifest that is too large', `{"commit":"${COMMIT}","files":[{"path":"a","sha256":"${HEX}"},{"path":"${'x'.repeat(2000)}"`, small, 'evidence-manifest', 'too-large'],
    ['ESLint cut short', '[{"filePath":"/a.js","messages":[{"severity":2', LIMITS, 'eslint', 'truncated'],
    ['npm audit cut short', '{"auditReportVersion":2,"vulnerabilities":{"a":{"sev', LIMITS, 'npm-audit', 'truncated'],
    ['coverage cut short', '{"/a.js":{"path":"/a.js","statementMap":{"0":{', LIMITS, 'coverage-istanbul-final', 'truncated'],
    ['JSON cut in a word', '{"a":tr', LIMITS, 'unrecognised', 'truncated'],
    ['JSON cut in a number', '{"a":1', LIMITS, 'unrecognised', 'truncated'],
    ['JSON with a comma too many', '{"bomFormat":"CycloneDX","specVersion":"1.6",}', LIMITS, 'cyclonedx', 'malformed'],
    ['JSON with a comment', '{ // no\n"a":1}', LIMITS, 'unrecognised', 'malformed'],
    ['JSON with something behind it', '{"auditReportVersion":2,"vulnerabilities":{}} x', LIMITS, 'npm-audit', 'malformed'],
    ['JSON that is too deep', `{"runs":${'['.repeat(300)}${']'.repeat(300)},"version":"2.1.0"}`, LIMITS, 'sarif', 'too-deep'],
    ['an armor without an end', '-----BEGIN PGP SIGNATURE-----\n\nabc', LIMITS, 'signature', 'truncated'],
    ['a checksum file cut short', `${HEX}  a\n${HEX}  b`, LIMITS, 'checksums', 'truncated'],
    ['a checksum file with a bad line', `${HEX}  a\nnonsense\n`, LIMITS, 'checksums', 'malformed'],
  ])('%s', (_, content, limits, kind, code) => {
    expect(read(content, limits).file).toMatchObject({ kind, counts: null, binding: 'none', problem: { code } });
  });

  test('the place of a fault is told', () => {
    expect(read('{\n  "bomFormat": "CycloneDX",\n  "specVersion": oops\n}').file.problem?.message).toBe('this is not JSON: unexpected text at line 3, column 18');
  });
});

describe('CycloneDX', () => {
  const bom = (more: object): object => ({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, ...more });
  const named = (name: string, value: string): object => ({ name, value });

  test('components are counted at the top, with tool, time, subject and commit', () => {
    const { file, content, commit } = read(bom({
      components: [{ name: 'a', purl: 'pkg:npm/a@1', components: [{ name: 'b' }] }, { name: 'c' }],
      metadata: { timestamp: '2026-01-02T03:04:05.000Z', tools: { components: [{ name: 'syft', version: '1.2' }] }, component: { name: 'product', version: '1.0.0', properties: [named('git:commit', COMMIT)] }, properties: [named('countersign:commit', COMMIT)] },
    }));
    expect(file).toMatchObject({ kind: 'cyclonedx', counts: { components: 2 }, tool: { name: 'syft', version: '1.2' }, produced: '2026-01-02T03:04:05Z', binding: 'in-report', problem: null });
    expect(content).toEqual({ type: 'sbom', specVersion: '1.6', subject: { name: 'product', version: '1.0.0' }, components: 2, purls: 1, hashed: 0, licensed: 0, packages: expect.any(Array) as string[], statements: [], schemaErrors: null });
    expect(commit).toBe(COMMIT);
  });

  test.each<[what: string, more: object, expected: object]>([
    ['tools as they were up to 1.4', { specVersion: '1.4', metadata: { tools: [{ vendor: 'x', name: 'cyclonedx-npm', version: '6.0.1' }] } }, { tool: { name: 'cyclonedx-npm', version: '6.0.1' }, counts: { components: 0 } }],
    ['two commits', { metadata: { properties: [named('git:commit', COMMIT), named('countersign:commit', OTHER_COMMIT)] } }, { binding: 'none', problem: { code: 'binding-disagrees' } }],
    ['components that are no list', { components: {} }, { counts: null, problem: { code: 'malformed' } }],
    ['a component that is null', { components: [null] }, { counts: null, problem: { code: 'malformed' } }],
    ['no version of the format', { specVersion: 1.6 }, { counts: null, problem: { code: 'malformed' } }],
    ['a day that does not exist', { metadata: { timestamp: '2026-02-30T00:00:00Z' } }, { produced: null }],
    ['a time without a zone', { metadata: { timestamp: '2026-02-03T00:00:00' } }, { produced: null }],
    ['a time before the year 0', { metadata: { timestamp: '0000-01-01T00:00:00+05:00' } }, { produced: null }],
  ])('%s', (_, more, expected) => {
    expect(read(bom(more)).file).toMatchObject({ kind: 'cyclonedx', ...expected });
  });
});

describe('CHANGELOG', () => {
  test('versions, dates, groups and what is yanked', () => {
    const { content, file } = read([
      '# Changelog', 'All notable changes.', '', '## [Unreleased]', '### Added', '- soon', '', '## [1.1.0] - 2026-03-04', '### Added', '- one', '* two', '  - inside', '### Security', '- CVE-2026-1', '',
      '## v1.0.1 (2026-02-30)', '- loose', '## [1.0.0](https://example.org/compare) (2026-01-02)', '### __proto__', '- x', '## 0.9.0-rc.1+5 — 2025-12-31 [YANKED]', '## Notes', '- not of a version', '',
    ].join('\n'));
    expect(file).toMatchObject({ kind: 'changelog', problem: null });
    expect(content).toMatchObject({ type: 'changelog', unreleased: true });
    const versions = content.type === 'changelog' ? content.versions : [];
    expect(versions.map(({ version, date, yanked }) => [version, date, yanked])).toEqual([
      ['1.1.0', '2026-03-04', false], ['1.0.1', null, false], ['1.0.0', '2026-01-02', false], ['0.9.0-rc.1+5', '2025-12-31', true],
    ]);
    expect(versions.map(({ groups }) => Object.entries(groups))).toEqual([[['Added', 3], ['Security', 1]], [['Changed', 1]], [['__proto__', 1]], []]);
    expect(versions[0]?.text).toContain('- one\n* two');
  });
});

describe('manifest', () => {
  const manifest = (more: object): object => ({ v: 1, commit: COMMIT, run: null, files: [{ path: 'a', sha256: HEX }], ...more });
  test.each<[what: string, more: object, problem: object | null]>([
    ['as it is written', {}, null],
    ['of another version', { v: 2 }, { code: 'unsupported-version' }],
    ['with a path that leaves its folder', { files: [{ path: '../a', sha256: HEX }] }, { code: 'malformed', message: expect.stringContaining('files.0.path') }],
    ['with an absolute path', { files: [{ path: '/etc/passwd', sha256: HEX }] }, { code: 'malformed' }],
    ['that lists a file twice', { files: [{ path: 'a', sha256: HEX }, { path: 'a', sha256: 'b'.repeat(64) }] }, { code: 'malformed', message: 'it lists a twice' }],
    ['of a short commit', { commit: COMMIT.slice(0, 12) }, { code: 'malformed' }],
    ['with a field that nobody knows', { extra: true }, { code: 'malformed' }],
  ])('%s', (_, more, problem) => {
    const { file } = read(manifest(more));
    expect(file.kind).toBe('evidence-manifest');
    if (problem === null) expect(file.problem).toBeNull();
    else expect(file.problem).toMatchObject(problem);
  });
});
