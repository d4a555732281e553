import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS, openDatabase } from '../../src/main/adapters/sqlite/database.ts';
import { drift, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';

const VERSION = MIGRATIONS.length;
const NEXT = [...MIGRATIONS, 'CREATE TABLE later (id INTEGER) STRICT'];

/** A data folder with an archive of so many entries that is closed. */
async function closedHome(entries = 5): Promise<string> {
  const home = temporaryFolder();
  const archive = await openTestArchive({ home });
  await archive.appendRecords(Array.from({ length: entries }, (_, at) => drift(at)));
  archive.close();
  return home;
}

const backupsOf = (home: string): string[] => (existsSync(join(home, 'backups')) ? readdirSync(join(home, 'backups')).sort() : []);
const at = (second: number) => () => new Date(Date.UTC(2026, 0, 31, 12, 0, second));

function stateOf(file: string): { version: unknown; entries: unknown; tables: unknown } {
  const db = new Database(file, { readonly: true });
  const state = {
    version: db.pragma('user_version', { simple: true }), entries: db.prepare('SELECT count(*) FROM entry').pluck().get(),
    tables: db.prepare("SELECT group_concat(name) FROM sqlite_schema WHERE name = 'later'").pluck().get(),
  };
  db.close();
  return state;
}

describe('before a migration', () => {
  it('the archive is backed up, for its owner only, and the copy is whole', async () => {
    const home = await closedHome();
    openDatabase(join(home, 'genesis.db'), { now: at(1), migrations: NEXT }).close();
    expect(backupsOf(home)).toEqual([`genesis-v${VERSION}-20260131T120001000Z.db`]);
    expect(stateOf(join(home, 'backups', backupsOf(home)[0] as string))).toEqual({ version: VERSION, entries: 5, tables: null });
    expect(stateOf(join(home, 'genesis.db'))).toEqual({ version: VERSION + 1, entries: 5, tables: 'later' });
    // The copy is an archive: put in its place, it opens and verifies.
    const restored = temporaryFolder();
    writeFileSync(join(restored, 'genesis.db'), readFileSync(join(home, 'backups', backupsOf(home)[0] as string)));
    writeFileSync(join(restored, 'log.key'), readFileSync(join(home, 'log.key')), { mode: 0o600 });
    expect(await (await openTestArchive({ home: restored })).verify(quietWork)).toMatchObject({ verdict: 'good', entries: 5 });
  });

  it('a new archive needs none', async () => {
    expect(backupsOf(await closedHome())).toEqual([]);
  });

  it('the newest three stay, the one just made among them though the clock was set back', async () => {
    const home = await closedHome();
    const file = join(home, 'genesis.db');
    const migrations: string[] = [...MIGRATIONS];
    for (const second of [10, 20, 30, 40, 5]) {
      migrations.push(`CREATE TABLE later${second} (id INTEGER) STRICT`);
      openDatabase(file, { now: at(second), migrations }).close();
    }
    expect(backupsOf(home).map((name) => name.slice(-13, -7))).toEqual(['120030', '120040', '120005']);
  });

  it('a migration that fails changes nothing', async () => {
    const home = await closedHome();
    expect(() => openDatabase(join(home, 'genesis.db'), { now: at(1), migrations: [...NEXT, 'INSERT INTO nowhere VALUES (1)'] })).toThrow(/nowhere/);
    expect(stateOf(join(home, 'genesis.db'))).toEqual({ version: VERSION, entries: 5, tables: null });
    expect(backupsOf(home)).toEqual([]);
  });

  it('without a backup nothing is migrated', async () => {
    const home = await closedHome();
    writeFileSync(join(home, 'backups'), 'in the way');
    expect(() => openDatabase(join(home, 'genesis.db'), { migrations: NEXT })).toThrow(expect.objectContaining({ code: 'storage-failed', message: expect.stringContaining('Nothing was changed'), hint: expect.stringContaining('repair') }));
    expect(stateOf(join(home, 'genesis.db'))).toEqual({ version: VERSION, entries: 5, tables: null });
  });

  it('a damaged archive is not migrated', async () => {
    const home = await closedHome(200);
    const file = join(home, 'genesis.db');
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096 * 8, 4096 * 10);
    writeFileSync(file, bytes);
    expect(() => openDatabase(file, { migrations: NEXT })).toThrow(expect.objectContaining({ code: 'storage-failed' }));
    writeFileSync(file, bytes);
    expect(backupsOf(home)).toEqual([]);
  });

  it('drafts of processes that were stopped go', async () => {
    const home = await closedHome();
    mkdirSync(join(home, 'backups'), { mode: 0o700 });
    chmodSync(join(home, 'backups'), 0o700);
    for (const name of ['genesis-v1-20250101T000000000Z.db.draft', 'genesis-v1-20250101T000000000Z.db.draft-journal']) writeFileSync(join(home, 'backups', name), 'half');
    writeFileSync(join(home, 'backups', 'mine.txt'), 'kept');
    openDatabase(join(home, 'genesis.db'), { now: at(2), migrations: NEXT }).close();
    expect(backupsOf(home)).toEqual([`genesis-v${VERSION}-20260131T120002000Z.db`, 'mine.txt']);
  });
});
