import type { Artifact } from '../model/release.ts';
import { personByKey } from '../roster/people.ts';
import type { Check } from './check.ts';
import { counted, failed, missing, passed } from './judging.ts';

const REMEDY = 'Sign the artifacts: countersign sign --key FINGERPRINT --out DIR FILE…';
const WHY: Readonly<Record<Exclude<Artifact['signature'], 'good' | 'none'>, string>> = {
  'bad': 'the signature is not over these bytes',
  'unknown-key': 'the signing key is not on this machine, so the signature could not be checked',
  'expired': 'the signing key or the signature has expired',
  'revoked': 'the signing key is revoked',
};

/** §5.1.2 “All artifacts signed with GPG key”; `SHA256SUMS.asc` counts for what it covers. */
export const artifactsSigned: Check = {
  id: 'artifacts-signed',
  evaluate: ({ artifacts, roster, emergency, emergencyKeys }) => {
    if (artifacts.length === 0) return missing(['build artifacts in the outputs folder'], 'Put the build artifacts in the outputs folder.');
    const evidence = artifacts.map(({ path, sha256 }) => ({ path, sha256 }));
    const wrong = artifacts.filter(({ signature }) => signature !== 'good' && signature !== 'none');
    if (wrong.length > 0) {
      return failed(
        `${counted(wrong.length, 'artifact')} of ${artifacts.length} with a signature that does not hold`,
        REMEDY,
        evidence,
        wrong.map(({ name, path, signature }) => ({
          severity: null, title: `${name}: ${WHY[signature as keyof typeof WHY]}`, where: path, evidence: path,
        })),
      );
    }
    const unsigned = artifacts.filter(({ signature }) => signature === 'none');
    if (unsigned.length > 0) return missing([`signatures of ${unsigned.map(({ name }) => name).join(', ')}`], REMEDY, evidence);
    const signers = [...new Set(artifacts.map(({ signer }) => signer ?? 'unknown'))];
    const keys = signers.map((signer) => `0x${signer.slice(-16)}`).join(', ');
    if (roster === null) return passed(`${counted(artifacts.length, 'artifact')} signed by ${keys}; no roster says whose key that is`, evidence);
    const strangers = artifacts.filter(({ signer }) => signer === null || personByKey(roster.roster, signer, 'release') === null);
    if (strangers.length > 0) {
      return failed(
        `${counted(strangers.length, 'artifact')} signed by a key that is no release key in the roster in force (${keys})`,
        'Sign with a key that the roster names for releases.', evidence,
        strangers.map(({ name, path, signer }) => ({ severity: null, title: `${name}: signed by ${signer ?? 'an unknown key'}`, where: path, evidence: path })),
      );
    }
    const sealed = emergency === null ? artifacts.filter(({ signer }) => emergencyKeys.has(signer ?? '')) : [];
    if (sealed.length > 0) {
      return failed(
        `${counted(sealed.length, 'artifact')} signed by a key that ${[...new Set(sealed.flatMap(({ signer }) => emergencyKeys.get(signer ?? '') ?? []))].join(' and ')} set aside for emergencies (${keys})`,
        'Sign with the usual release key: what the key for emergencies signed counts while an emergency is open.', evidence,
        sealed.map(({ name, path }) => ({ severity: null, title: `${name}: signed by the key for emergencies`, where: path, evidence: path })),
      );
    }
    const people = [...new Set(signers.map((signer) => personByKey(roster.roster, signer, 'release')?.name ?? ''))];
    return passed(`${counted(artifacts.length, 'artifact')} signed by ${people.join(', ')} (${keys})`, evidence);
  },
  // The mathematics holds, but whose key it is only a roster in force can say.
  authority: (_verdict, { roster }) => (roster === null ? 'unproved' : 'proved'),
};
