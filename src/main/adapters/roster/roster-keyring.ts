import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Person, Roster } from '../../../core/model/roster.ts';
import type { OpenPgp } from '../../../core/signing/openpgp.ts';

type KeyUse = Person['keys'][number]['use'][number];

/** The certificates of everybody's keys for one use. */
export function certificatesOf(roster: Roster, use: KeyUse): string[] {
  return roster.people.flatMap(({ keys }) => keys.filter((key) => key.use.includes(use)).map(({ cert }) => cert.trim()));
}

/** Gives work a keyring file of these certificates and a folder to write in; both are gone afterwards. */
export async function withKeyring<Value>(certificates: readonly string[], work: (keyring: string, scratch: string) => Promise<Value>): Promise<Value> {
  const scratch = await mkdtemp(join(tmpdir(), 'countersign-roster-'));
  try {
    const keyring = join(scratch, 'keyring.asc');
    await writeFile(keyring, `${certificates.join('\n')}\n`);
    return await work(keyring, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The same gpg, which also knows the roster's release keys where the user's own keyring lacks one. */
export function knowingReleaseKeys(openpgp: OpenPgp, roster: Roster): OpenPgp {
  const certificates = certificatesOf(roster, 'release');
  if (certificates.length === 0) return openpgp;
  return {
    ...openpgp,
    verify: async (request) => {
      const check = await openpgp.verify(request);
      if (request.keyring !== null || !check.signatures.some(({ status }) => status === 'no-key')) return check;
      return withKeyring(certificates, (keyring) => openpgp.verify({ signature: request.signature, data: request.data, signal: request.signal, keyring }));
    },
  };
}
