import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/core/model/errors.ts';
import type { RosterConsoles } from '../../src/core/model/roster.ts';
import { witnessHandlers } from '../../src/core/service/witness-handlers.ts';
import type { Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { readText, writeText } from '../../src/main/adapters/text-files.ts';
import { drift, everything, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';

const drifts = (from: number, count: number) => Array.from({ length: count }, (_, at) => drift(from + at));

/** Consoles with their owners in one roster, which each of them holds. */
async function consolesOf(owners: readonly string[], witnesses = 1): Promise<Archive[]> {
  const named: { origin: string; vkey: string; owner: string }[] = [];
  const roster: RosterConsoles = { consoles: named, witnesses };
  const archives = await Promise.all(owners.map(() => openTestArchive({ consoles: () => Promise.resolve(roster) })));
  for (const [at, { origin, vkey }] of archives.entries()) named.push({ origin, vkey, owner: owners[at] ?? '' });
  return archives;
}

const sync = (archive: Archive, url: string): ReturnType<Archive['sync']> => archive.sync(url, quietWork);
const cosigned = (shared: string, origin: string): string[] => readdirSync(join(shared, origin, 'cosigned')).sort();
const first = async (archive: Archive, origin: string): ReturnType<Archive['show']> => archive.show(`${origin}#0`);

function desk(archive: Archive): ReturnType<typeof witnessHandlers> {
  return witnessHandlers({ desk: archive.desk, readText, writeText });
}
const context = { caller: { shell: 'test' as const }, signal: quietWork.signal, progress: quietWork.progress };

describe('consoles that sync are witnesses to each other', { timeout: 60_000 }, () => {
  test('an entry is only here, then seen, then witnessed by somebody else', async () => {
    const [ours, theirs, again] = (await consolesOf(['ada', 'ines', 'ada'])) as [Archive, Archive, Archive];
    const shared = temporaryFolder();
    await ours.appendRecords(drifts(0, 3));
    await sync(ours, shared);
    expect(await first(ours, ours.origin)).toMatchObject({ witnessed: 'unseen', seenBy: [], notAfter: null });
    // Another console of the same person is a witness, and does not make it witnessed.
    await sync(again, shared);
    await sync(ours, shared);
    expect(await first(ours, ours.origin)).toMatchObject({ witnessed: 'seen', seenBy: [{ witness: again.origin, person: null, size: 3 }], notAfter: null });
    await sync(theirs, shared);
    expect(cosigned(shared, ours.origin)).toHaveLength(2);
    await sync(ours, shared);
    const seen = await first(ours, ours.origin);
    expect(seen).toMatchObject({ witnessed: 'witnessed', witnessesNeeded: 1, notAfter: seen.seenBy.find(({ person }) => person === 'ines')?.time });
    // What came later is told apart, and the others know the same.
    await ours.appendRecords(drifts(3, 1));
    expect((await ours.list({ ...everything, origin: ours.origin })).entries.map(({ witnessed }) => witnessed)).toEqual(['unseen', 'witnessed', 'witnessed', 'witnessed']);
    await sync(again, shared);
    expect(await first(again, ours.origin)).toMatchObject({ witnessed: 'witnessed', seenBy: expect.arrayContaining([expect.objectContaining({ person: 'ines' })]) as unknown });
    expect((await ours.logs())[0]?.witnesses.map(({ person }) => person).sort()).toEqual(['ines', null].sort());
  });

  test('as many different people as the roster asks for', async () => {
    const archives = await consolesOf(['ada', 'ines', 'ines', 'alan'], 2);
    const [ours, one, same, other] = archives as [Archive, Archive, Archive, Archive];
    const shared = temporaryFolder();
    await ours.appendRecords(drifts(0, 1));
    for (const archive of [ours, one, same, ours]) await sync(archive, shared);
    expect(await first(ours, ours.origin)).toMatchObject({ witnessed: 'seen', witnessesNeeded: 2 });
    for (const archive of [other, ours]) await sync(archive, shared);
    expect(await first(ours, ours.origin)).toMatchObject({ witnessed: 'witnessed' });
  });

  test('what was seen of an earlier state travels on after the log has grown', async () => {
    const [ours, theirs, last] = (await consolesOf(['ada', 'ines', 'alan'])) as [Archive, Archive, Archive];
    const [here, there] = [temporaryFolder(), temporaryFolder()];
    await ours.appendRecords(drifts(0, 2));
    for (const archive of [ours, theirs]) await sync(archive, here);
    await ours.appendRecords(drifts(2, 5));
    await sync(ours, here);
    await sync(theirs, there);
    await sync(ours, there);
    await sync(last, there);
    const { seenBy } = await first(last, ours.origin);
    expect(seenBy.map(({ person, size }) => [person, size])).toEqual(expect.arrayContaining([['ines', 2], ['alan', 7]]));
    expect(await last.verifyExport(there, [], quietWork)).toMatchObject({ verdict: 'good', problems: [] });
  });

  test.each([
    ['text', (note: string) => note.replace(/\n3\n/, '\n2\n')],
    ['cosignature', (note: string) => note.replace(/(— \S+ \S{12})(\S)(\S*\n)$/, (_, before: string, letter: string, after: string) => `${before}${letter === 'A' ? 'B' : 'A'}${after}`)],
  ])('a cosigned checkpoint whose %s was changed is named, and stops nothing', async (_, change) => {
    const [ours, theirs, last] = (await consolesOf(['ada', 'ines', 'alan'])) as [Archive, Archive, Archive];
    const shared = temporaryFolder();
    await ours.appendRecords(drifts(0, 3));
    for (const archive of [ours, theirs]) await sync(archive, shared);
    const file = join(shared, ours.origin, 'cosigned', cosigned(shared, ours.origin)[0] ?? '');
    const changed = change(readFileSync(file, 'utf8'));
    expect(changed).not.toBe(readFileSync(file, 'utf8'));
    writeFileSync(file, changed);
    expect(await last.verifyExport(shared, [ours.vkey, theirs.vkey], quietWork)).toMatchObject({ verdict: 'bad', problems: [{ place: expect.stringContaining('/cosigned/') as string }] });
    const result = await sync(last, shared);
    expect(result.problems).toMatchObject([{ origin: ours.origin, code: 'damaged', message: expect.stringContaining('cosigned/') as string }]);
    expect(result.pulled).toContainEqual({ origin: ours.origin, entries: 3 });
  });

  test('a witness that saw more of this console’s log than it has shows that the data folder was put back', async () => {
    const home = temporaryFolder();
    const ours = await openTestArchive({ home });
    const theirs = await openTestArchive();
    const [shared, backup] = [temporaryFolder(), join(temporaryFolder(), 'home')];
    await ours.appendRecords(drifts(0, 2));
    await sync(ours, shared);
    // As a machine that is off is copied.
    ours.close();
    cpSync(home, backup, { recursive: true });
    const later = await openTestArchive({ home });
    await later.appendRecords(drifts(2, 2));
    await sync(later, shared);
    await sync(theirs, shared);
    const restored = await openTestArchive({ home: backup });
    // All but what the witness saw is back at the older state, as on a stick that was put back too.
    const old = temporaryFolder();
    await sync(restored, old);
    cpSync(join(shared, ours.origin, 'cosigned'), join(old, ours.origin, 'cosigned'), { recursive: true });
    expect((await sync(restored, old)).problems).toMatchObject([{ origin: ours.origin, code: 'own-log-forked', message: expect.stringContaining('4 entries') as string }]);
  });

  test('a witness that saw another history of a log is evidence that it was rewritten', async () => {
    const [home, copy] = [temporaryFolder(), temporaryFolder()];
    const one = await openTestArchive({ home, origin: 'example.com/two-faced' });
    cpSync(home, copy, { recursive: true });
    const two = await openTestArchive({ home: copy });
    const [ours, theirs] = [await openTestArchive(), await openTestArchive()];
    const [here, there] = [temporaryFolder(), temporaryFolder()];
    await one.appendRecords(drifts(0, 5));
    await two.appendRecords(drifts(7, 3));
    for (const archive of [one, ours]) await sync(archive, here);
    for (const archive of [two, theirs]) await sync(archive, there);
    // Only what the witness cosigned comes across.
    cpSync(join(there, two.origin, 'cosigned'), join(here, two.origin, 'cosigned'), { recursive: true });
    expect((await sync(ours, here)).problems).toMatchObject([{ origin: 'example.com/two-faced', code: 'fork' }]);
    expect((await ours.logs()).find(({ origin }) => origin === 'example.com/two-faced')).toMatchObject({ state: 'quarantined' });
    // The others go on.
    await theirs.appendRecords(drifts(20, 2));
    await sync(theirs, there);
    expect((await sync(ours, there)).pulled).toContainEqual({ origin: theirs.origin, entries: 2 });
  });
});

test('an export carries who cosigned its checkpoints, and every flipped byte of that is told', async () => {
  const [ours, theirs] = (await consolesOf(['ada', 'ines'])) as [Archive, Archive];
  const shared = temporaryFolder();
  await ours.appendRecords(drifts(0, 3));
  for (const archive of [ours, theirs, ours]) await sync(archive, shared);
  const out = join(temporaryFolder(), 'export');
  await ours.exportTo('tiles', out, quietWork);
  const file = join(out, ours.origin, 'checkpoint');
  const note = readFileSync(file);
  expect(note.toString()).toContain(`\n— ${theirs.origin} `);
  expect(await ours.verifyExport(out, [], quietWork)).toMatchObject({ verdict: 'good', problems: [] });
  for (let at = 0; at < note.length; at += 1) {
    const changed = Buffer.from(note);
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(file, changed);
    expect((await ours.verifyExport(out, [], quietWork)).problems, `byte ${at}`).not.toEqual([]);
  }
});

describe('first contact', () => {
  test('pins a log’s key through the roster, and leaves unknown logs where they are', async () => {
    const [ours, theirs] = (await consolesOf(['ada', 'ines'])) as [Archive, Archive];
    const stranger = await openTestArchive();
    const shared = temporaryFolder();
    for (const archive of [ours, theirs, stranger]) {
      await archive.appendRecords(drifts(0, 2));
      await sync(archive, shared);
    }
    const { problems, pulled } = await sync(ours, shared);
    expect(problems).toMatchObject([{ origin: stranger.origin, code: 'unknown-log', message: expect.stringContaining('names no such console') as string }]);
    expect(pulled).toEqual([{ origin: theirs.origin, entries: 2 }]);
    expect((await ours.logs()).map(({ origin }) => origin)).not.toContain(stranger.origin);
    // Without a roster it is taken on trust, once.
    expect((await stranger.logs()).map(({ origin }) => origin).sort()).toEqual([ours.origin, theirs.origin, stranger.origin].sort());
  });

  test('refuses another key than the roster’s under a known name', async () => {
    const impostor = await openTestArchive({ origin: 'example.com/console' });
    const real = await openTestArchive({ origin: 'example.com/console' });
    const roster: RosterConsoles = { consoles: [{ origin: 'example.com/console', vkey: real.vkey, owner: 'ines' }], witnesses: 1 };
    const ours = await openTestArchive({ consoles: () => Promise.resolve(roster) });
    const shared = temporaryFolder();
    await impostor.appendRecords(drifts(0, 2));
    await sync(impostor, shared);
    expect((await sync(ours, shared)).problems).toMatchObject([{ origin: 'example.com/console', code: 'key-changed' }]);
  });
});

describe('a console that is never online', () => {
  test('witnesses, and is witnessed, by one text file each way', async () => {
    const [ours, theirs] = (await consolesOf(['ada', 'ines'])) as [Archive, Archive];
    const folder = temporaryFolder();
    const [request, answer] = [join(folder, 'request'), join(folder, 'answer')];
    await ours.appendRecords(drifts(0, 5));
    expect(await desk(ours)['witness.request']({ witness: theirs.origin, old: null, out: request }, context)).toMatchObject({ origin: ours.origin, size: 5, oldSize: 0 });
    expect(readFileSync(request, 'utf8')).toMatch(/^old 0\n\n/);
    expect(await desk(theirs)['witness.respond']({ file: request, vkey: null, out: answer }, context)).toMatchObject({ cosigned: true, origin: ours.origin, size: 5, witness: theirs.origin });
    expect(await desk(ours)['witness.accept']({ file: answer, request: null, vkey: null }, context)).toMatchObject({ origin: ours.origin, size: 5, accepted: [{ witness: theirs.origin }], ignored: 0 });
    expect(await first(ours, ours.origin)).toMatchObject({ witnessed: 'witnessed', seenBy: [{ person: 'ines', size: 5 }] });

    // The next request goes on from there; one that does not is answered with the size, as the protocol has it.
    await ours.appendRecords(drifts(5, 300));
    expect(await desk(ours)['witness.request']({ witness: null, old: null, out: request }, context)).toMatchObject({ oldSize: 0 });
    expect(await desk(theirs)['witness.respond']({ file: request, vkey: null, out: answer }, context)).toMatchObject({ cosigned: false, status: 409 });
    expect(readFileSync(answer, 'utf8')).toBe('5\n');
    await expect(desk(ours)['witness.accept']({ file: answer, request: null, vkey: null }, context)).rejects.toMatchObject({ code: 'bad-input', hint: expect.stringContaining('--old 5') as string });
    expect(await desk(ours)['witness.request']({ witness: theirs.vkey, old: null, out: request }, context)).toMatchObject({ oldSize: 5, size: 305 });
    expect(await desk(theirs)['witness.respond']({ file: request, vkey: null, out: answer }, context)).toMatchObject({ cosigned: true, size: 305 });
    // Meanwhile the log has grown: what was asked tells what was cosigned.
    await ours.appendRecords(drifts(305, 1));
    await expect(desk(ours)['witness.accept']({ file: answer, request: null, vkey: null }, context)).rejects.toMatchObject({ code: 'verification-failed' });
    expect(await desk(ours)['witness.accept']({ file: answer, request, vkey: null }, context)).toMatchObject({ size: 305 });
    expect((await ours.list({ ...everything, limit: 2 })).entries.map(({ witnessed }) => witnessed)).toEqual(['unseen', 'witnessed']);
  });

  test('cosigns nothing of a log that it does not know, nor of two histories', async () => {
    const [ours, theirs] = (await consolesOf(['ada', 'ines'])) as [Archive, Archive];
    const [home, elsewhere] = [temporaryFolder(), temporaryFolder()];
    const stranger = await openTestArchive({ home, origin: 'example.org/stranger' });
    cpSync(home, elsewhere, { recursive: true });
    const folder = temporaryFolder();
    const [request, answer] = [join(folder, 'request'), join(folder, 'answer')];
    await stranger.appendRecords(drifts(0, 2));
    await desk(stranger)['witness.request']({ witness: null, old: null, out: request }, context);
    await expect(desk(theirs)['witness.respond']({ file: request, vkey: null, out: answer }, context)).rejects.toMatchObject({ code: 'not-found', hint: expect.stringContaining('--vkey') as string });
    await expect(desk(theirs)['witness.respond']({ file: request, vkey: ours.vkey, out: answer }, context)).rejects.toBeInstanceOf(AppError);
    // Told by another way, it is a log like others: an auditor's, from outside.
    expect(await desk(theirs)['witness.respond']({ file: request, vkey: stranger.vkey, out: answer }, context)).toMatchObject({ cosigned: true });
    await expect(desk(stranger)['witness.accept']({ file: answer, request: null, vkey: null }, context)).rejects.toMatchObject({ code: 'verification-failed', hint: expect.stringContaining('--vkey') as string });
    expect(await desk(stranger)['witness.accept']({ file: answer, request: null, vkey: theirs.vkey }, context)).toMatchObject({ accepted: [{ witness: theirs.origin }] });

    // Whoever has the log's key can write another history with it; the witness remembers the first.
    const other = await openTestArchive({ home: elsewhere });
    expect(other.vkey).toBe(stranger.vkey);
    await other.appendRecords(drifts(9, 4));
    await desk(other)['witness.request']({ witness: null, old: 2, out: request }, context);
    expect(await desk(theirs)['witness.respond']({ file: request, vkey: other.vkey, out: answer }, context)).toMatchObject({ cosigned: false });
  });
});
