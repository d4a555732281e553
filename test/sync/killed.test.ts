import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drift, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';
import { bareRepository } from '../support/git-remotes.ts';
import { PostgresCluster } from '../support/postgres-cluster.ts';

const MAIN = join(import.meta.dirname, '../../src/main/cli/main.ts');

let cluster: PostgresCluster;
beforeAll(async () => {
  cluster = await PostgresCluster.start();
}, 60_000);
afterAll(() => cluster.stop());

const places = { 'a git remote': async () => bareRepository(temporaryFolder()).url, 'a database': async () => cluster.url(await cluster.database()) };

describe.each(Object.entries(places))('a console that is killed while it syncs with %s', { timeout: 120_000 }, (_, make) => {
  it('leaves nothing that keeps it or others from syncing afterwards', async () => {
    const url = await make();
    const home = temporaryFolder();
    const ours = await openTestArchive({ home });
    let written = 0;
    // From before it opens the place until after it is done, wherever that falls on this machine.
    for (const milliseconds of [300, 500, 700, 1000]) {
      await ours.appendRecords(Array.from({ length: 3000 }, () => drift(written++)));
      const child = spawn(process.execPath, [MAIN, 'sync', '--to', url], { env: { ...process.env, COUNTERSIGN_HOME: home }, stdio: 'ignore' });
      const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
      await Promise.race([ended, sleep(milliseconds)]);
      child.kill('SIGKILL');
      await ended;
    }
    expect((await ours.sync(url, quietWork)).problems).toEqual([]);
    const reader = await openTestArchive();
    expect(await reader.sync(url, quietWork)).toMatchObject({ pulled: [{ origin: ours.origin, entries: written }], problems: [] });
    expect(await reader.verify(quietWork)).toMatchObject({ verdict: 'good', entries: written });
  });
});
