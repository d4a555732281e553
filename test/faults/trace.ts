import { dirname } from 'node:path';

/** What may be lost by a loss of power at one moment: files with bytes, and folders with names, that no fsync has covered. */
interface Unsafe {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** A moment that others rely on: something was acknowledged, a name was put in its place, or what names others was synced. */
export interface Moment extends Unsafe {
  readonly what: string;
}

/** The system calls that the reading below understands. */
export const TRACED = 'open,openat,write,pwrite64,writev,pwritev,copy_file_range,fsync,fdatasync,rename,renameat,renameat2,unlink,mkdir,mkdirat';

const PATH = /"((?:[^"\\]|\\.)*)"/g;
const SHARED_MEMORY = /-shm$/;

/**
 * Reads what `strace -f -y` wrote of a process, and gives every moment at which it acknowledged something on its output
 * or renamed a file to one of `names` or synced one of `syncs`, with all below `root` that was not yet on the disk then.
 */
export function momentsOf(log: string, root: string, names: RegExp, syncs: RegExp = /^$/): Moment[] {
  const files = new Set<string>();
  const folders = new Set<string>();
  const known = new Set<string>();
  const moments: Moment[] = [];
  const inside = (path: string): boolean => path === root || path.startsWith(`${root}/`);
  const made = (path: string): void => {
    if (!inside(path) || known.has(path) || SHARED_MEMORY.test(path)) return;
    known.add(path);
    folders.add(dirname(path));
  };
  const snapshot = (what: string, but: readonly string[] = []): void => void moments.push({
    what, files: [...files].filter((file) => !but.includes(file)), folders: [...folders].filter((folder) => !but.includes(folder)),
  });
  for (const line of joined(log)) {
    const [, call = '', rest = ''] = /^([a-z_0-9]+)\((.*)$/.exec(line) ?? [];
    if (/ = -1 /.test(rest)) continue;
    const paths = [...rest.matchAll(PATH)].map(([, path = '']) => path);
    const open = /^\d+<([^>]*)>/.exec(rest)?.[1] ?? '';
    if (call.startsWith('open')) {
      if (rest.includes('O_CREAT')) made(paths[0] ?? '');
    } else if (call.startsWith('mkdir')) made(paths[0] ?? '');
    else if (call === 'unlink') {
      known.delete(paths[0] ?? '');
      files.delete(paths[0] ?? '');
    } else if (call.startsWith('rename')) {
      const [from = '', to = ''] = paths;
      if (!inside(to)) continue;
      if (names.test(to)) snapshot(`rename ${to}`, [dirname(from)]);
      if (files.delete(from)) files.add(to);
      known.delete(from);
      known.add(to);
      folders.add(dirname(to));
    } else if (call.endsWith('sync')) {
      if (syncs.test(open)) snapshot(`sync ${open}`, [open]);
      files.delete(open);
      folders.delete(open);
    } else if (rest.startsWith('1<')) snapshot(`said ${paths[0] ?? ''}`);
    else if (inside(open) && !SHARED_MEMORY.test(open)) files.add(open);
  }
  return moments;
}

/** One line a call: those that another thread's interrupted stand where they ended. */
function joined(log: string): string[] {
  const waiting = new Map<string, string>();
  return log.split('\n').flatMap((line) => {
    const [, thread = '', text = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const begun = /^(.*) <unfinished \.\.\.>$/.exec(text)?.[1];
    if (begun !== undefined) {
      waiting.set(thread, begun);
      return [];
    }
    const resumed = /^<\.\.\. [a-z_0-9]+ resumed>(.*)$/.exec(text)?.[1];
    return [resumed === undefined ? text : `${waiting.get(thread) ?? ''}${resumed}`];
  });
}
