import { createHash, createVerify, verify } from 'node:crypto';
import { ALGORITHM, hashAlgorithm } from './algorithms.ts';
import { integer, sequence } from './der.ts';
import { OpenPgpFault } from './fault.ts';
import { joined, padded } from './octets.ts';
import { keyObject, type PublicKey } from './public-key.ts';
import { TYPE, type Signature } from './signature.ts';

/** Whether a signature is over what was hashed; `unsupported` says why that cannot be found out here. */
export type Outcome = { readonly good: boolean; readonly unsupported: null } | { readonly good: false; readonly unsupported: string };

/**
 * Checks one signature by one key over bytes as they come, so that they are read once and held by nobody (RFC 9580
 * §5.2.4): its salt, what is signed, its trailer.
 */
export class RunningCheck {
  readonly #signature: Signature;
  readonly #key: PublicKey;
  readonly #hasher: ReturnType<typeof createHash> | ReturnType<typeof createVerify> | null;
  readonly #lines: LineEndings | null;
  readonly #unsupported: string | null;

  constructor(signature: Signature, key: PublicKey) {
    this.#signature = signature;
    this.#key = key;
    this.#lines = signature.type === TYPE.text ? new LineEndings() : null;
    this.#unsupported = whyUnsupported(signature, key);
    this.#hasher = this.#unsupported === null ? hasherOf(signature) : null;
    this.#hasher?.update(signature.salt);
  }

  update(bytes: Uint8Array): void {
    if (this.#hasher === null) return;
    if (this.#lines === null) this.#hasher.update(bytes);
    else for (const piece of this.#lines.canonical(bytes)) this.#hasher.update(piece);
  }

  finish(): Outcome {
    if (this.#hasher === null) return { good: false, unsupported: this.#unsupported ?? '' };
    this.#hasher.update(this.#signature.trailer);
    try {
      return { good: isGood(this.#hasher, this.#signature, this.#key), unsupported: null };
    } catch (cause) {
      // The platform refuses keys that are none, such as a point that is not on its curve.
      return { good: false, unsupported: cause instanceof OpenPgpFault ? cause.message : `the platform refuses the key: ${cause instanceof Error ? cause.message : String(cause)}`.slice(0, 300) };
    }
  }
}

/** Checks a signature over what is held already, such as a key and a user id. */
export function checkSignature(signature: Signature, key: PublicKey, ...parts: readonly Uint8Array[]): Outcome {
  const check = new RunningCheck(signature, key);
  for (const part of parts) check.update(part);
  return check.finish();
}

function whyUnsupported(signature: Signature, key: PublicKey): string | null {
  const hash = hashAlgorithm(signature.hash);
  if (hash === null) return `hash algorithm ${signature.hash} is not known`;
  if (key.spki === null) return `${key.name} cannot be verified here`;
  if (isRsa(signature.algorithm) ? !isRsa(key.algorithm) : signature.algorithm !== key.algorithm) return 'its algorithm is not that of its key';
  if ((signature.version === 6) !== (key.version === 6)) return 'its version is not that of its key';
  if (signature.version === 6 && hash.salt === null) return `a signature of version 6 may not have ${hash.name}`;
  // §5.2.3.2, FIPS 186-4 §4.6: a hash shorter than the group would leave part of the key unused. 512 bits do for P-521.
  if (key.order !== null && hash.bits < Math.min(key.order, 512)) return `${hash.name} is too short for ${key.name}`;
  return null;
}

function isRsa(algorithm: number): boolean {
  return algorithm === ALGORITHM.rsa || algorithm === ALGORITHM.rsaSignOnly;
}

function isEdwards(algorithm: number): boolean {
  return algorithm === ALGORITHM.eddsaLegacy || algorithm === ALGORITHM.ed25519 || algorithm === ALGORITHM.ed448;
}

/** Edwards curves sign the hash as their message; the others are given to the platform with their hash. */
function hasherOf({ algorithm, hash }: Signature): ReturnType<typeof createHash> | ReturnType<typeof createVerify> {
  const digest = hashAlgorithm(hash)?.digest ?? '';
  return isEdwards(algorithm) ? createHash(digest) : createVerify(digest);
}

function isGood(hasher: ReturnType<typeof createHash> | ReturnType<typeof createVerify>, { algorithm, numbers }: Signature, key: PublicKey): boolean {
  const encoded = encodedSignature(algorithm, numbers, key);
  if (encoded === null) return false;
  return 'digest' in hasher ? verify(null, hasher.digest(), keyObject(key), encoded) : hasher.verify(keyObject(key), encoded);
}

/** The signature's numbers as the platform wants them; null where they cannot be numbers of this key. */
function encodedSignature(algorithm: number, [first = new Uint8Array(0), second = new Uint8Array(0)]: readonly Uint8Array[], { size }: PublicKey): Uint8Array | null {
  if (isRsa(algorithm)) return padded(first, size);
  if (algorithm === ALGORITHM.ed25519 || algorithm === ALGORITHM.ed448) return first;
  if (algorithm !== ALGORITHM.eddsaLegacy) return sequence(integer(first), integer(second));
  const [r, s] = [padded(first, size), padded(second, size)];
  return r === null || s === null ? null : joined(r, s);
}

const LF = 0x0a;
const CR = 0x0d;
const CRLF = Uint8Array.of(CR, LF);

/** Line endings of a text as they are signed: CRLF, whatever they were (§5.2.1.2), with no carriage return left before one. */
class LineEndings {
  /** Whether carriage returns stand at the end of what was seen, which belong to a line's end if one follows. */
  #pending = 0;

  *canonical(bytes: Uint8Array): Generator<Uint8Array> {
    for (let start = 0; start < bytes.length; ) {
      const feed = bytes.indexOf(LF, start);
      const end = feed === -1 ? bytes.length : feed;
      let last = end;
      while (last > start && bytes[last - 1] === CR) last -= 1;
      if (last > start) {
        if (this.#pending > 0) yield new Uint8Array(this.#pending).fill(CR);
        yield bytes.subarray(start, last);
        this.#pending = 0;
      }
      this.#pending += end - last;
      if (feed === -1) return;
      this.#pending = 0;
      yield CRLF;
      start = feed + 1;
    }
  }
}
