import { ALGORITHM, hashAlgorithm } from './algorithms.ts';
import { OpenPgpFault } from './fault.ts';
import { hex, joined, numberOctets, Octets } from './octets.ts';
import { readSubpackets, type RevocationReason, type Subpackets } from './subpackets.ts';

export type { RevocationReason };

/** Signature types (RFC 9580 §5.2.1) that are told apart here. */
export const TYPE = {
  binary: 0x00, text: 0x01, certificationLow: 0x10, certificationHigh: 0x13, subkeyBinding: 0x18, primaryBinding: 0x19,
  directKey: 0x1f, keyRevocation: 0x20, subkeyRevocation: 0x28, certificationRevocation: 0x30,
} as const;

/** A signature packet (RFC 9580 §5.2), versions 3, 4 and 6. Times are seconds since 1970. */
export interface Signature extends Subpackets {
  readonly version: 3 | 4 | 6;
  readonly type: number;
  readonly algorithm: number;
  readonly hash: number;
  /** Hashed before what is signed (version 6). */
  readonly salt: Uint8Array;
  /** Hashed after what is signed (§5.2.4). */
  readonly trailer: Uint8Array;
  /** The numbers of the signature as its algorithm writes them. */
  readonly numbers: readonly Uint8Array[];
}

/** Reads the body of a signature packet. Throws `OpenPgpFault`. */
export function readSignature(body: Uint8Array): Signature {
  const octets = new Octets(body);
  const version = octets.number(1);
  if (version === 3) return readVersion3(octets);
  if (version === 4 || version === 6) return readVersion4(body, octets, version);
  throw new OpenPgpFault('unsupported', `a signature of version ${version} is not read`);
}

/** §5.2.2: no subpackets; the signer stands in it unsigned, as a key id. */
function readVersion3(octets: Octets): Signature {
  if (octets.number(1) !== 5) throw new OpenPgpFault('malformed', 'its hashed part is not five octets');
  const trailer = octets.take(5);
  const fields = new Octets(trailer);
  const [type, created] = [fields.number(1), fields.number(4)];
  const issuer = hex(octets.take(8));
  const [algorithm, hash] = [octets.number(1), octets.number(1)];
  octets.take(2);
  const none = readSubpackets(new Uint8Array(0), new Uint8Array(0));
  return { ...none, version: 3, type, algorithm, hash, created, issuers: [issuer], salt: new Uint8Array(0), trailer, numbers: numbersOf(algorithm, octets) };
}

/** §5.2.3. */
function readVersion4(body: Uint8Array, octets: Octets, version: 4 | 6): Signature {
  const [type, algorithm, hash] = [octets.number(1), octets.number(1), octets.number(1)];
  const size = version === 4 ? 2 : 4;
  const hashed = octets.take(octets.number(size));
  const end = octets.position;
  const unhashed = octets.take(octets.number(size));
  octets.take(2);
  const salt = version === 6 ? octets.take(octets.number(1)) : new Uint8Array(0);
  if (version === 6 && salt.length !== hashAlgorithm(hash)?.salt) throw new OpenPgpFault('malformed', 'its salt has not the length that its hash asks for');
  const trailer = joined(body.subarray(0, end), Uint8Array.of(version, 0xff), numberOctets(end, 4));
  return { ...readSubpackets(hashed, unhashed), version, type, algorithm, hash, salt, trailer, numbers: numbersOf(algorithm, octets) };
}

/** §5.2.3.1 to §5.2.3.5. What follows the numbers belongs to nothing, so nothing may follow. */
function numbersOf(algorithm: number, octets: Octets): Uint8Array[] {
  const numbers = rawNumbers(algorithm, octets);
  if (octets.left > 0) throw new OpenPgpFault('malformed', 'something follows its numbers');
  return numbers;
}

function rawNumbers(algorithm: number, octets: Octets): Uint8Array[] {
  switch (algorithm) {
    case ALGORITHM.rsa:
    case ALGORITHM.rsaSignOnly:
      return [octets.integer()];
    case ALGORITHM.dsa:
    case ALGORITHM.ecdsa:
    case ALGORITHM.eddsaLegacy:
      return [octets.integer(), octets.integer()];
    case ALGORITHM.ed25519:
      return [octets.take(64)];
    case ALGORITHM.ed448:
      return [octets.take(114)];
    default:
      octets.rest();
      return [];
  }
}
