import { crc24 } from './armor.ts';
import { numberOctets } from './octets.ts';

/** Puts octets in armor (RFC 9580 §6.2). The checksum of §6.1 is optional; gpg 2.2 still looks for it. */
export function writeArmor(label: 'SIGNATURE' | 'PUBLIC KEY BLOCK', bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString('base64').match(/.{1,64}/g) ?? [];
  const checksum = Buffer.from(numberOctets(crc24(bytes), 4).subarray(1)).toString('base64');
  return [`-----BEGIN PGP ${label}-----`, '', ...lines, `=${checksum}`, `-----END PGP ${label}-----`, ''].join('\n');
}
