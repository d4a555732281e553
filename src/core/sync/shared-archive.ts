import type { LogFile } from '../archive/log-files.ts';
import type { FolderListing } from '../archive/readable-folder.ts';

/** Where consoles exchange their logs, laid out as C2SP tlog-tiles below the origin of each. */
export interface SharedArchive {
  /** How it is called in what this console remembers of it. */
  readonly url: string;
  readonly list: () => Promise<FolderListing>;
  /** Null where there is no such file. Errors: `outside-folder`, `too-large`, `environment`. */
  readonly read: (path: string, limit: number) => Promise<Buffer | null>;
  /**
   * Writes files of a log, its checkpoint last, so that whoever reads meanwhile finds every tile of the checkpoint
   * that stands there. False, and no new checkpoint, where the one there is no longer the `expected` one.
   */
  readonly publishIfUnchanged: (origin: string, expected: Buffer | null, files: Iterable<LogFile>, checkpoint: Buffer) => Promise<boolean>;
  /** Adds files that never change once they are there (cosignatures, attachments by digest); those that are there already stay as they are. Errors: `environment`. */
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
