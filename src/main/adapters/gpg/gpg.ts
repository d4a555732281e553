import { AppError } from '../../../core/model/errors.ts';
import type { OpenPgp } from '../../../core/signing/openpgp.ts';
import { parseSecretKeys } from './parse-keys.ts';
import { runGpg } from './run-gpg.ts';

/** OpenPGP through the user's own gpg, its agent, and whatever cards the agent reaches. */
export function createGpg(now: () => Date): Pick<OpenPgp, 'version' | 'keys' | 'sign'> {
  return {
    version: async () => {
      try {
        const { stdout } = await runGpg(['--version'], { timeout: 10_000 });
        return { version: /\b(\d+\.\d+\.\d+)\b/.exec(stdout.toString('utf8'))?.[1] ?? null, problem: null };
      } catch (cause) {
        return { version: null, problem: cause instanceof AppError ? cause.message : 'gpg could not be started' };
      }
    },
    keys: async () => {
      const { stdout } = await runGpg(['--list-secret-keys', '--with-colons', '--with-fingerprint', '--fixed-list-mode'], { timeout: 60_000 });
      return parseSecretKeys(stdout.toString('utf8'), now());
    },
    sign: async (key, data, signal) => {
      if (key.signing === null || key.unusable !== null) throw unusable(key.fingerprint, key.unusable ?? 'cannot-sign');
      const { status, stdout, stderr } = await runGpg(
        ['--armor', '--detach-sign', '--digest-algo', 'SHA512', '--no-emit-version', '--local-user', `${key.signing}!`, '--output', '-'],
        { input: data, signal },
      );
      if (!status.some((line) => line.startsWith('SIG_CREATED D ')) || stdout.length === 0) throw signingFailure(status, stderr);
      return stdout.toString('utf8');
    },
  };
}

function unusable(fingerprint: string, why: string): AppError {
  const words: Readonly<Record<string, string>> = {
    'expired': 'has expired', 'revoked': 'is revoked', 'disabled': 'is disabled', 'cannot-sign': 'may not sign',
    'secret-missing': 'has no secret part on this machine',
  };
  return new AppError('key-unusable', `The key ${fingerprint} ${words[why] ?? 'cannot be used'}.`, {
    hint: 'Choose another key; countersign keys shows which can sign.', details: { fingerprint, why },
  });
}

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

function signingFailure(status: readonly string[], stderr: string): AppError {
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
