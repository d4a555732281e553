/** A command to a card (ISO 7816-4 §5.1), short or extended. */
export interface Command {
  readonly cla: number;
  readonly ins: number;
  /** P1 and P2 as one number: `0x9e9a`. */
  readonly p: number;
  readonly data: Buffer;
  /** The most bytes that the answer may have (Le). */
  readonly most: number;
}

/** Status words that the card gives (OpenPGP card 3.4 §7.1). */
export const SW = {
  ok: 0x9000,
  triesLeft: 0x63c0,
  memoryFailure: 0x6581,
  wrongLength: 0x6700,
  notVerified: 0x6982,
  blocked: 0x6983,
  conditionsNotMet: 0x6985,
  wrongData: 0x6a80,
  notFound: 0x6a82,
  noSuchData: 0x6a88,
  unknownInstruction: 0x6d00,
} as const;

/** Why a card does not do what it is told, as its status word. */
export class CardRefusal extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status ${status.toString(16)}`);
    this.status = status;
  }
}

/** Reads a command. Throws `CardRefusal` 6700 where lengths do not fit together. */
export function parseCommand(bytes: Buffer): Command {
  if (bytes.length < 4) throw new CardRefusal(SW.wrongLength);
  const head = { cla: bytes.readUInt8(0), ins: bytes.readUInt8(1), p: bytes.readUInt16BE(2) };
  const body = bytes.subarray(4);
  // Cases 1 and 2: no data, at most Le.
  if (body.length <= 1) return { ...head, data: Buffer.alloc(0), most: shortLe(body) };
  const extended = body.readUInt8(0) === 0;
  if (extended && body.length === 3) return { ...head, data: Buffer.alloc(0), most: body.readUInt16BE(1) || 0x10000 };
  const start = extended ? 3 : 1;
  const end = start + (extended ? body.readUInt16BE(1) : body.readUInt8(0));
  if (end > body.length) throw new CardRefusal(SW.wrongLength);
  const le = body.subarray(end);
  return { ...head, data: body.subarray(start, end), most: le.length === 2 ? le.readUInt16BE(0) || 0x10000 : shortLe(le) };
}

function shortLe(le: Buffer): number {
  return le.length === 0 ? 0x100 : le.readUInt8(0) || 0x100;
}

/** Puts commands that come in parts together (ISO 7816-4 §5.1.1.1: bit 5 of CLA says that more follows). */
export function createChain(): (part: Command) => Command | null {
  let held: Buffer[] = [];
  return (part) => {
    held.push(part.data);
    if ((part.cla & 0x10) !== 0) return null;
    const whole = { ...part, data: Buffer.concat(held) };
    held = [];
    return whole;
  };
}

/** Gives an answer that is longer than was asked for in parts, by GET RESPONSE (ISO 7816-4 §11.7.1: 61xx says how much is left). */
export function createParts(): { readonly first: (whole: Buffer, most: number) => Buffer; readonly next: (most: number) => Buffer } {
  let left: Buffer = Buffer.alloc(0);
  const next = (most: number): Buffer => {
    const body = left.length - 2;
    if (body < 0) throw new CardRefusal(SW.conditionsNotMet);
    if (body <= most) {
      const last = left;
      left = Buffer.alloc(0);
      return last;
    }
    const part = left.subarray(0, most);
    left = left.subarray(most);
    return answer(0x6100 | Math.min(body - most, 0xff), part);
  };
  return {
    first: (whole, most) => {
      left = whole;
      return next(most);
    },
    next,
  };
}

export function answer(status: number, data: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([data, Buffer.from([status >> 8, status & 0xff])]);
}
