import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { formatTlogProof } from '../../src/core/archive/tlog-proof.ts';
import type { Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { drift, openTestArchive, quietWork, temporaryFolder } from './archives.ts';

const SCRIPT = join(import.meta.dirname, '../../docs/verify_genesis.py');

/** What somebody does who has Python, openssl, the keys by another way, and nothing of ours. */
function outsider(...args: readonly string[]): { readonly good: boolean; readonly said: string } {
  const { status, stdout, stderr } = spawnSync('python3', [SCRIPT, ...args], { encoding: 'utf8' });
  // Neither a crash nor anything else than good or not good.
  expect([0, 1], `${args.join(' ')}: ${stderr}`).toContain(status);
  expect(stderr).not.toContain('Traceback');
  return { good: status === 0, said: `${stdout}${stderr}` };
}

let ours: Archive;
let theirs: Archive;
let out: string;
let keys: string[];
beforeEach(async () => {
  [ours, theirs] = [await openTestArchive({ origin: 'example.com/ours' }), await openTestArchive({ origin: 'example.com/theirs' })];
  await ours.appendRecords(Array.from({ length: 200 }, (_, at) => drift(at)));
  const shared = temporaryFolder();
  for (const archive of [ours, theirs, ours]) await archive.sync(shared, quietWork);
  out = join(temporaryFolder(), 'export');
  await ours.exportTo('tiles', out, quietWork);
  keys = [ours, theirs].flatMap(({ vkey }) => ['--vkey', vkey]);
});

const filesOf = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();

describe('somebody without this program', () => {
  test('verifies an export, with who saw it', () => {
    const { good, said } = outsider('export', out, ...keys);
    expect(good, said).toBe(true);
    expect(said).toMatch(/good: example\.com\/ours, 200 entries, seen by example\.com\/theirs not later than 2026-01-31T/);
  });

  test('verifies logs of whatever size', async () => {
    for (const [at, size] of [1, 2, 255, 256, 257, 1_000].entries()) {
      const archive = await openTestArchive({ origin: `example.com/size-${at}` });
      await archive.appendRecords(Array.from({ length: size }, (_, place) => drift(place)));
      const folder = join(temporaryFolder(), 'export');
      await archive.exportTo('tiles', folder, quietWork);
      expect(outsider('export', folder, '--vkey', archive.vkey), String(size)).toMatchObject({ good: true });
    }
  });

  test('needs the keys, and takes no others', () => {
    expect(outsider('export', out, ...keys.slice(2)).said).toMatch(/no --vkey was given|is of nobody|not the key that was given/);
    expect(outsider('export', out).good).toBe(false);
    expect(outsider('export', out, '--vkey', 'not a key').good).toBe(false);
    expect(outsider('export', join(out, 'nothing'), ...keys).good).toBe(false);
  });

  test('is told of a byte that was changed, wherever it is, and of a file too many or too few', () => {
    for (const file of filesOf(out)) {
      const good = readFileSync(file);
      // A prime apart, so that every kind of place is met.
      for (let at = 0; at < good.length; at += Math.max(1, Math.floor(good.length / 9) | 1)) {
        const changed = Buffer.from(good);
        changed[at] = (changed[at] ?? 0) ^ 1;
        writeFileSync(file, changed);
        expect(outsider('export', out, ...keys).good, `${file} ${at}`).toBe(false);
      }
      writeFileSync(file, good);
    }
    writeFileSync(join(out, 'example.com', 'ours', 'tile', 'more'), 'x');
    expect(outsider('export', out, ...keys).good).toBe(false);
  }, 120_000);

  test('has a script of under 150 lines to read', () => {
    expect(readFileSync(SCRIPT, 'utf8').split('\n').length - 1).toBeLessThan(150);
  });

  test('checks a proof, and the artifact that it is about', async () => {
    const folder = temporaryFolder();
    const [artifact, proof, entry] = ['product.zip', 'product.zip.tlog-proof', 'product.zip.entry.json'].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(artifact, 'product');
    const [appended] = await ours.appendRecords([{ event_type: 'signing', release_artifacts_sha256: { 'product.zip': createHash('sha256').update('product').digest('hex') } }]);
    await ours.appendRecords([drift(201), drift(202)]);
    const proven = await ours.prove(appended?.id ?? '');
    writeFileSync(proof, formatTlogProof(proven));
    writeFileSync(entry, proven.entry);
    expect(outsider('proof', proof, '--artifact', artifact, ...keys)).toMatchObject({ good: true, said: expect.stringContaining('good: example.com/ours#200 as of 203 entries') as string });
    for (const file of [artifact, proof, entry]) {
      const good = readFileSync(file);
      for (let at = 0; at < good.length; at += Math.max(1, Math.floor(good.length / 7) | 1)) {
        const changed = Buffer.from(good);
        changed[at] = (changed[at] ?? 0) ^ 1;
        writeFileSync(file, changed);
        expect(outsider('proof', proof, '--artifact', artifact, ...keys).good, `${file} ${at}`).toBe(false);
      }
      writeFileSync(file, good);
    }
    expect(outsider('proof', proof, ...keys.slice(2)).good).toBe(false);
  }, 60_000);
});
