import { spawn } from 'node:child_process';
import { AppError } from '../../../core/model/errors.ts';

export interface AwsResult {
  readonly code: number | null;
  readonly said: string;
}

/** What the tool needs of the environment: where it lies, its own configuration, and the way out. */
const PASSED = ['PATH', 'HOME', 'USERPROFILE', 'SystemRoot', 'SYSTEMROOT', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'LC_ALL', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];
/** The end of what it says is enough to tell why. */
const KEPT_BYTES = 16 * 1024;

/** Runs `aws` with its arguments one by one, never through a shell. Errors: `environment` where it is not there, `cancelled`. */
export function runAws(args: readonly string[], signal: AbortSignal): Promise<AwsResult> {
  return new Promise((resolve, reject) => {
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED.includes(name) || name.startsWith('AWS_')));
    const child = spawn('aws', [...args], { env: { ...environment, AWS_PAGER: '', AWS_CLI_AUTO_PROMPT: 'off' }, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let said = Buffer.alloc(0);
    const hear = (chunk: Buffer): void => {
      said = Buffer.concat([said, chunk]).subarray(-KEPT_BYTES);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const stop = (): void => {
      child.kill('SIGTERM');
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    child.on('error', (cause: NodeJS.ErrnoException) => {
      signal.removeEventListener('abort', stop);
      reject(new AppError('environment', cause.code === 'ENOENT' ? 'The command-line tool aws is not installed here, and an S3-compatible repository is reached by it.' : `aws could not be started: ${cause.message}`, { hint: 'Install the AWS CLI, version 2, or name a folder.', cause }));
    });
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) reject(signal.reason instanceof Error ? signal.reason : new AppError('cancelled', 'The work was cancelled.'));
      else resolve({ code, said: said.toString('utf8').trim() });
    });
  });
}
