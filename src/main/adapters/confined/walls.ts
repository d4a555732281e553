import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';

/** Where things lie inside the walls. */
export const INSIDE = { tree: '/work', home: '/home/check', caches: '/cache', node: '/opt/countersign' } as const;

/** The whole environment of a confined command. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: `/usr/local/bin:/usr/bin:/bin:${INSIDE.node}`, HOME: INSIDE.home, LANG: 'C.UTF-8', TERM: 'dumb', CI: '1', TZ: 'UTC',
};

export interface Walls {
  /** The checkout, the one folder that may be written to and that outlives the command. */
  readonly tree: string;
  /** A folder with `passwd`, `group`, `hosts` and `nsswitch.conf` that name nobody of this machine. */
  readonly names: string;
  readonly caches: readonly { readonly name: string; readonly folder: string }[];
  /** Folders that nobody inside may see, wherever they lie: the console's own and GnuPG's. */
  readonly secrets: readonly string[];
  readonly temporaryBytes: number;
  /** Whether this bubblewrap can forbid user namespaces inside (0.8 and later). */
  readonly canForbidNamespaces: boolean;
  readonly descriptors: { readonly filter: number; readonly information: number };
}

/** What programs need in order to start; nothing of them holds a secret. Everything else of /etc stays outside. */
const FROM_ETC = /^(?:ld\.so\.cache|ld\.so\.conf|ld\.so\.conf\.d|alternatives|mime\.types|debian_version|fonts|java-\d+-openjdk|python\d[\d.]*)$/;

/** Arguments for bubblewrap, up to the command. Nothing of the machine is inside but what is named here. */
export function wallsOf(walls: Walls): string[] {
  const node = nodeFile();
  const caches = walls.caches.map(({ name, folder }) => ({ name, folder: cacheFolder(folder, walls.secrets) }));
  return [
    '--unshare-all', '--unshare-user', '--die-with-parent', '--new-session', '--cap-drop', 'ALL',
    ...(walls.canForbidNamespaces ? ['--disable-userns'] : []),
    '--uid', '1000', '--gid', '1000', '--hostname', 'check',
    '--ro-bind', '/usr', '/usr',
    ...['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'].flatMap(besideUsr),
    ...readdirSync('/etc').filter((name) => FROM_ETC.test(name)).flatMap((name) => ['--ro-bind', `/etc/${name}`, `/etc/${name}`]),
    ...['passwd', 'group', 'hosts', 'nsswitch.conf'].flatMap((name) => ['--ro-bind', join(walls.names, name), `/etc/${name}`]),
    ...(node === null ? [] : ['--ro-bind', node, `${INSIDE.node}/node`]),
    ...caches.flatMap(({ name, folder }) => ['--ro-bind', folder, `${INSIDE.caches}/${name}`]),
    ...hiddenInUsr(walls.secrets),
    '--proc', '/proc',
    '--dev', '/dev', ...bounded('/dev/shm', walls.temporaryBytes), '--remount-ro', '/dev',
    ...bounded('/tmp', walls.temporaryBytes),
    ...bounded(INSIDE.home, walls.temporaryBytes),
    '--bind', walls.tree, INSIDE.tree,
    '--remount-ro', '/',
    '--seccomp', String(walls.descriptors.filter),
    '--info-fd', String(walls.descriptors.information),
    '--chdir', INSIDE.tree,
  ];
}

/** A merged /usr has links here; otherwise they are folders of their own. */
function besideUsr(path: string): string[] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  return found.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

function bounded(path: string, bytes: number): string[] {
  return ['--size', String(bytes), '--tmpfs', path];
}

/** An empty folder over each secret one that lies in /usr, where everybody may look. */
function hiddenInUsr(secrets: readonly string[]): string[] {
  return secrets.flatMap((secret) => {
    const real = realFolder(secret);
    return real !== null && isWithin(real, '/usr') ? ['--tmpfs', real] : [];
  });
}

/** Folders that hold keys, sockets and settings of the machine. */
const SYSTEM = ['/run', '/var/run', '/proc', '/sys', '/dev', '/etc'];

/** A cache as the policy names it; `~/` is the user's home. Errors: `not-found`, `not-permitted`. */
function cacheFolder(given: string, secrets: readonly string[]): string {
  const path = resolve(given.startsWith('~/') ? join(homedir(), given.slice(2)) : given);
  const real = realFolder(path);
  if (real === null) throw new AppError('not-found', `The command needs the cache ${path}, and there is no such folder.`, { hint: 'Fill it on a machine with a network and bring it here.', details: { path } });
  const holds = [...secrets, homedir(), '/home', '/root', ...SYSTEM].some((folder) => isWithin(realFolder(folder) ?? folder, real));
  const lies = [...secrets, join(homedir(), '.ssh'), ...SYSTEM].some((folder) => isWithin(real, realFolder(folder) ?? folder));
  if (holds || lies) {
    throw new AppError('not-permitted', `The command names ${path} as a cache, and that holds more than a cache.`, { hint: 'Name the folder of the packages alone in the policy file.', details: { path } });
  }
  return real;
}

/** The console's own Node, for a machine that has none in /usr; none where others may not read it. */
function nodeFile(): string | null {
  if (process.versions['electron'] !== undefined) return null;
  const path = realpathSync(process.execPath);
  for (let at = dirname(path); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0 && process.getuid?.() === 0) return null;
    if (at === dirname(at)) return path;
  }
}

function realFolder(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

/** Files for `Walls.names`, by name. */
export const NAMES: Readonly<Record<string, string>> = {
  'passwd': `check:x:1000:1000:check:${INSIDE.home}:/bin/sh\n`,
  'group': 'check:x:1000:\n',
  'hosts': '127.0.0.1 localhost\n::1 localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
};

/** As root, a command runs under a user id that nobody has, so that what only root may read stays shut. Null where the console is no root. */
export function strangerId(): number | null {
  if (process.getuid?.() !== 0) return null;
  const ids = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const has = (id: number): boolean => ids.some(([first = 0, , count = 0]) => id >= first && id < first + count);
  // Beyond every range that is given to people, services, containers and subordinate ids; one of its own for each run.
  const far = 1_900_000_000 + Math.floor(Math.random() * 99_999_999);
  if (has(far)) return far;
  const near = 64_000 + Math.floor(Math.random() * 1_000);
  if (has(near)) return near;
  throw new AppError('environment', 'Commands cannot be confined here: there is no user id but those in use.', { hint: 'Start Countersign as an ordinary user.' });
}
