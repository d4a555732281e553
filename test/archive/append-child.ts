/** A process that appends until it is ended, or a number of times, and says on its output what was acknowledged. */
import { writeSync } from 'node:fs';
import { openArchive } from '../../src/main/adapters/sqlite/open-archive.ts';

const [home = '', name = '', times = 'Infinity'] = process.argv.slice(2);
const limit = Number(times);
const archive = await openArchive({ home, now: () => new Date(), boot: 'child' });
for (let at = 0; at < limit; at += 1) {
  const [first] = await archive.appendRecords([{ event_type: 'drift', name, at }, { event_type: 'drift', name, at, second: true }]);
  writeSync(1, `${first?.seq} ${first?.leaf}\n`);
}
archive.close();
