import { createHash } from 'node:crypto';
import { mkdir, open, symlink } from 'node:fs/promises';
import { AppError } from '../../../core/model/errors.ts';
import { runGit } from '../git/run-git.ts';

/** What a checkout came to. */
export interface CheckedOut {
  readonly files: number;
  readonly bytes: number;
  /** What the commit holds and the checkout does not, one line each. */
  readonly leftOut: readonly string[];
}

interface TreeEntry {
  readonly mode: string;
  readonly path: Buffer;
  readonly id: string;
}

interface CheckoutOptions {
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}

const MAX_ENTRIES = 300_000;
const MAX_DEPTH = 256;
const MAX_BLOB = 512 * 1024 * 1024;
const MAX_BYTES = 4 * 1024 * 1024 * 1024;
/** So many bytes of objects are asked of git at once, and held. */
const BATCH = 32 * 1024 * 1024;
/** A name and a header for each object come on top. */
const HEADERS = 4 * 1024 * 1024;
const MAX_TARGET = 4096;

/**
 * Writes the files of a commit into an empty folder, straight from the object database: no filter, hook, attribute or
 * work tree has a say. Every object is held against its id, so that the files are those of the commit whatever the
 * repository's store holds. Errors: `malformed`, `too-large`, `git-failed`, `environment`, `cancelled`.
 */
export async function checkOut(repository: string, commit: string, folder: string, options: CheckoutOptions): Promise<CheckedOut> {
  const { folders, entries } = await entriesOf(repository, commit, options.signal);
  const place = (path: Buffer): Buffer => Buffer.concat([Buffer.from(`${folder}/`), path]);
  const leftOut: string[] = [];
  for (const path of folders) await made(path, () => mkdir(place(path)));
  for (const { mode, path } of entries) {
    if (mode !== SUBMODULE) continue;
    await made(path, () => mkdir(place(path)));
    leftOut.push(`${shown(path)}: a submodule, whose files are not in this repository`);
  }

  const sizes = await sizesOf(repository, entries.filter(({ mode }) => mode !== SUBMODULE), options.signal);
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  let done = 0;
  const write = async (group: readonly TreeEntry[], each: (entry: TreeEntry, content: Buffer) => Promise<void>): Promise<void> => {
    for (const batch of batches(group, sizes)) {
      const contents = await objectsOf(repository, batch.map(({ id }) => id), 'blob', options.signal);
      for (const entry of batch) {
        await each(entry, contents.get(entry.id) ?? Buffer.alloc(0));
        done += 1;
        options.progress(done, entries.length);
      }
    }
  };
  await write(entries.filter(({ mode }) => mode.startsWith('100')), (entry, content) =>
    made(entry.path, async () => {
      // Exclusive: a tree that names one file twice, or a folder and a file alike, cannot write through what it made.
      const file = await open(place(entry.path), 'wx', entry.mode === '100755' ? 0o755 : 0o644);
      await file.writeFile(content).finally(() => file.close());
    }),
  );
  // Links come last, so that no file is ever written through one.
  await write(entries.filter(({ mode }) => mode === LINK), async (entry, target) => {
    if (leavesTree(entry.path, target)) leftOut.push(`${shown(entry.path)}: a symbolic link that leaves the repository`);
    else await made(entry.path, () => symlink(target, place(entry.path)));
  });
  return { files: entries.length - leftOut.length, bytes, leftOut };
}

const LINK = '120000';
const SUBMODULE = '160000';
const FILES: ReadonlySet<string> = new Set(['100644', '100755', '100664', LINK, SUBMODULE]);

/** Folders, outer before inner, and everything else of a commit's tree, from objects that are held against their ids. */
async function entriesOf(repository: string, commit: string, signal: AbortSignal): Promise<{ folders: Buffer[]; entries: TreeEntry[] }> {
  const text = (await objectsOf(repository, [commit], 'commit', signal)).get(commit)?.toString('latin1') ?? '';
  const root = /^tree ([0-9a-f]+)\n/.exec(text)?.[1];
  if (root === undefined) throw new AppError('malformed', `Commit ${commit.slice(0, 12)} names no tree.`, { details: { commit } });
  const folders: Buffer[] = [];
  const entries: TreeEntry[] = [];
  let level: { path: Buffer; id: string }[] = [{ path: Buffer.alloc(0), id: root }];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw new AppError('too-deep', `The tree of commit ${commit.slice(0, 12)} is deeper than ${MAX_DEPTH} folders.`, { details: { commit } });
    const trees = await objectsOf(repository, level.map(({ id }) => id), 'tree', signal);
    const next: typeof level = [];
    for (const { path, id } of level) {
      for (const entry of parseTree(trees.get(id) ?? Buffer.alloc(0), id.length / 2, path)) {
        if (folders.length + entries.length >= MAX_ENTRIES) throw new AppError('too-large', `Commit ${commit.slice(0, 12)} holds more than ${MAX_ENTRIES} files.`, { details: { commit } });
        if (entry.mode === '40000') {
          folders.push(entry.path);
          next.push(entry);
        } else if (FILES.has(entry.mode)) entries.push(entry);
        else throw new AppError('malformed', `${shown(entry.path)} of commit ${commit.slice(0, 12)} has the mode ${entry.mode.slice(0, 12)}.`, { details: { commit } });
      }
    }
    level = next;
  }
  return { folders, entries };
}

function* parseTree(tree: Buffer, idBytes: number, folder: Buffer): Generator<TreeEntry> {
  for (let at = 0; at < tree.length; ) {
    const space = tree.indexOf(0x20, at);
    const end = tree.indexOf(0, space);
    if (space === -1 || end === -1 || end + 1 + idBytes > tree.length) throw new AppError('malformed', `The tree ${shown(folder)} ends in the middle.`);
    const name = tree.subarray(space + 1, end);
    if (isUnsafe(name)) throw new AppError('malformed', `The commit holds a file named ${shown(name)} in ${shown(folder) || 'its root'}, which no checkout may make.`);
    const path = folder.length === 0 ? Buffer.from(name) : Buffer.concat([folder, Buffer.from('/'), name]);
    yield { mode: tree.toString('latin1', at, space), path, id: tree.toString('hex', end + 1, end + 1 + idBytes) };
    at = end + 1 + idBytes;
  }
}

function isUnsafe(name: Buffer): boolean {
  const text = name.toString('latin1');
  return text === '' || text === '.' || text === '..' || text.includes('/') || text.toLowerCase() === '.git' || name.length > 255;
}

/**
 * By its words alone: absolute, with more `..` than folders, or with a `..` behind a name, which may itself be a link.
 * Inside the walls such a link could reach nothing of the user's either.
 */
function leavesTree(link: Buffer, target: Buffer): boolean {
  if (target.length === 0 || target.length > MAX_TARGET || target.includes(0) || target[0] === 0x2f) return true;
  const parts = target.toString('latin1').split('/').filter((part) => part !== '.' && part !== '');
  const upwards = parts.findIndex((part) => part !== '..');
  const up = upwards === -1 ? parts.length : upwards;
  return up > link.toString('latin1').split('/').length - 1 || parts.slice(up).includes('..');
}

async function sizesOf(repository: string, entries: readonly TreeEntry[], signal: AbortSignal): Promise<Map<string, number>> {
  const ids = [...new Set(entries.map(({ id }) => id))];
  const sizes = new Map<string, number>();
  if (ids.length === 0) return sizes;
  const { code, stdout, stderr } = await runGit(repository, ['cat-file', '--batch-check=%(objectname) %(objecttype) %(objectsize)'], { input: `${ids.join('\n')}\n`, signal, timeout: 600_000 });
  if (code !== 0) throw gitFailed(repository, stderr);
  for (const line of stdout.toString('latin1').split('\n')) {
    const [id = '', type, size] = line.split(' ');
    if (type === 'blob') sizes.set(id, Number(size));
  }
  const bytes = entries.reduce((sum, { id }) => sum + (sizes.get(id) ?? 0), 0);
  if (bytes > MAX_BYTES) throw new AppError('too-large', `The files of the commit are ${bytes} bytes; ${MAX_BYTES} are checked out.`, { details: { bytes, limit: MAX_BYTES } });
  for (const { id, path } of entries) {
    const size = sizes.get(id);
    if (size === undefined) throw new AppError('git-failed', `The repository does not hold ${shown(path)} of the commit.`, { hint: 'Fetch the whole commit: a partial clone has not all of its files.', details: { path: repository } });
    if (size > MAX_BLOB) throw new AppError('too-large', `${shown(path)} is ${size} bytes; ${MAX_BLOB} are checked out.`, { details: { size, limit: MAX_BLOB } });
  }
  return sizes;
}

function* batches(entries: readonly TreeEntry[], sizes: ReadonlyMap<string, number>): Generator<TreeEntry[]> {
  let batch: TreeEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = sizes.get(entry.id) ?? 0;
    if (batch.length > 0 && (bytes + size > BATCH || batch.length >= 10_000)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** Objects by id, each held against the digest that names it: a store that was tampered with says nothing of the commit. */
async function objectsOf(repository: string, ids: readonly string[], type: 'commit' | 'tree' | 'blob', signal: AbortSignal): Promise<Map<string, Buffer>> {
  const wanted = [...new Set(ids)];
  const { code, stdout, stderr } = await runGit(repository, ['cat-file', '--batch'], {
    input: `${wanted.join('\n')}\n`, signal, maximumBytes: MAX_BLOB + BATCH + HEADERS, timeout: 600_000,
  });
  if (code !== 0) throw gitFailed(repository, stderr);
  const found = new Map<string, Buffer>();
  let at = 0;
  for (const id of wanted) {
    const end = stdout.indexOf(0x0a, at);
    const [named, kind, size] = stdout.toString('latin1', at, end === -1 ? at : end).split(' ');
    const length = Number(size);
    if (end === -1 || named !== id || kind !== type || !Number.isSafeInteger(length)) throw new AppError('git-failed', `The repository has no ${type} ${id.slice(0, 12)}.`, { details: { path: repository, id } });
    const content = stdout.subarray(end + 1, end + 1 + length);
    const digest = createHash(id.length === 40 ? 'sha1' : 'sha256').update(`${type} ${length}\0`).update(content).digest('hex');
    if (digest !== id) throw new AppError('malformed', `The repository's ${type} ${id.slice(0, 12)} is not what its id says.`, { hint: 'git fsck tells what else is damaged; clone it again from where you trust it.', details: { path: repository, id } });
    found.set(id, content);
    at = end + 1 + length + 1;
  }
  return found;
}

async function made(path: Buffer, make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (cause) {
    const twice = (cause as NodeJS.ErrnoException | null)?.code === 'EEXIST';
    if (twice) throw new AppError('malformed', `The commit names ${shown(path)} twice.`, { cause });
    throw new AppError('environment', `${shown(path)} could not be checked out: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function shown(path: Buffer): string {
  return path.toString('utf8').slice(0, 200);
}

function gitFailed(repository: string, stderr: string): AppError {
  return new AppError('git-failed', `git cat-file failed in ${repository}: ${stderr.split('\n')[0] ?? ''}`, { details: { path: repository } });
}
