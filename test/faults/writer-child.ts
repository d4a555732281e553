/** A process that writes to an archive in every way there is until it is ended, and says on its output what was acknowledged. */
import { existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MIGRATIONS, openDatabase } from '../../src/main/adapters/sqlite/database.ts';
import { openArchive, type Archive } from '../../src/main/adapters/sqlite/open-archive.ts';

const [home = '', shared = '', exports = '', run = '', seed = '0'] = process.argv.slice(2);
const file = join(home, 'genesis.db');
const work = { signal: new AbortController().signal, progress: (): void => undefined };
let at = Number(seed);
let dice = Number(seed) + 1;

/** Park and Miller's generator: a run can be had again by its seed. */
function below(limit: number): number {
  dice = (dice * 48_271) % 2_147_483_647;
  return dice % limit;
}

const say = (line: string): void => void writeSync(1, `${line}\n`);
const open = (): Promise<Archive> => openArchive({ home, now: () => new Date(), boot: 'child' });

/** Takes back what the step `migrate` of this file does. */
function oneVersionBack(): void {
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

oneVersionBack();
let archive = await open();
say('ready');
for (;;) {
  const step = below(10);
  if (step < 6) {
    const records = Array.from({ length: 1 + below(3) }, () => ({ event_type: 'drift', run, at: at++ }));
    for (const { seq, leaf } of await archive.appendRecords(records)) say(`entry ${seq} ${leaf}`);
  } else if (step < 8) {
    const { problems } = await archive.sync(shared, work);
    if (problems.length > 0) say(`problem ${JSON.stringify(problems)}`);
    say('synced');
  } else if (step === 8) {
    const out = join(exports, `${run}-${at++}`);
    const { entries } = await archive.exportTo(below(2) === 0 ? 'tiles' : 'jsonl', out, work);
    say(`exported ${out} ${entries}`);
  } else {
    archive.close();
    openDatabase(file, { migrations: [...MIGRATIONS, 'CREATE TABLE later AS SELECT seq, leaf FROM entry'] }).close();
    say('migrated');
    oneVersionBack();
    archive = await open();
  }
}
