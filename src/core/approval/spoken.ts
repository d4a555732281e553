import type { Signer } from '../checks/check.ts';
import type { VerbalApprovalRecord } from '../model/records/verbal.ts';
import type { Person, Roster } from '../model/roster.ts';
import { rolesOf } from '../roster/people.ts';
import { couldBeCode, whichCode } from './voice-code.ts';

/** What the roster under which a call was taken knows of it: everything that only that roster can say (FORMATS §5, §7). */
export interface Spoken {
  /** Whom the record names as approver, with the roles that they had all the while; null where they are not in that roster, or not active. */
  readonly approver: Signer | null;
  /** Numbers and rooms by which the roster reaches them. */
  readonly numbers: readonly string[];
  /** Null too where they have no key for approvals, and could never sign that they heard it. */
  readonly witness: Signer | null;
  /** Which of the approver's codes was told; `none` where none was. */
  readonly code: { readonly state: 'good' | 'duress' | 'wrong' | 'none'; readonly id: string | null };
}

/** Holds a call against the roster under which it was taken, in the interval in which it was recorded. */
export function spokenOf(record: VerbalApprovalRecord, roster: Roster, { from, to }: { readonly from: string; readonly to: string }, code: Spoken['code']): Spoken {
  const known = (id: string | null): Signer | null => {
    const person = roster.people.find((one) => one.id === id);
    return person === undefined || person.status !== 'active' ? null : { id: person.id, name: person.name, emails: person.emails, roles: rolesBetween(roster, person, from, to) };
  };
  const approver = roster.people.find(({ id }) => id === record.approver);
  return { approver: known(record.approver), numbers: approver?.phones ?? [], witness: canSign(roster, record.witness) ? known(record.witness) : null, code };
}

function canSign({ people }: Roster, id: string | null): boolean {
  return people.some((person) => person.id === id && person.keys.some(({ use }) => use.includes('approve')));
}

function rolesBetween(roster: Roster, person: Person, from: string, to: string): ReadonlySet<string> {
  const atStart = rolesOf(roster, person, from);
  return new Set([...rolesOf(roster, person, to)].filter((role) => atStart.has(role)));
}

/** Which code was told. A code of anybody else is none; which it is is found by trying, because its name is not told aloud. */
export async function codeTold({ approver, voice_code: told }: Pick<VerbalApprovalRecord, 'approver' | 'voice_code'>, roster: Pick<Roster, 'people'>): Promise<Spoken['code']> {
  if (told == null) return { state: 'none', id: null };
  const found = couldBeCode(told) ? await whichCode(told, roster.people.find(({ id }) => id === approver)?.voice_codes ?? []) : null;
  return found === null ? { state: 'wrong', id: null } : { state: found.duress ? 'duress' : 'good', id: found.id };
}

/** Whether two readings of a call say the same. */
export function sameSpoken(a: Spoken | null, b: Spoken | null): boolean {
  return a === b || JSON.stringify(plain(a)) === JSON.stringify(plain(b));
}

function plain(one: Spoken | null): unknown {
  const party = (signer: Signer | null): unknown => (signer === null ? null : { ...signer, roles: [...signer.roles].sort() });
  return one === null ? null : { ...one, approver: party(one.approver), witness: party(one.witness) };
}
