import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import type { GenesisRecord } from '../../src/core/model/archive.ts';
import type { RosterConsoles } from '../../src/core/model/roster.ts';
import { openArchive, type Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { repairArchive } from '../../src/main/adapters/sqlite/repair-archive.ts';
import { temporaryFolder as keptFolder } from '../support/repository.ts';
import { drift, importText, openTestArchive, quietWork, temporaryFolder } from './archives.ts';

const hex = (start: string, length: number): string => start.padEnd(length, '0');
const signature = { fingerprint: 'A'.repeat(40), asc: '-----BEGIN PGP SIGNATURE-----\n' };

/** Each with the name that the table calls it by. */
const RECORDS: readonly (readonly [name: string, time: string, record: GenesisRecord, more?: { imported?: true; signed?: true; attachment?: string }])[] = [
  ['signing', '2026-01-31T23:59:59.999Z', { event_type: 'signing', release_version: 'v1.1.0', release_commit: hex('a1b2c3d4', 40), key_fingerprint: 'F'.repeat(32) + '8D1B2C3E', release_artifacts: ['App One.tar.gz'], release_artifacts_sha256: { 'App One.tar.gz': hex('feed', 64) } }],
  ['rc', '2026-02-01T00:00:00.000Z', { event_type: 'checklist_run', release_version: 'v1.1.0-rc.1', verdicts: { 'unit-tests': 'passed' } }],
  ['approval', '2026-02-01T13:30:00.000Z', { event_type: 'approval', release_version: 'v1.1.0', approver: 'Jörg Weiß', reason: 'The orders are no longer doubled' }, { signed: true }],
  ['deployment', '2026-02-28T10:00:00.000Z', { event_type: 'deployment', release_version: 'v1.1.1', deployed_by: 'Ines', deployment_environment: 'production', note: 'blue-green; 100% of "users"' }],
  ['rollback', '2026-03-01T00:00:00.000Z', { event_type: 'rollback', from_version: 'v1.1.1', to_version: 'v1.0.4', rolled_back_by: 'Alan', rollback_reason: 'doubled orders', witness: 'Ines' }],
  ['import', '2026-03-01T09:15:00.000Z', { event_type: 'deployment', release_version: 'v1.10.0', deployed_by: 'ci', deployment_environment: 'staging' }, { imported: true }],
  ['attached', '2026-03-02T00:00:00.000Z', { event_type: 'sbom', release_version: 'v2.0.0', components: 412, upper: 'ABCDEF0123456789'.repeat(4) }, { attachment: 'bill of materials.json' }],
  ['hostile', '2026-03-03T00:00:00.000Z', { event_type: 'drift', note: '" OR 1=1; DROP TABLE entry; -- NEAR(a b) ^x {by} : y* AND NOT \\ \u0000 \ud83d\ude00 東京' }],
  ['dispute', '2026-12-31T23:00:00.000Z', { event_type: 'dispute', release_version: 'v1.1.0', reason: 'order by nobody' }],
];

let folder: ReturnType<typeof keptFolder>;
let archive: Archive;
let clock = '2026-01-01T00:00:00.000Z';
const names = new Map<string, string>();

/** Two logs, the second of them seen through a sync; the first four are witnessed by a person of the roster. */
beforeAll(async () => {
  folder = keptFolder('search');
  const at = (name: string): string => join(folder.path, name);
  let rostered: RosterConsoles | null = null;
  const open = (name: string): Promise<Archive> => openArchive({
    home: at(name), now: () => new Date(clock), boot: 'test', origin: `example.com/team/${name}`, consoles: () => Promise.resolve(rostered),
    verifyPerson: ({ signatures }) => Promise.resolve(signatures.length > 0),
  });
  archive = await open('desk');
  const other = await open('on-call');
  const append = async (to: Archive, records: typeof RECORDS): Promise<void> => {
    for (const [name, time, record, more = {}] of records) {
      clock = time;
      const [appended] = more.imported === true ? await importText(to, JSON.stringify(record), 'x.jsonl') : await to.append([{
        record, ...(more.signed === true ? { signatures: [signature] } : {}), ...(more.attachment === undefined ? {} : { attachments: [{ name: more.attachment, size: 1, sha256: hex('beef', 64) }] }),
      }]);
      names.set(appended?.id ?? '', name);
    }
  };
  await append(archive, RECORDS.slice(0, 4));
  rostered = { witnesses: 1, consoles: [{ origin: archive.origin, vkey: archive.vkey, owner: 'alan' }, { origin: other.origin, vkey: other.vkey, owner: 'ines' }] } as unknown as RosterConsoles;
  await archive.sync(at('shared'), quietWork);
  await other.sync(at('shared'), quietWork);
  await append(other, RECORDS.slice(4, 6));
  await other.sync(at('shared'), quietWork);
  await archive.sync(at('shared'), quietWork);
  await append(archive, RECORDS.slice(6));
  other.close();
});
afterAll(() => {
  archive.close();
  folder.remove();
});

const search = (query: string, of: Archive = archive, rest: { offset?: number; limit?: number; whole?: boolean } = {}) => of.explorer.search({ query, offset: 0, limit: 100, whole: true, ...rest }, quietWork);
const ALL = RECORDS.map(([name]) => name);
const but = (...left: readonly string[]): string[] => ALL.filter((name) => !left.includes(name));

describe('a search', () => {
  it.each<[string, readonly string[]]>([
    ['', ALL],
    ['doubled', ['approval', 'rollback']],
    ['doubled orders', ['approval', 'rollback']],
    ['"doubled orders"', ['rollback']],
    ['"orders are no"', ['approval']],
    ['"orders are n"', []],
    ['"orders are n"*', ['approval']],
    ['DOUBLED -rollback', ['approval']],
    ['doub*', ['approval', 'rollback']],
    ['jorg weiß', ['approval']],
    ['東京', ['hostile']],
    ['unit-tests', ['rc']],
    ['412', ['attached']],
    ['checklist run', ['rc']],
    ['type:rollback', ['rollback']],
    ['type:ro*', ['rollback']],
    ['-type:deployment', but('deployment', 'import')],
    ['type:deployment -type:deployment', []],
    ['type:nobody_knows', []],
    ['-type:nobody_knows', ALL],
    ['version:v1.1', ['signing', 'rc', 'approval', 'deployment', 'rollback', 'dispute']],
    ['version:1.1.0', ['signing', 'rc', 'approval', 'dispute']],
    ['version:v1.1.0-rc.1', ['rc']],
    ['version:v1', ALL.filter((name) => !['attached', 'hostile'].includes(name))],
    ['version:v1.0', ['rollback']],
    ['version:v1.10', ['import']],
    ['-version:v1', ['attached', 'hostile']],
    ['origin:on-call', ['rollback', 'import']],
    ['origin:example.com/team/on-call', ['rollback', 'import']],
    ['origin:example.com', ALL],
    ['origin:example.com/te', []],
    ['-origin:nowhere.example', ALL],
    ['by:ines', ['deployment']],
    ['by:"jorg weiß"', ['approval']],
    ['by:doubled', []],
    ['person:ines', ['deployment', 'rollback']],
    [`person:${'a'.repeat(16)}`, ['approval']],
    ['artifact:"app one.tar.gz"', ['signing']],
    ['artifact:app*', ['signing']],
    ['artifact:app', []],
    ['artifact:"bill of materials.json"', ['attached']],
    ['sha256:feed', ['signing']],
    ['sha256:FEED0000', ['signing']],
    [`sha256:${hex('feed', 64)}`, ['signing']],
    [`sha256:${hex('feed', 63)}1`, []],
    [`-sha256:${hex('feed', 63)}1`, ALL],
    [`-sha256:${hex('feed', 64)}`, but('signing')],
    ['sha256:beef', ['attached']],
    [`sha256:${'abcdef0123456789'.repeat(4)}`, ['attached']],
    ['ABCDEF01', ['attached']],
    ['sha256:a1b2', []],
    ['commit:a1b2c3', ['signing']],
    [`commit:${hex('a1b2c3d4', 40)}`, ['signing']],
    ['commit:feed', []],
    ['a1b2c3d', ['signing']],
    ['8d1b2c3e', ['signing']],
    ['before:2026-02-01', ['signing']],
    ['after:2026-02-01', but('signing')],
    ['-before:2026-02-01', but('signing')],
    ['after:2026-02-01 before:2026-03-01', ['rc', 'approval', 'deployment']],
    ['after:2026-02-01T13 before:2026-02-01T14', ['approval']],
    ['after:2026-12-31T23', ['dispute']],
    ['after:2027-01-01', []],
    ['before:1999-01-01', []],
    ['before:9999-12-31 after:0001-01-01', ALL],
    ['after:2026-03-02 before:2026-03-01', []],
    ['is:imported', ['import']],
    ['-is:imported', but('import')],
    ['is:unproven', ['rollback', 'hostile', 'dispute'].filter((name) => name !== 'hostile')],
    ['-is:unproven', but('rollback', 'dispute')],
    ['is:unproven -is:unproven', []],
    ['is:unwitnessed', ['attached', 'hostile', 'dispute', 'rollback', 'import'].filter((name) => !['rollback', 'import'].includes(name))],
    ['-is:unwitnessed', ['signing', 'rc', 'approval', 'deployment', 'rollback', 'import']],
    ['is:unwitnessed type:dispute', ['dispute']],
    ['"\\" OR 1=1"', ['hostile']],
    ['"DROP TABLE entry; --"', ['hostile']],
    ['"NEAR(a b)"', ['hostile']],
    ['NEAR(a', ['hostile']],
    ['"{by} : y"*', ['hostile']],
    ['AND NOT', ['hostile']],
    ['"AND NOT" OR', ['hostile']],
    ['OR', ['hostile']],
    ['^x', ['hostile']],
    ['"by" type:dispute', ['dispute']],
    ["'; DROP", ['hostile']],
    ['facts', []],
    ['e', []],
    ['100%', ['deployment']],
  ])('%s', async (query, expected) => {
    if (query === "'; DROP") await expect(search(query)).rejects.toMatchObject({ code: 'bad-input', details: { at: 1 } });
    else {
      const found = await search(query);
      expect(found.entries.map(({ id }) => names.get(id)).sort()).toEqual([...expected].sort());
      expect(found).toMatchObject({ total: expected.length, exact: true });
      // What arrived last comes first, as in the list.
      const listed = (await archive.list({ origin: null, event_type: null, release: null, offset: 0, limit: 100 })).entries.map(({ id }) => id);
      expect(found.entries.map(({ id }) => id)).toEqual(listed.filter((id) => found.entries.some((entry) => entry.id === id)));
    }
  });

  it('changes nothing, whatever is typed', async () => {
    for (const query of ['a\u0000b', 'x'.repeat(10_000), '"', 'by:"', 'color:red', '((((', '"((((a"']) await search(query).catch((cause: { code: string }) => expect(cause.code).toBe('bad-input'));
    // One record names an attachment whose bytes were never given.
    expect((await archive.verify(quietWork)).problems.filter(({ code }) => code !== 'bytes-missing')).toEqual([]);
    expect((await search('')).total).toBe(RECORDS.length);
  });

  it('finds what arrived since, also in answers that are kept', async () => {
    const mine = await openTestArchive();
    await mine.appendRecords([drift(1), drift(2)]);
    expect((await search('type:drift', mine)).total).toBe(2);
    await mine.appendRecords([{ event_type: 'sbom' }, drift(3)]);
    const found = await search('type:drift', mine);
    expect(found.entries.map(({ seq }) => seq)).toEqual([3, 1, 0]);
    expect((await search('-type:drift', mine)).entries.map(({ seq }) => seq)).toEqual([2]);
  });
});

describe('a long list', () => {
  it('is read by place, quickly or to the end', async () => {
    const mine = await openTestArchive();
    await mine.appendRecords(Array.from({ length: 12_000 }, (_, at) => (at % 6 === 0 ? { event_type: 'sbom', at } : drift(at))));
    for (const query of ['', 'type:drift', '-type:sbom', 'drift']) {
      const seqs = query === '' ? Array.from({ length: 12_000 }, (_, at) => 11_999 - at) : Array.from({ length: 12_000 }, (_, at) => 11_999 - at).filter((at) => at % 6 !== 0);
      for (const offset of [0, 1, 4_321, seqs.length - 1, seqs.length, 1_000_000]) {
        const page = await search(query, mine, { offset, limit: 3 });
        expect(page.entries.map(({ seq }) => seq), `${query} from ${offset}`).toEqual(seqs.slice(offset, offset + 3));
        expect(page).toMatchObject({ total: seqs.length, exact: true });
      }
    }
    const fresh = await search('drift -type:sbom', mine, { whole: false, limit: 1 });
    expect(fresh).toMatchObject({ total: 10_000, exact: true });
    await mine.appendRecords(Array.from({ length: 200 }, (_, at) => drift(at)));
    expect(await search('drift after:2000-01-01', mine, { whole: false, limit: 1 })).toMatchObject({ total: 10_000, exact: false });
    expect(await search('drift after:2000-01-01', mine, { whole: false, offset: 10_199, limit: 10 })).toMatchObject({ total: 10_200, exact: true, entries: [{ seq: 1 }] });
    const listed = await mine.list({ origin: mine.origin, event_type: null, release: null, offset: 12_199, limit: 5 });
    expect(listed).toMatchObject({ total: 12_200, entries: [{ seq: 0 }] });
    expect((await mine.list({ origin: null, event_type: 'drift', release: null, offset: 10_199, limit: 5 })).entries.map(({ seq }) => seq)).toEqual([1]);
  });
});

describe('a list with gaps', () => {
  it('counts and pages what is there', async () => {
    const home = temporaryFolder();
    const mine = await openTestArchive({ home });
    await mine.appendRecords(Array.from({ length: 6 }, (_, at) => drift(at)));
    const db = new Database(join(home, 'genesis.db'));
    db.prepare('DELETE FROM entry WHERE seq = 3').run();
    db.close();
    for (const query of ['', 'type:drift']) {
      const pages = await Promise.all([0, 2, 4].map((offset) => search(query, mine, { offset, limit: 2 })));
      expect(pages.map(({ total, entries }) => [total, ...entries.map(({ seq }) => seq)]), query).toEqual([[5, 5, 4], [5, 2, 1], [5, 0]]);
    }
    expect((await mine.list({ origin: null, event_type: null, release: null, offset: 2, limit: 2 }))).toMatchObject({ total: 5, entries: [{ seq: 2 }, { seq: 1 }] });
  });
});

describe('what is searched', () => {
  const made = async (): Promise<{ home: string; mine: Archive }> => {
    const home = temporaryFolder();
    const mine = await openTestArchive({ home });
    await mine.appendRecords([drift(1), { event_type: 'rollback' }]);
    expect((await search('type:rollback', mine)).total).toBe(1);
    return { home, mine };
  };

  it('is nobody else’s to read, and made anew where it was taken away, damaged, or of another version', async () => {
    const { home, mine } = await made();
    const file = join(home, 'search.db');
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    mine.close();
    for (const spoil of [
      () => rmSync(file),
      () => writeFileSync(file, 'not a database'),
      () => {
        const db = new Database(file);
        db.pragma('user_version = 99');
        db.close();
      },
      () => {
        const db = new Database(file);
        db.unsafeMode(true);
        db.exec('DELETE FROM found_data WHERE id > 10');
        db.close();
      },
      () => writeFileSync(file, readFileSync(file).fill(0xff, 4_096)),
    ]) {
      for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
      spoil();
      const again = await openTestArchive({ home });
      expect((await search('type:rollback', again)).total).toBe(1);
      expect((await again.explorer.timeline({ query: '', bins: 10 }, quietWork)).total).toBe(2);
      again.close();
    }
  });

  it('is read anew where another archive lies in the place of the one that was read', async () => {
    const { home, mine } = await made();
    mine.close();
    for (const end of ['', '-wal', '-shm']) rmSync(join(home, `genesis.db${end}`), { force: true });
    rmSync(join(home, 'log.key'));
    const other = await openTestArchive({ home });
    await other.appendRecords([{ event_type: 'rollback' }, { event_type: 'rollback' }, { event_type: 'rollback' }]);
    expect((await search('type:rollback', other)).total).toBe(3);
    expect((await search('type:drift', other)).total).toBe(0);
  });

  it('is made anew by a repair', async () => {
    const { home, mine } = await made();
    const shared = temporaryFolder();
    await mine.sync(shared, quietWork);
    mine.close();
    const db = new Database(join(home, 'genesis.db'));
    db.prepare("UPDATE entry SET bytes = CAST('{}' AS BLOB) WHERE seq = 1").run();
    db.close();
    const damaged = await openTestArchive({ home });
    rmSync(join(home, 'search.db'));
    expect(await search('rollback', damaged)).toMatchObject({ entries: [{ summary: expect.stringContaining('Damaged') }] });
    damaged.close();
    expect((await repairArchive({ home, from: shared }, quietWork)).verdict).toBe('repaired');
    expect(existsSync(join(home, 'search.db'))).toBe(false);
    expect((await search('type:rollback', await openTestArchive({ home }))).entries[0]?.summary).toBe('Rollback');
  });

  it('tells how far it is, can be stopped, and keeps what it has read', async () => {
    const mine = await openTestArchive();
    await mine.appendRecords(Array.from({ length: 2_000 }, (_, at) => drift(at)));
    const stop = new AbortController();
    const steps: number[] = [];
    const stopped = mine.explorer.search({ query: 'drift', offset: 0, limit: 1, whole: true }, { signal: stop.signal, progress: ({ done }) => {
      steps.push(done);
      if (done === 1_000) stop.abort(new Error('stop'));
    } });
    await expect(stopped).rejects.toThrow('stop');
    const [one, two] = await Promise.all([search('drift', mine), mine.explorer.search({ query: 'type:drift', offset: 0, limit: 1, whole: true }, { ...quietWork, progress: ({ done }) => steps.push(done) })]);
    expect([one.total, two.total]).toEqual([2_000, 2_000]);
    expect(steps).toEqual([500, 1_000]);
  });
});

describe('a timeline', () => {
  it.each([['', 200], ['', 3], ['', 1], ['after:2026-02-01 before:2026-03-02', 200], ['after:2026-03-01T00 before:2026-03-01T01 type:drift', 50], ['before:1990-01-01', 5]])('of %j in %i stretches adds up to what a search finds', async (query, bins) => {
    const timeline = await archive.explorer.timeline({ query, bins }, quietWork);
    const period = query.replace(' type:drift', '');
    expect(timeline.total).toBe((await search(period)).total);
    expect(timeline.bins).toBeLessThanOrEqual(bins);
    for (const { entries, marks, origin } of timeline.lanes) {
      const counts = marks.map(({ kinds }) => Object.values(kinds).reduce((sum, count) => sum + count, 0));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(entries);
      // Each stretch narrows a search to its own entries.
      for (const [at, { bin }] of marks.entries()) {
        const from = Date.parse(timeline.start ?? '') + bin * timeline.hours * 3_600_000;
        const hour = (time: number): string => new Date(time).toISOString().slice(0, 13);
        expect((await search(`${period} origin:${origin} after:${hour(from)} before:${hour(from + timeline.hours * 3_600_000)}`)).total, `${origin} ${bin}`).toBe(counts[at]);
      }
    }
  });
});
