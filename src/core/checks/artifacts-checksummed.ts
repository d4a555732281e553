import type { Check } from './check.ts';
import { counted, failed, missing, passed } from './judging.ts';

const REMEDY = 'Write checksums with the signatures: countersign sign --key FINGERPRINT --out DIR FILE…';

/** §5.1.3 “All artifacts checksummed (SHA-256)” */
export const artifactsChecksummed: Check = {
  id: 'artifacts-checksummed',
  evaluate: ({ artifacts }) => {
    if (artifacts.length === 0) return missing(['build artifacts in the outputs folder'], 'Put the build artifacts in the outputs folder.');
    const evidence = artifacts.map(({ path, sha256 }) => ({ path, sha256 }));
    const differing = artifacts.filter(({ checksum }) => checksum === 'differs');
    if (differing.length > 0) {
      return failed(
        `${counted(differing.length, 'artifact')} of ${artifacts.length} ${differing.length === 1 ? 'differs from its checksum' : 'differ from their checksums'}`,
        'Build or copy the artifacts again; do not write a new checksum over bytes that nobody can explain.',
        evidence,
        differing.map(({ name, path }) => ({ severity: null, title: `${name} differs from its checksum`, where: path, evidence: path })),
      );
    }
    const bare = artifacts.filter(({ checksum }) => checksum === 'none');
    if (bare.length > 0) return missing([`checksums of ${bare.map(({ name }) => name).join(', ')}`], REMEDY, evidence);
    return passed(`${counted(artifacts.length, 'artifact')} checked against SHA-256 checksums`, evidence);
  },
};
