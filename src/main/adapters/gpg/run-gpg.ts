import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { AppError } from '../../../core/model/errors.ts';

export interface GpgResult {
  /** Lines of `--status-fd` without their `[GNUPG:] ` prefix. The exit code is not trusted: gpg exits 0 on EXPKEYSIG. */
  readonly status: readonly string[];
  readonly stdout: Buffer;
  readonly stderr: string;
}

const MAX_STATUS_BYTES = 4 * 1024 * 1024;
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;

/** gpg never gives up on a card that does not answer: so long, in milliseconds, a PIN and a touch are waited for. */
function longestWait(): number {
  const seconds = Number(process.env['COUNTERSIGN_KEY_TIMEOUT'] ?? '');
  return (Number.isFinite(seconds) && seconds > 0 ? seconds : 15 * 60) * 1000;
}

/** Runs gpg with its status on a descriptor of its own. Errors: `gpg-unavailable`, `cancelled`, `too-large`. */
export function runGpg(
  args: readonly string[],
  options: { readonly signal?: AbortSignal | undefined; readonly input?: Readable; readonly home?: string; readonly timeout?: number } = {},
): Promise<GpgResult> {
  return new Promise((resolve, reject) => {
    const environment: NodeJS.ProcessEnv = { ...process.env, LC_ALL: 'C.UTF-8' };
    if (options.home !== undefined) environment['GNUPGHOME'] = options.home;
    const child = spawn('gpg', ['--batch', '--no-tty', '--status-fd', '3', '--disable-dirmngr', '--no-auto-key-retrieve', ...args], {
      env: environment, stdio: ['pipe', 'pipe', 'pipe', 'pipe'], windowsHide: true,
    });
    const out: Buffer[] = [];
    const said: Buffer[] = [];
    const status: Buffer[] = [];
    let outSize = 0;
    let statusSize = 0;
    let stopped: unknown = null;
    const stop = (why: unknown): void => {
      stopped ??= why;
      child.kill('SIGTERM');
    };
    const abort = (): void => stop(options.signal?.reason ?? new AppError('cancelled', 'The work was cancelled.'));
    options.signal?.addEventListener('abort', abort, { once: true });
    if (options.signal?.aborted === true) abort();
    let timer: NodeJS.Timeout | undefined;
    const startTimer = (): void => {
      timer = setTimeout(
        () => stop(new AppError('gpg-failed', 'gpg did not answer in time.', { hint: 'Check the card and the pinentry window, then try again.', details: { state: 'no-answer' } })),
        options.timeout ?? longestWait(),
      );
    };
    // What is read may take as long as it takes; the key is waited for only then.
    if (options.input === undefined) startTimer();
    else options.input.once('end', startTimer);

    child.stdout?.on('data', (chunk: Buffer) => {
      outSize += chunk.length;
      if (outSize <= MAX_OUTPUT_BYTES) out.push(chunk);
      else stop(new AppError('too-large', `gpg printed more than ${MAX_OUTPUT_BYTES} bytes.`));
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      if (said.length < 256) said.push(chunk);
    });
    const statusPipe = child.stdio[3];
    if (statusPipe !== null && statusPipe !== undefined && 'on' in statusPipe) {
      (statusPipe as Readable).on('data', (chunk: Buffer) => {
        statusSize += chunk.length;
        if (statusSize <= MAX_STATUS_BYTES) status.push(chunk);
        else stop(new AppError('too-large', `gpg reported more than ${MAX_STATUS_BYTES} bytes of status.`));
      });
    }
    // gpg may close its input early (a bad key, a bad signature file): its status says why.
    const drain = (): void => {
      options.input?.unpipe();
      options.input?.resume();
    };
    child.stdin?.on('error', drain);
    child.stdin?.on('close', drain);
    if (options.input === undefined) child.stdin?.end();
    else {
      options.input.on('error', stop);
      if (child.stdin !== null) options.input.pipe(child.stdin);
    }
    child.on('error', (cause: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new AppError('gpg-unavailable', `gpg could not be started: ${cause.message}`, { hint: 'Install GnuPG (on Debian: apt-get install gnupg).', cause }));
    });
    child.on('close', () => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      if (stopped !== null) {
        reject(stopped);
        return;
      }
      const lines = Buffer.concat(status).toString('utf8').split('\n').filter((line) => line.startsWith('[GNUPG:] '));
      resolve({ status: lines.map((line) => line.slice(9)), stdout: Buffer.concat(out), stderr: Buffer.concat(said).toString('utf8') });
    });
  });
}
