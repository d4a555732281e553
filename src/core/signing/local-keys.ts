import type { LocalKey, RevocationCause } from '../model/local-keys.ts';
import type { PreparedSignature } from './local-signer.ts';

/** How a new key is made. */
export interface NewKey {
  readonly name: string;
  readonly email: string;
  readonly algorithm: 'ed25519' | 'rsa4096';
  readonly days: number;
  readonly passphrase: string;
  /** null: in the folder of keys, under its fingerprint. */
  readonly file: string | null;
}

/** A key that was written, and where its revocation certificate lies. */
export interface WrittenKey {
  readonly key: LocalKey;
  readonly revocation: string | null;
}

/**
 * Passphrase-protected private keys in files of this machine. Every passphrase is held for as long as its call lasts.
 * Errors of all: `not-found`, `malformed`, `pin-failed` (a wrong passphrase), `key-unusable`, `environment`.
 */
export interface LocalKeys {
  readonly list: () => Promise<LocalKey[]>;
  /** By the path of its file, its fingerprint or 16 digits or more of the end of it; null where there is none. */
  readonly find: (named: string) => Promise<LocalKey | null>;
  /** Error besides: `already-exists`. */
  readonly create: (wanted: NewKey) => Promise<WrittenKey>;
  /** Takes a protected key of elsewhere. Error besides: `already-exists`; `key-unusable` where it has no passphrase. */
  readonly import: (from: string, passphrase: string, file: string | null) => Promise<WrittenKey>;
  /** Its public half, as binary packets. */
  readonly certificate: (file: string) => Promise<Uint8Array>;
  readonly changePassphrase: (file: string, before: string, after: string) => Promise<LocalKey>;
  /** By its own secret, with a reason; or by a revocation certificate that was made before. */
  readonly revoke: (file: string, by: { readonly passphrase: string; readonly cause: RevocationCause; readonly words: string } | { readonly certificate: string }) => Promise<LocalKey>;
  /** Has one key certify the user ids of another, in whose file that stays. */
  readonly certify: (file: string, by: { readonly file: string; readonly passphrase: string }) => Promise<void>;
  readonly open: (file: string, passphrase: () => Promise<string>) => Promise<{
    readonly described: LocalKey;
    readonly certificate: Uint8Array;
    readonly prepare: (created: Date) => PreparedSignature;
    /** Detached and armored, over what is held. */
    readonly sign: (data: Uint8Array, created: Date) => Promise<string>;
  }>;
}

/** A passphrase shorter than this is guessed where the file is had. */
export const MIN_PASSPHRASE = 8;
