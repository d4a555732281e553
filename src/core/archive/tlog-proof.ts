import type { Entry } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { MAX_CHECKPOINT_BYTES, openCheckpoint, readCheckpoint, type Checkpoint } from './checkpoint.ts';
import { readEntry } from './entry.ts';
import type { VerifierKey } from './note.ts';
import { verifyInclusion } from './proofs.ts';
import { HASH_BYTES, leafHash, type TreeHash } from './tree.ts';

/** C2SP tlog-proof: a checkpoint, an index, and the inclusion proof of the entry at that index. */
export interface TlogProof {
  readonly index: number;
  /** From the leaf's sibling up to the root's child. */
  readonly hashes: readonly TreeHash[];
  /** The signed note, verbatim. */
  readonly checkpoint: Buffer;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^53 entries has no longer path. */
const MAX_HASHES = 64;
export const MAX_PROOF_BYTES = MAX_CHECKPOINT_BYTES + 8 * 1024;

export function formatTlogProof({ index, hashes, checkpoint }: TlogProof): Buffer {
  return Buffer.concat([Buffer.from(`${[HEADER, `index ${index}`, ...hashes.map(encodeBase64)].join('\n')}\n\n`), checkpoint]);
}

/** Reads a proof (C2SP tlog-proof, "Format"); its extra data, which nothing authenticates, is passed over. Errors: `malformed`. */
export function parseTlogProof(bytes: Uint8Array): TlogProof {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = all.indexOf('\n\n');
  if (end < 0 || all.length > MAX_PROOF_BYTES) throw malformed('no empty line parts it from its checkpoint');
  const [header, ...lines] = all.subarray(0, end).toString('latin1').split('\n');
  if (header !== HEADER) throw malformed(`it does not begin with ${HEADER}`);
  if (lines[0]?.startsWith('extra ') === true && decodeBase64((lines.shift() ?? '').slice('extra '.length)) === null) throw malformed('its extra data is not base64');
  const [, digits] = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '') ?? [];
  if (digits === undefined) throw malformed('its index is missing');
  if (lines.length > MAX_HASHES) throw malformed('its path is longer than any tree is high');
  const hashes = lines.map((line) => {
    const hash = decodeBase64(line);
    if (hash?.length !== HASH_BYTES) throw malformed('a line of its path is not a SHA-256 in base64');
    return hash;
  });
  return { index: Number(digits), hashes, checkpoint: all.subarray(end + 2) };
}

/** What a proof shows: this entry stood at this place of this log, as of a checkpoint (FORMATS §4). */
export interface Proven {
  readonly entry: Entry;
  readonly checkpoint: Checkpoint;
  /** The log's key is one that came by another way; else the proof only fits itself. */
  readonly trusted: boolean;
}

/** Verifies a proof for the bytes of an entry. Errors: `malformed`, `verification-failed`. */
export function verifyTlogProof(proof: TlogProof, entry: Uint8Array, trusted: readonly VerifierKey[]): Proven {
  const claimed = readCheckpoint(proof.checkpoint);
  const key = trusted.find(({ name }) => name === claimed.origin) ?? null;
  const checkpoint = key === null ? claimed : openCheckpoint(proof.checkpoint, key);
  if (!verifyInclusion({ leaf: leafHash(entry), index: proof.index, size: checkpoint.size, root: checkpoint.root, proof: proof.hashes })) {
    throw new AppError('verification-failed', `The entry does not stand at ${proof.index} of ${checkpoint.origin}, by this proof.`);
  }
  return { entry: readEntry(entry, { origin: checkpoint.origin, seq: proof.index }), checkpoint, trusted: key !== null };
}

function malformed(why: string): AppError {
  return new AppError('malformed', `This is not a transparency log proof: ${why}.`);
}
