import { existsSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareRecord } from '../../../core/archive/entry.ts';
import type { PreparedRecord } from '../../../core/archive/entry.ts';
import { prepareImport, prepareImportedRecord } from '../../../core/archive/import-lines.ts';
import { parseVerifierKey } from '../../../core/archive/note.ts';
import type { VerifierKey } from '../../../core/archive/note.ts';
import { verifyExport } from '../../../core/archive/verify-export.ts';
import type { GenesisRecord } from '../../../core/model/archive.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { ArchivePort } from '../../../core/service/archive-port.ts';
import { synchronise } from '../../../core/sync/synchronise.ts';
import { namedFolder } from '../archive-files.ts';
import { openSharedFolder } from '../shared-folder.ts';
import { openConsoleLog } from './console-log.ts';
import { guarded, openDatabase, openSnapshot, storageError } from './database.ts';
import type { Db } from './database.ts';
import { exportArchive } from './export-archive.ts';
import { heldLogs } from './held-logs.ts';
import { logStore } from './log-store.ts';
import { listEntries, readLogs, showEntry } from './read-archive.ts';
import { verifyArchive } from './verify-archive.ts';

const DATABASE_FILE = 'genesis.db';

export interface OpenArchiveOptions {
  /** The data folder; it is made where it is missing, for its owner only. */
  readonly home: string;
  readonly now: () => Date;
  /** Names this run of the machine (FORMATS §4). */
  readonly boot: string;
  /** Origin of a log that is started now; a log that exists keeps its own. */
  readonly origin?: string;
  /** Told how many entries were added, by this console or by a sync. */
  readonly onChanged?: (entries: number) => void;
  /** Where verify-worker.ts is, for a bundle that keeps it elsewhere. */
  readonly verifyWorker?: URL;
}

/** Whether an archive was ever started in this data folder. */
export function archiveExists(home: string): boolean {
  return existsSync(join(home, DATABASE_FILE));
}

/** Opens the Genesis Archive, or starts one with a new log. Errors: `storage-failed`, `storage-busy`, `bad-input`. */
export async function openArchive(options: OpenArchiveOptions): Promise<ArchivePort> {
  const { home, now, boot, onChanged = () => undefined, verifyWorker = new URL('./verify-worker.ts', import.meta.url) } = options;
  const file = join(home, DATABASE_FILE);
  await makeHome(home);
  const db = openDatabase(file);
  try {
    const store = guarded(file, () => logStore(db));
    const log = openConsoleLog({ home, file, db, store, now, boot, origin: options.origin });

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
    const append = (prepared: Parameters<typeof log.append>[0]): ReturnType<typeof log.append> => {
      const appended = log.append(prepared);
      if (appended.length > 0) onChanged(appended.length);
      return appended;
    };

    return {
      origin: log.origin,
      vkey: log.vkey,
      appendRecords: async (records) => append(preparedInTurn(records)),
      importLines: async (text, source) => append(prepareImport(text, source)),
      importRecord: async (event, text, source) => append([prepareImportedRecord(event, text, source)])[0] as ReturnType<typeof log.append>[number],
      logs: async () => guarded(file, () => readLogs(store)),
      list: async (query) => guarded(file, () => listEntries(db, query)),
      show: async (id) => guarded(file, () => showEntry(store, id, log.origin)),
      verify: (work) => onSnapshot((snapshot) => verifyArchive({ db: snapshot, file, workerFile: verifyWorker }, work)),
      verifyExport: async (folder, vkeys, work) =>
        verifyExport(await namedFolder(folder), [...vkeys.map(namedKey), ...guarded(file, () => store.all()).map(({ vkey }) => parseVerifierKey(vkey))], work),
      exportTo: (format, out, work) => onSnapshot((snapshot) => exportArchive(snapshot, format, out, work)),
      sync: async (url, work) => synchronise(await openSharedFolder(url), heldLogs({ file, db, store, ownOrigin: log.origin, now, onAccepted: onChanged }), work),
      close: () => void db.close(),
    };
  } catch (cause) {
    db.close();
    throw cause;
  }
}

/**
 * Records of this console, each prepared as its turn comes, so that a large batch is not held twice. Warnings about
 * fields of policy §11 are for what others made; a reader of an entry is told of them by `show` in any case.
 */
function* preparedInTurn(records: readonly GenesisRecord[]): Generator<PreparedRecord> {
  for (const record of records) yield prepareRecord({ record }, []);
}

async function makeHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    if (process.platform !== 'win32') await chmod(home, 0o700);
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
