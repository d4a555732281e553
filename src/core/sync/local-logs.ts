import type { ReadOutline } from '../archive/entry-outline.ts';
import type { SealedEntry } from '../archive/entry.ts';
import type { LogSource } from '../archive/log-files.ts';
import type { GrowingTree, SubtreeReader, TreeHash } from '../archive/tree.ts';
import type { LocalAttachments } from './exchange-attachments.ts';
import type { ForkProof } from './fork-proof.ts';

/** A log as this console holds it. */
export interface LocalLog {
  readonly origin: string;
  readonly vkey: string;
  readonly size: number;
  readonly root: TreeHash;
  /** Why nothing of it is merged any more; null while its history is whole. */
  readonly quarantined: string | null;
}

/** An entry that was read from elsewhere and checked. */
export interface ReceivedEntry extends ReadOutline {
  readonly sealed: SealedEntry;
}

/** Entries that were read from elsewhere, kept aside on the disk until their root is known to be right. */
export interface Staging {
  readonly add: (entries: readonly ReceivedEntry[]) => void;
  /** Appends them to a log, or starts it with them, in one transaction. False where another process changed it meanwhile. */
  readonly accept: (log: { readonly origin: string; readonly vkey: string; readonly checkpoint: Buffer }, before: number) => boolean;
  readonly discard: () => void;
}

/** The logs that this console holds, as a sync uses them. */
export interface LocalLogs {
  readonly ownOrigin: string;
  readonly all: () => readonly LocalLog[];
  readonly find: (origin: string) => LocalLog | null;
  readonly source: (origin: string) => LogSource;
  /** The tree of a log by its edge, to be continued. */
  readonly tree: (origin: string) => GrowingTree;
  readonly rootAt: (origin: string, size: number) => TreeHash;
  readonly subtrees: (origin: string) => SubtreeReader;
  readonly leaf: (origin: string, seq: number) => TreeHash | null;
  readonly stage: () => Staging;
  /** Keeps both checkpoints of a history that was rewritten, with the proof, and merges nothing of that log any more. */
  readonly quarantine: (origin: string, fork: { readonly source: string; readonly seq: number | null; readonly other: Buffer; readonly proof: ForkProof; readonly problem: string }) => void;
  /** The largest size that had been seen of a log in this shared archive before it was opened. */
  readonly sharedSize: (url: string, origin: string) => number;
  readonly setSharedSize: (url: string, origin: string, size: number) => void;
  readonly attachments: LocalAttachments;
}
