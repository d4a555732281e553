import { cpSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/core/archive/checkpoint.ts';
import { parseVerifierKey } from '../../src/core/archive/note.ts';
import { leafHash, rootOf } from '../../src/core/archive/tree.ts';
import type { TreeHash } from '../../src/core/archive/tree.ts';
import { proveFork, readerOf, verifyFork } from '../../src/core/sync/fork-proof.ts';
import type { ForkProof } from '../../src/core/sync/fork-proof.ts';
import { drift, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';

const drifts = (from: number, count: number) => Array.from({ length: count }, (_, at) => drift(from + at));
const leaves = (count: number, history: string, from: number): TreeHash[] => Array.from({ length: count }, (_, at) => leafHash(Buffer.from(`${at < from ? '' : history} ${at}`)));

describe('the proof of a rewritten history', () => {
  it('shows two histories, and never one', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 }), fc.nat(), (sizeA, sizeB, pick) => {
      const [small, large] = [Math.min(sizeA, sizeB), Math.max(sizeA, sizeB)];
      const from = pick % small;
      const [one, two] = [leaves(small, 'one', from), leaves(large, 'two', from)];
      const head = (of: readonly TreeHash[], size: number) => ({ origin: 'a.b/c', size, root: rootOf(of.slice(0, size)) });
      const proof = proveFork(head(one, small), head(two, large), readerOf(two));
      expect(verifyFork(proof, head(one, small), head(two, large))).toBe(true);
      expect(verifyFork(proof, head(two, large), head(one, small))).toBe(true);
      expect(verifyFork(proof, head(two, small), head(two, large))).toBe(false);
      expect(verifyFork({ ...proof, consistency: [...proof.consistency, proof.root] }, head(one, small), head(two, large))).toBe(false);
      expect(verifyFork({ ...proof, root: 'x' }, head(one, small), head(two, large))).toBe(false);
    }), { numRuns: 60 });
  });

  it.each([[5, 9], [9, 5], [7, 7], [300, 601]])('is kept with both checkpoints: %i entries seen, then %i', async (seen, shown) => {
    const [home, twinHome, watcherHome, before, shared] = Array.from({ length: 5 }, temporaryFolder) as [string, string, string, string, string];
    const start = await openTestArchive({ home });
    await start.appendRecords(drifts(0, 3));
    start.close();
    cpSync(home, twinHome, { recursive: true });
    const [ours, twin, watcher] = [await openTestArchive({ home }), await openTestArchive({ home: twinHome }), await openTestArchive({ home: watcherHome })];
    await ours.appendRecords(drifts(3, seen - 3));
    await ours.sync(before, quietWork);
    await watcher.sync(before, quietWork);
    await twin.appendRecords(drifts(1_000, shown - 3));
    await twin.sync(shared, quietWork);
    expect((await watcher.sync(shared, quietWork)).problems).toMatchObject([{ origin: ours.origin, code: 'fork', message: expect.stringContaining(`${ours.origin}#3`) }]);

    const db = new Database(join(watcherHome, 'genesis.db'), { readonly: true });
    const fork = db.prepare('SELECT seen, other, proof FROM fork').get() as { seen: Buffer; other: Buffer; proof: string };
    db.close();
    const key = parseVerifierKey(ours.vkey);
    expect(verifyFork(JSON.parse(fork.proof) as ForkProof, openCheckpoint(fork.seen, key), openCheckpoint(fork.other, key))).toBe(true);
  });
});

describe('a log named like a part of another', () => {
  it('is neither started nor taken in, and keeps no other log from being written out', async () => {
    for (const origin of ['example.com/log/checkpoint', 'tile', 'blob/sha256', '.git/refs', 'a.', 'nul/x', 'com1.example/x']) {
      await expect(openTestArchive({ origin }), origin).rejects.toMatchObject({ code: 'outside-folder' });
    }
    const [victim, reader] = [await openTestArchive({ origin: 'example.com/log' }), await openTestArchive()];
    const [shared, hostile] = [temporaryFolder(), temporaryFolder()];
    await victim.appendRecords([drift(0)]);
    await victim.sync(shared, quietWork);
    mkdirSync(join(hostile, 'example.com/log/checkpoint'), { recursive: true });
    // Its own signature would be good: only its name speaks against it.
    for (const file of ['checkpoint', 'vkey']) writeFileSync(join(hostile, 'example.com/log/checkpoint', file), readFileSync(join(shared, 'example.com/log', file)));
    const { pulled, problems } = await reader.sync(hostile, quietWork);
    expect(pulled).toEqual([]);
    expect(problems).toContainEqual(expect.objectContaining({ origin: 'example.com/log/checkpoint', code: 'refused' }));
    expect(await reader.verifyExport(hostile, [], quietWork)).toMatchObject({ verdict: 'bad' });
    await reader.sync(shared, quietWork);
    const out = join(temporaryFolder(), 'out');
    expect(await reader.exportTo('tiles', out, quietWork)).toMatchObject({ logs: 2 });
  });
});

describe('a console that was stopped while it published', () => {
  it('leaves nothing that stays in the shared folder for good', async () => {
    const archive = await openTestArchive();
    const shared = temporaryFolder();
    await archive.appendRecords([drift(0)]);
    await archive.sync(shared, quietWork);
    const [old, fresh] = ['.00112233aabb.draft', '.00112233aabc.draft'].map((name) => join(shared, archive.origin, name)) as [string, string];
    for (const draft of [old, fresh]) writeFileSync(draft, 'half a ti');
    const longAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    utimesSync(old, longAgo, longAgo);
    expect(await archive.sync(shared, quietWork)).toMatchObject({ problems: [] });
    expect([existsSync(old), existsSync(fresh)]).toEqual([false, true]);
  });
});
