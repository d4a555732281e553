import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import picomatch from 'picomatch';
import { AppError } from '../../../core/model/errors.ts';

export interface KeptFile {
  /** Relative to the folder of the run, with `/`. */
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

const MAX_WALKED = 1_000_000;
const MAX_KEPT = 5_000;
const MAX_FILE = 512 * 1024 * 1024;
const MAX_BYTES = 2 * 1024 * 1024 * 1024;
const MAX_DEPTH = 256;
/** A manifest says of which commit files are; the one that counts here is written by the console. */
const MANIFEST = /(?:^|\/)evidence-manifest\.json(?:\.asc)?$/;

/**
 * Takes away what a command is to write, before it begins: a report that lies in the repository, or that its
 * preparation made, is no result of this run. Returns the paths.
 */
export async function clearWritten(tree: string, globs: readonly string[]): Promise<string[]> {
  const { found } = await matching(tree, globs);
  for (const path of found) await rm(join(tree, path), { force: true });
  return found;
}

/**
 * Copies the files that a command wrote and that the policy names. The tree is hostile, and nobody writes to it any
 * more: links and what is no regular file are left out and named, and sizes are bounded.
 */
export async function keepWritten(tree: string, globs: readonly string[], to: string, signal: AbortSignal): Promise<{ files: KeptFile[]; notes: string[] }> {
  const { found, odd } = await matching(tree, globs);
  const notes = odd.map((path) => `${path}: not a regular file`);
  const files: KeptFile[] = [];
  let bytes = 0;
  for (const path of found) {
    if (signal.aborted) throw new AppError('cancelled', 'The work was cancelled.');
    if (MANIFEST.test(path)) notes.push(`${path}: only the console says of which commit its files are`);
    else if (files.length >= MAX_KEPT || bytes >= MAX_BYTES) notes.push(`${path}: past ${MAX_KEPT} files or ${MAX_BYTES} bytes`);
    else {
      const kept = await copied(join(tree, path), join(to, path), Math.min(MAX_FILE, MAX_BYTES - bytes));
      if (kept === null) notes.push(`${path}: not a regular file, or larger than ${MAX_FILE} bytes`);
      else {
        files.push({ path: `files/${path}`, ...kept });
        bytes += kept.size;
      }
    }
  }
  return { files, notes };
}

/** Paths that match, in order; `odd` are links, pipes and sockets of such names. Links to folders are never gone into. */
async function matching(tree: string, globs: readonly string[]): Promise<{ found: string[]; odd: string[] }> {
  const found: string[] = [];
  const odd: string[] = [];
  if (globs.length === 0) return { found, odd };
  const wanted = picomatch([...globs], { dot: true });
  let walked = 0;
  const visit = async (inside: string, depth: number): Promise<void> => {
    const entries = await readdir(join(tree, inside), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      walked += 1;
      if (walked > MAX_WALKED) throw new AppError('too-large', `The command left more than ${MAX_WALKED} files.`);
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      // What is not UTF-8 comes with replacement characters, and no such path is there.
      if (entry.isDirectory()) {
        if (depth < MAX_DEPTH) await visit(path, depth + 1);
      } else if (wanted(path)) (entry.isFile() ? found : odd).push(path);
    }
  };
  await visit('', 0);
  return { found: found.sort(), odd: odd.sort() };
}

async function copied(from: string, to: string, most: number): Promise<{ sha256: string; size: number } | null> {
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (source === null) return null;
  try {
    const { size } = await source.stat();
    if (!(await source.stat()).isFile() || size > most) return null;
    await mkdir(dirname(to), { recursive: true });
    const target = await open(to, 'wx', 0o644);
    try {
      return await pump(source, target, most);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function pump(source: FileHandle, target: FileHandle, most: number): Promise<{ sha256: string; size: number } | null> {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(1024 * 1024);
  let size = 0;
  for (;;) {
    const { bytesRead } = await source.read(piece, 0, piece.length, size);
    if (bytesRead === 0) return { sha256: hash.digest('hex'), size };
    size += bytesRead;
    if (size > most) return null;
    hash.update(piece.subarray(0, bytesRead));
    await target.write(piece, 0, bytesRead);
  }
}
