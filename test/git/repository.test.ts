import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AppError } from '../../src/core/model/errors.ts';
import { openRepository } from '../../src/main/adapters/git/open-repository.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder, TestRepository } from '../support/repository.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder('git');
});
afterEach(() => folder.remove());

const at = (...parts: readonly string[]): string => join(folder.path, ...parts);
const failure = (work: Promise<unknown>): Promise<AppError> => work.then(() => Promise.reject(new Error('It did not fail')), (cause: AppError) => cause);

describe('what a repository says', () => {
  test('commits of the range, with authors, co-authors, reviews and security marks', async () => {
    const made = new TestRepository(at('repository'));
    made.write('a', '1').commit('first');
    made.git('tag', 'v1.0.0');
    made.git('switch', '--quiet', '--create', 'feature');
    made.write('b', '2').commit('Fix CVE-2025-12345\n\nAlso ghsa-2345-6789-cfgh.\n\nReviewed-by: Grace <grace@example.com>\nCo-authored-by: Alan <alan@example.com>');
    made.git('switch', '--quiet', 'main');
    made.git('merge', '--quiet', '--no-ff', '-m', 'Merge pull request #7 from example/feature', 'feature');
    const head = made.write('c', '3').commit('Add a thing (#8)\n\nNot this: Emergency: emergency-2\n\nEmergency: emergency-20260112-001\nEmergency:');
    const repository = await openRepository(made.path);
    const since = await repository.resolve('v1.0.0');
    const { commits, changes } = await repository.history(head, since);
    expect(commits.map(({ subject }) => subject)).toEqual(['Add a thing (#8)', 'Merge pull request #7 from example/feature', 'Fix CVE-2025-12345']);
    expect(changes).toEqual([{ path: 'b', change: 'added', commits: [commits[2]?.id] }, { path: 'c', change: 'added', commits: [head] }]);
    expect(commits[0]?.reviews).toEqual([{ kind: 'squash-merge', who: null, pullRequest: 8 }]);
    expect(commits.map(({ emergencies }) => emergencies)).toEqual([['emergency-20260112-001'], undefined, undefined]);
    expect(commits[1]?.reviews).toEqual([{ kind: 'merge-commit', who: null, pullRequest: 7 }]);
    expect(commits[2]).toMatchObject({
      author: { name: 'Ada Example', email: 'ada@example.com' }, coAuthors: ['Alan <alan@example.com>'], time: '2026-01-02T03:04:05Z',
      reviews: [{ kind: 'reviewed-by', who: 'Grace <grace@example.com>' }], securityMarks: ['CVE-2025-12345', 'GHSA-2345-6789-cfgh'],
    });
    expect(await repository.isAncestor(since, head)).toBe(true);
    expect(await repository.isAncestor(head, since)).toBe(false);
  });

  test('tags are releases only where their names are versions and lead to a commit', async () => {
    const made = new TestRepository(at('repository'));
    const commit = made.write('a', '1').commit('first');
    made.git('tag', 'v1.0.0');
    made.git('tag', '-a', '-m', 'annotated', 'v1.1.0');
    made.git('tag', 'nightly');
    made.git('tag', 'v2.0.0', made.git('rev-parse', 'HEAD^{tree}'));
    const { tags } = await (await openRepository(made.path)).inspect();
    expect(tags).toEqual([{ name: 'v1.0.0', commit }, { name: 'v1.1.0', commit }]);
  });

  test('which files differ since the last release, and by which commits', async () => {
    const made = new TestRepository(at('repository'));
    made.write('kept', '1').write('gone', '1').write('changed', '1').commit('first');
    made.git('tag', 'v1.0.0');
    made.git('rm', '--quiet', 'gone');
    const second = made.write('changed', '2').write('two\nlines', '1').commit('second');
    const third = made.write('changed', '3').write('back', '1').commit('third');
    made.git('switch', '--quiet', '--create', 'side', 'v1.0.0');
    made.write('aside', '1').commit('aside');
    made.git('switch', '--quiet', 'main');
    made.git('merge', '--quiet', '--no-ff', '--no-commit', 'side');
    // A merge can bring in what none of its commits has.
    const head = made.write('smuggled', '1').commit('Merge branch side');
    const repository = await openRepository(made.path);
    const { changes } = await repository.history(head, await repository.resolve('v1.0.0'));
    const [aside, back, changed, gone, smuggled, newline] = changes;
    expect(changes).toHaveLength(6);
    expect(aside).toMatchObject({ path: 'aside', change: 'added' });
    expect(back).toEqual({ path: 'back', change: 'added', commits: [third] });
    expect(changed).toEqual({ path: 'changed', change: 'modified', commits: [third, second] });
    expect(gone).toEqual({ path: 'gone', change: 'deleted', commits: [second] });
    expect(smuggled).toEqual({ path: 'smuggled', change: 'added', commits: [] });
    expect(newline).toEqual({ path: 'two\nlines', change: 'added', commits: [second] });
    const whole = await repository.history(head, null);
    expect(whole.changes.map(({ path, change }) => `${change} ${path}`)).toEqual(['added aside', 'added back', 'added changed', 'added kept', 'added smuggled', 'added two\nlines']);
  });

  test('what a signature in a commit is over, as git itself would verify it', async () => {
    const made = new TestRepository(at('repository'));
    const gpg = new GpgHome();
    try {
      const key = gpg.key('Ada Example <ada@example.com>');
      const plain = made.write('a', '1').commit('first');
      const signed = made.write('a', '2').commit('second\n\n gpgsig in its body\n', `--gpg-sign=${key}`);
      const [only, ...more] = await (await openRepository(made.path)).signedCommits([plain, signed]);
      expect(more).toEqual([]);
      expect(only?.id).toBe(signed);
      writeFileSync(at('payload'), only?.payload ?? '');
      writeFileSync(at('payload.asc'), only?.signature ?? '');
      expect(execFileSync('gpg', ['--status-fd', '1', '--verify', at('payload.asc'), at('payload')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })).toContain(`VALIDSIG ${key}`);
    } finally {
      gpg.remove();
    }
  });

  test('names with newlines, quotes and bytes that are no UTF-8', async () => {
    const made = new TestRepository(at('repository'));
    made.write('two\nlines "quoted"', 'x');
    const bytes = Buffer.concat([Buffer.from(`${made.path}/`), Buffer.from([0x62, 0xff, 0x61])]);
    writeFileSync(bytes, 'y');
    made.git('config', 'i18n.commitEncoding', 'ISO-8859-1');
    const head = made.commit('Gr\u00fc\u00dfe');
    const repository = await openRepository(made.path);
    expect(await repository.files(head)).toEqual(['b\uFFFDa', 'two\nlines "quoted"']);
    const file = await repository.read(head, 'two\nlines "quoted"', 10);
    expect(Buffer.from(file?.bytes ?? []).toString()).toBe('x');
    expect((await repository.history(head, null)).commits[0]?.subject).toMatch(/^Gr/);
  });

  test('files are read from the commit, within a limit', async () => {
    const made = new TestRepository(at('repository'));
    const head = made.write('docs/a.md', 'committed').commit('first');
    made.write('docs/a.md', 'changed since');
    const repository = await openRepository(made.path);
    expect(Buffer.from((await repository.read(head, 'docs/a.md', 100))?.bytes ?? []).toString()).toBe('committed');
    expect(await repository.read(head, 'docs', 100)).toBeNull();
    expect(await repository.read(head, 'nothing', 100)).toBeNull();
    expect((await failure(repository.read(head, 'docs/a.md', 3))).code).toBe('too-large');
    expect(await repository.isDirty()).toBe(true);
  });
});

describe('every kind of repository', () => {
  test.each(['bare', 'shallow', 'detached', 'worktree'] as const)('%s', async (kind) => {
    const made = new TestRepository(at('repository'));
    made.write('a', '1').commit('first');
    const head = made.write('a', '2').commit('second');
    let path = at(kind);
    if (kind === 'bare') made.git('clone', '--quiet', '--bare', made.path, path);
    if (kind === 'shallow') made.git('clone', '--quiet', '--depth=1', `file://${made.path}`, path);
    if (kind === 'worktree') made.git('worktree', 'add', '--quiet', '--detach', path);
    if (kind === 'detached') {
      made.git('checkout', '--quiet', '--detach');
      path = made.path;
    }
    const repository = await openRepository(path);
    const state = await repository.inspect();
    expect(state).toMatchObject({ head, bare: kind === 'bare', shallow: kind === 'shallow', branch: kind === 'detached' || kind === 'worktree' ? null : 'main' });
    expect((await repository.history(head, null)).commits).toHaveLength(kind === 'shallow' ? 1 : 2);
  });

  test('an empty one has no commit yet', async () => {
    const made = new TestRepository(at('repository'));
    const repository = await openRepository(made.path);
    expect((await repository.inspect()).head).toBeNull();
    expect(await failure(repository.resolve('HEAD'))).toMatchObject({ code: 'unknown-revision', message: expect.stringContaining('no commit yet') as string });
  });

  test('SHA-256 object names', async () => {
    const made = new TestRepository(at('repository'), '--object-format=sha256');
    const head = made.write('a', '1').commit('first');
    expect(head).toHaveLength(64);
    expect(await (await openRepository(made.path)).resolve('HEAD')).toBe(head);
  });

  test.each([
    ['a folder that is not there', () => at('nothing'), 'not-found'],
    ['a file', () => at('file'), 'not-a-repository'],
    ['a folder without a repository', () => at('plain'), 'not-a-repository'],
    ['a folder inside a repository', () => at('repository/docs'), 'not-a-repository'],
  ])('%s is refused in one sentence', async (_, path, code) => {
    new TestRepository(at('repository')).write('docs/a', '1').commit('first');
    writeFileSync(at('file'), '');
    execFileSync('mkdir', ['-p', at('plain')]);
    const error = await failure(openRepository(path()));
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(path());
  });

  test.each(['v9.9.9', '--all', '-n1', 'HEAD;id', 'refs/heads/nothing', '\u0001'])('the revision %j is not there', async (revision) => {
    const made = new TestRepository(at('repository'));
    made.commit('first');
    made.git('tag', 'v1.0.0');
    const error = await failure((await openRepository(made.path)).resolve(revision));
    expect(error.code).toBe('unknown-revision');
    expect(error.hint).toContain('v1.0.0');
  });
});

describe('a hostile repository runs nothing', () => {
  test('hooks, monitors, filters, text conversions, external diffs, ssh and signature programs', async () => {
    const made = new TestRepository(at('repository'));
    const trap = at('trap.sh');
    const sprung = at('sprung');
    writeFileSync(trap, `#!/bin/sh\necho "$0 $*" >> ${sprung}\ncat\n`);
    chmodSync(trap, 0o755);
    made.write('file.bin', 'one').write('.gitattributes', '*.bin filter=evil diff=evil merge=evil\n');
    const head = made.commit('first');
    made.git('tag', 'v1.0.0');
    for (const key of [
      'core.fsmonitor', 'core.sshCommand', 'core.pager', 'core.editor', 'core.askPass', 'core.gitProxy', 'diff.external', 'gpg.program', 'credential.helper',
      'filter.evil.clean', 'filter.evil.smudge', 'filter.evil.process', 'diff.evil.command', 'diff.evil.textconv', 'merge.evil.driver',
      'uploadpack.packObjectsHook', 'core.alternateRefsCommand', 'pager.log', 'alias.log', 'alias.status', 'remote.origin.uploadpack',
    ]) made.git('config', key, key === 'alias.log' || key === 'alias.status' ? `!${trap}` : trap);
    made.git('config', 'filter.evil.required', 'true');
    made.git('config', 'log.showSignature', 'true');
    made.git('config', 'remote.origin.url', `ext::${trap}`);
    made.git('config', 'remote.origin.promisor', 'true');
    made.git('config', 'core.hooksPath', at());
    for (const hook of ['post-checkout', 'post-index-change', 'pre-commit', 'reference-transaction', 'fsmonitor-watchman']) {
      writeFileSync(at(hook), `#!/bin/sh\necho ${hook} >> ${sprung}\n`);
      chmodSync(at(hook), 0o755);
    }
    writeFileSync(join(made.path, 'file.bin'), 'two');

    const repository = await openRepository(made.path);
    await repository.inspect();
    await repository.resolve('v1.0.0');
    await repository.history(head, null);
    await repository.files(head);
    await repository.read(head, 'file.bin', 100);
    await failure(repository.resolve('0123456789012345678901234567890123456789'));
    expect(await repository.isDirty()).toBe(true);
    expect(existsSync(sprung)).toBe(false);

    // The trap itself works: git without our hardening springs it.
    spawnSync('git', ['status'], { cwd: made.path, stdio: 'ignore' });
    expect(existsSync(sprung)).toBe(true);
  });

  test('a repository of another owner is read, because nothing of it is run', async () => {
    const made = new TestRepository(at('repository'));
    const head = made.write('a', '1').commit('first');
    if (process.getuid?.() === 0) execFileSync('chown', ['-R', 'nobody', made.path]);
    expect(await (await openRepository(made.path)).resolve('HEAD')).toBe(head);
  });

  test('a work tree that its configuration moves elsewhere is told', async () => {
    const made = new TestRepository(at('repository'));
    made.commit('first');
    made.git('config', 'core.worktree', '/etc');
    expect((await failure(openRepository(made.path))).code).toBe('not-a-repository');
  });
});
