import type { Verification } from '../model/verification.ts';
import type { SecondOpinion, SignatureCheck } from './openpgp.ts';

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
  /** Who withdrew the release that it is of, in words; null where nobody did. */
  readonly withdrawn?: string | null;
}

/** Whose signatures are wanted, and how many. */
export interface Expected {
  /** Fingerprints of keys or their primary keys; `keyring`: every key that the caller gave. */
  readonly signers: ReadonlySet<string> | 'keyring';
  /** Good signatures by so many different keys (m of n). */
  readonly atLeast: number;
}

/**
 * Puts signatures, checksums and the archive's record of one artifact together into one verdict. A good signature by
 * anybody whom nobody named is `signer-unknown`. `opinion`: what gpg says of the same, null where it was not asked.
 */
export function judgeVerification(check: SignatureCheck, sidecars: Sidecars, { signers, atLeast }: Expected, opinion: SecondOpinion | null): Verification {
  const isNamed = ({ fingerprint, primary }: Signature): boolean => signers === 'keyring' || [fingerprint, primary].some((print) => print !== null && signers.has(print));
  const good = check.signatures.filter(({ status }) => status === 'good');
  const named = good.filter(isNamed);
  const keys = new Set(named.map(({ primary }) => primary));
  const best = named[0] ?? good[0] ?? check.signatures.find(({ status }) => status !== 'bad') ?? check.signatures[0];
  const problems = [...signatureProblems(check), ...opinionProblems(good, opinion), ...sidecarProblems(check.sha256, sidecars), ...(sidecars.withdrawn == null ? [] : [{ code: 'withdrawn' as const, message: sidecars.withdrawn }])];
  if (good.length > 0 && named.length === 0) {
    problems.push({ code: 'signer-unknown', message: `The signature is good, but nobody named the key ${good[0]?.fingerprint ?? ''} as the signer.` });
  } else if (named.length > 0 && keys.size < atLeast) {
    problems.push({ code: 'too-few-signatures', message: `${keys.size} of at least ${atLeast} different keys signed it.` });
  }
  return {
    verdict: verdictOf(check, problems, named.length > 0, keys.size >= atLeast),
    when_made: best?.when_made ?? 'unknown', today: best?.today ?? 'unknown',
    signer: best?.fingerprint == null ? null : { fingerprint: best.primary ?? best.fingerprint, user: best.user },
    covered_bytes_sha256: good.length > 0 ? check.sha256 : null,
    signatures: check.signatures.map(({ when_made: _then, today: _today, ...signature }) => signature),
    problems,
  };
}

/** What no number of good signatures makes up for. */
const ALWAYS: ReadonlySet<Problem['code']> = new Set<Problem['code']>(['signature-bad', 'second-opinion', 'checksum-differs']);
/** What is bad where there are not enough others. */
const ALONE: ReadonlySet<Problem['code']> = new Set<Problem['code']>([
  'signature-unreadable', 'key-expired', 'key-revoked', 'signature-expired', 'signature-weak', 'time-conflict', 'key-unfit', 'too-few-signatures',
]);

function verdictOf(check: SignatureCheck, problems: readonly Problem[], isNamed: boolean, enough: boolean): Verification['verdict'] {
  const holds = isNamed && enough;
  if (problems.some(({ code }) => ALWAYS.has(code) || (!holds && ALONE.has(code)))) return 'bad';
  // Its signatures stay good, and it must not be used.
  if (problems.some(({ code }) => code === 'withdrawn')) return 'withdrawn';
  if (check.signatures.length === 0) return 'no-signature';
  if (problems.some(({ code }) => code === 'differs-from-record')) return 'not-as-recorded';
  return holds ? 'good' : 'signer-unknown';
}

const CODES: Readonly<Record<Exclude<Signature['status'], 'good'>, Problem['code']>> = {
  bad: 'signature-bad', unreadable: 'signature-unreadable', 'no-key': 'key-missing', 'expired-key': 'key-expired', 'revoked-key': 'key-revoked',
  'expired-signature': 'signature-expired', weak: 'signature-weak', 'time-conflict': 'time-conflict', 'key-unfit': 'key-unfit',
};

function signatureProblems({ signatures, unreadable }: SignatureCheck): Problem[] {
  const problems: Problem[] = unreadable === null ? [] : [{ code: 'signature-unreadable', message: `The signature file cannot be used: ${unreadable}.` }];
  for (const { status, fingerprint, why } of signatures) {
    if (status === 'good') continue;
    const whose = fingerprint === null ? 'The signature' : `The signature by ${fingerprint}`;
    const message = status === 'bad' ? 'is not over these bytes: the artifact or the signature was changed' : `${status === 'no-key' ? 'could not be checked' : 'does not count today'}: ${why ?? status}`;
    problems.push({ code: CODES[status], message: `${whose} ${message}.` });
  }
  return problems;
}

/** Two programs that read the same standard must agree on what is good; where they do not, it is not. */
function opinionProblems(good: readonly Signature[], opinion: SecondOpinion | null): Problem[] {
  if (opinion === null) return [];
  return good
    .filter(({ fingerprint }) => !opinion.signatures.some((theirs) => theirs.fingerprint === fingerprint && theirs.status === 'good'))
    .map(({ fingerprint }) => {
      const theirs = opinion.unreadable ?? opinion.signatures.find((one) => one.fingerprint === fingerprint)?.status ?? opinion.signatures[0]?.status ?? 'nothing';
      return { code: 'second-opinion', message: `The signature by ${fingerprint ?? ''} is good by this program and not by gpg, which says: ${theirs}.` };
    });
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
