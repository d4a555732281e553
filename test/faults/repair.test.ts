import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { repairArchive } from '../../src/main/adapters/sqlite/repair-archive.ts';
import { drift, everything, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';
import { bareRepository } from '../support/git-remotes.ts';

const drifts = (from: number, count: number) => Array.from({ length: count }, (_, at) => drift(from + at));

/** A closed data folder with two logs, both in a shared folder too; `more` entries of the own log came after the sync. */
async function damaged({ entries = 600, others = 300, more = 0 }: { entries?: number; others?: number; more?: number } = {}) {
  const [home, shared] = [temporaryFolder(), join(temporaryFolder(), 'shared')];
  const other = await openTestArchive();
  await other.appendRecords(drifts(0, others));
  await other.sync(shared, quietWork);
  const ours = await openTestArchive({ home });
  await ours.appendRecords(drifts(0, entries));
  await ours.sync(shared, quietWork);
  if (more > 0) await ours.appendRecords(drifts(entries, more));
  ours.close();
  return { home, shared, file: join(home, 'genesis.db'), origin: ours.origin, other: other.origin };
}

function spoil(file: string, ...statements: readonly string[]): void {
  const db = new Database(file);
  db.pragma('foreign_keys = OFF');
  for (const statement of statements) db.exec(statement);
  db.close();
}

async function expectWhole(home: string, entries: number): Promise<void> {
  const archive = await openTestArchive({ home });
  expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'good', entries, problems: [] });
  const [appended] = await archive.appendRecords([drift(-1)]);
  expect((await archive.show(String(appended?.seq))).id).toBe(appended?.id);
  expect((await archive.verify(quietWork)).verdict).toBe('good');
  archive.close();
}

const OWN = "log = (SELECT log FROM console)";
const leftovers = (home: string): string[] => readdirSync(home).filter((name) => /draft|repaired/.test(name));

describe('archive repair', { timeout: 60_000 }, () => {
  it('finds nothing to do in a whole archive', async () => {
    const { home, shared } = await damaged();
    expect(await repairArchive({ home, from: shared }, quietWork)).toMatchObject({ verdict: 'whole', found: [], kept: null });
    expect(leftovers(home)).toEqual([]);
    await expectWhole(home, 900);
  });

  it('takes what is lost from a git remote as from a folder', async () => {
    const { home, file, shared } = await damaged();
    const remote = bareRepository(temporaryFolder());
    const carrier = await openTestArchive();
    for (const place of [shared, remote.url]) await carrier.sync(place, quietWork);
    spoil(file, 'UPDATE entry SET bytes = zeroblob(10) WHERE seq % 50 = 3');
    expect(await repairArchive({ home, from: remote.url }, quietWork)).toMatchObject({ verdict: 'repaired' });
    await expectWhole(home, 900);
  });

  it.each([
    ['interior hashes that are gone', 'tree', 'DELETE FROM subtree'],
    ['interior hashes that differ', 'tree', "UPDATE subtree SET hash = zeroblob(32)"],
    ['what lists show', 'listing', "UPDATE entry SET event_type = 'release' WHERE seq = 17"],
    ['the edge', 'tree', 'UPDATE log SET edge = zeroblob(length(edge))'],
    ['the size', 'size', 'UPDATE log SET size = size - 1'],
    ['leaf hashes', 'leaf', 'UPDATE entry SET leaf = zeroblob(32) WHERE seq % 7 = 0'],
  ])('makes %s anew from the entries alone', async (_, code, statement) => {
    const { home, file } = await damaged();
    spoil(file, statement);
    const { verdict, found, left, logs, kept } = await repairArchive({ home, from: null }, quietWork);
    expect(found.map((problem) => problem.code)).toContain(code);
    expect({ verdict, left }).toEqual({ verdict: 'repaired', left: [] });
    expect(logs.map(({ restored, lost }) => ({ restored, lost }))).toEqual([{ restored: 0, lost: [] }, { restored: 0, lost: [] }]);
    expect(existsSync(kept ?? '')).toBe(true);
    await expectWhole(home, 900);
  });

  it.each([
    ['missing entries', 'sequence', 'DELETE FROM entry WHERE seq BETWEEN 5 AND 9'],
    ['changed bytes', 'leaf', "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'drift', 'drIft') AS BLOB) WHERE seq = 250"],
    ['changed bytes with their own leaf hash', 'root', `UPDATE entry SET bytes = (SELECT bytes FROM entry WHERE seq = 3 AND ${OWN}), leaf = (SELECT leaf FROM entry WHERE seq = 3 AND ${OWN}) WHERE seq = 4 AND ${OWN}`],
    ['all entries of the own log', 'size', `DELETE FROM entry WHERE ${OWN}`],
    ['the head of the own log', 'checkpoint', `UPDATE log SET checkpoint = x'00', edge = x'' WHERE id = (SELECT log FROM console)`],
    ['the key and the head of the own log', 'checkpoint', `UPDATE log SET vkey = 'x', checkpoint = x'00', edge = x'' WHERE id = (SELECT log FROM console)`],
  ])('has %s back from a shared archive, each against what was signed', async (_, code, statement) => {
    const { home, file, shared } = await damaged();
    spoil(file, statement);
    const { verdict, found, left } = await repairArchive({ home, from: shared }, quietWork);
    expect(found.map((problem) => problem.code)).toContain(code);
    expect({ verdict, left }).toEqual({ verdict: 'repaired', left: [] });
    await expectWhole(home, 900);
  });

  it.each(['tiles', 'jsonl'] as const)('has entries back from an export as %s', async (format) => {
    const { home, file } = await damaged();
    const out = join(temporaryFolder(), 'export');
    const archive = await openTestArchive({ home });
    await archive.exportTo(format, out, quietWork);
    archive.close();
    spoil(file, 'DELETE FROM entry WHERE seq BETWEEN 5 AND 9');
    expect(await repairArchive({ home, from: out }, quietWork)).toMatchObject({ verdict: 'repaired', logs: [{ restored: expect.any(Number), lost: [] }, { restored: expect.any(Number), lost: [] }] });
    await expectWhole(home, 900);
  });

  it('keeps what nobody else holds, and the order in which entries came', async () => {
    const { home, file, shared } = await damaged({ more: 20 });
    const before = await openTestArchive({ home });
    const listed = (await before.list(everything)).entries.map(({ id }) => id);
    before.close();
    spoil(file, 'DELETE FROM entry WHERE seq BETWEEN 30 AND 40');
    expect(await repairArchive({ home, from: shared }, quietWork)).toMatchObject({ verdict: 'repaired' });
    const archive = await openTestArchive({ home });
    expect((await archive.list(everything)).entries.map(({ id }) => id)).toEqual(listed);
    archive.close();
    await expectWhole(home, 920);
  });

  it('lists what nobody holds, and the log goes on with the gap where its edge is proved', async () => {
    const { home, file, shared, origin } = await damaged({ more: 20 });
    spoil(file, `DELETE FROM entry WHERE ${OWN} AND seq IN (10, 605, 606)`);
    const { verdict, logs, left } = await repairArchive({ home, from: shared }, quietWork);
    expect(verdict).toBe('partly');
    expect(logs.find(({ own }) => own)).toMatchObject({ size: 620, lost: [{ first: 605, last: 606 }] });
    expect(left).toContainEqual(expect.objectContaining({ code: 'sequence', place: `${origin}#607` }));
    const archive = await openTestArchive({ home });
    expect((await archive.appendRecords([drift(0)]))[0]?.seq).toBe(620);
    expect((await archive.show('10')).entry.seq).toBe(10);
  });

  it('takes nothing that was not signed', async () => {
    const { home, file, shared, origin } = await damaged();
    const tile = join(shared, origin, 'tile', 'entries', '000');
    writeFileSync(tile, readFileSync(tile, 'latin1').replace('"at":7,', '"at":8,'), 'latin1');
    spoil(file, `DELETE FROM entry WHERE ${OWN} AND seq IN (5, 7)`);
    const { verdict, logs } = await repairArchive({ home, from: shared }, quietWork);
    expect(verdict).not.toBe('repaired');
    expect(logs.find(({ own }) => own)?.lost).toEqual([{ first: 5, last: 5 }, { first: 7, last: 7 }]);
  });

  it('builds a database that SQLite cannot read anew under the same origin and key, and keeps the damaged file', async () => {
    const { home, file, shared, origin, other } = await damaged();
    writeFileSync(file, Buffer.alloc(65_536, 0xa5));
    await expect(openTestArchive({ home })).rejects.toMatchObject({ code: 'storage-failed', hint: expect.stringContaining('archive repair') });
    const { verdict, kept, found } = await repairArchive({ home, from: shared }, quietWork);
    expect(verdict).toBe('repaired');
    expect(found.map(({ code }) => code)).toContain('database');
    expect(readFileSync(kept ?? '')).toEqual(Buffer.alloc(65_536, 0xa5));
    const archive = await openTestArchive({ home });
    expect(archive.origin).toBe(origin);
    expect(await archive.sync(shared, quietWork)).toMatchObject({ problems: [], pulled: [{ origin: other, entries: 300 }] });
    archive.close();
    await expectWhole(home, 900);
  });

  it('changes nothing where nothing can be had', async () => {
    const { home, file } = await damaged();
    writeFileSync(file, Buffer.alloc(8_192, 0xa5));
    const empty = join(temporaryFolder(), 'empty');
    expect(await repairArchive({ home, from: empty }, quietWork)).toMatchObject({ verdict: 'not-repaired', kept: null });
    expect(readFileSync(file)).toEqual(Buffer.alloc(8_192, 0xa5));
    expect(leftovers(home)).toEqual([]);
  });

  it('refuses while somebody has the archive open', async () => {
    const { home, shared } = await damaged();
    const archive = await openTestArchive({ home });
    await expect(repairArchive({ home, from: shared, patience: 50 }, quietWork)).rejects.toMatchObject({ code: 'storage-busy', hint: expect.stringContaining('Close') });
    archive.close();
    expect(await repairArchive({ home, from: shared }, quietWork)).toMatchObject({ verdict: 'whole' });
  });

  it('brings the own log up to what others have seen of it, and until then nothing is appended below that', async () => {
    const [home, shared, backup] = [temporaryFolder(), join(temporaryFolder(), 'shared'), temporaryFolder()];
    const ours = await openTestArchive({ home });
    await ours.appendRecords(drifts(0, 5));
    ours.close();
    for (const name of ['genesis.db', 'log.key']) copyFileSync(join(home, name), join(backup, name));
    const later = await openTestArchive({ home });
    await later.appendRecords(drifts(5, 5));
    await later.sync(shared, quietWork);
    later.close();
    // The entries that others have seen are not to be had: the log stands still.
    const cut = join(temporaryFolder(), 'shared');
    const reader = await openTestArchive();
    await reader.sync(shared, quietWork);
    await reader.sync(cut, quietWork);
    rmSync(join(cut, ours.origin, 'tile'), { recursive: true });
    expect(await repairArchive({ home: backup, from: cut }, quietWork)).toMatchObject({ found: expect.arrayContaining([expect.objectContaining({ code: 'behind' })]), logs: [{ size: 5, lost: [{ first: 5, last: 9 }] }] });
    const standing = await openTestArchive({ home: backup });
    await expect(standing.appendRecords([drift(0)])).rejects.toMatchObject({ code: 'storage-failed', hint: expect.stringContaining('repair') });
    expect((await standing.sync(cut, quietWork)).pushed.filter(({ origin }) => origin === ours.origin)).toEqual([]);
    standing.close();
    expect(await repairArchive({ home: backup, from: shared }, quietWork)).toMatchObject({ verdict: 'repaired', left: [] });
    await expectWhole(backup, 10);
  });

  it('that was stopped after its work is finished by whoever opens the archive', async () => {
    const { home, file } = await damaged();
    const [made, before] = [readFileSync(file), Buffer.alloc(4_096, 1)];
    writeFileSync(`${file}.repaired`, made);
    writeFileSync(file, before);
    writeFileSync(`${file}-wal`, 'of the old one');
    await expectWhole(home, 900);
    const kept = readdirSync(home).filter((name) => name.includes('.damaged-')).sort();
    expect(kept).toHaveLength(2);
    expect(readFileSync(join(home, kept[0] as string))).toEqual(before);
    // Stopped between the two renames, too.
    const archive = await openTestArchive({ home });
    archive.close();
    renameSync(file, `${file}.repaired`);
    await expectWhole(home, 901);
  });
});
