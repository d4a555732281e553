import { signCheckpoint } from '../../../core/archive/checkpoint.ts';
import type { NoteSigner } from '../../../core/archive/note.ts';
import { consistencyProof } from '../../../core/archive/proofs.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { RosterConsoles } from '../../../core/model/roster.ts';
import type { WitnessDesk } from '../../../core/service/witness-handlers.ts';
import { guarded } from './database.ts';
import type { LogStore, StoredLog } from './log-store.ts';
import type { WitnessStore } from './witness-store.ts';

interface Opening {
  readonly file: string;
  readonly store: LogStore;
  readonly signer: NoteSigner;
  readonly book: WitnessStore;
  readonly rostered: RosterConsoles | null;
}

/** This console's log, and what it is a witness of, for an exchange by files. */
export function witnessDesk({ file, store, signer, book, rostered }: Opening): WitnessDesk {
  const origin = signer.vkey.name;
  const own = (): StoredLog => store.own() as StoredLog;
  return {
    ownOrigin: origin,
    book,
    ownCheckpoint: (size) => guarded(file, () => {
      const log = own();
      if (size === null || size === log.size) return log.checkpoint;
      if (size > log.size) throw new AppError('bad-input', `The log has ${log.size} entries, not ${size}.`);
      // Ed25519 is deterministic: the same checkpoint has the same signature.
      return Buffer.from(signCheckpoint({ origin, size, root: store.rootAt(log, size) }, signer));
    }),
    consistency: (oldSize, size) => guarded(file, () => consistencyProof(oldSize, size, store.subtrees(own()))),
    logKey: (named) => guarded(file, () => rostered?.consoles.find((one) => one.origin === named)?.vkey ?? store.byOrigin(named)?.vkey ?? null),
    heldRoot: (named, size) => guarded(file, () => {
      const log = store.byOrigin(named);
      return log === null || log.size < size ? null : store.rootAt(log, size);
    }),
  };
}
