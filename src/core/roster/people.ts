import type { Person, Roster } from '../model/roster.ts';

type KeyUse = Person['keys'][number]['use'][number];

/**
 * The roles that somebody has at a time: their own, and those of whom they stand in for (FORMATS §5). Who left or is
 * suspended has none.
 */
export function rolesOf(roster: Roster, person: Person, at: string): Set<string> {
  if (person.status !== 'active') return new Set();
  const time = Date.parse(at);
  const standsInFor = roster.people.filter(
    ({ status, deputies }) => status === 'active' && deputies.some(({ id, from, until }) => id === person.id && Date.parse(from) <= time && time <= Date.parse(until)),
  );
  return new Set([person, ...standsInFor].flatMap(({ roles }) => roles));
}

/** Who holds a key, for whatever use; null where nobody does, or somebody who left or is suspended. */
export function personHolding(roster: Roster, fingerprint: string): Person | null {
  return personByKey(roster, fingerprint, 'approve') ?? personByKey(roster, fingerprint, 'release') ?? personByKey(roster, fingerprint, 'admin');
}

/** Who holds a key for a use; a key's fingerprint stands in one person's list only, else it names nobody. */
export function personByKey(roster: Roster, fingerprint: string, use: KeyUse): Person | null {
  const holders = roster.people.filter(({ keys }) => keys.some((key) => key.fingerprint === fingerprint));
  const [holder] = holders;
  if (holder === undefined || holders.length > 1 || holder.status !== 'active') return null;
  return holder.keys.some((key) => key.fingerprint === fingerprint && key.use.includes(use)) ? holder : null;
}

/** Who has one of the e-mail addresses; an address that two people share names nobody. */
export function personByEmail(roster: Roster, emails: Iterable<string>): Person | null {
  const wanted = new Set([...emails].map((email) => email.toLowerCase()));
  const holders = roster.people.filter((person) => person.emails.some((email) => wanted.has(email.toLowerCase())));
  return holders.length === 1 ? (holders[0] ?? null) : null;
}
