import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MIGRATIONS } from '../../src/main/adapters/sqlite/database.ts';

/** Stands in a data folder while a writer has damaged its archive on purpose and not repaired it yet. */
export function markerOf(home: string): string {
  return join(home, 'damaged-on-purpose');
}

/** Takes back the migration that a writer makes for the test, so that this version opens the archive again. */
export function oneVersionBack(home: string): void {
  const file = join(home, 'genesis.db');
  if (!existsSync(file)) return;
  const db = new Database(file, { timeout: 10_000 });
  db.pragma('synchronous = FULL');
  db.transaction(() => {
    if ((db.pragma('user_version', { simple: true }) as number) <= MIGRATIONS.length) return;
    db.exec('DROP TABLE later');
    db.pragma(`user_version = ${MIGRATIONS.length}`);
  }).immediate();
  db.close();
}
