import { withCosignatures } from '../../../core/archive/cosignature.ts';
import type { CosignedCheckpoint } from '../../../core/archive/cosigned-file.ts';
import { parseEntryId } from '../../../core/archive/entry-id.ts';
import { inclusionProof } from '../../../core/archive/proofs.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { EntryProof } from '../../../core/service/proof-handlers.ts';
import type { WitnessBook } from '../../../core/sync/witness-book.ts';
import type { LogStore } from './log-store.ts';

/** The proof of one entry, as of the checkpoint over it that most witnesses cosigned. Errors: `not-found`, `bad-input`. */
export function proveEntry(store: LogStore, book: Pick<WitnessBook, 'held'>, id: string, ownOrigin: string): EntryProof {
  const { origin, seq } = parseEntryId(id, ownOrigin);
  const log = store.byOrigin(origin);
  const entry = log === null ? undefined : store.entryBytes(log, seq, seq + 1)[0];
  if (log === null || entry === undefined) throw new AppError('not-found', `This archive has no entry ${origin}#${seq}.`, { hint: 'countersign archive list shows what it has.', details: { origin, seq } });
  const { size, checkpoint } = mostSeen(book.held(origin).filter((one) => one.checkpoint.size > seq && one.checkpoint.size <= log.size)) ?? log;
  return { origin, vkey: log.vkey, index: seq, size, entry, checkpoint, hashes: inclusionProof(seq, size, store.subtrees(log)) };
}

/** Of equals the earliest, which says most of when the entry was there. */
function mostSeen(cosigned: readonly CosignedCheckpoint[]): { readonly size: number; readonly checkpoint: Buffer } | null {
  const bySize = new Map<number, CosignedCheckpoint[]>();
  for (const one of cosigned) bySize.set(one.checkpoint.size, [...(bySize.get(one.checkpoint.size) ?? []), one]);
  const [best] = [...bySize].sort(([a, left], [b, right]) => right.length - left.length || a - b);
  const [first] = best?.[1] ?? [];
  return best === undefined || first === undefined ? null : { size: best[0], checkpoint: withCosignatures(first.note, best[1].map(({ cosignature }) => cosignature)) };
}
