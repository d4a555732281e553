import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';
import type { OpenRepository, ReleaseTag, Repository, RepositoryState } from '../../../core/workflow/repository.ts';
import { signedCommitOf } from './commit-signatures.ts';
import { LOG_FORMAT, parseLog, parseNameStatus } from './parse-log.ts';
import { runGit, type GitOptions, type GitResult } from './run-git.ts';

const MAX_HISTORY_BYTES = 1024 * 1024 * 1024;
const FULL_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const SEMANTIC = /^v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;

/** Opens a git repository as hostile input. Errors: `not-found`, `not-a-repository`, `git-unavailable`. */
export const openRepository: OpenRepository = async (given) => {
  const folder = await existingFolder(given);
  const overrides = await programOverrides(folder);
  const git = (args: readonly string[], options: GitOptions = {}): Promise<GitResult> => runGit(folder, args, { ...options, overrides });
  const asked = async (args: readonly string[], options: GitOptions = {}): Promise<string> => {
    const result = await git(args, options);
    if (result.code !== 0) throw failed(args, folder, result);
    return result.stdout.toString('utf8');
  };
  await assertRepository(folder, git);

  const tags = async (): Promise<ReleaseTag[]> => {
    const listed = await asked(['for-each-ref', '--format=%(refname:strip=2)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)', 'refs/tags']);
    return listed.split('\n').flatMap((line) => {
      const [name = '', type, id = '', peeledType, peeled = ''] = line.split('\0');
      if (!SEMANTIC.test(name)) return [];
      if (type === 'commit') return [{ name, commit: id }];
      return peeledType === 'commit' ? [{ name, commit: peeled }] : [];
    });
  };

  const resolveRevision = async (revision: string): Promise<string> => {
    for (const candidate of [`refs/tags/${revision}`, revision]) {
      const result = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${candidate}^{commit}`]);
      const id = result.stdout.toString('utf8').trim();
      if (result.code === 0 && FULL_ID.test(id)) return id;
    }
    throw await unknownRevision(revision, folder, tags);
  };

  const trees = new Map<string, Map<string, string>>();
  /** Blobs and submodules of a commit by path; kept, because a commit never changes. */
  const tree = async (commit: string, signal?: AbortSignal): Promise<Map<string, string>> => {
    const known = trees.get(commit);
    if (known !== undefined) return known;
    const listed = await asked(['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit], { signal, maximumBytes: MAX_HISTORY_BYTES });
    const found = new Map<string, string>();
    for (const line of listed.split('\0')) {
      const tab = line.indexOf('\t');
      if (tab > 0) found.set(line.slice(tab + 1), line.slice(0, tab).split(' ')[2] ?? '');
    }
    trees.set(commit, found);
    return found;
  };

  const repository: Repository = {
    resolve: resolveRevision,
    inspect: async (): Promise<RepositoryState> => {
      const [bare, shallow, branch, head] = await Promise.all([
        asked(['rev-parse', '--is-bare-repository']),
        asked(['rev-parse', '--is-shallow-repository']),
        git(['symbolic-ref', '--quiet', '--short', 'HEAD']),
        git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']),
      ]);
      return {
        path: folder,
        branch: branch.code === 0 ? branch.stdout.toString('utf8').trim() : null,
        head: head.code === 0 ? head.stdout.toString('utf8').trim() : null,
        bare: bare.trim() === 'true',
        shallow: shallow.trim() === 'true',
        tags: await tags(),
      };
    },
    commit: async (id) => {
      const result = await git(['log', '-1', '-z', `--format=${LOG_FORMAT}`, '--end-of-options', id, '--']);
      const [commit] = result.code === 0 ? parseLog(result.stdout).commits : [];
      if (commit === undefined) throw failed(['log'], folder, result);
      return commit;
    },
    history: async (commit, since, signal) => {
      const range = since === null ? [commit] : [commit, `^${since}`];
      const [log, difference] = await Promise.all([
        git(['log', '-z', '--name-status', '--no-renames', '--diff-merges=off', `--format=${LOG_FORMAT}`, '--end-of-options', ...range, '--'], {
          signal, maximumBytes: MAX_HISTORY_BYTES, timeout: 600_000,
        }),
        since === null ? null : git(['diff-tree', '-r', '-z', '--name-status', '--no-renames', '--end-of-options', since, commit, '--'], { signal, maximumBytes: MAX_HISTORY_BYTES }),
      ]);
      if (log.code !== 0) throw failed(['log'], folder, log);
      const { commits, touched } = parseLog(log.stdout);
      if (difference === null) return { commits, changes: (await repository.files(commit, signal)).map((path) => ({ path, change: 'added', commits: touched.get(path) ?? [] })) };
      if (difference.code !== 0) throw failed(['diff-tree'], folder, difference);
      return { commits, changes: parseNameStatus(difference.stdout).map(({ path, change }) => ({ path, change, commits: touched.get(path) ?? [] })) };
    },
    isAncestor: async (ancestor, commit) => (await git(['merge-base', '--is-ancestor', '--end-of-options', ancestor, commit])).code === 0,
    isDirty: async () => {
      const result = await git(['status', '--porcelain', '-z', '--untracked-files=no', '--ignore-submodules=all']);
      return result.code === 0 && result.stdout.length > 0;
    },
    files: async (commit, signal) => [...(await tree(commit, signal)).keys()],
    readMany: async (commit, paths, limit, signal, larger = 'refused') => {
      const blobs = await tree(commit, signal);
      const wanted = paths.flatMap((path) => {
        const blob = blobs.get(path);
        return blob === undefined ? [] : [{ path, blob }];
      });
      const listed = wanted.map(({ blob }) => `${blob}\n`).join('');
      const sizes = (await asked(['cat-file', '--batch-check=%(objecttype) %(objectsize)'], { input: listed, signal })).split('\n');
      const small = wanted.filter(({ path }, at) => {
        const size = Number(/^blob (\d+)$/.exec(sizes[at] ?? '')?.[1] ?? 0);
        if (size > limit && larger === 'refused') throw tooLarge(path, commit, size, limit);
        return size <= limit;
      });
      const result = await git(['cat-file', '--batch'], { input: small.map(({ blob }) => `${blob}\n`).join(''), signal, maximumBytes: MAX_HISTORY_BYTES });
      if (result.code !== 0) throw failed(['cat-file'], folder, result);
      return objectsOf(result.stdout, 'blob').flatMap((bytes, at) => (bytes === null ? [] : [{ path: small[at]?.path ?? '', bytes }]));
    },
    signedCommits: async (ids, signal) => {
      const result = await git(['cat-file', '--batch'], { input: ids.map((id) => `${id}\n`).join(''), signal, maximumBytes: MAX_HISTORY_BYTES });
      if (result.code !== 0) throw failed(['cat-file'], folder, result);
      return objectsOf(result.stdout, 'commit').flatMap((object, at) => (object === null ? [] : (signedCommitOf(ids[at] ?? '', object) ?? [])));
    },
    read: async (commit, path, limit) => {
      const name = `${commit}:${path}`;
      const type = await git(['cat-file', '-t', name]);
      if (type.code !== 0 || type.stdout.toString('utf8').trim() !== 'blob') return null;
      const size = Number((await asked(['cat-file', '-s', name])).trim());
      if (size > limit) throw tooLarge(path, commit, size, limit);
      const blob = await git(['cat-file', 'blob', name], { maximumBytes: limit });
      if (blob.code !== 0) throw failed(['cat-file'], folder, blob);
      return { path, bytes: blob.stdout };
    },
  };
  return repository;
};

/** Reads `git cat-file --batch`: a header line, the bytes, a line end; null for what is missing or of another type. */
function objectsOf(output: Buffer, wanted: 'blob' | 'commit'): (Buffer | null)[] {
  const blobs: (Buffer | null)[] = [];
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0x0a, at);
    if (end === -1) break;
    const [, type, size] = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (size === undefined) {
      blobs.push(null);
      continue;
    }
    blobs.push(type === wanted ? output.subarray(at, at + Number(size)) : null);
    at += Number(size) + 1;
  }
  return blobs;
}

function tooLarge(path: string, commit: string, size: number, limit: number): AppError {
  return new AppError('too-large', `${path} of commit ${commit.slice(0, 12)} is ${size} bytes; ${limit} are read.`, { details: { path, size, limit } });
}

async function existingFolder(given: string): Promise<string> {
  const path = resolve(given);
  const found = await stat(path).catch(() => null);
  if (found === null) throw new AppError('not-found', `There is no folder ${path}.`, { details: { path } });
  if (!found.isDirectory()) throw new AppError('not-a-repository', `${path} is not a folder.`, { details: { path } });
  return realpath(path);
}

/**
 * Filters, text conversions and merge drivers are named by the repository itself, so their programs are found first
 * (listing the configuration starts nothing) and then each is overridden with nothing.
 */
async function programOverrides(folder: string): Promise<[string, string][]> {
  const listed = await runGit(folder, ['config', '--list', '--name-only', '-z'], { maximumBytes: 8 * 1024 * 1024 });
  const names = new Set(listed.stdout.toString('utf8').split('\0'));
  const overrides: [string, string][] = [];
  for (const name of names) {
    if (/^filter\..*\.(?:clean|smudge|process)$/is.test(name)) overrides.push([name, '']);
    else if (/^filter\..*\.required$/is.test(name)) overrides.push([name, 'false']);
    else if (/^diff\..*\.(?:command|textconv)$/is.test(name)) overrides.push([name, '']);
    else if (/^(?:merge|mergetool|difftool)\..*\.(?:driver|cmd)$/is.test(name)) overrides.push([name, 'false']);
  }
  return overrides;
}

async function assertRepository(folder: string, git: (args: readonly string[]) => Promise<GitResult>): Promise<void> {
  const found = await git(['rev-parse', '--absolute-git-dir']);
  if (found.code !== 0) {
    throw new AppError('not-a-repository', `${folder} is not a git repository: ${found.stderr.split('\n')[0] ?? ''}`, {
      hint: 'Choose the folder that holds .git, or a bare repository.', details: { path: folder },
    });
  }
  const top = await git(['rev-parse', '--show-toplevel']);
  const topPath = top.stdout.toString('utf8').replace(/\n$/, '');
  if (top.code === 0 && topPath !== '' && topPath !== folder) {
    throw new AppError('not-a-repository', `${folder} is inside the repository ${topPath}, not a repository of its own.`, {
      hint: `Choose ${topPath}.`, details: { path: folder, repository: topPath },
    });
  }
}

async function unknownRevision(revision: string, folder: string, tags: () => Promise<ReleaseTag[]>): Promise<AppError> {
  const known = (await tags()).map(({ name }) => name);
  if (revision === 'HEAD') {
    return new AppError('unknown-revision', `The repository ${folder} has no commit yet.`, { hint: 'Commit something first.', details: { path: folder } });
  }
  return new AppError('unknown-revision', `There is no tag or commit "${revision}" in ${folder}.`, {
    hint: known.length === 0 ? 'The repository has no release tags.' : `Its release tags are ${known.slice(-8).join(', ')}.`,
    details: { path: folder, revision },
  });
}

function failed(args: readonly string[], folder: string, result: GitResult): AppError {
  return new AppError('git-failed', `git ${args[0] ?? ''} failed in ${folder}: ${result.stderr.split('\n')[0] ?? ''}`, {
    details: { path: folder, stderr: result.stderr.slice(0, 2000) },
  });
}
