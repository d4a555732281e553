import { createPublicKey, hash, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AppError } from '../model/errors.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { parseNote, parseVerifierKey } from './note.ts';
import type { NoteSigner, VerifierKey } from './note.ts';

/** C2SP tlog-cosignature: signature type of a timestamped Ed25519 cosignature. */
const COSIGNATURE = 0x04;
const KEY_ID_BYTES = 4;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
const PUBLIC_KEY_BYTES = 32;
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The key that a witness' cosignatures are verified with: `name+id+base64(0x04 ‖ key)`. */
export interface CosignerKey {
  readonly name: string;
  /** The first four bytes of SHA-256(name ‖ 0x0a ‖ 0x04 ‖ key). */
  readonly keyId: Buffer;
  readonly key: KeyObject;
  readonly text: string;
}

/** That a witness saw a checkpoint, consistent with all that it had seen of its log before, at a time. */
export interface Cosignature {
  readonly witness: string;
  /** Seconds since 1970, by the clock of the witness. */
  readonly time: number;
  /** The signature line, with its newline. */
  readonly line: string;
}

function cosignerKey(name: string, publicKey: Buffer): CosignerKey {
  const typed = Buffer.concat([Buffer.from([COSIGNATURE]), publicKey]);
  const keyId = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typed]), 'buffer').subarray(0, KEY_ID_BYTES);
  return {
    name, keyId, key: createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' }),
    text: `${name}+${keyId.toString('hex')}+${encodeBase64(typed)}`,
  };
}

/**
 * The key with which a console cosigns: that of its own log, under the key id of cosignatures. The two kinds of message
 * cannot be taken for each other (C2SP tlog-cosignature, "Ed25519 signed message"), and so whoever pins a console's log
 * key has its witness key too.
 */
export function cosignerOf(log: VerifierKey): CosignerKey {
  return cosignerKey(log.name, log.key.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length));
}

/** Reads the vkey of a witness, or of a console's log, whose witness key follows from it. Errors: `malformed`. */
export function parseCosignerKey(text: string): CosignerKey {
  const [, name = '', claimed = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text) ?? [];
  const typed = decodeBase64(encoded);
  if (typed?.[0] !== COSIGNATURE) return cosignerOf(parseVerifierKey(text));
  if (typed.length !== PUBLIC_KEY_BYTES + 1) throw new AppError('malformed', 'This is not the verifier key of a witness: its key is not an Ed25519 one.');
  const key = cosignerKey(name, typed.subarray(1));
  if (key.keyId.toString('hex') !== claimed) throw new AppError('malformed', 'The id inside this verifier key does not fit its key.');
  return key;
}

/** What is signed: a header that no checkpoint begins with, the time, and the whole body of the note. */
function message(text: string, time: number): string {
  return `cosignature/v1\ntime ${time}\n${text}`;
}

/** Cosigns the body of a checkpoint with the key of a console's log; `time` in seconds. */
export function cosign(text: string, time: number, signer: NoteSigner): Cosignature {
  const witness = cosignerOf(signer.vkey);
  const timestamp = Buffer.alloc(TIME_BYTES);
  timestamp.writeBigUInt64BE(BigInt(time));
  const signature = signer.sign(message(text, time));
  return { witness: witness.name, time, line: `— ${witness.name} ${encodeBase64(Buffer.concat([witness.keyId, timestamp, signature]))}\n` };
}

/**
 * The cosignatures of known witnesses under a checkpoint, each once; lines of others are left alone. Errors: `malformed`,
 * `verification-failed` where one of a known witness is not over these bytes (C2SP signed-note: such a note is malformed).
 */
export function readCosignatures(note: Uint8Array, witnesses: readonly CosignerKey[]): Cosignature[] {
  const { text, signatures } = parseNote(note);
  const found = new Map<string, Cosignature>();
  for (const { name, keyHash, signature } of signatures) {
    const witness = witnesses.find((one) => one.name === name && one.keyId.equals(keyHash));
    if (witness === undefined) continue;
    const time = signature.length === TIME_BYTES + SIGNATURE_BYTES ? signature.readBigUInt64BE(0) : null;
    if (time === null || time > BigInt(Number.MAX_SAFE_INTEGER)) throw new AppError('malformed', `The cosignature of ${name} is not a time and an Ed25519 signature.`);
    if (!verify(null, Buffer.from(message(text, Number(time))), witness.key, signature.subarray(TIME_BYTES))) {
      throw new AppError('verification-failed', `The cosignature of ${name} is not over these bytes.`);
    }
    found.set(name, { witness: name, time: Number(time), line: `— ${name} ${encodeBase64(Buffer.concat([keyHash, signature]))}\n` });
  }
  return [...found.values()];
}

/** A checkpoint with more lines under it; one that stands there already is not repeated. */
export function withCosignatures(note: Uint8Array, cosignatures: readonly Pick<Cosignature, 'line'>[]): Buffer {
  const text = Buffer.from(note).toString('utf8');
  return Buffer.from(`${text}${cosignatures.map(({ line }) => line).filter((line) => !text.includes(`\n${line}`)).join('')}`);
}
