import { randomBytes } from 'node:crypto';
import { closeSync, constants, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { noteSigner } from '../../../core/archive/note.ts';
import { byOrigin } from '../../../core/archive/verify-export.ts';
import type { CallContext } from '../../../core/contract/serve.ts';
import type { Output } from '../../../core/contract/types.ts';
import { AppError } from '../../../core/model/errors.ts';
import { openVkey, readRawHead } from '../../../core/sync/shared-log.ts';
import type { Keyring } from '../keystore/system-keyring.ts';
import { openShared } from '../shared/open-shared.ts';
import { lockAlone } from './archive-lock.ts';
import type { Problem } from './check-rows.ts';
import { openDatabase, openSnapshot, storageError, type Db } from './database.ts';
import { logKeyIsThere, storedLogKey, type Keystore } from './log-key.ts';
import { DATABASE_FILE } from './open-archive.ts';
import { planLog, THERE, type LogPlan, type Source } from './plan-repair.ts';
import { rebuild } from './rebuild.ts';
import { putRepaired, repairedFile, syncNames } from './repaired-file.ts';
import { openDamaged, salvage, type Salvage } from './salvage.ts';
import { verifyArchive } from './verify-archive.ts';

type Repair = Output<'archive.repair'>;
type Work = Pick<CallContext, 'signal' | 'progress'>;

interface Options {
  readonly home: string;
  readonly from: string | null;
  readonly verifyWorker?: URL;
  readonly keyring?: Keyring | null;
  /** How long others may take to close the archive. */
  readonly patience?: number;
}

const PATIENCE_MILLISECONDS = 2_000;
const DRAFT = /^repair-[0-9a-f]{12}\.draft$/;

/**
 * Names what is damaged in the archive of a data folder, and builds a new database of what can be proved: entries that
 * can still be read, and those that another archive holds, each log against the checkpoints that its key signed. The new
 * one takes the place of the damaged one, which is kept; a process that is stopped leaves one or the other. Nothing is
 * made up: what nobody holds is listed. Errors: `storage-busy`, `storage-failed`, `not-found`, `cancelled`, those of `openShared`.
 */
export async function repairArchive({ home, from, keyring = null, verifyWorker = new URL('./verify-worker.ts', import.meta.url), patience = PATIENCE_MILLISECONDS }: Options, work: Work): Promise<Repair> {
  const file = join(home, DATABASE_FILE);
  if (!existsSync(file) && !existsSync(repairedFile(file)) && !logKeyIsThere(home)) {
    throw new AppError('not-found', `There is no archive in ${home}, nor the key of one.`, { details: { home } });
  }
  const lock = aloneWith(file, patience);
  const draft = join(home, `repair-${randomBytes(6).toString('hex')}.draft`);
  try {
    putRepaired(file);
    for (const name of readdirSync(home)) if (DRAFT.test(name)) rmSync(join(home, name), { recursive: true, force: true });
    mkdirSync(draft, { mode: 0o700 });
    return await repairIn(draft, { home, file, from, keyring, workerFile: verifyWorker }, work);
  } catch (cause) {
    throw storageError(file, cause);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    lock.release();
  }
}

interface Place {
  readonly home: string;
  readonly file: string;
  readonly from: string | null;
  readonly workerFile: URL;
  readonly keyring: Keyring | null;
}

async function repairIn(draft: string, { home, file, from, workerFile, keyring }: Place, work: Work): Promise<Repair> {
  const copy = copyInto(draft, file);
  const found: Problem[] = await verified(copy, workerFile, work);
  const { db, problem } = openDamaged(copy);
  if (problem !== null) found.unshift(problem);
  const shared = from === null ? null : await openShared(from, { ...work, home });
  try {
    const old = db === null ? null : { db, salvage: salvage(db) };
    found.push(...(old?.salvage.problems ?? []));
    const plans = await plansOf(old?.salvage ?? null, shared === null ? null : { archive: shared, logs: byOrigin((await shared.list()).files).logs }, { home, keyring });
    for (const plan of plans) found.push(...plan.problems, ...behind(plan));
    // Where nobody holds it either, what is here is damaged all the same.
    const mine = plans.find((plan) => plan.own);
    if (mine === undefined || mine.row === null) found.push({ code: 'log', message: 'The log of this console, whose key is here, is not in the database.', place: mine?.origin ?? null });
    const logs = plans.map((plan) => reported(plan, old?.salvage ?? null));
    if (!found.some(damaging)) return { verdict: 'whole', found, left: [], logs, kept: null };
    if (mine === undefined || isWorse(mine, old?.salvage ?? null)) return { verdict: 'not-repaired', found, left: found, logs, kept: null };

    const made = join(draft, 'made.db');
    const total = plans.reduce((sum, { proved }) => sum + proved.size, 0);
    await rebuild({ file: made, plans, old, pause: async (done) => {
      work.progress({ label: 'Rebuilding', item: null, done, total, unit: 'entries' });
      await new Promise(setImmediate);
      work.signal.throwIfAborted();
    } });
    const left = await verified(made, workerFile, work);
    const better = old === null || old.salvage.problems.length > 0 || logs.some(({ restored }) => restored > 0) || left.length < found.length;
    if (!better) return { verdict: 'not-repaired', found, left, logs, kept: null };
    openDatabase(made).close();
    syncFile(made);
    renameSync(made, repairedFile(file));
    // From here on it is the archive, whoever puts it in its place.
    syncNames(file);
    return { verdict: left.some(damaging) || logs.some(({ lost }) => lost.length > 0) ? 'partly' : 'repaired', found, left, logs, kept: putRepaired(file) };
  } finally {
    db?.close();
    await shared?.close();
  }
}

function aloneWith(file: string, patience: number): { readonly release: () => void } {
  try {
    return lockAlone(file, patience);
  } catch (cause) {
    const said = storageError(file, cause);
    if (!(said instanceof AppError) || said.code !== 'storage-busy') throw said;
    throw new AppError('storage-busy', `${file} is open in another process, so it is not replaced.`, { hint: 'Close Countersign wherever it uses this data folder, then repair again.', details: { file }, cause });
  }
}

/** The damaged database is looked at in a copy, so that looking changes nothing. */
function copyInto(draft: string, file: string): string {
  const copy = join(draft, DATABASE_FILE);
  for (const end of ['', '-wal']) if (existsSync(`${file}${end}`)) copyFileSync(`${file}${end}`, `${copy}${end}`, constants.COPYFILE_FICLONE);
  return copy;
}

/** What a verification finds, a fork left out that was found before: its evidence is no damage. */
async function verified(file: string, workerFile: URL, work: Work): Promise<Problem[]> {
  let snapshot: Db | null = null;
  try {
    // An older form of it is looked at in the newest one.
    if (existsSync(file)) openDatabase(file).close();
    snapshot = openSnapshot(file);
    return (await verifyArchive({ db: snapshot, file, workerFile }, work)).problems.filter(damaging);
  } catch (cause) {
    const said = storageError(file, cause);
    if (!(said instanceof AppError) || said.code === 'cancelled') throw said;
    return [{ code: 'database', message: String(said.details['cause'] ?? said.message), place: null }];
  } finally {
    snapshot?.close();
  }
}

function damaging({ code }: Problem): boolean {
  return code !== 'fork' && code !== 'own-log-forked' && code !== 'source';
}

async function plansOf(old: Salvage | null, source: Source | null, keystore: Keystore): Promise<LogPlan[]> {
  const plans: LogPlan[] = [];
  const pem = storedLogKey(keystore);
  const seen = (origin: string): Buffer[] => (old?.others ?? []).filter(({ table }) => table === 'cosignature')
    .flatMap(({ rows }) => rows).filter((row) => row['origin'] === origin).map((row) => row['note']).filter((note) => Buffer.isBuffer(note));
  for (const row of old?.logs ?? []) {
    const own = row.id === old?.own || keyOf(row.origin, pem) === row.vkey;
    // The key itself says what its vkey is, where the row's was spoilt.
    const vkey = (own ? keyOf(row.origin, pem) : null) ?? row.vkey;
    try {
      const plan = await planLog({ origin: row.origin, vkey, row, own, found: old?.entries.get(row.id) ?? new Map(), seen: seen(row.origin), source });
      if (plan.largest !== null) plans.push(plan);
    } catch (cause) {
      // Its key cannot be read: it comes with the next sync, as a log that was never seen.
      if (!(cause instanceof AppError) || cause.code !== 'malformed') throw cause;
    }
  }
  if (plans.some((plan) => plan.own) || pem === null) return plans;
  for (const origin of source?.logs.keys() ?? []) {
    const vkey = await keyThere(source as Source, origin);
    if (vkey === null || vkey !== keyOf(origin, pem)) continue;
    const plan = await planLog({ origin, vkey, row: null, own: true, found: new Map(), seen: seen(origin), source });
    if (plan.largest !== null) return [plan, ...plans];
  }
  return plans;
}

async function keyThere({ archive }: Source, origin: string): Promise<string | null> {
  try {
    return openVkey(await readRawHead(archive, origin), origin).text;
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code === 'environment') throw cause;
    return null;
  }
}

/** The vkey that the key in the data folder has under an origin; null where it cannot be read. */
function keyOf(origin: string, pem: string | null): string | null {
  if (pem === null) return null;
  try {
    return noteSigner(origin, pem).vkey.text;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return null;
  }
}

/** Others hold more of the own log than is here: it must not be continued below that. */
function behind({ own, row, largest, origin }: LogPlan): Problem[] {
  if (!own || row === null || largest === null || largest.checkpoint.size <= row.size) return [];
  return [{ code: 'behind', message: `It has ${row.size} entries here, and ${largest.checkpoint.size} were signed and seen by others.`, place: origin }];
}

/** Whether the new database would show less of the own log than can still be read of the old one. */
function isWorse({ proved, holes, row, largest }: LogPlan, old: Salvage | null): boolean {
  if (proved.size === 0 && (largest?.checkpoint.size ?? 0) > 0 && !holes) return true;
  return !holes && row !== null && proved.size < (old?.entries.get(row.id)?.size ?? 0) && proved.size < row.size;
}

function reported({ origin, own, proved, holes, row, largest, received }: LogPlan, old: Salvage | null): Repair['logs'][number] {
  const size = Math.max(proved.size, largest?.checkpoint.size ?? 0);
  const found = row === null ? undefined : old?.entries.get(row.id);
  const lost: { first: number; last: number }[] = [];
  for (let seq = proved.size; seq < size; seq += 1) {
    if (holes && found?.get(seq)?.fits === true) continue;
    const last = lost.at(-1);
    if (last?.last === seq - 1) last.last = seq;
    else lost.push({ first: seq, last: seq });
  }
  return { origin, own, size: holes ? size : proved.size, restored: received.size === 0 ? 0 : proved.holder.filter((holder, seq) => holder === THERE && received.has(seq)).length, lost };
}

function syncFile(path: string): void {
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
