import { readStatements, type SignedStatements, type VerifiedEntry } from '../approval/read-statements.ts';
import type { Entry } from '../model/archive.ts';
import type { RosterInForce } from '../model/roster.ts';
import type { ArchivePort } from './archive-port.ts';

const AT_ONCE = 1_000;

/** Everything in the archive, of whichever console, that people signed for a release. */
export async function signedStatements(
  archive: ArchivePort, release: string, roster: RosterInForce, at: string, signersOf: (entry: Entry) => Promise<readonly string[]>,
): Promise<SignedStatements> {
  const verified: VerifiedEntry[] = [];
  // What is attested and decided is for one version; a risk can be accepted for every release.
  const queries = [{ event_type: 'attestation', release }, { event_type: 'approval', release }, { event_type: 'rejection', release }, { event_type: 'risk_acceptance', release: null }];
  for (const query of queries) {
    for (let offset = 0; ; offset += AT_ONCE) {
      const { entries, total } = await archive.list({ origin: null, ...query, offset, limit: AT_ONCE });
      for (const { id } of entries) {
        const { entry } = await archive.show(id);
        verified.push({ id, entry, signers: await signersOf(entry) });
      }
      if (offset + AT_ONCE >= total) break;
    }
  }
  // By place, so that equal archives give equal verdicts however they came to be.
  verified.sort((a, b) => (a.id < b.id ? -1 : 1));
  return readStatements(verified, release, roster, at);
}
