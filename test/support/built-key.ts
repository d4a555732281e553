import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { joined, numberOctets } from '../../src/core/openpgp/octets.ts';
import { TAG, writePackets, type Packet } from '../../src/core/openpgp/packets.ts';
import { readPublicKey, type PublicKey } from '../../src/core/openpgp/public-key.ts';

export const subpacket = (kind: number, body: Uint8Array | readonly number[]): Uint8Array => joined(Uint8Array.of(body.length + 1, kind), Uint8Array.from(body));
export const seconds = (value: number): Uint8Array => numberOctets(value, 4);

export interface SignatureShape {
  readonly type?: number;
  readonly hash?: 'md5' | 'sha1' | 'sha256' | 'sha512';
  readonly created?: number;
  readonly hashed?: readonly Uint8Array[];
  readonly unhashed?: readonly Uint8Array[];
  readonly version?: 3 | 4;
}

const HASHES = { md5: 1, sha1: 2, sha256: 8, sha512: 10 } as const;
const mpi = (octets: Uint8Array): Uint8Array => {
  const from = octets.findIndex((octet) => octet !== 0);
  const significant = octets.subarray(from === -1 ? octets.length : from);
  return joined(numberOctets(significant.length === 0 ? 0 : significant.length * 8 - Math.clz32(significant[0] ?? 0) + 24, 2), significant);
};

/** An RSA key whose packets are written octet by octet, for what no program writes any more, or none ever should have. */
export class BuiltKey {
  readonly body: Uint8Array;
  readonly key: PublicKey;
  readonly created: number;
  readonly #secret: KeyObject;

  constructor(created: number, bits = 2048) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
    const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
    this.#secret = privateKey;
    this.created = created;
    this.body = joined(Uint8Array.of(4), seconds(created), Uint8Array.of(1), mpi(Buffer.from(n, 'base64url')), mpi(Buffer.from(e, 'base64url')));
    this.key = readPublicKey(this.body);
  }

  /** A signature packet's body over these parts. */
  sign({ type = 0, hash = 'sha256', created = this.created + 100, hashed = [], unhashed, version = 4 }: SignatureShape, ...parts: readonly Uint8Array[]): Uint8Array {
    const issuer = Buffer.from(this.key.keyId, 'hex');
    const made = (trailer: Uint8Array): Uint8Array => {
      const signer = createSign(hash);
      for (const part of [...parts, trailer]) signer.update(part);
      return mpi(signer.sign(this.#secret));
    };
    if (version === 3) {
      const trailer = joined(Uint8Array.of(type), seconds(created));
      return joined(Uint8Array.of(3, 5), trailer, issuer, Uint8Array.of(1, HASHES[hash], 0, 0), made(trailer));
    }
    const area = joined(subpacket(2, seconds(created)), ...hashed);
    const head = joined(Uint8Array.of(4, type, 1, HASHES[hash]), numberOctets(area.length, 2), area);
    const loose = joined(...(unhashed ?? [subpacket(16, issuer)]));
    return joined(head, numberOctets(loose.length, 2), loose, Uint8Array.of(0, 0), made(joined(head, Uint8Array.of(4, 0xff), numberOctets(head.length, 4))));
  }

  /** Key, user id and self-signature. */
  certificate({ user = 'Built <built@example.com>', more = [], ...shape }: SignatureShape & { readonly user?: string; readonly more?: readonly Packet[] } = {}): Packet[] {
    const id = Buffer.from(user);
    const over = shape.version === 3 ? [id] : [Uint8Array.of(0xb4), numberOctets(id.length, 4), id];
    return [
      { tag: TAG.publicKey, body: this.body },
      { tag: TAG.user, body: id },
      { tag: TAG.signature, body: this.sign({ type: 0x13, created: this.created, ...shape }, this.key.hashed, ...over) },
      ...more,
    ];
  }
}

export const keyringOf = (...packets: readonly Packet[]): Uint8Array => writePackets(packets);
export const signatureFile = (...bodies: readonly Uint8Array[]): Uint8Array => writePackets(bodies.map((body) => ({ tag: TAG.signature, body })));
