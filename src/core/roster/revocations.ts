import type { Entry } from '../model/archive.ts';
import { KeyRevocationRecord } from '../model/key-records.ts';
import type { RosterInForce } from '../model/roster.ts';
import { personByKey } from './people.ts';

/** A key that a threshold of administrators revoked, from a stated time (FORMATS §5). */
export interface RevokedKey {
  readonly fingerprint: string;
  /** When it was last surely in the right hands, RFC 3339 UTC. */
  readonly since: string;
  readonly cause: KeyRevocationRecord['cause'];
  readonly reason: string;
  /** The decision's place in the archive. */
  readonly record: string;
}

/** By the fingerprint of their primary key. */
export type RevokedKeys = ReadonlyMap<string, RevokedKey>;

/** The administrators who signed, each once however many keys they have, and how many are asked for. */
export function decidedBy({ roster }: Pick<RosterInForce, 'roster'>, signers: readonly string[]): { readonly people: readonly string[]; readonly threshold: number; readonly reached: boolean } {
  const people = [...new Set(signers.flatMap((fingerprint) => personByKey(roster, fingerprint, 'admin')?.id ?? []))].sort();
  return { people, threshold: roster.thresholds.admin, reached: people.length >= roster.thresholds.admin };
}

/** The administrators' decision that an entry is, whoever signed it; null for every other entry, and for one that was imported. */
export function decisionOf({ record }: Pick<Entry, 'record'>): (KeyRevocationRecord & { readonly since: string }) | null {
  if (record.imported === true || record.event_type !== 'key_revocation') return null;
  const parsed = KeyRevocationRecord.safeParse(record);
  if (!parsed.success || parsed.data.by !== 'administrators' || parsed.data.since === undefined) return null;
  return { ...parsed.data, since: parsed.data.since };
}

/** Every key that was revoked so; of several decisions about one, that which reaches furthest back counts. */
export function revokedKeysOf(decided: readonly { readonly id: string; readonly entry: Pick<Entry, 'record'> }[]): RevokedKeys {
  const keys = new Map<string, RevokedKey>();
  for (const { id, entry } of decided) {
    const decision = decisionOf(entry);
    if (decision === null) continue;
    const { key_fingerprint: fingerprint, since, cause, reason } = decision;
    const before = keys.get(fingerprint);
    if (before === undefined || Date.parse(since) < Date.parse(before.since)) keys.set(fingerprint, { fingerprint, since, cause, reason, record: id });
  }
  return keys;
}

/** The same roster without the keys that were revoked, for whatever is done or signed from now on. */
export function withoutKeys(inForce: RosterInForce, revoked: RevokedKeys): RosterInForce {
  if (revoked.size === 0) return inForce;
  const people = inForce.roster.people.map((person) => ({ ...person, keys: person.keys.filter(({ fingerprint }) => !revoked.has(fingerprint)) }));
  return { ...inForce, roster: { ...inForce.roster, people } };
}

/**
 * Whose signatures over an entry still count: a revoked key's only where this console itself wrote the entry down before
 * the key was out of the right hands; all else is undetermined and opens nothing (FORMATS §4).
 */
export function stillCounted(signers: readonly string[], entry: Pick<Entry, 'origin' | 'time'>, revoked: RevokedKeys, ownOrigin: string): string[] {
  return signers.filter((fingerprint) => {
    const key = revoked.get(fingerprint);
    return key === undefined || (entry.origin === ownOrigin && Date.parse(entry.time) < Date.parse(key.since));
  });
}
