import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { relationProblem } from '../../src/core/archive/relations.ts';
import type { EntryRef } from '../../src/core/model/archive.ts';
import type { Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { openTestArchive, quietWork, temporaryFolder } from './archives.ts';

const deployment = { event_type: 'deployment', deployment_id: 'd1', release_version: 'v1.1.0', deployment_environment: 'production' };
const release = { event_type: 'release', release_version: 'v1.1.0', deployment_environment: 'production' };
const rollback = { event_type: 'rollback', rollback_id: 'r1', from_version: 'v1.1.0', to_version: 'v1.0.0' };

async function refTo(archive: Archive, id: string, rel: string): Promise<EntryRef> {
  const { entry, leaf } = await archive.show(id);
  return { rel, origin: entry.origin, seq: entry.seq, leaf };
}

/** A release with its deployment and the rollback of that; gives their ids. */
async function threeOf(archive: Archive): Promise<string[]> {
  const [first] = await archive.append([{ record: deployment }]);
  const [second] = await archive.append([{ record: release, refs: [await refTo(archive, first?.id ?? '', 'deployed-by')] }]);
  const [third] = await archive.append([{ record: rollback, refs: [await refTo(archive, first?.id ?? '', 'rolls-back')] }]);
  return [first, second, third].map((one) => one?.id ?? '');
}

describe('records that point at each other', () => {
  test('are followed from both ends, in every console that has them', async () => {
    const [ours, theirs] = [await openTestArchive(), await openTestArchive()];
    const [deployed, released, rolledBack] = await threeOf(ours);
    const shared = temporaryFolder();
    for (const archive of [ours, theirs]) await archive.sync(shared, quietWork);
    for (const archive of [ours, theirs]) {
      expect((await archive.show(deployed ?? '')).referredBy).toEqual([{ rel: 'deployed-by', id: released }, { rel: 'rolls-back', id: rolledBack }]);
      expect((await archive.show(rolledBack ?? '')).referredBy).toEqual([]);
    }
    // Across logs as well, which also says that it cannot be older than what it names.
    const [answer] = await theirs.append([{ record: { event_type: 'correction' }, refs: [await refTo(theirs, rolledBack ?? '', 'corrects')] }]);
    expect(await theirs.show(answer?.id ?? '')).toMatchObject({ notBefore: { id: rolledBack, time: (await ours.show(rolledBack ?? '')).entry.time } });
    for (const archive of [theirs, ours]) await archive.sync(shared, quietWork);
    expect((await ours.show(rolledBack ?? '')).referredBy).toEqual([{ rel: 'corrects', id: answer?.id }]);
  });

  test('a pointer at what is not here yet, or that does not fit, is said', async () => {
    const [ours, theirs, last] = [await openTestArchive(), await openTestArchive(), await openTestArchive()];
    const [here, there] = [temporaryFolder(), temporaryFolder()];
    const [deployed] = await threeOf(ours);
    for (const archive of [ours, theirs]) await archive.sync(here, quietWork);
    const [wrong] = await theirs.append([{ record: { ...rollback, from_version: 'v9.0.0' }, refs: [await refTo(theirs, deployed ?? '', 'rolls-back')] }]);
    expect((await theirs.show(wrong?.id ?? '')).warnings.filter((words) => words.includes('rolls-back'))).toEqual([expect.stringContaining('from_version is v9.0.0, and release_version there is v1.1.0')]);
    // Only that log comes to the third console.
    await theirs.sync(there, quietWork);
    rmSync(join(there, ours.origin), { recursive: true });
    await last.sync(there, quietWork);
    expect((await last.show(wrong?.id ?? '')).warnings).toContainEqual(expect.stringContaining('which is not in this archive yet'));
  });

  test('are found in an archive that an older version wrote', async () => {
    const home = temporaryFolder();
    const before = await openTestArchive({ home });
    const [deployed, released, rolledBack] = await threeOf(before);
    await before.appendRecords([{ event_type: 'drift', text: '"refs":[{ is only quoted here' }]);
    before.close();
    const db = new Database(join(home, 'genesis.db'));
    db.exec('DROP TABLE reference; DROP TABLE cosignature');
    for (const table of ['search', 'search_state', 'attachment', 'kept_blob', 'keeping_act']) db.exec(`DROP TABLE IF EXISTS ${table}`);
    db.pragma('user_version = 2');
    db.close();
    const after = await openTestArchive({ home });
    expect((await after.show(deployed ?? '')).referredBy).toEqual([{ rel: 'deployed-by', id: released }, { rel: 'rolls-back', id: rolledBack }]);
    expect(await after.verify(quietWork)).toMatchObject({ verdict: 'good', entries: 4 });
  });

  test.each([
    ['deployed-by', release, deployment, null],
    ['deployed-by', release, { ...deployment, deployment_environment: 'staging' }, /deployment_environment is production/],
    ['rolls-back', rollback, deployment, null],
    ['restores', rollback, deployment, /to_version is v1\.0\.0/],
    ['restores', rollback, { ...deployment, release_version: 'v1.0.0' }, null],
    ['rolls-back', release, deployment, /does not lead from a record of release/],
    ['rolls-back', rollback, { event_type: 'deployment' }, /not said/],
    ['lifts', { event_type: 'legal_hold', hold: 'case-1' }, { event_type: 'legal_hold', hold: 'case-1' }, null],
    ['lifts', { event_type: 'legal_hold', hold: 'case-1' }, { event_type: 'legal_hold', hold: 'case-2' }, /hold is case-1, and hold there is case-2/],
    ['something-else', rollback, release, null],
  ])('%s joins what belongs together', (rel, from, to, problem) => {
    const said = relationProblem(rel, from, to);
    if (problem === null) expect(said).toBeNull();
    else expect(said).toMatch(problem);
  });
});
