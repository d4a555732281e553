import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/core/archive/checkpoint.ts';
import { parseVerifierKey } from '../../src/core/archive/note.ts';
import { archiveExists } from '../../src/main/adapters/sqlite/open-archive.ts';
import { drift, everything, importText, openTestArchive, quietWork, temporaryFolder } from './archives.ts';

const signature = { fingerprint: 'A'.repeat(40), asc: '-----BEGIN PGP SIGNATURE-----\n' };
const lines = (...values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

describe('opening', () => {
  it.skipIf(process.platform === 'win32')('makes everything for its owner only', async () => {
    const home = join(temporaryFolder(), 'made');
    expect(archiveExists(home)).toBe(false);
    const archive = await openTestArchive({ home });
    await archive.appendRecords([drift(0)]);
    expect(archiveExists(home)).toBe(true);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    for (const file of ['genesis.db', 'genesis.db-wal', 'log.key']) expect(statSync(join(home, file)).mode & 0o777, file).toBe(0o600);
  });

  it('keeps origin and key', async () => {
    const home = temporaryFolder();
    const first = await openTestArchive({ home });
    expect(first.origin).toMatch(/^countersign\.local\/[a-z2-7]{10}$/);
    const again = await openTestArchive({ home });
    expect([again.origin, again.vkey]).toEqual([first.origin, first.vkey]);
    await expect(openTestArchive({ home, origin: 'example.com/other' })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(openTestArchive({ origin: '../x' })).rejects.toMatchObject({ code: 'bad-input' });
    expect((await openTestArchive({ origin: 'example.com/console-1' })).vkey).toMatch(/^example\.com\/console-1\+[0-9a-f]{8}\+/);
  });

  it('refuses another key and a missing one', async () => {
    const home = temporaryFolder();
    await openTestArchive({ home });
    const other = temporaryFolder();
    await openTestArchive({ home: other });
    writeFileSync(join(home, 'log.key'), readFileSync(join(other, 'log.key')));
    await expect(openTestArchive({ home })).rejects.toMatchObject({ code: 'storage-failed', message: expect.stringContaining('log.key') });
    rmSync(join(home, 'log.key'));
    await expect(openTestArchive({ home })).rejects.toMatchObject({ code: 'storage-failed', hint: expect.stringContaining('backup') });
    expect(existsSync(join(home, 'log.key'))).toBe(false);
  });

  it('names a damaged database', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'genesis.db'), 'this is no database, however long it goes on. '.repeat(200));
    await expect(openTestArchive({ home })).rejects.toMatchObject({ code: 'storage-failed', message: expect.stringContaining('genesis.db') });
  });
});

describe('append, list and show', () => {
  it('keeps records in order under one checkpoint a call', async () => {
    const told: number[] = [];
    const archive = await openTestArchive({ onChanged: (entries) => told.push(entries) });
    const appended = await archive.appendRecords([drift(0), drift(1), { event_type: 'approval', release_version: 'v1.0.0', approver: 'Ada' }]);
    expect(appended.map(({ id }) => id)).toEqual([0, 1, 2].map((seq) => `${archive.origin}#${seq}`));
    expect(await archive.appendRecords([])).toEqual([]);
    expect(told).toEqual([3]);
    const listed = await archive.list(everything);
    expect(listed.total).toBe(3);
    expect(listed.entries.map(({ seq, person, summary }) => [seq, person, summary])).toEqual([
      [2, 'not-proven', 'Approval of v1.0.0 by Ada'], [1, 'not-needed', 'Drift'], [0, 'not-needed', 'Drift'],
    ]);
    expect((await archive.list({ ...everything, event_type: 'drift', limit: 1, offset: 1 })).entries.map(({ seq }) => seq)).toEqual([0]);
    const shown = await archive.show('2');
    expect(shown).toEqual(await archive.show(`${archive.origin}#2`));
    expect(JSON.parse(shown.canonical)).toEqual(shown.entry);
    expect(shown.entry).toMatchObject({ v: 1, boot: 'test-boot', seq: 2, time: expect.stringMatching(/Z$/) });
    await expect(archive.show('3')).rejects.toMatchObject({ code: 'not-found' });
    await expect(archive.show('nobody/here#1')).rejects.toMatchObject({ code: 'not-found' });
    await expect(archive.show('1.5')).rejects.toMatchObject({ code: 'bad-input' });
    const [log] = await archive.logs();
    expect(log).toMatchObject({ own: true, size: 3, state: 'good', vkey: archive.vkey });
  });

  it('finds by release, rollbacks by the version they left', async () => {
    const archive = await openTestArchive();
    await archive.appendRecords([
      { event_type: 'signing', release_version: 'v1.0.0' }, { event_type: 'rollback', from_version: 'v1.0.0', to_version: 'v0.9.0' }, { event_type: 'signing', release_version: null },
    ]);
    expect((await archive.list({ ...everything, release: 'v1.0.0' })).entries.map(({ event_type }) => event_type)).toEqual(['rollback', 'signing']);
    expect((await archive.list({ ...everything, release: 'v1.0.0', event_type: 'signing', origin: archive.origin })).total).toBe(1);
    expect((await archive.list({ ...everything, origin: 'unknown/log' })).total).toBe(0);
  });

  it('shows no control characters of a record in its line', async () => {
    const archive = await openTestArchive();
    await archive.appendRecords([{ event_type: 'rejection', reason: 'a\u202eb\u001b[31m\nc', release_version: 'x'.repeat(500) }]);
    const [entry] = (await archive.list(everything)).entries;
    expect(entry?.summary).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(entry?.summary.length).toBeLessThanOrEqual(240);
  });

  it('refuses what cannot be kept, and writes none of it', async () => {
    const archive = await openTestArchive();
    for (const record of [{ event_type: 'drift', bad: Number.NaN }, { event_type: 'drift', bad: '\ud800' }, { event_type: 'Bad Type' }, { event_type: 'drift', big: 'x'.repeat(70_000) }]) {
      await expect(archive.appendRecords([drift(0), record])).rejects.toMatchObject({ name: 'AppError' });
    }
    expect((await archive.list(everything)).total).toBe(0);
  });
});

describe('import', () => {
  it('marks every record and says what is missing', async () => {
    const archive = await openTestArchive();
    const appended = await importText(archive, lines({ event_type: 'deployment', release_version: 'v1.0.0' }, { record: { event_type: 'something_new', imported: false } }), 'a.jsonl');
    expect(appended[0]?.warnings).toContain('deployment_id is missing (policy §11.2).');
    expect(appended[1]?.warnings).toEqual(['"something_new" is not a type of event that this version knows.']);
    expect((await archive.list(everything)).entries.map(({ imported }) => imported)).toEqual([true, true]);
    expect((await archive.show('0')).warnings).toEqual(appended[0]?.warnings);
  });

  it.each([
    ['no JSON', '{"event_type":"drift"}\n{"event_type":\n', 'a.jsonl:2'],
    ['no object', '\n[1]\n', 'a.jsonl:2'],
    ['no event_type', lines({ x: 1 }), 'a.jsonl:1'],
    ['an unknown part', lines({ record: drift(1), extra: 1 }), 'a.jsonl:1'],
    ['a signature over an unmarked record', lines(drift(0), { record: drift(1), signatures: [signature] }), 'a.jsonl:2'],
    ['an unknown reference', lines(drift(0), { record: drift(1), refs: [{ rel: 'about', origin: 'a.b/c', seq: 1, leaf: 'a'.repeat(64) }] }), 'a.jsonl:2'],
    ['nothing', '\n', 'a.jsonl'],
  ])('refuses a file with %s and writes none of it', async (_, text, place) => {
    const archive = await openTestArchive();
    await expect(importText(archive, text, 'a.jsonl')).rejects.toMatchObject({ name: 'AppError', message: expect.stringContaining(`${place}`) });
    expect((await archive.list(everything)).total).toBe(0);
  });

  it('takes references to what is here, attachments, and signatures over marked records', async () => {
    const archive = await openTestArchive();
    const [first] = await archive.appendRecords([drift(0)]);
    const ref = { rel: 'corrects', origin: archive.origin, seq: 0, leaf: first?.leaf ?? '' };
    await importText(archive, lines({
      record: { event_type: 'correction', imported: true }, refs: [ref], attachments: [{ name: 'a.txt', size: 1, sha256: 'b'.repeat(64) }], signatures: [signature],
    }), 'a.jsonl');
    expect(await archive.show('1')).toMatchObject({ person: 'not-proven', entry: { refs: [ref], signatures: [signature] } });
    await expect(importText(archive, lines({ record: drift(1), refs: [{ ...ref, leaf: 'c'.repeat(64) }] }), 'b')).rejects.toMatchObject({ code: 'not-found' });
    // The digest alone was taken in: that its bytes are not here is said.
    expect((await archive.verify(quietWork)).problems).toMatchObject([{ code: 'bytes-missing', place: `${archive.origin}#1 a.txt` }]);
  });

  it('takes one record of the type that was asked for', async () => {
    const archive = await openTestArchive();
    const record = { event_type: 'rollback', from_version: 'v2.0.0', deep: { kept: [1] } };
    expect(await archive.importRecord('rollback', JSON.stringify(record, null, 2), 'r.json')).toMatchObject({ event_type: 'rollback', seq: 0 });
    expect((await archive.show('0')).entry.record).toEqual({ ...record, imported: true });
    await expect(archive.importRecord('release', JSON.stringify(record), 'r.json')).rejects.toMatchObject({ code: 'malformed', message: expect.stringContaining('r.json') });
  });
});

describe('verify', () => {
  it('is good over several hundred entries, told of in progress, and can be cancelled', async () => {
    const archive = await openTestArchive();
    await archive.appendRecords(Array.from({ length: 700 }, (_, at) => drift(at)));
    const steps: number[] = [];
    const verification = await archive.verify({ ...quietWork, progress: ({ done }) => steps.push(done) });
    expect(verification).toMatchObject({ verdict: 'good', entries: 700, problems: [] });
    expect(steps.at(-1)).toBe(700);
    await expect(archive.verify({ ...quietWork, signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
  });

  it.each([
    ['leaf', 'UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), \'"at":5,\', \'"at":6,\') AS BLOB) WHERE seq = 5'],
    ['leaf', "UPDATE entry SET leaf = zeroblob(32) WHERE seq = 5"],
    ['listing', "UPDATE entry SET event_type = 'approval' WHERE seq = 5"],
    ['listing', "UPDATE entry SET imported = 1 WHERE seq = 5"],
    ['sequence', 'DELETE FROM entry WHERE seq = 5'],
    ['size', 'DELETE FROM entry WHERE seq = 299'],
    ['tree', "UPDATE subtree SET hash = zeroblob(32)"],
    ['tree', "UPDATE log SET edge = zeroblob(length(edge))"],
    ['checkpoint', "UPDATE log SET checkpoint = CAST(replace(CAST(checkpoint AS TEXT), '300', '299') AS BLOB)"],
  ])('finds what was changed behind its back: %s', async (code, statement) => {
    const home = temporaryFolder();
    const archive = await openTestArchive({ home });
    await archive.appendRecords(Array.from({ length: 300 }, (_, at) => drift(at)));
    const db = new Database(join(home, 'genesis.db'));
    expect(db.prepare(statement).run().changes).toBeGreaterThan(0);
    db.close();
    const verification = await archive.verify(quietWork);
    expect(verification.verdict).toBe('bad');
    expect(verification.problems.map((problem) => problem.code)).toContain(code);
  });

  it('finds an older state put back by its checkpoint, and appends nothing to a head that does not fit', async () => {
    const home = temporaryFolder();
    const archive = await openTestArchive({ home });
    await archive.appendRecords([drift(0)]);
    const db = new Database(join(home, 'genesis.db'));
    const { checkpoint } = db.prepare('SELECT checkpoint FROM log').get() as { checkpoint: Buffer };
    expect(openCheckpoint(checkpoint, parseVerifierKey(archive.vkey)).size).toBe(1);
    await archive.appendRecords([drift(1)]);
    db.prepare('UPDATE log SET checkpoint = ?').run(checkpoint);
    db.close();
    expect((await archive.verify(quietWork)).problems.map(({ code }) => code)).toContain('size');
    await expect(archive.appendRecords([drift(2)])).rejects.toMatchObject({ code: 'storage-failed' });
  });
});
