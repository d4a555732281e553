import { LegalHoldRecord, TombstoneRecord } from '../model/records/people.ts';
import type { JudgedEntry } from './acts.ts';

/** Whether a tombstone or a legal hold is the act of somebody who may decide that (FORMATS §4): it counts, and they had one of the roles. */
export function mayErase({ entry: { record }, act }: Pick<JudgedEntry, 'entry' | 'act'>, roles: readonly string[]): boolean {
  const decides = TombstoneRecord.safeParse(record).success || LegalHoldRecord.safeParse(record).success;
  return decides && act.standing === 'counts' && roles.some((role) => act.roles.has(role));
}
