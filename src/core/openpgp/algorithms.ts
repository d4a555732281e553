/** A hash algorithm by its number (RFC 9580 §9.5): what people call it, what the platform calls it, and its length in bits. */
export interface HashAlgorithm {
  readonly name: string;
  readonly digest: string;
  readonly bits: number;
  /** `broken`: two texts of one hash can be made at will; `aging`: at some expense, or it is as short as one that can. */
  readonly strength: 'sound' | 'aging' | 'broken';
  /** How much salt a version 6 signature has with it (§5.2.3.4, table 23); null where it may have no such hash. */
  readonly salt: number | null;
}

const HASHES: ReadonlyMap<number, HashAlgorithm> = new Map([
  [1, { name: 'MD5', digest: 'md5', bits: 128, strength: 'broken', salt: null }],
  [2, { name: 'SHA1', digest: 'sha1', bits: 160, strength: 'aging', salt: null }],
  [3, { name: 'RIPEMD160', digest: 'ripemd160', bits: 160, strength: 'aging', salt: null }],
  [8, { name: 'SHA256', digest: 'sha256', bits: 256, strength: 'sound', salt: 16 }],
  [9, { name: 'SHA384', digest: 'sha384', bits: 384, strength: 'sound', salt: 24 }],
  [10, { name: 'SHA512', digest: 'sha512', bits: 512, strength: 'sound', salt: 32 }],
  [11, { name: 'SHA224', digest: 'sha224', bits: 224, strength: 'sound', salt: 16 }],
  [12, { name: 'SHA3-256', digest: 'sha3-256', bits: 256, strength: 'sound', salt: 16 }],
  [14, { name: 'SHA3-512', digest: 'sha3-512', bits: 512, strength: 'sound', salt: 32 }],
]);

export function hashAlgorithm(id: number): HashAlgorithm | null {
  return HASHES.get(id) ?? null;
}

/** Public-key algorithms that sign (RFC 9580 §9.1). */
export const ALGORITHM = { rsa: 1, rsaSignOnly: 3, dsa: 17, ecdsa: 19, eddsaLegacy: 22, ed25519: 27, ed448: 28 } as const;

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'RSA'], [2, 'RSA'], [3, 'RSA'], [16, 'Elgamal'], [17, 'DSA'], [18, 'ECDH'], [19, 'ECDSA'], [20, 'Elgamal'], [22, 'EdDSA'],
  [25, 'X25519'], [26, 'X448'], [27, 'Ed25519'], [28, 'Ed448'],
]);

export function algorithmName(id: number): string {
  return NAMES.get(id) ?? `algorithm ${id}`;
}

/** An elliptic curve by its object identifier as OpenPGP writes it (RFC 9580 §9.2). */
export interface Curve {
  readonly name: string;
  readonly bits: number;
  /** Octets of one coordinate, or of the whole point where it is an Edwards curve. */
  readonly size: number;
  readonly edwards: boolean;
}

const CURVES: ReadonlyMap<string, Curve> = new Map([
  ['2A8648CE3D030107', { name: 'NIST P-256', bits: 256, size: 32, edwards: false }],
  ['2B81040022', { name: 'NIST P-384', bits: 384, size: 48, edwards: false }],
  ['2B81040023', { name: 'NIST P-521', bits: 521, size: 66, edwards: false }],
  ['2B8104000A', { name: 'secp256k1', bits: 256, size: 32, edwards: false }],
  ['2B2403030208010107', { name: 'brainpoolP256r1', bits: 256, size: 32, edwards: false }],
  ['2B240303020801010B', { name: 'brainpoolP384r1', bits: 384, size: 48, edwards: false }],
  ['2B240303020801010D', { name: 'brainpoolP512r1', bits: 512, size: 64, edwards: false }],
  ['2B06010401DA470F01', { name: 'Ed25519', bits: 255, size: 32, edwards: true }],
  ['2B6571', { name: 'Ed448', bits: 448, size: 57, edwards: true }],
]);

export function curveOf(oid: string): Curve | null {
  return CURVES.get(oid) ?? null;
}
