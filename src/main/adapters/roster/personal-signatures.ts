import { signedBytes } from '../../../core/approval/personal-signature.ts';
import type { Entry } from '../../../core/model/archive.ts';
import type { Person, RosterInForce } from '../../../core/model/roster.ts';
import type { Keyring } from '../../../core/openpgp/keyring.ts';
import type { CheckedSignatures } from '../../../core/openpgp/signature-check.ts';
import { checkHeld } from '../../../core/openpgp/verify-held.ts';
import { digestOf } from '../../../core/workflow/canonical.ts';
import { rosterKeyring } from './roster-keyring.ts';

/** More than this are not kept in memory; they are only checked again. */
const KEPT = 20_000;

type Named = Pick<RosterInForce, 'roster' | 'digest'>;

/** What a person signs of an entry (FORMATS §4). */
export type Signable = Pick<Entry, 'record' | 'refs' | 'attachments' | 'signatures'>;

/** Says whose keys, by the fingerprint of their primary key, signed an entry, of the people that a roster names for a use. */
export type SignersOf = (entry: Signable, roster: Named, at: Date) => readonly string[];

/** Verifies personal signatures (FORMATS §4); each is checked once a process, and judged at the time that is asked for. */
export function personalSignatures(...uses: readonly Person['keys'][number]['use'][number][]): SignersOf {
  const signersOfText = textSignatures(...uses);
  return (entry, roster, at) => (entry.signatures.length === 0 ? [] : signersOfText(digestOf(entry), entry.signatures.map(({ asc }) => asc), () => signedBytes(entry), roster, at));
}

/** The same of any text with detached signatures; `known` tells one text with its signatures from every other. */
export function textSignatures(...uses: readonly Person['keys'][number]['use'][number][]) {
  const checks = new Map<string, readonly CheckedSignatures[]>();
  const keyrings = new Map<string, Keyring>();
  return (known: string, signatures: readonly string[], text: () => string, { roster, digest }: Named, at: Date): readonly string[] => {
    const keyring = keyrings.get(digest) ?? rosterKeyring([roster], ...uses);
    keyrings.set(digest, keyring);
    const key = `${digest} ${known}`;
    let checked = checks.get(key);
    if (checked === undefined) {
      const data = Buffer.from(text());
      checked = signatures.map((asc) => checkHeld(asc, data, keyring));
      if (checks.size >= KEPT) checks.clear();
      checks.set(key, checked);
    }
    const made = checked.flatMap(({ judge }) => judge(Math.floor(at.getTime() / 1000)));
    return [...new Set(made.flatMap(({ today, primary }) => (today === 'good' && primary !== null ? [primary] : [])))];
  };
}
