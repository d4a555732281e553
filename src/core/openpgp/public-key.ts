import { createPublicKey, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ALGORITHM, algorithmName, curveOf, type Curve } from './algorithms.ts';
import { bitString, integer, NULL, objectId, sequence } from './der.ts';
import { OpenPgpFault } from './fault.ts';
import { bitsOf, hex, joined, numberOctets, Octets, padded } from './octets.ts';

/** A public key or subkey (RFC 9580 §5.5.2), versions 4 and 6. */
export interface PublicKey {
  readonly version: 4 | 6;
  /** Seconds since 1970. */
  readonly created: number;
  readonly algorithm: number;
  /** `RSA-4096`, `Ed25519`, `ECDSA NIST P-256` … */
  readonly name: string;
  /** Upper-case hexadecimal, 40 digits or 64. */
  readonly fingerprint: string;
  readonly keyId: string;
  /** What a signature over this key hashes of it (§5.2.4). */
  readonly hashed: Uint8Array;
  /** How strong it is, in bits of its own kind: of the modulus, of the prime, of the curve. */
  readonly bits: number;
  /** Bits of the group that a signature of it is computed in; null where that does not limit the hash. */
  readonly order: number | null;
  /** Octets of a signature's number, where it has a fixed size. */
  readonly size: number;
  /** DER of the key; null where this program or platform cannot verify with it. */
  readonly spki: Uint8Array | null;
}

const OID = {
  rsa: Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01), dsa: Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01),
  ec: Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01), ed25519: Uint8Array.of(0x2b, 0x65, 0x70), ed448: Uint8Array.of(0x2b, 0x65, 0x71),
};

/** Reads the body of a public-key packet. Throws `OpenPgpFault`: `unsupported` for versions that are no longer, or not yet, read. */
export function readPublicKey(body: Uint8Array): PublicKey {
  const octets = new Octets(body);
  const version = octets.number(1);
  if (version !== 4 && version !== 6) throw new OpenPgpFault('unsupported', `a key of version ${version} is not read`);
  const created = octets.number(4);
  const algorithm = octets.number(1);
  if (version === 6 && octets.number(4) !== octets.left) throw new OpenPgpFault('malformed', 'the length of its key material is wrong');
  const material = materialOf(algorithm, octets);
  // §5.5.4: over the key's own packet, with a length of two octets in version 4 and of four in version 6.
  const hashed = version === 4 ? joined(Uint8Array.of(0x99), numberOctets(body.length, 2), body) : joined(Uint8Array.of(0x9b), numberOctets(body.length, 4), body);
  const fingerprint = hex(hash(version === 4 ? 'sha1' : 'sha256', hashed, 'buffer'));
  return { version, created, algorithm, fingerprint, keyId: version === 4 ? fingerprint.slice(-16) : fingerprint.slice(0, 16), hashed, ...material };
}

/** The key as the platform takes it. Throws what the platform throws for one that it refuses. */
export function keyObject({ spki, name }: PublicKey): KeyObject {
  if (spki === null) throw new OpenPgpFault('unsupported', `${name} cannot be verified here`);
  return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
}

type Material = Pick<PublicKey, 'name' | 'bits' | 'order' | 'size' | 'spki'>;

function materialOf(algorithm: number, octets: Octets): Material {
  switch (algorithm) {
    case ALGORITHM.rsa:
    case ALGORITHM.rsaSignOnly: {
      const [modulus, exponent] = [octets.integer(), octets.integer()];
      const bits = bitsOf(modulus);
      return { name: `RSA-${bits}`, bits, order: null, size: Math.ceil(bits / 8), spki: sequence(sequence(objectId(OID.rsa), NULL), bitString(sequence(integer(modulus), integer(exponent)))) };
    }
    case ALGORITHM.dsa: {
      const [p, q, g, y] = [octets.integer(), octets.integer(), octets.integer(), octets.integer()];
      const [bits, order] = [bitsOf(p), bitsOf(q)];
      return { name: `DSA-${bits}`, bits, order, size: Math.ceil(order / 8), spki: sequence(sequence(objectId(OID.dsa), sequence(integer(p), integer(q), integer(g))), bitString(integer(y))) };
    }
    case ALGORITHM.ecdsa:
    case ALGORITHM.eddsaLegacy:
      return curveMaterial(algorithm, octets);
    case ALGORITHM.ed25519:
      return { name: 'Ed25519', bits: 255, order: null, size: 32, spki: edwards(OID.ed25519, octets.take(32)) };
    case ALGORITHM.ed448:
      return { name: 'Ed448', bits: 448, order: null, size: 57, spki: edwards(OID.ed448, octets.take(57)) };
    default:
      return { name: algorithmName(algorithm), bits: 0, order: null, size: 0, spki: null };
  }
}

function curveMaterial(algorithm: number, octets: Octets): Material {
  const oid = octets.take(octets.number(1));
  const curve = curveOf(hex(oid));
  const point = octets.integer();
  if (curve === null || curve.edwards !== (algorithm === ALGORITHM.eddsaLegacy)) return { name: `${algorithmName(algorithm)} on an unknown curve`, bits: 0, order: null, size: 0, spki: null };
  const { name, bits, size } = curve;
  const spki = curve.edwards ? edwardsPoint(curve, point) : sequence(sequence(objectId(OID.ec), objectId(oid)), bitString(point));
  return { name: curve.edwards ? name : `ECDSA ${name}`, bits, order: curve.edwards ? null : bits, size, spki };
}

/** §11.2: Ed25519 of version 4 has 0x40 before its point; Ed448 as some write it has the point alone. */
function edwardsPoint({ name, size }: Curve, point: Uint8Array): Uint8Array | null {
  const prefixed = point.length === size + 1 && point[0] === 0x40;
  const plain = prefixed ? point.subarray(1) : padded(point, size);
  return plain === null ? null : edwards(name === 'Ed25519' ? OID.ed25519 : OID.ed448, plain);
}

/** RFC 8410 §4. */
function edwards(oid: Uint8Array, point: Uint8Array): Uint8Array {
  return sequence(sequence(objectId(oid)), bitString(point));
}
