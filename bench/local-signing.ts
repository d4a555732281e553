import { spawnSync } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalKeys } from '../src/main/adapters/local-keys/local-keys.ts';
import { GpgHome } from '../test/support/gpg-home.ts';

const MIB = 1024 * 1024;
const SIZE = 1024 * MIB;
const RUNS = 5;
const PASSPHRASE = 'correct horse battery staple';

/**
 * Signing 1 GiB with a local key (unlocking it, one read, one thread) against `gpg --detach-sign` of the same file with
 * a key without a passphrase, in turn; medians and their ratio. What is signed here is verified by gpg.
 */
const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
const gpg = new GpgHome();
try {
  const file = join(folder, 'artifact.bin');
  fill(file);
  gpg.key('Bench <bench@example.com>');
  const keys = createLocalKeys(join(folder, 'keys'), () => new Date());
  const ratios: string[] = [];
  for (const algorithm of ['ed25519', 'rsa4096'] as const) {
    const { key } = await keys.create({ name: 'Bench', email: 'local@example.com', algorithm, days: 365, passphrase: PASSPHRASE, file: null });
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let run = 0; run <= RUNS; run += 1) {
      const started = performance.now();
      const opened = await keys.open(key.file, () => Promise.resolve(PASSPHRASE));
      const { hash, prefix, trailer, finish } = opened.prepare(new Date());
      const signature = await finish(digestOf(file, hash, prefix, trailer));
      const between = performance.now();
      must(['--yes', '--local-user', 'bench@example.com', '--armor', '--digest-algo', 'SHA512', '--output', `${file}.peer`, '--detach-sign', file]);
      const ended = performance.now();
      // The first run warms the file's pages.
      if (run > 0) {
        ours.push(between - started);
        theirs.push(ended - between);
        continue;
      }
      writeFileSync(`${file}.asc`, signature);
      writeFileSync(`${file}.cert`, opened.certificate);
      must(['--import', `${file}.cert`]);
      must(['--verify', `${file}.asc`, file]);
    }
    const [a, b] = [median(ours), median(theirs)];
    ratios.push(`signing ${SIZE / MIB} MiB with a local ${algorithm} key: ours ${a.toFixed(0)} ms, gpg ${b.toFixed(0)} ms, ratio ${(a / b).toFixed(2)} (aim 1)`);
    if (a > b) process.exitCode = 1;
  }
  console.log(ratios.join('\n'));
} finally {
  gpg.remove();
  rmSync(folder, { recursive: true, force: true });
}

function digestOf(path: string, algorithm: string, prefix: Uint8Array, trailer: Uint8Array): Uint8Array {
  const hash = createHash(algorithm).update(prefix);
  const chunk = Buffer.allocUnsafe(MIB);
  const input = openSync(path, 'r');
  for (let read = readSync(input, chunk); read > 0; read = readSync(input, chunk)) hash.update(chunk.subarray(0, read));
  closeSync(input);
  return hash.update(trailer).digest();
}

function must(args: readonly string[]): void {
  const { status, stderr } = spawnSync('gpg', ['--batch', ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`gpg failed: ${stderr}`);
}

function fill(path: string): void {
  const chunk = Buffer.alloc(8 * MIB);
  const out = openSync(path, 'wx');
  for (let written = 0; written < SIZE; written += chunk.length) writeSync(out, randomFillSync(chunk));
  closeSync(out);
}

function median(values: readonly number[]): number {
  return [...values].sort((x, y) => x - y)[Math.floor(values.length / 2)] ?? Number.NaN;
}
