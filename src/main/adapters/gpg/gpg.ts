import { AppError } from '../../../core/model/errors.ts';
import type { SigningKey } from '../../../core/contract/contract.ts';
import type { OpenPgp } from '../../../core/signing/openpgp.ts';
import { parseSecretKeys } from './parse-keys.ts';
import { runGpg, type GpgResult } from './run-gpg.ts';
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
      return signatureOf(await runGpg(detachedArguments(key), { input: data, signal }));
    },
  };
}

/** What makes gpg write a detached, armored signature of what it is given. Error: `key-unusable`. */
export function detachedArguments({ fingerprint, signing, unusable: why }: SigningKey): string[] {
  if (signing === null || why !== null) throw unusable(fingerprint, why ?? 'cannot-sign');
  return ['--armor', '--detach-sign', '--digest-algo', 'SHA512', '--no-emit-version', '--local-user', `${signing}!`, '--output', '-'];
}

/** The signature that gpg made, or why it made none: its exit code says neither. */
export function signatureOf({ status, stdout, stderr }: GpgResult): string {
  if (!status.some((line) => line.startsWith('SIG_CREATED D ')) || stdout.length === 0) throw signingFailure(status, stderr);
  return Buffer.from(stdout).toString('utf8');
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
