import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measured, median, type Measured } from './archive/measured.ts';

/**
 * Durable single appends, each acknowledged by itself with a signed checkpoint, against a bare insert with the same
 * `synchronous` and one Ed25519 signature, in turn.
 */
const ENTRIES = process.argv[2] ?? '2000';
const RUNS = Number(process.argv[3] ?? 5);
const SIDES = new URL('./archive/single-sides.ts', import.meta.url);
const [ours, theirs]: [Measured[], Measured[]] = [[], []];

for (let run = 0; run < RUNS; run += 1) {
  const home = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const sides = [(): unknown => ours.push(measured(SIDES, 'append', home, ENTRIES)), (): unknown => theirs.push(measured(SIDES, 'insert', home, ENTRIES))];
    for (const side of run % 2 === 0 ? sides : sides.toReversed()) side();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const [mine, other] = [ours, theirs].map((runs) => Number(ENTRIES) / median(runs.map(({ seconds }) => seconds))) as [number, number];
process.stdout.write(
  `${ENTRIES} durable appends, one by one: ${Math.round(mine)}/s, peak ${Math.max(...ours.map(({ peak }) => peak))} MiB; bare insert and one signature ${Math.round(other)}/s; ratio ${(mine / other).toFixed(2)} (aim ≥ 0.6)\n`,
);
