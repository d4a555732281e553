import { openCheckpoint } from '../../../core/archive/checkpoint.ts';
import type { Checkpoint } from '../../../core/archive/checkpoint.ts';
import { encodeBase64 } from '../../../core/archive/base64.ts';
import { parseVerifierKey } from '../../../core/archive/note.ts';
import { GrowingTree } from '../../../core/archive/tree.ts';
import type { TreeHash } from '../../../core/archive/tree.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { CallContext } from '../../../core/contract/serve.ts';
import { AppError } from '../../../core/model/errors.ts';
import { checkInThreads, threadsFor } from './check-in-threads.ts';
import { MAX_PROBLEMS, rowChecker } from './check-rows.ts';
import type { CheckedRows, Problem, RowChecker } from './check-rows.ts';
import type { Db } from './database.ts';
import { logStore, TILE_HEIGHT } from './log-store.ts';
import type { StoredLog } from './log-store.ts';

type Verification = Output<'archive.verify'>;
type Work = Pick<CallContext, 'signal' | 'progress'>;

interface Snapshot {
  /** A connection that sees one state throughout. */
  readonly db: Db;
  /** The file that it reads, for threads that read it too. */
  readonly file: string;
  readonly workerFile: URL;
}

/**
 * Recomputes everything that the archive claims: every entry's bytes against its leaf hash and canonical form, every
 * root against its signed checkpoint, sequences without gaps, references.
 */
export async function verifyArchive(snapshot: Snapshot, { signal, progress }: Work): Promise<Verification> {
  const logs = logStore(snapshot.db).all();
  const total = logs.reduce((sum, { size }) => sum + size, 0);
  const verification: Verification = { verdict: 'good', entries: 0, logs: [], problems: [] };
  for (const log of logs) {
    const problems: Problem[] = [];
    const checkpoint = signedHead(log, problems);
    const checked = await verifyEntries(snapshot, log, problems, async (done) => {
      progress({ label: 'Verifying', item: log.origin, done: verification.entries + done, total, unit: 'entries' });
      // Lets other calls, and a cancellation among them, have their turn.
      await new Promise(setImmediate);
      signal.throwIfAborted();
    });
    if (checkpoint !== null) compareHead(log, checkpoint, checked.tree, problems);
    if (log.state === 'quarantined') problems.push({ code: 'fork', message: log.problem ?? 'Its history was rewritten.', place: log.origin });
    verification.entries += checked.entries;
    verification.logs.push({
      origin: log.origin, size: checked.entries, root: encodeBase64(checked.tree.root()), verdict: problems.length === 0 ? 'good' : 'bad',
    });
    verification.problems.push(...problems.slice(0, MAX_PROBLEMS));
  }
  // Rows that no log led to, or that stand before its first entry: lists would show them.
  const rows = snapshot.db.prepare<[], number>('SELECT count(*) FROM entry').pluck().get() ?? 0;
  if (rows !== verification.entries) verification.problems.push({ code: 'stray', message: `${rows - verification.entries} rows of entries have no place in a log.`, place: null });
  verification.verdict = verification.problems.length === 0 ? 'good' : 'bad';
  return verification;
}

function signedHead(log: StoredLog, problems: Problem[]): Checkpoint | null {
  try {
    const checkpoint = openCheckpoint(log.checkpoint, parseVerifierKey(log.vkey));
    if (checkpoint.origin === log.origin) return checkpoint;
    problems.push({ code: 'checkpoint', message: `Its checkpoint is of the log ${checkpoint.origin}.`, place: log.origin });
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    problems.push({ code: 'checkpoint', message: cause.message, place: log.origin });
  }
  return null;
}

function compareHead(log: StoredLog, checkpoint: Checkpoint, tree: GrowingTree, problems: Problem[]): void {
  if (checkpoint.size !== tree.size || log.size !== tree.size) {
    problems.push({ code: 'size', message: `It holds ${tree.size} entries; its signed checkpoint says ${checkpoint.size}.`, place: log.origin });
  } else if (!checkpoint.root.equals(tree.root())) {
    problems.push({ code: 'root', message: 'Its entries do not come to the root in its signed checkpoint.', place: log.origin });
  }
  if (!tree.edgeBytes().equals(log.edge)) problems.push({ code: 'tree', message: 'The stored edge of its tree is not that of its entries.', place: log.origin });
}

/** Recomputes the tree of a log from the bytes of its entries, and checks each of them on the way. */
async function verifyEntries({ db, file, workerFile }: Snapshot, log: StoredLog, problems: Problem[], pause: (done: number) => Promise<void>): Promise<{ tree: GrowingTree; entries: number }> {
  const check = rowChecker(db);
  const rows = rowsWithoutGap(db, log);
  const tree = new GrowingTree();
  const computed: Map<number, TreeHash[]> = new Map();
  const onSubtree = (level: number, _index: number, hash: TreeHash): void => {
    if (level % TILE_HEIGHT !== 0) return;
    const row = computed.get(level / TILE_HEIGHT);
    if (row === undefined) computed.set(level / TILE_HEIGHT, [hash]);
    else row.push(hash);
  };
  const checking = rows !== null && threadsFor(rows) > 0 ? checkInThreads({ file, log, rows, check, workerFile }) : checkInTurn(log, check);
  for await (const { tiles, leaves, problems: found } of checking) {
    problems.push(...found);
    for (const tile of tiles) tree.appendSubtree(TILE_HEIGHT, Buffer.from(tile), onSubtree);
    for (const leaf of leaves) tree.append(Buffer.from(leaf), onSubtree);
    await pause(tree.size);
  }
  const store = logStore(db);
  for (const [level, hashes] of computed) {
    const stored = store.storedTileHashes(log, level);
    if (stored.length !== hashes.length || stored.some((hash, at) => !hash.equals(hashes[at] as TreeHash))) {
      problems.push({ code: 'tree', message: `Stored hashes of level ${level} are not those of its entries.`, place: log.origin });
    }
  }
  await pause(tree.size);
  return { tree, entries: tree.size };
}

/** How many rows a log has where they are numbered from 0 without a gap; else null. */
function rowsWithoutGap(db: Db, log: StoredLog): number | null {
  const [rows, first, last] = db.prepare<[number], [number, number | null, number | null]>('SELECT count(*), min(seq), max(seq) FROM entry WHERE log = ?').raw().get(log.id) as unknown as [number, number | null, number | null];
  return first === 0 && last === rows - 1 ? rows : null;
}

/** One run of rows after the other, over whatever gaps there are. */
function* checkInTurn(log: StoredLog, check: RowChecker): Generator<CheckedRows> {
  for (let checked = check(log, 0); checked.rows > 0; checked = check(log, checked.next)) yield checked;
}
