import { createECDH, createPrivateKey, createPublicKey, generateKeyPairSync, privateEncrypt, randomBytes, sign, constants, type JsonWebKey, type KeyObject } from 'node:crypto';
import { CardRefusal, SW } from './apdu.ts';
import { readHeads, readObjects, tlv } from './tlv.ts';

/** Algorithm attributes C1–C3 (OpenPGP card 3.4 §4.4.3.10), in hexadecimal. */
export const ATTRIBUTES = {
  /** 2048 bits of modulus, 32 of exponent, imported as e, p, q. */
  rsa2048: '010800002000',
  ed25519: '162b06010401da470f01',
  p256: '132a8648ce3d030107',
  cv25519: '122b060104019755010501',
} as const;

type SigningKind = 'rsa2048' | 'ed25519' | 'p256';

/** What a slot's attributes make of it. RSA of other sizes and other curves are not on this card. */
function kindOf(attributes: string): SigningKind {
  if (attributes.startsWith('010800')) return 'rsa2048';
  const kind = (['ed25519', 'p256'] as const).find((name) => ATTRIBUTES[name] === attributes);
  if (kind === undefined) throw new CardRefusal(SW.wrongData);
  return kind;
}

/** GENERATE ASYMMETRIC KEY PAIR, 47/80 (§7.2.14): the secret never leaves. */
export function generateKey(attributes: string): JsonWebKey {
  const kind = kindOf(attributes);
  if (kind === 'rsa2048') return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
}

/** PUT DATA odd, DB 3FFF (§4.4.3.12): an extended header list 4D with the slot, the template 7F48 and the values 5F48. */
export function importedKey(attributes: string, template: Buffer, values: Buffer): JsonWebKey {
  const parts = new Map<number, Buffer>();
  let at = 0;
  for (const { tag, length } of readHeads(template)) {
    parts.set(tag, values.subarray(at, at + length));
    at += length;
  }
  const part = (tag: number): Buffer => {
    const found = parts.get(tag);
    if (found === undefined) throw new CardRefusal(SW.wrongData);
    return found;
  };
  const kind = kindOf(attributes);
  if (kind === 'rsa2048') return rsaKey(number(part(0x91)), number(part(0x92)), number(part(0x93)));
  if (kind === 'ed25519') {
    // RFC 8410 §7: PKCS #8 around the 32 octets of the seed.
    const wrapped = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), padded(part(0x92), 32)]);
    return createPrivateKey({ key: wrapped, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
  }
  const secret = padded(part(0x92), 32);
  const point = pointOf(secret);
  return { kty: 'EC', crv: 'P-256', d: url(secret), x: url(point.subarray(1, 33)), y: url(point.subarray(33)) };
}

/** The slot (B6 signing, B8 decryption, A4 authentication) and the parts of an extended header list. */
export function readHeaderList(data: Buffer): { readonly slot: number; readonly template: Buffer; readonly values: Buffer } {
  const list = readObjects(data).find(({ tag }) => tag === 0x4d);
  const objects = list === undefined ? [] : readObjects(list.value);
  const of = (wanted: number): Buffer | undefined => objects.find(({ tag }) => tag === wanted)?.value;
  const slot = [0xb6, 0xb8, 0xa4].find((tag) => of(tag) !== undefined);
  const template = of(0x7f48);
  const values = of(0x5f48);
  if (slot === undefined || template === undefined || values === undefined) throw new CardRefusal(SW.wrongData);
  return { slot, template, values };
}

/** The public key template 7F49 (§7.2.14): modulus and exponent, or the point. */
export function publicTemplate(key: JsonWebKey): Buffer {
  const { kty, n = '', e = '', x = '', y = '' } = key;
  if (kty === 'RSA') return tlv(0x7f49, tlv(0x81, octets(n)), tlv(0x82, octets(e)));
  if (kty === 'OKP') return tlv(0x7f49, tlv(0x86, octets(x)));
  return tlv(0x7f49, tlv(0x86, Buffer.from([4]), octets(x), octets(y)));
}

/** COMPUTE DIGITAL SIGNATURE, 2A 9E9A (§7.2.10): over a DigestInfo for RSA, over the digest itself for the others. */
export function signDigest(key: JsonWebKey, data: Buffer): Buffer {
  const secret: KeyObject = createPrivateKey({ key, format: 'jwk' });
  if (key.kty === 'RSA') return privateEncrypt({ key: secret, padding: constants.RSA_PKCS1_PADDING }, data);
  if (key.kty === 'OKP') return sign(null, data, secret);
  return ecdsaOverDigest(number(octets(key.d ?? '')), data);
}

/** Order of P-256 (SEC 2 §2.4.2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** ECDSA over a digest as it is (SEC 1 §4.1.3): r and s of 32 octets each. Node's own would hash it again. */
function ecdsaOverDigest(secret: bigint, digest: Buffer): Buffer {
  const z = number(digest.subarray(0, 32));
  for (;;) {
    const k = number(randomBytes(32));
    if (k === 0n || k >= ORDER) continue;
    const r = number(pointOf(fixed(k, 32)).subarray(1, 33)) % ORDER;
    const s = (inverse(k, ORDER) * (z + r * secret)) % ORDER;
    if (r !== 0n && s !== 0n) return Buffer.concat([fixed(r, 32), fixed(s, 32)]);
  }
}

function pointOf(secret: Buffer): Buffer {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(secret);
  return curve.getPublicKey();
}

function rsaKey(e: bigint, p: bigint, q: bigint): JsonWebKey {
  const d = inverse(e, (p - 1n) * (q - 1n));
  const word = (value: bigint): string => url(Buffer.from(evenHex(value), 'hex'));
  const key = { kty: 'RSA', n: word(p * q), e: word(e), d: word(d), p: word(p), q: word(q), dp: word(d % (p - 1n)), dq: word(d % (q - 1n)), qi: word(inverse(q, p)) };
  // Refuses numbers that are no key.
  createPublicKey({ key, format: 'jwk' });
  return key;
}

/** The inverse by Euclid's extended algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [((value % modulus) + modulus) % modulus, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

const number = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex') || '0'}`);
const fixed = (value: bigint, length: number): Buffer => Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
const padded = (bytes: Buffer, length: number): Buffer => fixed(number(bytes), length);
const octets = (text: string): Buffer => Buffer.from(text, 'base64url');
const url = (bytes: Buffer): string => bytes.toString('base64url');
const evenHex = (value: bigint): string => (value.toString(16).length % 2 === 0 ? value.toString(16) : `0${value.toString(16)}`);
