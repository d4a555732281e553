import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AppError } from '../../../core/model/errors.ts';

/** Secrets by account, where only this user of the machine can read them. Errors: `environment`, where it cannot be used or does not answer in time. */
export interface Keyring {
  readonly get: (account: string) => string | null;
  readonly set: (account: string, secret: string) => void;
  readonly remove: (account: string) => void;
}

const SERVICE = 'countersign';
/** A person may have to unlock it; a start never waits longer. */
const PATIENCE_MILLISECONDS = 4_000;
const MAX_ANSWER = 64 * 1024;
const Answer = z.union([z.strictObject({ value: z.string().nullable() }), z.strictObject({ failure: z.string() })]);

interface Options {
  readonly worker?: URL;
  readonly patience?: number;
}

/**
 * The keyring of the system: Secret Service (GNOME Keyring, KWallet), Keychain or Credential Manager. Null where it is
 * switched off by `COUNTERSIGN_KEYRING=off`, which a machine without anybody in front of it may want.
 */
export function systemKeyring({ worker = new URL('./keyring-worker.ts', import.meta.url), patience = PATIENCE_MILLISECONDS }: Options = {}): Keyring | null {
  if (process.env['COUNTERSIGN_KEYRING'] === 'off') return null;
  const ask = (act: 'get' | 'set' | 'remove', account: string, secret = ''): string | null => {
    if (process.platform === 'linux' && !hasSessionBus()) throw unusable('there is no session bus, on which it would be asked');
    const { status, stdout, error } = spawnSync(process.execPath, [fileURLToPath(worker)], {
      input: JSON.stringify({ act, service: SERVICE, account, secret }), encoding: 'utf8', timeout: patience, killSignal: 'SIGKILL', maxBuffer: MAX_ANSWER, stdio: ['pipe', 'pipe', 'ignore'],
      // Electron's binary is a Node only where it is told so.
      env: { ...process.env, ...(process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }) },
    });
    if (error !== undefined && 'code' in error && error.code === 'ETIMEDOUT') throw unusable(`it did not answer within ${patience / 1000} seconds`);
    const answer = status === 0 ? Answer.safeParse(parsed(stdout)).data : undefined;
    if (answer === undefined) throw unusable('it could not be asked');
    if ('failure' in answer) throw unusable(answer.failure.slice(0, 300));
    return answer.value;
  };
  return {
    get: (account) => ask('get', account),
    set: (account, secret) => void ask('set', account, secret),
    remove: (account) => void ask('remove', account),
  };
}

/** Where the library would look: the variable, or the socket that systemd makes for a session. */
function hasSessionBus(): boolean {
  const runtime = process.env['XDG_RUNTIME_DIR'] ?? '';
  return (process.env['DBUS_SESSION_BUS_ADDRESS'] ?? '') !== '' || (runtime !== '' && existsSync(join(runtime, 'bus')));
}

function unusable(why: string): AppError {
  return new AppError('environment', `The system’s keyring cannot be used: ${why}.`, { hint: 'Unlock it in your session, or use the file: countersign archive key --to file', details: { why } });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
