import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';
import { readKeyring } from '../../../core/openpgp/keyring.ts';
import type { KeySource, OpenPgp } from '../../../core/signing/openpgp.ts';
import { parseVerification } from './parse-status.ts';
import { runGpg } from './run-gpg.ts';

/**
 * Has gpg verify a signature in a home of its own that holds these certificates and nothing else: nothing of the user's
 * trust leaks into its verdict. Null where there is no gpg.
 */
export const secondOpinion: OpenPgp['secondOpinion'] = async ({ signature, data, certificates, signal }) => {
  const home = await mkdtemp(join(tmpdir(), 'countersign-opinion-'));
  try {
    const keyring = join(home, 'certificates.pgp');
    await writeFile(keyring, certificates);
    await runGpg(['--no-options', '--no-autostart', '--import-options', 'import-minimal', '--import', '--', keyring], { home, signal });
    const { status } = await runGpg(['--no-options', '--trust-model', 'always', '--verify', '--', signature, data], { home, signal });
    return parseVerification(status);
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'gpg-unavailable') return null;
    throw cause;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
};

/** Public keys of the user's own keyring; gpg is asked for each that a signature names. */
export const userKeys: KeySource = async (issuers) => {
  const nothing = readKeyring(new Uint8Array(0));
  const wanted = issuers.filter((issuer) => /^[0-9A-F]{16,64}$/.test(issuer));
  if (wanted.length === 0) return nothing;
  try {
    const { stdout } = await runGpg(['--export', '--', ...wanted], { timeout: 60_000 });
    return readKeyring(stdout);
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'gpg-unavailable') return nothing;
    throw cause;
  }
};
