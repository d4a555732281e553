import { z } from 'zod';
import { CardId, CardStatus } from '../model/card.ts';
import { UtcTime } from '../model/primitives.ts';
import { call } from './declare.ts';

/** Cards that hold keys; part of the contract. */
export const cardCalls = {
  'cards.status': call({ effect: 'read', input: z.strictObject({}), output: CardStatus }),
  /** What the archive last recorded of a card's signature counter: a gap means that it signed elsewhere. */
  'cards.counter': call({
    effect: 'read', input: z.strictObject({ card: CardId }),
    output: z.strictObject({ last: z.strictObject({ signatures: z.number().int(), at: UtcTime, record: z.string() }).nullable() }),
  }),
} as const;
