import { decodeBundle } from '../archive/bundles.ts';
import { MAX_CHECKPOINT_BYTES, openCheckpoint } from '../archive/checkpoint.ts';
import type { Checkpoint } from '../archive/checkpoint.ts';
import { entryId } from '../archive/entry-id.ts';
import { readOutline } from '../archive/entry-outline.ts';
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

/** What is new in a log is kept aside until its root is known to be right; more than this is refused. */
const MAX_PULL_BYTES = 16 * 1024 ** 3;
/** Leaves that are compared are held in memory. */
const MAX_COMPARED_BYTES = 1024 ** 3;
const READ_AHEAD = 4;

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

/** Reads entries of a log in a shared archive, a bundle at a time, each canonical and at its place. Errors: `malformed`, `not-found`, `too-large`. */
export async function* readEntries(shared: SharedArchive, { origin, size }: Checkpoint, from: number): AsyncGenerator<readonly ReceivedEntry[]> {
  let bytes = 0;
  const first = Math.floor(from / TILE_WIDTH);
  for await (const { index, entries } of bundlesAhead(shared, origin, first, size)) {
    const start = index * TILE_WIDTH;
    const wanted = entries.slice(Math.max(0, from - start));
    bytes += wanted.reduce((sum, { length }) => sum + length, 0);
    if (bytes > MAX_PULL_BYTES) throw new AppError('too-large', `It has more than ${MAX_PULL_BYTES} bytes that are new here.`);
    yield wanted.map((entry, at) => receive(entry, origin, Math.max(from, start) + at));
  }
}

/** Bundles in order, some of them read while others are worked on. */
async function* bundlesAhead(shared: SharedArchive, origin: string, first: number, size: number): AsyncGenerator<{ readonly index: number; readonly entries: Buffer[] }> {
  const reading: Promise<Buffer[]>[] = [];
  const bundles = Math.ceil(size / TILE_WIDTH);
  for (let index = first; index < bundles; index += 1) {
    for (let next = index + reading.length; next < Math.min(bundles, index + READ_AHEAD); next += 1) {
      const bundle = readBundle(shared, origin, next, size);
      // Of several that fail the first is told of, when its turn comes.
      bundle.catch(() => undefined);
      reading.push(bundle);
    }
    yield { index, entries: await (reading.shift() as Promise<Buffer[]>) };
  }
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
    if (bytes > MAX_COMPARED_BYTES) throw new AppError('too-large', `It has more than ${MAX_COMPARED_BYTES} bytes.`);
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
    return { sealed: { bytes, leaf: leafHash(bytes) }, ...readOutline(bytes, { origin, seq }) };
  } catch (cause) {
    if (cause instanceof AppError) throw new AppError(cause.code, `${entryId({ origin, seq })}: ${cause.message}`, { cause });
    throw cause;
  }
}
