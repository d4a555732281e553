import type { Readable } from 'node:stream';
import type { SigningKey } from '../contract/contract.ts';
import type { SignatureReport } from '../model/verification.ts';
import type { JudgedSignature } from '../openpgp/judge-signature.ts';
import type { Keyring } from '../openpgp/keyring.ts';

/** What a set of signatures over one stream of bytes came to. */
export interface SignatureCheck {
  readonly signatures: readonly JudgedSignature[];
  /** Why the signature file could not be read as one; null when it could. */
  readonly unreadable: string | null;
  /** SHA-256 of the bytes that were verified. */
  readonly sha256: string;
  /** The certificates that the signatures name, of those that were asked. */
  readonly certificates: Uint8Array;
}

/** Gives the certificates that some signatures name, by key id or fingerprint. */
export type KeySource = (issuers: readonly string[]) => Promise<Keyring>;

/** What gpg, asked for itself, says of the same signatures. */
export interface SecondOpinion {
  readonly signatures: readonly Pick<SignatureReport, 'fingerprint' | 'status'>[];
  readonly unreadable: string | null;
}

export interface OpenPgp {
  readonly version: () => Promise<{ version: string | null; problem: string | null }>;
  readonly keys: () => Promise<SigningKey[]>;
  /**
   * Makes a detached, armored, binary-mode signature over a stream. Errors: `key-unusable`, `pin-failed`,
   * `gpg-unavailable`, `gpg-failed`, `cancelled`.
   */
  readonly sign: (key: SigningKey, data: Readable, signal: AbortSignal) => Promise<string>;
  /**
   * Verifies a detached signature file over a file, both paths; needs no gpg. Errors: `not-found`, `environment`,
   * `cancelled`.
   */
  readonly verify: (request: {
    readonly signature: string; readonly data: string; readonly keys: KeySource; readonly at: Date; readonly signal: AbortSignal;
    readonly onBytes?: (bytes: number) => void;
  }) => Promise<SignatureCheck>;
  /** The public keys of the user's own keyring; none where there is no gpg. */
  readonly userKeys: KeySource;
  /** Has gpg verify the same; null where there is none. Errors: `gpg-failed`, `cancelled`. */
  readonly secondOpinion: (request: { readonly signature: string; readonly data: string; readonly certificates: Uint8Array; readonly signal: AbortSignal }) => Promise<SecondOpinion | null>;
}

/** Asks one source, and the next for what it does not know. */
export function inTurn(...sources: readonly KeySource[]): KeySource {
  return async (issuers) => {
    let last: Keyring | null = null;
    for (const source of sources) {
      last = await source(issuers);
      if (last.candidates(issuers).length > 0) return last;
    }
    if (last === null) throw new TypeError('no source of keys was given');
    return last;
  };
}

/** A keyring that is held already. */
export function heldKeys(keyring: Keyring): KeySource {
  return () => Promise.resolve(keyring);
}
