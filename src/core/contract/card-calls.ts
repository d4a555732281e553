import { z } from 'zod';
import { Card, CardFacts, CardId, CardStatus } from '../model/card.ts';
import { UtcTime } from '../model/primitives.ts';
import { call } from './declare.ts';
import { Path } from './inputs.ts';

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
  /** What the archive last recorded of a card's signature counter: a gap means that it signed elsewhere. */
  'cards.counter': call({
    effect: 'read', input: z.strictObject({ card: CardId }),
    output: z.strictObject({ last: z.strictObject({ signatures: z.number().int(), at: UtcTime, record: z.string() }).nullable() }),
  }),
} as const;
