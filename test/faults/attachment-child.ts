/** One thing that is done with attachments in a process of its own: on a disk that is full, until it is killed, or with its memory measured. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openArchive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { AppError } from '../../src/core/model/errors.ts';

const MIB = 1024 * 1024;
const [act = '', home = '', more = '', size = '0'] = process.argv.slice(2);
const work = { signal: new AbortController().signal, progress: (): void => undefined };
const say = (value: unknown): void => void writeSync(1, `${JSON.stringify(value)}\n`);
const failed = (cause: unknown): string => (cause instanceof AppError ? `${cause.code}: ${cause.message}` : String(cause));

const acts: Readonly<Record<string, () => Promise<void>>> = {
  /** The whole home lies on a small disk. */
  full: async () => {
    const archive = await openArchive({ home, now: () => new Date(), boot: 'b', origin: 'example.com/full' });
    say(await archive.keep([more], work).then(() => 'kept', failed));
    const [{ id } = { id: '' }] = await archive.appendRecords([{ event_type: 'drift', after: 'the disk was full' }]);
    say(id);
    say(await archive.verify(work));
    archive.close();
  },
  /** It kills itself when the bytes are there and the entry is not. */
  between: async () => {
    const archive = await openArchive({ home, now: () => new Date(), boot: 'b' });
    await archive.keep([more], work);
    process.kill(process.pid, 'SIGKILL');
  },
  /** It kills itself when the tombstone is there and the bytes still are. */
  tombstone: async () => {
    const archive = await openArchive({ home, now: () => new Date(), boot: 'b' });
    await archive.append([{ record: { event_type: 'tombstone', attachment_sha256: more, withheld_at: '2026-01-31T12:00:00Z', withheld_by: 'ines', because: 'personal-data', reason: 'It names somebody.' } }]);
    process.kill(process.pid, 'SIGKILL');
  },
  /** Syncs with a place that may be read only. */
  sync: async () => {
    const archive = await openArchive({ home, now: () => new Date(), boot: 'b' });
    say(await archive.sync(more, work));
    archive.close();
  },
  /** It kills itself in the middle of a transfer, either way. */
  half: async () => {
    const archive = await openArchive({ home, now: () => new Date(), boot: 'b' });
    await archive.sync(more, { ...work, progress: ({ label, done }) => {
      if (/^(?:Fetching|Publishing)$/.test(label) && done >= 3 * MIB) process.kill(process.pid, 'SIGKILL');
    } });
  },
  /** Takes a large file in, publishes it, and has a second console take it in and write it out again. */
  memory: async () => {
    const file = join(more, 'large.bin');
    const descriptor = openSync(file, 'w');
    const piece = Buffer.alloc(MIB);
    for (let at = 0; at < Number(size); at += 1) writeSync(descriptor, piece.fill(createHash('sha256').update(String(at)).digest()));
    closeSync(descriptor);
    const before = process.memoryUsage.rss();
    const ours = await openArchive({ home, now: () => new Date(), boot: 'b' });
    await ours.append([{ record: { event_type: 'drift' }, attachments: await ours.keep([file], work) }]);
    await ours.sync(join(more, 'shared'), work);
    const limits = { taken: 4096 * MIB, published: 4096 * MIB };
    const theirs = await openArchive({ home: join(more, 'theirs'), now: () => new Date(), boot: 'b', rules: { limits: () => Promise.resolve(limits), mayErase: () => Promise.resolve(false) } });
    await theirs.sync(join(more, 'shared'), work);
    const [log] = (await theirs.logs()).filter(({ own }) => !own);
    await theirs.attachments.writeOut({ id: `${log?.origin ?? ''}#0`, name: null, out: join(more, 'out.bin'), from: null }, work);
    await theirs.verify(work);
    await theirs.exportTo('tiles', join(more, 'export'), work);
    const verified = await theirs.verifyExport(join(more, 'export'), [], work);
    ours.close();
    theirs.close();
    say({ before, peak: process.resourceUsage().maxRSS * 1024, out: statSync(join(more, 'out.bin')).size, verdict: verified.verdict });
  },
};

await acts[act]?.();
