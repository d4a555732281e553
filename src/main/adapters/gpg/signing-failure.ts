import type { SigningKey } from '../../../core/contract/contract.ts';
import type { CardStatus, SigningTrouble } from '../../../core/model/card.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { troubleError, type TroubleFacts } from '../../../core/signing/signing-troubles.ts';

/** gpg's `FAILURE sign N`: the error code is N & 0xffff (libgpg-error, err-codes.h). */
const CODES: Readonly<Record<number, SigningTrouble>> = {
  1: 'card-removed', 11: 'passphrase-wrong', 54: 'key-may-not-sign', 77: 'no-agent', 85: 'pinentry-missing', 86: 'pinentry-missing', 87: 'pin-wrong', 99: 'pinentry-cancelled',
  94: 'key-revoked', 108: 'card-removed', 111: 'card-removed', 112: 'no-card', 113: 'no-card', 118: 'key-replaced', 119: 'no-scdaemon',
  129: 'card-failed', 130: 'pin-blocked', 131: 'touch-refused', 153: 'key-expired',
};
/** ENOTTY: a pinentry for terminals found none. */
const NOT_A_TERMINAL = 0x8000 | 62;

/** `INV_SGNR REASON KEY` (GnuPG's doc/DETAILS). */
const REFUSED: Readonly<Record<string, SigningTrouble>> = { '4': 'key-revoked', '5': 'key-expired', '6': 'key-may-not-sign', '9': 'secret-missing', '13': 'key-may-not-sign', '15': 'key-disabled' };

const NO_SECRET = '9';

/** Troubles that look alike to gpg: the card itself has to be asked which it is. */
const ASK_CARD: ReadonlySet<SigningTrouble> = new Set(['card-removed', 'no-card', 'key-replaced', 'pin-wrong', 'pin-blocked', 'pinentry-cancelled', 'secret-missing', 'unclear']);

/** Says why gpg made no signature, from its status lines and what it printed alone. */
export function signingFailure(status: readonly string[], stderr: string): AppError {
  return troubleError(troubleOf(status, stderr), { said: lastLine(stderr) }, quoted(status, stderr));
}

/**
 * Says why gpg made no signature, from its status lines and what it printed; for a key on a card the card is asked for
 * the tries that are left, and whether it is there and is the right one. Never throws.
 */
export async function explainFailure(status: readonly string[], stderr: string, key: SigningKey, readCard: () => Promise<CardStatus>): Promise<AppError> {
  const more = quoted(status, stderr);
  const facts: TroubleFacts = { key: key.signing ?? key.fingerprint, wanted: serialOf(key.onCard), said: lastLine(stderr) };
  const told = troubleOf(status, stderr);
  if (key.onCard === null || !ASK_CARD.has(told)) return troubleError(told, facts, more);
  const found = await readCard().catch(() => null);
  return found === null ? troubleError(told, facts, more) : troubleError(...withCard(told, facts, key, found), more);
}

/** What gpg alone says. */
function troubleOf(status: readonly string[], stderr: string): SigningTrouble {
  const code = status.map((line) => /^FAILURE sign (\d+)$/.exec(line)).find((match) => match !== null)?.[1];
  const number = code === undefined ? null : Number(code) & 0xffff;
  if (number === NOT_A_TERMINAL || number === 0x8000 || /inappropriate ioctl|not a tty/i.test(stderr)) return 'pinentry-no-terminal';
  // Of a key without an agent, and of one made later than now, gpg's status says the same as of one without its secret.
  if (saysNoAgent(stderr)) return 'no-agent';
  const reason = status.map((line) => /^INV_SGNR (\d+)/.exec(line)).find((match) => match !== null)?.[1];
  if (reason === NO_SECRET && /was created \d+ (?:second|day)s? in the future/.test(stderr)) return 'clock-behind';
  if (reason !== undefined && REFUSED[reason] !== undefined) return REFUSED[reason];
  return (number === null ? undefined : CODES[number]) ?? 'unclear';
}

/** What the card adds to it. */
function withCard(told: SigningTrouble, facts: TroubleFacts, key: SigningKey, { state, card }: CardStatus): [SigningTrouble, TroubleFacts] {
  const inserted = card?.serial ?? null;
  if (card !== null && key.onCard !== null && card.id.toUpperCase() !== key.onCard.toUpperCase()) return ['wrong-card', { ...facts, inserted }];
  if (card === null) {
    // It was there when it was asked to sign, and is not now.
    if (told === 'card-removed' || told === 'pin-wrong') return ['card-removed', facts];
    if (state === 'no-pcscd' || state === 'no-reader' || state === 'no-scdaemon' || state === 'no-agent' || state === 'no-answer') return [state, facts];
    // gpg's agent asks for the card in a window of its own, and whoever has none cancels that.
    return [state === 'no-card' ? 'no-card' : told, facts];
  }
  if (told === 'pin-wrong') return [told, { ...facts, triesLeft: card.tries.user }];
  if (told === 'no-card' || told === 'secret-missing') return [card.keys.sign !== null && card.keys.sign !== key.signing ? 'key-replaced' : told, facts];
  return [told, facts];
}

/** The serial within an application id (OpenPGP card 3.4 §4.2.1): digits 21 to 28 of 32. */
function serialOf(id: string | null): string | null {
  return id !== null && id.length === 32 ? id.slice(20, 28) : id;
}

/** gpg has no status line for an agent that it cannot start or reach. */
export function saysNoAgent(stderr: string): boolean {
  return /connect to the (?:gpg-)?agent|failed to start .*agent|no (?:running )?gpg-agent/i.test(stderr);
}

function quoted(status: readonly string[], stderr: string): { readonly status: string; readonly stderr: string } {
  return { status: status.slice(-8).join('\n'), stderr: stderr.slice(-1000) };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
