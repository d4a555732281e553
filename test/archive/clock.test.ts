import { expect, test } from 'vitest';
import { drift, openTestArchive, quietWork, temporaryFolder } from './archives.ts';

test('a clock that was set back is said of the first entry after it, and takes nothing from the archive', async () => {
  const home = temporaryFolder();
  const times = ['2026-03-01T10:00:00Z', '2026-03-01T10:00:01Z', '2026-02-01T09:00:00Z', '2026-02-01T09:00:00Z', '2026-02-01T08:59:59Z'];
  for (const [at, time] of times.entries()) {
    const archive = await openTestArchive({ home, now: () => new Date(time), boot: at < 4 ? 'one' : 'two' });
    await archive.appendRecords([drift(at)]);
    archive.close();
  }
  const archive = await openTestArchive({ home });
  const said = await Promise.all(times.map(async (_, at) => (await archive.show(String(at))).warnings.filter((warning) => warning.includes('claims'))));
  expect(said).toEqual([
    [], [],
    [expect.stringMatching(/claims 2026-02-01T09:00:00\.000Z, and .*#1, which was written before it, claims 2026-03-01T10:00:01\.000Z: .* set back, in the same run/)],
    [],
    [expect.stringMatching(/set back, and the machine was started anew/)],
  ]);
  expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'good', entries: 5 });
});
