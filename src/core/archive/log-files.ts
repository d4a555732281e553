import { encodeBundle } from './bundles.ts';
import { TILE_WIDTH, tilePath } from './tiles.ts';
import type { Tile } from './tiles.ts';
import type { TreeHash } from './tree.ts';

/** Names beside the tiles of a log. `vkey` is there for convenience: who verifies gets it by another way. */
export const CHECKPOINT_FILE = 'checkpoint';
export const VKEY_FILE = 'vkey';
export const ENTRIES_FILE = 'entries.jsonl';

export interface LogFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** A log to write out, at the state of its checkpoint. */
export interface LogSource {
  readonly origin: string;
  readonly vkey: string;
  readonly size: number;
  readonly checkpoint: Buffer;
  readonly entries: (start: number, end: number) => readonly Buffer[];
  /** Bytes of the bundle of these entries. */
  readonly bundleBytes: (start: number, end: number) => number;
  /** Hashes of one level of tiles. */
  readonly hashes: (level: number, start: number, end: number) => readonly TreeHash[];
}

export function vkeyFile(vkey: string): Buffer {
  return Buffer.from(`${vkey}\n`);
}

/** A tile of the log with its bytes (C2SP tlog-tiles). */
export function tileFile(log: LogSource, tile: Tile): LogFile {
  const { level, index, width } = tile;
  const start = index * TILE_WIDTH;
  const bytes = level === 'entries' ? encodeBundle(log.entries(start, start + width)) : Buffer.concat(log.hashes(level, start, start + width));
  return { path: tilePath(tile), bytes };
}
