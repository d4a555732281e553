import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Output } from '../../src/core/contract/types.ts';
import { openArchive, type Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { drift, quietWork, temporaryFolder } from '../archive/archives.ts';

/**
 * Up to five consoles and three shared folders, in any order: appends, syncs, folders that are rolled back or lose tiles,
 * consoles that are started anew, and data folders that are copied to a second machine, which then both write. In the end
 * every console has the same archive, but for exactly the logs that were forked, which are named and merged by nobody.
 */
type Step =
  | { readonly does: 'append'; readonly console: number; readonly count: number }
  | { readonly does: 'sync'; readonly console: number; readonly folder: number }
  | { readonly does: 'restart'; readonly console: number }
  | { readonly does: 'keep' | 'put-back' | 'lose-tiles'; readonly folder: number }
  | { readonly does: 'copy'; readonly console: number };

const [consoles, folders] = [fc.nat(4), fc.nat(2)];
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('append' as const), console: consoles, count: fc.constantFrom(1, 2, 3, 260) }) },
  { weight: 8, arbitrary: fc.record({ does: fc.constant('sync' as const), console: consoles, folder: folders }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('restart' as const), console: consoles }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('keep' as const, 'put-back' as const, 'lose-tiles' as const), folder: folders }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('copy' as const), console: consoles }) },
);

class Console {
  readonly home: string;
  archive!: Archive;
  readonly problems: Output<'sync.run'>['problems'] = [];
  #written = 0;

  constructor(home: string) {
    this.home = home;
  }

  async open(): Promise<this> {
    this.archive = await openArchive({ home: this.home, now: () => new Date(), boot: 'model' });
    return this;
  }

  async append(count: number): Promise<void> {
    // No two consoles ever write the same, so that two histories of one log always differ.
    await this.archive.appendRecords(Array.from({ length: count }, () => ({ ...drift(this.#written++), home: this.home })));
  }

  async sync(folder: string): Promise<void> {
    this.problems.push(...(await this.archive.sync(folder, quietWork)).problems);
  }
}

class Model {
  readonly consoles: Console[] = [];
  readonly folders = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  /** What was kept of a folder. */
  readonly kept = new Map<string, string>();
  /** Origins whose data folder was copied, and both copies then wrote. */
  readonly copies = new Map<Console, Console>();

  async start(): Promise<void> {
    for (let at = 0; at < 3; at += 1) this.consoles.push(await new Console(temporaryFolder()).open());
  }

  async do(step: Step): Promise<void> {
    if ('console' in step) {
      const one = this.consoles[step.console % this.consoles.length] as Console;
      if (step.does === 'append') return one.append(step.count);
      if (step.does === 'sync') return one.sync(this.folders[step.folder] as string);
      one.archive.close();
      if (step.does === 'copy' && this.consoles.length < 5 && ![...this.copies].flat().includes(one)) {
        const copy = new Console(join(temporaryFolder(), 'home'));
        cpSync(one.home, copy.home, { recursive: true });
        this.consoles.push(await copy.open());
        this.copies.set(one, copy);
      }
      await one.open();
      return;
    }
    const folder = this.folders[step.folder] as string;
    const before = this.kept.get(folder);
    if (step.does === 'keep') {
      const copy = join(temporaryFolder(), 'kept');
      cpSync(folder, copy, { recursive: true });
      this.kept.set(folder, copy);
    } else if (step.does === 'put-back' && before !== undefined) {
      rmSync(folder, { recursive: true });
      cpSync(before, folder, { recursive: true });
    } else if (step.does === 'lose-tiles') {
      for (const host of readdirSync(folder)) for (const log of readdirSync(join(folder, host))) rmSync(join(folder, host, log, 'tile'), { recursive: true, force: true });
    }
  }

  /** Everybody visits every folder until nothing is new; six rounds carry anything from anywhere to everywhere. */
  async settle(): Promise<void> {
    for (const one of this.consoles) one.problems.length = 0;
    for (let round = 0; round < 6; round += 1) for (const folder of this.folders) for (const one of this.consoles) await one.sync(folder);
  }

  async close(): Promise<void> {
    for (const { archive } of this.consoles) archive.close();
  }
}

/** Both copies wrote after the copy was made, each something else. */
async function diverged([one, copy]: readonly [Console, Console]): Promise<boolean> {
  const logs = await Promise.all([one, copy].map(async ({ archive }) => (await archive.logs()).find(({ own }) => own)));
  const [a, b] = logs;
  if (a === undefined || b === undefined) return false;
  const shorter = Math.min(a.size, b.size);
  if (shorter === 0) return false;
  const [left, right] = await Promise.all([one, copy].map(({ archive }) => archive.show(String(shorter - 1))));
  return left?.leaf !== right?.leaf;
}

/** So many are tried where nothing else is said; COUNTERSIGN_MODEL_RUNS asks for more. */
const RUNS = Number(process.env['COUNTERSIGN_MODEL_RUNS'] ?? 20);

/** A copied data folder whose two owners both write and publish, and a folder that is put back behind their backs. */
const FORKED: Step[] = [
  { does: 'append', console: 0, count: 2 }, { does: 'sync', console: 0, folder: 0 }, { does: 'sync', console: 1, folder: 0 }, { does: 'copy', console: 0 },
  { does: 'append', console: 0, count: 1 }, { does: 'append', console: 3, count: 3 }, { does: 'sync', console: 0, folder: 0 }, { does: 'sync', console: 3, folder: 1 },
];
const PUT_BACK: Step[] = [
  { does: 'append', console: 0, count: 1 }, { does: 'sync', console: 0, folder: 0 }, { does: 'keep', folder: 0 }, { does: 'append', console: 0, count: 260 }, { does: 'sync', console: 0, folder: 0 },
  { does: 'sync', console: 1, folder: 0 }, { does: 'put-back', folder: 0 }, { does: 'lose-tiles', folder: 0 },
];

test('consoles that exchange in any order end with the same archive, but for the forks that were made', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 40 }), async (steps) => {
      const model = new Model();
      await model.start();
      try {
        for (const one of steps) await model.do(one);
        await model.settle();
        const forked = new Set<string>();
        for (const pair of model.copies) {
          if (await diverged(pair)) forked.add(pair[0].archive.origin);
          // One that only ran ahead of its copy is no other history; the copy sees that it is behind.
          else expect(pair[0].archive.origin).toBe(pair[1].archive.origin);
        }
        const behind = new Set([...model.copies.keys()].map(({ archive }) => archive.origin));

        const held = await Promise.all(model.consoles.map(async ({ archive }) => new Map((await archive.logs()).map((log) => [log.origin, log]))));
        const origins = new Set(held.flatMap((logs) => [...logs.keys()]));
        for (const origin of origins) {
          if (behind.has(origin)) continue;
          expect(new Set(held.map((logs) => `${logs.get(origin)?.size} ${logs.get(origin)?.root} ${logs.get(origin)?.state}`)).size, `every console has the same of ${origin}`).toBe(1);
        }
        for (const [at, { problems, archive }] of model.consoles.entries()) {
          for (const { origin, code, message } of problems) {
            if (code === 'fork') expect(forked, message).toContain(origin);
            else if (code === 'own-log-forked') expect(behind, message).toContain(origin);
            else expect(['rewound', 'damaged'], `${origin}: ${message}`).toContain(code);
          }
          const verified = await archive.verify(quietWork);
          expect(verified.problems.filter(({ code }) => code !== 'fork'), `console ${at} verifies`).toEqual([]);
        }
        if (steps === FORKED) expect([...forked]).toHaveLength(1);
        // A fork that was published from both sides was seen by those who wrote it, if by nobody else.
        for (const origin of forked) {
          const sides = model.consoles.filter(({ archive }) => archive.origin === origin);
          const published = sides.filter(({ problems }) => !problems.some((one) => one.origin === origin && one.code === 'own-log-forked'));
          expect(published.length, `one side of ${origin} at most goes on unwarned`).toBeLessThan(2);
        }
        for (const folder of model.folders) if (existsSync(folder) && origins.size > 0 && forked.size === 0 && behind.size === 0) expect(await model.consoles[0]?.archive.verifyExport(folder, [], quietWork)).toMatchObject({ verdict: 'good' });
      } finally {
        await model.close();
      }
    }),
    { numRuns: RUNS, examples: [[FORKED], [PUT_BACK]] },
  );
});
