import { signedBytes } from '../../../core/approval/personal-signature.ts';
import type { Entry } from '../../../core/model/archive.ts';
import type { RosterInForce } from '../../../core/model/roster.ts';
import type { Keyring } from '../../../core/openpgp/keyring.ts';
import type { CheckedSignatures } from '../../../core/openpgp/signature-check.ts';
import { checkHeld } from '../../../core/openpgp/verify-held.ts';
import { digestOf } from '../../../core/workflow/canonical.ts';
import { rosterKeyring } from './roster-keyring.ts';

/** More than this are not kept in memory; they are only checked again. */
const KEPT = 20_000;

/** Says whose keys, by the fingerprint of their primary key, signed an entry, of the people that a roster names for approvals. */
export type SignersOf = (entry: Entry, roster: RosterInForce, at: Date) => readonly string[];

/** Verifies personal signatures (FORMATS §4); each is checked once a process, and judged at the time that is asked for. */
export function personalSignatures(): SignersOf {
  const known = new Map<string, readonly CheckedSignatures[]>();
  let held: { readonly digest: string; readonly keyring: Keyring } | null = null;
  return (entry, { roster, digest }, at) => {
    if (entry.signatures.length === 0) return [];
    if (held?.digest !== digest) held = { digest, keyring: rosterKeyring([roster], 'approve') };
    const key = `${digest} ${digestOf(entry)}`;
    let checked = known.get(key);
    if (checked === undefined) {
      const [data, { keyring }] = [Buffer.from(signedBytes(entry)), held];
      checked = entry.signatures.map(({ asc }) => checkHeld(asc, data, keyring));
      if (known.size >= KEPT) known.clear();
      known.set(key, checked);
    }
    const made = checked.flatMap(({ judge }) => judge(Math.floor(at.getTime() / 1000)));
    return [...new Set(made.flatMap(({ today, primary }) => (today === 'good' && primary !== null ? [primary] : [])))];
  };
}
