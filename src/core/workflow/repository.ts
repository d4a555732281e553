import type { ChangedFile } from '../checks/check.ts';
import type { Commit } from '../model/release.ts';

/** A tag whose name is a semantic version, with the commit that it leads to. */
export interface ReleaseTag {
  readonly name: string;
  readonly commit: string;
}

export interface RepositoryState {
  readonly path: string;
  readonly branch: string | null;
  readonly head: string | null;
  readonly bare: boolean;
  readonly shallow: boolean;
  readonly tags: readonly ReleaseTag[];
}

/** A file of a commit, read from the object database and never from the work tree. */
export interface CommittedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What is asked of a git repository; nothing that it configures is run. */
export interface Repository {
  readonly inspect: () => Promise<RepositoryState>;
  /** The full id of the commit that a tag, branch or id names. Throws `unknown-revision`. */
  readonly resolve: (revision: string) => Promise<string>;
  /** One commit by its full id. */
  readonly commit: (id: string) => Promise<Commit>;
  /** Commits after `since` (all of them where it is null), newest first, and the files that differ between the two. */
  readonly history: (commit: string, since: string | null, signal?: AbortSignal) => Promise<History>;
  readonly isAncestor: (ancestor: string, commit: string) => Promise<boolean>;
  readonly isDirty: () => Promise<boolean>;
  /** Paths of every file in a commit. */
  readonly files: (commit: string, signal?: AbortSignal) => Promise<readonly string[]>;
  /** Those of the files that are there, in the order asked for, in one go. Over `limit` bytes each: throws `too-large`, or leaves it out. */
  readonly readMany: (commit: string, paths: readonly string[], limit: number, signal?: AbortSignal, larger?: 'refused' | 'left-out') => Promise<readonly CommittedFile[]>;
  /** Those of the commits that carry an OpenPGP signature, with what it is over. */
  readonly signedCommits: (ids: readonly string[], signal?: AbortSignal) => Promise<readonly { readonly id: string; readonly payload: Uint8Array; readonly signature: string }[]>;
  /** One file of a commit; null when it is not there. Throws `too-large` over `limit` bytes. */
  readonly read: (commit: string, path: string, limit: number) => Promise<CommittedFile | null>;
}

export interface History {
  readonly commits: readonly Commit[];
  readonly changes: readonly ChangedFile[];
}

export type OpenRepository = (folder: string) => Promise<Repository>;
