import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { checkInThreads, threadsFor } from '../../src/main/adapters/sqlite/check-in-threads.ts';
import type { CheckReply, CheckRequest } from '../../src/main/adapters/sqlite/check-in-threads.ts';
import { ROWS_AT_ONCE, rowChecker } from '../../src/main/adapters/sqlite/check-rows.ts';
import type { CheckedRows } from '../../src/main/adapters/sqlite/check-rows.ts';
import { openSnapshot } from '../../src/main/adapters/sqlite/database.ts';
import type { Db } from '../../src/main/adapters/sqlite/database.ts';
import { logStore } from '../../src/main/adapters/sqlite/log-store.ts';
import type { StoredLog } from '../../src/main/adapters/sqlite/log-store.ts';
import { drift, openTestArchive, temporaryFolder } from './archives.ts';

const workerFile = new URL('../../src/main/adapters/sqlite/verify-worker.ts', import.meta.url);
const ROWS = ROWS_AT_ONCE * 6 + 100;

/** An archive of several runs of rows, of which some were changed, and what one thread says of it. */
async function damagedArchive(): Promise<{ file: string; db: Db; log: StoredLog; expected: CheckedRows[] }> {
  const home = temporaryFolder();
  const archive = await openTestArchive({ home });
  await archive.appendRecords(Array.from({ length: ROWS }, (_, at) => drift(at)));
  const file = join(home, 'genesis.db');
  const changing = new Database(file);
  changing.exec("UPDATE entry SET event_type = 'approval' WHERE seq % 700 = 5; UPDATE entry SET leaf = zeroblob(32) WHERE seq = 3000");
  changing.close();
  archive.close();
  const db = openSnapshot(file);
  const log = logStore(db).own() as StoredLog;
  const check = rowChecker(db);
  return { file, db, log, expected: Array.from({ length: 7 }, (_, run) => check(log, run * ROWS_AT_ONCE)) };
}

async function all(checking: AsyncIterable<CheckedRows>): Promise<CheckedRows[]> {
  const found: CheckedRows[] = [];
  for await (const checked of checking) {
    found.push(checked);
    // Gives the threads a turn to be first.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return found;
}

describe('checking in threads', { timeout: 60_000 }, () => {
  it('finds in order what one thread finds, with any number of threads', async () => {
    const { file, db, log, expected } = await damagedArchive();
    expect(expected.flatMap(({ problems }) => problems.map(({ code }) => code)).sort()).toEqual(['leaf', ...Array.from({ length: 5 }, () => 'listing')].sort());
    expect(expected.reduce((sum, { rows }) => sum + rows, 0)).toBe(ROWS);
    for (const threads of [0, 1, 3]) expect(await all(checkInThreads({ file, log, rows: ROWS, check: rowChecker(db), workerFile }, threads))).toEqual(expected);
    db.close();
  });

  it('does the share of threads that cannot start', async () => {
    const { file, db, log, expected } = await damagedArchive();
    const nowhere = new URL('./no-such-worker.ts', import.meta.url);
    expect(await all(checkInThreads({ file, log, rows: ROWS, check: rowChecker(db), workerFile: nowhere }, 2))).toEqual(expected);
    db.close();
  });

  it('leaves no thread behind when it is stopped', async () => {
    const { file, db, log } = await damagedArchive();
    for await (const { rows } of checkInThreads({ file, log, rows: ROWS, check: rowChecker(db), workerFile }, 1)) {
      expect(rows).toBe(ROWS_AT_ONCE);
      break;
    }
    db.close();
  });

  it('is done by the thread alone where nobody else takes a run', async () => {
    const { file, db, log, expected } = await damagedArchive();
    const request: CheckRequest = { file, origin: log.origin, runs: expected.length, taken: new Int32Array(new SharedArrayBuffer(4)) };
    const found: CheckedRows[] = [];
    await new Promise<void>((resolve, reject) => {
      const worker = new Worker(workerFile, { workerData: request });
      worker.on('message', ({ run, checked }: CheckReply) => (found[run] = checked));
      worker.on('error', reject);
      worker.on('exit', () => resolve());
    });
    expect(found).toEqual(expected);
    db.close();
  });

  it('is not begun for a small archive', () => {
    expect(threadsFor(5_000)).toBe(0);
    expect(threadsFor(10_000_000)).toBeLessThanOrEqual(3);
  });
});
