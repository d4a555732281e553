import { AppError } from '../../../core/model/errors.ts';

/** gpg's `FAILURE sign N`: the error code is N & 0xffff (libgpg-error). */
const FAILURES: Readonly<Record<number, readonly ['pin-failed' | 'cancelled' | 'gpg-failed' | 'key-unusable', string, string]>> = {
  11: ['pin-failed', 'The passphrase was wrong.', 'Try again with the right passphrase.'],
  85: ['gpg-failed', 'gpg found no pinentry to ask for the PIN or passphrase.', 'Install one (on Debian: apt-get install pinentry-curses or pinentry-gnome3).'],
  87: ['pin-failed', 'The PIN was wrong, too short or empty.', 'Try again; gpg --card-status shows how many tries are left.'],
  99: ['cancelled', 'The PIN or passphrase entry was cancelled.', 'Start again when you are ready to enter it.'],
  112: ['key-unusable', 'The card is not there, or another one is inserted.', 'Insert the card that holds this key and start again.'],
  119: ['gpg-failed', 'gpg has no card daemon.', 'Install it (on Debian: apt-get install scdaemon).'],
  130: ['pin-failed', 'The PIN is blocked.', 'Unblock it with the reset code or the admin PIN (gpg --card-edit, passwd).'],
  131: ['cancelled', 'The card was not touched in time, or refused.', 'Start again and touch the card when it asks.'],
};

export function signingFailure(status: readonly string[], stderr: string): AppError {
  const failure = status.map((line) => /^FAILURE sign (\d+)$/.exec(line)).find((match) => match !== null);
  const invalid = status.find((line) => line.startsWith('INV_SGNR '));
  const known = failure === undefined || failure === null ? undefined : FAILURES[Number(failure[1]) & 0xffff];
  const details = { status: status.slice(-8).join('\n'), stderr: stderr.slice(-1000) };
  if (known !== undefined) return new AppError(known[0], known[1], { hint: known[2], details });
  if (invalid !== undefined) return new AppError('key-unusable', 'gpg cannot sign with this key.', { hint: 'Choose another key.', details });
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return new AppError('gpg-failed', `gpg made no signature: ${last}`, {
    hint: 'If a passphrase is needed, check that pinentry can open a window or has this terminal (export GPG_TTY=$(tty)).', details,
  });
}
