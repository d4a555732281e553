import { joined, withoutZeros } from './octets.ts';

/** The few forms of DER (X.690) that the platform wants public keys and signatures in. */
export function sequence(...items: readonly Uint8Array[]): Uint8Array {
  return tagged(0x30, joined(...items));
}

/** A number that is not negative: a zero octet goes before one whose first bit is set. */
export function integer(magnitude: Uint8Array): Uint8Array {
  const significant = withoutZeros(magnitude);
  const first = significant[0] ?? 0x80;
  return tagged(0x02, first >= 0x80 ? joined(Uint8Array.of(0), significant) : significant);
}

export function objectId(content: Uint8Array): Uint8Array {
  return tagged(0x06, content);
}

export function bitString(content: Uint8Array): Uint8Array {
  return tagged(0x03, joined(Uint8Array.of(0), content));
}

export const NULL = Uint8Array.of(0x05, 0x00);

function tagged(tag: number, content: Uint8Array): Uint8Array {
  return joined(Uint8Array.of(tag), lengthOf(content.length), content);
}

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(0x80 | octets.length, ...octets);
}
