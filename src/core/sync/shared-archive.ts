import type { LogFile } from '../archive/log-files.ts';
import type { FolderListing } from '../archive/readable-folder.ts';
import type { Parsed } from '../contract/types.ts';

/** `pull` publishes nothing, `push` takes nothing in. */
export type SyncDirection = Parsed<'sync.run'>['direction'];

/** How a sync is done. */
export interface SyncManner {
  readonly direction?: SyncDirection;
  /** Whether every file that lies there is read back and held against what this console has, not its size alone. */
  readonly check?: boolean;
}

/** Attachments of a shared archive by their SHA-256 (hex). What comes is checked by whoever asked. */
export interface SharedAttachments {
  /** Those of the named that lie there whole. */
  readonly have: (sha256s: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Bytes from an offset on; null where it is not there. Errors: `environment`, `outside-folder`. */
  readonly read: (sha256: string, from: number) => Promise<AsyncIterable<Buffer> | null>;
  /** Puts it there whole, going on where an earlier attempt stopped; `open` gives its bytes from an offset on. One that lies there whole stays as it is. Errors: `environment`. */
  readonly write: (sha256: string, size: number, open: (from: number) => AsyncIterable<Buffer>) => Promise<void>;
  /** Takes it away (erasure). False where this place does not let this console do that; its administrator must. */
  readonly remove: (sha256: string) => Promise<boolean>;
}

/** What lies in a shared archive, and what is wrong with the place itself, beyond any one log. */
export interface SharedListing extends FolderListing {
  readonly problems?: readonly { readonly code: string; readonly message: string }[];
  /** Bytes of each file, from a place that can hold files that are not whole; absent where the place itself sees to that. */
  readonly sizes?: ReadonlyMap<string, number>;
}

/** Where consoles exchange their logs, laid out as C2SP tlog-tiles below the origin of each. */
export interface SharedArchive {
  /** How it is called in what this console remembers of it. */
  readonly url: string;
  readonly list: () => Promise<SharedListing>;
  /** Null where there is no such file. Errors: `outside-folder`, `too-large`, `environment`. */
  readonly read: (path: string, limit: number) => Promise<Buffer | null>;
  /**
   * Writes files of a log, its checkpoint last, so that whoever reads meanwhile finds every tile of the checkpoint
   * that stands there. False, and no new checkpoint, where the one there is no longer the `expected` one.
   */
  readonly publishIfUnchanged: (origin: string, expected: Buffer | null, files: Iterable<LogFile>, checkpoint: Buffer) => Promise<boolean>;
  /** Adds files that never change once they are there (cosignatures). Errors: `environment`. */
  readonly add: (files: Iterable<LogFile>) => Promise<void>;
  readonly attachments: SharedAttachments;
  /** Lets go of what was opened; what was published stays. */
  readonly close: () => Promise<void>;
}

/** Attachments of a shared archive by their SHA-256 (hex). What comes is checked by whoever asked. */
export interface SharedAttachments {
  /** Those of the named that lie there whole. */
  readonly have: (sha256s: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Bytes from an offset on; null where it is not there. Errors: `environment`, `outside-folder`. */
  readonly read: (sha256: string, from: number) => Promise<AsyncIterable<Buffer> | null>;
  /** Puts it there whole, going on where an earlier attempt stopped; `open` gives its bytes from an offset on. One that lies there whole stays as it is. Errors: `environment`. */
  readonly write: (sha256: string, size: number, open: (from: number) => AsyncIterable<Buffer>) => Promise<void>;
  /** Takes it away (erasure). False where this place does not let this console do that; its administrator must. */
  readonly remove: (sha256: string) => Promise<boolean>;
}
