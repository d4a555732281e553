import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../src/core/contract/connect.ts';
import { compose } from '../src/main/compose.ts';
import { GpgHome } from '../test/support/gpg-home.ts';

const FILES = 8;
const MIB = 1024 * 1024;
const SIZE = 256 * MIB;
const RUNS = 3;

/**
 * Checksum, signature and verification of 8 × 256 MiB, against `sha256sum`, `gpg --detach-sign` and `gpg --verify` one
 * after the other over the same files, in turn; medians and their ratio.
 */
const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
const gpg = new GpgHome();
try {
  const key = gpg.key('Bench <bench@example.com>');
  const keyring = gpg.export(key);
  const release = join(folder, 'release');
  mkdirSync(release);
  const files = Array.from({ length: FILES }, (_, index) => join(release, `${index}.bin`));
  for (const file of files) fill(file);
  const core = compose({ shell: 'test', home: join(folder, 'home') });
  const client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const started = performance.now();
    await client.call('signing.sign', { key, files, out: release, release: null, replace: true });
    const verified = await Promise.all(files.map((artifact) => client.call('signing.verify', { artifact, signature: null, keyring, signers: [key] })));
    const between = performance.now();
    must('sha256sum', files);
    for (const file of files) must('gpg', ['--batch', '--yes', '--armor', '--output', `${file}.peer`, '--detach-sign', file]);
    for (const file of files) must('gpg', ['--batch', '--verify', `${file}.peer`, file]);
    const ended = performance.now();
    if (verified.some(({ verdict }) => verdict !== 'good')) throw new Error('What was signed does not verify');
    // The first run warms the files' pages and the threads.
    if (run === 0) continue;
    ours.push(between - started);
    theirs.push(ended - between);
  }
  await core.close();
  const [a, b] = [median(ours), median(theirs)];
  console.log(`checksum, sign and verify ${FILES} × ${SIZE / MIB} MiB: ours ${a.toFixed(0)} ms, sha256sum and gpg ${b.toFixed(0)} ms, ratio ${(a / b).toFixed(2)} (aim 0.5)`);
} finally {
  gpg.remove();
  rmSync(folder, { recursive: true, force: true });
}

function must(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
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
