import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forgeExport } from './sample-forge.ts';

const ROOT = join(import.meta.dirname, '../..');
const NODE = process.execPath;

/**
 * Runs the real tools over the sample, as its CI would: vitest with istanbul's coverage, ESLint, and `git archive` for
 * the artifacts. Other reports are written in the shape of tools that cannot run here without a network.
 */
export function makeSampleOutputs(repository: string, reports: string, release: string): void {
  mkdirSync(reports, { recursive: true });
  mkdirSync(release, { recursive: true });
  const vitest = spawnSync(
    NODE,
    [
      join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', repository, '--reporter=junit', `--outputFile=${join(reports, 'junit-vitest.xml')}`,
      '--coverage.enabled', '--coverage.provider=istanbul', '--coverage.reporter=json-summary', '--coverage.reporter=json', '--coverage.include=src/**',
      `--coverage.reportsDirectory=${join(reports, 'coverage')}`,
    ],
    { cwd: repository, encoding: 'utf8', env: { ...process.env, CI: 'true' } },
  );
  if (vitest.status !== 0) throw new Error(`vitest failed on the sample:\n${vitest.stdout}\n${vitest.stderr}`);
  const eslint = spawnSync(NODE, [join(ROOT, 'node_modules/eslint/bin/eslint.js'), '--format', 'json', '--output-file', join(reports, 'eslint.json'), '.'], { cwd: repository, encoding: 'utf8' });
  if (eslint.status !== 0) throw new Error(`ESLint failed on the sample:\n${eslint.stdout}\n${eslint.stderr}`);
  writeFileSync(join(reports, 'npm-audit.json'), `${JSON.stringify(NPM_AUDIT, null, 2)}\n`);
  writeFileSync(join(reports, 'junit-e2e.xml'), PYTEST);
  writeFileSync(join(reports, 'zap.json'), `${JSON.stringify(ZAP, null, 2)}\n`);
  writeFileSync(join(reports, 'pulls.json'), `${JSON.stringify(forgeExport(repository), null, 2)}\n`);
  execFileSync('git', ['archive', '--format=tar.gz', '--prefix=tariff-1.1.0/', `--output=${join(release, 'tariff-1.1.0.tar.gz')}`, 'HEAD'], { cwd: repository });
  execFileSync('git', ['archive', '--format=zip', '--prefix=tariff-1.1.0/', `--output=${join(release, 'tariff-1.1.0.zip')}`, 'HEAD'], { cwd: repository });
}

/** What `npm audit --json` prints where one low finding is left (report version 2). */
const NPM_AUDIT = {
  auditReportVersion: 2,
  vulnerabilities: {
    geometry: {
      name: 'geometry', severity: 'low', isDirect: false,
      via: [{ source: 1, name: 'geometry', dependency: 'geometry', title: 'Slow path for self-crossing polygons', url: 'https://example.com/advisories/1', severity: 'low', cwe: ['CWE-1333'], cvss: { score: 0, vectorString: null }, range: '<3.0.2' }],
      effects: ['@example/zones'], range: '<3.0.2', nodes: ['node_modules/geometry'], fixAvailable: true,
    },
  },
  metadata: {
    vulnerabilities: { info: 0, low: 1, moderate: 0, high: 0, critical: 0, total: 1 },
    dependencies: { prod: 4, dev: 0, optional: 0, peer: 0, peerOptional: 0, total: 3 },
  },
};

/** What ZAP writes of a baseline scan with one low alert. */
const ZAP = {
  '@programName': 'ZAP', '@version': '2.16.1', '@generated': 'Mon, 12 Jan 2026 17:52:10',
  site: [{
    '@name': 'https://staging.example.com', '@host': 'staging.example.com', '@port': '443', '@ssl': 'true',
    alerts: [{
      pluginid: '10021', alertRef: '10021', alert: 'X-Content-Type-Options Header Missing', name: 'X-Content-Type-Options Header Missing', riskcode: '1', confidence: '2', riskdesc: 'Low (Medium)',
      instances: [{ uri: 'https://staging.example.com/prices', method: 'GET', param: 'x-content-type-options', attack: '', evidence: '' }], count: '1',
    }],
  }],
};

/** What `pytest --junit-xml` writes of an end-to-end suite. */
const PYTEST = `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="0" skipped="1" tests="4" time="3.214" timestamp="2026-01-12T17:40:02.113342+00:00" hostname="ci"><testcase classname="tests.e2e.test_counter" name="test_buy_single" time="0.912" /><testcase classname="tests.e2e.test_counter" name="test_buy_family" time="1.104" /><testcase classname="tests.e2e.test_counter" name="test_refund" time="0.871" /><testcase classname="tests.e2e.test_counter" name="test_paper_jam" time="0.002"><skipped type="pytest.skip" message="no printer attached">tests/e2e/test_counter.py:44: no printer attached</skipped></testcase></testsuite></testsuites>
`;
