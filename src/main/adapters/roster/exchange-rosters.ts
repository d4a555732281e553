import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordParts } from '../../../core/archive/entry.ts';
import type { CallContext } from '../../../core/contract/serve.ts';
import { AppError } from '../../../core/model/errors.ts';
import { RosterChangeRecord } from '../../../core/model/records/people.ts';
import { headsSeen } from '../../../core/service/archive-port.ts';
import { instant } from '../../../core/service/release-handlers.ts';
import type { Archive } from '../sqlite/open-archive.ts';
import type { KeptRoster } from './roster-folder.ts';
import type { WhoseWord } from './whose-word.ts';

type Work = Pick<CallContext, 'signal' | 'progress'>;

/** What became of a version that the archive brought. */
export interface ReceivedRoster {
  readonly version: number;
  readonly digest: string;
  readonly outcome: 'taken' | 'refused';
  readonly message: string;
}

/** More rosters that are not known here than these are not looked at; each costs the verification of its signatures. */
const MAX_RECEIVED = 64;

/** Rosters travel in the archive: each console records which it took, with the bytes, and takes what others recorded and may follow. */
export function rosterExchange(home: string, now: () => Date, { roster, adoptions, forget }: Pick<WhoseWord, 'roster' | 'adoptions' | 'forget'>, archive: () => Promise<Archive>) {
  /** The newest version is recorded once by each console, so that others can witness when it came into force there. */
  const recordTaken = async (work: Work): Promise<void> => {
    const [held] = (await roster.kept()).held;
    const opened = await archive();
    if (held === undefined || (await adoptions()).some(({ digest, origin }) => digest === held.digest && origin === opened.origin)) return;
    const record: RosterChangeRecord = {
      event_type: 'roster_change', roster: held.roster.roster, version: held.roster.version, roster_digest: held.digest, adopted_at: instant(now()),
      signed_by: [...held.signers].sort(), roster_signatures: fitting(held),
    };
    // What this console knew when it took it: that was done before, whatever its clock says.
    const refs = await headsSeen(opened, new Set(held.roster.consoles.map(({ origin }) => origin)));
    const draft: RecordParts = { record: { ...record }, refs, attachments: await opened.keep([held.file], work) };
    await opened.append([draft]);
    forget();
  };

  /**
   * Takes the versions that other consoles recorded, in their order, each as if it had come as a file: by the thresholds of the one
   * before it and its own. A second valid one of a version is kept, and freezes authority. The first is never taken so.
   */
  const takeReceived = async (work: Work): Promise<ReceivedRoster[]> => {
    if ((await roster.held(instant(now()))) === null) return [];
    const known = await roster.kept();
    const digests = new Set([...known.held, ...known.rivals].map(({ digest }) => digest));
    const found = new Map((await adoptions()).filter(({ digest }) => !digests.has(digest)).map((one) => [one.digest, one]));
    const came: ReceivedRoster[] = [];
    for (const { id, version, digest } of [...found.values()].sort((a, b) => a.version - b.version).slice(0, MAX_RECEIVED)) {
      work.signal.throwIfAborted();
      try {
        await fromArchive(id, digest, async (file) => roster.adopt(file, null), work);
        await recordTaken(work);
        came.push({ version, digest, outcome: 'taken', message: `Version ${version} of the roster is in force here now (${id}).` });
      } catch (cause) {
        if (!(cause instanceof AppError) || cause.code.startsWith('storage-') || cause.code === 'cancelled') throw cause;
        came.push({ version, digest, outcome: 'refused', message: `Version ${version} of the roster (${id}) was not taken: ${cause.message}` });
      }
    }
    return came;
  };

  /** Lays the roster of a record and its signatures into a folder of their own, for as long as it is looked at. */
  const fromArchive = async (id: string, digest: string, use: (file: string) => Promise<unknown>, work: Work): Promise<void> => {
    const opened = await archive();
    const { entry } = await opened.bounds(id);
    const name = entry.attachments.find(({ sha256 }) => sha256 === digest)?.name;
    const { roster_signatures: signatures = [] } = RosterChangeRecord.parse(entry.record);
    if (name === undefined || !opened.attachments.here(digest)) throw new AppError('not-found', 'its bytes did not come with it.', { hint: 'Sync again, with its attachments.' });
    const folder = await mkdtemp(join(home, 'roster.received-'));
    try {
      const file = join(folder, 'roster.json');
      await opened.attachments.writeOut({ id, name, out: file, from: null }, work);
      for (const [place, asc] of signatures.entries()) await writeFile(`${file}.${place}.asc`, asc, { mode: 0o600 });
      await use(file);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  return { recordTaken, takeReceived };
}

/** An entry holds 65,535 bytes in all, and a roster may lie among the signatures of whoever liked. */
const MAX_SIGNATURES_BYTES = 40_000;

/** The administrators' own first; those of the version before, whom this one may not name any more, are needed as well. */
function fitting({ signatures }: KeptRoster): string[] {
  const ofThis = (one: KeptRoster['signatures'][number]): number => (one.judged.some(({ today }) => today === 'good') ? 0 : 1);
  let left = MAX_SIGNATURES_BYTES;
  return [...signatures].sort((a, b) => ofThis(a) - ofThis(b)).map(({ asc }) => asc).filter((asc) => {
    left -= asc.length + 32;
    return left >= 0;
  });
}
