import { cpSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/core/archive/checkpoint.ts';
import { parseVerifierKey } from '../../src/core/archive/note.ts';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import { verifyFork, type ForkProof } from '../../src/core/sync/fork-proof.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { drift, openTestArchive, quietWork, temporaryFolder } from './archives.ts';

const cores: Core[] = [];
afterEach(async () => {
  for (const core of cores.splice(0)) await core.close();
});

function consoleAt(home: string): Client {
  const core = compose({ shell: 'test', home });
  cores.push(core);
  return connect({ call: (call, input) => core.dispatch(call, input, { shell: 'test' }), listen: core.listen });
}

describe('the path of an entry', () => {
  it('comes to the root that its log signed, with whoever cosigned it, and is the proof that is written', async () => {
    const [home, otherHome, shared] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const [ours, other] = [await openTestArchive({ home }), await openTestArchive({ home: otherHome })];
    await ours.appendRecords(Array.from({ length: 11 }, (_, at) => drift(at)));
    for (const archive of [ours, other, ours]) await archive.sync(shared, quietWork);
    ours.close();
    const client = consoleAt(home);
    for (const seq of [0, 5, 10]) {
      const path = await client.call('archive.path', { id: String(seq) });
      const proven = await client.call('archive.prove', { id: String(seq), out: null, beside: null });
      expect(path).toMatchObject({ id: proven.id, leaf: proven.leaf, size: 11, holds: true, proof: proven.proof, vkey: ours.vkey, witnesses: [{ witness: other.origin, person: null, size: 11 }] });
      expect(path.steps.at(-1)?.parent).toBe(path.root);
      expect(openCheckpoint(Buffer.from(path.checkpoint), parseVerifierKey(path.vkey)).root.toString('hex')).toBe(path.root);
    }
    await expect(client.call('archive.path', { id: '11' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(client.call('archive.path', { id: 'x' })).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('does not hold where an entry was changed', async () => {
    const home = temporaryFolder();
    const ours = await openTestArchive({ home });
    await ours.appendRecords([drift(1), drift(2), drift(3)]);
    ours.close();
    const db = new Database(join(home, 'genesis.db'));
    db.prepare("UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"at\":2', '\"at\":7') AS BLOB) WHERE seq = 1").run();
    db.close();
    const client = consoleAt(home);
    expect(await client.call('archive.path', { id: '0' })).toMatchObject({ holds: true });
    expect(await client.call('archive.path', { id: '1' })).toMatchObject({ holds: false });
  });
});

describe('what is kept of a fork', () => {
  it('is shown with both heads, and proves it to whoever has the key', async () => {
    const [home, twinHome, watcherHome, before, shared] = Array.from({ length: 5 }, temporaryFolder) as [string, string, string, string, string];
    const start = await openTestArchive({ home });
    await start.appendRecords([drift(0)]);
    start.close();
    cpSync(home, twinHome, { recursive: true });
    const [ours, twin, watcher] = [await openTestArchive({ home }), await openTestArchive({ home: twinHome }), await openTestArchive({ home: watcherHome })];
    await ours.appendRecords([drift(1), drift(2)]);
    await ours.sync(before, quietWork);
    await watcher.sync(before, quietWork);
    await twin.appendRecords([drift(8), drift(9), drift(10)]);
    await twin.sync(shared, quietWork);
    await watcher.sync(shared, quietWork);
    watcher.close();
    const client = consoleAt(watcherHome);
    const { forks } = await client.call('archive.forks', {});
    expect(forks).toMatchObject([{ origin: ours.origin, source: shared, seq: 1 }]);
    const [fork] = forks;
    const key = parseVerifierKey(ours.vkey);
    expect(verifyFork(fork?.proof as ForkProof, openCheckpoint(Buffer.from(fork?.seen ?? ''), key), openCheckpoint(Buffer.from(fork?.other ?? ''), key))).toBe(true);
    // It is marked in its lane, and its entries are found.
    expect((await client.call('archive.timeline', { query: '', bins: 10 })).lanes.find(({ origin }) => origin === ours.origin)).toMatchObject({ state: 'quarantined', entries: 3 });
    expect((await client.call('archive.search', { query: `origin:${ours.origin}`, offset: 0, limit: 10, whole: true })).total).toBe(3);
  });
});
