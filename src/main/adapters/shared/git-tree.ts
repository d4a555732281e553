import type { FolderListing } from '../../../core/archive/readable-folder.ts';
import { DamagedMirror } from './git-objects.ts';
import { git } from './git-process.ts';

/** What lies in a commit: regular files by their paths, and whatever is none. */
export interface TreeIndex {
  readonly blobs: Map<string, string>;
  readonly refused: FolderListing['refused'];
}

/** Only such names can be part of an origin or of a file of a log; others are not looked at. */
const PART = /^[a-z0-9.-]+$/;
const ITEM = /^(\d{6}) (blob|tree|commit) ([0-9a-f]{40}|[0-9a-f]{64})$/;
const MAX_DEPTH = 140;
const MAX_REFUSED = 1000;

/** Reads the whole tree of a commit, without any of its files. Errors: `too-large`, `DamagedMirror`. */
export async function readTree(repository: string, commit: string, signal: AbortSignal): Promise<TreeIndex> {
  const { code, stdout } = await git(repository, ['ls-tree', '-r', '-z', '--full-tree', commit], { signal });
  if (code !== 0) throw new DamagedMirror('a tree of it cannot be read');
  const blobs = new Map<string, string>();
  const refused: { path: string; reason: string }[] = [];
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf(0, at);
    const item = stdout.subarray(at, end < 0 ? stdout.length : end);
    at = end < 0 ? stdout.length : end + 1;
    const tab = item.indexOf(0x09);
    const [, mode = '', , name = ''] = ITEM.exec(item.subarray(0, Math.max(tab, 0)).toString('latin1')) ?? [];
    const path = item.subarray(tab + 1).toString('utf8');
    const parts = path.split('/');
    const reason = wrongWith(mode, parts);
    if (reason === null && parts.every((part) => PART.test(part))) blobs.set(path, name);
    else if (reason !== null && refused.length < MAX_REFUSED) refused.push({ path: path.replaceAll(/\p{Cc}/gu, '?').slice(0, 400), reason });
  }
  return { blobs, refused };
}

function wrongWith(mode: string, parts: readonly string[]): string | null {
  if (mode === '120000') return 'This is a link; links are not followed.';
  if (mode === '160000') return 'This is a submodule; none is followed.';
  if (mode !== '100644' && mode !== '100755') return 'This is not a regular file.';
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'Its path does not stay inside its folder.';
  return parts.length > MAX_DEPTH ? 'This file lies too deep.' : null;
}
