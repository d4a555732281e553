/** One side of bench/archive-single.ts, in a process of its own: SIDE HOME ENTRIES. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { join } from 'node:path';
import { prepareRecord, sealEntry } from '../../src/core/archive/entry.ts';
import { openDatabase } from '../../src/main/adapters/sqlite/database.ts';
import { openArchive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { seconds, tell } from './measured.ts';
import { BOOT, ORIGIN, realisticRecord } from './records.ts';

const [side = '', home = '', entries = '0'] = process.argv.slice(2);
const records = Array.from({ length: Number(entries) }, (_, at) => realisticRecord(at));

const sides: Readonly<Record<string, () => Promise<number>>> = {
  append: async () => {
    const archive = await openArchive({ home, now: () => new Date(), boot: BOOT, origin: ORIGIN });
    const took = await seconds(async () => {
      for (const record of records) await archive.appendRecords([record]);
    });
    archive.close();
    return took;
  },

  // The least that anybody must do who acknowledges a signed row: one synced transaction and one signature.
  insert: async () => {
    const db = openDatabase(join(home, 'bare.db'));
    const { privateKey } = generateKeyPairSync('ed25519');
    db.prepare("INSERT INTO log (origin, vkey, size, edge, checkpoint) VALUES (?, '', 0, x'', x'')").run(ORIGIN);
    const insert = db.prepare('INSERT INTO entry (log, seq, leaf, event_type, release, imported, time, bytes) VALUES (1, ?, ?, ?, ?, ?, ?, ?)');
    const time = '2026-01-31T12:00:00.000Z';
    const rows = records.map((record, seq) => {
      const prepared = prepareRecord({ record }, []);
      return { ...sealEntry({ origin: ORIGIN, seq, time, boot: BOOT }, prepared), columns: prepared.columns };
    });
    const took = await seconds(() => {
      for (const [seq, { bytes, leaf, columns }] of rows.entries()) {
        sign(null, leaf, privateKey);
        insert.run(seq, leaf, columns.event_type, columns.release, 0, time, bytes);
      }
    });
    db.close();
    return took;
  },
};

const run = sides[side];
if (run === undefined) throw new Error(`there is no side ${side}`);
tell(await run());
