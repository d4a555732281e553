import { ALGORITHM, hashAlgorithm } from './algorithms.ts';
import { OpenPgpFault } from './fault.ts';
import { bitsOf, joined, numberOctets, withoutZeros } from './octets.ts';
import { TAG, writePackets } from './packets.ts';
import type { PublicKey } from './public-key.ts';

/** All of a signature packet but what its digest decides (RFC 9580 §5.2.3). */
export interface SignatureParts {
  /** Version, type, algorithms and the subpackets that are signed. */
  readonly hashed: Uint8Array;
  readonly unhashed: Uint8Array;
  /** Hashed before what is signed; empty in version 4. */
  readonly salt: Uint8Array;
  /** Hashed after what is signed (§5.2.4). */
  readonly trailer: Uint8Array;
}

/** §9.5. */
const SHA512 = 10;
/** §5.2.1.1. */
const OVER_A_FILE = 0x00;
/** §5.2.3.7. */
const SUBPACKET = { created: 2, issuer: 16, issuerFingerprint: 33 } as const;

/** The salt's octets are asked for, as many as the hash wants (§5.2.3.4); none in version 4. Time in seconds. */
export function signatureParts(key: PublicKey, created: number, random: (octets: number) => Uint8Array): SignatureParts {
  const { version } = key;
  const fingerprint = Buffer.from(key.fingerprint, 'hex');
  const area = joined(
    subpacket(SUBPACKET.issuerFingerprint, joined(Uint8Array.of(version), fingerprint)),
    subpacket(SUBPACKET.created, numberOctets(created, 4)),
  );
  // §5.2.3: the lengths of the areas have two octets in version 4, and four in version 6.
  const size = version === 4 ? 2 : 4;
  const hashed = joined(Uint8Array.of(version, OVER_A_FILE, key.algorithm, SHA512), numberOctets(area.length, size), area);
  // §5.2.3.12: no key id in version 6.
  const loose = version === 4 ? subpacket(SUBPACKET.issuer, Buffer.from(key.keyId, 'hex')) : new Uint8Array(0);
  return {
    hashed, unhashed: joined(numberOctets(loose.length, size), loose),
    salt: version === 4 ? new Uint8Array(0) : random(hashAlgorithm(SHA512)?.salt ?? 0),
    trailer: joined(hashed, Uint8Array.of(version, 0xff), numberOctets(hashed.length, 4)),
  };
}

/** The whole packet, with the numbers that the key made of the digest. */
export function signaturePacket({ hashed, unhashed, salt }: SignatureParts, key: PublicKey, digest: Uint8Array, signed: Uint8Array): Uint8Array {
  const salted = key.version === 4 ? salt : joined(Uint8Array.of(salt.length), salt);
  const body = joined(hashed, unhashed, digest.subarray(0, 2), salted, numbers(key.algorithm, signed));
  return writePackets([{ tag: TAG.signature, body }]);
}

/** §5.2.3.1 to §5.2.3.4: RSA has one integer, EdDSA of version 4 two, Ed25519 its octets as they are. */
function numbers(algorithm: number, signed: Uint8Array): Uint8Array {
  switch (algorithm) {
    case ALGORITHM.rsa:
    case ALGORITHM.rsaSignOnly:
      return multiprecision(signed);
    case ALGORITHM.eddsaLegacy:
      return joined(multiprecision(signed.subarray(0, 32)), multiprecision(signed.subarray(32)));
    case ALGORITHM.ed25519:
      return signed;
    default:
      throw new OpenPgpFault('unsupported', `algorithm ${algorithm} does not sign here`);
  }
}

/** §3.2. */
function multiprecision(magnitude: Uint8Array): Uint8Array {
  return joined(numberOctets(bitsOf(magnitude), 2), withoutZeros(magnitude));
}

function subpacket(kind: number, body: Uint8Array): Uint8Array {
  return joined(Uint8Array.of(body.length + 1, kind), body);
}
