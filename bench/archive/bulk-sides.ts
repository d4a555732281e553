/** One side of bench/archive.ts, in a process of its own: SIDE HOME ENTRIES. */
import { join } from 'node:path';
import { prepareRecord, sealEntry } from '../../src/core/archive/entry.ts';
import { GrowingTree, leafHash } from '../../src/core/archive/tree.ts';
import { openDatabase } from '../../src/main/adapters/sqlite/database.ts';
import { openArchive, type Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { median, seconds, tell } from './measured.ts';
import { BOOT, ORIGIN, RecordMaker } from './records.ts';

const [side = '', home = '', entries = '0'] = process.argv.slice(2);
const ENTRIES = Number(entries);
const BATCH = 1_000;
const PROOFS = 1_000;
const work = { signal: new AbortController().signal, progress: () => undefined };
const open = (): Promise<Archive> => openArchive({ home, now: () => new Date(), boot: BOOT, origin: ORIGIN });

const sides: Readonly<Record<string, () => Promise<number>>> = {
  append: async () => {
    const archive = await open();
    const maker = new RecordMaker(ENTRIES);
    const drafts = function* () {
      for (const record of maker.each()) yield { record };
    };
    const took = await seconds(() => archive.appendEach(drafts(), () => undefined));
    archive.close();
    return took - maker.seconds;
  },

  // The rows that the archive writes, written by SQLite alone: same schema, pragmas and one transaction.
  insert: async () => {
    const db = openDatabase(join(home, 'bare.db'));
    db.prepare("INSERT INTO log (origin, vkey, size, edge, checkpoint) VALUES (?, '', 0, x'', x'')").run(ORIGIN);
    const insert = db.prepare('INSERT INTO entry (log, seq, leaf, event_type, release, imported, time, bytes) VALUES (1, ?, ?, ?, ?, ?, ?, ?)');
    const time = '2026-01-31T12:00:00.000Z';
    let took = 0;
    let seq = 0;
    let rows: unknown[][] = [];
    const write = (): void => {
      const start = performance.now();
      for (const row of rows) insert.run(...row);
      took += performance.now() - start;
      rows = [];
    };
    db.exec('BEGIN IMMEDIATE');
    for (const record of new RecordMaker(ENTRIES).each()) {
      const prepared = prepareRecord({ record }, []);
      const { bytes, leaf } = sealEntry({ origin: ORIGIN, seq, time, boot: BOOT }, prepared);
      rows.push([seq, leaf, prepared.columns.event_type, prepared.columns.release, 0, time, bytes]);
      seq += 1;
      if (rows.length === BATCH) write();
    }
    write();
    took += (await seconds(() => db.exec('COMMIT'))) * 1000;
    db.close();
    return took / 1000;
  },

  verify: async () => {
    const archive = await open();
    const took = await seconds(async () => {
      const { verdict, problems } = await archive.verify(work);
      if (verdict !== 'good') throw new Error(JSON.stringify(problems[0]));
    });
    archive.close();
    return took;
  },

  scan: async () => {
    const db = openDatabase(join(home, 'genesis.db'));
    const took = await seconds(() => {
      const tree = new GrowingTree();
      for (const [bytes] of db.prepare<[], [Buffer]>('SELECT bytes FROM entry WHERE log = 1 ORDER BY seq').raw().iterate()) tree.append(leafHash(bytes));
      tree.root();
    });
    db.close();
    return took;
  },

  prove: async () => {
    const archive = await open();
    await archive.prove('0');
    const took: number[] = [];
    for (let at = 0; at < PROOFS; at += 1) {
      const seq = Math.floor(Math.random() * ENTRIES);
      took.push(await seconds(() => archive.prove(String(seq))));
    }
    archive.close();
    return median(took);
  },
};

const run = sides[side];
if (run === undefined) throw new Error(`there is no side ${side}`);
tell(await run());
