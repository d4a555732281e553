import { VKEY_FILE, tileFile, vkeyFile, type LogFile, type LogSource } from '../archive/log-files.ts';
import { HASH_BYTES } from '../archive/tree.ts';
import { parseTilePath, tileFits, tilePath, tilesSince, TILE_WIDTH, type Tile } from '../archive/tiles.ts';

/** What lies in a shared archive of a log, by paths without its origin. */
export interface LyingThere {
  readonly paths: ReadonlySet<string>;
  /** Bytes of a file; null where the place does not tell. */
  readonly sizeOf: (path: string) => number | null;
  /** Given where files are to be read back; null where they are judged by their size. */
  readonly readBack: ((path: string, limit: number) => Promise<Buffer | null>) | null;
  readonly onRead: (done: number, total: number) => void;
}

/**
 * The tiles of a log's first `size` entries that lie there and are not what this console has: a stick that was pulled out,
 * or a share that lost its connection, keeps names of files whose bytes it never got. Partial tiles of earlier states
 * are among them.
 */
export async function spoiltFiles(source: LogSource, size: number, { paths, sizeOf, readBack, onRead }: LyingThere): Promise<Tile[]> {
  const tiles = [...paths].flatMap((path) => {
    const tile = parseTilePath(path);
    return tile !== null && tileFits(tile, size) ? [tile] : [];
  });
  const spoilt: Tile[] = [];
  for (const [done, tile] of tiles.entries()) {
    const found = sizeOf(tilePath(tile));
    if (found !== null && found !== bytesOf(source, tile)) spoilt.push(tile);
    else if (readBack !== null) {
      const { path, bytes } = tileFile(source, tile);
      onRead(done, tiles.length);
      if ((await readBack(path, bytes.length))?.equals(bytes) !== true) spoilt.push(tile);
    }
  }
  return spoilt;
}

function bytesOf(source: LogSource, { level, index, width }: Tile): number {
  const start = index * TILE_WIDTH;
  return level === 'entries' ? source.bundleBytes(start, start + width) : width * HASH_BYTES;
}

/** The files of a log that its state at `before` entries had not, those that are gone, and those that were spoilt. */
export function* filesToPublish(
  source: LogSource, before: number, there: { readonly paths: ReadonlySet<string>; readonly vkey: Buffer | null; readonly spoilt: readonly Tile[] },
): Generator<LogFile> {
  const vkey = vkeyFile(source.vkey);
  if (there.vkey === null || !there.vkey.equals(vkey)) yield { path: VKEY_FILE, bytes: vkey };
  for (const tile of tilesSince(0, source.size)) {
    if (!tileFits(tile, before) || !there.paths.has(tilePath(tile))) yield tileFile(source, tile);
  }
  for (const tile of there.spoilt) yield tileFile(source, tile);
}
