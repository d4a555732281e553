import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measured, median, report, type Measured } from './archive/measured.ts';

/**
 * What the log costs over the database alone, each side in a process of its own, in turn: appending many entries under one
 * checkpoint against inserting the same rows, verifying against reading the same rows and computing the same hashes; and
 * how long the proof of any entry takes.
 */
const ENTRIES = process.argv[2] ?? '1000000';
const RUNS = Number(process.argv[3] ?? 3);
const SIDES = new URL('./archive/bulk-sides.ts', import.meta.url);
const [append, insert, verify, scan]: Measured[][] = [[], [], [], []];
const proofs: number[] = [];
let proving = 0;

for (let run = 0; run < RUNS; run += 1) {
  const home = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const side = (name: string): Measured => measured(SIDES, name, home, ENTRIES);
    // In turn first and second, so that neither always finds the disk busy with the other's pages.
    if (run % 2 === 0) insert?.push(side('insert'));
    append?.push(side('append'));
    if (run % 2 === 1) insert?.push(side('insert'));
    if (run % 2 === 0) scan?.push(side('scan'));
    verify?.push(side('verify'));
    if (run % 2 === 1) scan?.push(side('scan'));
    const proof = side('prove');
    proofs.push(proof.seconds);
    proving = Math.max(proving, proof.peak);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

report({ name: `${ENTRIES} entries: append, one checkpoint`, ours: append ?? [], peer: 'bare insert of the same rows', theirs: insert ?? [], aim: 2 });
report({ name: `${ENTRIES} entries: verify the archive`, ours: verify ?? [], peer: 'scan the rows and compute the same hashes', theirs: scan ?? [], aim: 1.5 });
process.stdout.write(`${ENTRIES} entries: proof of a random entry ${(median(proofs) * 1000).toFixed(2)} ms, the median of 1,000 (aim < 2 ms); peak ${proving} MiB\n`);
