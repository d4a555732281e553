import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { drift, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Another process that writes to the database until it is let go. */
async function writing(file: string): Promise<() => Promise<void>> {
  const script = "const Database = require('better-sqlite3'); const db = new Database(process.argv[1]); db.exec('BEGIN IMMEDIATE'); console.log('locked'); process.stdin.on('end', () => { db.exec('ROLLBACK'); db.close(); }).resume();";
  const child = spawn(process.execPath, ['-e', script, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.end();
    await once(child, 'exit');
  };
}

describe('a database that another process is writing to', () => {
  it('is waited for', async () => {
    const home = temporaryFolder();
    const archive = await openTestArchive({ home });
    await archive.appendRecords([drift(0)]);
    const letGo = await writing(join(home, 'genesis.db'));
    // This process waits without doing anything else, so that another one has to let it go.
    const timer = spawn('sh', ['-c', 'sleep 1; kill -KILL "$0"', String(children[0]?.pid)], { stdio: 'ignore' });
    children.push(timer);
    expect(await archive.appendRecords([drift(1)])).toMatchObject([{ seq: 1 }]);
    await letGo();
  });

  it('for too long is said, is read meanwhile, and has lost nothing when it is free again', { timeout: 60_000 }, async () => {
    const home = temporaryFolder();
    const archive = await openTestArchive({ home });
    await archive.appendRecords([drift(0)]);
    const letGo = await writing(join(home, 'genesis.db'));
    await expect(archive.appendRecords([drift(1)])).rejects.toMatchObject({ code: 'storage-busy', hint: expect.stringContaining('Try again') });
    expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'good', entries: 1 });
    await letGo();
    expect(await archive.appendRecords([drift(1)])).toMatchObject([{ seq: 1 }]);
    expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'good', entries: 2 });
  });
});
