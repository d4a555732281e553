import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AppError } from '../model/errors.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';

/** C2SP signed-note: signature type of an Ed25519 key. */
const ED25519 = 0x01;
const PUBLIC_KEY_BYTES = 32;
/** Beginning of every Ed25519 public key in DER (RFC 8410 §4); the 32 bytes of the key follow. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const MAX_SIGNATURES = 100;

/** The key that a note is verified with: `name+hash+base64(0x01 ‖ key)`. */
export interface VerifierKey {
  readonly name: string;
  /** The first four bytes of SHA-256(name ‖ 0x0a ‖ 0x01 ‖ key). */
  readonly keyHash: Buffer;
  readonly key: KeyObject;
  readonly text: string;
}

export interface NoteSigner {
  readonly vkey: VerifierKey;
  readonly sign: (text: string) => Buffer;
}

/** A note as read: its text, which ends with a newline, and every signature line. */
interface SignedNote {
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly keyHash: Buffer; readonly signature: Buffer }[];
}

/** The vkey of a raw Ed25519 public key. Errors: `malformed` where the name cannot stand in a note. */
function verifierKeyOf(name: string, publicKey: Buffer): VerifierKey {
  if (!isKeyName(name)) throw new AppError('malformed', `"${name}" cannot name a key: no white space and no "+".`);
  const typed = Buffer.concat([Buffer.from([ED25519]), publicKey]);
  const keyHash = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typed]), 'buffer').subarray(0, 4);
  return {
    name, keyHash,
    key: createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' }),
    text: `${name}+${keyHash.toString('hex')}+${encodeBase64(typed)}`,
  };
}

/** Reads a vkey (C2SP signed-note, "Verifier keys"). Errors: `malformed`. */
export function parseVerifierKey(text: string): VerifierKey {
  const parts = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text);
  const [, name = '', claimed = '', encoded = ''] = parts ?? [];
  const typed = decodeBase64(encoded);
  if (parts === null || typed === null || typed.length !== PUBLIC_KEY_BYTES + 1 || typed[0] !== ED25519) {
    throw new AppError('malformed', 'This is not the verifier key of a log: name, hash and Ed25519 key joined by "+".');
  }
  const key = verifierKeyOf(name, typed.subarray(1));
  if (key.keyHash.toString('hex') !== claimed) throw new AppError('malformed', 'The hash inside this verifier key does not fit its key.');
  return key;
}

/** Signs notes in the name of a log with its private key (PEM, PKCS #8). Errors: `malformed`. */
export function noteSigner(name: string, pem: string): NoteSigner {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: 'pem' });
  } catch (cause) {
    throw new AppError('malformed', 'The log key is not a private key in PEM.', { cause });
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new AppError('malformed', 'The log key is not an Ed25519 key.');
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
  return { vkey: verifierKeyOf(name, publicKey), sign: (text) => sign(null, Buffer.from(text), key) };
}

/** A text with one signature line (C2SP signed-note, "Format"). */
export function signNote(text: string, signer: NoteSigner): string {
  const { name, keyHash } = signer.vkey;
  return `${text}\n— ${name} ${encodeBase64(Buffer.concat([keyHash, signer.sign(text)]))}\n`;
}

/** Reads a note without judging its signatures. Errors: `malformed` where any byte is not as the format has it. */
export function parseNote(bytes: Uint8Array): SignedNote {
  const whole = decodeText(bytes);
  // The text may hold blank lines; the signatures are what follows the last one.
  const split = whole.lastIndexOf('\n\n');
  if (split < 0) throw malformed('it has no blank line before its signatures');
  const text = whole.slice(0, split + 1);
  const block = whole.slice(split + 2);
  if (!block.endsWith('\n')) throw malformed('it does not end with a whole signature line');
  const lines = block.slice(0, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw malformed(`it has more than ${MAX_SIGNATURES} signatures`);
  return { text, signatures: lines.map(parseSignatureLine) };
}

/**
 * Opens a note with a key: at least one signature line is by this key, and every line by it verifies. Lines of
 * other keys are left alone, as the format asks. Errors: `malformed`, `verification-failed`.
 */
export function openNote(bytes: Uint8Array, vkey: VerifierKey): SignedNote {
  const note = parseNote(bytes);
  const own = note.signatures.filter(({ name, keyHash }) => name === vkey.name && keyHash.equals(vkey.keyHash));
  if (own.length === 0) throw new AppError('verification-failed', `No signature of ${vkey.name} with the expected key stands under it.`);
  if (own.length > 1) throw malformed(`${vkey.name} signed it twice`);
  if (!own.every(({ signature }) => verify(null, Buffer.from(note.text), vkey.key, signature))) {
    throw new AppError('verification-failed', `The signature of ${vkey.name} is not over these bytes.`);
  }
  return note;
}

function parseSignatureLine(line: string): SignedNote['signatures'][number] {
  const parts = /^— (\S+) (\S+)$/u.exec(line);
  const [, name = '', encoded = ''] = parts ?? [];
  const bytes = decodeBase64(encoded);
  if (parts === null || !isKeyName(name) || bytes === null || bytes.length < 5) throw malformed('a signature line is not "— name base64"');
  return { name, keyHash: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

function decodeText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('malformed', 'A signed note is UTF-8 text; this is not.', { cause });
  }
  // C2SP signed-note: no ASCII control characters other than newline.
  for (const byte of bytes) if (byte < 0x20 && byte !== 0x0a) throw malformed('it holds a control character');
  return text;
}

function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+]/u.test(name);
}

function malformed(why: string): AppError {
  return new AppError('malformed', `This is not a signed note: ${why}.`);
}
