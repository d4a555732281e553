import type { Handlers } from '../contract/serve.ts';
import type { CardStatus } from '../model/card.ts';

export interface CardPorts {
  /** Never fails for what a card is like: that is what it tells. Error: `cancelled`. */
  readonly readCard: () => Promise<CardStatus>;
}

/** The card in the reader. */
export function cardHandlers({ readCard }: CardPorts): Pick<Handlers, 'cards.status'> {
  return { 'cards.status': () => readCard() };
}
