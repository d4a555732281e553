import { AppError } from '../../../core/model/errors.ts';
import type { SigningKey } from '../../../core/contract/contract.ts';
import type { OpenPgp } from '../../../core/signing/openpgp.ts';
import { troubleError, unusableKey } from '../../../core/signing/signing-troubles.ts';
import { readCard } from './card-status.ts';
import { parseSecretKeys } from './parse-keys.ts';
import { runGpg, type GpgResult } from './run-gpg.ts';
import { explainFailure, saysNoAgent } from './signing-failure.ts';

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
    keys: () => listSecretKeys(now()),
    sign: async (key, data, signal) => {
      return signatureOf(await runGpg(detachedArguments(key), { input: data, signal }), key);
    },
  };
}

async function listSecretKeys(at: Date): Promise<SigningKey[]> {
  const { stdout, stderr } = await runGpg(['--list-secret-keys', '--with-colons', '--with-fingerprint', '--fixed-list-mode'], { timeout: 60_000 });
  // Without its agent gpg lists no secret key, as if there were none.
  if (saysNoAgent(stderr)) throw troubleError('no-agent');
  return parseSecretKeys(stdout.toString('utf8'), at);
}

/** What makes gpg write a detached, armored signature of what it is given. Error: `key-unusable`. */
export function detachedArguments({ fingerprint, signing, unusable: why }: SigningKey): string[] {
  if (signing === null || why !== null) throw unusableKey(fingerprint, why ?? 'cannot-sign');
  return ['--armor', '--detach-sign', '--digest-algo', 'SHA512', '--no-emit-version', '--local-user', `${signing}!`, '--output', '-'];
}

/** The signature that gpg made, or why it made none: its exit code says neither. */
export async function signatureOf({ status, stdout, stderr }: GpgResult, key: SigningKey): Promise<string> {
  if (!status.some((line) => line.startsWith('SIG_CREATED D ')) || stdout.length === 0) throw await explainFailure(status, stderr, key, readCard);
  return Buffer.from(stdout).toString('utf8');
}
