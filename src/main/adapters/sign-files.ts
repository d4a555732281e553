import { Readable } from 'node:stream';
import type { SigningKey } from '../../core/contract/contract.ts';
import { AppError } from '../../core/model/errors.ts';
import type { OpenPgp } from '../../core/signing/openpgp.ts';
import type { OpenedLocalKey } from './local-keys/open-local-key.ts';
import { detachedArguments, signatureOf } from './gpg/gpg.ts';
import type { FileDigest, Hasher, ReadOptions } from './hashing.ts';

/** Where a file is copied to while it is read, and what happens before it is signed. */
export interface SignOptions extends ReadOptions {
  readonly copyTo: string | null;
}

/** Who signs: each file is read once, for its checksum, its copy and its signature. */
export interface FileSigner {
  /** An armored detached signature over a file. Errors: those of reading, and of the key. */
  readonly signFile: (path: string, options: SignOptions) => Promise<FileDigest & { readonly signature: string }>;
  readonly signText: (text: string, signal: AbortSignal) => Promise<string>;
}

/** Signs with a key that the user's gpg holds, on the reading threads: the same bytes that are hashed go to gpg. */
export function gpgSigner(openpgp: Pick<OpenPgp, 'sign'>, hasher: Hasher, key: SigningKey): FileSigner {
  return {
    signFile: async (path, { copyTo, ...options }) => {
      const { sha256, size, gpg } = await hasher.read(path, { copyTo, gpg: detachedArguments(key) }, options);
      if (gpg === null) throw new TypeError('gpg was asked and gave no answer');
      return { sha256, size, signature: await signatureOf(gpg, key) };
    },
    signText: (text, signal) => openpgp.sign(key, Readable.from([Buffer.from(text)]), signal),
  };
}

/** Signs with a local key that is unlocked: the reading threads hash as its signature wants it. */
export function localSigner(opened: Pick<OpenedLocalKey, 'prepare' | 'sign'>, hasher: Hasher, now: () => Date): FileSigner {
  return {
    signFile: async (path, { copyTo, ...options }) => {
      const { hash, prefix, trailer, finish } = opened.prepare(now());
      const { sha256, size, digest } = await hasher.read(path, { copyTo, digest: { algorithm: hash, prefix, trailer } }, options);
      if (digest === null) throw new TypeError('a digest was asked for and not given');
      return { sha256, size, signature: await finish(digest) };
    },
    signText: (text) => opened.sign(Buffer.from(text), now()),
  };
}

/**
 * Lets one at a time come to the key, in the order in which they ask. Two that ask a card at once could cost two PIN
 * tries, and a person would not know which one they touch for.
 */
export function inSingleFile(): (until: Promise<unknown>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (until) => {
    const before = last;
    last = before.then(() => until.then(() => undefined, () => undefined));
    return before;
  };
}

/** What was shown to whoever signs is what is signed, or nothing is. */
export function assertAsShown(name: string, read: string, shown: string | undefined): void {
  if (shown === undefined || shown === read) return;
  throw new AppError('verification-failed', `${name} is not what was shown: its SHA-256 is ${read}, and ${shown} was to be signed.`, {
    hint: 'Nothing was signed. Find out what changed the file; judge the release again before you sign.', details: { name, read, shown },
  });
}
