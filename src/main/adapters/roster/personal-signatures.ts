import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signedBytes } from '../../../core/approval/personal-signature.ts';
import type { Entry } from '../../../core/model/archive.ts';
import type { RosterInForce } from '../../../core/model/roster.ts';
import type { OpenPgp } from '../../../core/signing/openpgp.ts';
import { worth } from '../../../core/signing/verify-artifact.ts';
import { digestOf } from '../../../core/workflow/canonical.ts';
import { certificatesOf, withKeyring } from './roster-keyring.ts';

/** More than this are not kept in memory; they are only verified again. */
const KEPT = 20_000;

/** Says whose keys, by the fingerprint of their primary key, signed an entry, of the people that a roster names for approvals. */
export type SignersOf = (entry: Entry, roster: RosterInForce, signal: AbortSignal) => Promise<readonly string[]>;

/** Verifies personal signatures (FORMATS §4) through gpg, each once a process: an entry never changes. */
export function personalSignatures(openpgp: OpenPgp): SignersOf {
  const known = new Map<string, readonly string[]>();
  return async (entry, roster, signal) => {
    if (entry.signatures.length === 0) return [];
    const key = `${roster.digest} ${digestOf(entry)}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const signers = await verified(entry, roster, openpgp, signal);
    if (known.size >= KEPT) known.clear();
    known.set(key, signers);
    return signers;
  };
}

async function verified(entry: Entry, { roster }: RosterInForce, openpgp: OpenPgp, signal: AbortSignal): Promise<string[]> {
  const certificates = certificatesOf(roster, 'approve');
  if (certificates.length === 0) return [];
  return withKeyring(certificates, async (keyring, scratch) => {
    const [data, signature] = [join(scratch, 'data'), join(scratch, 'data.asc')];
    await writeFile(data, signedBytes(entry));
    const signers = new Set<string>();
    for (const { asc } of entry.signatures) {
      await writeFile(signature, asc);
      const { signatures } = await openpgp.verify({ signature, data, keyring, signal });
      for (const made of signatures) if (worth(made).today === 'good' && made.primary !== null) signers.add(made.primary);
    }
    return [...signers];
  });
}
