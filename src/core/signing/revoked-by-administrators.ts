import type { JudgedSignature } from '../openpgp/judge-signature.ts';
import type { RevokedKeys } from '../roster/revocations.ts';

/** States that say more than that the key is not to be relied on. */
const WORSE: ReadonlySet<JudgedSignature['status']> = new Set(['bad', 'unreadable', 'no-key', 'revoked-key']);

/**
 * Holds judged signatures against the keys that administrators revoked: whoever has such a key can give any date, so what
 * a signature was worth when it was made is not known (FORMATS §4, §5).
 */
export function heldAgainst(revoked: RevokedKeys, signatures: readonly JudgedSignature[]): JudgedSignature[] {
  return signatures.map((signature) => {
    const key = signature.primary === null ? undefined : revoked.get(signature.primary);
    if (key === undefined || WORSE.has(signature.status)) return signature;
    const { since, cause, reason, record } = key;
    const why = `the administrators revoked its key${cause === 'compromised' ? ' as compromised' : ''} from ${since} on (${record}): “${reason}”`;
    return { ...signature, status: 'revoked-key', when_made: signature.when_made === 'bad' ? 'bad' : 'unknown', today: 'bad', why };
  });
}
