/** Runs one scenario on places of the machine that fail, in a mount namespace of its own: SCENARIO ROOT. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../src/core/model/errors.ts';
import { openArchive, type Archive } from '../../src/main/adapters/sqlite/open-archive.ts';

const [scenario = '', root = ''] = process.argv.slice(2);
const [small, large] = [join(root, 'small'), join(root, 'large')];
const work = { signal: new AbortController().signal, progress: (): void => undefined };
const say = (what: string, value: unknown): void => void process.stdout.write(`${JSON.stringify({ what, value })}\n`);
const open = (home: string): Promise<Archive> => openArchive({ home, now: () => new Date(), boot: 'child' });
const record = (at: number): { event_type: string; at: number; text: string } => ({ event_type: 'drift', at, text: 'x'.repeat(6_000) });
const room = (kibibytes: number): void => void execFileSync('mount', ['-o', `remount,size=${kibibytes}k`, small]);

async function told(what: string, act: () => Promise<unknown>): Promise<void> {
  try {
    say(what, await act());
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    say(what, { ...cause.toShape(), details: { ...cause.details, file: null } });
  }
}

async function fill(archive: Archive): Promise<number> {
  let acknowledged = 0;
  await told('refused', async () => {
    for (;;) {
      await archive.appendRecords([record(acknowledged)]);
      acknowledged += 1;
    }
  });
  return acknowledged;
}

for (const folder of [small, large]) mkdirSync(folder, { recursive: true });
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2048k', 'none', small]);

const scenarios: Readonly<Record<string, () => Promise<void>>> = {
  'data folder full': async () => {
    const archive = await open(small);
    const acknowledged = await fill(archive);
    say('acknowledged', acknowledged);
    await told('verified while full', () => archive.verify(work));
    archive.close();
    room(8_192);
    const again = await open(small);
    await told('verified with room', () => again.verify(work));
    await told('appended with room', () => again.appendRecords([record(acknowledged)]));
    await told('verified afterwards', () => again.verify(work));
    again.close();
  },

  'stick full': async () => {
    const archive = await open(large);
    await archive.appendRecords(Array.from({ length: 600 }, (_, at) => record(at)));
    await told('synced while full', () => archive.sync(join(small, 'shared'), work));
    room(16_384);
    await told('synced with room', () => archive.sync(join(small, 'shared'), work));
    await told('verified', () => archive.verifyExport(join(small, 'shared'), [], work));
    archive.close();
  },

  'export to a full disk': async () => {
    const archive = await open(large);
    await archive.appendRecords(Array.from({ length: 600 }, (_, at) => record(at)));
    for (const format of ['tiles', 'jsonl'] as const) await told(format, () => archive.exportTo(format, join(small, 'export'), work));
    say('left', readdirSync(small));
    archive.close();
  },

  'stick read-only': async () => {
    const [one, other] = [await open(join(large, 'one')), await open(join(large, 'other'))];
    await one.appendRecords([record(0)]);
    await other.appendRecords([record(1)]);
    await other.sync(join(small, 'shared'), work);
    execFileSync('mount', ['-o', 'remount,ro', small]);
    await told('synced', () => one.sync(join(small, 'shared'), work));
    say('held', (await one.logs()).map(({ origin, size }) => [origin === one.origin ? 'own' : 'other', size]));
    for (const archive of [one, other]) archive.close();
  },

  'data folder read-only': async () => {
    const archive = await open(small);
    await archive.appendRecords([record(0)]);
    archive.close();
    execFileSync('mount', ['-o', 'remount,ro', small]);
    await told('opened', () => open(small));
  },
};

const run = scenarios[scenario];
if (run === undefined) throw new Error(`there is no scenario ${scenario}`);
await run();
