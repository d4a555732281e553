import { decodeBundle } from '../archive/bundles.ts';
import { MAX_CHECKPOINT_BYTES, openCheckpoint } from '../archive/checkpoint.ts';
import type { Checkpoint } from '../archive/checkpoint.ts';
import { entryId } from '../archive/entry-id.ts';
import { listingColumns, readEntry } from '../archive/entry.ts';
import { CHECKPOINT_FILE, VKEY_FILE } from '../archive/log-files.ts';
import type { VerifierKey } from '../archive/note.ts';
import { TILE_WIDTH, tilePath } from '../archive/tiles.ts';
import { GrowingTree, leafHash } from '../archive/tree.ts';
import type { TreeHash } from '../archive/tree.ts';
import { MAX_VKEY_BYTES, parseVkeyFile } from '../archive/verify-export.ts';
import { MAX_BUNDLE_BYTES } from '../archive/verify-log-files.ts';
import { AppError } from '../model/errors.ts';
import type { ReceivedEntry } from './local-logs.ts';
import type { SharedArchive } from './shared-archive.ts';

/** What is new in a log is held in memory until its root is known to be right; more than this is refused. */
const MAX_PULL_BYTES = 1024 ** 3;

/** What a shared archive says of a log: its key and its signed checkpoint. */
interface SharedHead {
  readonly vkey: VerifierKey;
  readonly checkpoint: Checkpoint;
}

/** Raw files of a head; null where there is none. */
export interface RawHead {
  readonly vkey: Buffer | null;
  readonly checkpoint: Buffer | null;
}

export async function readRawHead(shared: SharedArchive, origin: string): Promise<RawHead> {
  return {
    vkey: await shared.read(`${origin}/${VKEY_FILE}`, MAX_VKEY_BYTES),
    checkpoint: await shared.read(`${origin}/${CHECKPOINT_FILE}`, MAX_CHECKPOINT_BYTES),
  };
}

/** Reads a head with the key in it. Errors: `malformed`, `verification-failed`, `not-found`. */
export function openHead(raw: RawHead, origin: string): SharedHead {
  const vkey = openVkey(raw, origin);
  if (raw.checkpoint === null) throw new AppError('not-found', 'It has no checkpoint.');
  return { vkey, checkpoint: openCheckpoint(raw.checkpoint, vkey) };
}

export function openVkey(raw: RawHead, origin: string): VerifierKey {
  if (raw.vkey === null) throw new AppError('not-found', 'It has no vkey.');
  return parseVkeyFile(raw.vkey, origin);
}

/** Reads entries of a log in a shared archive, each canonical and at its place. Errors: `malformed`, `not-found`, `too-large`. */
export async function readEntries(
  shared: SharedArchive, { origin, size }: Checkpoint, from: number, onEntries: (count: number) => void,
): Promise<ReceivedEntry[]> {
  const received: ReceivedEntry[] = [];
  let bytes = 0;
  for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < size; index += 1) {
    const start = index * TILE_WIDTH;
    for (const [at, entry] of (await readBundle(shared, origin, index, size)).entries()) {
      if (start + at < from) continue;
      bytes += entry.length;
      received.push(receive(entry, origin, start + at));
    }
    if (bytes > MAX_PULL_BYTES) throw new AppError('too-large', `It has more than ${MAX_PULL_BYTES} bytes that are new here.`);
    onEntries(received.length);
  }
  return received;
}

/**
 * Leaf hashes of a shared log; null where its entries do not come to the checkpoint that was signed for them, so that
 * nothing can be shown with them. Errors: `malformed`, `not-found`, `too-large`.
 */
export async function readLeaves(shared: SharedArchive, checkpoint: Checkpoint): Promise<TreeHash[] | null> {
  const leaves: TreeHash[] = [];
  const tree = new GrowingTree();
  let bytes = 0;
  for (let index = 0; index * TILE_WIDTH < checkpoint.size; index += 1) {
    for (const entry of await readBundle(shared, checkpoint.origin, index, checkpoint.size)) {
      const leaf = leafHash(entry);
      leaves.push(leaf);
      tree.append(leaf);
      bytes += entry.length + leaf.length;
    }
    if (bytes > MAX_PULL_BYTES) throw new AppError('too-large', `It has more than ${MAX_PULL_BYTES} bytes.`);
  }
  return tree.root().equals(checkpoint.root) ? leaves : null;
}

async function readBundle(shared: SharedArchive, origin: string, index: number, size: number): Promise<Buffer[]> {
  const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
  // C2SP tlog-tiles, "Partial Tiles": a partial one may be gone once the full one is there, which then serves for it.
  for (const held of width === TILE_WIDTH ? [width] : [width, TILE_WIDTH]) {
    const path = tilePath({ level: 'entries', index, width: held });
    const bundle = await shared.read(`${origin}/${path}`, MAX_BUNDLE_BYTES);
    if (bundle === null) continue;
    try {
      return decodeBundle(bundle, held).slice(0, width);
    } catch (cause) {
      if (cause instanceof AppError) throw new AppError(cause.code, `${path}: ${cause.message}`, { cause });
      throw cause;
    }
  }
  throw new AppError('not-found', `${tilePath({ level: 'entries', index, width })} is missing.`);
}

function receive(bytes: Buffer, origin: string, seq: number): ReceivedEntry {
  try {
    const entry = readEntry(bytes, { origin, seq });
    return { sealed: { bytes, leaf: leafHash(bytes) }, columns: listingColumns(entry.record), refs: entry.refs, time: entry.time };
  } catch (cause) {
    if (cause instanceof AppError) throw new AppError(cause.code, `${entryId({ origin, seq })}: ${cause.message}`, { cause });
    throw cause;
  }
}
