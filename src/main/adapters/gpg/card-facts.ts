import type { CardFacts } from '../../../core/model/card.ts';
import { askAgent } from './ask-agent.ts';

/** The card's signing key in its key information (OpenPGP card 3.4 §4.4.3.8, DO DE). */
const SIGNING_KEY = 0x01;
const ORIGINS: Readonly<Record<number, CardFacts['keyOrigin']>> = { 0x01: 'generated', 0x02: 'imported' };
const OK = '\x90\x00';

/** What a card tells of itself beyond its status: where its key was made, and its maker's firmware. Costs no PIN try. */
export async function readCardFacts(): Promise<CardFacts> {
  // One after the other: the card answers one at a time.
  const information = await apdu('00CA00DE00');
  const version = await apdu('00F1000000');
  return { keyOrigin: originOf(information), firmware: version?.length === 3 ? [...version].join('.') : null };
}

/** Pairs of a key's number and its state. */
function originOf(information: Buffer | null): CardFacts['keyOrigin'] {
  const pairs = [...(information ?? [])];
  const at = pairs.findIndex((octet, index) => index % 2 === 0 && octet === SIGNING_KEY);
  return at < 0 ? 'unknown' : ORIGINS[pairs[at + 1] ?? 0] ?? 'unknown';
}

/** What a card answers to a command, without its status word; null where it does not know it. */
async function apdu(command: string): Promise<Buffer | null> {
  const said = await askAgent(`SCD APDU ${command}`);
  const escaped = said?.split('\n').filter((line) => line.startsWith('D ')).map((line) => line.slice(2)).join('') ?? '';
  const data = escaped.replaceAll(/%([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return data.endsWith(OK) ? Buffer.from(data.slice(0, -OK.length), 'latin1') : null;
}
