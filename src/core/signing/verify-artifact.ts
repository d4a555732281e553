import type { Verification } from '../model/verification.ts';
import type { SignatureCheck } from './openpgp.ts';

type Problem = Verification['problems'][number];
type Signature = SignatureCheck['signatures'][number];

/** What lies beside an artifact and speaks of it, already read. */
export interface Sidecars {
  /** `NAME.sha256`: the digest that it gives for this name; `absent` when there is no such file. */
  readonly checksum: string | 'absent' | 'unreadable' | 'names-another';
  /** `SHA256SUMS`: the digest that it gives for this name. */
  readonly listed: string | 'absent' | 'unreadable' | 'names-another';
  /** Whether the signature file's digest is one that the archive recorded for these bytes; null: nothing recorded. */
  readonly recorded: 'matches' | 'differs' | null;
}

/** What a signature is worth: when it was made, and today. Neither says whose it is (FORMATS §8). */
export function worth(signature: Signature): Pick<Verification, 'when_made' | 'today'> {
  switch (signature.status) {
    case 'good':
      return { when_made: 'good', today: 'good' };
    case 'expired-signature':
      return { when_made: 'good', today: 'bad' };
    case 'expired-key': {
      const { created, keyExpired } = signature;
      if (created === null || keyExpired === null) return { when_made: 'unknown', today: 'bad' };
      return { when_made: Date.parse(created) <= Date.parse(keyExpired) ? 'good' : 'bad', today: 'bad' };
    }
    // Why and since when it was revoked decides what it was worth then; that is not known here.
    case 'revoked-key':
      return { when_made: 'unknown', today: 'bad' };
    case 'bad':
      return { when_made: 'bad', today: 'bad' };
    case 'no-key':
    case 'unreadable':
      return { when_made: 'unknown', today: 'unknown' };
  }
}

/**
 * Puts signatures, checksums and the archive's record of one artifact together into one verdict.
 * `named`: fingerprints (of keys or their primary keys) that the caller expects; null: every key of the keyring that
 * the caller gave. A good signature by anybody else is `signer-unknown`.
 */
export function judgeVerification(
  check: SignatureCheck,
  sidecars: Sidecars,
  named: ReadonlySet<string> | 'keyring' | 'nobody',
): Verification {
  const problems = [...signatureProblems(check), ...sidecarProblems(check.sha256, sidecars)];
  const isNamed = ({ fingerprint, primary }: Signature): boolean =>
    named === 'keyring' || (named !== 'nobody' && [fingerprint, primary].some((print) => print !== null && named.has(print)));
  const good = check.signatures.filter(({ status }) => status === 'good');
  const best = good.find(isNamed) ?? good[0] ?? check.signatures.find(({ status }) => status !== 'bad') ?? check.signatures[0];

  if (good.length > 0 && !good.some(isNamed)) {
    problems.push({ code: 'signer-unknown', message: `The signature is good, but nobody named the key ${good[0]?.fingerprint ?? ''} as the signer.` });
  }
  return {
    verdict: verdictOf(check, problems, good.some(isNamed)),
    ...(best === undefined ? { when_made: 'unknown', today: 'unknown' } : worth(best)),
    signer: best?.fingerprint == null ? null : { fingerprint: best.primary ?? best.fingerprint, user: best.user },
    covered_bytes_sha256: good.length > 0 ? check.sha256 : null,
    signatures: check.signatures.map(({ keyExpired: _keyExpired, ...signature }) => signature),
    problems,
  };
}

const FATAL: ReadonlySet<Problem['code']> = new Set<Problem['code']>([
  'signature-bad', 'signature-unreadable', 'key-expired', 'key-revoked', 'signature-expired', 'checksum-differs',
]);

function verdictOf(check: SignatureCheck, problems: readonly Problem[], goodByNamed: boolean): Verification['verdict'] {
  if (problems.some(({ code }) => FATAL.has(code))) return 'bad';
  if (check.signatures.length === 0) return 'no-signature';
  if (problems.some(({ code }) => code === 'differs-from-record')) return 'not-as-recorded';
  return goodByNamed ? 'good' : 'signer-unknown';
}

function signatureProblems({ signatures, unreadable }: SignatureCheck): Problem[] {
  const problems: Problem[] = unreadable === null ? [] : [{ code: 'signature-unreadable', message: `The signature file cannot be used: ${unreadable}.` }];
  for (const { status, fingerprint } of signatures) {
    const key = fingerprint ?? 'an unknown key';
    if (status === 'bad') problems.push({ code: 'signature-bad', message: 'The signature is not over these bytes: the artifact or the signature was changed.' });
    if (status === 'unreadable') problems.push({ code: 'signature-unreadable', message: 'The signature could not be checked: its algorithm or form is not supported.' });
    if (status === 'no-key') problems.push({ code: 'key-missing', message: `The public key ${key} is not in the keyring, so the signature could not be checked.` });
    if (status === 'expired-key') problems.push({ code: 'key-expired', message: `The key ${key} has expired.` });
    if (status === 'revoked-key') problems.push({ code: 'key-revoked', message: `The key ${key} is revoked.` });
    if (status === 'expired-signature') problems.push({ code: 'signature-expired', message: `The signature by ${key} has expired.` });
  }
  return problems;
}

function sidecarProblems(sha256: string, { checksum, listed, recorded }: Sidecars): Problem[] {
  const problems: Problem[] = [];
  const compare = (said: Sidecars['checksum'], file: string): void => {
    if (said === 'absent' || said === sha256) return;
    if (said === 'unreadable') problems.push({ code: 'checksum-differs', message: `${file} is not a checksum file.` });
    else if (said === 'names-another') problems.push({ code: 'checksum-differs', message: `${file} does not name this file.` });
    else problems.push({ code: 'checksum-differs', message: `${file} gives ${said}, but the bytes are ${sha256}.` });
  };
  compare(checksum, 'The .sha256 file');
  // SHA256SUMS may rightly be about other files; then it says nothing about this one.
  if (listed !== 'names-another') compare(listed, 'SHA256SUMS');
  if (recorded === 'differs') {
    problems.push({ code: 'differs-from-record', message: 'The archive recorded another signature for these bytes: the signature file was changed since.' });
  }
  return problems;
}
