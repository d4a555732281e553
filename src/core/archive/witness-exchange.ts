import { AppError } from '../model/errors.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { MAX_CHECKPOINT_BYTES, openCheckpoint, type Checkpoint } from './checkpoint.ts';
import type { VerifierKey } from './note.ts';
import { verifyConsistency } from './proofs.ts';
import { EMPTY_ROOT, HASH_BYTES, type TreeHash } from './tree.ts';

/** C2SP tlog-witness, "add-checkpoint": no more lines of proof than this. */
const MAX_HASHES = 63;
export const MAX_REQUEST_BYTES = MAX_CHECKPOINT_BYTES + 8 * 1024;

/** What a log asks of a witness: a checkpoint, and that it continues what the witness cosigned last. */
export interface AddCheckpoint {
  /** The size that the witness cosigned last; 0 where it never did. */
  readonly oldSize: number;
  readonly proof: readonly TreeHash[];
  /** The signed note, verbatim. */
  readonly checkpoint: Buffer;
}

/** What a witness remembers of a log. */
export interface WitnessState {
  readonly size: number;
  readonly root: TreeHash;
}

export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): Buffer {
  return Buffer.concat([Buffer.from(`${[`old ${oldSize}`, ...proof.map(encodeBase64)].join('\n')}\n\n`), checkpoint]);
}

/** Reads the body of an add-checkpoint request. Errors: `malformed`. */
export function parseAddCheckpoint(bytes: Uint8Array): AddCheckpoint {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = all.indexOf('\n\n');
  if (end < 0 || all.length > MAX_REQUEST_BYTES) throw malformed('no empty line parts its proof from its checkpoint');
  const [old = '', ...lines] = all.subarray(0, end).toString('latin1').split('\n');
  const [, digits] = /^old (0|[1-9]\d{0,15})$/.exec(old) ?? [];
  if (digits === undefined || !Number.isSafeInteger(Number(digits))) throw malformed('it does not begin with the old size');
  if (lines.length > MAX_HASHES) throw malformed(`its proof has more than ${MAX_HASHES} lines`);
  const proof = lines.map((line) => {
    const hash = decodeBase64(line);
    if (hash?.length !== HASH_BYTES) throw malformed('a line of its proof is not a SHA-256 in base64');
    return hash;
  });
  return { oldSize: Number(digits), proof, checkpoint: all.subarray(end + 2) };
}

/** Why a witness does not cosign, as the protocol's status codes have it. */
export type Refusal = { readonly status: 400 | 403 | 422; readonly why: string } | { readonly status: 409; readonly size: number };

/**
 * Judges a request in the order of C2SP tlog-witness, "add-checkpoint"; `log` is the key that is trusted for its origin.
 * Nothing is remembered here: whoever calls does that, in one step with `held`, before the cosignature leaves.
 */
export function judgeAddCheckpoint({ oldSize, proof, checkpoint: bytes }: AddCheckpoint, log: VerifierKey, held: WitnessState | null): { readonly checkpoint: Checkpoint } | Refusal {
  let checkpoint: Checkpoint;
  try {
    checkpoint = openCheckpoint(bytes, log);
  } catch (cause) {
    if (cause instanceof AppError) return { status: 403, why: cause.message };
    throw cause;
  }
  if (oldSize > checkpoint.size) return { status: 400, why: `It asks from ${oldSize} entries on, and its checkpoint has ${checkpoint.size}.` };
  if (oldSize !== (held?.size ?? 0)) return { status: 409, size: held?.size ?? 0 };
  if (checkpoint.size === 0 && !checkpoint.root.equals(EMPTY_ROOT)) return { status: 422, why: 'Its checkpoint is of no entries, and its root is not the empty tree’s.' };
  if (!verifyConsistency({ oldSize, oldRoot: held?.root ?? EMPTY_ROOT, size: checkpoint.size, root: checkpoint.root, proof })) {
    return { status: 422, why: `It does not continue the ${oldSize} entries that were cosigned before.` };
  }
  return { checkpoint };
}

function malformed(why: string): AppError {
  return new AppError('malformed', `This is not an add-checkpoint request: ${why}.`);
}
