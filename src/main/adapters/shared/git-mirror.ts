import { createHash, randomBytes } from 'node:crypto';
import { appendFile, lstat, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';
import type { SharedListing } from '../../../core/sync/shared-archive.ts';
import { makeDurableFolder } from '../durable-folder.ts';
import type { GitAddress } from './git-address.ts';
import { DamagedMirror, objectReader, type ObjectReader } from './git-objects.ts';
import { git, gitFailure, otherEnd, reported, type GitOutcome, type GitRun } from './git-process.ts';
import { readTree, type TreeIndex } from './git-tree.ts';
import type { OpenWork } from './open-shared.ts';

/** Where the logs lie in the remote repository. */
export const LOGS_REF = 'refs/heads/genesis';

/** More than this in one fetch is nobody's archive. */
export const MAX_FETCH_BYTES = 8 * 1024 ** 3;

/** What git says where names of objects are SHA-1 on one side and SHA-256 on the other. */
const OTHER_KIND = /mismatched algorithms|object.format|hash algorithm/i;
const HOUR_MILLISECONDS = 60 * 60 * 1000;
const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS;

const OBJECT_NAME = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * A bare repository of this console's own, below its data folder, that holds what was last seen of a remote: a cache,
 * made anew where it is missing or damaged. Beside it lies the commit that was seen last, so that a remote that was put
 * back or rewritten is noticed, and a line for each time that it was.
 */
export class GitMirror {
  readonly address: GitAddress;
  readonly problems: { code: string; message: string }[] = [];
  readonly #work: OpenWork;
  /** Where the mirror lies, and what is remembered of the remote. */
  readonly folder: string;
  /** A ref for this opening, among others of this console. */
  readonly own = `refs/countersign/${process.pid}-${randomBytes(6).toString('hex')}`;
  #objects: ObjectReader | null = null;
  #index: TreeIndex = { blobs: new Map(), refused: [] };
  #tip: string | null = null;
  #format: 'sha1' | 'sha256' | null = null;
  /** What lies at the remote does not continue what was seen, and that is still to be said. */
  #unsaid = false;

  constructor(address: GitAddress, work: OpenWork) {
    this.address = address;
    this.#work = work;
    this.folder = join(work.home, 'shared', createHash('sha256').update(address.url).digest('hex').slice(0, 24));
  }

  get tip(): string | null {
    return this.#tip;
  }

  get index(): TreeIndex {
    return this.#index;
  }

  get #repository(): string {
    return join(this.folder, 'mirror.git');
  }

  /** Fetches, reads what lies there, and holds it against what was seen before. Errors: `environment`, `git-unavailable`, `malformed`, `too-large`, `cancelled`. */
  async open(): Promise<void> {
    await makeDurableFolder(this.folder);
    await removeLeftovers(this.folder);
    await writeFile(join(this.folder, 'address'), `${this.address.url}\n`);
    // Before the fetch: another opening of this console may see more meanwhile.
    const seen = (await readFile(join(this.folder, 'seen'), 'latin1').catch(() => '')).trim();
    if ((await lstat(join(this.#repository, 'HEAD')).catch(() => null)) === null) await this.#rebuild(false);
    else await this.#whole(() => this.#fetch(this.#repository));
    await this.#compare(seen);
  }

  /** Fetches again, after somebody else was first. */
  async update(): Promise<void> {
    const before = this.#tip;
    await this.#whole(() => this.#fetch(this.#repository));
    if (before !== null && this.#tip !== before && !(await this.#continues(before))) this.#unsaid = true;
  }

  listing(): SharedListing {
    return { files: [...this.#index.blobs.keys()].sort(), refused: this.#index.refused, problems: this.problems };
  }

  /** Errors: `outside-folder`, `too-large`, `environment`. */
  async read(path: string, limit: number): Promise<Buffer | null> {
    const name = this.#index.blobs.get(path);
    if (name === undefined) {
      const wrong = this.#index.refused.find((one) => one.path === path || path.startsWith(`${one.path}/`));
      if (wrong !== undefined) throw new AppError('outside-folder', `${path}: ${wrong.reason}`, { details: { path } });
      return null;
    }
    return this.#whole(async () => {
      const info = await this.#reader().info(name);
      if (info?.type !== 'blob') throw new DamagedMirror(`${path} is gone`);
      if (info.size > limit) throw new AppError('too-large', `It is ${info.size} bytes; at most ${limit} can be right here.`, { details: { path, size: info.size, limit } });
      return this.#reader().contents(name, info.size);
    });
  }

  /** Takes note of a commit that this console pushed, and of what it put there. */
  async pushed(commit: string, written: ReadonlyMap<string, string>): Promise<void> {
    this.#tip = commit;
    for (const [path, name] of written) this.#index.blobs.set(path, name);
    // A link that stood in the way gave way to what was written.
    this.#index = { ...this.#index, refused: this.#index.refused.filter(({ path }) => ![...written.keys()].some((one) => one === path || one.startsWith(`${path}/`))) };
    if (!this.#unsaid) await this.#remember();
  }

  /** The kind of the remote's names of objects. */
  async format(): Promise<'sha1' | 'sha256'> {
    this.#format ??= (await this.local(['rev-parse', '--show-object-format'])).stdout.toString('latin1').trim() === 'sha256' ? 'sha256' : 'sha1';
    return this.#format;
  }

  /** Runs git in the mirror. */
  local(args: readonly string[], options: Omit<GitRun, 'signal' | 'transport'> = {}): Promise<GitOutcome> {
    return git(this.#repository, args, { ...options, signal: this.#work.signal });
  }

  /** Runs git in the mirror with the remote at its other end. */
  remote(args: readonly string[], label: string): Promise<GitOutcome> {
    return git(this.#repository, args, {
      signal: this.#work.signal, transport: this.address.transport, onProgress: reported(this.#work, label, this.address.url, MAX_FETCH_BYTES),
    });
  }

  async close(): Promise<void> {
    this.#objects?.close();
    const signal = new AbortController().signal;
    // Tidying up is nobody's concern where it fails.
    await git(this.#repository, ['update-ref', '-d', this.own], { signal }).catch(() => undefined);
    await git(this.#repository, ['-c', 'gc.auto=2000', 'gc', '--auto', '--quiet'], { signal, timeout: 60_000 }).catch(() => undefined);
  }

  /** Does it, and where the mirror turns out damaged makes it anew and does it once more. */
  async #whole<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof DamagedMirror)) throw cause;
    }
    await this.#rebuild(true);
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof DamagedMirror)) throw cause;
      throw new AppError('environment', `${this.address.url}: git does not give what it lists: ${cause.message}`, { cause });
    }
  }

  /** A new mirror is whole before it takes the place of the old one, which is of use as long as the remote is out of reach. */
  async #rebuild(damaged: boolean): Promise<void> {
    const made = join(this.folder, `made-${randomBytes(6).toString('hex')}.git`);
    this.#objects?.close();
    this.#objects = null;
    this.#format = null;
    try {
      await this.#fill(made, 'sha1');
      if (damaged) await rm(this.#repository, { recursive: true, force: true });
      await rename(made, this.#repository).catch(async (cause: unknown) => {
        if (!isThere(cause)) throw cause;
        // Another opening of this console made it meanwhile; what was fetched here may be newer.
        await this.#fetch(this.#repository);
      });
    } catch (cause) {
      if (!(cause instanceof DamagedMirror)) throw cause;
      throw new AppError('environment', `${this.address.url}: what git fetched from it cannot be read: ${cause.message}.`, { hint: 'Have its administrator run git fsck there.', cause });
    } finally {
      await rm(made, { recursive: true, force: true });
    }
  }

  async #fill(made: string, format: 'sha1' | 'sha256'): Promise<void> {
    const { code, stderr } = await git(this.folder, ['init', '--quiet', '--bare', `--object-format=${format}`, '--template=', made], { signal: this.#work.signal });
    if (code !== 0) throw gitFailure(this.address, 'mirrored', stderr);
    const other = await this.#fetch(made).then(() => this.#tip === null && this.#isOfOtherKind(made), (cause: unknown) => {
      if (!(cause instanceof AppError) || !OTHER_KIND.test(cause.message)) throw cause;
      return true;
    });
    if (!other || format === 'sha256') return;
    await rm(made, { recursive: true, force: true });
    await this.#fill(made, 'sha256');
  }

  /** An empty remote tells of which kind its names are only to whoever is about to push. */
  async #isOfOtherKind(made: string): Promise<boolean> {
    const signal = this.#work.signal;
    const tree = await git(made, ['mktree'], { signal });
    const identity = ['-c', 'user.name=Countersign', '-c', 'user.email=countersign@countersign.invalid'];
    const commit = await git(made, [...identity, 'commit-tree', '-m', 'Nothing', tree.stdout.toString('latin1').trim()], { signal });
    const tried = await git(made, ['push', '--dry-run', '--porcelain', '--no-verify', ...otherEnd(this.address, 'receive-pack'), this.address.remote, `${commit.stdout.toString('latin1').trim()}:${LOGS_REF}`], { signal, transport: this.address.transport });
    return tried.code !== 0 && OTHER_KIND.test(tried.stderr);
  }

  async #fetch(repository: string): Promise<void> {
    const { code, stderr } = await git(repository, [
      'fetch', '--no-write-fetch-head', '--no-tags', '--no-recurse-submodules', '--no-auto-maintenance', '--progress', ...otherEnd(this.address, 'upload-pack'),
      this.address.remote, `+${LOGS_REF}:${this.own}`,
    ], { signal: this.#work.signal, transport: this.address.transport, onProgress: reported(this.#work, 'Fetching', this.address.url, MAX_FETCH_BYTES) });
    const empty = code !== 0 && /couldn't find remote ref/.test(stderr);
    if (code !== 0 && !empty) {
      await this.#damaged(repository, stderr);
      throw gitFailure(this.address, 'read', stderr);
    }
    const tip = empty ? null : await this.#resolve(repository, this.own);
    if (tip === null) this.#index = { blobs: new Map(), refused: [] };
    else if (tip !== this.#tip) this.#index = await readTree(repository, tip, this.#work.signal);
    this.#tip = tip;
    // For the next fetch to start from; another opening may be at it.
    if (tip !== null) await git(repository, ['update-ref', LOGS_REF, tip], { signal: this.#work.signal });
  }

  /** Whether it was this side that a fetch failed of. */
  async #damaged(repository: string, stderr: string): Promise<void> {
    const signal = this.#work.signal;
    const there = await git(repository, ['rev-parse', '--git-dir'], { signal }).then(({ code }) => code === 0, (cause: unknown) => {
      if (signal.aborted) throw cause;
      return false;
    });
    if (!there) throw new DamagedMirror('it is no repository');
    const whole = await git(repository, ['rev-list', '--objects', '--quiet', '--all'], { signal });
    if (whole.code !== 0 || /broken|bad object|invalid/i.test(whole.stderr)) throw new DamagedMirror(stderr.slice(-200));
  }

  /** The commit that a ref names. Errors: `malformed`. */
  async #resolve(repository: string, ref: string): Promise<string> {
    const { code, stdout } = await git(repository, ['for-each-ref', '--format=%(objectname) %(objecttype)', ref], { signal: this.#work.signal });
    const [name = '', type] = stdout.toString('latin1').trim().split(' ');
    if (code !== 0 || !OBJECT_NAME.test(name)) throw new DamagedMirror('it does not hold what was fetched');
    if (type === 'commit') return name;
    throw new AppError('malformed', `${this.address.url}: what ${LOGS_REF} names there is a ${type ?? 'nothing'}, not a commit.`, { hint: 'Ask who administers it; nothing was read from it or written to it.', details: { url: this.address.url } });
  }

  #reader(): ObjectReader {
    this.#objects ??= objectReader(this.#repository, this.#work.signal);
    return this.#objects;
  }

  /** A remote whose history does not continue what was seen of it; the logs in it are protected by their own checkpoints. */
  async #compare(seen: string): Promise<void> {
    if (OBJECT_NAME.test(seen) && seen !== this.#tip && !(await this.#continues(seen))) {
      const kept = (await this.local(['update-ref', `refs/rewritten/${seen}`, seen])).code === 0;
      await appendFile(join(this.folder, 'rewritten.jsonl'), `${JSON.stringify({ time: new Date().toISOString(), seen, found: this.#tip })}\n`);
      this.problems.push({
        code: 'remote-rewritten',
        message: `${this.#tip === null ? `${LOGS_REF} is gone there` : `${LOGS_REF} there is now ${this.#tip}`}, which does not continue ${seen} that was seen before: it was put back or rewritten. ${kept ? `What was seen is kept as refs/rewritten/${seen} in ${this.#repository}` : `It is noted in ${this.folder}`}; each log is held against its own checkpoints all the same.`,
      });
    }
    await this.#remember();
  }

  async #continues(before: string): Promise<boolean> {
    return this.#tip !== null && (await this.local(['merge-base', '--is-ancestor', before, this.#tip])).code === 0;
  }

  async #remember(): Promise<void> {
    if (this.#tip === null) return;
    const draft = join(this.folder, `seen-${randomBytes(6).toString('hex')}`);
    await writeFile(draft, `${this.#tip}\n`);
    await rename(draft, join(this.folder, 'seen'));
  }
}

/** What an opening that was stopped left behind goes after a day. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const old = /^(?:made|scratch|seen)-/.test(name) && Date.now() - ((await lstat(path).catch(() => null))?.mtimeMs ?? Date.now()) > DAY_MILLISECONDS;
    if (old) await rm(path, { recursive: true, force: true });
  }
  // Where git was killed, a lock of its may stand; none is held for an hour.
  for (const name of ['packed-refs.lock', 'HEAD.lock', 'config.lock', `${LOGS_REF}.lock`]) {
    const path = join(folder, 'mirror.git', name);
    if (Date.now() - ((await lstat(path).catch(() => null))?.mtimeMs ?? Date.now()) > HOUR_MILLISECONDS) await rm(path, { force: true });
  }
}

function isThere(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOTEMPTY' || cause.code === 'EEXIST');
}
