/** Hashes a full tile holds, and entries a full bundle holds (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;

/** A tile of hashes (`level` from 0) or a bundle of entries, and how many of its places are taken. */
export interface Tile {
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

/** Path of a tile (C2SP tlog-tiles, "Merkle Tree"): three digits a part, all but the last marked `x`; partial ones under `.p`. */
export function tilePath({ level, index, width }: Tile): string {
  let path = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The tile that a path names; null for whatever is not the one spelling of a tile's path. */
export function parseTilePath(path: string): Tile | null {
  const [, level, parts = '', width] = /^tile\/(\d{1,2}|entries)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
  if (level === undefined) return null;
  const tile: Tile = {
    level: level === 'entries' ? 'entries' : Number(level),
    index: Number(parts.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  return tile.width >= 1 && tile.width <= TILE_WIDTH && tilePath(tile) === path ? tile : null;
}

/** How many hashes, or entries, a level holds in a tree of this size. */
export function levelSize(level: Tile['level'], size: number): number {
  return level === 'entries' ? size : Math.floor(size / TILE_WIDTH ** level);
}

/** Whether this tile, full or partial, lies within a tree of this size. */
export function tileFits({ level, index, width }: Tile, size: number): boolean {
  return index * TILE_WIDTH + width <= levelSize(level, size);
}

/** The tiles of a tree that its state at `before` entries did not have, bundles of entries first. */
export function* tilesSince(before: number, size: number): Generator<Tile> {
  yield* levelSince('entries', before, size);
  for (let level = 0; levelSize(level, size) > 0; level += 1) yield* levelSince(level, before, size);
}

function* levelSince(level: Tile['level'], before: number, size: number): Generator<Tile> {
  const had = levelSize(level, before);
  const has = levelSize(level, size);
  if (had === has) return;
  for (let index = Math.floor(had / TILE_WIDTH); index * TILE_WIDTH < has; index += 1) {
    yield { level, index, width: Math.min(TILE_WIDTH, has - index * TILE_WIDTH) };
  }
}
