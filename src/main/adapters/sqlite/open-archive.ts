import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { prepareRecord } from '../../../core/archive/entry.ts';
import type { PreparedRecord, RecordParts } from '../../../core/archive/entry.ts';
import { prepareImport, prepareImportedRecord } from '../../../core/archive/import-lines.ts';
import { parseVerifierKey } from '../../../core/archive/note.ts';
import type { VerifierKey } from '../../../core/archive/note.ts';
import type { VerifyPerson } from '../../../core/archive/person.ts';
import { verifyExport } from '../../../core/archive/verify-export.ts';
import type { Output } from '../../../core/contract/types.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { RosterConsoles } from '../../../core/model/roster.ts';
import type { ArchivePort } from '../../../core/service/archive-port.ts';
import type { AttachmentDesk } from '../../../core/service/attachment-handlers.ts';
import type { Explorer } from '../../../core/service/explore-handlers.ts';
import type { EntryProof } from '../../../core/service/proof-handlers.ts';
import type { WitnessDesk } from '../../../core/service/witness-handlers.ts';
import { synchronise } from '../../../core/sync/synchronise.ts';
import type { FirstContact } from '../../../core/sync/witness-book.ts';
import { namedFolder } from '../archive-files.ts';
import { deskOf, NO_DIGEST, prepareAttached } from '../attachments/attachment-desk.ts';
import { ATTACHMENT_NOTES, heldAttachments, type AttachmentRules } from '../attachments/held-attachments.ts';
import { makeDurableFolder } from '../durable-folder.ts';
import type { Keyring } from '../keystore/system-keyring.ts';
import { openShared } from '../shared/open-shared.ts';
import { lostLog, openConsoleLog } from './console-log.ts';
import { guarded, openDatabase, openSnapshot, storageError } from './database.ts';
import type { Db } from './database.ts';
import { exportArchive } from './export-archive.ts';
import { heldLogs } from './held-logs.ts';
import { logKeyIsThere } from './log-key.ts';
import { logStore } from './log-store.ts';
import { proveEntry } from './prove-entry.ts';
import { repairedFile } from './repaired-file.ts';
import { archiveExplorer } from './search-archive.ts';
import { searchIndex } from './search-index.ts';
import { arrivedAfter, clockOf, entriesOfType, entryBounds, groundOf, listRows, readLogs, readStored, shownEntry, summarised, witnessedBy, type Witnesses } from './read-archive.ts';
import { verifyArchive } from './verify-archive.ts';
import { witnessDesk } from './witness-desk.ts';
import { witnessStore, type WitnessStore } from './witness-store.ts';

type Appended = Output<'archive.record'>;

export const DATABASE_FILE = 'genesis.db';

export interface OpenArchiveOptions {
  /** The data folder; it is made where it is missing, for its owner only. */
  readonly home: string;
  readonly now: () => Date;
  /** Names this run of the machine (FORMATS §4). */
  readonly boot: string;
  /** Origin of a log that is started now; a log that exists keeps its own. */
  readonly origin?: string;
  /** Judges personal signatures; without it no person is proven. */
  readonly verifyPerson?: VerifyPerson;
  /** The consoles of the roster in force, whose they are, and how many people make a record witnessed; null where none is in force. */
  readonly consoles?: () => Promise<RosterConsoles | null>;
  /** Told how many entries were added, by this console or by a sync. */
  readonly onChanged?: (entries: number) => void;
  /** Opens the shared archive of an address. */
  readonly shareAt?: typeof openShared;
  /** Where the log's key may lie besides a file; without it the file is the only place. */
  readonly keyring?: Keyring | null;
  /** What the policy file and the roster say of attachments. */
  readonly rules?: AttachmentRules;
  /** Where verify-worker.ts is, for a bundle that keeps it elsewhere. */
  readonly verifyWorker?: URL;
}

/** The archive, with what only composed records need. */
export interface Archive extends ArchivePort {
  /** Appends as many records as come, under one checkpoint, and holds none of them. Returns how many. Errors: as of `append`. */
  readonly appendEach: (drafts: Iterable<RecordParts>, told: (appended: Appended) => void) => Promise<number>;
  /** Appends records with what goes with them, under one checkpoint. Errors: as of `appendRecords`, `not-found` (a reference). */
  readonly append: (drafts: readonly RecordParts[]) => Promise<Appended[]>;
  /** Errors: `not-found`, `bad-input`. */
  readonly prove: (id: string) => Promise<EntryProof>;
  /** For looking through it. */
  readonly explorer: Explorer;
  readonly attachments: AttachmentDesk;
  /** The key of this console's log, by which others know it. */
  readonly logKey: VerifierKey;
  /** For witnessing by files. */
  readonly desk: () => Promise<WitnessDesk>;
}

/** Whether an archive was ever started in this data folder. */
export function archiveExists(home: string): boolean {
  const file = join(home, DATABASE_FILE);
  return existsSync(file) || existsSync(repairedFile(file));
}

/** Opens the Genesis Archive, or starts one with a new log. Errors: `storage-failed`, `storage-busy`, `bad-input`. */
export async function openArchive(options: OpenArchiveOptions): Promise<Archive> {
  const { home, now, boot, verifyPerson = null, consoles = () => Promise.resolve(null), onChanged = () => undefined, shareAt = openShared, verifyWorker = new URL('./verify-worker.ts', import.meta.url) } = options;
  const file = join(home, DATABASE_FILE);
  await makeHome(home);
  if (!existsSync(repairedFile(file)) && isEmpty(file) && logKeyIsThere(home)) throw lostLog(file);
  const db = openDatabase(file);
  try {
    const store = guarded(file, () => logStore(db));
    const attachments = heldAttachments({ home, file, db, now, rules: options.rules });
    // A process that was stopped after its tombstone was written has its work finished.
    await attachments.finish();
    const log = openConsoleLog({ keystore: { home, keyring: options.keyring ?? null }, file, db, store, now, boot, origin: options.origin });

    const onSnapshot = async <Value>(work: (snapshot: Db) => Promise<Value>): Promise<Value> => {
      const snapshot = openSnapshot(file);
      try {
        return await work(snapshot);
      } catch (cause) {
        throw storageError(file, cause);
      } finally {
        snapshot.close();
      }
    };
    const appendEach = (prepared: Iterable<PreparedRecord>, told: (appended: Appended) => void): number => {
      const count = log.append(prepared, told);
      if (count > 0) onChanged(count);
      return count;
    };
    const append = (prepared: Iterable<PreparedRecord>): Appended[] => {
      const appended: Appended[] = [];
      appendEach(prepared, (one) => appended.push(one));
      return appended;
    };

    const witnessesOf = (rostered: RosterConsoles | null): WitnessStore =>
      witnessStore({ file, db, store, signer: log.signer, rostered: (rostered?.consoles ?? []).map(({ vkey }) => vkey), now });

    const whoSaw = async (): Promise<Witnesses> => {
      const rostered = await consoles();
      const owners = rostered === null ? null : { ownerOf: (origin: string) => rostered.consoles.find((one) => one.origin === origin)?.owner ?? null, needed: rostered.witnesses };
      return { book: witnessesOf(rostered), owners };
    };

    const clock = guarded(file, () => clockOf(db, store));
    const index = guarded(file, () => searchIndex(file, db));
    const explorer = guarded(file, () => archiveExplorer({ file, db, store, index, verifyPerson, whoSaw }));

    return {
      explorer,
      origin: log.origin,
      vkey: log.vkey,
      append: async (drafts) => append(preparedInTurn(drafts)),
      appendRecords: async (records) => append(preparedInTurn(records.map((record) => ({ record })))),
      appendEach: async (drafts, told) => appendEach(preparedInTurn(drafts), told),
      importLines: async (lines, source, told, attached) => appendEach(attached === undefined ? prepareImport(lines(), source) : await prepareAttached(lines, source, attached, attachments), told),
      importRecord: async (event, text, source, attached) => {
        const { paths, work } = attached ?? { paths: [], work: null };
        // What is wrong with the record is said before files are copied for it.
        const prepared = prepareImportedRecord(event, text, source, paths.map((path) => ({ name: basename(path), size: 0, sha256: NO_DIGEST })));
        return append([work === null || paths.length === 0 ? prepared : prepareImportedRecord(event, text, source, await attachments.keep(paths, work))])[0] as Appended;
      },
      logKey: log.signer.vkey,
      keep: attachments.keep,
      attachments: deskOf(home, attachments, (id) => guarded(file, () => readStored(store, id, log.origin))),
      logs: async () => {
        const witnesses = await whoSaw();
        return guarded(file, () => readLogs(store, witnesses));
      },
      list: async (query) => {
        const { total, rows } = guarded(file, () => listRows(db, query));
        const witnessed = witnessedBy(await whoSaw());
        return { total, entries: await Promise.all(rows.map((row) => summarised(row, verifyPerson, witnessed))) };
      },
      show: async (id) => shownEntry(guarded(file, () => readStored(store, id, log.origin)), store, verifyPerson, await whoSaw()),
      bounds: async (id) => {
        const witnesses = await whoSaw();
        return guarded(file, () => entryBounds(readStored(store, id, log.origin), store, witnesses, log.origin, clock));
      },
      entriesOf: async (type) => guarded(file, () => entriesOfType(db, type)),
      arrived: async (query) => guarded(file, () => arrivedAfter(db, query)),
      ground: async () => `${guarded(file, () => groundOf(db))}\n${JSON.stringify(await consoles())}`,
      verify: async (work) => {
        const verification = await onSnapshot((snapshot) => verifyArchive({ db: snapshot, file, workerFile: verifyWorker }, work));
        const problems = await attachments.verify(work);
        return { ...verification, verdict: problems.every(({ code }) => ATTACHMENT_NOTES.has(code)) ? verification.verdict : 'bad', problems: [...verification.problems, ...problems] };
      },
      verifyExport: async (folder, vkeys, work) =>
        verifyExport(await namedFolder(folder), [...vkeys.map(namedKey), ...guarded(file, () => store.all()).map(({ vkey }) => parseVerifierKey(vkey))], work),
      exportTo: async (format, out, work) => {
        const judging = { verifyPerson, witnesses: await whoSaw() };
        return onSnapshot((snapshot) => exportArchive(snapshot, format, out, () => attachments.exported(snapshot, work), work, judging));
      },
      sync: async (url, work, manner) => {
        // Before it is looked at: another process may publish, and note so, meanwhile.
        const seen = guarded(file, store.sharedSizes);
        const shared = await shareAt(url, { ...work, home });
        try {
          const rostered = await consoles();
          const local = heldLogs({ file, db, store, seen, ownOrigin: log.origin, attachments, now, onAccepted: onChanged });
          return await synchronise(shared, local, witnessesOf(rostered), { pinned: pinnedBy(rostered) }, work, manner);
        } finally {
          await shared.close();
        }
      },
      prove: async (id) => {
        const { book } = await whoSaw();
        return guarded(file, () => proveEntry(store, book, id, log.origin));
      },
      desk: async () => {
        const rostered = await consoles();
        return witnessDesk({ file, store, signer: log.signer, book: witnessesOf(rostered), rostered });
      },
      close: () => {
        index.close();
        db.close();
      },
    };
  } catch (cause) {
    db.close();
    throw cause;
  }
}

/** A database that is made now has its schema before the log's key is made. */
function isEmpty(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

/** Null for a console that the roster does not name. */
function pinnedBy(rostered: RosterConsoles | null): FirstContact['pinned'] {
  return (origin) => (rostered === null ? 'unpinned' : (rostered.consoles.find((one) => one.origin === origin) ?? null));
}

/**
 * Records of this console, each prepared as its turn comes, so that a large batch is not held twice. Warnings about
 * fields of policy §11 are for what others made; a reader of an entry is told of them by `show` in any case.
 */
function* preparedInTurn(drafts: Iterable<RecordParts>): Generator<PreparedRecord> {
  for (const draft of drafts) yield prepareRecord(draft, []);
}

async function makeHome(home: string): Promise<void> {
  try {
    await makeDurableFolder(home);
  } catch (cause) {
    throw storageError(home, cause);
  }
}

/** A key as a person gave it. Errors: `bad-input`. */
function namedKey(line: string): VerifierKey {
  try {
    return parseVerifierKey(line.trim());
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError('bad-input', `"${line.slice(0, 80)}": ${cause.message}`, { hint: 'Give the line of the file "vkey" as its owner told it to you.', cause });
  }
}
