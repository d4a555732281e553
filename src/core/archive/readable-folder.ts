/** A folder that others may have written: what lies in it, and bounded reading of it. */
export interface ReadableFolder {
  /** Every regular file by its path with `/`; whatever is none, or lies too deep, is refused with its reason. */
  readonly list: () => Promise<FolderListing>;
  /** Null where there is no such file. Errors: `outside-folder` (a link), `too-large`, `environment`. */
  readonly read: (path: string, limit: number) => Promise<Buffer | null>;
  /** The bytes of a file in order. Errors as of `read`. */
  readonly stream: (path: string) => AsyncIterable<Buffer>;
}

export interface FolderListing {
  readonly files: readonly string[];
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
}
