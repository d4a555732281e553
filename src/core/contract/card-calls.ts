import { z } from 'zod';
import { CardStatus } from '../model/card.ts';
import { call } from './declare.ts';

/** Cards that hold keys; part of the contract. */
export const cardCalls = {
  'cards.status': call({ effect: 'read', input: z.strictObject({}), output: CardStatus }),
} as const;
