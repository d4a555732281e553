import type { Readable } from 'node:stream';
import type { SignatureReport } from '../model/verification.ts';
import type { SigningKey } from '../contract/contract.ts';

/** What a set of signatures over one stream of bytes came to. */
export interface SignatureCheck {
  readonly signatures: readonly (SignatureReport & { readonly keyExpired: string | null })[];
  /** Why the signature file could not be read as one; null when it could. */
  readonly unreadable: string | null;
  /** SHA-256 of the bytes that were given to the verification. */
  readonly sha256: string;
}

export interface OpenPgp {
  readonly version: () => Promise<{ version: string | null; problem: string | null }>;
  readonly keys: () => Promise<SigningKey[]>;
  /**
   * Makes a detached, armored, binary-mode signature over a stream. Errors: `key-unusable`, `pin-failed`,
   * `gpg-unavailable`, `gpg-failed`, `cancelled`.
   */
  readonly sign: (key: SigningKey, data: Readable, signal: AbortSignal) => Promise<string>;
  /** Verifies a detached signature file over a file. `keyring` null: the user's own public keys. */
  readonly verify: (request: {
    readonly signature: string; readonly data: string; readonly keyring: string | null; readonly signal: AbortSignal;
    readonly onBytes?: (bytes: number) => void;
  }) => Promise<SignatureCheck>;
}
