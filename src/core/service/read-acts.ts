import type { JudgedEntry } from '../approval/acts.ts';
import type { Signer } from '../checks/check.ts';
import type { RosterInForce } from '../model/roster.ts';
import { actsOf, type Act, type ReadEntry } from '../workflow/acts.ts';
import type { ArchivePort } from './archive-port.ts';

const AT_ONCE = 1_000;
/** More entries of a release than this are no history that a person made. */
const MOST = 200_000;

/** Types of records that bear on where a release stands. */
export const RELEASE_EVENTS = [
  'release_plan', 'release_act', 'approval', 'rejection', 'withdrawal', 'verbal_approval', 'ratification', 'emergency_patch', 'checklist_run', 'signing', 'deployment_stage', 'deployment', 'monitoring', 'release', 'rollback_stage', 'rollback',
] as const;

export interface ActPorts {
  /** Null where this console has none yet; looking must not make one. */
  readonly held: () => Promise<ArchivePort | null>;
  /** What an entry comes to as somebody's act, read at a time (FORMATS §4, §5). */
  readonly judge: (id: string, at: Date) => Promise<JudgedEntry>;
}

/** Everything in the archive, of whichever console, of some types for a release; null: for every release. Without a roster in force nobody is proved. */
export async function readActs({ held, judge }: ActPorts, query: { readonly release: string | null; readonly types: readonly (string | null)[] }, roster: RosterInForce | null, at: string): Promise<Act[]> {
  const archive = await held();
  if (archive === null) return [];
  const forked = new Set((await archive.logs()).filter(({ state }) => state !== 'good').map(({ origin }) => origin));
  const read: ReadEntry[] = [];
  for (const event_type of query.types) {
    for (let offset = 0; offset < MOST; offset += AT_ONCE) {
      const { entries, total } = await archive.list({ origin: null, event_type, release: query.release, offset, limit: AT_ONCE });
      for (const { id } of entries) {
        const { entry, leaf } = await archive.show(id);
        const by = roster === null || entry.signatures.length === 0 ? [] : provedIn(await judge(id, new Date(at)));
        read.push({ id, entry, leaf, by, forked: forked.has(entry.origin) });
      }
      if (offset + AT_ONCE >= total) break;
    }
  }
  return actsOf(read);
}

function provedIn({ act: { standing, person, roles } }: JudgedEntry): Signer[] {
  return standing !== 'counts' || person === null ? [] : [{ id: person.id, name: person.name, emails: person.emails, roles }];
}
