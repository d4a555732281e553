import type { SigningTrouble } from '../model/card.ts';
import { AppError, type AppErrorShape, type ErrorCode } from '../model/errors.ts';

/** What is known of a trouble beyond its name. */
export interface TroubleFacts {
  readonly key?: string;
  /** Tries left before the PIN is blocked; null where the card could not be asked. */
  readonly triesLeft?: number | null;
  /** Serials as they are printed on cards. */
  readonly wanted?: string | null;
  readonly inserted?: string | null;
  /** The last line that gpg said. */
  readonly said?: string;
}

interface Trouble {
  readonly code: ErrorCode;
  readonly message: (facts: TroubleFacts) => string;
  readonly hint: string;
}

const theKey = ({ key }: TroubleFacts): string => (key === undefined ? 'The key' : `The key ${key}`);
const theCard = ({ wanted }: TroubleFacts): string => (wanted == null ? 'the card' : `card ${wanted}`);

/** One sentence and one next step for each. */
const TROUBLES: Readonly<Record<SigningTrouble, Trouble>> = {
  'no-gpg': { code: 'gpg-unavailable', message: () => 'gpg is not installed.', hint: 'Install GnuPG (on Debian: apt-get install gnupg).' },
  'no-agent': { code: 'gpg-failed', message: () => 'gpg cannot reach its agent.', hint: 'Install it (on Debian: apt-get install gpg-agent) and check that gpg-connect-agent /bye succeeds.' },
  'no-scdaemon': { code: 'gpg-failed', message: () => 'gpg has no card daemon.', hint: 'Install it (on Debian: apt-get install scdaemon).' },
  'no-pcscd': { code: 'gpg-failed', message: () => 'The smart card service does not run.', hint: 'Start it (on Debian: apt-get install pcscd, then systemctl start pcscd) and put the card in again.' },
  'no-reader': { code: 'gpg-failed', message: () => 'There is no card reader.', hint: 'Connect the reader, or the token that is its own reader, and start again.' },
  'no-card': { code: 'key-unusable', message: (facts) => `No card is in the reader; this key is on ${theCard(facts)}.`, hint: 'Insert the card that holds this key and start again.' },
  'wrong-card': {
    code: 'key-unusable', message: ({ wanted, inserted }) => `The wrong card is in the reader: this key is on card ${wanted ?? 'of another serial'}, and card ${inserted ?? 'of another serial'} is inserted.`,
    hint: 'Take it out, insert the card that holds this key and start again.',
  },
  'card-removed': { code: 'gpg-failed', message: () => 'The card was removed, or lost its contact, before it had signed.', hint: 'Put it in, leave it in until the signature is made, and start again.' },
  'card-failed': { code: 'gpg-failed', message: () => 'The card reports a failure of its memory.', hint: 'Take it out, put it in and try once more; if it fails again, sign with the spare card and replace this one.' },
  'key-replaced': { code: 'key-unusable', message: (facts) => `${theKey(facts)} is not on ${theCard(facts)} any more: another key has taken its place.`, hint: 'Find out who replaced it before anything else is signed; countersign cards shows which key is there.' },
  'no-answer': { code: 'gpg-failed', message: () => 'The card or pinentry did not answer in time.', hint: 'Take the card out, run gpgconf --kill all, put it in and start again.' },
  'pin-wrong': { code: 'pin-failed', message: ({ triesLeft }) => `The PIN was wrong, too short or empty${tries(triesLeft)}.`, hint: 'Start again with the right PIN; the last wrong one blocks the card.' },
  'pin-blocked': { code: 'pin-failed', message: () => 'The PIN is blocked: no try is left.', hint: 'Unblock it with the reset code or the admin PIN (gpg --card-edit, admin, passwd).' },
  'passphrase-wrong': { code: 'pin-failed', message: () => 'The passphrase was wrong.', hint: 'Start again with the right passphrase.' },
  'pinentry-missing': { code: 'gpg-failed', message: () => 'gpg found no pinentry to ask for the PIN or passphrase.', hint: 'Install one (on Debian: apt-get install pinentry-gnome3 or pinentry-curses).' },
  'pinentry-no-terminal': { code: 'gpg-failed', message: () => 'Pinentry has neither a window nor a terminal to ask in.', hint: 'Install one that opens a window (on Debian: apt-get install pinentry-gnome3), or run export GPG_TTY=$(tty) in the terminal.' },
  'pinentry-cancelled': { code: 'cancelled', message: () => 'The PIN or passphrase entry was cancelled.', hint: 'Start again when you are ready to enter it.' },
  'touch-refused': { code: 'cancelled', message: () => 'The card was not touched in time, or refused.', hint: 'Start again and touch the card when it asks.' },
  'key-expired': { code: 'key-unusable', message: (facts) => `${theKey(facts)} has expired.`, hint: 'Extend it, or choose another key.' },
  'key-revoked': { code: 'key-unusable', message: (facts) => `${theKey(facts)} is revoked.`, hint: 'Choose another key; this one signs nothing any more.' },
  'key-disabled': { code: 'key-unusable', message: (facts) => `${theKey(facts)} is disabled.`, hint: 'Enable it (gpg --edit-key, enable), or choose another key.' },
  'key-may-not-sign': { code: 'key-unusable', message: (facts) => `${theKey(facts)} may not sign: it has no signing key or subkey.`, hint: 'Choose another key, or add a signing subkey to this one.' },
  'clock-behind': { code: 'key-unusable', message: (facts) => `${theKey(facts)} was made later than it is now by the clock of this machine.`, hint: 'Set the clock right (timedatectl shows it), and start again.' },
  'secret-missing': { code: 'key-unusable', message: (facts) => `${theKey(facts)} has no secret part on this machine.`, hint: 'Insert the card that holds it and run countersign cards, or choose another key.' },
  'unclear': { code: 'gpg-failed', message: ({ said = '' }) => `gpg made no signature: ${said}`, hint: 'countersign cards shows what is between gpg and the card.' },
};

/** The error for a trouble: its sentence, its one next step, and `details.state`, which names it. */
export function troubleError(state: SigningTrouble, facts: TroubleFacts = {}, more: AppErrorShape['details'] = {}): AppError {
  const { code, message, hint } = TROUBLES[state];
  const known = Object.entries({ key: facts.key, triesLeft: facts.triesLeft, wanted: facts.wanted, inserted: facts.inserted });
  const details = Object.fromEntries(known.flatMap(([name, value]) => (value == null ? [] : [[name, value]])));
  return new AppError(code, message(facts), { hint, details: { state, ...details, ...more } });
}

const UNUSABLE = { 'expired': 'key-expired', 'revoked': 'key-revoked', 'disabled': 'key-disabled', 'cannot-sign': 'key-may-not-sign', 'secret-missing': 'secret-missing' } as const satisfies Record<string, SigningTrouble>;

/** The error for a key that is known beforehand not to sign; `why` is `SigningKey.unusable`. */
export function unusableKey(fingerprint: string, why: keyof typeof UNUSABLE): AppError {
  return troubleError(UNUSABLE[why], { key: fingerprint }, { why });
}

function tries(left: number | null | undefined): string {
  if (left == null) return '';
  return left === 0 ? ', and the PIN is blocked now' : `; ${left} ${left === 1 ? 'try is' : 'tries are'} left`;
}
