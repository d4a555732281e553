import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '../../../core/model/errors.ts';
import { lockAlone, shareLock, type ArchiveLock } from './archive-lock.ts';
import { backUp, removeOldBackups } from './backup.ts';
import { putRepaired, repairedFile } from './repaired-file.ts';

export type Db = Database.Database;

/** Another process may be writing a long import; this long it is waited for. */
const BUSY_MILLISECONDS = 10_000;

/** Who saw which checkpoint, beside the logs, because a witness need not hold the log itself. */
const COSIGNATURE_TABLE = `
  CREATE TABLE cosignature (
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    witness TEXT NOT NULL,
    time INTEGER NOT NULL,
    line TEXT NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (origin, size, key_id)
  ) STRICT, WITHOUT ROWID;
`;

/** Which entry points at which, so that it can be followed from both ends; entries that were there already are read for it. */
const REFERENCE_TABLE = `
  CREATE TABLE reference (
    origin TEXT NOT NULL,
    target INTEGER NOT NULL,
    log INTEGER NOT NULL REFERENCES log (id),
    seq INTEGER NOT NULL,
    rel TEXT NOT NULL,
    PRIMARY KEY (origin, target, log, seq, rel)
  ) STRICT, WITHOUT ROWID;
  INSERT OR IGNORE INTO reference (origin, target, log, seq, rel)
    SELECT json_extract(named.value, '$.origin'), json_extract(named.value, '$.seq'), entry.log, entry.seq, json_extract(named.value, '$.rel')
    FROM entry, json_each(CAST(entry.bytes AS TEXT), '$.refs') AS named
    WHERE instr(entry.bytes, CAST('"refs":[{' AS BLOB)) > 0 AND json_valid(CAST(entry.bytes AS TEXT));
`;

/**
 * Which entry names which attachment, whose bytes were ever here, and which acts of keeping and erasing counted when this
 * console judged them first: they go on counting, whoever leaves the roster afterwards.
 */
const ATTACHMENT_TABLES = `
  CREATE TABLE attachment (
    sha256 TEXT NOT NULL,
    log INTEGER NOT NULL REFERENCES log (id),
    seq INTEGER NOT NULL,
    place INTEGER NOT NULL,
    size INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (sha256, log, seq, place)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE kept_blob (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, kept_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE keeping_act (origin TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (origin, seq)) STRICT, WITHOUT ROWID;
  INSERT OR IGNORE INTO attachment (sha256, log, seq, place, size, name)
    SELECT json_extract(named.value, '$.sha256'), entry.log, entry.seq, named.key, json_extract(named.value, '$.size'), json_extract(named.value, '$.name')
    FROM entry, json_each(CAST(entry.bytes AS TEXT), '$.attachments') AS named
    WHERE substr(entry.bytes, 1, 17) = CAST('{"attachments":[{' AS BLOB) AND json_valid(CAST(entry.bytes AS TEXT))
      AND json_type(named.value, '$.sha256') = 'text' AND json_type(named.value, '$.size') = 'integer' AND json_type(named.value, '$.name') = 'text';
`;

const FIRST_SCHEMA = `
  CREATE TABLE console (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    log INTEGER NOT NULL REFERENCES log (id)
  ) STRICT;
  CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    origin TEXT NOT NULL UNIQUE,
    vkey TEXT NOT NULL,
    size INTEGER NOT NULL,
    edge BLOB NOT NULL,
    checkpoint BLOB NOT NULL,
    checkpoint_time TEXT,
    state TEXT NOT NULL DEFAULT 'good' CHECK (state IN ('good', 'quarantined')),
    problem TEXT
  ) STRICT;
  CREATE TABLE entry (
    arrival INTEGER PRIMARY KEY,
    log INTEGER NOT NULL REFERENCES log (id),
    seq INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    event_type TEXT NOT NULL,
    release TEXT,
    imported INTEGER NOT NULL,
    time TEXT NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX entry_place ON entry (log, seq);
  CREATE INDEX entry_type ON entry (event_type);
  CREATE INDEX entry_release ON entry (release) WHERE release IS NOT NULL;
  CREATE TABLE subtree (
    log INTEGER NOT NULL REFERENCES log (id),
    level INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (log, level, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE fork (
    log INTEGER NOT NULL REFERENCES log (id),
    found TEXT NOT NULL,
    source TEXT NOT NULL,
    seq INTEGER,
    seen BLOB NOT NULL,
    other BLOB NOT NULL
  ) STRICT;
  CREATE TABLE shared_state (
    url TEXT NOT NULL,
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (url, origin)
  ) STRICT, WITHOUT ROWID;
`;

/** Each takes the schema from the version of its place to the next; what stands here is never changed, only added to. */
export const MIGRATIONS: readonly string[] = [FIRST_SCHEMA, 'ALTER TABLE fork ADD COLUMN proof TEXT', COSIGNATURE_TABLE, REFERENCE_TABLE, ATTACHMENT_TABLES];

export interface OpenDatabaseOptions {
  readonly now?: () => Date;
  /** What takes the schema from version to version. */
  readonly migrations?: readonly string[];
}

/** Opens the archive's database, making or migrating it; what is migrated is backed up first. Errors: `storage-failed`, `storage-busy`. */
export function openDatabase(file: string, { now = () => new Date(), migrations = MIGRATIONS }: OpenDatabaseOptions = {}): Db {
  return guarded(file, () => {
    const lock = openLock(file);
    let db: Db;
    try {
      // Made here and not by SQLite, so that nobody else can read it from its first byte; WAL files take its mode over.
      if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
      db = new Database(file, { timeout: BUSY_MILLISECONDS });
    } catch (cause) {
      lock.release();
      throw cause;
    }
    const close = db.close.bind(db);
    // Whoever closes it lets go of the lock too.
    db.close = () => {
      close();
      lock.release();
      return db;
    };
    try {
      applyPragmas(db);
      db.pragma('journal_mode = WAL');
      migrate(db, file, migrations, now);
      return db;
    } catch (cause) {
      db.close();
      throw cause;
    }
  });
}

/** Shared with all who have the archive open; a repair that was stopped after its work was done is finished first. */
function openLock(file: string): ArchiveLock {
  const lock = shareLock(file, BUSY_MILLISECONDS);
  if (!existsSync(repairedFile(file))) return lock;
  lock.release();
  const alone = lockAlone(file, BUSY_MILLISECONDS);
  try {
    putRepaired(file);
  } finally {
    alone.release();
  }
  return shareLock(file, BUSY_MILLISECONDS);
}

/** A second connection that sees one state throughout, so that long reading stops nobody from appending. */
export function openSnapshot(file: string): Db {
  return guarded(file, () => {
    if (!existsSync(file)) throw new AppError('storage-failed', `${file} is no longer there.`, { hint: 'Put the data folder back, from a backup if need be.', details: { file } });
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MILLISECONDS });
    try {
      applyPragmas(db);
      db.exec('BEGIN');
      return db;
    } catch (cause) {
      db.close();
      throw cause;
    }
  });
}

function applyPragmas(db: Db): void {
  // A database file is input too: nothing in its schema may call functions (SQLite, "Security").
  db.pragma('trusted_schema = OFF');
  db.pragma('foreign_keys = ON');
  // What was acknowledged survives power loss: WAL is synced at every commit.
  db.pragma('synchronous = FULL');
}

/**
 * Takes the schema to the newest version in one transaction, after a verified backup under the same lock: what fails,
 * the backup included, changes nothing.
 */
function migrate(db: Db, file: string, migrations: readonly string[], now: () => Date): void {
  const version = (): number => db.pragma('user_version', { simple: true }) as number;
  if (version() > migrations.length) {
    throw new AppError('storage-failed', `${file} was written by a newer version of Countersign.`, {
      hint: 'Open it with that version.', details: { file, version: version() },
    });
  }
  if (version() === migrations.length) return;
  const made: string[] = [];
  try {
    db.transaction(() => {
      // Read again under the lock: another process may have been first.
      const from = version();
      if (from >= migrations.length) return;
      // A database that was just made holds nothing that could be lost.
      if (from > 0) made.push(backUp(file, from, now()));
      for (const migration of migrations.slice(from)) db.exec(migration);
      db.pragma(`user_version = ${migrations.length}`);
    }).immediate();
  } catch (cause) {
    // The database is still all that the backup is.
    for (const backup of made) rmSync(backup, { force: true });
    throw cause;
  }
  for (const backup of made) removeOldBackups(backup);
}

/** Runs storage work and names its failures: `storage-busy`, or `storage-failed` with file and next step. */
export function guarded<Value>(file: string, work: () => Value): Value {
  try {
    return work();
  } catch (cause) {
    throw storageError(file, cause);
  }
}

/** What went wrong with a file, as the closed set of errors has it; anything that is not about storage stays as it is. */
export function storageError(file: string, cause: unknown): unknown {
  if (cause instanceof AppError || !(cause instanceof Error) || !('code' in cause)) return cause;
  const code = String(cause.code);
  const details = { file, cause: `${code}: ${cause.message}` };
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError('storage-busy', `${file} is being written by another process.`, { hint: 'Try again when it is done.', details, cause });
  }
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_FORMAT')) {
    return new AppError('storage-failed', `${file} is damaged and cannot be read as an archive.`, {
      hint: 'Name an archive that you sync with: countersign archive repair --from FOLDER builds it anew and keeps the damaged file.', details, cause,
    });
  }
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC') {
    return new AppError('storage-failed', `${file} could not be written: the disk is full.`, { hint: 'Make room and try again; nothing was half written.', details, cause });
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS') {
    return new AppError('storage-failed', `${file} could not be written: its disk can only be read.`, {
      hint: 'Take the write protection away, copy the data folder to a disk that can be written, or set COUNTERSIGN_HOME to another.', details, cause,
    });
  }
  if (code.startsWith('SQLITE_') || /^E[A-Z]+$/.test(code)) {
    return new AppError('storage-failed', `${file} could not be used: ${cause.message}`, {
      hint: 'Check that the data folder is yours and writable, or set COUNTERSIGN_HOME to another.', details, cause,
    });
  }
  return cause;
}
