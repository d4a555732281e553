import type { Entry } from '../model/archive.ts';
import type { RosterInForce } from '../model/roster.ts';
import { decidedBy, decisionOf, revokedKeysOf, type RevokedKeys } from '../roster/revocations.ts';
import type { ArchivePort } from './archive-port.ts';

const AT_ONCE = 1_000;

/** Whether enough administrators signed a decision, of any version of the roster that was ever held here. */
export function isDecided(entry: Entry, rosters: readonly RosterInForce[], administratorsOf: (entry: Entry, roster: RosterInForce) => readonly string[]): boolean {
  return decisionOf(entry) !== null && rosters.some((roster) => decidedBy(roster, administratorsOf(entry, roster)).reached);
}

/** The keys that administrators revoked, in any log that is known here. */
export async function revokedKeys(archive: ArchivePort, rosters: readonly RosterInForce[], administratorsOf: (entry: Entry, roster: RosterInForce) => readonly string[]): Promise<RevokedKeys> {
  const decided: { id: string; entry: Entry }[] = [];
  for (let offset = 0; ; offset += AT_ONCE) {
    const { entries, total } = await archive.list({ origin: null, event_type: 'key_revocation', release: null, offset, limit: AT_ONCE });
    for (const { id } of entries) {
      const { entry } = await archive.show(id);
      if (isDecided(entry, rosters, administratorsOf)) decided.push({ id, entry });
    }
    if (offset + AT_ONCE >= total) return revokedKeysOf(decided);
  }
}
