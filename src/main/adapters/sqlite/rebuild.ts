import { readOutline } from '../../../core/archive/entry-outline.ts';
import { GrowingTree, leafHash } from '../../../core/archive/tree.ts';
import type { ReceivedEntry } from '../../../core/sync/local-logs.ts';
import { openDatabase, type Db } from './database.ts';
import { logStore, type StoredLog } from './log-store.ts';
import { THERE, type LogPlan } from './plan-repair.ts';
import type { Salvage } from './salvage.ts';

const ENTRIES_A_PAUSE = 1_000;

interface Rebuilding {
  readonly file: string;
  readonly plans: readonly LogPlan[];
  /** What was read of the damaged database, and a connection to it for its rows; null where nothing was. */
  readonly old: { readonly salvage: Salvage; readonly db: Db } | null;
  readonly pause: (done: number) => Promise<void>;
}

interface Placed {
  readonly plan: LogPlan;
  readonly seq: number;
  readonly arrival: number;
}

/** Writes a new database with all that a repair can prove, in the order in which entries came, and what lay beside them. */
export async function rebuild({ file, plans, old, pause }: Rebuilding): Promise<void> {
  const db = openDatabase(file);
  try {
    const store = logStore(db);
    const logs = new Map<LogPlan, { readonly log: StoredLog; readonly tree: GrowingTree }>();
    const insert = db.prepare('INSERT INTO log (id, origin, vkey, size, edge, checkpoint, checkpoint_time, state, problem) VALUES (?, ?, ?, 0, x\'\', ?, ?, ?, ?)');
    db.exec('BEGIN IMMEDIATE');
    // The ids stay, because what lies beside the logs names them.
    let next = Math.max(0, ...plans.map(({ row }) => row?.id ?? 0));
    for (const plan of plans) {
      const { origin, vkey, row, proved, largest } = plan;
      const note = plan.holes || proved.head === null || (largest?.checkpoint.size ?? 0) > proved.size ? largest?.note : proved.head.note;
      insert.run(row?.id ?? (next += 1), origin, vkey, note, row?.checkpoint_time ?? null, ...stateOf(plan));
      const log = store.byOrigin(origin) as StoredLog;
      if (plan.own) store.setOwn(log);
      logs.set(plan, { log, tree: new GrowingTree() });
    }
    let done = 0;
    for (const { plan, seq } of inOrderOfArrival(plans, old?.salvage ?? null)) {
      const { log, tree } = logs.get(plan) as { log: StoredLog; tree: GrowingTree };
      store.appendEntry(log, tree, entryAt(plan, seq, old?.salvage ?? null));
      done += 1;
      if (done % ENTRIES_A_PAUSE === 0) await pause(done);
    }
    for (const [plan, { log, tree }] of logs) finishLog(db, plan, { log, tree }, old);
    for (const { table, rows } of old?.salvage.others ?? []) copyRows(db, table, rows);
    db.exec('COMMIT');
  } finally {
    db.close();
  }
}

/** A log that is not whole says so wherever it is shown, and is neither published nor continued by a sync. */
function stateOf({ holes, proved, largest, row }: LogPlan): [state: string, problem: string | null] {
  const size = largest?.checkpoint.size ?? 0;
  if (!holes && size > proved.size) return ['quarantined', `Entries ${proved.size} to ${size - 1} are lost here. Repair the archive from one that holds them (countersign archive repair --from); until then nothing is appended.`];
  // One that was set aside by an earlier repair has its signed head back.
  if (row?.state === 'quarantined' && /^Entries \d+ to \d+ are lost here/.test(row.problem ?? '')) return ['good', null];
  return [row?.state ?? 'good', row?.problem ?? null];
}

function inOrderOfArrival(plans: readonly LogPlan[], salvage: Salvage | null): Placed[] {
  const placed: Placed[] = [];
  for (const plan of plans) {
    const found = plan.row === null ? undefined : salvage?.entries.get(plan.row.id);
    let arrival = 0;
    for (let seq = 0; seq < plan.proved.size; seq += 1) {
      // What was lost comes after the entry before it.
      arrival = Math.max(arrival, found?.get(seq)?.arrival ?? 0);
      placed.push({ plan, seq, arrival });
    }
  }
  return placed.sort((a, b) => a.arrival - b.arrival || a.seq - b.seq);
}

function entryAt({ proved, received, row, origin }: LogPlan, seq: number, salvage: Salvage | null): ReceivedEntry {
  if (proved.holder[seq] === THERE) return received.get(seq) as ReceivedEntry;
  const found = row === null ? undefined : salvage?.entries.get(row.id)?.get(seq);
  if (found === undefined || salvage === null) throw new Error('a plan names an entry that nobody holds');
  const bytes = salvage.bytes(found);
  return { sealed: { bytes, leaf: leafHash(bytes) }, ...readOutline(bytes, { origin, seq }) };
}

function finishLog(db: Db, plan: LogPlan, { log, tree }: { readonly log: StoredLog; readonly tree: GrowingTree }, old: Rebuilding['old']): void {
  if (!plan.holes || plan.row === null || old === null) {
    const newest = db.prepare<[number], string>('SELECT time FROM entry WHERE log = ? ORDER BY seq DESC LIMIT 1').pluck().get(log.id) ?? log.checkpoint_time;
    db.prepare('UPDATE log SET size = ?, edge = ?, checkpoint_time = ? WHERE id = ?').run(tree.size, tree.edgeBytes(), newest, log.id);
    return;
  }
  // Whatever is there after the first gap stays as it is, damaged or not, so that a later repair finds it.
  const read = old.db.prepare<[number], Record<string, unknown>>('SELECT seq, leaf, event_type, release, imported, time, bytes FROM entry WHERE arrival = ?');
  const write = db.prepare('INSERT INTO entry (log, seq, leaf, event_type, release, imported, time, bytes) VALUES (?, @seq, @leaf, @event_type, @release, @imported, @time, @bytes)');
  for (const [seq, { arrival }] of [...(old.salvage.entries.get(plan.row.id) ?? [])].sort(([one], [two]) => one - two)) {
    if (seq >= tree.size && seq < plan.row.size) write.run(log.id, read.get(arrival));
  }
  db.prepare('DELETE FROM subtree WHERE log = ?').run(log.id);
  const subtrees = old.db.prepare<[number], { level: number; position: number; hash: Buffer }>('SELECT level, position, hash FROM subtree WHERE log = ?');
  const keep = db.prepare('INSERT OR IGNORE INTO subtree (log, level, position, hash) VALUES (?, ?, ?, ?)');
  try {
    for (const { level, position, hash } of subtrees.iterate(plan.row.id)) keep.run(log.id, level, position, hash);
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause)) throw cause;
  }
  db.prepare('UPDATE log SET size = ?, edge = ?, checkpoint_time = ? WHERE id = ?').run(plan.row.size, plan.row.edge, plan.row.checkpoint_time, log.id);
}

/** Rows of a table that both databases have, by the columns that both have. */
function copyRows(db: Db, table: string, rows: readonly Readonly<Record<string, unknown>>[]): void {
  const columns = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
  for (const row of rows) {
    const names = columns.filter((name) => Object.hasOwn(row, name));
    if (names.length === 0) return;
    try {
      db.prepare(`INSERT OR IGNORE INTO "${table.replaceAll('"', '""')}" (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`).run(...names.map((name) => row[name]));
    } catch (cause) {
      // Of a log that could not be had back, or spoilt itself: it says nothing any more.
      if (!(cause instanceof Error) || !('code' in cause)) throw cause;
    }
  }
}
