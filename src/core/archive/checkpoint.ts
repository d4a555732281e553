import { AppError } from '../model/errors.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { openNote, parseNote, signNote } from './note.ts';
import type { NoteSigner, VerifierKey } from './note.ts';
import { HASH_BYTES } from './tree.ts';
import type { TreeHash } from './tree.ts';

/** What a log says of itself at one time (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: TreeHash;
}

/** A checkpoint is a few hundred bytes; cosignatures make it longer, and this much is read. */
export const MAX_CHECKPOINT_BYTES = 64 * 1024;

/** Text of a checkpoint before its signatures: three lines. */
function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  return signNote(checkpointText(checkpoint), signer);
}

/** Reads a checkpoint that the key signed. Errors: `malformed`, `verification-failed`. */
export function openCheckpoint(bytes: Uint8Array, vkey: VerifierKey): Checkpoint {
  const checkpoint = parseCheckpointText(openNote(bytes, vkey).text);
  if (checkpoint.origin !== vkey.name) throw new AppError('verification-failed', `The checkpoint is of ${checkpoint.origin}, its signature by ${vkey.name}.`);
  return checkpoint;
}

/** Reads a checkpoint without judging its signatures. Errors: `malformed`. */
export function readCheckpoint(bytes: Uint8Array): Checkpoint {
  return parseCheckpointText(parseNote(bytes).text);
}

/** Errors: `malformed`. */
export function parseCheckpointText(text: string): Checkpoint {
  const [origin = '', size = '', encoded = '', ...rest] = text.split('\n');
  const root = decodeBase64(encoded);
  // C2SP tlog-checkpoint: the size is ASCII decimal without leading zeros; extension lines may follow, none is empty.
  if (origin === '' || !/^(?:0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size)) || root === null || root.length !== HASH_BYTES) {
    throw new AppError('malformed', 'This is not a checkpoint: origin, size and root on a line each.');
  }
  if (rest.pop() !== '' || rest.includes('')) throw new AppError('malformed', 'A line of this checkpoint is empty.');
  return { origin, size: Number(size), root };
}
