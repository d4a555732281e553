import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ROWS_AT_ONCE } from './check-rows.ts';
import type { CheckedRows, RowChecker } from './check-rows.ts';
import type { StoredLog } from './log-store.ts';

/** What a thread is started with. */
export interface CheckRequest {
  readonly file: string;
  readonly origin: string;
  readonly runs: number;
  /** How many runs of rows have been taken, by whichever thread; shared memory. */
  readonly taken: Int32Array;
}

/** What a thread answers, once a run of rows. */
export interface CheckReply {
  readonly run: number;
  readonly checked: CheckedRows;
}

interface Checking {
  readonly file: string;
  readonly log: StoredLog;
  /** The log holds exactly the rows from 0 to this, it not included. */
  readonly rows: number;
  readonly check: RowChecker;
  readonly workerFile: URL;
}

/** Starting a thread costs what checking some ten thousands of rows does. */
const ROWS_WORTH_A_THREAD = 50_000;
/** Each has a heap of its own: with two, verification stays under 300 MB. */
const MAX_THREADS = 2;
const YOUNG_MEGABYTES = 8;

/** How many threads besides this one are worth their start for a log of this size. */
export function threadsFor(rows: number): number {
  return Math.min(MAX_THREADS, availableParallelism() - 1, Math.floor(rows / ROWS_WORTH_A_THREAD));
}

/**
 * Checks a log without gaps on this thread and others, each taking the next run of rows that nobody has; gives the runs
 * in order. A thread that cannot start or fails leaves its share to this one. Errors: those of `check`.
 */
export async function* checkInThreads({ file, log, rows, check, workerFile }: Checking, threads = threadsFor(rows)): AsyncGenerator<CheckedRows> {
  const runs = Math.ceil(rows / ROWS_AT_ONCE);
  const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const done = new Map<number, CheckedRows>();
  let running = threads;
  let wake = (): void => undefined;
  const request: CheckRequest = { file, origin: log.origin, runs, taken };
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(workerFile, { workerData: request, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES } });
    worker.on('message', ({ run, checked }: CheckReply) => {
      // A thread may have seen what was appended after this snapshot; such a run is checked again here.
      if (checked.rows === Math.min(ROWS_AT_ONCE, rows - run * ROWS_AT_ONCE)) done.set(run, checked);
      wake();
    });
    // Without a listener it would end the process; the exit follows it, and what it left undone is done here.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      running -= 1;
      wake();
    });
    return worker;
  });
  const checkHere = (run: number): CheckedRows => check(log, run * ROWS_AT_ONCE);
  try {
    for (let wanted = 0; wanted < runs;) {
      const ready = done.get(wanted);
      if (ready !== undefined) {
        done.delete(wanted);
        wanted += 1;
        yield ready;
        continue;
      }
      const run = Atomics.add(taken, 0, 1);
      if (run < runs) done.set(run, checkHere(run));
      else if (running === 0) done.set(wanted, checkHere(wanted));
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    Atomics.store(taken, 0, runs);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
