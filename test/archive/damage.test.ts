import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/model/errors.ts';
import { checkInThreads } from '../../src/main/adapters/sqlite/check-in-threads.ts';
import { ROWS_AT_ONCE, rowChecker } from '../../src/main/adapters/sqlite/check-rows.ts';
import { openSnapshot } from '../../src/main/adapters/sqlite/database.ts';
import { logStore } from '../../src/main/adapters/sqlite/log-store.ts';
import type { StoredLog } from '../../src/main/adapters/sqlite/log-store.ts';
import { drift, everything, openTestArchive, quietWork, temporaryFolder } from './archives.ts';

const leafOf = (bytes: Buffer): Buffer => createHash('sha256').update(Buffer.concat([Buffer.from([0]), bytes])).digest();

/** An archive whose entry 1 was replaced behind its back by other bytes with the right leaf hash. */
async function withBytes(text: string) {
  const home = temporaryFolder();
  const archive = await openTestArchive({ home });
  await archive.appendRecords([drift(0), drift(1)]);
  const db = new Database(join(home, 'genesis.db'));
  const bytes = Buffer.from(text.replace('ORIGIN', archive.origin));
  db.prepare('UPDATE entry SET bytes = ?, leaf = ? WHERE seq = 1').run(bytes, leafOf(bytes));
  db.close();
  return archive;
}

describe('a database that somebody else wrote in', () => {
  it.each(['null', '[]', '{}', '{"x', '{"origin":"ORIGIN","seq":1,"v":1}', '{"origin":"ORIGIN","record":{},"refs":[],"seq":1,"v":1}', '{"origin":"ORIGIN","record":{"event_type":"drift"},"refs":5,"seq":1,"v":1}'])(
    'with %s for an entry is found out, and the rest is still shown', async (text) => {
      const archive = await withBytes(text);
      const { verdict, problems } = await archive.verify(quietWork);
      expect(verdict).toBe('bad');
      expect(problems).toContainEqual(expect.objectContaining({ place: `${archive.origin}#1` }));
      expect((await archive.list(everything)).entries.map(({ summary }) => summary)).toEqual([expect.stringContaining('Damaged'), 'Drift']);
      await expect(archive.show('1')).rejects.toMatchObject({ code: 'storage-failed', hint: expect.stringContaining('erify') });
    });

  it.each([
    ['a row before the first', 'stray', "INSERT INTO entry (log, seq, leaf, event_type, release, imported, time, bytes) SELECT log, -1, leaf, 'approval', 'v9.9.9', 0, time, bytes FROM entry WHERE seq = 0"],
    ['a row of no log', 'stray', "INSERT INTO entry (log, seq, leaf, event_type, release, imported, time, bytes) SELECT 77, 0, leaf, 'approval', 'v9.9.9', 0, time, bytes FROM entry WHERE seq = 0"],
  ])('with %s is bad', async (_, code, statement) => {
    const home = temporaryFolder();
    const archive = await openTestArchive({ home });
    await archive.appendRecords([drift(0), drift(1)]);
    const db = new Database(join(home, 'genesis.db'));
    db.pragma('foreign_keys = OFF');
    db.exec(statement);
    db.close();
    const { verdict, problems } = await archive.verify(quietWork);
    expect(verdict).toBe('bad');
    expect(problems.map((problem) => problem.code)).toContain(code);
  });

  it('of which bytes were flipped is opened and verified, or its damage is named; never anything else', async () => {
    const whole = temporaryFolder();
    const made = await openTestArchive({ home: whole });
    await made.appendRecords(Array.from({ length: 60 }, (_, at) => drift(at)));
    made.close();
    const file = readFileSync(join(whole, 'genesis.db'));
    expect(existsSync(join(whole, 'genesis.db-wal'))).toBe(false);
    for (let at = 0; at < file.length; at += 1_031) {
      const home = temporaryFolder();
      copyFileSync(join(whole, 'log.key'), join(home, 'log.key'));
      const spoilt = Buffer.from(file);
      for (let byte = at; byte < Math.min(at + 16, file.length); byte += 1) spoilt[byte] = (spoilt[byte] ?? 0) ^ 0xff;
      writeFileSync(join(home, 'genesis.db'), spoilt);
      try {
        const archive = await openTestArchive({ home });
        const { verdict, entries } = await archive.verify(quietWork);
        if (verdict === 'good') expect(entries, `byte ${at}`).toBe(60);
        await archive.list(everything);
      } catch (cause) {
        expect(cause, `byte ${at}`).toBeInstanceOf(AppError);
        expect(['storage-failed', 'storage-busy'], `byte ${at}`).toContain((cause as AppError).code);
      }
    }
  }, 120_000);
});

describe('verifying in threads', () => {
  it('raises no alarm over what is appended meanwhile', async () => {
    const home = temporaryFolder();
    const archive = await openTestArchive({ home });
    await archive.appendRecords(Array.from({ length: ROWS_AT_ONCE * 3 + 10 }, (_, at) => drift(at)));
    const db = openSnapshot(join(home, 'genesis.db'));
    const log = logStore(db).own() as StoredLog;
    await archive.appendRecords([drift(-1), drift(-2)]);
    const workerFile = new URL('../../src/main/adapters/sqlite/verify-worker.ts', import.meta.url);
    let rows = 0;
    for await (const checked of checkInThreads({ file: join(home, 'genesis.db'), log, rows: log.size, check: rowChecker(db), workerFile }, 2)) {
      rows += checked.rows;
      // Gives the threads a turn to take all that is left.
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    db.close();
    expect(rows).toBe(ROWS_AT_ONCE * 3 + 10);
  }, 30_000);
});
