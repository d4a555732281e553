import { z } from 'zod';
import { Card, CardFacts, CardId, CardStatus } from '../model/card.ts';
import { Fingerprint, UtcTime } from '../model/primitives.ts';
import { call } from './declare.ts';
import { ByKey, Path } from './inputs.ts';

/** Cards that hold keys; part of the contract. */
export const cardCalls = {
  'cards.status': call({ effect: 'read', input: z.strictObject({}), output: CardStatus }),
  /** Records that a card is taken into use for somebody, as it is in the reader now. */
  'cards.enrol': call({
    effect: 'write',
    input: z.strictObject({
      person: z.string().trim().min(1).max(200), spare: z.boolean(),
      /** The maker's attestation of the key, such as a YubiKey's certificate; kept by digest. */
      attestations: z.array(Path).max(8),
      /** Where the printed revocation certificate is sealed, in words. */
      revocationSealed: z.string().trim().min(1).max(500).nullable(),
    }),
    output: z.strictObject({ record: z.string(), card: Card, facts: CardFacts, /** What a careful person would still do. */ warnings: z.array(z.string()) }),
  }),
  /** Sets a release key aside for emergencies, by somebody's signature; it counts so once two different people did. */
  'cards.setAside': call({
    effect: 'sign',
    input: z.strictObject({ fingerprint: Fingerprint, /** Where its card is sealed, and how it is had at night. */ statement: z.string().trim().min(1).max(4_000), ...ByKey }),
    output: z.strictObject({ record: z.string(), fingerprint: Fingerprint, by: z.array(z.string()), /** Whether two people did by now. */ setAside: z.boolean() }),
  }),
  /** What the archive last recorded of a card's signature counter: a gap means that it signed elsewhere. */
  'cards.counter': call({
    effect: 'read', input: z.strictObject({ card: CardId }),
    output: z.strictObject({ last: z.strictObject({ signatures: z.number().int(), at: UtcTime, record: z.string() }).nullable() }),
  }),
} as const;
