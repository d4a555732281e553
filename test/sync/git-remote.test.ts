import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { AppError } from '../../src/core/model/errors.ts';
import { openShared } from '../../src/main/adapters/shared/open-shared.ts';
import type { Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { drift, everything, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';
import { bareRepository, rawTree, type BareRepository } from '../support/git-remotes.ts';

const drifts = (from: number, count: number) => Array.from({ length: count }, (_, at) => drift(from + at));
const failure = (work: Promise<unknown>): Promise<AppError> => work.then(() => Promise.reject(new Error('It did not fail')), (cause: AppError) => cause);

/** An archive with some entries, that handed them over. */
async function published(url: string, count = 3): Promise<Archive> {
  const archive = await openTestArchive();
  await archive.appendRecords(drifts(0, count));
  expect(await archive.sync(url, quietWork)).toMatchObject({ pushed: [{ origin: archive.origin, entries: count }], problems: [] });
  return archive;
}

/** Folders that a console keeps of remotes. */
function kept(home: string): string {
  return join(home, 'shared', readdirSync(join(home, 'shared'))[0] ?? '');
}

describe('sync through a git remote', { timeout: 60_000 }, () => {
  it.each(['sha1', 'sha256'])('publishes what is new and takes in what others published (%s)', async (format) => {
    const [ours, theirs] = [await openTestArchive(), await openTestArchive()];
    const remote = bareRepository(temporaryFolder(), `--object-format=${format}`);
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
    expect((await ours.logs())[0]?.witnesses).toMatchObject([{ witness: theirs.origin, size: 800 }]);
    expect(remote.git('log', '--format=%an <%ae> %s', 'genesis')).toMatch(/^Countersign <countersign@countersign\.invalid> Publish /m);
    expect(remote.git('fsck', '--strict')).not.toMatch(/error/);
  });

  it('in one direction leaves the other alone', async () => {
    const remote = bareRepository(temporaryFolder());
    const [ours, theirs] = [await published(remote.url), await openTestArchive()];
    await theirs.appendRecords(drifts(0, 2));
    const before = remote.git('rev-parse', 'genesis');
    expect(await theirs.sync(remote.url, quietWork, { direction: 'pull' })).toEqual({ url: remote.url, pushed: [], pulled: [{ origin: ours.origin, entries: 3 }], problems: [] });
    expect(remote.git('rev-parse', 'genesis')).toBe(before);
    await ours.appendRecords(drifts(3, 2));
    await ours.sync(remote.url, quietWork);
    expect(await theirs.sync(remote.url, quietWork, { direction: 'push' })).toEqual({ url: remote.url, pushed: [{ origin: theirs.origin, entries: 2 }], pulled: [], problems: [] });
    expect((await theirs.logs()).find(({ own }) => !own)?.size).toBe(3);
  });

  it('carries what others published meanwhile along: many consoles at once all converge', async () => {
    const remote = bareRepository(temporaryFolder());
    // As docs/shared-archives.md has it set up.
    for (const setting of ['receive.denyNonFastForwards', 'receive.denyDeletes', 'receive.fsckObjects']) remote.git('config', setting, 'true');
    const consoles = await Promise.all(Array.from({ length: 8 }, () => openTestArchive()));
    for (const [at, console] of consoles.entries()) await console.appendRecords(drifts(0, 1 + at));
    const all = async (): Promise<unknown[]> => (await Promise.all(consoles.map((console) => console.sync(remote.url, quietWork)))).flatMap(({ problems }) => problems);
    expect(await all()).toEqual([]);
    expect(await all()).toEqual([]);
    const states = await Promise.all(consoles.map(async (console) => (await console.logs()).map(({ origin, size, root }) => `${origin} ${size} ${root}`).sort().join('\n')));
    expect(new Set(states).size).toBe(1);
    expect(states[0]?.split('\n')).toHaveLength(8);
  }, 120_000);

  it('is one publication a commit, and a log that was changed meanwhile is not published over', async () => {
    const remote = bareRepository(temporaryFolder());
    const open = () => openShared(remote.url, { ...quietWork, home: temporaryFolder() });
    const [one, two] = [await open(), await open()];
    const file = (text: string) => [{ path: 'tile/entries/000.p/1', bytes: Buffer.from(text) }];
    expect(await one.publishIfUnchanged('example.com/a', null, file('a'), Buffer.from('first'))).toBe(true);
    expect(await two.publishIfUnchanged('example.com/a', null, file('b'), Buffer.from('second'))).toBe(false);
    expect(await two.publishIfUnchanged('example.com/b', null, file('b'), Buffer.from('other'))).toBe(true);
    expect(await one.publishIfUnchanged('example.com/a', Buffer.from('first'), [], Buffer.from('third'))).toBe(true);
    await one.add([{ path: 'example.com/a/cosigned/1.00000000', bytes: Buffer.from('x') }]);
    await two.add([{ path: 'example.com/a/cosigned/1.00000000', bytes: Buffer.from('y') }]);
    expect(remote.git('rev-list', '--count', 'genesis')).toBe('4');
    expect(['a/checkpoint', 'b/checkpoint', 'a/tile/entries/000.p/1', 'a/cosigned/1.00000000'].map((path) => remote.git('show', `genesis:example.com/${path}`))).toEqual(['third', 'other', 'a', 'x']);
    for (const shared of [one, two]) await shared.close();
  });

  it('by two processes of one console at once is as good as by one', async () => {
    const remote = bareRepository(temporaryFolder());
    const home = temporaryFolder();
    const ours = await published(remote.url);
    const [window, terminal] = [await openTestArchive({ home }), await openTestArchive({ home })];
    for (let round = 0; round < 3; round += 1) {
      await ours.appendRecords(drifts(10 * round, 2));
      await window.appendRecords(drifts(10 * round, 2));
      await ours.sync(remote.url, quietWork);
      const results = await Promise.all([window, terminal, window].map((one) => one.sync(remote.url, quietWork)));
      expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    }
    expect((await window.logs()).map(({ size }) => size)).toEqual([6, 9]);
    await ours.sync(remote.url, quietWork);
    expect((await ours.logs()).map(({ size }) => size)).toEqual([9, 6]);
  });

  it('takes what its other process published while it had already looked for nothing that was put back', async () => {
    // A commit of the same second on the same one is the same commit, so that git finds nothing to push and no race to tell of.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    try {
      const remote = bareRepository(temporaryFolder());
      const home = temporaryFolder();
      const terminal = await openTestArchive({ home });
      await terminal.appendRecords(drifts(0, 2));
      const window = await openTestArchive({
        home,
        shareAt: async (url, work) => {
          const opened = await openShared(url, work);
          expect((await terminal.sync(remote.url, quietWork)).problems).toEqual([]);
          return opened;
        },
      });
      expect((await window.sync(remote.url, quietWork)).problems).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('says how far it is, and what lies there is an export that anybody verifies', async () => {
    const remote = bareRepository(temporaryFolder());
    const labels = new Set<string>();
    const work = { signal: quietWork.signal, progress: ({ label }: { readonly label: string }) => void labels.add(label) };
    const ours = await openTestArchive();
    await ours.appendRecords(drifts(0, 300));
    await ours.sync(remote.url, work);
    const reader = await openTestArchive();
    await reader.sync(remote.url, work);
    expect([...labels]).toEqual(expect.arrayContaining(['Fetching', 'Pushing', 'Reading', 'Syncing']));
    const out = temporaryFolder();
    execFileSync('sh', ['-c', `git archive genesis | tar -x -C ${out}`], { cwd: remote.path });
    expect(await reader.verifyExport(out, [], quietWork)).toMatchObject({ verdict: 'good', entries: 300, problems: [] });
  });

  it('that is cancelled ends at once', async () => {
    const remote = bareRepository(temporaryFolder());
    await published(remote.url);
    const cancel = new AbortController();
    const syncing = (await openTestArchive()).sync(remote.url, { signal: cancel.signal, progress: () => undefined });
    cancel.abort();
    await expect(syncing).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('makes its mirror anew where that is damaged or gone', async () => {
    const remote = bareRepository(temporaryFolder());
    const home = temporaryFolder();
    const [ours, reader] = [await published(remote.url), await openTestArchive({ home })];
    await reader.sync(remote.url, quietWork);
    const mirror = join(kept(home), 'mirror.git');
    const damages = [
      () => rmSync(mirror, { recursive: true }), () => writeFileSync(join(mirror, 'HEAD'), ''), () => writeFileSync(join(mirror, 'refs/heads/genesis'), ''), () => writeFileSync(join(mirror, 'refs/heads/genesis'), `${'1'.repeat(40)}\n`),
      () => {
        mkdirSync(join(mirror, 'refs/countersign'), { recursive: true });
        writeFileSync(join(mirror, 'refs/countersign/1-x'), `${'2'.repeat(40)}\n`);
      },
      () => rmSync(join(mirror, 'objects'), { recursive: true }),
      () => {
        for (const file of readdirSync(join(mirror, 'objects'), { recursive: true, withFileTypes: true }).filter((one) => one.isFile())) {
          chmodSync(join(file.parentPath, file.name), 0o644);
          truncateSync(join(file.parentPath, file.name), 10);
        }
      },
    ];
    for (const [at, damage] of damages.entries()) {
      damage();
      await ours.appendRecords(drifts(100 + at, 1));
      await ours.sync(remote.url, quietWork);
      expect((await reader.sync(remote.url, quietWork)).pulled, `damage ${at}`).toEqual([{ origin: ours.origin, entries: 1 }]);
    }
  });

  it('keeps its mirror while the remote is out of reach', async () => {
    const remote = bareRepository(temporaryFolder());
    const home = temporaryFolder();
    await published(remote.url);
    const reader = await openTestArchive({ home });
    await reader.sync(remote.url, quietWork);
    rmSync(remote.path, { recursive: true });
    expect(await failure(reader.sync(remote.url, quietWork))).toMatchObject({ code: 'environment', hint: expect.stringContaining('git init --bare') });
    expect(existsSync(join(kept(home), 'mirror.git', 'HEAD'))).toBe(true);
  });
});

describe('a remote whose history was rewritten', { timeout: 60_000 }, () => {
  it('is told once, is kept as evidence, and does not stop the logs', async () => {
    const remote = bareRepository(temporaryFolder());
    const home = temporaryFolder();
    const ours = await published(remote.url);
    const older = remote.git('rev-parse', 'genesis');
    await ours.appendRecords(drifts(3, 2));
    await ours.sync(remote.url, quietWork);
    const watcher = await openTestArchive({ home });
    await watcher.sync(remote.url, quietWork);
    const seen = remote.git('rev-parse', 'genesis');
    remote.git('update-ref', 'refs/heads/genesis', older);
    const { pushed, problems } = await watcher.sync(remote.url, quietWork);
    expect(problems).toMatchObject([{ origin: remote.url, code: 'remote-rewritten', message: expect.stringContaining(seen) }, { origin: ours.origin, code: 'rewound' }]);
    expect(pushed).toEqual([{ origin: ours.origin, entries: 2 }]);
    expect(readFileSync(join(kept(home), 'rewritten.jsonl'), 'utf8')).toContain(seen);
    expect(existsSync(join(kept(home), 'mirror.git', 'refs', 'rewritten', seen))).toBe(true);
    expect((await watcher.sync(remote.url, quietWork)).problems).toEqual([]);
    remote.git('update-ref', '-d', 'refs/heads/genesis');
    expect((await watcher.sync(remote.url, quietWork)).problems.map(({ code }) => code)).toContain('remote-rewritten');
    expect((await (await openTestArchive()).sync(remote.url, quietWork)).pulled).toContainEqual({ origin: ours.origin, entries: 5 });
  });

  it('is told by a console whose mirror is gone as well', async () => {
    const remote = bareRepository(temporaryFolder());
    const home = temporaryFolder();
    const ours = await published(remote.url);
    const watcher = await openTestArchive({ home });
    await watcher.sync(remote.url, quietWork);
    rmSync(join(kept(home), 'mirror.git'), { recursive: true });
    remote.git('update-ref', 'refs/heads/genesis', remote.git('commit-tree', 'genesis^{tree}', '-m', 'anew'));
    expect((await watcher.sync(remote.url, quietWork)).problems).toMatchObject([{ code: 'remote-rewritten' }]);
    expect((await watcher.sync(remote.url, quietWork)).problems).toEqual([]);
    expect((await ours.sync(remote.url, quietWork)).problems).toMatchObject([{ code: 'remote-rewritten' }]);
  });
});

describe('a hostile remote', { timeout: 60_000 }, () => {
  /** Everything by which a repository can have something run, each leaving a file behind. */
  function armed(remote: BareRepository, marks: string): void {
    const script = (name: string): string => {
      const path = join(marks, `${name}.sh`);
      writeFileSync(path, `#!/bin/sh\ntouch ${join(marks, name)}\nexit 0\n`);
      chmodSync(path, 0o755);
      return path;
    };
    mkdirSync(join(remote.path, 'hooks'), { recursive: true });
    for (const hook of ['pre-receive', 'update', 'post-receive', 'post-update', 'reference-transaction', 'pre-auto-gc', 'proc-receive', 'push-to-checkout', 'post-index-change']) symlinkSync(script(`hook-${hook}`), join(remote.path, 'hooks', hook));
    mkdirSync(join(marks, 'own-hooks'));
    for (const hook of ['pre-receive', 'update', 'reference-transaction']) symlinkSync(script(`configured-${hook}`), join(marks, 'own-hooks', hook));
    const alternate = bareRepository(join(marks, 'alternate'));
    alternate.git('update-ref', 'refs/heads/x', alternate.git('commit-tree', rawTree(alternate, []), '-m', 'x'));
    writeFileSync(join(remote.path, 'objects', 'info', 'alternates'), `${join(alternate.path, 'objects')}\n`);
    for (const [key, value] of [
      ['core.hooksPath', join(marks, 'own-hooks')], ['core.fsmonitor', script('fsmonitor')], ['core.alternateRefsCommand', script('alternates')], ['core.sshCommand', script('ssh')], ['core.pager', script('pager')],
      ['uploadpack.packObjectsHook', script('pack-objects')], ['receive.procReceiveRefs', 'refs/for'], ['receive.denyCurrentBranch', 'updateInstead'], ['receive.autogc', 'true'], ['gc.auto', '1'], ['credential.helper', `!${script('credential')}`],
      ['diff.external', script('diff')], ['core.editor', script('editor')], ['gpg.program', script('gpg')], ['receive.certNonceSeed', 'x'],
    ] as const) remote.git('config', key, value);
  }

  it('runs nothing here, on fetch and on push', async () => {
    const remote = bareRepository(temporaryFolder());
    const marks = temporaryFolder();
    mkdirSync(join(marks, 'alternate'));
    armed(remote, marks);
    const ours = await openTestArchive();
    await ours.appendRecords(drifts(0, 3));
    const first = await ours.sync(remote.url, quietWork);
    const reader = await openTestArchive();
    await reader.sync(remote.url, quietWork);
    expect(readdirSync(marks).filter((name) => !name.endsWith('.sh') && !['own-hooks', 'alternate'].includes(name))).toEqual([]);
    expect(first).toMatchObject({ pushed: [{ entries: 3 }], problems: [] });
    // They would have run: git alone, on the same repository, runs them.
    const careless = bareRepository(temporaryFolder());
    careless.git('push', '--quiet', remote.path, `${careless.git('commit-tree', rawTree(careless, []), '-m', 'x')}:refs/heads/other`);
    expect(readdirSync(marks)).toContain('configured-pre-receive');
  });

  it('with entries that are no files, and paths that leave the tree, harms nothing', async () => {
    const remote = bareRepository(temporaryFolder());
    const [bad, good] = [await published(remote.url), await published(remote.url)];
    const blob = remote.feed('/etc/passwd', 'hash-object', '-w', '--stdin');
    const [host = '', name = ''] = bad.origin.split('/');
    const [, goodName = ''] = good.origin.split('/');
    const log = rawTree(remote, [['120000', 'checkpoint', blob], ['160000', 'tile', remote.git('rev-parse', 'genesis')], ['100644', 'vkey', blob]]);
    const logs = rawTree(remote, ([['40000', name, log], ['40000', goodName, remote.git('rev-parse', `genesis:${good.origin}`)]] as [string, string, string][]).sort((a, b) => (a[1] < b[1] ? -1 : 1)));
    const evil = rawTree(remote, [['100644', 'checkpoint', blob]]);
    const root = rawTree(remote, [['40000', '..', evil], ['40000', '.git', evil], ['100644', '../../escaped', blob], ['100644', 'bell\u0007', blob], ['40000', host, logs], ['120000', 'linked', blob]]);
    remote.git('update-ref', 'refs/heads/genesis', remote.git('commit-tree', root, '-p', 'genesis', '-m', 'evil'));
    const reader = await openTestArchive();
    await reader.appendRecords(drifts(0, 1));
    const { pulled, pushed, problems } = await reader.sync(remote.url, quietWork);
    expect(pulled).toEqual([{ origin: good.origin, entries: 3 }]);
    expect(pushed).toEqual([{ origin: reader.origin, entries: 1 }]);
    expect(problems.map(({ origin }) => origin)).toEqual(expect.arrayContaining(['../checkpoint', '../../escaped', 'linked', bad.origin]));
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['refused']));
    expect(existsSync(join(remote.path, '..', 'escaped'))).toBe(false);
    expect((await good.sync(remote.url, quietWork)).pulled).toContainEqual({ origin: reader.origin, entries: 1 });
  });

  it('with 200 MB where a checkpoint is expected is refused before it is read', async () => {
    const remote = bareRepository(temporaryFolder());
    const [bad, good] = [await published(remote.url), await published(remote.url)];
    const huge = remote.feed(Buffer.alloc(200_000_000), 'hash-object', '-w', '--stdin');
    remote.feed(`commit refs/heads/genesis\ncommitter E <e@example.com> 1 +0000\ndata 1\nx\nfrom refs/heads/genesis^0\nM 100644 ${huge} ${bad.origin}/checkpoint\n\n`, 'fast-import', '--quiet');
    const reader = await openTestArchive();
    const before = process.memoryUsage().rss;
    const { pulled, problems } = await reader.sync(remote.url, quietWork);
    expect(pulled).toEqual([{ origin: good.origin, entries: 3 }]);
    expect(problems).toMatchObject([{ origin: bad.origin, code: 'refused', message: expect.stringContaining('200000000 bytes') }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });

  it.each([
    ['a tree that is none', (remote: BareRepository) => remote.git('commit-tree', remote.feed('100644 no end', 'hash-object', '-t', 'tree', '-w', '--stdin', '--literally'), '-m', 'x')],
    ['a tree that is not there', (remote: BareRepository) => remote.feed(`tree ${'1'.repeat(40)}\nauthor E <e@example.com> 1 +0000\ncommitter E <e@example.com> 1 +0000\n\nx\n`, 'hash-object', '-t', 'commit', '-w', '--stdin', '--literally')],
    ['a file that is not there', (remote: BareRepository) => remote.git('commit-tree', rawTree(remote, [['100644', 'a', '1'.repeat(40)]]), '-m', 'x')],
  ])('with %s is an unusable place, and no more', async (_, make) => {
    const remote = bareRepository(temporaryFolder());
    remote.git('update-ref', 'refs/heads/genesis', make(remote));
    const ours = await openTestArchive();
    await ours.appendRecords(drifts(0, 1));
    expect(await failure(ours.sync(remote.url, quietWork))).toMatchObject({ code: 'environment' });
    remote.git('update-ref', '-d', 'refs/heads/genesis');
    expect(await ours.sync(remote.url, quietWork)).toMatchObject({ pushed: [{ entries: 1 }], problems: [] });
  });

  it('with a tree of a hundred million files is given up', async () => {
    const remote = bareRepository(temporaryFolder());
    let tree = rawTree(remote, Array.from({ length: 10 }, (_, at) => ['100644', `${at}`, remote.feed('x', 'hash-object', '-w', '--stdin')] as const));
    for (let level = 0; level < 7; level += 1) tree = rawTree(remote, Array.from({ length: 10 }, (_, at) => ['40000', `${at}`, tree] as const));
    remote.git('update-ref', 'refs/heads/genesis', remote.git('commit-tree', tree, '-m', 'bomb'));
    expect(await failure((await openTestArchive()).sync(remote.url, quietWork))).toMatchObject({ code: 'too-large' });
  });

  it('whose ref is no commit is refused, and so is one that is no bare repository', async () => {
    const remote = bareRepository(temporaryFolder());
    mkdirSync(join(remote.path, 'refs', 'heads'), { recursive: true });
    writeFileSync(join(remote.path, 'refs', 'heads', 'genesis'), `${remote.feed('x', 'hash-object', '-w', '--stdin')}\n`);
    const ours = await openTestArchive();
    expect(await failure(ours.sync(remote.url, quietWork))).toMatchObject({ code: 'malformed', message: expect.stringContaining('blob, not a commit') });
    const empty = temporaryFolder();
    expect(await failure(ours.sync(`git+file://${empty}`, quietWork))).toMatchObject({ code: 'environment' });
  });
});
