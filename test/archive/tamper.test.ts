import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseVerifierKey } from '../../src/core/archive/note.ts';
import type { ReadableFolder } from '../../src/core/archive/readable-folder.ts';
import { verifyExport } from '../../src/core/archive/verify-export.ts';
import { drift, openTestArchive, quietWork, temporaryFolder } from './archives.ts';

type Format = 'tiles' | 'jsonl';

/** An export of 200 entries, held in memory so that very many changes can be tried; `seen` by another console, whose log lies there too. */
async function exported(format: Format, { seen = false } = {}) {
  const [ours, theirs] = [await openTestArchive({ origin: 'example.com/ours' }), await openTestArchive({ origin: 'example.com/theirs' })];
  await ours.appendRecords(Array.from({ length: 200 }, (_, at) => drift(at)));
  await theirs.appendRecords([drift(0)]);
  const shared = temporaryFolder();
  if (seen) for (const archive of [ours, theirs, ours]) await archive.sync(shared, quietWork);
  const out = join(temporaryFolder(), 'export');
  await ours.exportTo(format, out, quietWork);
  const files = new Map(readdirSync(out, { recursive: true, withFileTypes: true }).filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name)).map((path) => [relative(out, path), readFileSync(path)]));
  return { files, keys: [ours, theirs].map(({ vkey }) => parseVerifierKey(vkey)) };
}

/** Bytes of some files that can be changed without anything being said. */
async function unnoticed({ files, keys }: Awaited<ReturnType<typeof exported>>, wanted: (path: string) => boolean, step: number): Promise<string[]> {
  const missed: string[] = [];
  for (const [path, good] of files) {
    for (let at = 0; wanted(path) && at < good.length; at += step) {
      const changed = Buffer.from(good);
      changed[at] = (changed[at] as number) ^ (1 << (at % 8));
      const { verdict, problems } = await verifyExport(heldFolder(new Map(files).set(path, changed)), keys, quietWork);
      // A line of a witness that is made somebody else's says nothing any more (C2SP signed-note); that it does not is said.
      const nobodys = verdict === 'good' && good.includes('\n— example.com/theirs') && problems.some(({ code, place }) => code === 'witness-unknown' && place === path);
      if (verdict !== 'bad' && !nobodys) missed.push(`${path} ${at}: ${verdict}`);
    }
  }
  return missed;
}

function heldFolder(files: ReadonlyMap<string, Buffer>): ReadableFolder {
  return {
    list: () => Promise.resolve({ files: [...files.keys()].sort(), refused: [] }),
    read: (path) => Promise.resolve(files.get(path) ?? null),
    stream: async function* (path) {
      yield files.get(path) ?? Buffer.alloc(0);
    },
  };
}

describe.each([['tiles', 1], ['jsonl', 9]] as const)('an export as %s', (format, step) => {
  it('of 200 entries is found out whichever byte is changed', { timeout: 600_000 }, async () => {
    const whole = await exported(format);
    expect(await verifyExport(heldFolder(whole.files), whole.keys, quietWork)).toMatchObject({ verdict: 'good', entries: 200, problems: [] });
    expect(await unnoticed(whole, () => true, step)).toEqual([]);
  });

  it('with who saw it is found out whichever byte of a head or a key is changed', { timeout: 120_000 }, async () => {
    const whole = await exported(format, { seen: true });
    expect(whole.files.get('example.com/ours/checkpoint')?.toString()).toContain('\n— example.com/theirs ');
    expect(await unnoticed(whole, (path) => /(?:checkpoint|vkey)$/.test(path), 1)).toEqual([]);
  });

  it('is found out where a file is missing, is cut, goes on, or stands in the place of another', async () => {
    const { files, keys } = await exported(format, { seen: true });
    for (const [path, good] of files) {
      const others = [null, Buffer.alloc(0), good.subarray(0, -1), Buffer.concat([good, Buffer.from('\n')]), ...files.values()];
      for (const changed of others.filter((bytes) => bytes?.equals(good) !== true)) {
        const tampered = new Map(files);
        if (changed === null) tampered.delete(path);
        else tampered.set(path, changed);
        const { verdict } = await verifyExport(heldFolder(tampered), keys, quietWork);
        expect(verdict, `${path}: ${changed?.length ?? 'missing'}`).toBe('bad');
      }
    }
  });
});
