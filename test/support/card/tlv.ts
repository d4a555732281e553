/** A BER-TLV data object (ISO 7816-4 §5.2.2): a one- or two-byte tag and its value. */
export interface DataObject {
  readonly tag: number;
  readonly value: Buffer;
}

/** Writes one data object, its length in as few bytes as it takes. */
export function tlv(tag: number, ...values: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(values);
  return Buffer.concat([tagBytes(tag), lengthBytes(value.length), value]);
}

/** Reads data objects that lie one after the other. Throws `RangeError` where one is cut short. */
export function readObjects(bytes: Buffer): DataObject[] {
  const found: DataObject[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = readHead(bytes, at);
    const end = head.start + head.length;
    if (end > bytes.length) throw new RangeError('a data object is cut short');
    found.push({ tag: head.tag, value: bytes.subarray(head.start, end) });
    at = end;
  }
  return found;
}

/** Reads tags and lengths alone, as in the private key template 7F48, which has no values in it. */
export function readHeads(bytes: Buffer): { readonly tag: number; readonly length: number }[] {
  const found: { tag: number; length: number }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { tag, length, start } = readHead(bytes, at);
    found.push({ tag, length });
    at = start;
  }
  return found;
}

function readHead(bytes: Buffer, from: number): { readonly tag: number; readonly length: number; readonly start: number } {
  let at = from;
  let tag = bytes.readUInt8(at++);
  // All five low bits set: the tag goes on in the next byte.
  if ((tag & 0x1f) === 0x1f) tag = (tag << 8) | bytes.readUInt8(at++);
  const first = bytes.readUInt8(at++);
  if (first < 0x80) return { tag, length: first, start: at };
  const width = first & 0x7f;
  if (width < 1 || width > 3) throw new RangeError(`a length of ${width} bytes is not expected of a card`);
  return { tag, length: bytes.readUIntBE(at, width), start: at + width };
}

function tagBytes(tag: number): Buffer {
  return Buffer.from(tag > 0xff ? [tag >> 8, tag & 0xff] : [tag]);
}

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  return Buffer.from(length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]);
}
