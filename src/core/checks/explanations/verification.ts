import type { CheckId } from '../../model/verdict.ts';
import { attest, type AcceptedEvidence, type Explanation } from './explanation.ts';
import { CHECKSUMS, ESLINT, MANIFEST, SARIF } from './samples.ts';

/** §4.1 */
export const automatedVerification = {
  'linters-passed': {
    accepts: [
      { what: 'ESLint, for JavaScript and TypeScript', kinds: ['eslint'], make: ['npx eslint --format json --output-file outputs/eslint.json .'], samples: [ESLINT] },
      { what: 'Ruff, for Python', kinds: ['sarif'], make: ['ruff check --output-format sarif --output-file outputs/ruff.sarif .'], samples: [SARIF] },
    ],
    green: 'Every linter that the files of this commit call for has a report of this commit with no error.',
    rules: ['linters'],
  },
  'artifacts-signed': {
    accepts: [{ what: 'A detached OpenPGP signature beside each artifact, or a signed SHA256SUMS that covers it', kinds: ['signature', 'artifact'], make: ['countersign sign --key FINGERPRINT --out outputs outputs/*.tar.gz', 'gpg --armor --detach-sign outputs/tariff-1.1.0.tar.gz'], samples: [], example: 'outputs/tariff-1.1.0.tar.gz\noutputs/tariff-1.1.0.tar.gz.asc\n' }],
    green: 'Every artifact has a good signature by a key that the roster in force names for releases; without a roster the signatures are unproved.',
    rules: ['artifact_files'],
  },
  'artifacts-checksummed': {
    accepts: [{ what: 'A SHA-256 checksum of each artifact, in the form of sha256sum', kinds: ['checksums', 'artifact'], make: ['countersign sign --key FINGERPRINT --out outputs outputs/*.tar.gz', 'cd outputs && sha256sum *.tar.gz > SHA256SUMS'], samples: [CHECKSUMS] }],
    green: 'Every artifact is listed with a checksum, and is the bytes that it names.',
    rules: ['artifact_files'],
  },
  'artifacts-stored': {
    accepts: [{
      what: 'What was downloaded again from the artifact repository, with its checksums, in a folder of the outputs that a manifest binds', kinds: ['artifact', 'checksums', 'evidence-manifest'],
      make: ['countersign artifacts store --repo REPO --outputs outputs --release v1.1.0 --to s3://ghostquant-releases --read-back outputs/read-back', 'aws s3 cp --recursive s3://ghostquant-releases/v1.1.0/ outputs/read-back/', 'countersign manifest outputs/read-back --commit COMMIT --run s3://ghostquant-releases/v1.1.0/'],
      samples: [CHECKSUMS, MANIFEST], example: 'outputs/read-back/tariff-1.1.0.tar.gz\noutputs/read-back/tariff-1.1.0.tar.gz.sha256\noutputs/read-back/evidence-manifest.json\n',
    }],
    green: 'Every artifact was read back and is, byte for byte, what was built, with its checksum beside it.',
    rules: ['artifact_files', 'stored_files'],
  },
} as const satisfies Record<string, Explanation>;

const byQa = (check: CheckId, what: string): AcceptedEvidence => ({ what: `An attestation, signed by somebody of QA in the roster in force who did not write the change: ${what}`, kinds: [], make: [attest(check)], samples: [] });
const qa = (check: CheckId, what: string): Explanation => ({ accepts: [byQa(check, what)], green: `QA signed: ${what}. Until a roster is in force it stays a question.`, rules: [] });

/** §4.2 */
export const manualVerification = {
  'qa-automated-checks': qa('qa-automated-checks', 'every automated check passed'),
  'qa-release-notes': qa('qa-release-notes', 'the release notes were reviewed'),
  'qa-changelog': qa('qa-changelog', 'the CHANGELOG was reviewed'),
  'qa-api-documentation': qa('qa-api-documentation', 'the API documentation was reviewed'),
  'qa-staging-tested': qa('qa-staging-tested', 'this release was tested in the staging environment, with smoke and regression tests'),
  'qa-no-critical-issues': qa('qa-no-critical-issues', 'no critical issue was found'),
} as const satisfies Record<string, Explanation>;
