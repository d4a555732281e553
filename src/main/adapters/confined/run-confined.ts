import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { AppError } from '../../../core/model/errors.ts';
import type { RunEnd } from '../../../core/workflow/confined-run.ts';
import { systemCallFilter } from './system-calls.ts';
import { ENVIRONMENT, INSIDE, wallsOf, type Walls } from './walls.ts';

export interface Bounds {
  readonly seconds: number;
  readonly outputBytes: number;
  readonly processes: number;
  /** Of one process. */
  readonly memoryBytes: number;
  /** What the command may take of the disk that its checkout lies on. */
  readonly diskBytes: number;
}

export interface ConfinedCommand {
  /** One shell string. */
  readonly run: string;
  /** Relative to the checkout. */
  readonly folder: string;
  readonly bounds: Bounds;
  readonly walls: Omit<Walls, 'descriptors' | 'canForbidNamespaces'>;
  /** The user outside the walls; null is the console's own. */
  readonly user: number | null;
  readonly signal: AbortSignal;
  readonly output: (bytes: Buffer) => void;
}

export interface ConfinedResult {
  readonly end: RunEnd;
  readonly exitCode: number | null;
  readonly seconds: number;
  readonly outputSha256: string;
  readonly outputBytes: number;
}

/** Descriptors that bubblewrap, and the shell behind it, are given beside the usual three. */
const STARTED = 3;
const ARGUMENTS = 4;
const FILTER = 5;
const INFORMATION = 6;

/**
 * Goes to a directory, says that the command begins, and becomes it; both of its outputs are one. Where nobody is there to
 * be told, the console was killed before the walls were bound to it, and nothing begins. Bubblewrap binds its first process
 * only after the command has begun: until then, and ever after, one that reads what the console never writes ends
 * everything as soon as the console is gone.
 */
const WATCH = `(read -r never <&${STARTED}; kill -KILL -1) >/dev/null 2>&1 &`;
const BEGIN = `cd -- "$1" || exit 125; echo begun >&${STARTED} || exit 125; ${WATCH} exec ${STARTED}>&-; exec 2>&1; exec /bin/sh -c "$2"`;

const DISK_LOOK = 500;
const HINT = 'On Debian: apt-get install bubblewrap. The kernel must allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0).';

/**
 * Runs one command behind walls: no network, no home, no key, no agent, nothing of the machine but its programs; with
 * its children it ends when the console does. Errors: `environment` where it cannot be confined (then it is not run at
 * all), `cancelled`.
 */
export async function runConfined(command: ConfinedCommand): Promise<ConfinedResult> {
  const { bounds, signal } = command;
  stopIfCancelled(signal);
  const filter = systemCallFilter();
  const walls = wallsOf({ ...command.walls, canForbidNamespaces: canForbidNamespaces(), descriptors: { filter: FILTER, information: INFORMATION } });
  const diskBefore = await freeBytes(command.walls.tree);
  const child = start(command, walls);
  const [, out, errors, started, argumentsIn, filterIn, information] = child.stdio as unknown as [null, Readable, Readable, Readable, Writable, Writable, Readable];

  let end: RunEnd | 'cancelled' = 'exited';
  const stop = (why: typeof end): void => {
    if (end === 'exited') end = why;
    // Its whole namespace of processes goes with it, whatever they forked.
    child.kill('SIGKILL');
  };
  const onAbort = (): void => stop('cancelled');
  signal.addEventListener('abort', onAbort, { once: true });
  const clock = setTimeout(() => stop('timed-out'), bounds.seconds * 1000);
  const disk = setInterval(() => {
    void freeBytes(command.walls.tree).then((free) => {
      if (diskBefore - free > bounds.diskBytes) stop('too-much-written');
    }, () => undefined);
  }, DISK_LOOK);

  const hash = createHash('sha256');
  let bytes = 0;
  out.on('data', (chunk: Buffer) => {
    const kept = chunk.subarray(0, Math.max(0, bounds.outputBytes - bytes));
    bytes += kept.length;
    hash.update(kept);
    if (kept.length > 0) command.output(kept);
    if (kept.length < chunk.length) stop('too-much-output');
  });
  let begun = false;
  started.on('data', () => (begun = true));
  const inner = firstProcess(information);
  let said = '';
  errors.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(0, 4000)));
  for (const [stream, content] of [[argumentsIn, `${walls.join('\0')}\0`], [filterIn, filter]] as const) {
    // Bubblewrap that ends at once has not read them; its own words say why.
    stream.on('error', () => undefined);
    stream.end(content);
  }

  const from = performance.now();
  try {
    const code = await ended(child);
    // Not one of its processes may be left before anybody looks at, or takes away, what they wrote.
    await namespaceEnded(await inner);
    const seconds = Math.round(performance.now() - from) / 1000;
    stopIfCancelled(signal);
    if (!begun && end === 'exited') throw notConfined(said);
    const exitCode = end === 'exited' ? code : null;
    return { end: end as RunEnd, exitCode, seconds, outputSha256: hash.digest('hex'), outputBytes: bytes };
  } finally {
    clearTimeout(clock);
    clearInterval(disk);
    signal.removeEventListener('abort', onAbort);
  }
}

/** Why commands cannot be confined on this machine; null where they can. Nothing of a repository is run for it. */
export function confinementProblem(): AppError | null {
  if (process.platform !== 'linux') return new AppError('environment', 'Commands are confined with bubblewrap, which is for Linux.', { hint: 'Run the command in CI, and put its reports in the outputs folder.' });
  if (version() === null) return new AppError('environment', 'bubblewrap is not installed, so nothing of a repository is run here.', { hint: HINT });
  const user = process.getuid?.() === 0 ? stranger(64_000) : [];
  const { status, stderr } = spawnSync(user[0] ?? 'bwrap', [...user.slice(1), ...(user.length > 0 ? ['bwrap'] : []), '--unshare-all', '--unshare-user', '--cap-drop', 'ALL', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '/usr/bin/true'], {
    encoding: 'utf8', timeout: 10_000, env: { PATH: ENVIRONMENT['PATH'] }, cwd: '/',
  });
  return status === 0 ? null : notConfined(stderr ?? '');
}

function start({ run, folder, bounds, user }: ConfinedCommand, walls: readonly string[]): ChildProcess {
  const { processes, memoryBytes, diskBytes } = bounds;
  const hard = hardLimits();
  const bounded = (name: string, wanted: number): number => Math.min(wanted, hard.get(name) ?? wanted);
  const limits = [
    '/usr/bin/prlimit', `--nproc=${bounded('Max processes', processes)}`, `--data=${bounded('Max data size', memoryBytes)}`, `--fsize=${bounded('Max file size', diskBytes)}`,
    // One byte, not none: then the machine's crash handler is not called either.
    `--core=${bounded('Max core file size', 1)}`, `--nofile=${bounded('Max open files', 8192)}`, '--',
  ];
  const place = folder === '.' ? INSIDE.tree : `${INSIDE.tree}/${folder}`;
  // The walls are told through a descriptor: what is on the command line can be read inside.
  const wrapped = ['nice', '-n', '10', 'bwrap', '--args', String(ARGUMENTS), ...limits, '/bin/sh', '-c', BEGIN, 'sh', place, run];
  const [program = 'bwrap', ...args] = [...(user === null ? [] : stranger(user)), ...wrapped];
  if (walls.length === 0) throw new Error('There are no walls.');
  return spawn(program, args, { cwd: '/', env: { ...ENVIRONMENT }, stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'], windowsHide: true });
}

function stranger(user: number): string[] {
  return ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--inh-caps=-all', '--no-new-privs', '--'];
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(notConfined(cause.message)));
    // After the last of its processes has let go of the outputs.
    child.once('close', (code) => resolve(code));
  });
}

/** A process as it was seen: its number, and when it started, so that a later one of that number is not taken for it. */
interface SeenProcess {
  readonly pid: number;
  readonly started: string | null;
}

/** The first process of the command's own namespace, as bubblewrap tells it; null where it got no further. */
function firstProcess(information: Readable): Promise<SeenProcess | null> {
  let told = '';
  return new Promise((resolve) => {
    information.on('data', (chunk: Buffer) => {
      told += chunk.toString('latin1');
      const pid = Number(/"child-pid"\s*:\s*(\d+)/.exec(told)?.[1] ?? Number.NaN);
      if (Number.isInteger(pid)) resolve({ pid, started: stateOf(pid)?.started ?? null });
    });
    information.once('close', () => resolve(null));
  });
}

const PATIENCE = 30_000;

/**
 * Waits for a namespace of processes to be gone: its first process ends only after every other one. One that closed
 * all that it was given would otherwise go on for a moment after bubblewrap itself. Errors: `environment`.
 */
async function namespaceEnded(first: SeenProcess | null): Promise<void> {
  if (first === null) return;
  for (const until = Date.now() + PATIENCE; Date.now() < until; ) {
    const now = stateOf(first.pid);
    if (now === null || now.started !== first.started || now.state === 'Z' || now.state === 'X') return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new AppError('environment', 'Processes of the command could not be ended, so nothing of it is kept.', { details: { pid: first.pid } });
}

function stateOf(pid: number): { readonly state: string; readonly started: string } | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return null;
  }
}

/** What this process may set at most; a bound beyond it would be refused. */
function hardLimits(): ReadonlyMap<string, number> {
  const lines = readFileSync('/proc/self/limits', 'utf8').split('\n').slice(1);
  return new Map(lines.flatMap((line) => {
    const [, name, hard] = /^(\S.*?)\s{2,}\S+\s+(\S+)/.exec(line) ?? [];
    return name === undefined || hard === undefined || hard === 'unlimited' ? [] : [[name, Number(hard)] as const];
  }));
}

/** bubblewrap's version as one number, 800 for 0.8.0; null where it is not there. */
function version(): number | null {
  const { status, stdout } = spawnSync('bwrap', ['--version'], { encoding: 'utf8', timeout: 10_000 });
  const [, major, minor, patch] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(status === 0 ? stdout : '') ?? [];
  return major === undefined ? null : Number(major) * 10_000 + Number(minor) * 100 + Number(patch ?? 0);
}

function canForbidNamespaces(): boolean {
  return (version() ?? 0) >= 800;
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function notConfined(said: string): AppError {
  const why = said.trim().split('\n')[0] ?? '';
  return new AppError('environment', `The command cannot be confined, so it is not run${why === '' ? '' : `: ${why.slice(0, 300)}`}.`, { hint: HINT });
}

function stopIfCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return;
  const reason: unknown = signal.reason;
  throw reason instanceof AppError ? reason : new AppError('cancelled', 'The work was cancelled.', { cause: reason });
}
