import type { Binding, EvidenceKind, EvidenceFile } from '../../../core/model/evidence.ts';
import { counted, numbered } from '../../components/wording.ts';

/** What each kind of file is called. */
const KIND_WORDS: Readonly<Record<EvidenceKind, string>> = {
  junit: 'JUnit tests', 'coverage-istanbul-summary': 'Istanbul coverage', 'coverage-istanbul-final': 'Istanbul coverage', 'coverage-py': 'coverage.py',
  lcov: 'LCOV coverage', cobertura: 'Cobertura coverage', clover: 'Clover coverage', jacoco: 'JaCoCo coverage', eslint: 'ESLint', bandit: 'Bandit',
  sarif: 'SARIF', zap: 'OWASP ZAP', snyk: 'Snyk', 'npm-audit': 'npm audit', 'yarn-audit': 'yarn audit', 'pnpm-audit': 'pnpm audit',
  'pip-audit': 'pip-audit', dependabot: 'Dependabot', 'osv-scanner': 'OSV-Scanner', trivy: 'Trivy', grype: 'Grype',
  'dependency-check': 'Dependency-Check', cyclonedx: 'CycloneDX SBOM', spdx: 'SPDX SBOM', openvex: 'OpenVEX', csaf: 'CSAF advisory',
  changelog: 'CHANGELOG', openapi: 'OpenAPI', k6: 'k6 load test', 'pytest-benchmark': 'pytest-benchmark', jmh: 'JMH', hyperfine: 'hyperfine',
  lighthouse: 'Lighthouse', benchmarkdotnet: 'BenchmarkDotNet', 'github-pulls': 'GitHub pull requests', 'gitlab-merge-requests': 'GitLab merge requests',
  'evidence-manifest': 'Evidence manifest', checksums: 'Checksums', signature: 'Signature', certificate: 'Certificate', artifact: 'Artifact',
  unrecognised: 'Not recognised',
};

/** "Bandit 1.7.9", not "Bandit · Bandit 1.7.9". */
export function kindAndTool({ kind, tool }: Pick<EvidenceFile, 'kind' | 'tool'>): string {
  const words = KIND_WORDS[kind];
  if (tool === null) return words;
  const version = tool.version === null ? '' : ` ${tool.version}`;
  return words.toLowerCase().startsWith(tool.name.toLowerCase()) ? `${words}${version}` : `${words} · ${tool.name}${version}`;
}

/** How a file is known to be of a commit. */
export const BINDING_WORDS: Readonly<Record<Binding, string>> = {
  'in-report': 'by itself', manifest: 'by manifest', attested: 'by a person', none: 'names none',
};

/** What a report counts, in words; null where it counts nothing. */
export function countsInWords({ counts }: Pick<EvidenceFile, 'counts'>): string | null {
  if (counts === null) return null;
  const { tests, failures, errors, skipped, lines, branches, components, findings } = counts;
  const parts: string[] = [];
  if (tests !== undefined) {
    parts.push(counted(tests, 'test'));
    const bad = (failures ?? 0) + (errors ?? 0);
    if (failures !== undefined || errors !== undefined) parts.push(`${numbered(bad)} failed`);
    if (skipped !== undefined && skipped > 0) parts.push(`${numbered(skipped)} skipped`);
  }
  if (lines !== undefined) parts.push(`${numbered(lines.covered)} of ${counted(lines.total, 'line')} covered`);
  if (branches !== undefined) parts.push(`${numbered(branches.covered)} of ${counted(branches.total, 'branch', 'branches')}`);
  if (components !== undefined) parts.push(counted(components, 'component'));
  if (findings !== undefined) {
    const found = Object.entries(findings).filter(([, count]) => count > 0);
    parts.push(found.length === 0 ? 'no findings' : found.map(([severity, count]) => `${numbered(count)} ${severity}`).join(', '));
  }
  return parts.length === 0 ? null : parts.join(' · ');
}
