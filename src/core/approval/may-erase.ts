import type { Entry } from '../model/archive.ts';
import { LegalHoldRecord, TombstoneRecord } from '../model/records/people.ts';
import type { RosterInForce } from '../model/roster.ts';
import { personByKey, rolesOf } from '../roster/people.ts';

/**
 * Whether a tombstone or a legal hold is the act of somebody who may decide that (FORMATS §4): signed by the person whom
 * it names, who has one of the roles in the roster in force.
 */
export function mayErase({ record }: Entry, signers: readonly string[], { roster }: RosterInForce, roles: readonly string[], at: string): boolean {
  const decider = TombstoneRecord.safeParse(record).data?.withheld_by ?? LegalHoldRecord.safeParse(record).data?.decided_by;
  return signers.some((key) => {
    const person = personByKey(roster, key, 'approve');
    return person !== null && person.id === decider && roles.some((role) => rolesOf(roster, person, at).has(role));
  });
}
