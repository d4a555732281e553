import { decodeBundle, encodeBundle } from '../../../core/archive/bundles.ts';
import type { ReadOutline } from '../../../core/archive/entry-outline.ts';
import { HASH_BYTES } from '../../../core/archive/tree.ts';
import type { ReceivedEntry, Staging } from '../../../core/sync/local-logs.ts';
import type { Db } from './database.ts';

/** Staged entries that can be gone through, in the order in which they came. */
export interface StagedEntries extends Pick<Staging, 'add' | 'discard'> {
  readonly each: () => Generator<ReceivedEntry>;
}

let tables = 0;

/**
 * Entries kept aside in a temporary table of SQLite, which lies in a file of its own and goes with the connection: so
 * that a log of any size is held neither in memory nor, before its root is known to be right, in the archive.
 */
export function stageEntries(db: Db): StagedEntries {
  tables += 1;
  const table = `temp.staged_${tables}`;
  db.exec(`CREATE TABLE ${table} (at INTEGER PRIMARY KEY, bundle BLOB NOT NULL, leaves BLOB NOT NULL, outlines TEXT NOT NULL) STRICT`);
  const insert = db.prepare(`INSERT INTO ${table} (bundle, leaves, outlines) VALUES (?, ?, ?)`);
  // One after the other: while rows are gone through, a connection writes nothing else.
  const read = db.prepare<[number], { bundle: Buffer; leaves: Buffer; outlines: string }>(`SELECT bundle, leaves, outlines FROM ${table} WHERE at = ?`);
  return {
    add: (entries) => {
      const outlines: ReadOutline[] = entries.map(({ columns, refs, time }) => ({ columns, refs, time }));
      insert.run(encodeBundle(entries.map(({ sealed }) => sealed.bytes)), Buffer.concat(entries.map(({ sealed }) => sealed.leaf)), JSON.stringify(outlines));
    },
    each: function* () {
      for (let at = 1, row = read.get(at); row !== undefined; at += 1, row = read.get(at)) {
        const outlines = JSON.parse(row.outlines) as ReadOutline[];
        for (const [place, bytes] of decodeBundle(row.bundle, outlines.length).entries()) {
          const leaf = row.leaves.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES);
          yield { sealed: { bytes, leaf }, ...(outlines[place] as ReadOutline) };
        }
      }
    },
    discard: () => void db.exec(`DROP TABLE IF EXISTS ${table}`),
  };
}
