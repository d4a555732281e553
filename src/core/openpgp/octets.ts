import { OpenPgpFault } from './fault.ts';

/** Reads fields off the front of a packet's body, in order. Every method throws `malformed` where the body ends too early. */
export class Octets {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** How many octets were read. */
  get position(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new OpenPgpFault('malformed', 'it ends too early');
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }

  number(octets: 1 | 2 | 4): number {
    return this.take(octets).reduce((sum, octet) => sum * 256 + octet, 0);
  }

  /** A multiprecision integer without its length (RFC 9580 §3.2), as it was written. */
  integer(): Uint8Array {
    return this.take(Math.ceil(this.number(2) / 8));
  }
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A number as so many octets, the most significant first. */
export function numberOctets(value: number, octets: 1 | 2 | 4): Uint8Array {
  const bytes = new Uint8Array(octets);
  for (let at = octets - 1, rest = value; at >= 0; at -= 1, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  return bytes;
}

/** Puts zeros before an integer until it has the length that an algorithm wants; null where it is longer than that. */
export function padded(integer: Uint8Array, length: number): Uint8Array | null {
  const significant = withoutZeros(integer);
  return significant.length > length ? null : joined(new Uint8Array(length - significant.length), significant);
}

export function withoutZeros(integer: Uint8Array): Uint8Array {
  const first = integer.findIndex((octet) => octet !== 0);
  return first === -1 ? integer.subarray(integer.length) : integer.subarray(first);
}

/** How many bits an integer needs. */
export function bitsOf(integer: Uint8Array): number {
  const significant = withoutZeros(integer);
  return significant.length === 0 ? 0 : significant.length * 8 - Math.clz32(significant[0] ?? 0) + 24;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('').toUpperCase();
}
