import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { AppError } from '../../../core/model/errors.ts';
import type { OpenPgp, SignatureCheck } from '../../../core/signing/openpgp.ts';
import { parseSecretKeys } from './parse-keys.ts';
import { parseVerification } from './parse-status.ts';
import { runGpg } from './run-gpg.ts';

const MAX_SIGNATURE_BYTES = 1024 * 1024;
const MAX_KEYRING_BYTES = 64 * 1024 * 1024;
const READ_CHUNK = 1024 * 1024;

/** OpenPGP through the user's own gpg, its agent, and whatever cards the agent reaches. */
export function createGpg(now: () => Date): OpenPgp {
  return {
    version: async () => {
      try {
        const { stdout } = await runGpg(['--version'], { timeout: 10_000 });
        return { version: /\b(\d+\.\d+\.\d+)\b/.exec(stdout.toString('utf8'))?.[1] ?? null, problem: null };
      } catch (cause) {
        return { version: null, problem: cause instanceof AppError ? cause.message : 'gpg could not be started' };
      }
    },
    keys: async () => {
      const { stdout } = await runGpg(['--list-secret-keys', '--with-colons', '--with-fingerprint', '--fixed-list-mode'], { timeout: 60_000 });
      return parseSecretKeys(stdout.toString('utf8'), now());
    },
    sign: async (key, data, signal) => {
      if (key.signing === null || key.unusable !== null) throw unusable(key.fingerprint, key.unusable ?? 'cannot-sign');
      const { status, stdout, stderr } = await runGpg(
        ['--armor', '--detach-sign', '--digest-algo', 'SHA512', '--no-emit-version', '--local-user', `${key.signing}!`, '--output', '-'],
        { input: data, signal },
      );
      if (!status.some((line) => line.startsWith('SIG_CREATED D ')) || stdout.length === 0) throw signingFailure(status, stderr);
      return stdout.toString('utf8');
    },
    verify: async ({ signature, data, keyring, signal, onBytes }) => {
      const unreadable = await whyNotDetached(signature);
      const home = keyring === null ? null : await homeWith(keyring, signal);
      try {
        const hash = createHash('sha256');
        const input = createReadStream(data, { highWaterMark: READ_CHUNK }).pipe(
          new Transform({
            highWaterMark: READ_CHUNK,
            transform(chunk: Buffer, _encoding, done) {
              hash.update(chunk);
              onBytes?.(chunk.length);
              done(null, chunk);
            },
          }),
        );
        const ended = new Promise<void>((resolve, reject) => {
          input.once('end', resolve);
          input.once('error', reject);
        });
        if (unreadable !== null) {
          input.resume();
          await ended;
          return { signatures: [], unreadable, sha256: hash.digest('hex') };
        }
        // The same bytes are hashed and verified: they are read once and go to both.
        const [result] = await Promise.all([
          runGpg(['--no-options', '--trust-model', 'always', '--verify', '--', signature, '-'], { input, signal, ...(home === null ? {} : { home }) }),
          ended,
        ]);
        return { ...parseVerification(result.status), sha256: hash.digest('hex') } satisfies SignatureCheck;
      } finally {
        if (home !== null) await rm(home, { recursive: true, force: true });
      }
    },
  };
}

/** A detached signature is armored as one, or is a binary packet with tag 2 (RFC 9580 §4.2, §5.2). */
async function whyNotDetached(path: string): Promise<string | null> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError(cause.code === 'ENOENT' ? 'not-found' : 'environment', `The signature ${path} could not be read: ${cause.message}`, { details: { path }, cause });
  });
  try {
    const { size } = await file.stat();
    if (size > MAX_SIGNATURE_BYTES) return `it is ${size} bytes; a signature is at most ${MAX_SIGNATURE_BYTES}`;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, MAX_SIGNATURE_BYTES)), 0);
    const first = buffer[0] ?? 0;
    const tag = (first & 0x40) === 0 ? (first >> 2) & 0x0f : first & 0x3f;
    if (bytesRead > 0 && (first & 0x80) !== 0 && tag === 2) return null;
    if (/^-----BEGIN PGP SIGNATURE-----\r?$/m.test(buffer.subarray(0, bytesRead).toString('latin1'))) return null;
    return 'it is not an OpenPGP signature';
  } finally {
    await file.close();
  }
}

/** A home of its own that holds only the caller's keyring: nothing of the user's trust leaks into the verdict. */
async function homeWith(keyring: string, signal: AbortSignal): Promise<string> {
  const file = await open(keyring, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('not-found', `The keyring ${keyring} could not be read: ${cause.message}`, { details: { path: keyring }, cause });
  });
  const { size } = await file.stat().finally(() => file.close());
  if (size > MAX_KEYRING_BYTES) throw new AppError('too-large', `The keyring ${keyring} is ${size} bytes; ${MAX_KEYRING_BYTES} are read.`);
  const home = await mkdtemp(join(tmpdir(), 'countersign-keyring-'));
  const { status } = await runGpg(['--no-options', '--no-autostart', '--import-options', 'import-minimal', '--import', '--', keyring], { home, signal });
  if (!status.some((line) => line.startsWith('IMPORT_OK '))) {
    await rm(home, { recursive: true, force: true });
    throw new AppError('malformed', `The keyring ${keyring} holds no OpenPGP key.`, { hint: 'Export it with gpg --armor --export KEY > keyring.asc', details: { path: keyring } });
  }
  return home;
}

function unusable(fingerprint: string, why: string): AppError {
  const words: Readonly<Record<string, string>> = {
    'expired': 'has expired', 'revoked': 'is revoked', 'disabled': 'is disabled', 'cannot-sign': 'may not sign',
    'secret-missing': 'has no secret part on this machine',
  };
  return new AppError('key-unusable', `The key ${fingerprint} ${words[why] ?? 'cannot be used'}.`, {
    hint: 'Choose another key; countersign keys shows which can sign.', details: { fingerprint, why },
  });
}

/** gpg's `FAILURE sign N`: the error code is N & 0xffff (libgpg-error). */
const FAILURES: Readonly<Record<number, readonly ['pin-failed' | 'cancelled' | 'gpg-failed' | 'key-unusable', string, string]>> = {
  11: ['pin-failed', 'The passphrase was wrong.', 'Try again with the right passphrase.'],
  85: ['gpg-failed', 'gpg found no pinentry to ask for the PIN or passphrase.', 'Install one (on Debian: apt-get install pinentry-curses or pinentry-gnome3).'],
  87: ['pin-failed', 'The PIN was wrong, too short or empty.', 'Try again; gpg --card-status shows how many tries are left.'],
  99: ['cancelled', 'The PIN or passphrase entry was cancelled.', 'Start again when you are ready to enter it.'],
  112: ['key-unusable', 'The card is not there, or another one is inserted.', 'Insert the card that holds this key and start again.'],
  119: ['gpg-failed', 'gpg has no card daemon.', 'Install it (on Debian: apt-get install scdaemon).'],
  130: ['pin-failed', 'The PIN is blocked.', 'Unblock it with the reset code or the admin PIN (gpg --card-edit, passwd).'],
  131: ['cancelled', 'The card was not touched in time, or refused.', 'Start again and touch the card when it asks.'],
};

function signingFailure(status: readonly string[], stderr: string): AppError {
  const failure = status.map((line) => /^FAILURE sign (\d+)$/.exec(line)).find((match) => match !== null);
  const invalid = status.find((line) => line.startsWith('INV_SGNR '));
  const known = failure === undefined || failure === null ? undefined : FAILURES[Number(failure[1]) & 0xffff];
  const details = { status: status.slice(-8).join('\n'), stderr: stderr.slice(-1000) };
  if (known !== undefined) return new AppError(known[0], known[1], { hint: known[2], details });
  if (invalid !== undefined) return new AppError('key-unusable', 'gpg cannot sign with this key.', { hint: 'Choose another key.', details });
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return new AppError('gpg-failed', `gpg made no signature: ${last}`, {
    hint: 'If a passphrase is needed, check that pinentry can open a window or has this terminal (export GPG_TTY=$(tty)).', details,
  });
}
