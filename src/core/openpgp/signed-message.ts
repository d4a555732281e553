import { OpenPgpFault } from './fault.ts';
import { joined, Octets } from './octets.ts';
import { TAG, writePackets, type Packet } from './packets.ts';
import { readSignatureFile, type SignatureFile } from './signature-file.ts';

/** What a signed message holds: the bytes that were signed, and the signatures over exactly them. */
export interface SignedMessage {
  readonly data: Uint8Array;
  readonly file: SignatureFile;
}

/** Expands compressed data; throws where it is broken, or comes to more than is taken. Algorithms of RFC 9580 §9.4. */
export type Expand = (algorithm: 'zip' | 'zlib', data: Uint8Array) => Uint8Array;

/** Packet types that only messages have (RFC 9580 §5). */
const MESSAGE_TAG = { onePass: 4, compressed: 8, encrypted: 9, literal: 11, sealed: 18 } as const;
/** A message of more packets than this was not made by signing. */
const MAX_PACKETS = 64;

/**
 * Reads a signed message that is not detached (RFC 9580 §10.3), binary: one-pass signatures before the data and
 * signatures after it, or signatures before it; all of it compressed or not. Throws `OpenPgpFault`.
 */
export function readSignedMessage(bytes: Uint8Array, expand: Expand): SignedMessage {
  const outer = messagePackets(bytes);
  const [only, more] = outer;
  const packets = only?.tag === MESSAGE_TAG.compressed && more === undefined ? messagePackets(expanded(only.body, expand)) : outer;
  const literals = packets.filter(({ tag }) => tag === MESSAGE_TAG.literal);
  const [literal] = literals;
  if (packets.some(({ tag }) => tag === MESSAGE_TAG.encrypted || tag === MESSAGE_TAG.sealed)) throw new OpenPgpFault('unsupported', 'it is encrypted');
  if (literal === undefined || literals.length > 1) throw new OpenPgpFault('malformed', 'it is not one signed message');
  const place = packets.indexOf(literal);
  const [before, after] = [packets.slice(0, place), packets.slice(place + 1)];
  const onePass = before.filter(({ tag }) => tag === MESSAGE_TAG.onePass).length;
  const signatures = packets.filter(({ tag }) => tag === TAG.signature);
  // §10.3: every one-pass signature before the data has its signature after it; without one, signatures stand before.
  const isOnePass = onePass > 0 && before.length === onePass && after.length === onePass && after.every(({ tag }) => tag === TAG.signature);
  const isPrefixed = onePass === 0 && after.length === 0 && before.length > 0 && before.every(({ tag }) => tag === TAG.signature);
  if (!isOnePass && !isPrefixed) throw new OpenPgpFault('malformed', 'its signatures do not stand around its data as they must');
  return { data: literalData(literal.body), file: readSignatureFile(writePackets(signatures)) };
}

/** §5.6. */
function expanded(body: Uint8Array, expand: Expand): Uint8Array {
  const algorithm = body[0];
  if (algorithm !== 0 && algorithm !== 1 && algorithm !== 2) throw new OpenPgpFault('unsupported', `it is compressed with algorithm ${algorithm ?? 'none'}, which is not read`);
  const data = body.subarray(1);
  return algorithm === 0 ? data : expand(algorithm === 1 ? 'zip' : 'zlib', data);
}

/** §5.9: format, name and date are not signed, so that they say nothing. */
function literalData(body: Uint8Array): Uint8Array {
  const octets = new Octets(body);
  octets.take(1);
  octets.take(octets.number(1));
  octets.take(4);
  return octets.rest();
}

/** Packets of a message: unlike those of keys and signatures, their data may come in pieces (§4.2.1.4). Markers and padding are passed over. */
function messagePackets(bytes: Uint8Array): Packet[] {
  const octets = new Octets(bytes);
  const packets: Packet[] = [];
  while (octets.left > 0) {
    const packet = messagePacket(octets);
    if (packet.tag !== TAG.marker && packet.tag !== TAG.padding) packets.push(packet);
    if (packets.length > MAX_PACKETS) throw new OpenPgpFault('malformed', `it holds more than ${MAX_PACKETS} packets`);
  }
  return packets;
}

function messagePacket(octets: Octets): Packet {
  const first = octets.number(1);
  if ((first & 0x80) === 0) throw new OpenPgpFault('malformed', 'it is not binary OpenPGP');
  if ((first & 0x40) !== 0) return { tag: first & 0x3f, body: newBody(octets) };
  const size = ([1, 2, 4] as const)[first & 0x03];
  return { tag: (first >> 2) & 0x0f, body: size === undefined ? octets.rest() : octets.take(octets.number(size)) };
}

/** §4.2.1. */
function newBody(octets: Octets): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const first = octets.number(1);
    if (first < 224 || first === 255) {
      const length = first < 192 ? first : first === 255 ? octets.number(4) : ((first - 192) << 8) + octets.number(1) + 192;
      return joined(...pieces, octets.take(length));
    }
    pieces.push(octets.take(2 ** (first & 0x1f)));
  }
}
