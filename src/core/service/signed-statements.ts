import { byPlace } from '../archive/entry-id.ts';
import type { JudgedEntry } from '../approval/acts.ts';
import { readStatements, type SignedStatements } from '../approval/read-statements.ts';
import type { ArchivePort } from './archive-port.ts';

const AT_ONCE = 1_000;

/** Everything in the archive, of whichever console, that people signed for a release. */
export async function signedStatements(archive: ArchivePort, release: string, judge: (id: string) => Promise<JudgedEntry>): Promise<SignedStatements> {
  return readStatements(await judgedActs(archive, release, judge), release);
}

/** The same, each with what it comes to, by place, so that equal archives give equal verdicts however they came to be. */
export async function judgedActs(archive: ArchivePort, release: string, judge: (id: string) => Promise<JudgedEntry>): Promise<JudgedEntry[]> {
  const judged: JudgedEntry[] = [];
  // What is attested and decided is for one version; a risk can be accepted for every release.
  const queries = [{ event_type: 'attestation', release }, { event_type: 'approval', release }, { event_type: 'rejection', release }, { event_type: 'withdrawal', release }, { event_type: 'risk_acceptance', release: null }];
  for (const query of queries) {
    for (let offset = 0; ; offset += AT_ONCE) {
      const { entries, total } = await archive.list({ origin: null, ...query, offset, limit: AT_ONCE });
      for (const { id } of entries) judged.push(await judge(id));
      if (offset + AT_ONCE >= total) break;
    }
  }
  return judged.sort((a, b) => byPlace(a.id, b.id));
}
