import type { Facts } from '../../../src/core/checks/check.ts';
import { ESLINT } from '../../../src/core/checks/explanations/samples.ts';
import type { Artifact } from '../../../src/core/model/release.ts';
import type { CheckId } from '../../../src/core/model/verdict.ts';
import { artifact, OTHER_COMMIT } from '../facts.ts';
import type { Examples } from './example.ts';
import { cut, evidence, fixture, outputs, type Content } from './gathered.ts';

const BUILT = Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.alloc(100, 7)]);

const built = (more: Partial<Artifact>) => (): Partial<Facts> => ({ artifacts: [artifact(), artifact({ name: 'b.zip', path: 'b.zip', ...more })] });

/** What was built, beside what the artifact repository gave back. */
async function readBack(archive: Content, sums: (digest: string) => Content, commit?: string): Promise<Partial<Facts>> {
  const [made] = await outputs({ 'a.tar.gz': BUILT });
  const sha256 = made?.file.sha256 ?? '';
  return { artifacts: [artifact({ sha256 })], evidence: await outputs({ 'read-back/a.tar.gz': archive, 'read-back/SHA256SUMS': sums(sha256) }, commit) };
}
const list = (sha256: string): string => `${sha256}  a.tar.gz\n`;

/** §4.1 Automated Verification */
export const automatedVerification = {
  'linters-passed': {
    passed: { given: () => evidence({ 'eslint.json': ESLINT.text }), status: 'passed', says: /^ESLint: eslint\.json: 1 finding \(1 medium\)$/ },
    failed: { given: () => evidence({ 'eslint.json': fixture('eslint/eslint.json') }), status: 'failed', says: /\(1 high, 1 medium\)$/ },
    missing: { given: () => ({}), status: 'missing', says: /a linter report for JavaScript and TypeScript \(eslint\)/ },
    stale: { given: () => evidence({ 'eslint.json': ESLINT.text }, OTHER_COMMIT), status: 'stale', says: /another commit \(ddddddd, not ccccccc\)/ },
    malformed: { given: () => evidence({ 'eslint.json': cut(fixture('eslint/eslint-metadata.json')) }), status: 'broken', says: /^Could not be judged: eslint\.json: / },
  },
  'artifacts-signed': {
    passed: { given: built({}), status: 'passed', says: /^2 artifacts signed by 0xF{16}; no roster says whose key that is$/ },
    failed: { given: built({ signature: 'revoked' }), status: 'failed', says: /^1 artifact of 2 with a signature that does not hold$/ },
    missing: { given: built({ signature: 'none' }), status: 'missing', says: /signatures of b\.zip$/ },
    stale: { given: built({ signature: 'expired' }), status: 'failed', says: /^1 artifact of 2 with a signature that does not hold$/ },
    // A signature file that cannot be read is told as a bad one by what verifies it.
    malformed: { given: built({ signature: 'bad' }), status: 'failed', says: /^1 artifact of 2 with a signature that does not hold$/ },
  },
  'artifacts-checksummed': {
    passed: { given: built({}), status: 'passed', says: /^2 artifacts checked against SHA-256 checksums$/ },
    failed: { given: built({ checksum: 'differs' }), status: 'failed', says: /^1 artifact of 2 differs from its checksum$/ },
    missing: { given: built({ checksum: 'none' }), status: 'missing', says: /checksums of b\.zip$/ },
    stale: { cannot: 'A list of checksums names no commit: one of another build lists other bytes, which is a checksum that differs.', nearest: built({ checksum: 'differs' }), status: 'failed' },
    malformed: { cannot: 'A list that cannot be read is told to the check as one that differs, which has failed, or as none, which is missing.', nearest: built({ checksum: 'differs' }), status: 'failed' },
  },
  'artifacts-stored': {
    passed: { given: () => readBack(BUILT, list), status: 'passed', says: /^1 artifact read back from the artifact repository with its checksum, byte for byte what was built$/ },
    failed: { given: () => readBack(cut(BUILT), list), status: 'failed', says: /^1 artifact of 1 came back as other bytes than were built$/ },
    missing: { given: () => ({ artifacts: [artifact()] }), status: 'missing', says: /what was read back from the artifact repository of a\.tar\.gz/ },
    stale: { given: () => readBack(BUILT, list, OTHER_COMMIT), status: 'stale', says: /another commit \(ddddddd, not ccccccc\)/ },
    malformed: { given: () => readBack(BUILT, (digest) => cut(list(digest))), status: 'missing', says: /the checksums of a\.tar\.gz, read back with them$/ },
  },
} as const satisfies Partial<Record<CheckId, Examples>>;
