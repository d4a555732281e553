import type { BinaryFormat, EvidenceFormat, JsonFormat, TextFormat, XmlFormat } from './format.ts';
import { artifact } from './formats/artifact.ts';
import { bandit } from './formats/bandit.ts';
import { certificate } from './formats/certificate.ts';
import { changelog } from './formats/changelog.ts';
import { checksums } from './formats/checksums.ts';
import { cobertura } from './formats/cobertura.ts';
import { istanbulFinal } from './formats/coverage-istanbul-final.ts';
import { istanbulSummary } from './formats/coverage-istanbul-summary.ts';
import { coveragePy } from './formats/coverage-py.ts';
import { cyclonedx } from './formats/cyclonedx.ts';
import { eslint } from './formats/eslint.ts';
import { evidenceManifest } from './formats/evidence-manifest.ts';
import { junit } from './formats/junit.ts';
import { lcov } from './formats/lcov.ts';
import { npmAudit } from './formats/npm-audit.ts';
import { sarif } from './formats/sarif.ts';
import { binarySignature, signature } from './formats/signature.ts';

/** Every format that is read, in the order in which a file is compared with them. A new one is one file, one line here and one test. */
const formats: readonly EvidenceFormat[] = [
  artifact, binarySignature,
  evidenceManifest, cyclonedx, sarif, npmAudit, bandit, coveragePy, istanbulFinal, istanbulSummary, eslint,
  junit, cobertura,
  signature, certificate, checksums, lcov, changelog,
];

export const binaryFormats: readonly BinaryFormat[] = formats.filter((format) => format.syntax === 'binary');
export const jsonFormats: readonly JsonFormat[] = formats.filter((format) => format.syntax === 'json');
export const xmlFormats: readonly XmlFormat[] = formats.filter((format) => format.syntax === 'xml');
export const textFormats: readonly TextFormat[] = formats.filter((format) => format.syntax === 'text');
