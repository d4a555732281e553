import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drift, everything, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';

const drifts = (from: number, count: number) => Array.from({ length: count }, (_, at) => drift(from + at));

function bareRepository(): { readonly path: string; readonly url: string; readonly git: (...args: readonly string[]) => string } {
  const path = join(temporaryFolder(), 'genesis.git');
  execFileSync('git', ['init', '--quiet', '--bare', path]);
  return { path, url: `git+file://${path}`, git: (...args) => execFileSync('git', args, { cwd: path, encoding: 'utf8' }).trim() };
}

describe('sync through a git remote', { timeout: 60_000 }, () => {
  it('publishes what is new and takes in what others published', async () => {
    const [ours, theirs] = [await openTestArchive(), await openTestArchive()];
    const remote = bareRepository();
    await ours.appendRecords(drifts(0, 300));
    expect(await ours.sync(remote.url, quietWork)).toEqual({ url: remote.url, pushed: [{ origin: ours.origin, entries: 300 }], pulled: [], problems: [] });
    expect(await theirs.sync(remote.url, quietWork)).toEqual({ url: remote.url, pushed: [], pulled: [{ origin: ours.origin, entries: 300 }], problems: [] });
    await ours.appendRecords(drifts(300, 500));
    expect((await ours.sync(remote.url, quietWork)).pushed).toEqual([{ origin: ours.origin, entries: 500 }]);
    expect((await theirs.sync(remote.url, quietWork)).pulled).toEqual([{ origin: ours.origin, entries: 500 }]);
    const before = remote.git('rev-parse', 'genesis');
    expect(await ours.sync(remote.url, quietWork)).toMatchObject({ pushed: [], pulled: [], problems: [] });
    expect(remote.git('rev-parse', 'genesis')).toBe(before);
    expect((await theirs.list({ ...everything, limit: 1 })).entries[0]).toMatchObject({ origin: ours.origin, seq: 799 });
    expect(await theirs.verify(quietWork)).toMatchObject({ verdict: 'good', entries: 800 });
    expect(remote.git('log', '--format=%an <%ae> %s', 'genesis')).toMatch(/^Countersign <countersign@countersign\.invalid> Publish /m);
  });
});
