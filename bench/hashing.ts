import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHasher } from '../src/main/adapters/hashing.ts';

const FILES = 8;
const MIB = 1024 * 1024;
const SIZE = 128 * MIB;
const RUNS = 5;

/** Hashing 8 × 128 MiB on threads against `sha256sum` over the same files, in turn; medians and their ratio. */
const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
try {
  const files = Array.from({ length: FILES }, (_, index) => join(folder, `${index}.bin`));
  for (const file of files) fill(file);
  const hasher = createHasher();
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const started = performance.now();
    const digests = await Promise.all(files.map((file) => hasher.hash(file)));
    const between = performance.now();
    const { stdout } = spawnSync('sha256sum', files, { encoding: 'utf8' });
    const ended = performance.now();
    const same = stdout.trimEnd().split('\n').every((line, index) => line.startsWith(digests[index]?.sha256 ?? '?'));
    if (!same) throw new Error('The digests differ');
    // The first run warms the files' pages and the threads.
    if (run === 0) continue;
    ours.push(between - started);
    theirs.push(ended - between);
  }
  await hasher.close();
  const [a, b] = [median(ours), median(theirs)];
  console.log(`hashing ${FILES} × ${SIZE / MIB} MiB: ours ${a.toFixed(0)} ms, sha256sum ${b.toFixed(0)} ms, ratio ${(a / b).toFixed(2)} (aim 0.25)`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function fill(file: string): void {
  const chunk = Buffer.alloc(8 * MIB);
  const out = openSync(file, 'wx');
  for (let written = 0; written < SIZE; written += chunk.length) writeSync(out, randomFillSync(chunk));
  closeSync(out);
}

function median(values: readonly number[]): number {
  return [...values].sort((x, y) => x - y)[Math.floor(values.length / 2)] ?? Number.NaN;
}
