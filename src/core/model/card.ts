import { z } from 'zod';
import { Fingerprint } from './primitives.ts';

/** What a card, and everything between it and this program, can be like; each has one next step. */
export const CARD_STATES = [
  'ready', 'no-gpg', 'no-agent', 'no-scdaemon', 'no-pcscd', 'no-reader', 'no-card', 'not-openpgp', 'no-signing-key', 'pin-blocked', 'no-answer', 'unclear',
] as const;
export const CardState = z.enum(CARD_STATES);
export type CardState = z.infer<typeof CardState>;

/** Why a key made no signature; it stands in the error's `details.state`. */
export const SIGNING_TROUBLES = [
  'no-gpg', 'no-agent', 'no-scdaemon', 'no-pcscd', 'no-reader', 'no-card', 'wrong-card', 'card-removed', 'card-failed', 'key-replaced', 'no-answer',
  'pin-wrong', 'pin-blocked', 'passphrase-wrong', 'pinentry-missing', 'pinentry-no-terminal', 'pinentry-cancelled', 'touch-refused',
  'key-expired', 'key-revoked', 'key-disabled', 'key-may-not-sign', 'secret-missing', 'clock-behind', 'unclear',
] as const;
export type SigningTrouble = (typeof SIGNING_TROUBLES)[number];

/** The whole application id of a card, as a key listing names it: 32 hexadecimal digits. */
export const CardId = z.string().regex(/^[0-9A-F]{16,32}$/);

/** An OpenPGP card as it is in the reader. */
export const Card = z.strictObject({
  reader: z.string(),
  /** The whole application id, 32 hexadecimal digits: it is what a key listing names a card by. */
  id: z.string(),
  manufacturer: z.string(),
  /** Eight digits, as they are printed on the card. */
  serial: z.string(),
  /** Of the OpenPGP card application, such as `3.4`. */
  version: z.string(),
  holder: z.string().nullable(),
  login: z.string().nullable(),
  url: z.string().nullable(),
  keys: z.strictObject({ sign: Fingerprint.nullable(), encrypt: Fingerprint.nullable(), authenticate: Fingerprint.nullable() }),
  /** Of the signing key, such as `Ed25519` or `RSA-2048`; null where there is none. */
  algorithm: z.string().nullable(),
  /** Tries left before each of them is blocked. */
  tries: z.strictObject({ user: z.number().int(), reset: z.number().int(), admin: z.number().int() }),
  /** Signatures that this key has made on this card, anywhere. */
  signatures: z.number().int(),
  /** Whether a signature waits for a touch; null where the card does not say. */
  touch: z.enum(['off', 'on', 'permanent']).nullable(),
  /** Whether the PIN is asked for again for each signature. */
  pinEachTime: z.boolean(),
});
export type Card = z.infer<typeof Card>;

/** What a card tells of itself beyond its status. */
export const CardFacts = z.strictObject({
  /** Whether the signing key was made on the card, which nobody can copy, or moved to it from a file. */
  keyOrigin: z.enum(['generated', 'imported', 'unknown']),
  /** As the maker's own command gives it; null where the card does not know that. */
  firmware: z.string().nullable(),
});
export type CardFacts = z.infer<typeof CardFacts>;

/** What was found between this program and a card, in the order in which it is asked. */
export const CardStatus = z.strictObject({
  state: CardState,
  message: z.string(),
  /** The next step; null where there is nothing to do. */
  hint: z.string().nullable(),
  /** `unknown`: nothing before it could ask. */
  parts: z.strictObject({
    gpg: z.enum(['found', 'missing']),
    agent: z.enum(['found', 'missing', 'unknown']),
    scdaemon: z.enum(['found', 'missing', 'unknown']),
    pcscd: z.enum(['found', 'missing', 'unknown']),
  }),
  readers: z.array(z.string()),
  card: Card.nullable(),
});
export type CardStatus = z.infer<typeof CardStatus>;

/** What the archive last recorded of a card's signature counter. */
export interface RecordedCounter {
  readonly signatures: number;
  readonly at: string;
  readonly record: string;
}

/** Compares a card's counter with the last one recorded: a gap means that it signed something that no release here shows. */
export function counterWords(signatures: number, last: RecordedCounter | null): string {
  if (last === null) return 'No signing by this card is recorded here, so its counter has nothing to be compared with.';
  const gap = signatures - last.signatures;
  const since = `${last.at.slice(0, 10)} (${last.record})`;
  if (gap === 0) return `The counter is as it was recorded on ${since}: it has signed nothing since.`;
  if (gap < 0) return `The counter is lower than the ${last.signatures} recorded on ${since}: its key was replaced, or this is another card.`;
  return `It has signed ${gap === 1 ? 'once' : `${gap} times`} since ${since} that no signing here records: your own approvals and statements count too; if there are none, find out what it signed.`;
}
