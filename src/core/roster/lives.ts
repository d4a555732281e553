import type { RosterInForce } from '../model/roster.ts';

/** A console took a version of the roster, as its log tells. */
export interface Adoption {
  readonly digest: string;
  readonly version: number;
  readonly origin: string;
  readonly seq: number;
  /** RFC 3339 UTC, by that console's clock. */
  readonly time: string;
}

/** A version of the roster with the time in which it was in force (FORMATS §5). */
export interface RosterLife extends RosterInForce {
  /** Signed by then, and in force nowhere before; null where neither is known. */
  readonly from: string | null;
  /** When its successor came into force, or when it expired; it counts to the very second. */
  readonly until: string;
  /** Why nothing counts under it, whenever it was done; null where it does. */
  readonly disputed: string | null;
}

/**
 * When each version that was ever held was in force: from its administrators' last signature, for a successor no
 * earlier than the first adoption by a console of either roster that is known, until its own successor was. Nobody can move a beginning to before
 * the signatures. `disputed` gives the other valid rosters of a version (FORMATS §5).
 */
export function livesOf(held: readonly RosterInForce[], adoptions: readonly Adoption[], ownOrigin: string | null, disputed: ReadonlyMap<number, string>): RosterLife[] {
  const inOrder = [...held].sort((a, b) => a.roster.version - b.roster.version);
  const begins = inOrder.map((one, index) => beginningOf(one, inOrder[index - 1] ?? null, adoptions, ownOrigin));
  return inOrder.map((one, index) => {
    const next = index + 1 < begins.length ? (begins[index + 1] ?? null) : null;
    return { ...one, from: begins[index] ?? null, until: next === null || later(next, one.roster.expires) === next ? one.roster.expires : next, disputed: disputed.get(one.roster.version) ?? null };
  });
}

function beginningOf({ roster, digest, signedAt = null }: RosterInForce, before: RosterInForce | null, adoptions: readonly Adoption[], ownOrigin: string | null): string | null {
  // The first of all came by a ceremony; people acted under it before the last console had it.
  if (before === null) return signedAt;
  const consoles = new Set([...roster.consoles, ...before.roster.consoles].map(({ origin }) => origin));
  const adopted = adoptions.filter((one) => one.digest === digest && (one.origin === ownOrigin || consoles.has(one.origin))).map(({ time }) => time);
  const first = adopted.reduce<string | null>((found, time) => (found === null || later(found, time) === found ? time : found), null);
  if (first === null || signedAt === null) return first ?? signedAt;
  return later(first, signedAt);
}

/** The later of two times; the first where they are the same. */
export function later(a: string, b: string): string {
  return Date.parse(b) > Date.parse(a) ? b : a;
}
