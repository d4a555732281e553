/** A process that writes to an archive in every way there is until it is ended, and says on its output what was acknowledged. */
import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MIGRATIONS, openDatabase } from '../../src/main/adapters/sqlite/database.ts';
import { openArchive, type Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { repairArchive } from '../../src/main/adapters/sqlite/repair-archive.ts';
import { markerOf, oneVersionBack } from './left-behind.ts';

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

/** Takes entries away that the shared folder holds, and has them back from there. The marker says that they are away. */
async function damageAndRepair(): Promise<void> {
  const { problems } = await archive.sync(shared, work);
  if (problems.length > 0) say(`problem ${JSON.stringify(problems)}`);
  archive.close();
  const marker = openSync(markerOf(home), 'a');
  fsyncSync(marker);
  closeSync(marker);
  const db = new Database(file, { timeout: 10_000 });
  db.pragma('synchronous = FULL');
  db.prepare('DELETE FROM entry WHERE log = (SELECT log FROM console) AND seq % 7 = ?').run(below(7));
  db.close();
  await repairDamaged();
  archive = await open();
}

async function repairDamaged(): Promise<void> {
  const { verdict, left } = await repairArchive({ home, from: shared }, work);
  if (verdict !== 'whole' && verdict !== 'repaired') say(`problem a repair came to ${verdict}: ${JSON.stringify(left.slice(0, 3))}`);
  rmSync(markerOf(home), { force: true });
  say('repaired');
}

oneVersionBack(home);
if (existsSync(markerOf(home))) await repairDamaged();
let archive = await open();
say('ready');
for (;;) {
  const step = below(12);
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
  } else if (step > 9) {
    await damageAndRepair();
  } else {
    archive.close();
    openDatabase(file, { migrations: [...MIGRATIONS, 'CREATE TABLE later AS SELECT seq, leaf FROM entry'] }).close();
    say('migrated');
    oneVersionBack(home);
    archive = await open();
  }
}
