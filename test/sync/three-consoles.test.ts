import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SyncDirection } from '../../src/core/sync/shared-archive.ts';
import type { Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { drift, everything, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';
import { bareRepository } from '../support/git-remotes.ts';
import { PostgresCluster } from '../support/postgres-cluster.ts';

/**
 * Three consoles, the last of them never online: it has only the folder, as a stick. The others have the folder, a git
 * remote and a database. Whatever they record and however they sync, all end with the same archive, every record once.
 */
const OFFLINE = 2;
const PLACES = ['folder', 'git', 'database'] as const;

type Step =
  | { readonly does: 'append'; readonly console: number; readonly count: number }
  | { readonly does: 'sync'; readonly console: number; readonly place: (typeof PLACES)[number]; readonly direction: SyncDirection };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant('append' as const), console: fc.nat(2), count: fc.constantFrom(1, 2, 257) }),
  fc.record({ does: fc.constant('sync' as const), console: fc.nat(2), place: fc.constantFrom(...PLACES), direction: fc.constantFrom('both', 'both', 'pull', 'push') }),
);

let cluster: PostgresCluster;
beforeAll(async () => {
  cluster = await PostgresCluster.start();
}, 60_000);
afterAll(() => cluster.stop());

test('three consoles that sync by stick, git and a database in any order end with the same archive', { timeout: 240_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 14 }), async (steps) => {
    const consoles = await Promise.all([0, 1, 2].map(() => openTestArchive()));
    const addresses = { folder: temporaryFolder(), git: bareRepository(temporaryFolder()).url, database: cluster.url(await cluster.database()) };
    const sync = async (at: number, place: (typeof PLACES)[number], direction: SyncDirection): Promise<void> => {
      if (at === OFFLINE && place !== 'folder') return;
      expect((await (consoles[at] as Archive).sync(addresses[place], quietWork, { direction })).problems).toEqual([]);
    };
    let written = 0;
    for (const step of steps) {
      if (step.does === 'sync') await sync(step.console, step.place, step.direction);
      else await (consoles[step.console] as Archive).appendRecords(Array.from({ length: step.count }, () => drift(written++)));
    }
    // What the last console recorded goes by the stick to one that is online, and what comes by the others goes back by it.
    for (const [at, place] of [[0, 'git'], [1, 'database'], [OFFLINE, 'folder'], [0, 'folder'], [0, 'git'], [0, 'database'], [1, 'git'], [1, 'database'], [0, 'git'], [0, 'folder'], [OFFLINE, 'folder']] as const) await sync(at, place, 'both');

    const held = await Promise.all(consoles.map(async (console) => (await console.logs()).map(({ origin, size, root, state }) => `${origin} ${size} ${root} ${state}`).sort()));
    for (const one of held) expect(one).toEqual(held[0]);
    for (const console of consoles) {
      const records: unknown[] = [];
      for (let offset = 0; ; offset += 10_000) {
        const { entries } = await console.list({ ...everything, offset });
        if (entries.length === 0) break;
        records.push(...entries.map(({ id }) => id));
      }
      expect(new Set(records).size).toBe(written);
      expect(records).toHaveLength(written);
      expect(await console.verify(quietWork)).toMatchObject({ verdict: 'good', entries: written, problems: [] });
      console.close();
    }
  }), { numRuns: Number(process.env['COUNTERSIGN_MODEL_RUNS'] ?? 4), endOnFailure: true });
});
