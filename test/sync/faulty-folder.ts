import { existsSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogFile } from '../../src/core/archive/log-files.ts';
import type { SharedArchive } from '../../src/core/sync/shared-archive.ts';
import { openSharedFolder } from '../../src/main/adapters/shared/folder.ts';

/** What a stick or a share does to what was written there last. */
export type Fault =
  /** A rename was not on the disk when the stick was pulled out: the file is as it was before, or not there. */
  | 'lost-rename'
  /** The name was, and the bytes were not. */
  | 'empty' | 'half' | 'zeros'
  /** The old file was taken away, and the new one did not come into its place. */
  | 'no-replace'
  /** Somebody who writes without renaming was read in the middle, or stopped there. */
  | 'half-checkpoint';

export const FAULTS: readonly Fault[] = ['lost-rename', 'empty', 'half', 'zeros', 'no-replace', 'half-checkpoint'];

/** Opens the folder that an address names as one whose medium fails after the next publication in the given ways. */
export function faultyFolder(next: () => Fault | null): (url: string) => Promise<SharedArchive> {
  return async (url) => {
    const shared = await openSharedFolder(url);
    return {
      ...shared,
      publishIfUnchanged: async (origin, expected, files, checkpoint) => {
        const written: LogFile[] = [...files].map(({ path, bytes }) => ({ path: `${origin}/${path}`, bytes }));
        const before = new Map([...written.map(({ path }) => path), `${origin}/checkpoint`].map((path) => [path, contentOf(join(url, path))]));
        const published = await shared.publishIfUnchanged(origin, expected, written.map(({ path, bytes }) => ({ path: path.slice(origin.length + 1), bytes })), checkpoint);
        const fault = published ? next() : null;
        if (fault !== null) spoil(url, fault, before);
        if (fault !== null) spoilHead(join(url, origin), fault);
        coarseTimes(url);
        return published;
      },
      add: async (files) => {
        const written = [...files];
        const before = new Map(written.map(({ path }) => [path, contentOf(join(url, path))]));
        await shared.add(written);
        const fault = next();
        if (fault !== null) spoil(url, fault, before);
      },
    };
  };
}

function contentOf(file: string): Buffer | null {
  return existsSync(file) ? readFileSync(file) : null;
}

function spoil(root: string, fault: Fault, before: ReadonlyMap<string, Buffer | null>): void {
  const changed = [...before].filter(([path, old]) => contentOf(join(root, path))?.equals(old ?? Buffer.alloc(0)) !== true);
  // Every other of what was written, so that some of it came through.
  for (const [at, [path, old]] of changed.entries()) {
    const file = join(root, path);
    if (at % 2 === 1 || !existsSync(file)) continue;
    const { length } = readFileSync(file);
    if (fault === 'lost-rename') {
      if (old === null) rmSync(file);
      else writeFileSync(file, old);
    } else if (fault === 'empty') truncateSync(file, 0);
    else if (fault === 'half') truncateSync(file, Math.floor(length / 2));
    else if (fault === 'zeros') writeFileSync(file, Buffer.alloc(length));
  }
}

function spoilHead(log: string, fault: Fault): void {
  const head = join(log, 'checkpoint');
  if (!existsSync(head)) return;
  if (fault === 'no-replace') renameSync(head, join(log, '.0123456789ab.draft'));
  else if (fault === 'half-checkpoint') truncateSync(head, Math.floor(readFileSync(head).length / 2));
}

/** FAT knows times by two seconds, and a machine without a clock writes 1980. */
function coarseTimes(root: string): void {
  for (const item of readdirSync(root, { recursive: true, withFileTypes: true })) if (item.isFile()) utimesSync(join(item.parentPath, item.name), 315_532_800, 315_532_800);
}
