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

/** What npm takes for a name, and old packages have: a part, or a scope and a part. */
const NAME = /^(?:@[^/@\s]+\/)?[^/@\s][^/\s]*$/;
const MAX_NESTING = 200;

/** Reads `package-lock.json`, versions 2 and 3 by `packages`, version 1 by `dependencies`. Errors: `malformed`, `too-deep`. */
export function readNpmLock(text: string, path: string): Locked {
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch (cause) {
    throw new AppError('malformed', `${path} is not JSON: ${cause instanceof Error ? cause.message : ''}`, { details: { path }, cause });
  }
  if (!isEntry(lock)) throw new AppError('malformed', `${path} is not a package-lock.json.`, { details: { path } });
  if (isEntry(lock['packages'])) return fromPackages(lock['packages']);
  if (isEntry(lock['dependencies'])) return fromDependencies(lock['dependencies'], path);
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
    if (name === null || !NAME.test(name)) {
      skipped.push(`${key.slice(0, 120)}: it has no name that a package can have`);
      continue;
    }
    packages.push({
      key, name, version: version ?? '', resolved: string(entry['resolved']), integrity: string(entry['integrity']), licence: string(entry['license']),
      development: entry['dev'] === true || entry['devOptional'] === true, optional: entry['optional'] === true || entry['devOptional'] === true,
      bundled: entry['inBundle'] === true, dependencies: dependenciesOf(key, entry, entries, has),
    });
  }
  const root = isEntry(entries['']) ? entries[''] : {};
  // The root leads to its workspaces through links beside its dependencies.
  const workspaces = Object.entries(entries).flatMap(([key, entry]) => (isEntry(entry) && entry['link'] === true && /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(key) ? (string(entry['resolved']) ?? []) : []));
  return { packages, direct: [...new Set([...dependenciesOf('', root, entries, has), ...workspaces])], skipped };
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

/** Version 1 nests dependencies in dependencies, and does not say which of the top ones the product itself asks for. */
function fromDependencies(tree: Entry, path: string): Locked {
  const packages: LockedPackage[] = [];
  const skipped: string[] = [];
  const visit = (entries: Entry, scopes: readonly Scope[]): void => {
    if (scopes.length > MAX_NESTING) throw new AppError('too-deep', `${path} nests dependencies deeper than ${MAX_NESTING}.`, { details: { path } });
    for (const [name, entry] of Object.entries(entries)) {
      if (!isEntry(entry)) continue;
      const key = inScope(scopes.at(-1)?.key ?? '', name);
      const nested = isEntry(entry['dependencies']) ? entry['dependencies'] : {};
      const inside = [...scopes, { key, entries: nested }];
      const read = fromVersion1(key, name, entry, inside);
      if (NAME.test(read.name)) packages.push(read);
      else skipped.push(`${key.slice(0, 120)}: it has no name that a package can have`);
      visit(nested, inside);
    }
  };
  visit(tree, [{ key: '', entries: tree }]);
  const required = new Set(packages.flatMap(({ dependencies }) => dependencies));
  const top = Object.keys(tree).map((name) => inScope('', name));
  return { packages, direct: top.filter((key) => !required.has(key)), skipped };
}

interface Scope {
  readonly key: string;
  readonly entries: Entry;
}

function fromVersion1(key: string, name: string, entry: Entry, scopes: readonly Scope[]): LockedPackage {
  const written = string(entry['version']) ?? '';
  const [, alias, aliased] = /^npm:((?:@[^/@]+\/)?[^@]+)@(.+)$/.exec(written) ?? [];
  // An address in place of a version says where the package is from, not which version it is.
  const address = /^(?:[a-z+]+:|[\w.-]+\/[\w.-]+(?:#|$))/i.test(written) && alias === undefined ? written : null;
  return {
    key, name: alias ?? name, version: aliased ?? (address === null ? written : ''), resolved: string(entry['resolved']) ?? address,
    integrity: string(entry['integrity']), licence: null, development: entry['dev'] === true, optional: entry['optional'] === true,
    bundled: entry['bundled'] === true,
    dependencies: Object.keys(isEntry(entry['requires']) ? entry['requires'] : {}).flatMap((wanted) => {
      const holder = scopes.findLast(({ entries }) => Object.hasOwn(entries, wanted));
      return holder === undefined ? [] : [inScope(holder.key, wanted)];
    }),
  };
}

function inScope(scope: string, name: string): string {
  return scope === '' ? `node_modules/${name}` : `${scope}/node_modules/${name}`;
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
