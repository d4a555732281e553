import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { noteSigner } from '../../../core/archive/note.ts';
import type { NoteSigner } from '../../../core/archive/note.ts';
import { AppError } from '../../../core/model/errors.ts';
import { storageError } from './database.ts';

export const KEY_FILE = 'log.key';

/**
 * The key that this console's log is signed with, made where there is none. The caller holds the database's write
 * lock, so that two processes never make two. Errors: `storage-failed`.
 */
export function readOrMakeLogKey(home: string, origin: string): NoteSigner {
  const file = join(home, KEY_FILE);
  if (!existsSync(file)) makeKey(file);
  return readKey(file, origin);
}

/** The key of a log that exists. Errors: `storage-failed` where it is missing or is another log's. */
export function readLogKey(home: string, origin: string, vkey: string): NoteSigner {
  const file = join(home, KEY_FILE);
  if (!existsSync(file)) {
    throw new AppError('storage-failed', `${file}, with which the log ${origin} is signed, is missing.`, {
      hint: 'Put it back from a backup of the data folder; without it nothing can be appended to this log.', details: { file },
    });
  }
  const signer = readKey(file, origin);
  if (signer.vkey.text !== vkey) {
    throw new AppError('storage-failed', `${file} is not the key that the log ${origin} was started with.`, {
      hint: 'Put the key back that belongs to genesis.db in the same folder.', details: { file, expected: vkey, found: signer.vkey.text },
    });
  }
  return signer;
}

function readKey(file: string, origin: string): NoteSigner {
  try {
    return noteSigner(origin, readFileSync(file, 'utf8'));
  } catch (cause) {
    if (!(cause instanceof AppError)) throw storageError(file, cause);
    throw new AppError('storage-failed', `${file} cannot be read as the log's key: ${cause.message}`, {
      hint: 'Put it back from a backup of the data folder.', details: { file }, cause,
    });
  }
}

function makeKey(file: string): void {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
  const draft = `${file}.${randomBytes(6).toString('hex')}.draft`;
  try {
    // Exclusive, and whole before it has its name: a crash leaves a draft, never half a key.
    writeSynced(draft, pem);
    renameSync(draft, file);
    syncFolder(dirname(file));
  } catch (cause) {
    throw storageError(file, cause);
  }
}

function writeSynced(file: string, text: string | Buffer): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, text.toString());
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
