import { Readable } from 'node:stream';
import type { SigningKey } from '../../../core/contract/contract.ts';
import { AppError } from '../../../core/model/errors.ts';
import { runGpg } from './run-gpg.ts';
import { signingFailure } from './signing-failure.ts';

/**
 * Has gpg make a signed message that carries its data, binary and not compressed, as container signatures are. Errors:
 * `key-unusable`, `pin-failed`, `gpg-unavailable`, `gpg-failed`, `cancelled`.
 */
export async function signMessage({ fingerprint, signing, unusable }: SigningKey, data: string, signal: AbortSignal): Promise<Uint8Array> {
  if (signing === null || unusable !== null) throw new AppError('key-unusable', `The key ${fingerprint} cannot sign.`, { hint: 'Choose another key; countersign keys shows which can sign.', details: { fingerprint, why: unusable ?? 'cannot-sign' } });
  const { status, stdout, stderr } = await runGpg(
    ['--sign', '--digest-algo', 'SHA512', '--compress-algo', 'none', '--set-filename', '', '--no-emit-version', '--local-user', `${signing}!`, '--output', '-'],
    { input: Readable.from([Buffer.from(data, 'utf8')]), signal },
  );
  if (!status.some((line) => line.startsWith('SIG_CREATED S ')) || stdout.length === 0) throw signingFailure(status, stderr);
  return stdout;
}
