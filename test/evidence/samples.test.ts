import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readBytesAsEvidence } from '../../src/main/adapters/evidence-folder.ts';
import { LIMITS, NONE } from './reading.ts';

/** Reports of many tools, collected by DefectDojo; they lie beside the checkout and are not part of it. */
const SAMPLES = fileURLToPath(new URL('../../../shared/samples/', import.meta.url));
const files = existsSync(SAMPLES) ? readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' }).filter((path) => /\/[^/]+\.[a-z]+$/.test(path)).sort() : [];

/** Counted by hand or with another program; everything that is not here is of a kind that is not read yet. */
const READ: Readonly<Record<string, object>> = {
  'anchore_grype/check_all_fields_different_ids_fabricated.json': { kind: 'grype', counts: { findings: { ...NONE, high: 1 } } },
  'bandit/one_vuln.json': { kind: 'bandit', counts: { findings: { ...NONE, low: 1 }, raw: { LOW: 1 } } },
  'csaf/csaf_many_vuln.json': { kind: 'csaf', counts: null },
  'cyclonedx/issue_8022.json': { kind: 'cyclonedx', counts: { components: 1 } },
  'cyclonedx/valid-vulnerability-1.4.xml': { kind: 'cyclonedx', counts: { components: 1 } },
  'dependency_check/single_vuln.xml': { kind: 'dependency-check', counts: { findings: { ...NONE, medium: 1 } } },
  'eslint/scan.json': { kind: 'eslint', counts: { findings: { ...NONE, high: 1, medium: 1 }, raw: { 1: 1, 2: 1 } } },
  'github_vulnerability/github_issue2984.json': { kind: 'dependabot', counts: { findings: { ...NONE, medium: 4 } } },
  'npm_audit/many_vuln_npm7.json': { kind: 'npm-audit', counts: { findings: { ...NONE, high: 1, medium: 2, low: 12 }, raw: { high: 1, moderate: 2, low: 12 } } },
  'npm_audit_7_plus/many_vulns.json': { kind: 'npm-audit', counts: { findings: { ...NONE, medium: 4, low: 2 }, raw: { moderate: 4, low: 2 } } },
  'openvex/openvex_many_vuln.json': { kind: 'openvex', counts: null },
  // A malicious package, whose advisory gives no severity.
  'osv_scanner/some_findings.json': { kind: 'osv-scanner', counts: { findings: { ...NONE, unknown: 1 } } },
  'pip_audit/many_vulns_new.json': { kind: 'pip-audit', counts: { findings: { ...NONE, unknown: 7 } } },
  'pnpm_audit/pnpm_audit_one_vuln.json': { kind: 'pnpm-audit', counts: { findings: { ...NONE, critical: 1, medium: 1 } } },
  'sarif/blackduck_nested_fingerprints.sarif': { kind: 'sarif', counts: { findings: { ...NONE, high: 3, medium: 1, low: 1 } } },
  'sarif/mobsfscan.json': { kind: 'sarif', tool: { name: 'mobsfscan', version: '0.0.8' }, counts: { findings: { ...NONE, high: 1, medium: 1, low: 7 } } },
  'snyk/all-projects_one_vuln.json': { kind: 'snyk', counts: { findings: { ...NONE, medium: 1 } } },
  'spdx/spdx_many_vuln.json': { kind: 'spdx', counts: { components: 4 } },
  'trivy/misconfigurations_and_secrets.json': { kind: 'trivy', counts: { findings: { ...NONE, high: 1, medium: 1 } } },
  'yarn_audit/yarn_audit_multiple_cwes2.json': { kind: 'yarn-audit', counts: { findings: { ...NONE, medium: 5 } } },
  'zap/some_2.9.0.xml': { kind: 'zap', tool: { name: 'ZAP', version: '2.9.0' }, counts: { findings: { ...NONE, medium: 1, low: 5, info: 1 } } },
};

describe.skipIf(files.length === 0)('samples of many tools', () => {
  test.each(Object.entries(READ))('%s', (path, expected) => {
    expect(readBytesAsEvidence('a', readFileSync(join(SAMPLES, path)), LIMITS).file).toMatchObject({ ...expected, problem: null });
  });

  test.each(files.filter((path) => !Object.hasOwn(READ, path)))('%s is not mistaken for anything', (path) => {
    expect(readBytesAsEvidence('a', readFileSync(join(SAMPLES, path)), LIMITS).file).toMatchObject({ kind: 'unrecognised', counts: null, problem: { code: 'unrecognised' } });
  });
});
