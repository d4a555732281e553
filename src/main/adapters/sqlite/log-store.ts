import type { ListingColumns, SealedEntry } from '../../../core/archive/entry.ts';
import { foldComplete, rootAt } from '../../../core/archive/tree.ts';
import type { GrowingTree, SubtreeReader, TreeHash } from '../../../core/archive/tree.ts';
import type { ForkProof } from '../../../core/sync/fork-proof.ts';
import type { AttachmentRef, EntryRef } from '../../../core/model/archive.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { Db } from './database.ts';

/** A log as it stands in the database. */
export interface StoredLog {
  readonly id: number;
  readonly origin: string;
  readonly vkey: string;
  readonly size: number;
  readonly edge: Buffer;
  readonly checkpoint: Buffer;
  readonly checkpoint_time: string | null;
  readonly state: 'good' | 'quarantined';
  readonly problem: string | null;
}

/** Only hashes at multiples of this level are stored; those between are computed from at most 256 of them. */
export const TILE_HEIGHT = 8;

/** The largest size that was seen of a log in a shared archive, as of one moment; 0 where it was never seen there. */
export type SharedSizes = (url: string, origin: string) => number;

/** Every statement on logs and entries, prepared once a connection. Callers bring the transaction. */
export type LogStore = ReturnType<typeof logStore>;

export function logStore(db: Db) {
  const logs = db.prepare<[], StoredLog>('SELECT * FROM log ORDER BY id');
  const logByOrigin = db.prepare<[string], StoredLog>('SELECT * FROM log WHERE origin = ?');
  const ownLog = db.prepare<[], { log: number }>('SELECT log FROM console WHERE id = 1');
  const logById = db.prepare<[number], StoredLog>('SELECT * FROM log WHERE id = ?');
  const insertOwn = db.prepare('INSERT INTO console (id, log) VALUES (1, ?)');
  const insertLog = db.prepare('INSERT INTO log (origin, vkey, size, edge, checkpoint, checkpoint_time) VALUES (?, ?, 0, x\'\', ?, ?)');
  const updateLog = db.prepare('UPDATE log SET size = ?, edge = ?, checkpoint = ?, checkpoint_time = ? WHERE id = ?');
  const quarantineLog = db.prepare("UPDATE log SET state = 'quarantined', problem = ? WHERE id = ?");
  const insertFork = db.prepare('INSERT INTO fork (log, found, source, seq, seen, other, proof) VALUES (?, ?, ?, ?, ?, ?, ?)');
  const insertEntry = db.prepare('INSERT INTO entry (log, seq, leaf, event_type, release, imported, time, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const insertSubtree = db.prepare('INSERT INTO subtree (log, level, position, hash) VALUES (?, ?, ?, ?)');
  const insertReference = db.prepare('INSERT OR IGNORE INTO reference (origin, target, log, seq, rel) VALUES (?, ?, ?, ?, ?)');
  const insertAttachment = db.prepare('INSERT INTO attachment (sha256, log, seq, place, size, name) VALUES (?, ?, ?, ?, ?, ?)');
  const referring = db.prepare<[string, number, number], { origin: string; seq: number; rel: string }>('SELECT log.origin, reference.seq, reference.rel FROM reference JOIN log ON log.id = reference.log WHERE reference.origin = ? AND reference.target = ? ORDER BY log.id, reference.seq LIMIT ?');
  const leafAt = db.prepare<[number, number], Buffer>('SELECT leaf FROM entry WHERE log = ? AND seq = ?').pluck();
  const leavesFrom = db.prepare<[number, number, number], Buffer>('SELECT leaf FROM entry WHERE log = ? AND seq >= ? AND seq < ? ORDER BY seq').pluck();
  const subtreesFrom = db.prepare<[number, number, number, number], Buffer>('SELECT hash FROM subtree WHERE log = ? AND level = ? AND position >= ? AND position < ? ORDER BY position').pluck();
  const bytesFrom = db.prepare<[number, number, number], Buffer>('SELECT bytes FROM entry WHERE log = ? AND seq >= ? AND seq < ? ORDER BY seq').pluck();
  const lengthsFrom = db.prepare<[number, number, number], number>('SELECT sum(length(bytes)) FROM entry WHERE log = ? AND seq >= ? AND seq < ?').pluck();
  const sharedSizes = db.prepare<[], { url: string; origin: string; size: number }>('SELECT url, origin, size FROM shared_state');
  const setSharedSize = db.prepare('INSERT INTO shared_state (url, origin, size) VALUES (?, ?, ?) ON CONFLICT (url, origin) DO UPDATE SET size = excluded.size');

  const hashes = (log: number, level: number, start: number, end: number): TreeHash[] => {
    const found = level === 0 ? leavesFrom.all(log, start, end) : subtreesFrom.all(log, level, start, end);
    if (found.length !== end - start) throw new AppError('storage-failed', `The archive holds ${found.length} of the ${end - start} hashes of a log that it should.`, { hint: 'Verify the archive (archive verify) to see what is missing.' });
    return found;
  };

  return {
    all: (): StoredLog[] => logs.all(),
    byOrigin: (origin: string): StoredLog | null => logByOrigin.get(origin) ?? null,
    own: (): StoredLog | null => {
      const found = ownLog.get();
      return found === undefined ? null : (logById.get(found.log) ?? null);
    },
    add: (origin: string, vkey: string, checkpoint: string | Uint8Array, time: string | null): StoredLog => {
      const { lastInsertRowid } = insertLog.run(origin, vkey, Buffer.from(checkpoint), time);
      return logById.get(Number(lastInsertRowid)) as StoredLog;
    },
    setOwn: (log: StoredLog): void => void insertOwn.run(log.id),
    /** Entries of whichever log that point at one, the first so many. */
    referring: (origin: string, seq: number, limit: number) => referring.all(origin, seq, limit),
    leaf: (log: StoredLog, seq: number): TreeHash | null => leafAt.get(log.id, seq) ?? null,
    entryBytes: (log: StoredLog, start: number, end: number): Buffer[] => bytesFrom.all(log.id, start, end),
    /** How long these entries are in all. */
    entryLengths: (log: StoredLog, start: number, end: number): number => lengthsFrom.get(log.id, start, end) ?? 0,
    /** Hashes of one level of tiles (C2SP tlog-tiles: tile level L holds subtrees of 256^L leaves). */
    tileHashes: (log: StoredLog, tileLevel: number, start: number, end: number): TreeHash[] => hashes(log.id, tileLevel, start, end),
    /** Every stored hash of one level above the leaves. */
    storedTileHashes: (log: StoredLog, tileLevel: number): TreeHash[] => subtreesFrom.all(log.id, tileLevel, 0, Number.MAX_SAFE_INTEGER),
    subtrees: (log: StoredLog): SubtreeReader => (level, index) => {
      const tileLevel = Math.floor(level / TILE_HEIGHT);
      const width = 2 ** (level % TILE_HEIGHT);
      return foldComplete(hashes(log.id, tileLevel, index * width, (index + 1) * width));
    },
    rootAt(log: StoredLog, size: number): TreeHash {
      return rootAt(size, this.subtrees(log));
    },

    /** Appends a sealed entry to a log; the caller then signs or checks the root and calls `setHead`. */
    appendEntry: (log: StoredLog, tree: GrowingTree, { sealed, columns, refs, time }: { readonly sealed: SealedEntry; readonly columns: ListingColumns; readonly refs: readonly EntryRef[]; readonly time: string }): void => {
      for (const { origin, seq, rel } of refs) insertReference.run(origin, seq, log.id, tree.size, rel);
      for (const [place, { sha256, size, name }] of attachmentsIn(sealed.bytes).entries()) insertAttachment.run(sha256, log.id, tree.size, place, size, name);
      insertEntry.run(log.id, tree.size, sealed.leaf, columns.event_type, columns.release, columns.imported ? 1 : 0, time, sealed.bytes);
      tree.append(sealed.leaf, (level, index, hash) => {
        if (level % TILE_HEIGHT === 0) insertSubtree.run(log.id, level / TILE_HEIGHT, index, hash);
      });
    },
    setHead: (log: StoredLog, tree: GrowingTree, checkpoint: string | Uint8Array, time: string | null): void =>
      void updateLog.run(tree.size, tree.edgeBytes(), Buffer.from(checkpoint), time, log.id),
    quarantine: (log: StoredLog, fork: { readonly found: string; readonly source: string; readonly seq: number | null; readonly other: Uint8Array; readonly proof: ForkProof; readonly problem: string }): void => {
      insertFork.run(log.id, fork.found, fork.source, fork.seq, log.checkpoint, Buffer.from(fork.other), JSON.stringify(fork.proof));
      quarantineLog.run(fork.problem, log.id);
    },
    /** Largest sizes that were seen of logs in shared archives, as of now. */
    sharedSizes: (): SharedSizes => {
      const sizes = new Map(sharedSizes.all().map(({ url, origin, size }) => [`${url}\n${origin}`, size]));
      return (url, origin) => sizes.get(`${url}\n${origin}`) ?? 0;
    },
    setSharedSize: (url: string, origin: string, size: number): void => void setSharedSize.run(url, origin, size),
  };
}

/** The first member of an entry in RFC 8785 order is the list of its attachments, which nearly always is empty. */
const FIRST_ATTACHMENT = '{"attachments":['.length;
const OPEN_OBJECT = 0x7b;

function attachmentsIn(bytes: Buffer): readonly AttachmentRef[] {
  return bytes[FIRST_ATTACHMENT] === OPEN_OBJECT ? (JSON.parse(bytes.toString('utf8')) as { attachments: AttachmentRef[] }).attachments : [];
}
