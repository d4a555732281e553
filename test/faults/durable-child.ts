/** A process that does each thing that is acknowledged once or twice, saying so right after it; its system calls are traced. */
import { writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openArchive } from '../../src/main/adapters/sqlite/open-archive.ts';

const [place = ''] = process.argv.slice(2);
const work = { signal: new AbortController().signal, progress: (): void => undefined };
const say = (line: string): void => void writeSync(1, `${line}\n`);
const shared = join(place, 'shared');

const archive = await openArchive({ home: join(place, 'data', 'home'), now: () => new Date(), boot: 'traced', origin: 'example.com/deep/log' });
const attached = join(place, '..', 'attached.bin');
writeFileSync(attached, Buffer.alloc(3 * 1024 * 1024, 'attached'));
await archive.append([{ record: { event_type: 'drift' }, attachments: await archive.keep([attached], work) }]);
say('attached');
for (const count of [3, 300]) {
  await archive.appendRecords(Array.from({ length: count }, (_, at) => ({ event_type: 'drift', at })));
  say('appended');
  const { problems } = await archive.sync(shared, work);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  say('published');
}
await archive.exportTo('tiles', join(place, 'export'), work);
say('exported');
const other = await openArchive({ home: join(place, 'other'), now: () => new Date(), boot: 'traced' });
const { attachments } = await other.sync(shared, work);
if (attachments?.pulled !== 1) throw new Error('the attachment did not come');
say('fetched');
other.close();
archive.close();
