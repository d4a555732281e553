const MEBIBYTE = 1024 * 1024;

/** The pieces of a file of about so many bytes. */
function* repeated(begin: string, piece: (at: number) => string, end: string, bytes: number): Generator<string> {
  yield begin;
  let block = '';
  for (let at = 0, written = 0; written < bytes; at += 1) {
    const next = piece(at);
    written += next.length;
    block += next;
    if (block.length < MEBIBYTE) continue;
    yield block;
    block = '';
  }
  yield block + end;
}

const same = (text: string) => (): string => text;

/** Files that were made to exhaust whoever reads them, just below the limits of their kinds. */
export const hostileCases: ReadonlyMap<string, () => Iterable<string>> = new Map<string, () => Iterable<string>>([
  ['entities that multiply', () => [`<?xml version="1.0"?><!DOCTYPE t [<!ENTITY a "aaaaaaaaaa">${'bcdefghij'.split('').map((name, at) => `<!ENTITY ${name} "${`&${'abcdefghi'[at] ?? ''};`.repeat(10)}">`).join('')}]><testsuite><testcase name="&j;"/></testsuite>`]],
  ['JSON nested 30 million deep', () => repeated('{"runs":', same('['), '', 30 * MEBIBYTE)],
  ['XML nested without end', () => repeated('<testsuites>', same('<testsuite>'), '', 60 * MEBIBYTE)],
  ['SARIF of empty results', () => repeated('{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[{}', same(',{}'), ']}]}', 60 * MEBIBYTE)],
  ['SARIF just below its bounds', () => repeated('{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[{}', (at) => `,{"level":"${at}","ruleId":"r${at}"}`, ']}]}', 28 * MEBIBYTE)],
  ['coverage of files without end', () => repeated('{"/a.js":{"statementMap":{},"branchMap":{},"s":{},"b":{}}', (at) => `,"/${at}":{"statementMap":{},"s":{},"b":{}}`, '}', 60 * MEBIBYTE)],
  ['an object of a million keys', () => repeated('{"auditReportVersion":2,"vulnerabilities":{"":{}', (at) => `,"${at.toString(36)}":{}`, '}}', 7 * MEBIBYTE)],
  ['coverage of one great file', () => repeated('{"/a.js":{"branchMap":{},"b":{},"s":{"a":0', (at) => `,"${at}":1`, `},"statementMap":{${Array.from({ length: 260_000 }, (_, at) => `"${at}":{"start":{"line":${at},"column":0},"end":{"line":${at},"column":9}}`).join(',')}}}}`, 2.8 * MEBIBYTE)],
  ['numbers without end', () => repeated('{"bomFormat":"CycloneDX","x":[0', same(',0'), ']}', 60 * MEBIBYTE)],
  ['JUnit of empty cases', () => repeated('<testsuite>', same('<testcase/>'), '</testsuite>', 63 * MEBIBYTE)],
  ['JUnit of suites without end', () => repeated('<testsuites>', (at) => `<testsuite name="${at}"><testcase classname="c${at}" name="n"><failure/></testcase></testsuite>`, '</testsuites>', 63 * MEBIBYTE)],
  ['an element of attributes without end', () => repeated('<testsuite ', (at) => `a${at}="" `, '/>', 30 * MEBIBYTE)],
  ['an attribute without end', () => repeated('<testsuite name="', same('x'.repeat(1000)), '"/>', 60 * MEBIBYTE)],
  ['comments without end', () => repeated('', same('<!---->'), '', 30 * MEBIBYTE)],
  ['lcov of one record', () => repeated('SF:a\n', (at) => `DA:${at},1\n`, 'end_of_record\n', 63 * MEBIBYTE)],
  ['lcov of records without end', () => repeated('', (at) => `SF:${at}\nDA:1,1\nend_of_record\n`, '', 63 * MEBIBYTE)],
  ['lcov of empty lines', () => repeated('SF:a\n', same('\n'), 'end_of_record\n', 63 * MEBIBYTE)],
  ['a heading of spaces', () => repeated('# Changelog\n', same(`## 1.0.0${' '.repeat(60_000)}x\n`), '', 3 * MEBIBYTE)],
  ['a changelog of headings', () => repeated('# Changelog\n', (at) => `## ${at}.0.0\n### g${at}\n- x\n`, '', 3 * MEBIBYTE)],
  ['a manifest of files without end', () => repeated(`{"v":1,"commit":"${'a'.repeat(40)}","run":null,"files":[`, (at) => `${at === 0 ? '' : ','}{"path":"${at}","sha256":"${'b'.repeat(64)}"}`, ']}', 15 * MEBIBYTE)],
  ['checksums without end', () => repeated('', (at) => `${'a'.repeat(64)}  ${at}\n`, '', 3 * MEBIBYTE)],
  ['an SBOM of components without end', () => repeated('{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"-"}', (at) => `,{"type":"library","name":"${at}"}`, ']}', 26 * MEBIBYTE)],
  ['an SBOM of components in components', () => ['{"bomFormat":"CycloneDX","specVersion":"1.6","components":[', '{"type":"library","name":"a","components":['.repeat(90), ']}'.repeat(90), ']}']],
  ['YAML of aliases without end', () => repeated('openapi: "3.0.3"\ninfo: {title: x, version: "1"}\npaths:\n', (at) => `  a${at}: &x${at} 1\n  b${at}: *x${at}\n`, '', 3 * MEBIBYTE)],
  ['YAML of keys without end', () => repeated('openapi: "3.0.3"\ninfo: {title: x, version: "1"}\npaths:\n', (at) => `  a${at}: 1\n`, '', 3 * MEBIBYTE)],
  ['YAML nested without end', () => repeated('openapi: "3.0.3"\ninfo: {title: x, version: "1"}\npaths: ', same('{a: '), '', MEBIBYTE)],
  ['an API of operations without end', () => repeated('{"openapi":"3.1.0","info":{"title":"x","version":"1"},"paths":{"/":{}', (at) => `,"/a${at}/{b}":{"get":{"parameters":[{"$ref":"#/x"}],"responses":{"x":{}}}}`, '}}', 25 * MEBIBYTE)],
  ['strings of quotes', () => repeated('{"a":"', same('\\"'), '', 30 * MEBIBYTE)],
  ['NUL without end', () => repeated('{', same('\0'.repeat(1000)), '', 30 * MEBIBYTE)],
]);
