import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';

/** Held until it is let go of; the system lets go of it when the process ends, however it ends. */
export interface ArchiveLock {
  readonly release: () => void;
}

/**
 * Whoever has the archive open shares this lock, and whoever puts another file in the database's place has it alone:
 * SQLite's last connection to a file that was replaced would remove the write-ahead log of the new one by its name.
 * Errors: `SQLITE_BUSY`.
 */
export function shareLock(file: string, timeout: number): ArchiveLock {
  return lock(file, timeout, ['BEGIN', 'SELECT count(*) FROM sqlite_schema']);
}

/** Errors: `SQLITE_BUSY` where another process, or another part of this one, has the archive open. */
export function lockAlone(file: string, timeout: number): ArchiveLock {
  return lock(file, timeout, ['BEGIN EXCLUSIVE']);
}

function lock(file: string, timeout: number, statements: readonly string[]): ArchiveLock {
  const path = `${file}.lock`;
  // Only where it is missing: closing a file that this process has locked already would let go of that lock.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  // SQLite would only say that it cannot open it.
  accessSync(path, constants.W_OK);
  const db = new Database(path, { timeout });
  try {
    // Nothing is ever written to it, and no journal is left by a process that was stopped.
    db.pragma('journal_mode = MEMORY');
    for (const statement of statements) db.prepare(statement)[statement.startsWith('SELECT') ? 'get' : 'run']();
    return { release: () => void db.close() };
  } catch (cause) {
    db.close();
    throw cause;
  }
}
