import type { JsonFormat, TextFormat, XmlFormat } from './format.ts';
import { bandit } from './formats/bandit.ts';
import { changelog } from './formats/changelog.ts';
import { cobertura } from './formats/cobertura.ts';
import { coveragePy, istanbulFinal, istanbulSummary } from './formats/coverage-json.ts';
import { cyclonedx } from './formats/cyclonedx.ts';
import { eslint } from './formats/eslint.ts';
import { evidenceManifest } from './formats/evidence-manifest.ts';
import { junit } from './formats/junit.ts';
import { lcov } from './formats/lcov.ts';
import { npmAudit } from './formats/npm-audit.ts';
import { certificate, checksums, signature } from './formats/openpgp-files.ts';
import { sarif } from './formats/sarif.ts';

/** Every format that is read. A new one is one file, one line here and one test. */
export const jsonFormats: readonly JsonFormat[] = [
  evidenceManifest, cyclonedx, sarif, npmAudit, bandit, coveragePy, istanbulFinal, istanbulSummary, eslint,
];
export const xmlFormats: readonly XmlFormat[] = [junit, cobertura];
export const textFormats: readonly TextFormat[] = [signature, certificate, checksums, lcov, changelog];
