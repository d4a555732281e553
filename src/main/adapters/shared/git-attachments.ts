import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';
import type { SharedAttachments } from '../../../core/sync/shared-archive.ts';
import { makeDurableFolder } from '../durable-folder.ts';
import type { GitAddress } from './git-address.ts';
import { MAX_FETCH_BYTES, type GitMirror } from './git-mirror.ts';
import { objectReader, type ObjectReader } from './git-objects.ts';
import { git, gitFailure, otherEnd, reported, type GitOutcome, type GitRun } from './git-process.ts';
import { blob } from './git-publish.ts';
import { inChunks } from './in-chunks.ts';
import type { OpenWork } from './open-shared.ts';

/** Bytes of an attachment in one object, and how many objects go in one push, from which the next attempt goes on. */
const CHUNK_BYTES = 4 * 1024 * 1024;
const CHUNKS_A_PUSH = 4;

const SHA256 = /^[0-9a-f]{64}$/;
const CHUNK = /^100644 blob ([0-9a-f]{40}|[0-9a-f]{64})\t(\d{8})$/;

/**
 * Attachments in a git remote: each has a ref of its own, `refs/attachments/SHA256`, so that a clone of the logs has none
 * of them and taking one away is taking its ref away. The ref names a commit whose tree holds the bytes in chunks; equal
 * bytes give equal commits, so that an upload is told from others by its name and goes on from `refs/uploads/SHA256`.
 */
export function gitAttachments(mirror: GitMirror, work: OpenWork): { readonly calls: SharedAttachments; readonly close: () => Promise<void> } {
  const scratch = new Scratch(mirror, work);
  return {
    calls: {
      have: async (sha256s) => {
        if (sha256s.length === 0) return new Set();
        const there = await scratch.refs('refs/attachments/*');
        return new Set(sha256s.filter((one) => there.has(`refs/attachments/${one}`)));
      },
      read: async (sha256, from) => {
        const commit = await scratch.fetch(`refs/attachments/${named(sha256)}`);
        return commit === null ? null : scratch.bytes(commit, from);
      },
      write: (sha256, size, open) => upload(scratch, { sha256: named(sha256), size, open }, work),
      remove: async (sha256) => {
        const refs = await scratch.refs(`refs/*/${named(sha256)}`);
        for (const ref of [`refs/uploads/${sha256}`, `refs/attachments/${sha256}`]) {
          const commit = refs.get(ref);
          if (commit !== undefined && !(await scratch.push(null, ref, commit))) return false;
        }
        return true;
      },
    },
    close: () => scratch.close(),
  };
}

interface Wanted {
  readonly sha256: string;
  readonly size: number;
  readonly open: (from: number) => AsyncIterable<Buffer>;
}

async function upload(scratch: Scratch, { sha256, size, open }: Wanted, work: OpenWork): Promise<void> {
  const [whole, partial] = [`refs/attachments/${sha256}`, `refs/uploads/${sha256}`];
  const there = await scratch.refs(`refs/*/${sha256}`);
  const steps = await scratch.steps(sha256, size, open(0));
  const last = steps.at(-1) as string;
  if (there.get(whole) === last) return;
  let at = there.get(partial);
  for (const [index, step] of steps.slice(0, -1).entries()) {
    // Steps up to the one that lies there were pushed by an earlier attempt, or by another console with the same bytes.
    if (at !== undefined && steps.indexOf(at) >= index) continue;
    work.progress({ label: 'Handing over', item: sha256, done: index * CHUNKS_A_PUSH * CHUNK_BYTES, total: size, unit: 'bytes' });
    // Where the place keeps steps from being left there, the whole goes at once.
    if (!(await scratch.push(step, partial, at))) break;
    at = step;
  }
  if (steps.length > 1) work.progress({ label: 'Handing over', item: sha256, done: (steps.length - 1) * CHUNKS_A_PUSH * CHUNK_BYTES, total: size, unit: 'bytes' });
  const placed = await scratch.push(last, whole, there.get(whole));
  if (!placed && (await scratch.refs(whole)).get(whole) !== last) {
    throw new AppError('environment', `The attachment ${sha256} could not be put into the git remote: it refuses its ref.`, { hint: 'Its administrator can allow refs/attachments/*.' });
  }
  if (at !== undefined) await scratch.push(null, partial, at);
}

function named(sha256: string): string {
  if (!SHA256.test(sha256)) throw new AppError('outside-folder', 'An attachment is named by its SHA-256 in 64 lower-case digits.');
  return sha256;
}

/** A repository for one opening, in which attachments are packed and unpacked; it goes when it is closed. */
class Scratch {
  readonly #address: GitAddress;
  readonly #work: OpenWork;
  readonly #repository: string;
  readonly #format: () => Promise<'sha1' | 'sha256'>;
  #made = false;
  #objects: ObjectReader | null = null;

  constructor(mirror: GitMirror, work: OpenWork) {
    this.#address = mirror.address;
    this.#work = work;
    this.#repository = join(mirror.folder, `scratch-${randomBytes(6).toString('hex')}.git`);
    this.#format = () => mirror.format();
  }

  /** Refs of the remote that match, with what they name. */
  async refs(pattern: string): Promise<Map<string, string>> {
    await this.#make();
    const { code, stdout, stderr } = await this.#remote(['ls-remote', '--quiet', '--refs', ...otherEnd(this.#address, 'upload-pack'), this.#address.remote, pattern], 'Looking');
    if (code !== 0) throw gitFailure(this.#address, 'read', stderr);
    const refs = new Map<string, string>();
    for (const line of stdout.toString('latin1').split('\n')) {
      const [, name, ref] = /^([0-9a-f]{40}|[0-9a-f]{64})\t(refs\/\S+)$/.exec(line) ?? [];
      if (name !== undefined && ref !== undefined) refs.set(ref, name);
    }
    return refs;
  }

  /** The commit that a ref of the remote names, with all that is in it; null where there is no such ref. */
  async fetch(ref: string): Promise<string | null> {
    await this.#make();
    const { code, stderr } = await this.#remote([
      'fetch', '--no-write-fetch-head', '--no-tags', '--no-recurse-submodules', '--no-auto-maintenance', '--progress', ...otherEnd(this.#address, 'upload-pack'), this.#address.remote, `+${ref}:refs/fetched/${ref.slice(-64)}`,
    ], 'Fetching');
    if (code !== 0 && /couldn't find remote ref/.test(stderr)) return null;
    if (code !== 0) throw gitFailure(this.#address, 'read', stderr);
    return (await this.#local(['rev-parse', '--verify', '--quiet', `refs/fetched/${ref.slice(-64)}`])).stdout.toString('latin1').trim();
  }

  /** The bytes in a commit's chunks. Errors: `outside-folder` where its tree is not one that a console makes. */
  async bytes(commit: string, from: number): Promise<AsyncIterable<Buffer>> {
    const strange = new AppError('outside-folder', `What ${this.#address.url} holds in the place of this attachment is none.`);
    const { code, stdout } = await this.#local(['ls-tree', '-z', '--full-tree', commit]);
    const names = stdout.toString('latin1').split('\0').slice(0, -1).map((line, index) => {
      const [, name, at] = CHUNK.exec(line) ?? [];
      return name !== undefined && Number(at) === index ? name : null;
    });
    if (code !== 0 || names.includes(null)) throw strange;
    this.#objects ??= objectReader(this.#repository, this.#work.signal);
    const objects = this.#objects;
    return (async function* () {
      let start = 0;
      for (const name of names as string[]) {
        const info = await objects.info(name);
        if (info?.type !== 'blob' || info.size > CHUNK_BYTES) throw strange;
        if (start + info.size > from) yield (await objects.contents(name, info.size)).subarray(Math.max(0, from - start));
        start += info.size;
      }
    })();
  }

  /**
   * Packs bytes into commits, each with some chunks more than the one before it; the last has all. The same bytes give the
   * same commits. Errors: `environment` where they are not those that their SHA-256 names.
   */
  async steps(sha256: string, size: number, bytes: AsyncIterable<Buffer>): Promise<string[]> {
    await this.#make();
    const hash = createHash('sha256');
    const stream = async function* (): AsyncGenerator<Buffer> {
      let [count, held, total] = [0, [] as number[], 0];
      const commit = (): Buffer => {
        const lines = [`commit refs/made/${sha256}`, 'mark :1', 'committer Countersign <countersign@countersign.invalid> 0 +0000', 'data 10', 'Attachment', ...held.map((at) => `M 100644 :${at + 2} ${String(at).padStart(8, '0')}`), '', 'get-mark :1', ''];
        held = [];
        return Buffer.from(lines.join('\n'));
      };
      for await (const chunk of inChunks(bytes, CHUNK_BYTES)) {
        if (held.length === CHUNKS_A_PUSH) yield commit();
        hash.update(chunk);
        total += chunk.length;
        const [head, body, end] = [...blob(chunk)] as [Buffer, Buffer, Buffer];
        yield Buffer.concat([Buffer.from(`blob\nmark :${count + 2}\n`), head.subarray('blob\n'.length)]);
        yield body;
        yield end;
        held.push(count);
        count += 1;
      }
      yield commit();
      if (total !== size || hash.digest('hex') !== sha256) throw new AppError('environment', `The attachment ${sha256} is not what it was: it was changed or damaged here, and was not handed over.`);
      yield Buffer.from('done\n');
    };
    const { code, stdout, stderr } = await git(this.#repository, ['fast-import', '--quiet', '--done', '--date-format=raw', '--force'], { signal: this.#work.signal, input: stream() });
    if (code !== 0) throw gitFailure(this.#address, 'prepared for', stderr);
    return stdout.toString('latin1').trim().split('\n');
  }

  /** Sets a ref of the remote, or takes it away; false where the remote does not let that be done, or it is not what it was. */
  async push(commit: string | null, ref: string, before: string | undefined): Promise<boolean> {
    const { code, stdout, stderr } = await this.#remote([
      'push', '--porcelain', '--progress', '--no-verify', '--no-follow-tags', '--no-signed', '--no-recurse-submodules', ...otherEnd(this.#address, 'receive-pack'),
      `--force-with-lease=${ref}:${before ?? ''}`, this.#address.remote, `${commit ?? ''}:${ref}`,
    ], 'Pushing');
    if (code === 0) return true;
    if (stdout.toString('utf8').split('\n').some((line) => line.startsWith('!'))) return false;
    throw gitFailure(this.#address, 'written', stderr);
  }

  async close(): Promise<void> {
    this.#objects?.close();
    if (this.#made) await rm(this.#repository, { recursive: true, force: true }).catch(() => undefined);
  }

  async #make(): Promise<void> {
    if (this.#made) return;
    await makeDurableFolder(this.#repository);
    const { code, stderr } = await this.#local(['init', '--quiet', '--bare', `--object-format=${await this.#format()}`, '--template=', '.']);
    if (code !== 0) throw gitFailure(this.#address, 'prepared for', stderr);
    this.#made = true;
  }

  #local(args: readonly string[], options: Partial<GitRun> = {}): Promise<GitOutcome> {
    return git(this.#repository, args, { ...options, signal: this.#work.signal });
  }

  #remote(args: readonly string[], label: string): Promise<GitOutcome> {
    return git(this.#repository, args, { signal: this.#work.signal, transport: this.#address.transport, onProgress: reported(this.#work, label, this.#address.url, MAX_FETCH_BYTES) });
  }
}
