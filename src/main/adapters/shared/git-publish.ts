import { setTimeout as sleep } from 'node:timers/promises';
import type { LogFile } from '../../../core/archive/log-files.ts';
import { AppError } from '../../../core/model/errors.ts';
import { LOGS_REF, type GitMirror } from './git-mirror.ts';
import { blobName } from './git-objects.ts';
import { gitFailure, otherEnd } from './git-process.ts';
import type { OpenWork } from './open-shared.ts';

/** How often somebody else may be first before this is left to the next sync. */
const MAX_PUSHES = 24;
const LONGEST_PAUSE_MILLISECONDS = 1500;

/** Paths that need no quoting in the stream of fast-import, and stay inside the tree. */
const PATH = /^[a-z0-9-][a-z0-9.-]*(?:\/[a-z0-9-][a-z0-9.-]*)*$/;

/** What is to be written: blobs by their paths, which the mirror holds already. */
export type Written = ReadonlyMap<string, string>;

/** Puts files into the mirror, as blobs that nothing names yet. */
export async function storeBlobs(mirror: GitMirror, files: Iterable<LogFile>): Promise<Written> {
  const written = new Map<string, string>();
  const format = await mirror.format();
  const stream = (function* (): Generator<Buffer> {
    for (const { path, bytes } of files) {
      if (!PATH.test(path)) throw new AppError('outside-folder', `${path} cannot be written to a git remote.`, { details: { path } });
      const name = blobName(bytes, format);
      written.set(path, name);
      if (mirror.index.blobs.get(path) !== name) yield* blob(bytes);
    }
  })();
  // Of most logs nothing is new, and nothing needs to be started for them.
  const first = stream.next();
  if (first.done !== true) {
    await importing(mirror, (function* () {
      yield first.value;
      yield* stream;
      yield Buffer.from('done\n');
    })());
  }
  return written;
}

/**
 * Puts blobs at their paths at the remote, in one commit on what lies there. `wanted` gives what is still to be written as
 * things stand, or null where nothing may be any more; where somebody else was first it is asked again after a fetch.
 * False where it was null, or others were first again and again. Errors: `environment`, `cancelled`, `too-large`.
 */
export async function commitAndPush(mirror: GitMirror, work: OpenWork, subject: string, wanted: () => Promise<Written | null>): Promise<boolean> {
  for (let attempt = 0; attempt < MAX_PUSHES; attempt += 1) {
    const written = await wanted();
    if (written === null) return false;
    if (written.size === 0) return true;
    const commit = await commitOn(mirror, subject, written);
    if (await push(mirror, commit)) {
      await mirror.pushed(commit, written);
      return true;
    }
    await sleep(Math.random() * Math.min(LONGEST_PAUSE_MILLISECONDS, 50 * 2 ** attempt), undefined, { signal: work.signal }).catch(() => work.signal.throwIfAborted());
    await mirror.update();
  }
  return false;
}

async function commitOn(mirror: GitMirror, subject: string, written: Written): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000);
  // Nobody's name: whose entries they are their signatures say.
  const lines = [
    `commit ${mirror.own}`, 'mark :1', `committer Countersign <countersign@countersign.invalid> ${seconds} +0000`, `data ${Buffer.byteLength(subject)}`, subject,
    ...(mirror.tip === null ? [] : [`from ${mirror.tip}`]), ...[...written].map(([path, name]) => `M 100644 ${name} ${path}`), '', 'get-mark :1', 'done', '',
  ];
  const commit = (await importing(mirror, [Buffer.from(lines.join('\n'))])).trim();
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) throw gitFailure(mirror.address, 'prepared for', commit);
  return commit;
}

/** False where the remote is no longer at the commit that was seen: compare and swap, by the lease. */
async function push(mirror: GitMirror, commit: string): Promise<boolean> {
  const { code, stdout, stderr } = await mirror.remote([
    'push', '--porcelain', '--progress', '--no-verify', '--no-follow-tags', '--no-signed', '--no-recurse-submodules', ...otherEnd(mirror.address, 'receive-pack'),
    `--force-with-lease=${LOGS_REF}:${mirror.tip ?? ''}`, mirror.address.remote, `${commit}:${LOGS_REF}`,
  ], 'Pushing');
  if (code === 0) return true;
  if (wasOvertaken(stdout.toString('utf8'), LOGS_REF)) return false;
  throw gitFailure(mirror.address, 'written', `${reasonOf(stdout.toString('utf8'))}\n${stderr}`);
}

/** Whether a push was refused because the ref was changed meanwhile, by what git prints for programs. */
export function wasOvertaken(porcelain: string, ref: string): boolean {
  const line = porcelain.split('\n').find((one) => one.startsWith('!') && one.split('\t')[1]?.endsWith(`:${ref}`) === true);
  return line !== undefined && /stale info|fetch first|non-fast-forward|failed to update ref|cannot lock ref|failed to lock|reference already exists|incorrect old value|atomic transaction failed/i.test(line);
}

function reasonOf(porcelain: string): string {
  return porcelain.split('\n').filter((line) => line.startsWith('!')).map((line) => `! ${line.split('\t')[2] ?? ''}`).join('\n');
}

async function importing(mirror: GitMirror, input: Iterable<Buffer>): Promise<string> {
  const { code, stdout, stderr } = await mirror.local(['fast-import', '--quiet', '--done', '--force', '--date-format=raw'], { input });
  if (code !== 0) throw gitFailure(mirror.address, 'prepared for', stderr);
  return stdout.toString('latin1');
}

export function* blob(bytes: Buffer): Generator<Buffer> {
  yield Buffer.from(`blob\ndata ${bytes.length}\n`);
  yield bytes;
  yield Buffer.from('\n');
}
