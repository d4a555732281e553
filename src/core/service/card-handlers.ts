import type { Handlers } from '../contract/serve.ts';
import type { Card, CardFacts, CardStatus } from '../model/card.ts';
import { AppError } from '../model/errors.ts';
import { CardEnrolmentRecord } from '../model/key-records.ts';
import { CardUse } from '../model/archive.ts';
import { recordsOf, type ArchivePort } from './archive-port.ts';
import { instant } from './release-handlers.ts';

export interface CardPorts {
  readonly readFacts: () => Promise<CardFacts>;
  readonly hash: (path: string) => Promise<string>;
  readonly baseName: (path: string) => string;
  readonly now: () => Date;
  /** Never fails for what a card is like: that is what it tells. Error: `cancelled`. */
  readonly readCard: () => Promise<CardStatus>;
  readonly archive: () => Promise<ArchivePort>;
  /** Whether this console has an archive yet; looking must not make one. */
  readonly hasArchive: () => Promise<boolean>;
}

/** How many signing records are looked through for one card. */
const RECORDS_SEARCHED = 1_000;

/** The card in the reader, and what is remembered of it. */
export function cardHandlers(ports: CardPorts): Pick<Handlers, 'cards.status' | 'cards.counter' | 'cards.enrol'> {
  return {
    'cards.status': () => ports.readCard(),
    'cards.enrol': async ({ person, spare, attestations, revocationSealed }) => {
      const { state, message, hint, card } = await ports.readCard();
      const key = card?.keys.sign ?? null;
      if (card === null || key === null) throw new AppError('key-unusable', message, { ...(hint === null ? {} : { hint }), details: { state } });
      const facts = await ports.readFacts();
      const digests = await Promise.all(attestations.map(async (path) => [ports.baseName(path), await ports.hash(path)] as const));
      const record: CardEnrolmentRecord = CardEnrolmentRecord.parse({
        event_type: 'card_enrolment', enrolled_at: instant(ports.now()), person, purpose: spare ? 'spare' : 'in-use',
        card: { id: card.id, manufacturer: card.manufacturer, serial: card.serial, version: card.version, firmware: facts.firmware, touch: card.touch, pin_each_time: card.pinEachTime, signatures: card.signatures },
        key_fingerprint: key, algorithm: card.algorithm, key_origin: facts.keyOrigin, attestations_sha256: Object.fromEntries(digests), revocation_sealed: revocationSealed,
      });
      const [recorded] = await (await ports.archive()).appendRecords([record]);
      return { record: recorded?.id ?? '', card, facts, warnings: enrolmentWarnings(card, record) };
    },
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

/** What would make the loss of this card a disaster, said while it can still be mended. */
function enrolmentWarnings({ touch, pinEachTime }: Card, { key_origin, attestations_sha256, revocation_sealed, purpose }: CardEnrolmentRecord): string[] {
  return [
    ...(revocation_sealed === null ? ['No revocation certificate is said to be sealed: without one a lost card can be revoked by the administrators alone. Print it (gpg --gen-revoke) and say where it is.'] : []),
    ...(key_origin === 'imported' ? ['The key was moved to the card: whoever had its file may still have it.'] : []),
    ...(key_origin === 'unknown' && Object.keys(attestations_sha256).length === 0 ? ['Neither the card nor its maker says that the key was made on it.'] : []),
    ...(touch === 'off' ? ['It signs without a touch: a program that knows the PIN can sign unseen.'] : []),
    ...(pinEachTime ? [] : ['It asks for the PIN once, and then signs for as long as it is in the reader.']),
    ...(purpose === 'in-use' ? ['Enrol a spare as well, and keep it sealed elsewhere.'] : []),
  ];
}
