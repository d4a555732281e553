import type { CosignedCheckpoint } from '../archive/cosigned-file.ts';
import type { CosignerKey } from '../archive/cosignature.ts';

/** Who saw which checkpoint of which log, as this console knows it; it is a witness itself of every log that is not its own. */
export interface WitnessBook {
  /** Every cosigned checkpoint of a log. */
  readonly held: (origin: string) => readonly CosignedCheckpoint[];
  /** Keeps one whose signatures and root were checked; one that is there already stays. */
  readonly keep: (cosigned: CosignedCheckpoint) => void;
  /** Cosigns the head that is held of another's log, once; it is kept before it can be handed on (C2SP tlog-witness). */
  readonly cosignHeld: (origin: string) => void;
  /** The keys of the witnesses that are known here: of each log that is held, and of the roster's consoles. */
  readonly keys: () => readonly CosignerKey[];
}

/** Which key a log may have when it is seen for the first time. */
export interface FirstContact {
  /** The vkey that the roster in force gives it; null where it names no such console; `unpinned` where no roster is in force. */
  readonly pinned: (origin: string) => { readonly vkey: string } | null | 'unpinned';
}
