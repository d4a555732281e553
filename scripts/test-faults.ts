import { killWriters, NO_COUNTS, type Counts } from '../test/faults/kill-lane.ts';

/**
 * `npm run test:faults [KILLS]`: the long form of test/faults/kills.test.ts. A writer appends, syncs, exports, migrates
 * and repairs, and is killed at a random moment; what it acknowledged must be there afterwards.
 */
const LANES = 2;
const wanted = Number(process.argv[2] ?? 1_000);
if (!Number.isSafeInteger(wanted) || wanted < 1) {
  process.stderr.write('npm run test:faults [KILLS]: KILLS is a number above 0.\n');
  process.exit(2);
}

const started = Date.now();
const lanes: Counts[] = Array.from({ length: LANES }, () => ({ ...NO_COUNTS, handWork: [] }));
await Promise.all(lanes.map((_, lane) => killWriters(Math.ceil(wanted / LANES), {
  told: (counts) => {
    lanes[lane] = { ...counts };
    process.stdout.write(`${sentence(lanes.reduce(sum))}\n`);
  },
})));

const total = lanes.reduce(sum);
process.stdout.write(`\n${sentence(total)}, in ${Math.round((Date.now() - started) / 1000)} s\n${total.handWork.map((line) => `  ${line}\n`).join('')}`);
process.exitCode = total.lost === 0 && total.handWork.length === 0 ? 0 : 1;

function sum(one: Counts, two: Counts): Counts {
  return {
    kills: one.kills + two.kills, early: one.early + two.early, entries: one.entries + two.entries, syncs: one.syncs + two.syncs, exports: one.exports + two.exports,
    migrations: one.migrations + two.migrations, repairs: one.repairs + two.repairs, lost: one.lost + two.lost, handWork: [...one.handWork, ...two.handWork],
  };
}

function sentence(counts: Counts): string {
  return `${counts.kills} kills (${counts.early} while it started): acknowledged ${counts.entries} entries, ${counts.syncs} syncs, ${counts.exports} exports, ${counts.migrations} migrations, ${counts.repairs} repairs; ${counts.lost} acknowledged entries lost, ${counts.handWork.length} that need hand work`;
}
