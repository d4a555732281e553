import { parentPort, workerData } from 'node:worker_threads';
import { rowChecker, ROWS_AT_ONCE } from './check-rows.ts';
import { openSnapshot } from './database.ts';
import { logStore } from './log-store.ts';
import type { CheckRequest, CheckReply } from './check-in-threads.ts';

/** Checks runs of rows of one log, whichever nobody has taken yet, over a connection of its own that only reads. */
const { file, origin, runs, taken } = workerData as CheckRequest;
const db = openSnapshot(file);
try {
  const log = logStore(db).byOrigin(origin);
  const check = rowChecker(db);
  if (log !== null) {
    for (let run = Atomics.add(taken, 0, 1); run < runs; run = Atomics.add(taken, 0, 1)) {
      const reply: CheckReply = { run, checked: check(log, run * ROWS_AT_ONCE) };
      parentPort?.postMessage(reply);
    }
  }
} finally {
  db.close();
}
