import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EvidenceFile } from '../../src/core/model/evidence.ts';
import { COMMIT, FIXTURES, LIMITS, read } from './reading.ts';

const FILES = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((path) => /\/[^/]+\.(?:json|xml|info)$/.test(path)).sort().map((path) => readFileSync(join(FIXTURES, path)));
const HAND_MADE: readonly (string | object)[] = [
  { version: '2.1.0', runs: [{ tool: { driver: { name: 'x', rules: [{ id: 'r', properties: { 'security-severity': '7.0' } }] } }, results: [{ ruleId: 'r', ruleIndex: 0, suppressions: [{ kind: 'inSource' }] }], versionControlProvenance: [{ revisionId: COMMIT }] }] },
  { auditReportVersion: 2, vulnerabilities: { a: { severity: 'high', via: [{ title: 'x' }] } } },
  { errors: [], generated_at: '2026-01-02T03:04:05Z', metrics: { _totals: {} }, results: [{ issue_severity: 'LOW', test_id: 'B1' }] },
  { bomFormat: 'CycloneDX', specVersion: '1.6', metadata: { properties: [{ name: 'git:commit', value: COMMIT }] }, components: [{ type: 'library', name: 'a' }] },
  { '@version': '2.14.0', site: [{ '@name': 'a', alerts: [{ pluginid: '1', alert: 'A', riskcode: '3', confidence: '0', instances: [{ uri: 'https://a' }] }] }] },
  '<?xml version="1.0"?><OWASPZAPReport version="2.9.0" generated="x"><site name="a"><alerts><alertitem><alert>A</alert><riskcode>3</riskcode></alertitem></alerts></site></OWASPZAPReport>',
  [{ ok: false, dependencyCount: 4, packageManager: 'npm', vulnerabilities: [{ id: 'SNYK-1', severity: 'high', packageName: 'a', identifiers: { CVE: ['CVE-2020-1'] } }], applications: [] }],
  { actions: [], advisories: { 1: { module_name: 'a', severity: 'low', findings: [{ version: '1', paths: ['.>a'] }], cvss: { vectorString: 'CVSS:3.1/AV:N' } } }, muted: [], metadata: { vulnerabilities: {} } },
  '{"type":"auditAdvisory","data":{"advisory":{"module_name":"a","severity":"high"}}}\n{"type":"auditSummary","data":{"totalDependencies":1}}\n',
  '{"value":"a","children":{"ID":1,"Issue":"x","Severity":"low","Tree Versions":["1"]}}\n{"value":"b","children":{"ID":"b","Issue":"x","Severity":"low"}}\n',
  { dependencies: [{ name: 'a', version: '1', vulns: [{ id: 'PYSEC-1', fix_versions: ['2'], aliases: ['CVE-2020-1'] }] }], fixes: [] },
  { data: { repository: { vulnerabilityAlerts: { nodes: [{ securityVulnerability: { severity: 'HIGH', package: { name: 'a' }, advisory: { identifiers: [{ value: 'CVE-2020-1' }] } } }] } } } },
  { results: [{ source: { path: 'a' }, packages: [{ package: { name: 'a', version: '1', ecosystem: 'npm' }, vulnerabilities: [{ id: 'x', severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }] }], groups: [{ ids: ['x'], max_severity: '7.5' }] }] }] },
  { SchemaVersion: 2, ArtifactName: 'a', Results: [{ Target: 'a', Vulnerabilities: [{ VulnerabilityID: 'CVE-2020-1', PkgName: 'a', Severity: 'LOW', FixedVersion: '1, 2', CVSS: { nvd: { V3Vector: 'CVSS:3.1/AV:N' } } }], Misconfigurations: [{}] }] },
  { matches: [{ vulnerability: { id: 'CVE-2020-1', severity: 'High', fix: { versions: ['2'] }, cvss: [{ vector: 'CVSS:3.1/AV:N' }] }, artifact: { name: 'a', version: '1', purl: 'pkg:npm/a@1' } }], descriptor: { name: 'grype', version: '1', db: { built: '2026-01-02T03:04:05Z' } } },
  { reportSchema: '1.1', scanInfo: { engineVersion: '8', dataSource: [{ name: 'NVD API Last Checked', timestamp: '2026-01-02T03:04:05Z' }] }, projectInfo: {}, dependencies: [{ fileName: 'a', packages: [{ id: 'pkg:maven/a/b@1' }], vulnerabilities: [{ name: 'CVE-2020-1', severity: 'HIGH' }] }] },
  '<analysis xmlns="https://jeremylong.github.io/DependencyCheck/dependency-check.2.5.xsd"><scanInfo><dataSource><name>NVD CVE Checked</name><timestamp>2022-01-15T15:27:20</timestamp></dataSource></scanInfo><dependencies><dependency><identifiers><package><id>pkg:npm/a@1</id></package></identifiers><vulnerabilities><vulnerability><name>a</name><severity>HIGH</severity></vulnerability></vulnerabilities></dependency></dependencies></analysis>',
  { '@context': 'https://openvex.dev/ns/v0.2.0', timestamp: '2026-01-02T03:04:05Z', statements: [{ vulnerability: { name: 'CVE-2020-1', aliases: ['x'] }, products: [{ '@id': 'pkg:npm/a@1' }, 'b'], status: 'not_affected' }] },
  { document: { csaf_version: '2.0', tracking: { current_release_date: '2026-01-02T03:04:05Z', generator: { engine: { name: 'x' } } } }, vulnerabilities: [{ cve: 'CVE-2020-1', product_status: { fixed: ['a'], known_affected: ['b'] }, flags: [{ label: 'x' }] }] },
  '<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><metadata><timestamp>2026-01-02T03:04:05Z</timestamp><component><name>a</name></component></metadata><components><component type="library"><name>a</name><purl>pkg:npm/a@1</purl></component></components></bom>',
  { spdxVersion: 'SPDX-2.3', name: 'a', creationInfo: { created: '2026-01-02T03:04:05Z', creators: ['Tool: x-1.0'] }, packages: [{ name: 'a', externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:npm/a@1' }] }] },
  'SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nPackageName: a\n',
  { v: 1, commit: COMMIT, run: null, files: [{ path: 'a', sha256: 'b'.repeat(64) }] },
  '# Changelog\n\n## [Unreleased]\n## [1.0.0] - 2026-01-02 [YANKED]\n### Fixed\n- a\n',
  `${'a'.repeat(64)}  name\n`, '-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n',
];
/** Of the kinds that no tool here makes. */
const REPORTS: readonly (string | object)[] = [
  '<coverage generated="1700000000"><project><file name="a"><line num="1" type="method" count="1"/><line num="2" type="stmt" count="1"/><line num="3" type="cond" truecount="1" falsecount="0"/></file><metrics statements="2" coveredstatements="1" conditionals="2" coveredconditionals="1"/></project></coverage>',
  '<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report name="x"><sessioninfo id="a" start="1" dump="1700000000000"/><package name="p"><sourcefile name="A"><line nr="1" mi="0" ci="1" mb="0" cb="0"/><counter type="LINE" missed="0" covered="1"/></sourcefile><counter type="LINE" missed="0" covered="1"/></package><counter type="LINE" missed="0" covered="1"/></report>',
  'openapi: 3.1.0\ninfo: {title: x, version: "1"}\npaths:\n  /a/{id}:\n    get:\n      parameters: [{$ref: "#/components/parameters/id"}]\n      responses: {"200": &ok {description: x}, "201": *ok}\ncomponents: {parameters: {id: {name: id, in: path, required: true}}}\n',
  { swagger: '2.0', info: { title: 'x', version: '1' }, paths: { '/a': { post: { operationId: 'a', parameters: [{ in: 'body', name: 'b', required: true }], responses: { 200: { description: 'x' } } } } } },
  { root_group: {}, metrics: { vus: { value: 1 }, iterations: { count: 1, rate: 1 }, http_req_duration: { avg: 1, 'p(95)': 2, thresholds: { 'p(95)<1': true } } } },
  { machine_info: {}, commit_info: { id: COMMIT, dirty: false }, benchmarks: [{ fullname: 'a', stats: { mean: 1, median: 1, stddev: 0, rounds: 3 } }], datetime: '2026-01-02T03:04:05Z', version: '5' },
  [{ jmhVersion: '1', benchmark: 'a', mode: 'thrpt', params: { size: '1' }, primaryMetric: { score: 1, scoreError: 'NaN', scoreUnit: 'ops/s', rawData: [[1, 2]] } }],
  { results: [{ command: 'x', mean: 1, stddev: 0.1, median: 1, times: [1, 1], exit_codes: [0, 1] }] },
  { lighthouseVersion: '12.0.0', fetchTime: '2026-01-02T03:04:05.000Z', categories: { performance: { score: 0.9 } }, audits: { 'speed-index': { numericValue: 1, numericUnit: 'millisecond' } } },
  { Title: 'x', HostEnvironmentInfo: { BenchmarkDotNetVersion: '0.14' }, Benchmarks: [{ FullName: 'a', Statistics: { N: 3, Mean: 1, Median: 1, StandardDeviation: 0 } }] },
  { data: { repository: { pullRequests: { nodes: [{ number: 1, title: 'x', url: 'https://forge.example/pull/1', author: { login: 'a' }, mergedAt: '2026-01-02T03:04:05Z', mergeCommit: { oid: COMMIT }, reviews: { totalCount: 1, nodes: [{ author: { login: 'b' }, state: 'APPROVED' }] }, commits: { nodes: [{ commit: { oid: COMMIT, authors: { nodes: [{ user: { login: 'a' } }] } } }] }, reviewThreads: { nodes: [{ isResolved: true }] } }] } } } },
  [{ iid: 1, title: 'x', state: 'merged', target_branch: 'main', source_branch: 'b', author: { username: 'a' }, merged_at: '2026-01-02T03:04:05Z', sha: COMMIT, approved_by: [{ user: { username: 'b' } }], discussions: [{ notes: [{ resolvable: true, resolved: false }] }] }],
];
const SEEDS: readonly Buffer[] = [...FILES, ...[...HAND_MADE, ...REPORTS].map((made) => Buffer.from(typeof made === 'string' ? made : JSON.stringify(made)))];
const RUNS = { numRuns: 600 };

/** Whatever a file holds, what is said of it fits its own schema: counts are whole and not negative, times are real. */
function holds(content: Uint8Array | string): void {
  const { file, commit } = read(content);
  const checked = EvidenceFile.safeParse(file);
  expect(checked.error?.issues ?? []).toEqual([]);
  expect(file.problem?.message ?? '').not.toContain('its reader failed');
  if (file.binding === 'none') expect(commit).toBeNull();
  if (file.kind === 'unrecognised') expect(file.problem).not.toBeNull();
}

const seed = fc.nat({ max: SEEDS.length - 1 }).map((at) => SEEDS[at] ?? Buffer.alloc(0));

test('a file that is cut anywhere is answered', () => {
  fc.assert(fc.property(seed, fc.double({ min: 0, max: 1, noNaN: true }), (bytes, at) => holds(bytes.subarray(0, Math.floor(at * bytes.length)))), RUNS);
});

test('a file with bytes changed is answered', () => {
  fc.assert(fc.property(seed, fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 20 }), (bytes, changes) => {
    const changed = Buffer.from(bytes);
    for (const [at, byte] of changes) changed[Math.floor(at * changed.length)] = byte;
    holds(changed);
  }), RUNS);
});

test('a file with a piece taken out, or put in twice, is answered', () => {
  fc.assert(fc.property(seed, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 200 }), fc.boolean(), (bytes, at, length, twice) => {
    const from = Math.floor(at * bytes.length);
    const piece = bytes.subarray(from, from + length);
    holds(Buffer.concat([bytes.subarray(0, from), ...(twice ? [piece, piece] : []), bytes.subarray(from + length)]));
  }), RUNS);
});

/** Any JSON in the place of any value of a report. */
function replaced(value: unknown, path: readonly number[], by: unknown): unknown {
  const [first, ...rest] = path;
  if (typeof value !== 'object' || value === null || first === undefined) return by;
  const keys = Object.keys(value);
  const key = keys[first % Math.max(1, keys.length)];
  if (key === undefined) return by;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
  (copy as Record<string, unknown>)[key] = replaced((value as Record<string, unknown>)[key], rest, by);
  return copy;
}

const PARSED = SEEDS.flatMap((bytes): unknown[] => {
  try {
    return [JSON.parse(bytes.toString())];
  } catch {
    return [];
  }
});

test('a report with anything in the place of anything is answered', () => {
  const odd = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(-1, 1e308, 0.5, '', [], {}, [null], { __proto__: null, length: 1 }, '-1', 'NaN'));
  fc.assert(fc.property(fc.nat({ max: PARSED.length - 1 }), fc.array(fc.nat({ max: 40 }), { maxLength: 8 }), odd, (at, path, by) => holds(JSON.stringify(replaced(PARSED[at], path, by)))), { numRuns: 2000 });
});

test('any bytes and any JSON are answered', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), holds), RUNS);
  fc.assert(fc.property(fc.json(), holds), RUNS);
});

test('the beginning alone is never taken for another kind than the whole', () => {
  fc.assert(fc.property(seed, fc.double({ min: 0.05, max: 1, noNaN: true }), (bytes, at) => {
    const whole = read(bytes).file.kind;
    const part = read(bytes.subarray(0, Math.floor(at * bytes.length)), LIMITS).file.kind;
    expect([whole, 'unrecognised']).toContain(part);
  }), RUNS);
});
