import type { SecondOpinion } from '../../../core/signing/openpgp.ts';

type Status = SecondOpinion['signatures'][number]['status'];

/** Exactly one of these is printed for a signature (gpg's doc/DETAILS). */
const VERDICTS: ReadonlyMap<string, Status> = new Map([
  ['GOODSIG', 'good'], ['EXPSIG', 'expired-signature'], ['EXPKEYSIG', 'expired-key'], ['REVKEYSIG', 'revoked-key'], ['BADSIG', 'bad'], ['ERRSIG', 'unreadable'],
]);
/** ERRSIG's reason for a key that is not there. */
const NO_PUBKEY = '9';

/** Reads gpg's status lines of a verification: one report for each NEWSIG, with the fingerprint that VALIDSIG gives. */
export function parseVerification(status: readonly string[]): SecondOpinion {
  const signatures: { fingerprint: string | null; status: Status }[] = [];
  for (const line of status) {
    const [word = '', ...rest] = line.split(' ');
    if (word === 'NEWSIG') signatures.push({ fingerprint: null, status: 'unreadable' });
    // A signed message brings its own data: it says nothing about the artifact beside it.
    if (word === 'PLAINTEXT') return { signatures: [], unreadable: 'it is a signed message, not a detached signature' };
    const last = signatures.at(-1);
    if (last === undefined) continue;
    const verdict = VERDICTS.get(word);
    if (verdict !== undefined) last.status = word === 'ERRSIG' && rest[5] === NO_PUBKEY ? 'no-key' : verdict;
    if (word === 'VALIDSIG' && isFingerprint(rest[0])) last.fingerprint = rest[0];
  }
  // Good without its particulars is not good: VALIDSIG names the key.
  const complete = signatures.map((signature) => (signature.status === 'good' && signature.fingerprint === null ? { ...signature, status: 'unreadable' as const } : signature));
  return { signatures: complete, unreadable: complete.length === 0 ? 'gpg found no signature in it' : null };
}

function isFingerprint(text: string | undefined): text is string {
  return text !== undefined && /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(text);
}
