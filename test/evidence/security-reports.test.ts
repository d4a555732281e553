import { describe, expect, test } from 'vitest';
import type { FindingCounts } from '../../src/core/model/evidence.ts';
import { NONE, read } from './reading.ts';

type Case = readonly [what: string, content: string | object, kind: string, findings: Partial<FindingCounts>];

const lines = (...of: readonly object[]): string => of.map((one) => `${JSON.stringify(one)}\n`).join('');
const advisory = (severity: string, more: object = {}): object => ({ module_name: 'minimist', severity, title: 'Pollution', vulnerable_versions: '<1.2.6', patched_versions: '>=1.2.6', findings: [{ version: '1.2.0', paths: ['a>minimist'] }], ...more });
const metadata = { vulnerabilities: { info: 0, low: 0, moderate: 0, high: 0, critical: 0 }, dependencies: 1, totalDependencies: 1 };
const issue = (severity: string): object => ({ id: 'SNYK-JS-A-1', severity, packageManager: 'npm', packageName: 'a', version: '1.0.0', identifiers: { CVE: ['CVE-2020-7598'] }, CVSSv3: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' });
const project = (...severities: readonly string[]): object => ({ ok: severities.length === 0, dependencyCount: 4, packageManager: 'npm', vulnerabilities: severities.map(issue) });
const item = (risk: string | number, confidence = '2'): object => ({ pluginid: '1', alert: 'A', riskcode: risk, confidence, instances: [{ uri: 'https://a' }, { uri: 'https://b' }] });
const itemXml = (risk: string): string => `<alertitem><pluginid>1</pluginid><alert>A</alert><riskcode>${risk}</riskcode><instances><instance><uri>https://a</uri></instance><instance><uri>https://b</uri></instance></instances></alertitem>`;
const match = (severity: string): object => ({ vulnerability: { id: 'CVE-2020-1', severity }, artifact: { name: 'a', version: '1', purl: 'pkg:npm/a@1' } });
const trivyOf = (...severities: readonly string[]): object => ({ Target: 't', Class: 'os-pkgs', Type: 'alpine', Vulnerabilities: severities.map((Severity) => ({ VulnerabilityID: 'CVE-2020-1', PkgName: 'a', InstalledVersion: '1', Severity })) });
const osvOf = (...vulnerabilities: readonly object[]): object => ({ results: [{ source: { path: 'a', type: 'lockfile' }, packages: [{ package: { name: 'a', version: '1', ecosystem: 'npm' }, vulnerabilities, groups: [{ ids: ['GHSA-aaaa-bbbb-cccc'], max_severity: '9.8' }] }] }] });
const alert = (severity: string, state = 'open'): object => ({ number: 1, state, dependency: { package: { ecosystem: 'pip', name: 'a' } }, security_advisory: { ghsa_id: 'GHSA-aaaa-bbbb-cccc', summary: 'x' }, security_vulnerability: { severity } });
const node = (severity: string): object => ({ id: 'x', securityVulnerability: { severity, package: { name: 'a' } } });
const checked = (...severities: readonly string[]): object => ({ reportSchema: '1.1', scanInfo: { engineVersion: '8.0.0' }, projectInfo: {}, dependencies: [{ fileName: 'a.jar', vulnerabilities: severities.map((severity) => ({ name: 'CVE-2020-1', severity })), suppressedVulnerabilities: [{ name: 'CVE-2020-2', severity: 'HIGH' }] }] });
const checkedXml = (version: string, ...severities: readonly string[]): string =>
  `<?xml version="1.0"?><analysis xmlns="https://jeremylong.github.io/DependencyCheck/dependency-check.${version}.xsd"><scanInfo><engineVersion>6.5.3</engineVersion><dataSource><name>NVD CVE Checked</name><timestamp>2022-01-15T15:27:20</timestamp></dataSource></scanInfo><dependencies><dependency><fileName>a.jar</fileName><identifiers><package confidence="HIGH"><id>pkg:maven/org.a/b@1.0</id></package></identifiers><vulnerabilities>${severities.map((severity) => `<vulnerability source="NVD"><name>CVE-2020-1</name><severity>${severity}</severity><cvssV2><severity>LOW</severity></cvssV2></vulnerability>`).join('')}<suppressedVulnerability><name>CVE-2020-2</name><severity>HIGH</severity></suppressedVulnerability></vulnerabilities></dependency></dependencies></analysis>`;

const COUNTED: readonly Case[] = [
  ['ZAP items of several sites, not their instances', { '@version': '2.14.0', '@generated': 'Tue, 12 May 2020 20:57:30', site: [{ '@name': 'a', alerts: [item('3'), item('2')] }, { '@name': 'b', alerts: [item(1), item('0', '0')] }] }, 'zap', { high: 1, medium: 1, low: 1, info: 1 }],
  ['one site as ZAP 2.7 has it', { '@version': '2.7.0', site: { '@name': 'a', alerts: [item('3')] } }, 'zap', { high: 1 }],
  ['ZAP that found nothing', { '@version': '2.9.0', site: [{ '@name': 'a', alerts: [] }] }, 'zap', {}],
  ['ZAP as XML', `<?xml version="1.0"?><OWASPZAPReport version="2.9.0" generated="x"><site name="a"><alerts>${itemXml('3')}${itemXml(' 2 ')}</alerts></site><site name="b"><alerts>${itemXml('0')}</alerts></site></OWASPZAPReport>`, 'zap', { high: 1, medium: 1, info: 1 }],
  ['Snyk of one project', project('critical', 'low'), 'snyk', { critical: 1, low: 1 }],
  ['Snyk of all projects', [project('high'), project(), project('medium', 'medium')], 'snyk', { high: 1, medium: 2 }],
  ['Snyk cut down to its issues', { ok: false, vulnerabilities: [issue('high')] }, 'snyk', { high: 1 }],
  ['Snyk of a container with its applications', { ...project('high'), docker: {}, applications: [project('low')] }, 'snyk', { high: 1, low: 1 }],
  ['npm 6 with a run', { actions: [], advisories: { 1: advisory('moderate') }, muted: [], metadata, runId: 'x' }, 'npm-audit', { medium: 1 }],
  ['npm 6 that found nothing', { actions: [], advisories: {}, muted: [], metadata, runId: 'x' }, 'npm-audit', {}],
  ['npm 6 that found nothing and names no run', { actions: [], advisories: {}, muted: [], metadata: { dependencies: 1, totalDependencies: 1, vulnerabilities: {} } }, 'npm-audit', {}],
  ['later yarn that found nothing', { actions: [], advisories: {}, muted: [], metadata }, 'yarn-audit', {}],
  ['yarn 1', lines({ type: 'info', data: 'x' }, { type: 'auditAdvisory', data: { resolution: {}, advisory: advisory('high') } }, { type: 'auditAdvisory', data: { advisory: advisory('high') } }, { type: 'auditSummary', data: metadata }), 'yarn-audit', { high: 2 }],
  ['yarn 1 that found nothing', lines({ type: 'auditSummary', data: metadata }), 'yarn-audit', {}],
  ['later yarn as one object', { actions: [], advisories: { 1: advisory('low') }, muted: [], metadata }, 'yarn-audit', { low: 1 }],
  ['later yarn as a line a finding', lines({ value: 'a', children: { ID: 1, Issue: 'x', Severity: 'moderate' } }, { value: 'b', children: { ID: 'b (deprecation)', Issue: 'y', Severity: 'moderate' } }), 'yarn-audit', { medium: 2 }],
  ['pnpm', { advisories: { 1: advisory('critical') }, metadata }, 'pnpm-audit', { critical: 1 }],
  ['pnpm with actions, by its paths', { actions: [], advisories: { 1: advisory('critical', { findings: [{ version: '1', paths: ['.>minimist'] }] }) }, muted: [], metadata }, 'pnpm-audit', { critical: 1 }],
  ['pip-audit as a list', [{ name: 'a', version: '1', vulns: [{ id: 'PYSEC-2021-76', fix_versions: ['2'] }, { id: 'x' }] }, { name: 'b', skip_reason: 'x' }], 'pip-audit', { unknown: 2 }],
  ['pip-audit since', { dependencies: [{ name: 'a', version: '1', vulns: [] }], fixes: [] }, 'pip-audit', {}],
  ['pip-audit of nothing', { dependencies: [] }, 'pip-audit', {}],
  ['Dependabot’s alerts', [alert('high'), alert('medium', 'dismissed')], 'dependabot', { high: 1, medium: 1 }],
  ['Dependabot by GraphQL', { data: { repository: { vulnerabilityAlerts: { nodes: [node('MODERATE'), node('CRITICAL')] } } } }, 'dependabot', { medium: 1, critical: 1 }],
  ['Dependabot by a search', { data: { search: { nodes: [{ name: 'a', vulnerabilityAlerts: { nodes: [] } }] } } }, 'dependabot', {}],
  ['OSV-Scanner by word, by group and by vector', osvOf({ id: 'a', database_specific: { severity: 'MODERATE' } }, { id: 'GHSA-aaaa-bbbb-cccc' }, { id: 'b', severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }] }, { id: 'c' }), 'osv-scanner', { medium: 1, critical: 1, high: 1, unknown: 1 }],
  ['OSV-Scanner that found nothing', { results: [], experimental_config: { licenses: { summary: false, allowlist: null } } }, 'osv-scanner', {}],
  ['Trivy', { SchemaVersion: 2, ArtifactName: 'a', Results: [trivyOf('HIGH', 'UNKNOWN'), { Target: 'b', Class: 'config', Misconfigurations: [{ ID: 'x', Severity: 'CRITICAL' }] }] }, 'trivy', { high: 1, unknown: 1 }],
  ['Trivy that found nothing', { SchemaVersion: 2, ArtifactName: 'a', ArtifactType: 'filesystem' }, 'trivy', {}],
  ['Trivy before its schema', [trivyOf('LOW'), { Target: 'b', Vulnerabilities: null }], 'trivy', { low: 1 }],
  ['Trivy of a cluster', { ClusterName: 'a', Resources: [{ Kind: 'Pod', Results: [trivyOf('LOW', 'MEDIUM')] }] }, 'trivy', { low: 1, medium: 1 }],
  ['Grype’s matches, not what it ignored', { matches: [match('Negligible'), match('High')], ignoredMatches: [match('Critical')], source: {}, distro: {}, descriptor: { name: 'grype', version: '0.1', db: { built: '2026-01-02T03:04:05Z' } } }, 'grype', { info: 1, high: 1 }],
  ['Dependency-Check', checked('HIGH', 'moderate', '9.1'), 'dependency-check', { high: 1, medium: 1, critical: 1 }],
  ['Dependency-Check as XML 1.3', checkedXml('1.3', 'Medium'), 'dependency-check', { medium: 1 }],
  ['Dependency-Check as XML 4.0', checkedXml('4.0', 'CRITICAL', 'LOW'), 'dependency-check', { critical: 1, low: 1 }],
];

describe('reports of security tools', () => {
  test.each(COUNTED)('%s', (_, content, kind, findings) => {
    const { file } = read(content);
    expect(file).toMatchObject({ kind, problem: null });
    expect(file.counts?.findings).toEqual({ ...NONE, ...findings });
  });

  test.each<[what: string, content: string | object, kind: string, code: string]>([
    ['Snyk’s error', { ok: false, error: 'Could not detect supported target files', path: '/a' }, 'snyk', 'invalid'],
    ['one project of Snyk that failed', [project('low'), { ok: false, error: 'x', path: '/b' }], 'snyk', 'invalid'],
    ['Snyk of infrastructure, which lists no vulnerabilities', { ok: false, vulnerabilities: [], dependencyCount: 0, packageManager: 'terraformconfig', infrastructureAsCodeIssues: [{ severity: 'high' }] }, 'unrecognised', 'unrecognised'],
    ['npm’s error', { error: { code: 'ENOAUDIT', summary: 'x', detail: '' } }, 'unrecognised', 'unrecognised'],
    ['npm’s error with a message', { message: 'request failed', error: { summary: 'x' } }, 'unrecognised', 'unrecognised'],
    ['yarn’s error', lines({ type: 'auditAdvisory', data: { advisory: advisory('low') } }, { type: 'error', data: 'x' }), 'yarn-audit', 'invalid'],
    ['yarn without its summary', lines({ type: 'auditAdvisory', data: { advisory: advisory('low') } }, { type: 'info', data: 'x' }), 'yarn-audit', 'truncated'],
    ['Trivy’s next schema', { SchemaVersion: 3, ArtifactName: 'a', Results: [] }, 'trivy', 'unsupported-version'],
    ['CSAF before 2.0', { document: { csaf_version: '1.2' } }, 'csaf', 'unsupported-version'],
    ['SPDX that nobody has written yet', { spdxVersion: 'SPDX-9.0', packages: [] }, 'spdx', 'unsupported-version'],
    ['matches that are no list', { matches: {}, descriptor: { name: 'grype' } }, 'unrecognised', 'unrecognised'],
    ['a site without its alerts', { '@version': '2.9.0', '@generated': 'x', site: [{ '@name': 'a' }] }, 'zap', 'malformed'],
    ['alerts that are no list', { '@version': '2.9.0', site: [{ alerts: 'none' }] }, 'zap', 'malformed'],
  ])('%s is told, never taken for a scan that found nothing', (_, content, kind, code) => {
    expect(read(content).file).toMatchObject({ kind, problem: { code } });
  });

  test.each<[tool: string, content: object]>([
    ['semgrep', { results: [], errors: [], paths: { scanned: [] }, version: '1.0.0' }],
    ['checkov', { check_type: 'terraform', results: { failed_checks: [] }, summary: {} }],
    ['gosec', { 'Golang errors': {}, Issues: [], Stats: {} }],
    ['safety', { report_meta: {}, scanned_packages: {}, vulnerabilities: [], ignored_vulnerabilities: [] }],
    ['retire.js', { version: '4.0.0', start: 'x', data: [{ file: 'a', results: [] }], errors: [] }],
    ['cargo audit', { database: {}, lockfile: {}, settings: {}, vulnerabilities: { found: false, count: 0, list: [] }, warnings: {} }],
    ['composer audit', { advisories: {}, abandoned: {} }],
    ['bundler-audit', { version: '0.9', created_at: 'x', results: [] }],
    ['GitLab’s scanners', { version: '15.0.0', vulnerabilities: [], scan: { type: 'dast', status: 'success' } }],
    ['a lock file of Helm', { dependencies: [], digest: 'x', generated: 'x' }],
    ['code scanning alerts', [{ number: 1, state: 'open', rule: { id: 'a' }, tool: { name: 'CodeQL' } }]],
    ['Syft', { artifacts: [], source: {}, distro: {}, descriptor: { name: 'syft', version: '1.0' }, schema: {} }],
  ])('%s is none of them', (_, content) => {
    expect(read(content).file).toMatchObject({ kind: 'unrecognised', counts: null });
  });

  test.each<[what: string, content: string | object, kind: string, components: number]>([
    ['components of components are not counted', { bomFormat: 'CycloneDX', specVersion: '1.6', components: [{ type: 'library', name: 'a', components: [{ type: 'library', name: 'b' }] }] }, 'cyclonedx', 1],
    ['an SBOM of vulnerabilities alone', { bomFormat: 'CycloneDX', specVersion: '1.4', components: null, vulnerabilities: [{ id: 'CVE-2020-1' }] }, 'cyclonedx', 0],
    ['CycloneDX 1.0 as XML', '<bom xmlns="http://cyclonedx.org/schema/bom/1.0" version="1"><components><component type="library"><name>a</name><components><component type="library"><name>b</name></component></components></component></components></bom>', 'cyclonedx', 1],
    ['CycloneDX 1.7 as XML with a prefix', '<b:bom xmlns:b="http://cyclonedx.org/schema/bom/1.7"><b:metadata><b:component type="library"><b:name>a</b:name></b:component></b:metadata><b:components><b:component type="library"><b:name>a</b:name></b:component></b:components></b:bom>', 'cyclonedx', 1],
    ['SPDX 2.3', { spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT', packages: [{ name: 'a' }, { name: 'b' }] }, 'spdx', 2],
    ['SPDX 3', { '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld', '@graph': [{ type: 'CreationInfo', created: '2026-01-02T03:04:05Z' }, { type: 'software_Package', name: 'a' }, { type: 'software_File', name: 'b' }] }, 'spdx', 1],
    ['SPDX as tags and values, with a text that looks like one', 'SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nPackageName: a\nPackageComment: <text>x\nPackageName: b\n</text>\nPackageName: c\n', 'spdx', 2],
  ])('%s', (_, content, kind, components) => {
    expect(read(content).file).toMatchObject({ kind, counts: { components }, problem: null });
  });

  test('what merges findings is kept: packages, vectors and names', () => {
    const one = (content: string | object): unknown => {
      const found = read(content).content;
      return found.type === 'findings' ? found.findings[0] : null;
    };
    expect(one(project('high'))).toMatchObject({ package: { ecosystem: 'npm', name: 'a', version: '1.0.0' }, aliases: ['CVE-2020-7598'], cvss: [expect.stringContaining('CVSS:3.1')] });
    expect(one({ advisories: { 1: advisory('high', { github_advisory_id: 'GHSA-aaaa-bbbb-cccc', cvss: { vectorString: 'CVSS:3.1/AV:N' } }) }, metadata })).toMatchObject({ package: { name: 'minimist', version: '1.2.0', fixedIn: ['>=1.2.6'] }, aliases: ['GHSA-aaaa-bbbb-cccc'], cvss: ['CVSS:3.1/AV:N'] });
    const via = (id: string): object => ({ title: 'x', url: `https://github.com/advisories/GHSA-${id}`, cvss: { vectorString: 'CVSS:3.1/AV:N' } });
    expect(one({ auditReportVersion: 2, vulnerabilities: { a: { severity: 'high', via: [via('aaaa-bbbb-cccc')] } } })).toMatchObject({ package: { ecosystem: 'npm', name: 'a' } });
    expect(one({ auditReportVersion: 2, vulnerabilities: { a: { severity: 'high', via: [via('aaaa-bbbb-cccc'), via('aaaa-bbbb-dddd')] } } })).toMatchObject({ package: null });
    expect(one(checkedXml('2.5', 'HIGH'))).toMatchObject({ package: { ecosystem: 'maven', name: 'org.a:b', version: '1.0' } });
    expect(one([alert('high', 'dismissed')])).toMatchObject({ suppressed: true, package: { ecosystem: 'pypi', name: 'a' } });
  });

  test('the age of the data is the report’s own; a time without a zone is the earliest that it can be', () => {
    expect(read(checkedXml('2.5')).content).toMatchObject({ database: '2022-01-15T01:27:20Z', scanned: 1 });
    expect(read({ matches: [], source: {}, distro: {}, descriptor: { name: 'grype', db: { status: { built: '2026-01-02T03:04:05Z' } } } }).content).toMatchObject({ database: '2026-01-02T03:04:05Z' });
  });
});
