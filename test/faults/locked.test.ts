import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { drift, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Another process that writes to the database, for so long. */
async function writingFor(file: string, milliseconds: number): Promise<void> {
  const script = `const Database = require('better-sqlite3'); const db = new Database(process.argv[1]); db.exec('BEGIN IMMEDIATE'); console.log('locked'); setTimeout(() => db.exec('ROLLBACK'), ${milliseconds}); setTimeout(() => db.close(), ${milliseconds} + 50);`;
  const child = spawn(process.execPath, ['-e', script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
}

describe('a database that another process is writing to', () => {
  it('is waited for', async () => {
    const home = temporaryFolder();
    const archive = await openTestArchive({ home });
    await archive.appendRecords([drift(0)]);
    await writingFor(join(home, 'genesis.db'), 700);
    const before = performance.now();
    expect(await archive.appendRecords([drift(1)])).toMatchObject([{ seq: 1 }]);
    expect(performance.now() - before).toBeGreaterThan(200);
  });

  it('for too long is said, is read meanwhile, and has lost nothing when it is free again', { timeout: 60_000 }, async () => {
    const home = temporaryFolder();
    const archive = await openTestArchive({ home });
    await archive.appendRecords([drift(0)]);
    await writingFor(join(home, 'genesis.db'), 12_000);
    await expect(archive.appendRecords([drift(1)])).rejects.toMatchObject({ code: 'storage-busy', hint: expect.stringContaining('Try again') });
    expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'good', entries: 1 });
    await once(children[0] as ChildProcess, 'exit');
    expect(await archive.appendRecords([drift(1)])).toMatchObject([{ seq: 1 }]);
    expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'good', entries: 2 });
  });
});
