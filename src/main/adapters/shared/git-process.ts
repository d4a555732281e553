import { spawn, type ChildProcess } from 'node:child_process';
import { AppError } from '../../../core/model/errors.ts';
import { FIXED_CONFIGURATION, GIT_FLAGS, hardenedEnvironment, startFailure, type Transport } from '../git/run-git.ts';
import type { GitAddress } from './git-address.ts';
import type { OpenWork } from './open-shared.ts';

export interface GitOutcome {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitRun {
  readonly signal: AbortSignal;
  /** What is written to it, in order. */
  readonly input?: Iterable<Buffer> | AsyncIterable<Buffer>;
  /** Where it may connect to; nowhere, where it is left out. */
  readonly transport?: Transport;
  readonly timeout?: number;
  /** Each line of its progress. */
  readonly onProgress?: (line: string) => void;
}

/** A listing of this many bytes names more files than any log has. */
const MAX_OUTPUT = 64 * 1024 * 1024;
const LOCAL_TIMEOUT = 10 * 60_000;
/** A large first fetch over a slow line; a line that is dead is noticed long before. */
const REMOTE_TIMEOUT = 6 * 60 * 60_000;

/** How long git has to end by itself when it is told to. */
const PATIENCE_MILLISECONDS = 2000;

/** Beyond what is off for every repository: what a push or fetch could start, follow, or hold in memory. */
const REMOTE_CONFIGURATION: readonly (readonly [string, string])[] = [
  ['core.alternateRefsCommand', 'true'],
  ['core.bigFileThreshold', '1m'],
  ['core.compression', '1'],
  ['fetch.unpackLimit', '100'],
  ['fetch.writeCommitGraph', 'false'],
  ['gc.autoDetach', 'false'],
  ['push.followTags', 'false'],
  ['push.gpgSign', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['receive.autogc', 'false'],
  ['receive.denyCurrentBranch', 'refuse'],
  ['ssh.variant', 'ssh'],
  ['http.sslVerify', 'true'],
  ['http.followRedirects', 'false'],
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '60'],
];

/**
 * The person's own ssh configuration counts: it is theirs. What it may not do here is ask, trust a host that is not known
 * yet, or hand anything on to the host.
 */
const SSH = [
  'ssh', '-oBatchMode=yes', '-oStrictHostKeyChecking=yes', '-oForwardAgent=no', '-oForwardX11=no', '-oClearAllForwardings=yes', '-oPermitLocalCommand=no',
  '-oConnectTimeout=20', '-oServerAliveInterval=15', '-oServerAliveCountMax=4',
].join(' ');

/** Runs git in a repository of this console's own. A non-zero exit is returned, not thrown. Errors: `git-unavailable`, `environment`, `too-large`, `cancelled`. */
export async function git(folder: string, args: readonly string[], options: GitRun): Promise<GitOutcome> {
  const child = spawnGit(folder, args, options.transport);
  const out: Buffer[] = [];
  const lines = new ProgressLines(options.onProgress ?? ((): void => undefined));
  let size = 0;
  let stopped: AppError | null = null;
  const stop = (why: AppError): void => {
    stopped ??= why;
    stopGit(child);
  };
  const limit = options.timeout ?? (options.transport === undefined ? LOCAL_TIMEOUT : REMOTE_TIMEOUT);
  const timer = setTimeout(() => stop(new AppError('environment', `git ${args[0] ?? ''} took longer than ${limit / 1000} s.`)), limit);
  const abort = (): void => stop(new AppError('cancelled', 'The work was cancelled.'));
  options.signal.addEventListener('abort', abort, { once: true });
  if (options.signal.aborted) abort();
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_OUTPUT) out.push(chunk);
    else stop(new AppError('too-large', `git ${args[0] ?? ''} printed more than ${MAX_OUTPUT} bytes.`));
  });
  child.stderr.on('data', (chunk: Buffer) => {
    try {
      lines.take(chunk);
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      stop(cause);
    }
  });
  const closed = new Promise<number>((resolve, reject) => {
    child.on('error', (cause: NodeJS.ErrnoException) => reject(startFailure(cause, folder)));
    child.on('close', (code) => resolve(code ?? 1));
  });
  try {
    const [code] = await Promise.all([closed, feed(child, options.input ?? [])]);
    if (stopped !== null) throw stopped;
    return { code, stdout: Buffer.concat(out), stderr: lines.said };
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', abort);
    stopGit(child);
  }
}

/** Starts git for its owner to talk with. */
export function spawnGit(folder: string, args: readonly string[], transport?: Transport): ChildProcess & { readonly stdin: NodeJS.WritableStream; readonly stdout: NodeJS.ReadableStream; readonly stderr: NodeJS.ReadableStream } {
  // What lies here is a cache: a loss of power may take it, and it is made anew.
  const overrides: (readonly [string, string])[] = [...REMOTE_CONFIGURATION, ['core.fsync', 'none']];
  if (transport !== undefined) overrides.push([`protocol.${transport}.allow`, 'always']);
  if (transport === 'ssh') overrides.push(['core.sshCommand', sshCommand()]);
  // Its own session: it cannot ask on a terminal, and what it starts ends with it.
  return spawn('git', [...GIT_FLAGS, ...args], {
    cwd: folder, env: hardenedEnvironment(overrides, transport ?? null), stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true, detached: process.platform !== 'win32',
  });
}

/** Ends git with all that it started (ssh, the other end of a local repository): asked first, so that it takes its lock files away. */
export function stopGit(child: ChildProcess): void {
  const end = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      if (process.platform === 'win32') child.kill(signal);
      else process.kill(-child.pid, signal);
    } catch {
      // It ended by itself.
    }
  };
  end('SIGTERM');
  setTimeout(() => end('SIGKILL'), PATIENCE_MILLISECONDS).unref();
}

/**
 * The other end of a repository on this machine runs here, with that repository's configuration: it is started with
 * everything off that its hooks and settings could run. None for other transports, whose other end runs elsewhere.
 */
export function otherEnd({ transport }: GitAddress, program: 'upload-pack' | 'receive-pack'): string[] {
  if (transport !== 'file') return [];
  // A repository's own configuration cannot name this hook, and an empty one said here would be run.
  // What was pushed is on the disk there before it is acknowledged.
  const settings = [...FIXED_CONFIGURATION, ...REMOTE_CONFIGURATION, ['core.fsync', 'all'] as const].filter(([key]) => key !== 'uploadpack.packObjectsHook').flatMap(([key, value]) => ['-c', quoted(`${key}=${value}`)]);
  return [`--${program}=git --no-replace-objects ${settings.join(' ')} ${program}`];
}

function sshCommand(): string {
  const configuration = process.env['COUNTERSIGN_SSH_CONFIG'];
  return configuration === undefined || configuration === '' ? SSH : `${SSH} -F ${quoted(configuration)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function feed(child: ReturnType<typeof spawnGit>, input: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
  // A git that ended early says why by its exit.
  const ended = new Promise<void>((resolve) => {
    child.stdin.on('error', () => resolve());
    child.once('close', () => resolve());
  });
  try {
    for await (const chunk of input) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      if (!child.stdin.write(chunk)) await Promise.race([ended, new Promise<void>((resolve) => child.stdin.once('drain', resolve))]);
    }
  } catch (cause) {
    // What it was to be fed cannot be had: half of it must not be taken for the whole.
    stopGit(child);
    throw cause;
  } finally {
    child.stdin.end();
  }
}

/** Splits what git says on standard error; the last of it is kept for a message. */
class ProgressLines {
  readonly #onLine: (line: string) => void;
  readonly #kept: string[] = [];
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  take(chunk: Buffer): void {
    const lines = `${this.#rest}${chunk.toString('utf8')}`.slice(-65_536).split(/[\r\n]/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines.filter((one) => one.trim() !== '')) {
      this.#kept.push(line.slice(0, 500));
      if (this.#kept.length > 50) this.#kept.shift();
      this.#onLine(line);
    }
  }

  get said(): string {
    return [...this.#kept, this.#rest].join('\n').trim();
  }
}

/** Reports what git says of its progress; a fetch that brings more than `limit` bytes is ended. */
export function reported({ progress }: OpenWork, label: string, item: string, limit: number): (line: string) => void {
  return (line) => {
    const [, done, total] = /:\s+\d{1,3}% \((\d{1,12})\/(\d{1,12})\)/.exec(line) ?? [];
    if (done !== undefined && total !== undefined) progress({ label, item, done: Number(done), total: Number(total), unit: 'steps' });
    const [, amount, unit] = /, (\d+(?:\.\d+)?) (bytes|KiB|MiB|GiB)\b/.exec(line) ?? [];
    if (amount !== undefined && Number(amount) * UNITS[unit as keyof typeof UNITS] > limit) throw new AppError('too-large', `${item} sends more than ${limit} bytes.`);
  };
}

const UNITS = { bytes: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/host key verification failed|no .* host key is known|host identification has changed/i, 'Its host key is not the one in known_hosts. Connect once with ssh, compare the fingerprint with what its administrator told you, and sync again.'],
  [/permission denied|authentication failed|could not read (?:username|password)|terminal prompts disabled/i, 'It does not know this key or user. ssh uses its agent, its keys and its configuration; https takes user and password from ~/.netrc.'],
  [/certificate|SSL|TLS/i, 'Its certificate was not accepted. GIT_SSL_CAINFO names a file with the authority that signed it.'],
  [/does not appear to be a git repository|not found|no such file/i, 'Is it there? git init --bare PATH makes one.'],
];

/** What git said, as a failure of the place. */
export function gitFailure({ url }: GitAddress, what: string, stderr: string): AppError {
  const said = stderr.split('\n').map((line) => line.replaceAll(/\p{Cc}/gu, ' ').trim()).filter((line) => line !== '' && !/^(?:remote: )?[A-Z][a-z ]+:\s+\d+%/.test(line));
  const lines = said.filter((line) => /^(?:fatal|error|remote|ssh|!)|denied|failed|refused/i.test(line));
  const reason = (lines.length > 0 ? lines : said).slice(0, 3).join(' ').slice(0, 500);
  return new AppError('environment', `${url} could not be ${what}: ${reason === '' ? 'git did not say why' : reason}`, {
    hint: REASONS.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'Check that it can be reached from here, and that you may read and write it.', details: { url },
  });
}
