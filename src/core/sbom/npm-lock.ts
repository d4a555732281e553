import { AppError } from '../model/errors.ts';

/** A package as a lock file pins it. */
export interface LockedPackage {
  /** What it is installed as, in the lock file: its identity for dependencies. */
  readonly key: string;
  readonly name: string;
  readonly version: string;
  readonly resolved: string | null;
  readonly integrity: string | null;
  readonly licence: string | null;
  readonly development: boolean;
  readonly optional: boolean;
  readonly bundled: boolean;
  /** Keys of the packages that it depends on. */
  readonly dependencies: readonly string[];
}

export interface Locked {
  readonly packages: readonly LockedPackage[];
  /** Keys of what the product itself depends on. */
  readonly direct: readonly string[];
  /** What could not be listed, with the place. */
  readonly skipped: readonly string[];
}

type Entry = Readonly<Record<string, unknown>>;

/** Reads `package-lock.json`, versions 2 and 3 by `packages`, version 1 by `dependencies`. Errors: `malformed`. */
export function readNpmLock(text: string, path: string): Locked {
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch (cause) {
    throw new AppError('malformed', `${path} is not JSON: ${cause instanceof Error ? cause.message : ''}`, { details: { path }, cause });
  }
  if (!isEntry(lock)) throw new AppError('malformed', `${path} is not a package-lock.json.`, { details: { path } });
  if (isEntry(lock['packages'])) return fromPackages(lock['packages']);
  if (isEntry(lock['dependencies'])) return fromDependencies(lock['dependencies']);
  if (lock['lockfileVersion'] !== undefined) return { packages: [], direct: [], skipped: [] };
  throw new AppError('malformed', `${path} has neither "packages" nor "dependencies".`, { details: { path } });
}

function fromPackages(entries: Entry): Locked {
  const packages: LockedPackage[] = [];
  const skipped: string[] = [];
  const has = (key: string): boolean => Object.hasOwn(entries, key);
  for (const [key, entry] of Object.entries(entries)) {
    if (key === '' || !isEntry(entry) || entry['link'] === true) continue;
    const name = string(entry['name']) ?? nameOf(key);
    const version = string(entry['version']);
    if (version === null && entry['extraneous'] === true) continue;
    if (name === null) {
      skipped.push(`${key}: it has no name`);
      continue;
    }
    packages.push({
      key, name, version: version ?? '', resolved: string(entry['resolved']), integrity: string(entry['integrity']), licence: string(entry['license']),
      development: entry['dev'] === true || entry['devOptional'] === true, optional: entry['optional'] === true || entry['devOptional'] === true,
      bundled: entry['inBundle'] === true, dependencies: dependenciesOf(key, entry, entries, has),
    });
  }
  const root = isEntry(entries['']) ? entries[''] : {};
  return { packages, direct: dependenciesOf('', root, entries, has), skipped };
}

/** Node's rule of resolution: the nearest `node_modules` upwards. A link leads to its target. */
function dependenciesOf(key: string, entry: Entry, entries: Entry, has: (key: string) => boolean): string[] {
  const wanted = new Set<string>();
  for (const field of ['dependencies', 'optionalDependencies', 'peerDependencies', ...(key.includes('node_modules/') ? [] : ['devDependencies'])]) {
    const names = entry[field];
    if (isEntry(names)) for (const name of Object.keys(names)) wanted.add(name);
  }
  return [...wanted].flatMap((name) => {
    for (let folder = key; ; folder = parentOf(folder)) {
      const candidate = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
      if (has(candidate)) {
        const found = entries[candidate];
        const target = isEntry(found) && found['link'] === true ? string(found['resolved']) : candidate;
        return target !== null && has(target) ? [target] : [];
      }
      if (folder === '') return [];
    }
  });
}

function parentOf(folder: string): string {
  const at = folder.lastIndexOf('/node_modules/');
  if (at !== -1) return folder.slice(0, at);
  const slash = folder.lastIndexOf('/');
  return folder.startsWith('node_modules/') || slash === -1 ? '' : folder.slice(0, slash);
}

/** Version 1 nests dependencies in dependencies. */
function fromDependencies(tree: Entry): Locked {
  const packages: LockedPackage[] = [];
  const visit = (entries: Entry, scopes: readonly (readonly [string, Entry])[]): void => {
    for (const [name, entry] of Object.entries(entries)) {
      if (!isEntry(entry)) continue;
      const prefix = scopes.at(-1)?.[0] ?? '';
      const key = `${prefix}${prefix === '' ? '' : '/'}node_modules/${name}`;
      const nested = isEntry(entry['dependencies']) ? entry['dependencies'] : {};
      const inside: readonly (readonly [string, Entry])[] = [...scopes, [key, nested]];
      const requires = isEntry(entry['requires']) ? Object.keys(entry['requires']) : [];
      const alias = /^npm:((?:@[^/]+\/)?[^@]+)@(.+)$/.exec(string(entry['version']) ?? '');
      packages.push({
        key, name: alias?.[1] ?? name, version: alias?.[2] ?? string(entry['version']) ?? '', resolved: string(entry['resolved']),
        integrity: string(entry['integrity']), licence: null, development: entry['dev'] === true, optional: entry['optional'] === true,
        bundled: entry['bundled'] === true,
        dependencies: requires.flatMap((wanted) => {
          for (const [at, scope] of [['', tree] as const, ...inside].toReversed()) {
            if (Object.hasOwn(scope, wanted)) return [`${at}${at === '' ? '' : '/'}node_modules/${wanted}`];
          }
          return [];
        }),
      });
      visit(nested, inside);
    }
  };
  visit(tree, []);
  return { packages, direct: Object.keys(tree).map((name) => `node_modules/${name}`), skipped: [] };
}

function nameOf(key: string): string | null {
  const at = key.lastIndexOf('node_modules/');
  return at === -1 ? (key.split('/').at(-1) ?? null) : key.slice(at + 'node_modules/'.length);
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function string(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
