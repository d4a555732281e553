import type { JsonWebKey } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { ATTRIBUTES } from './card-keys.ts';

/** The three slots of an OpenPGP card (3.4 §4.4.2). */
export interface Slot {
  /** Algorithm attributes in hexadecimal. */
  attributes: string;
  key: JsonWebKey | null;
  /** Made on the card, or moved to it (§4.4.3.8). */
  origin?: 'generated' | 'imported';
  /** 20 octets in hexadecimal. */
  fingerprint: string;
  /** Seconds since 1970. */
  created: number;
}

/** All that a card remembers without power. */
export interface CardState {
  /** Four octets in hexadecimal. */
  serial: string;
  name: string;
  login: string;
  url: string;
  pins: { user: string; admin: string };
  /** Tries left (§4.3): PW1, reset code, PW3. */
  tries: { user: number; reset: number; admin: number };
  /** PW1 is asked for again for each signature (C4, first byte 00). */
  forced: boolean;
  /** User interaction flag of the signing key, D6 (§4.4.3.6). */
  touch: boolean;
  /** DS-Counter, 93 (§4.4.3.1). */
  signatures: number;
  slots: { sign: Slot; decrypt: Slot; authenticate: Slot };
}

export const FULL_TRIES = 3;
export const USER_PIN = '123456';
export const ADMIN_PIN = '12345678';

/** A card as it comes: no keys, no holder, the PINs that every such card has at first. */
export function newCard(serial: string): CardState {
  const slot = (attributes: string): Slot => ({ attributes, key: null, fingerprint: '0'.repeat(40), created: 0 });
  return {
    serial, name: '', login: '', url: '',
    pins: { user: USER_PIN, admin: ADMIN_PIN }, tries: { user: FULL_TRIES, reset: 0, admin: FULL_TRIES },
    forced: true, touch: false, signatures: 0,
    slots: { sign: slot(ATTRIBUTES.rsa2048), decrypt: slot(ATTRIBUTES.cv25519), authenticate: slot(ATTRIBUTES.ed25519) },
  };
}

export function readCard(file: string): CardState {
  return JSON.parse(readFileSync(file, 'utf8')) as CardState;
}

/** Keeps a card whole on disk whenever its process ends. */
export function keepCard(file: string, state: CardState): void {
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}
