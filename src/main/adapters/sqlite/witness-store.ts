import { readCheckpoint } from '../../../core/archive/checkpoint.ts';
import { cosign, cosignerOf, parseCosignerKey, withCosignatures, type CosignerKey } from '../../../core/archive/cosignature.ts';
import type { CosignedCheckpoint } from '../../../core/archive/cosigned-file.ts';
import { parseNote, type NoteSigner } from '../../../core/archive/note.ts';
import type { WitnessBook } from '../../../core/sync/witness-book.ts';
import { guarded, type Db } from './database.ts';
import type { LogStore } from './log-store.ts';

interface Row {
  readonly origin: string;
  readonly size: number;
  readonly key_id: string;
  readonly witness: string;
  readonly time: number;
  readonly line: string;
  readonly note: Buffer;
}

interface Opening {
  readonly file: string;
  readonly db: Db;
  readonly store: LogStore;
  /** Of this console's log. */
  readonly signer: NoteSigner;
  /** Vkeys of the consoles that the roster names, and of other witnesses that it trusts. */
  readonly rostered: readonly string[];
  readonly now: () => Date;
}

/** What the witness of this console gave last for a log, or any other by its key. */
export interface WitnessStore extends WitnessBook {
  /** The largest checkpoint of a log that this console cosigned; null where it never did. */
  readonly last: (origin: string) => CosignedCheckpoint | null;
  /** Cosigns a checkpoint in the step in which it is kept; null where another process cosigned a larger one meanwhile. */
  readonly cosign: (note: Buffer, after: number) => CosignedCheckpoint | null;
}

export function witnessStore({ file, db, store, signer, rostered, now }: Opening): WitnessStore {
  const insert = db.prepare('INSERT INTO cosignature (origin, size, key_id, witness, time, line, note) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const all = db.prepare<[string], Row>('SELECT * FROM cosignature WHERE origin = ? ORDER BY size, key_id');
  const newest = db.prepare<[string, string], Row>('SELECT * FROM cosignature WHERE origin = ? AND key_id = ? ORDER BY size DESC LIMIT 1');
  const self = cosignerOf(signer.vkey).keyId.toString('hex');

  const keep = ({ checkpoint: { origin, size }, cosignature: { witness, time, line }, keyId, note }: CosignedCheckpoint): void =>
    void insert.run(origin, size, keyId, witness, time, line, note);
  const last = (origin: string): CosignedCheckpoint | null => {
    const row = newest.get(origin, self);
    return row === undefined ? null : cosignedOf(row);
  };
  const cosignNext = db.transaction((note: Buffer, after: number): CosignedCheckpoint | null => {
    const checkpoint = readCheckpoint(note);
    const before = last(checkpoint.origin);
    if ((before?.checkpoint.size ?? 0) !== after) return null;
    // The same checkpoint once more is answered as it was.
    if (before?.checkpoint.size === checkpoint.size) return before;
    const cosignature = cosign(parseNote(note).text, Math.floor(now().getTime() / 1000), signer);
    const cosigned = { checkpoint, cosignature, keyId: self, note: withCosignatures(note, [cosignature]) };
    keep(cosigned);
    return cosigned;
  });

  return {
    held: (origin) => guarded(file, () => all.all(origin).map(cosignedOf)),
    keep: (cosigned) => guarded(file, () => keep(cosigned)),
    keys: () => guarded(file, () => {
      const known = [...store.all().map(({ vkey }) => vkey), ...rostered].map(parseCosignerKey);
      return [...new Map(known.map((key): [string, CosignerKey] => [key.text, key])).values()];
    }),
    last: (origin) => guarded(file, () => last(origin)),
    cosign: (note, after) => guarded(file, () => cosignNext.immediate(note, after)),
    cosignHeld: (origin) => guarded(file, () => {
      const log = store.byOrigin(origin);
      if (log === null || log.state !== 'good' || log.size === 0 || origin === signer.vkey.name) return;
      const before = last(origin)?.checkpoint.size ?? 0;
      if (before < log.size) cosignNext.immediate(log.checkpoint, before);
    }),
  };
}

function cosignedOf({ witness, time, line, key_id, note }: Row): CosignedCheckpoint {
  return { checkpoint: readCheckpoint(note), cosignature: { witness, time, line }, keyId: key_id, note };
}
