import { spawn } from 'node:child_process';
import { AppError } from '../../../core/model/errors.ts';

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly input?: string;
  /** More output than this stops git; the default suits everything but a history. */
  readonly maximumBytes?: number;
  /** Milliseconds after which git is stopped. */
  readonly timeout?: number;
  /** Configuration that is laid over the repository's own. */
  readonly overrides?: readonly (readonly [key: string, value: string])[];
}

/** What a transport is handed on beside that: the person's own agent, keys and authorities. */
const HANDED_ON_TO = {
  file: [],
  ssh: ['SSH_AUTH_SOCK', 'USER', 'LOGNAME'],
  https: ['GIT_SSL_CAINFO', 'GIT_SSL_CAPATH', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'],
} as const;

/** How git may reach another repository; everything else stays off. */
export type Transport = keyof typeof HANDED_ON_TO;

/** Options that stand before every command. */
export const GIT_FLAGS = ['--no-pager', '--no-replace-objects', '--no-optional-locks', '--literal-pathspecs'] as const;

/** Names of variables that are handed on: nothing of the caller's git set-up, no agent, no askpass. */
const HANDED_ON = ['PATH', 'HOME', 'TMPDIR', 'SYSTEMROOT', 'LANG'] as const;

/**
 * Whatever a repository's configuration can start is switched off here: hooks, the file-system monitor, external
 * diffs and text conversion, ssh, credentials, signature programs, pagers, editors, transports and lazy fetching.
 */
export const FIXED_CONFIGURATION: readonly (readonly [string, string])[] = [
  ['safe.directory', '*'],
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  ['core.pager', 'cat'],
  ['core.editor', 'false'],
  ['core.askPass', ''],
  ['core.sshCommand', 'false'],
  ['core.gitProxy', ''],
  ['core.untrackedCache', 'false'],
  ['core.quotePath', 'false'],
  ['credential.helper', ''],
  ['diff.external', ''],
  ['diff.trustExitCode', 'false'],
  ['gpg.program', 'false'],
  ['gpg.ssh.program', 'false'],
  ['gpg.x509.program', 'false'],
  ['diff.orderFile', '/dev/null'],
  ['log.showSignature', 'false'],
  ['log.showRoot', 'true'],
  ['log.mailmap', 'false'],
  ['log.follow', 'false'],
  ['i18n.logOutputEncoding', 'UTF-8'],
  ['protocol.allow', 'never'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['uploadpack.packObjectsHook', ''],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
];

const DEFAULT_MAXIMUM = 64 * 1024 * 1024;
const DEFAULT_TIMEOUT = 120_000;

/**
 * Runs git over a repository that is hostile until shown otherwise. `folder` becomes the working directory, never an
 * option; arguments are the caller's own, and what comes from outside follows `--end-of-options`.
 * Errors: `git-unavailable`, `git-failed`, `too-large`, `cancelled`; a non-zero exit is returned, not thrown.
 */
export function runGit(folder: string, args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
  const environment = hardenedEnvironment(options.overrides ?? []);
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...GIT_FLAGS, ...args], {
      cwd: folder,
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    let size = 0;
    let stopped: AppError | null = null;
    const stop = (why: AppError): void => {
      stopped ??= why;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(
      () => stop(new AppError('git-failed', `git ${args[0] ?? ''} took longer than ${(options.timeout ?? DEFAULT_TIMEOUT) / 1000} s in ${folder}.`)),
      options.timeout ?? DEFAULT_TIMEOUT,
    );
    const abort = (): void => stop(new AppError('cancelled', 'The work was cancelled.'));
    options.signal?.addEventListener('abort', abort, { once: true });
    if (options.signal?.aborted === true) abort();

    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= (options.maximumBytes ?? DEFAULT_MAXIMUM)) out.push(chunk);
      else stop(new AppError('too-large', `git ${args[0] ?? ''} printed more than ${options.maximumBytes ?? DEFAULT_MAXIMUM} bytes in ${folder}.`));
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errors.length < 64) errors.push(chunk);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('error', (cause: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(startFailure(cause, folder));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      if (stopped !== null) reject(stopped);
      else resolve({ code: code ?? 1, stdout: Buffer.concat(out), stderr: Buffer.concat(errors).toString('utf8').trim() });
    });
  });
}

export function startFailure(cause: NodeJS.ErrnoException, folder: string): AppError {
  // A working directory that is not there is reported by spawn as ENOENT of the program.
  return new AppError('git-unavailable', `git could not be started in ${folder}: ${cause.message}`, {
    hint: 'Install git (on Debian: apt-get install git), and check that the folder is there.', cause,
  });
}

/** What git runs in: nothing of the caller's set-up, and no way to another repository but the transport that is named. */
export function hardenedEnvironment(overrides: readonly (readonly [string, string])[], transport: Transport | null = null): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_ATTR_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0', GIT_ASKPASS: 'false', SSH_ASKPASS: 'false', GIT_PAGER: 'cat',
    GIT_ALLOW_PROTOCOL: transport ?? '', GIT_LITERAL_PATHSPECS: '1', LC_ALL: 'C.UTF-8', TZ: 'UTC',
  };
  for (const name of [...HANDED_ON, ...(transport === null ? [] : HANDED_ON_TO[transport])]) if (process.env[name] !== undefined) environment[name] = process.env[name];
  const settings = [...FIXED_CONFIGURATION, ...overrides];
  environment['GIT_CONFIG_COUNT'] = String(settings.length);
  for (const [index, [key, value]] of settings.entries()) {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return environment;
}

/** Which git is here. */
export async function gitVersion(): Promise<{ version: string | null; problem: string | null }> {
  try {
    const { stdout } = await runGit('/', ['version'], { timeout: 10_000 });
    return { version: /\b(\d+\.\d+(?:\.\d+)?)/.exec(stdout.toString('utf8'))?.[1] ?? null, problem: null };
  } catch (cause) {
    return { version: null, problem: cause instanceof AppError ? cause.message : 'git could not be started' };
  }
}
