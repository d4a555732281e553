import type { SigningKey } from '../../../core/contract/contract.ts';

/** OpenPGP public-key algorithms by number (RFC 9580 §9.1) with the names that people know. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  '1': 'RSA', '2': 'RSA', '3': 'RSA', '16': 'Elgamal', '17': 'DSA', '18': 'ECDH', '19': 'ECDSA', '22': 'EdDSA',
  '25': 'X25519', '26': 'X448', '27': 'Ed25519', '28': 'Ed448',
};

interface KeyLine {
  readonly type: 'sec' | 'ssb';
  readonly validity: string;
  readonly length: string;
  readonly algorithm: string;
  readonly created: string;
  readonly expires: string;
  readonly capabilities: string;
  /** `#`: the secret is not here; a serial number: it is on that card; `+` or empty: it is here. */
  readonly token: string;
  readonly curve: string;
  fingerprint: string;
}

/** Reads `gpg --list-secret-keys --with-colons` (doc/DETAILS, "Format of the colon listings"). */
export function parseSecretKeys(listing: string, now: Date): SigningKey[] {
  const keys: { primary: KeyLine; subkeys: KeyLine[]; users: string[] }[] = [];
  let last: KeyLine | null = null;
  for (const line of listing.split('\n')) {
    const fields = line.split(':');
    const type = fields[0];
    if (type === 'sec' || type === 'ssb') {
      last = {
        type, validity: fields[1] ?? '', length: fields[2] ?? '', algorithm: fields[3] ?? '', created: fields[5] ?? '', expires: fields[6] ?? '',
        capabilities: fields[11] ?? '', token: fields[14] ?? '', curve: fields[16] ?? '', fingerprint: '',
      };
      if (type === 'sec') keys.push({ primary: last, subkeys: [], users: [] });
      else keys.at(-1)?.subkeys.push(last);
    } else if (type === 'fpr' && last !== null && last.fingerprint === '') {
      last.fingerprint = fields[9] ?? '';
    } else if (type === 'uid' && !/^[re]/.test(fields[1] ?? '')) {
      keys.at(-1)?.users.push(unescapeColons(fields[9] ?? ''));
    }
  }
  return keys.filter(({ primary }) => /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(primary.fingerprint)).map((key) => describe(key, now));
}

function describe(key: { primary: KeyLine; subkeys: KeyLine[]; users: string[] }, now: Date): SigningKey {
  const { primary } = key;
  // gpg signs with the newest usable signing subkey, and with the primary key only where there is none.
  const candidates = [...key.subkeys].sort((a, b) => Number(b.created) - Number(a.created)).concat(primary);
  const signing = candidates.find((candidate) => candidate.capabilities.includes('s') && candidate.token !== '#' && fault(candidate, now) === null);
  const expires = signing?.expires || primary.expires;
  return {
    fingerprint: primary.fingerprint,
    signing: signing?.fingerprint ?? null,
    users: key.users,
    algorithm: nameOf(signing ?? primary),
    created: instant((signing ?? primary).created),
    expires: expires === '' || expires === '0' ? null : instant(expires),
    onCard: /^[0-9A-F]{16,}$/i.test(signing?.token ?? '') ? (signing?.token ?? null) : null,
    unusable: fault(primary, now) ?? (signing === undefined ? whyNone(candidates, now) : null),
  };
}

function fault(line: KeyLine, now: Date): 'expired' | 'revoked' | 'disabled' | null {
  if (line.validity === 'r') return 'revoked';
  if (line.capabilities.includes('D')) return 'disabled';
  const expires = Number(line.expires);
  if (line.validity === 'e' || (expires > 0 && expires * 1000 <= now.getTime())) return 'expired';
  return null;
}

function whyNone(candidates: readonly KeyLine[], now: Date): SigningKey['unusable'] {
  const capable = candidates.filter(({ capabilities }) => capabilities.includes('s'));
  if (capable.length === 0) return 'cannot-sign';
  if (capable.every(({ token }) => token === '#')) return 'secret-missing';
  return capable.map((line) => fault(line, now)).find((found) => found !== null) ?? 'cannot-sign';
}

function nameOf(line: KeyLine): string {
  const name = ALGORITHMS[line.algorithm] ?? `algorithm ${line.algorithm}`;
  if (line.curve !== '') return line.curve === 'ed25519' ? 'Ed25519' : `${name} ${line.curve}`;
  return line.length === '' ? name : `${name}-${line.length}`;
}

function instant(seconds: string): string {
  return new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
}

/** gpg escapes colons and control characters in user ids as `\xNN`. */
function unescapeColons(text: string): string {
  return text.replaceAll(/\\x([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
