import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../../../core/model/errors.ts';

const BACKUP_FOLDER = 'backups';

/** Older backups go once a newer one has served its migration. */
const KEPT = 3;

/** `genesis-v<schema version>-<UTC time>.db` */
const BACKUP = /^genesis-v\d+-(\d{8}T\d{9}Z)\.db$/;
const DRAFT = /^genesis-v\d+-\d{8}T\d{9}Z\.db\.draft(?:-journal)?$/;

/**
 * Copies the archive's database beside it before its schema is changed, and reads the copy back: SQLite's own check of
 * every page, and the head of every log. Whoever calls holds the write lock, so that the copy is what the migration
 * starts from. Returns the file. Errors: `storage-failed`, with the reason why nothing may be changed without it.
 */
export function backUp(file: string, version: number, now: Date): string {
  const folder = join(dirname(file), BACKUP_FOLDER);
  const target = join(folder, `genesis-v${version}-${compact(now)}.db`);
  const draft = `${target}.draft`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // What a process that was stopped left behind: under the write lock nobody else is making one.
    for (const name of readdirSync(folder)) if (DRAFT.test(name)) rmSync(join(folder, name), { force: true });
    // Made here and not by SQLite, so that nobody else can read it from its first byte.
    closeSync(openSync(draft, 'wx', 0o600));
    const source = new Database(file, { readonly: true, fileMustExist: true });
    try {
      source.prepare('VACUUM INTO ?').run(draft);
      compareHeads(source, draft);
    } finally {
      source.close();
    }
    sync(draft);
    renameSync(draft, target);
    sync(folder);
    sync(dirname(folder));
    return target;
  } catch (cause) {
    if (existsSync(draft)) rmSync(draft);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('storage-failed', `The archive must be brought to a newer form, and the backup that comes before that could not be made in ${folder}: ${why}. Nothing was changed.`, {
      hint: 'Make room, or let the data folder be written to, and start again; where the archive itself is damaged, countersign archive repair mends it.', details: { file, folder }, cause,
    });
  }
}

/** Leaves the newest backups, the one that was just made among them whatever the clock says. */
export function removeOldBackups(made: string): void {
  const folder = dirname(made);
  const older = readdirSync(folder)
    .filter((name) => BACKUP.test(name) && name !== basename(made))
    .sort((a, b) => timeOf(b).localeCompare(timeOf(a)));
  for (const name of older.slice(KEPT - 1)) rmSync(join(folder, name), { force: true });
}

function compareHeads(source: Database.Database, copy: string): void {
  const backup = new Database(copy, { readonly: true, fileMustExist: true });
  try {
    const checked = backup.pragma('integrity_check(1)', { simple: true });
    if (checked !== 'ok') throw new Error(`the copy does not read back whole (${String(checked)})`);
    const [ours, theirs] = [headsOf(source), headsOf(backup)];
    if (ours !== theirs) throw new Error('the heads of its logs are not those of the archive');
  } finally {
    backup.close();
  }
}

/** Columns that every version of the schema has had. */
function headsOf(db: Database.Database): string {
  return JSON.stringify([
    db.prepare('SELECT id, origin, vkey, size, hex(edge), hex(checkpoint) FROM log ORDER BY id').raw().all(),
    db.prepare('SELECT log, count(*), max(seq) FROM entry GROUP BY log ORDER BY log').raw().all(),
    db.prepare('SELECT log FROM console').raw().all(),
  ]);
}

function timeOf(name: string): string {
  return BACKUP.exec(name)?.[1] ?? '';
}

/** A time as it can stand in a file name on every system. */
export function compact(time: Date): string {
  return time.toISOString().replaceAll(/[-:.]/g, '');
}

/** A file or a folder, on the disk; Windows opens no folders, and needs none to be synced. */
function sync(path: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, process.platform === 'win32' ? 'r+' : 'r');
  } catch (cause) {
    if (process.platform === 'win32') return;
    throw cause;
  }
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
