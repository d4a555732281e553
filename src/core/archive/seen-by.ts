import type { CosignedCheckpoint } from './cosigned-file.ts';

/** Whose console is whose, by the roster in force, and how many other people make a record witnessed. */
export interface ConsoleOwners {
  /** The owner of the console with this log; null where the roster does not name it. */
  readonly ownerOf: (origin: string) => string | null;
  readonly needed: number;
}

/** Somebody else's console that saw an entry, by the first checkpoint over it that it cosigned. */
export interface Sighting {
  readonly witness: string;
  /** Whose console it is, by the roster; null where that is not known, or it is the log's own owner. */
  readonly person: string | null;
  readonly size: number;
  /** RFC 3339 UTC, by the clock of that console. */
  readonly time: string;
}

/** Whether enough people saw it: `witnessed` by as many as are asked for, `seen` by some console, `unseen` by none. */
export type Witnessed = 'witnessed' | 'seen' | 'unseen';

type Seen = Pick<CosignedCheckpoint, 'checkpoint' | 'cosignature'>;

/** What each witness of a log cosigned last. */
export function lastSightings(origin: string, cosigned: readonly Seen[], owners: ConsoleOwners | null): Sighting[] {
  const last = new Map<string, Seen>();
  for (const one of cosigned) if (one.checkpoint.size >= (last.get(one.cosignature.witness)?.checkpoint.size ?? 0)) last.set(one.cosignature.witness, one);
  return sightingsOf(origin, -1, [...last.values()], owners);
}

/** No later than this was an entry made: when the first console of another person than the log's owner had seen it (FORMATS §4). */
export function notAfter(sightings: readonly Sighting[]): string | null {
  return sightings.find(({ person }) => person !== null)?.time ?? null;
}

/** Every console that saw an entry, the earliest first. */
export function sightingsOf(origin: string, seq: number, cosigned: readonly Seen[], owners: ConsoleOwners | null): Sighting[] {
  const first = new Map<string, Sighting>();
  const owner = owners?.ownerOf(origin) ?? null;
  for (const { checkpoint: { size }, cosignature: { witness, time } } of cosigned) {
    if (size <= seq || witness === origin) continue;
    const before = first.get(witness);
    const at = new Date(time * 1000).toISOString().replace('.000Z', 'Z');
    if (before !== undefined && Date.parse(before.time) <= time * 1000) continue;
    const person = owners?.ownerOf(witness) ?? null;
    first.set(witness, { witness, person: person === owner ? null : person, size, time: at });
  }
  return [...first.values()].sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || (a.witness < b.witness ? -1 : 1));
}

/**
 * Tells of each entry of a log whether it is witnessed: by how many different people, none of them the log's owner
 * (FORMATS §4). Prepared once for a log, because lists are long.
 */
export function witnessedIn(origin: string, cosigned: readonly Seen[], owners: ConsoleOwners | null): (seq: number) => Witnessed {
  const owner = owners?.ownerOf(origin) ?? null;
  const byPerson = new Map<string, number>();
  let seen = 0;
  for (const { checkpoint: { size }, cosignature: { witness } } of cosigned) {
    if (witness === origin) continue;
    seen = Math.max(seen, size);
    const person = owners?.ownerOf(witness) ?? null;
    if (person !== null && person !== owner) byPerson.set(person, Math.max(byPerson.get(person) ?? 0, size));
  }
  const needed = owners?.needed ?? 1;
  const witnessed = [...byPerson.values()].sort((a, b) => b - a)[needed - 1] ?? 0;
  return (seq) => (seq < witnessed ? 'witnessed' : seq < seen ? 'seen' : 'unseen');
}
