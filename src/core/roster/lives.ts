import type { RosterInForce } from '../model/roster.ts';

/** A console took a version of the roster, as its log tells. */
export interface Adoption {
  readonly digest: string;
  readonly version: number;
  readonly origin: string;
  readonly seq: number;
  /** RFC 3339 UTC, by that console's clock. */
  readonly time: string;
  /** When the console of another person had first seen that it did. */
  readonly notAfter: string | null;
  /** The last entry of each other log that was there before, because this one names it by its leaf. */
  readonly knew: ReadonlyMap<string, number>;
}

/** A console that counts took a later version. */
export interface Ending extends Adoption {
  /** What was done by then was done before it; null where no time tells that. */
  readonly since: string | null;
}

/** A version of the roster with the time in which it was in force (FORMATS §5). */
export interface RosterLife extends RosterInForce {
  /** Signed by then, and in force nowhere before; null where neither is known. */
  readonly from: string | null;
  /** When its successor came into force, or when it expired, as the consoles tell that took it. */
  readonly until: string;
  /** Consoles that count took it; none for the first, which came by a ceremony. */
  readonly begun: readonly Adoption[];
  /** Consoles that count took a later one. What is done under this one is done before each of them. */
  readonly ended: readonly Ending[];
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
  const adopted = inOrder.map((one, index) => adoptionsOf(one, inOrder[index - 1] ?? null, adoptions, ownOrigin));
  const begins = inOrder.map((one, index) => beginningOf(one, adopted[index] ?? []));
  return inOrder.map((one, index) => {
    const next = index + 1 < begins.length ? (begins[index + 1] ?? null) : null;
    return {
      ...one, from: begins[index] ?? null, until: next === null || later(next, one.roster.expires) === next ? one.roster.expires : next,
      begun: adopted[index] ?? [], ended: inOrder.slice(index + 1).flatMap((successor, after) => (adopted[index + 1 + after] ?? []).map((adoption) => ({ ...adoption, since: sinceWhen(adoption, successor, ownOrigin) }))),
      disputed: disputed.get(one.roster.version) ?? null,
    };
  });
}

/** By this console, and by those that the roster or the one before it names. The first of all came by a ceremony; people acted under it before the last console had it. */
function adoptionsOf({ roster, digest }: RosterInForce, before: RosterInForce | null, adoptions: readonly Adoption[], ownOrigin: string | null): Adoption[] {
  if (before === null) return [];
  const consoles = new Set([...roster.consoles, ...before.roster.consoles].map(({ origin }) => origin));
  return adoptions.filter((one) => one.digest === digest && (one.origin === ownOrigin || consoles.has(one.origin)));
}

function beginningOf({ signedAt = null }: RosterInForce, adopted: readonly Adoption[]): string | null {
  const first = adopted.reduce<string | null>((found, { time }) => (found === null || later(found, time) === found ? time : found), null);
  if (first === null || signedAt === null) return first ?? signedAt;
  return later(first, signedAt);
}

/**
 * A clock that goes fast would let the version before last too long, so what this console took is dated by the
 * administrators' signatures alone, and by what it knew then; what others took, by the earliest that is said of it.
 */
function sinceWhen({ origin, time, notAfter }: Adoption, { signedAt = null }: RosterInForce, ownOrigin: string | null): string | null {
  if (origin === ownOrigin) return signedAt;
  const told = notAfter !== null && later(notAfter, time) === time ? notAfter : time;
  return signedAt === null ? told : later(told, signedAt);
}

/** The later of two times; the first where they are the same. */
export function later(a: string, b: string): string {
  return Date.parse(b) > Date.parse(a) ? b : a;
}
