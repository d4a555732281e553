import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readKeyring, type Keyring } from '../../core/openpgp/keyring.ts';
import type { KeySource } from '../../core/signing/openpgp.ts';
import { ensureHome } from './home-folder.ts';
import { writeText } from './text-files.ts';

/** Certificates that ever signed a release here. They are added to and never taken away. */
export interface KeptCertificates {
  /** Keeps what is there; one that differs from what is kept is kept beside it. */
  readonly keep: (certificates: Uint8Array) => Promise<void>;
  /** The newest of each key. */
  readonly keys: KeySource;
}

/**
 * Keeps certificates in the data folder (`certificates/FINGERPRINT-DIGEST.pgp`), so that a signature can be checked when
 * its key has long left every keyring. They say whose key it was, never that it counts.
 */
export function keptCertificates(home: string): KeptCertificates {
  const folder = join(home, 'certificates');
  return {
    keep: async (certificates) => {
      await ensureHome(home);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const keyring = readKeyring(certificates);
      for (const certificate of keyring.certificates) {
        const bytes = keyring.excerpt([{ certificate, key: certificate.primary }]);
        const path = join(folder, `${certificate.primary.fingerprint}-${shortDigest(bytes)}.pgp`);
        if (!existsSync(path)) await writeText(path, bytes);
      }
    },
    keys: async () => readNewest(folder),
  };
}

async function readNewest(folder: string): Promise<Keyring> {
  const newest = new Map<string, { readonly bytes: Uint8Array; readonly time: number }>();
  for (const name of existsSync(folder) ? (await readdir(folder)).sort() : []) {
    const [, fingerprint, digest] = /^([0-9A-F]{40}|[0-9A-F]{64})-([0-9a-f]{16})\.pgp$/.exec(name) ?? [];
    if (fingerprint === undefined) continue;
    const time = (await stat(join(folder, name))).mtimeMs;
    if (time < (newest.get(fingerprint)?.time ?? -Infinity)) continue;
    const bytes = await readFile(join(folder, name));
    // One that was changed since is not what was kept.
    if (shortDigest(bytes) === digest) newest.set(fingerprint, { bytes, time });
  }
  return readKeyring(Buffer.concat([...newest.values()].map(({ bytes }) => bytes)));
}

function shortDigest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
