/** One side of bench/archive-pull.ts, in a process of its own: SIDE HOME SHARED. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBundle } from '../../src/core/archive/bundles.ts';
import { readCheckpoint } from '../../src/core/archive/checkpoint.ts';
import { TILE_WIDTH, tilePath } from '../../src/core/archive/tiles.ts';
import { GrowingTree, leafHash } from '../../src/core/archive/tree.ts';
import { openDatabase } from '../../src/main/adapters/sqlite/database.ts';
import { openArchive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { seconds, tell } from './measured.ts';
import { BOOT, ORIGIN, RecordMaker } from './records.ts';

const [side = '', home = '', shared = '', entries = '0'] = process.argv.slice(2);
const work = { signal: new AbortController().signal, progress: () => undefined };

const sides: Readonly<Record<string, () => Promise<number>>> = {
  publish: async () => {
    const archive = await openArchive({ home, now: () => new Date(), boot: BOOT, origin: ORIGIN });
    const drafts = function* () {
      for (const record of new RecordMaker(Number(entries)).each()) yield { record };
    };
    await archive.appendEach(drafts(), () => undefined);
    const took = await seconds(() => archive.sync(shared, work));
    archive.close();
    return took;
  },

  pull: async () => {
    const archive = await openArchive({ home, now: () => new Date(), boot: BOOT });
    const took = await seconds(async () => {
      const { pulled, problems } = await archive.sync(shared, work);
      if (pulled.length !== 1 || problems.length > 0) throw new Error(JSON.stringify(problems));
    });
    archive.close();
    return took;
  },

  // Whoever keeps a copy of the files and the same rows, and computes the same hashes.
  copy: async () => {
    const db = openDatabase(join(home, 'bare.db'));
    db.prepare("INSERT INTO log (origin, vkey, size, edge, checkpoint) VALUES (?, '', 0, x'', x'')").run(ORIGIN);
    const insert = db.prepare('INSERT INTO entry (log, seq, leaf, event_type, release, imported, time, bytes) VALUES (1, ?, ?, ?, ?, ?, ?, ?)');
    const copy = join(home, 'copy');
    const took = await seconds(() => {
      const git = shared.startsWith('git+file://');
      const { status } = git ? spawnSync('git', ['clone', '-q', shared.slice('git+'.length), copy]) : spawnSync('cp', ['-r', shared, copy]);
      if (status !== 0) throw new Error(`the copy of ${shared} ended with ${status}`);
      const log = join(copy, ORIGIN);
      const { size } = readCheckpoint(readFileSync(join(log, 'checkpoint')));
      const tree = new GrowingTree();
      db.transaction(() => {
        for (let index = 0; index * TILE_WIDTH < size; index += 1) {
          const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
          const path = join(log, tilePath({ level: 'entries', index, width }));
          if (!existsSync(path)) throw new Error(`${path} is missing`);
          for (const bytes of decodeBundle(readFileSync(path), width)) {
            const leaf = leafHash(bytes);
            insert.run(tree.size, leaf, 'drift', null, 0, '2026-01-31T12:00:00.000Z', bytes);
            tree.append(leaf);
          }
        }
      }).immediate();
      tree.root();
    });
    db.close();
    return took;
  },
};

const run = sides[side];
if (run === undefined) throw new Error(`there is no side ${side}`);
tell(await run());
