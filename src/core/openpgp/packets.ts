import { OpenPgpFault } from './fault.ts';
import { joined, numberOctets, Octets } from './octets.ts';

/** Packet types that are looked at here (RFC 9580 §5). */
export const TAG = { signature: 2, publicKey: 6, marker: 10, trust: 12, user: 13, publicSubkey: 14, userAttribute: 17, padding: 21 } as const;

export interface Packet {
  readonly tag: number;
  readonly body: Uint8Array;
}

/** More packets than this are in no keyring that people publish. */
const MAX_PACKETS = 5_000_000;

/** Takes a sequence of packets apart (RFC 9580 §4.2, both formats). Throws `malformed` at the first that is none. */
export function readPackets(bytes: Uint8Array): Packet[] {
  const packets: Packet[] = [];
  const octets = new Octets(bytes);
  while (octets.left > 0) {
    if (packets.length >= MAX_PACKETS) throw new OpenPgpFault('malformed', `it holds more than ${MAX_PACKETS} packets`);
    packets.push(readPacket(octets));
  }
  return packets;
}

function readPacket(octets: Octets): Packet {
  const first = octets.number(1);
  if ((first & 0x80) === 0) throw new OpenPgpFault('malformed', 'what stands where a packet should begin is none');
  if ((first & 0x40) === 0) {
    const tag = (first >> 2) & 0x0f;
    const sizes = [1, 2, 4] as const;
    const size = sizes[first & 0x03];
    // §4.2.2: type 3 has no length and reaches to the end.
    return { tag, body: size === undefined ? octets.rest() : octets.take(octets.number(size)) };
  }
  return { tag: first & 0x3f, body: octets.take(newLength(octets)) };
}

/** §4.2.1. Partial lengths are for data, and no signature or key has any (§4.2.1.4). */
function newLength(octets: Octets): number {
  const first = octets.number(1);
  if (first < 192) return first;
  if (first < 224) return ((first - 192) << 8) + octets.number(1) + 192;
  if (first === 255) return octets.number(4);
  throw new OpenPgpFault('malformed', 'a packet of it comes in pieces, as only data may');
}

/** Whether bytes begin like a packet that a file of signatures or of keys begins with. */
export function beginsLikePacket(bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 0;
  if ((first & 0x80) === 0) return false;
  const tag = (first & 0x40) === 0 ? (first >> 2) & 0x0f : first & 0x3f;
  return tag === TAG.signature || tag === TAG.publicKey || tag === TAG.marker;
}

/** Writes packets in the new format, each with a length of five octets (§4.2.1.3). */
export function writePackets(packets: readonly Packet[]): Uint8Array {
  return joined(...packets.flatMap(({ tag, body }) => [Uint8Array.of(0xc0 | tag, 0xff), numberOctets(body.length, 4), body]));
}
