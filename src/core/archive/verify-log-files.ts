import { MAX_ENTRY_BYTES, type Entry } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import { decodeBundle, encodeBundle } from './bundles.ts';
import type { Checkpoint } from './checkpoint.ts';
import { entryId } from './entry-id.ts';
import { quickEntry } from './entry-outline.ts';
import { readEntry } from './entry.ts';
import { ENTRIES_FILE } from './log-files.ts';
import type { ReadableFolder } from './readable-folder.ts';
import { TILE_WIDTH, levelSize, tileFits, tilePath, parseTilePath } from './tiles.ts';
import type { Tile } from './tiles.ts';
import { GrowingTree, leafHash } from './tree.ts';
import type { TreeHash } from './tree.ts';

/** A bundle of the largest entries that there can be. */
export const MAX_BUNDLE_BYTES = TILE_WIDTH * (2 + MAX_ENTRY_BYTES);

export interface LogProblem {
  readonly code: string;
  readonly message: string;
  readonly place: string | null;
}

/** Where the files of one log lie, and what is told while they are read. */
interface LogToVerify {
  readonly folder: ReadableFolder;
  readonly checkpoint: Checkpoint;
  /** Paths of this log's files, without its origin. */
  readonly paths: ReadonlySet<string>;
  readonly onEntries: (count: number) => Promise<void>;
  /** Told of each entry that can be read and has attachments, and of some others. */
  readonly onEntry: (entry: Entry) => void;
  /** Sizes whose roots are wanted besides that of the checkpoint; they are filled in while the entries are read. */
  readonly roots: Map<number, TreeHash | null>;
}

/** Checks an entry, and tells of one that more is to be looked at of; nearly none are, and those are seen at a glance. Errors: those of `readEntry`. */
function checkEntry({ onEntry }: LogToVerify, bytes: Buffer, place: { readonly origin: string; readonly seq: number }): void {
  // At a glance is seen only what has no attachments.
  if (quickEntry(bytes, place) === null) onEntry(readEntry(bytes, place));
}

/** Reads every tile and bundle of a log and recomputes them from its entries (C2SP tlog-tiles). */
export async function verifyTiles(log: LogToVerify): Promise<LogProblem[]> {
  const { folder, checkpoint: { origin, size, root }, paths } = log;
  const problems: LogProblem[] = [];
  const partials = partialsByTile(paths);
  const levels: TreeHash[][] = [];
  const tree = new GrowingTree();
  if (log.roots.has(0)) log.roots.set(0, tree.root());

  /** Holds the file of a tile, and partial ones that an earlier state left, against what they must be. */
  const compare = async (level: Tile['level'], index: number, parts: readonly Buffer[]): Promise<void> => {
    const earlier = (partials.get(`${level}/${index}`) ?? []).filter((width) => width < parts.length);
    // The bundle itself was read already, and its decoding leaves no byte unlooked at.
    const widths = level === 'entries' ? earlier : [...earlier, parts.length];
    for (const width of widths) {
      const path = tilePath({ level, index, width });
      const expected = level === 'entries' ? encodeBundle(parts.slice(0, width)) : Buffer.concat(parts.slice(0, width));
      const found = await readOrProblem(folder, `${origin}/${path}`, expected.length, problems);
      if (found !== null && !found.equals(expected)) problems.push({ code: 'tile', message: 'Its bytes are not those that the entries come to.', place: `${origin}/${path}` });
    }
  };

  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
    const path = `${origin}/${tilePath({ level: 'entries', index, width })}`;
    const bundle = await readOrProblem(folder, path, MAX_BUNDLE_BYTES, problems);
    // Without its entries nothing after this place can be recomputed.
    if (bundle === null) return problems;
    const entries = attempt(path, problems, () => decodeBundle(bundle, width));
    if (entries === null) return problems;
    for (const [at, bytes] of entries.entries()) {
      const place = { origin, seq: index * TILE_WIDTH + at };
      attempt(`${path} (${entryId(place)})`, problems, () => checkEntry(log, bytes, place));
    }
    const leaves = entries.map(leafHash);
    for (const leaf of leaves) {
      tree.append(leaf, (level, _at, hash) => {
        if (level % 8 === 0) (levels[level / 8] ??= []).push(hash);
      });
      if (log.roots.has(tree.size)) log.roots.set(tree.size, tree.root());
    }
    await compare('entries', index, entries);
    await compare(0, index, leaves);
    await log.onEntries(entries.length);
  }
  for (const [level, hashes] of levels.entries()) {
    if (level === 0) continue;
    for (let start = 0; start < hashes.length; start += TILE_WIDTH) await compare(level, start / TILE_WIDTH, hashes.slice(start, start + TILE_WIDTH));
  }
  if (!tree.root().equals(root)) problems.push({ code: 'root', message: 'Its entries do not come to the root in its checkpoint.', place: `${origin}/checkpoint` });
  return problems;
}

/** Whether a path is one that a log of this size can have: its own tiles, and partial ones of an earlier state. */
export function belongsToTiles(path: string, size: number): boolean {
  const tile = parseTilePath(path);
  return tile !== null && tileFits(tile, size) && levelSize(tile.level, size) > 0;
}

/** Reads a log with an entry a line and recomputes its root. */
export async function verifyEntryLines(log: LogToVerify): Promise<LogProblem[]> {
  const { folder, checkpoint: { origin, size, root } } = log;
  const file = `${origin}/${ENTRIES_FILE}`;
  const problems: LogProblem[] = [];
  const tree = new GrowingTree();
  for await (const line of linesOf(folder.stream(file), MAX_ENTRY_BYTES)) {
    const seq = tree.size;
    if (line === null) return [...problems, { code: 'malformed', message: 'This line is longer than an entry can be, or has no end.', place: `${file}:${seq + 1}` }];
    if (seq === size) return [...problems, { code: 'size', message: `It goes on after the ${size} entries of its checkpoint.`, place: `${file}:${seq + 1}` }];
    attempt(`${file}:${seq + 1}`, problems, () => checkEntry(log, line, { origin, seq }));
    tree.append(leafHash(line));
    if (log.roots.has(tree.size)) log.roots.set(tree.size, tree.root());
    if (tree.size % TILE_WIDTH === 0) await log.onEntries(TILE_WIDTH);
  }
  await log.onEntries(tree.size % TILE_WIDTH);
  if (tree.size !== size) problems.push({ code: 'size', message: `It holds ${tree.size} entries; its checkpoint says ${size}.`, place: file });
  else if (!tree.root().equals(root)) problems.push({ code: 'root', message: 'Its entries do not come to the root in its checkpoint.', place: file });
  return problems;
}

/** Lines without their ends; null, as the last, for one that is too long or has no end. */
async function* linesOf(chunks: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer | null> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const whole = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = whole.indexOf(0x0a); end >= 0; end = whole.indexOf(0x0a, start)) {
      yield whole.subarray(start, end);
      start = end + 1;
    }
    rest = whole.subarray(start);
    if (rest.length > limit) return yield null;
  }
  if (rest.length > 0) yield null;
}

function partialsByTile(paths: ReadonlySet<string>): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const path of paths) {
    const tile = parseTilePath(path);
    if (tile === null || tile.width === TILE_WIDTH) continue;
    const key = `${tile.level}/${tile.index}`;
    found.set(key, [...(found.get(key) ?? []), tile.width]);
  }
  return found;
}

async function readOrProblem(folder: ReadableFolder, path: string, limit: number, problems: LogProblem[]): Promise<Buffer | null> {
  try {
    const bytes = await folder.read(path, limit);
    if (bytes === null) problems.push({ code: 'missing', message: 'This file is missing.', place: path });
    return bytes;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    problems.push({ code: cause.code, message: cause.message, place: path });
    return null;
  }
}

function attempt<Value>(place: string, problems: LogProblem[], work: () => Value): Value | null {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    problems.push({ code: cause.code, message: cause.message, place });
    return null;
  }
}

