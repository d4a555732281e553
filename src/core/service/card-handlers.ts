import type { Handlers } from '../contract/serve.ts';
import type { CardStatus } from '../model/card.ts';
import { CardUse } from '../model/archive.ts';
import { recordsOf, type ArchivePort } from './archive-port.ts';

export interface CardPorts {
  /** Never fails for what a card is like: that is what it tells. Error: `cancelled`. */
  readonly readCard: () => Promise<CardStatus>;
  readonly archive: () => Promise<ArchivePort>;
  /** Whether this console has an archive yet; looking must not make one. */
  readonly hasArchive: () => Promise<boolean>;
}

/** How many signing records are looked through for one card. */
const RECORDS_SEARCHED = 1_000;

/** The card in the reader, and what is remembered of it. */
export function cardHandlers(ports: CardPorts): Pick<Handlers, 'cards.status' | 'cards.counter'> {
  return {
    'cards.status': () => ports.readCard(),
    'cards.counter': async ({ card }) => {
      if (!(await ports.hasArchive())) return { last: null };
      for (const { id, record } of await recordsOf(await ports.archive(), { event_type: 'signing', release: null, limit: RECORDS_SEARCHED })) {
        const use = CardUse.safeParse(record['card']);
        if (use.success && use.data.id === card) return { last: { signatures: use.data.signatures_after, at: String(record['signed_at']), record: id } };
      }
      return { last: null };
    },
  };
}
