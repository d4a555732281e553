import { OpenPgpFault } from './fault.ts';
import { hex, Octets } from './octets.ts';

/** Why a key was revoked (RFC 9580 §5.2.3.31). */
export interface RevocationReason {
  readonly code: number;
  readonly words: string;
}

/** What a signature says of itself. Only `issuers` and `embedded` may come from the part that is not signed. */
export interface Subpackets {
  readonly created: number | null;
  /** Seconds after `created`; null: never. */
  readonly lifetime: number | null;
  /** Seconds after the key's creation; null: never. */
  readonly keyLifetime: number | null;
  /** Key ids (16 digits) and fingerprints that may be of who signed. */
  readonly issuers: readonly string[];
  readonly keyFlags: number | null;
  readonly primaryUser: boolean;
  readonly reason: RevocationReason | null;
  /** Fingerprints of keys that may revoke this one (§5.2.3.23). */
  readonly revokers: readonly string[];
  /** Bodies of signatures that are carried inside, such as a signing subkey's own (§5.2.3.34). */
  readonly embedded: readonly Uint8Array[];
  /** What it demands to be understood and is not understood here (§5.2.3.7); null where there is none. */
  readonly notUnderstood: string | null;
}

const KIND = {
  created: 2, lifetime: 3, exportable: 4, trust: 5, regularExpression: 6, revocable: 7, keyLifetime: 9, symmetric: 11, revoker: 12, issuer: 16, notation: 20, hashes: 21,
  compression: 22, keyServer: 23, keyServerUrl: 24, primaryUser: 25, policy: 26, keyFlags: 27, signerUser: 28, reason: 29, features: 30, target: 31, embedded: 32,
  issuerFingerprint: 33, aead: 34, recipient: 35, attested: 37, aeadSuites: 39,
} as const;
/** These say nothing that a verdict here depends on, so that to know them is to understand them. */
const KNOWN: ReadonlySet<number> = new Set(Object.values(KIND).filter((kind) => kind !== KIND.notation && kind !== KIND.trust && kind !== KIND.regularExpression && kind !== KIND.target));

type Writable = { -readonly [Field in keyof Subpackets]: Subpackets[Field] };

/** Reads both areas of a signature's subpackets (§5.2.3.7). Throws `malformed`. */
export function readSubpackets(hashed: Uint8Array, unhashed: Uint8Array): Subpackets {
  const said: Writable = { created: null, lifetime: null, keyLifetime: null, issuers: [], keyFlags: null, primaryUser: false, reason: null, revokers: [], embedded: [], notUnderstood: null };
  for (const { kind, critical, body } of subpacketsOf(hashed)) {
    if (critical && !KNOWN.has(kind)) said.notUnderstood = kind === KIND.notation ? `the notation ${notationName(body)}` : `a subpacket of type ${kind}`;
    take(said, kind, body);
  }
  for (const { kind, critical, body } of subpacketsOf(unhashed)) {
    if (critical && !KNOWN.has(kind)) said.notUnderstood = `a subpacket of type ${kind}`;
    if (kind === KIND.issuer || kind === KIND.issuerFingerprint || kind === KIND.embedded) take(said, kind, body);
  }
  return said;
}

function take(said: Writable, kind: number, body: Uint8Array): void {
  const octets = new Octets(body);
  switch (kind) {
    case KIND.created: said.created = octets.number(4); break;
    case KIND.lifetime: said.lifetime = octets.number(4) || null; break;
    case KIND.keyLifetime: said.keyLifetime = octets.number(4) || null; break;
    case KIND.issuer: said.issuers = [...said.issuers, hex(octets.take(8))]; break;
    case KIND.issuerFingerprint: octets.number(1); said.issuers = [...said.issuers, hex(octets.rest())]; break;
    case KIND.keyFlags: said.keyFlags = octets.left === 0 ? 0 : octets.number(1); break;
    case KIND.primaryUser: said.primaryUser = octets.number(1) !== 0; break;
    case KIND.reason: said.reason = { code: octets.number(1), words: new TextDecoder().decode(octets.rest()).slice(0, 500) }; break;
    case KIND.embedded: said.embedded = [...said.embedded, octets.rest()]; break;
    case KIND.revoker: {
      // The first bit of its class must be set (§5.2.3.23).
      if ((octets.number(1) & 0x80) !== 0) {
        octets.number(1);
        said.revokers = [...said.revokers, hex(octets.rest())];
      }
      break;
    }
    default:
  }
}

interface Subpacket {
  readonly kind: number;
  readonly critical: boolean;
  readonly body: Uint8Array;
}

function subpacketsOf(area: Uint8Array): Subpacket[] {
  const octets = new Octets(area);
  const found: Subpacket[] = [];
  while (octets.left > 0) {
    const length = lengthOf(octets);
    if (length === 0) throw new OpenPgpFault('malformed', 'a subpacket of it is empty');
    const kind = octets.number(1);
    found.push({ kind: kind & 0x7f, critical: (kind & 0x80) !== 0, body: octets.take(length - 1) });
  }
  return found;
}

function lengthOf(octets: Octets): number {
  const first = octets.number(1);
  if (first < 192) return first;
  if (first < 255) return ((first - 192) << 8) + octets.number(1) + 192;
  return octets.number(4);
}

function notationName(body: Uint8Array): string {
  const octets = new Octets(body);
  octets.take(4);
  const length = octets.number(2);
  octets.number(2);
  return new TextDecoder().decode(octets.take(length)).slice(0, 200);
}
