import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { noteSigner } from '../../../core/archive/note.ts';
import type { NoteSigner } from '../../../core/archive/note.ts';
import type { LogKeyPlace } from '../../../core/contract/log-key-calls.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { Keyring } from '../keystore/system-keyring.ts';
import { storageError } from './database.ts';

const KEY_FILE = 'log.key';
/** Says under which name the key lies in the keyring; it holds nothing secret. */
const MARK_FILE = 'log.keyring';
const Mark = z.strictObject({ v: z.literal(1), account: z.string().min(1).max(512) });

/** The data folder, and the keyring beside it; null where none is asked. */
export interface Keystore {
  readonly home: string;
  readonly keyring: Keyring | null;
}

/**
 * The key that this console's log is signed with, made where there is none: in the keyring where that gives back what it
 * was given, else in a file for its owner only. The caller holds the database's write lock, so that two processes never
 * make two. Errors: `storage-failed`.
 */
export function readOrMakeLogKey(keystore: Keystore, origin: string): NoteSigner {
  const { home, keyring } = keystore;
  if (!logKeyIsThere(home)) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    if (keyring === null || putInKeyring(keystore, keyring, origin, pem) !== null) writeFile(join(home, KEY_FILE), pem);
  }
  return readKey(keystore, origin);
}

/** The key of a log that exists. Errors: `storage-failed` where it is missing, cannot be reached or is another log's. */
export function readLogKey(keystore: Keystore, origin: string, vkey: string): NoteSigner {
  const { home } = keystore;
  const file = join(home, KEY_FILE);
  if (!existsSync(file) && !existsSync(join(home, MARK_FILE))) {
    throw new AppError('storage-failed', `${file}, with which the log ${origin} is signed, is missing.`, {
      hint: 'Put it back from a backup of the data folder; without it nothing can be appended to this log.', details: { file },
    });
  }
  const signer = readKey(keystore, origin);
  if (signer.vkey.text !== vkey) {
    throw new AppError('storage-failed', `${existsSync(file) ? file : `What lies in the keyring as ${accountIn(home)}`} is not the key that the log ${origin} was started with.`, {
      hint: 'Put the key back that belongs to genesis.db in the same folder.', details: { file, expected: vkey, found: signer.vkey.text },
    });
  }
  return signer;
}

/** Where the key lies, without asking for it. Errors: `not-found` where there is none yet, `storage-failed`. */
export function logKeyPlace({ home, keyring }: Keystore): LogKeyPlace {
  const [file, mark] = [join(home, KEY_FILE), join(home, MARK_FILE)];
  if (existsSync(file)) {
    const both = existsSync(mark) ? ' A move was stopped: the keyring may hold it too. Move it again to finish.' : '';
    const why = keyring === null ? ' The keyring is switched off (COUNTERSIGN_KEYRING=off).' : usability(keyring);
    return { where: 'file', place: file, said: `In a file that only its owner can read.${why}${both}` };
  }
  if (existsSync(mark)) return { where: 'keyring', place: accountIn(home), said: 'In the keyring of the system: a copy of the data folder holds no key.' };
  throw new AppError('not-found', `There is no log key in ${home} yet.`, { hint: 'It is made with the first record.', details: { home } });
}

/**
 * Moves the key: it stands in its new place and was read back before the old one goes, so that a move that is stopped
 * leaves it in one place or in both. Errors: `environment` (the keyring), `storage-failed`.
 */
export function moveLogKey(keystore: Keystore, { name: origin, text: vkey }: NoteSigner['vkey'], to: LogKeyPlace['where']): LogKeyPlace {
  const { home, keyring } = keystore;
  const [file, mark] = [join(home, KEY_FILE), join(home, MARK_FILE)];
  if (keyring === null) throw new AppError('environment', 'The keyring is switched off (COUNTERSIGN_KEYRING=off).', { hint: 'Start without it.' });
  const pem = pemOf(keystore);
  if (noteSigner(origin, pem).vkey.text !== vkey) throw new AppError('storage-failed', `What is kept is not the key of the log ${origin}.`, { hint: 'Put the key back that belongs to genesis.db in the same folder.' });
  const before = existsSync(mark) ? accountIn(home) : null;
  if (to === 'keyring' && existsSync(file)) {
    const failure = putInKeyring(keystore, keyring, origin, pem);
    if (failure !== null) throw failure;
    remove(file);
    if (before !== null && before !== accountIn(home)) forget(keyring, before);
  }
  if (to === 'file' && existsSync(mark)) {
    if (!existsSync(file)) writeFile(file, pem);
    if (readFileSync(file, 'utf8') !== pem) throw new AppError('storage-failed', `${file} does not read back as it was written.`, { details: { file } });
    remove(mark);
    if (before !== null) forget(keyring, before);
  }
  return logKeyPlace(keystore);
}

/** The key as it is kept, for a repair; null where it is not there or cannot be reached. */
export function storedLogKey(keystore: Keystore): string | null {
  try {
    return logKeyIsThere(keystore.home) ? pemOf(keystore) : null;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return null;
  }
}

export function logKeyIsThere(home: string): boolean {
  return existsSync(join(home, KEY_FILE)) || existsSync(join(home, MARK_FILE));
}

function readKey(keystore: Keystore, origin: string): NoteSigner {
  const file = join(keystore.home, KEY_FILE);
  const pem = pemOf(keystore);
  try {
    return noteSigner(origin, pem);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw storageError(file, cause);
    throw new AppError('storage-failed', `${existsSync(file) ? file : `What lies in the keyring as ${accountIn(keystore.home)}`} cannot be read as the log's key: ${cause.message}`, {
      hint: 'Put it back from a backup of the data folder.', details: { file }, cause,
    });
  }
}

/** The file first: where both are, a move was stopped, and both are the same. */
function pemOf({ home, keyring }: Keystore): string {
  const file = join(home, KEY_FILE);
  try {
    if (existsSync(file)) return readFileSync(file, 'utf8');
  } catch (cause) {
    throw storageError(file, cause);
  }
  const account = accountIn(home);
  try {
    const pem = keyring?.get(account) ?? null;
    if (pem !== null) return pem;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError('storage-failed', `The key of this console's log lies in the keyring as ${account}. ${cause.message}`, { hint: 'Unlock the keyring in your session and try again. countersign archive key --to file, from there, moves the key to a file.', details: { account }, cause });
  }
  throw new AppError('storage-failed', keyring === null ? `The key of this console's log lies in the keyring as ${account}, and the keyring is switched off (COUNTERSIGN_KEYRING=off).` : `The keyring of this user holds nothing called ${account}, which is the key of this console's log.`, {
    hint: keyring === null ? 'Start without it.' : 'A data folder that was copied from another machine or user needs its key moved to a file there first.', details: { account },
  });
}

/** Null where it is there for good, else why not. Each putting has a name of its own, so that two consoles of one user never meet. */
function putInKeyring({ home }: Keystore, keyring: Keyring, origin: string, pem: string): AppError | null {
  const account = `${origin} ${createHash('sha256').update(realpathSync(home)).digest('hex').slice(0, 8)} ${randomBytes(4).toString('hex')}`;
  const failure = tryKeyring(keyring, account, pem);
  if (failure !== null) return failure;
  writeFile(join(home, MARK_FILE), `${JSON.stringify({ v: 1, account })}\n`);
  return null;
}

/** Null where it gives back what it was given; one that did not answer is not asked again. */
function tryKeyring(keyring: Keyring, account: string, secret: string): AppError | null {
  try {
    keyring.set(account, secret);
    if (keyring.get(account) === secret) return null;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return cause;
  }
  forget(keyring, account);
  return new AppError('environment', 'The system’s keyring does not give back what it was given.');
}

function usability(keyring: Keyring): string {
  const account = `test ${randomBytes(8).toString('hex')}`;
  const failure = tryKeyring(keyring, account, account);
  if (failure !== null) return ` ${failure.message}`;
  forget(keyring, account);
  return ' The keyring can be used: countersign archive key --to keyring';
}

/** What is left there by a keyring that does not answer is a key that nothing names. */
function forget(keyring: Keyring, account: string): void {
  try {
    keyring.remove(account);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
  }
}

function accountIn(home: string): string {
  const mark = join(home, MARK_FILE);
  try {
    const found = Mark.safeParse(JSON.parse(readFileSync(mark, 'utf8')));
    if (found.success) return found.data.account;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw storageError(mark, cause);
  }
  throw new AppError('storage-failed', `${mark} does not say where the log's key lies.`, { hint: 'Put it back from a backup of the data folder.', details: { file: mark } });
}

function writeFile(file: string, text: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}.draft`;
  try {
    // Exclusive, and whole before it has its name: a crash leaves a draft, never half a key.
    writeSynced(draft, text);
    renameSync(draft, file);
    syncFolder(dirname(file));
  } catch (cause) {
    throw storageError(file, cause);
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
    syncFolder(dirname(file));
  } catch (cause) {
    throw storageError(file, cause);
  }
}

function writeSynced(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncFolder(folder: string): void {
  // Windows opens no folders; there a rename is durable by itself.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
