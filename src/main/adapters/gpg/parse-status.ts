import type { SignatureCheck } from '../../../core/signing/openpgp.ts';

type Signature = SignatureCheck['signatures'][number];

const PUBLIC_KEY: Readonly<Record<string, string>> = {
  '1': 'RSA', '2': 'RSA', '3': 'RSA', '17': 'DSA', '19': 'ECDSA', '22': 'EdDSA', '27': 'Ed25519', '28': 'Ed448',
};
const HASH: Readonly<Record<string, string>> = {
  '1': 'MD5', '2': 'SHA1', '3': 'RIPEMD160', '8': 'SHA256', '9': 'SHA384', '10': 'SHA512', '11': 'SHA224', '12': 'SHA3-256', '14': 'SHA3-512',
};

/**
 * Reads gpg's status lines of a verification (doc/DETAILS): one report for each NEWSIG. Exactly one of GOODSIG,
 * EXPSIG, EXPKEYSIG, REVKEYSIG, BADSIG and ERRSIG is printed for a signature; VALIDSIG adds its particulars.
 */
export function parseVerification(status: readonly string[]): { signatures: Signature[]; unreadable: string | null } {
  const signatures: Signature[] = [];
  let open: Signature | null = null;
  let keyExpired: string | null = null;
  const current = (): Signature => {
    if (open === null) {
      open = { fingerprint: null, primary: null, user: null, algorithm: null, hash: null, created: null, status: 'unreadable', keyExpired: null };
      signatures.push(open);
    }
    return open;
  };
  const set = (change: Partial<Signature>): void => {
    const before = current();
    open = { ...before, ...change };
    signatures[signatures.length - 1] = open;
  };

  for (const line of status) {
    const [word = '', ...rest] = line.split(' ');
    const user = rest.slice(1).join(' ') || null;
    if (word === 'NEWSIG') {
      open = null;
      keyExpired = null;
      current();
    } else if (word === 'KEYEXPIRED') keyExpired = instant(rest[0]);
    else if (word === 'GOODSIG') set({ status: 'good', user });
    else if (word === 'EXPSIG') set({ status: 'expired-signature', user });
    else if (word === 'EXPKEYSIG') set({ status: 'expired-key', user, keyExpired });
    else if (word === 'REVKEYSIG') set({ status: 'revoked-key', user });
    else if (word === 'BADSIG') set({ status: 'bad', user });
    else if (word === 'ERRSIG') {
      const fingerprint = rest[6];
      set({
        status: rest[5] === '9' ? 'no-key' : 'unreadable', algorithm: PUBLIC_KEY[rest[1] ?? ''] ?? null, hash: HASH[rest[2] ?? ''] ?? null,
        created: instant(rest[4]), fingerprint: isFingerprint(fingerprint) ? fingerprint : null,
      });
    } else if (word === 'VALIDSIG') {
      set({
        fingerprint: isFingerprint(rest[0]) ? rest[0] : null, created: instant(rest[2]), algorithm: PUBLIC_KEY[rest[6] ?? ''] ?? null,
        hash: HASH[rest[7] ?? ''] ?? null, primary: isFingerprint(rest[9]) ? rest[9] : null,
      });
    } else if (word === 'PLAINTEXT') {
      // A signed message brings its own data: it says nothing about the artifact beside it.
      return { signatures: [], unreadable: 'this is a signed message, not a detached signature' };
    }
  }
  // Good without its particulars is not good: VALIDSIG names the key.
  const complete = signatures.map((signature) =>
    signature.status === 'good' && signature.fingerprint === null ? { ...signature, status: 'unreadable' as const } : signature,
  );
  return { signatures: complete, unreadable: complete.length === 0 ? 'gpg found no signature in it' : null };
}

function isFingerprint(text: string | undefined): text is string {
  return text !== undefined && /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(text);
}

/** gpg gives seconds, or ISO 8601 basic format for times after 2038. */
function instant(text: string | undefined): string | null {
  if (text === undefined || text === '' || text === '0') return null;
  const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (basic !== null) return `${basic[1]}-${basic[2]}-${basic[3]}T${basic[4]}:${basic[5]}:${basic[6]}Z`;
  return /^\d{1,11}$/.test(text) ? new Date(Number(text) * 1000).toISOString().replace('.000Z', 'Z') : null;
}
