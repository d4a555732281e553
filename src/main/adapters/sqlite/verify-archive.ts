import { openCheckpoint } from '../../../core/archive/checkpoint.ts';
import type { Checkpoint } from '../../../core/archive/checkpoint.ts';
import { encodeBase64 } from '../../../core/archive/base64.ts';
import { entryId } from '../../../core/archive/entry-id.ts';
import { listingColumns, parseCanonical } from '../../../core/archive/entry.ts';
import { parseVerifierKey } from '../../../core/archive/note.ts';
import { GrowingTree, leafHash } from '../../../core/archive/tree.ts';
import type { TreeHash } from '../../../core/archive/tree.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { CallContext } from '../../../core/contract/serve.ts';
import type { Entry } from '../../../core/model/archive.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { Db } from './database.ts';
import { logStore } from './log-store.ts';
import type { LogStore, StoredLog } from './log-store.ts';

type Verification = Output<'archive.verify'>;
type Problem = Verification['problems'][number];
type Work = Pick<CallContext, 'signal' | 'progress'>;
type Row = readonly [seq: number, leaf: Buffer, eventType: string, release: string | null, imported: number, time: string, bytes: Buffer];

const CHUNK = 1_000;
/** One damaged page can spoil thousands of entries; this many are named a log. */
const MAX_PROBLEMS = 100;

/**
 * Recomputes everything that the archive claims: every entry's bytes against its leaf hash and canonical form, every
 * root against its signed checkpoint, sequences without gaps, references. `db` is one snapshot.
 */
export async function verifyArchive(db: Db, { signal, progress }: Work): Promise<Verification> {
  const store = logStore(db);
  const logs = store.all();
  const total = logs.reduce((sum, { size }) => sum + size, 0);
  const verification: Verification = { verdict: 'good', entries: 0, logs: [], problems: [] };
  for (const log of logs) {
    const problems: Problem[] = [];
    const checkpoint = signedHead(log, problems);
    const checked = await verifyEntries(db, store, log, problems, async (done) => {
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
  verification.verdict = verification.logs.every(({ verdict }) => verdict === 'good') ? 'good' : 'bad';
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

async function verifyEntries(
  db: Db, store: LogStore, log: StoredLog, problems: Problem[], pause: (done: number) => Promise<void>,
): Promise<{ tree: GrowingTree; entries: number }> {
  const rows = db.prepare<[number, number, number], Row>(
    'SELECT seq, leaf, event_type, release, imported, time, bytes FROM entry WHERE log = ? AND seq >= ? ORDER BY seq LIMIT ?',
  ).raw();
  const tree = new GrowingTree();
  const computed: Map<number, TreeHash[]> = new Map();
  const onSubtree = (level: number, _index: number, hash: TreeHash): void => {
    if (level % 8 !== 0) return;
    const row = computed.get(level / 8);
    if (row === undefined) computed.set(level / 8, [hash]);
    else row.push(hash);
  };
  let entries = 0;
  let next = 0;
  for (;;) {
    const chunk = rows.all(log.id, next, CHUNK) as unknown as Row[];
    for (const row of chunk) {
      const leaf = leafHash(row[6]);
      const problem = verifyRow(log, row, leaf, next, store);
      if (problem !== null) problems.push({ ...problem, place: entryId({ origin: log.origin, seq: row[0] }) });
      tree.append(leaf, onSubtree);
      next = row[0] + 1;
      entries += 1;
    }
    if (chunk.length < CHUNK) break;
    await pause(entries);
  }
  for (const [level, hashes] of computed) {
    const stored = store.storedTileHashes(log, level);
    if (stored.length !== hashes.length || stored.some((hash, at) => !hash.equals(hashes[at] as TreeHash))) {
      problems.push({ code: 'tree', message: `Stored hashes of level ${level} are not those of its entries.`, place: log.origin });
    }
  }
  await pause(entries);
  return { tree, entries };
}

function verifyRow(
  log: StoredLog, [seq, stored, eventType, release, imported, time, bytes]: Row, leaf: TreeHash, expected: number, store: LogStore,
): Omit<Problem, 'place'> | null {
  if (seq !== expected) return { code: 'sequence', message: `The entries from ${expected} to ${seq - 1} are missing.` };
  if (!leaf.equals(stored)) return { code: 'leaf', message: 'Its bytes are not those of its leaf hash.' };
  let entry: Entry;
  try {
    entry = parseCanonical(bytes) as Entry;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return { code: 'canonical', message: cause.message };
  }
  if (entry.v !== 1 || entry.seq !== seq || entry.origin !== log.origin) return { code: 'sequence', message: `It says that it is ${entry.origin}#${entry.seq}.` };
  const columns = listingColumns(entry.record);
  if (columns.event_type !== eventType || columns.release !== release || columns.imported !== (imported === 1) || entry.time !== time) {
    return { code: 'listing', message: 'What lists show of it is not what it says.' };
  }
  for (const ref of entry.refs) {
    const target = store.byOrigin(ref.origin);
    // A log that is not held here, or not as far as this, cannot be looked into; that is no fault of the entry.
    if (target === null || (ref.seq >= target.size && target.id !== log.id)) continue;
    const found = ref.seq >= seq && target.id === log.id ? null : store.leaf(target, ref.seq);
    if (found?.toString('hex') !== ref.leaf) return { code: 'reference', message: `It refers to ${entryId(ref)}, whose leaf is another.` };
  }
  return null;
}
