import { answer, CardRefusal, createChain, createParts, parseCommand, SW, type Command } from './apdu.ts';
import { generateKey, importedKey, publicTemplate, readHeaderList, signDigest } from './card-keys.ts';
import { FULL_TRIES, type CardState, type Slot } from './card-state.ts';
import { HISTORICAL, readObject, writeObject } from './card-data.ts';

/** Application identifier that the card is selected by: RID of FSFE and application 1 (OpenPGP card 3.4 §4.2.1). */
const APPLICATION = 'd27600012401';

/** What happens to the card from outside while it is in the reader. */
export interface Surroundings {
  /** Waits until a person touches the card (true) or lets the time pass (false). */
  readonly touched: () => Promise<boolean>;
  /** A status word with which the next signature fails; null for none. */
  readonly fault: () => number | null;
  /** Called before a signature is made: a card may be pulled right there. */
  readonly signing: () => Promise<void>;
}

/** A card with power: it answers commands, and changes its state, which the caller keeps. */
export interface PoweredCard {
  readonly transmit: (bytes: Buffer) => Promise<Buffer>;
}

/** ATR of a card that speaks T=1 alone (ISO 7816-3 §8). */
export const ATR = withCheckByte(Buffer.concat([Buffer.from([0x3b, 0x80 | HISTORICAL.length, 0x01]), HISTORICAL]));

/** Powers a card on: nobody has shown it a PIN yet. */
export function powerOn(state: CardState, surroundings: Surroundings): PoweredCard {
  const verified = new Set<0x81 | 0x82 | 0x83>();
  const whole = createChain();
  const parts = createParts();
  let selected = false;

  const instructions: Readonly<Record<number, (command: Command) => Buffer | Promise<Buffer>>> = {
    // SELECT (§7.2.1), by name alone; there is no file system.
    0xa4: ({ p, data }) => {
      if (p >> 8 !== 0x04 || data.toString('hex') !== APPLICATION) throw new CardRefusal(SW.notFound);
      selected = true;
      return answer(SW.ok);
    },
    // GET DATA (§7.2.6)
    0xca: ({ p }) => {
      const value = readObject(state, p);
      if (value === null) throw new CardRefusal(SW.noSuchData);
      return answer(SW.ok, value);
    },
    // VERIFY (§7.2.2)
    0x20: ({ p, data }) => verify(p, data),
    // CHANGE REFERENCE DATA (§7.2.3): the old PIN and the new one behind it.
    0x24: ({ p, data }) => {
      const which = p === 0x83 ? 'admin' : 'user';
      const old = Buffer.from(state.pins[which]);
      compare(which, data.subarray(0, old.length));
      state.pins[which] = data.subarray(old.length).toString();
      return answer(SW.ok);
    },
    // RESET RETRY COUNTER (§7.2.4), by the administrator.
    0x2c: ({ data }) => {
      demand(0x83);
      state.pins.user = data.toString();
      state.tries.user = FULL_TRIES;
      return answer(SW.ok);
    },
    // PUT DATA (§7.2.8)
    0xda: ({ p, data }) => {
      demand(0x83);
      if (!writeObject(state, p, data)) throw new CardRefusal(SW.noSuchData);
      return answer(SW.ok);
    },
    // PUT DATA with odd INS: key import (§4.4.3.12)
    0xdb: ({ p, data }) => {
      demand(0x83);
      if (p !== 0x3fff) throw new CardRefusal(SW.noSuchData);
      const { slot, template, values } = readHeaderList(data);
      keep(slotOf(state, slot), (attributes) => importedKey(attributes, template, values), 'imported');
      return answer(SW.ok);
    },
    // GENERATE ASYMMETRIC KEY PAIR (§7.2.14): 80 makes one, 81 reads its public half.
    0x47: ({ p, data }) => {
      const slot = slotOf(state, data.readUInt8(0));
      if (p === 0x8000) {
        demand(0x83);
        keep(slot, generateKey, 'generated');
      }
      if (slot.key === null) throw new CardRefusal(SW.noSuchData);
      return answer(SW.ok, publicTemplate(slot.key));
    },
    // PERFORM SECURITY OPERATION (§7.2.10): signatures alone.
    0x2a: ({ p, data }) => {
      if (p !== 0x9e9a) throw new CardRefusal(SW.noSuchData);
      return signature(data);
    },
  };

  function verify(p: number, data: Buffer): Buffer {
    const pin = p === 0x81 || p === 0x82 || p === 0x83 ? p : null;
    if (pin === null) throw new CardRefusal(SW.noSuchData);
    const which = pin === 0x83 ? 'admin' : 'user';
    if (data.length === 0) return answer(verified.has(pin) ? SW.ok : SW.triesLeft | state.tries[which]);
    verified.delete(pin);
    compare(which, data);
    verified.add(pin);
    return answer(SW.ok);
  }

  /** §4.3: each wrong PIN costs a try, a right one gives them all back, and none left is for good. */
  function compare(which: 'user' | 'admin', given: Buffer): void {
    if (state.tries[which] === 0) throw new CardRefusal(SW.blocked);
    if (given.toString() !== state.pins[which]) {
      state.tries[which] -= 1;
      throw new CardRefusal(SW.triesLeft | state.tries[which]);
    }
    state.tries[which] = FULL_TRIES;
  }

  function demand(pin: 0x81 | 0x83): void {
    if (!verified.has(pin)) throw new CardRefusal(SW.notVerified);
  }

  async function signature(data: Buffer): Promise<Buffer> {
    const { key } = state.slots.sign;
    if (key === null) throw new CardRefusal(SW.noSuchData);
    demand(0x81);
    await surroundings.signing();
    if (state.touch && !(await surroundings.touched())) throw new CardRefusal(SW.conditionsNotMet);
    const fault = surroundings.fault();
    if (fault !== null) throw new CardRefusal(fault);
    // §7.2.10: the PIN holds for one signature where it is forced; the counter counts every one.
    if (state.forced) verified.delete(0x81);
    state.signatures += 1;
    return answer(SW.ok, signDigest(key, data));
  }

  function keep(slot: Slot, make: (attributes: string) => Slot['key'], origin: NonNullable<Slot['origin']>): void {
    slot.key = make(slot.attributes);
    slot.origin = origin;
    // A new signing key starts its counter anew (§4.4.3.1).
    if (slot === state.slots.sign) state.signatures = 0;
  }

  return {
    transmit: async (bytes) => {
      try {
        const command = whole(parseCommand(bytes));
        if (command === null) return answer(SW.ok);
        if (command.ins === 0xc0) return parts.next(command.most);
        const carryOut = instructions[command.ins];
        if (carryOut === undefined) throw new CardRefusal(SW.unknownInstruction);
        if (!selected && command.ins !== 0xa4) throw new CardRefusal(SW.conditionsNotMet);
        return parts.first(await carryOut(command), command.most);
      } catch (cause) {
        if (cause instanceof CardRefusal) return answer(cause.status);
        if (cause instanceof RangeError) return answer(SW.wrongData);
        throw cause;
      }
    },
  };
}

function slotOf({ slots }: CardState, reference: number): Slot {
  if (reference === 0xb6) return slots.sign;
  if (reference === 0xb8) return slots.decrypt;
  if (reference === 0xa4) return slots.authenticate;
  throw new CardRefusal(SW.wrongData);
}

/** TCK (ISO 7816-3 §8.2.5): everything after the first byte comes to zero under exclusive or. */
function withCheckByte(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.from([bytes.subarray(1).reduce((sum, byte) => sum ^ byte, 0)])]);
}
