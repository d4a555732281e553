import type { CardState, Slot } from './card-state.ts';
import { tlv } from './tlv.ts';

/** Historical bytes, as in the ATR: chaining and extended lengths, operational (OpenPGP card 3.4 §6.1). */
export const HISTORICAL = Buffer.from('0031c573c001c0059000', 'hex');

/** C0 (§4.4.3.9): keys can be imported, PW status and algorithm attributes can be changed. */
const CAPABILITIES = Buffer.from('34000000000000ff0000', 'hex');
/** 7F66 (§4.1.3.1): 2048 bytes at most, each way. */
const LONGEST = tlv(0x7f66, Buffer.from('0202080002020800', 'hex'));
/** 7F74 (§4.1.3.2): the card has a button. */
const FEATURES = tlv(0x7f74, Buffer.from('810120', 'hex'));
/** Longest PINs (§4.3.1). */
const PIN_LENGTH = 0x7f;

const text = (value: string): Buffer => Buffer.from(value, 'utf8');
const hex = (value: string): Buffer => Buffer.from(value, 'hex');
const slotsOf = ({ slots }: CardState): Slot[] => [slots.sign, slots.decrypt, slots.authenticate];

/** GET DATA's value of a tag (§4.4.1); null where this card has no such object. */
export function readObject(state: CardState, tag: number): Buffer | null {
  switch (tag) {
    case 0x4f: return applicationId(state);
    case 0x5e: return text(state.login);
    case 0x5f50: return text(state.url);
    case 0x5f52: return HISTORICAL;
    case 0x65: return Buffer.concat([tlv(0x5b, text(state.name)), tlv(0x5f2d, text('en')), tlv(0x5f35, text('9'))]);
    case 0x6e: return applicationData(state);
    case 0x7a: return tlv(0x93, counter(state));
    case 0x93: return counter(state);
    case 0xc4: return pinStatus(state);
    case 0xd6: return touchFlag(state.touch);
    case 0xd7: case 0xd8: return touchFlag(false);
    case 0xde: return Buffer.from([state.slots.sign, state.slots.decrypt, state.slots.authenticate].flatMap(({ origin }, index) => [index + 1, origin === undefined ? 0 : origin === 'generated' ? 1 : 2]));
    case 0x7f74: return FEATURES;
    default: return null;
  }
}

/** PUT DATA (§4.4.1); false where there is no such object or it cannot be written. */
export function writeObject(state: CardState, tag: number, value: Buffer): boolean {
  const slots = slotsOf(state);
  const slot = (first: number): Slot | undefined => slots[tag - first];
  if (tag >= 0xc1 && tag <= 0xc3) return into(slot(0xc1), (of) => void (of.attributes = value.toString('hex')));
  if (tag >= 0xc7 && tag <= 0xc9) return into(slot(0xc7), (of) => void (of.fingerprint = value.toString('hex')));
  if (tag >= 0xce && tag <= 0xd0) return into(slot(0xce), (of) => void (of.created = value.readUInt32BE(0)));
  if (tag === 0x5b) state.name = value.toString('utf8');
  else if (tag === 0x5e) state.login = value.toString('utf8');
  else if (tag === 0x5f50) state.url = value.toString('utf8');
  else if (tag === 0xc4) state.forced = value.readUInt8(0) === 0;
  else if (tag === 0xd6) state.touch = value.readUInt8(0) !== 0;
  else return false;
  return true;
}

function into(slot: Slot | undefined, write: (slot: Slot) => void): boolean {
  if (slot === undefined) return false;
  write(slot);
  return true;
}

/** §4.2.1: RID, application, version 3.4, manufacturer FFFE ("for tests"), serial, two bytes for later. */
function applicationId({ serial }: CardState): Buffer {
  return hex(`d276000124010304fffe${serial}0000`);
}

/** 6E (§4.4.1): what a host reads first, all in one. */
function applicationData(state: CardState): Buffer {
  const slots = slotsOf(state);
  const discretionary = tlv(
    0x73,
    tlv(0xc0, CAPABILITIES),
    ...slots.map(({ attributes }, index) => tlv(0xc1 + index, hex(attributes))),
    tlv(0xc4, pinStatus(state)),
    tlv(0xc5, ...slots.map(({ fingerprint }) => hex(fingerprint))),
    tlv(0xc6, Buffer.alloc(60)),
    tlv(0xcd, ...slots.map(({ created }) => fourBytes(created))),
    ...[state.touch, false, false].map((on, index) => tlv(0xd6 + index, touchFlag(on))),
  );
  return Buffer.concat([tlv(0x4f, applicationId(state)), tlv(0x5f52, HISTORICAL), LONGEST, FEATURES, discretionary]);
}

/** C4 (§4.3.1): whether PW1 holds for several signatures, longest PINs, tries left of PW1, reset code and PW3. */
function pinStatus({ forced, tries }: CardState): Buffer {
  return Buffer.from([forced ? 0 : 1, PIN_LENGTH, PIN_LENGTH, PIN_LENGTH, tries.user, tries.reset, tries.admin]);
}

/** D6–D8 (§4.4.3.6): on or off, by a button. */
function touchFlag(on: boolean): Buffer {
  return Buffer.from([on ? 1 : 0, 0x20]);
}

function counter({ signatures }: CardState): Buffer {
  return fourBytes(signatures).subarray(1);
}

function fourBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
