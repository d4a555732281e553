import type { BinaryFormat, EvidenceFormat, JsonFormat, JsonLinesFormat, TextFormat, XmlFormat } from './format.ts';
import { artifact } from './formats/artifact.ts';
import { bandit } from './formats/bandit.ts';
import { benchmarkDotNet } from './formats/benchmarkdotnet.ts';
import { certificate } from './formats/certificate.ts';
import { changelog } from './formats/changelog.ts';
import { checksums } from './formats/checksums.ts';
import { clover } from './formats/clover.ts';
import { cobertura } from './formats/cobertura.ts';
import { istanbulFinal } from './formats/coverage-istanbul-final.ts';
import { istanbulSummary } from './formats/coverage-istanbul-summary.ts';
import { coveragePy } from './formats/coverage-py.ts';
import { cyclonedx } from './formats/cyclonedx.ts';
import { csaf } from './formats/csaf.ts';
import { cyclonedxXml } from './formats/cyclonedx-xml.ts';
import { dependabot } from './formats/dependabot.ts';
import { dependencyCheckJson, dependencyCheckXml } from './formats/dependency-check.ts';
import { eslint } from './formats/eslint.ts';
import { evidenceManifest } from './formats/evidence-manifest.ts';
import { githubPulls } from './formats/github-pulls.ts';
import { gitlabMergeRequests } from './formats/gitlab-merge-requests.ts';
import { grype } from './formats/grype.ts';
import { hyperfine } from './formats/hyperfine.ts';
import { jmh } from './formats/jmh.ts';
import { jacoco } from './formats/jacoco.ts';
import { junit } from './formats/junit.ts';
import { k6 } from './formats/k6.ts';
import { lcov } from './formats/lcov.ts';
import { npmAudit } from './formats/npm-audit.ts';
import { lighthouse } from './formats/lighthouse.ts';
import { openapiJson, openapiYaml } from './formats/openapi.ts';
import { openvex } from './formats/openvex.ts';
import { osvScanner } from './formats/osv-scanner.ts';
import { pipAudit } from './formats/pip-audit.ts';
import { pnpmAudit } from './formats/pnpm-audit.ts';
import { pytestBenchmark } from './formats/pytest-benchmark.ts';
import { sarif } from './formats/sarif.ts';
import { snyk } from './formats/snyk.ts';
import { spdxJson, spdxText } from './formats/spdx.ts';
import { trivy } from './formats/trivy.ts';
import { yarnAudit, yarnAuditLines } from './formats/yarn-audit.ts';
import { zapJson, zapXml } from './formats/zap.ts';
import { binarySignature, signature } from './formats/signature.ts';

/** Every format that is read, in the order in which a file is compared with them. A new one is one file, one line here and one test. */
const formats: readonly EvidenceFormat[] = [
  artifact, binarySignature,
  yarnAuditLines,
  evidenceManifest, cyclonedx, spdxJson, openvex, csaf, sarif, zapJson, npmAudit, pnpmAudit, yarnAudit, dependencyCheckJson, dependabot, snyk, trivy, grype, osvScanner, pipAudit,
  lighthouse, benchmarkDotNet, pytestBenchmark, k6, hyperfine, jmh, githubPulls, gitlabMergeRequests, openapiJson,
  bandit, coveragePy, istanbulFinal, istanbulSummary, eslint,
  junit, clover, cobertura, jacoco, zapXml, dependencyCheckXml, cyclonedxXml,
  signature, certificate, checksums, lcov, spdxText, openapiYaml, changelog,
];

export const binaryFormats: readonly BinaryFormat[] = formats.filter((format) => format.syntax === 'binary');
export const jsonFormats: readonly JsonFormat[] = formats.filter((format) => format.syntax === 'json');
export const jsonLinesFormats: readonly JsonLinesFormat[] = formats.filter((format) => format.syntax === 'json-lines');
export const xmlFormats: readonly XmlFormat[] = formats.filter((format) => format.syntax === 'xml');
export const textFormats: readonly TextFormat[] = formats.filter((format) => format.syntax === 'text');
