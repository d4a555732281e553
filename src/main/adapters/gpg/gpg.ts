import { AppError } from '../../../core/model/errors.ts';
import type { OpenPgp } from '../../../core/signing/openpgp.ts';
import { parseSecretKeys } from './parse-keys.ts';
import { runGpg } from './run-gpg.ts';
import { signingFailure } from './signing-failure.ts';

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
