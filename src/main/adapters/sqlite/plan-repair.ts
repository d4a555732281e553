import { openCheckpoint } from '../../../core/archive/checkpoint.ts';
import { parseVerifierKey, type VerifierKey } from '../../../core/archive/note.ts';
import { GrowingTree } from '../../../core/archive/tree.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { ReceivedEntry } from '../../../core/sync/local-logs.ts';
import { prove, type Leaves, type Proved } from '../../../core/sync/provable.ts';
import type { SharedArchive } from '../../../core/sync/shared-archive.ts';
import { sourceEntries, sourceHeads, type SignedHead } from '../../../core/sync/source-log.ts';
import type { Problem } from './check-rows.ts';
import type { StoredLog } from './log-store.ts';
import type { FoundEntry } from './salvage.ts';

/** Where entries are had from besides the database itself. */
export interface Source {
  readonly archive: SharedArchive;
  /** Paths of each log's files, without its origin. */
  readonly logs: ReadonlyMap<string, ReadonlySet<string>>;
}

/** How a log will stand in the new database. */
export interface LogPlan {
  readonly vkey: string;
  readonly origin: string;
  /** The row that was read of it; null where none could be. */
  readonly row: StoredLog | null;
  readonly own: boolean;
  readonly proved: Proved;
  /** Entries from elsewhere, by their place. */
  readonly received: ReadonlyMap<number, ReceivedEntry>;
  /** The largest head that its key signed, of those that are known here or, of the own log, anywhere. */
  readonly largest: SignedHead | null;
  /** Not all that was signed is there, but the edge of its tree is: what there is stays at its place, and the log goes on. */
  readonly holes: boolean;
  readonly problems: readonly Problem[];
}

/** The candidates by their place in `prove`. */
export const [HERE, UNSURE, THERE] = [0, 1, 2];

interface Wanted {
  readonly origin: string;
  readonly vkey: string;
  readonly row: StoredLog | null;
  readonly own: boolean;
  readonly found: ReadonlyMap<number, FoundEntry>;
  /** Checkpoints of it that witnesses here cosigned. */
  readonly seen: readonly Buffer[];
  readonly source: Source | null;
}

/** Looks for every entry of a log that its signed heads ask for. Errors: `environment`. */
export async function planLog({ origin, vkey, row, own, found, seen, source }: Wanted): Promise<LogPlan> {
  const key = parseVerifierKey(vkey);
  const problems: Problem[] = [];
  const held = [...(row === null ? [] : [row.checkpoint]), ...seen].flatMap((note) => signed(note, key));
  const paths = source?.logs.get(origin) ?? new Set<string>();
  // A history that was seen to be rewritten is mended from here alone: what lies elsewhere may be the other one.
  const forked = row?.state === 'quarantined' && held[0]?.checkpoint.size === row.size;
  const there = source === null || forked ? [] : await sourceHeads(source.archive, key, paths);
  const heads = [...held, ...there];
  const here: Leaves = (seq) => (found.get(seq)?.fits === true ? (found.get(seq)?.leaf ?? null) : null);
  const unsure: Leaves = (seq) => found.get(seq)?.leaf ?? null;
  const largestHeld = largestOf(held);
  let largest = own ? largestOf(heads) : (largestHeld ?? largestOf(there));
  const attempt = (received: ReadonlyMap<number, ReceivedEntry>): Proved =>
    prove([[HERE, THERE, UNSURE], [THERE, HERE, UNSURE], [UNSURE, THERE]], [here, unsure, (seq) => received.get(seq)?.sealed.leaf ?? null], heads, new Set(held));

  let received: ReadonlyMap<number, ReceivedEntry> = new Map();
  let proved = attempt(received);
  const head = largestOf(there);
  if (source !== null && head !== null && proved.size < (largest?.checkpoint.size ?? 0)) {
    try {
      const entries = await sourceEntries(source.archive, head.checkpoint, 0, paths);
      received = new Map(entries.map((entry, seq) => [seq, entry]));
      proved = attempt(received);
    } catch (cause) {
      if (!(cause instanceof AppError) || cause.code === 'environment') throw cause;
      problems.push({ code: 'source', message: `What ${source.archive.url} holds of it cannot be used: ${cause.message}`, place: origin });
    }
  }
  if (own && largest !== largestHeld && largestHeld !== null && received.size > 0 && proved.size === largestHeld.checkpoint.size) {
    problems.push({ code: 'own-log-forked', message: 'What lies there of this console’s own log does not continue what is here; nothing of it was taken.', place: origin });
    largest = largestHeld;
  }
  const complete = largest === null || proved.size >= largest.checkpoint.size;
  return {
    origin, vkey, row, own, proved, received, problems, largest,
    holes: !complete && row !== null && largest !== null && row.size === largest.checkpoint.size && edgeFits(row, largest),
  };
}

function signed(note: Buffer, key: VerifierKey): SignedHead[] {
  try {
    return [{ checkpoint: openCheckpoint(note, key), note }];
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return [];
  }
}

function largestOf(heads: readonly SignedHead[]): SignedHead | null {
  return heads.reduce<SignedHead | null>((best, head) => (best === null || head.checkpoint.size > best.checkpoint.size ? head : best), null);
}

function edgeFits(row: StoredLog, head: SignedHead): boolean {
  try {
    return GrowingTree.fromBytes(row.size, row.edge).root().equals(head.checkpoint.root);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    return false;
  }
}
