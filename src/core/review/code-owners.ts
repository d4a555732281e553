import picomatch from 'picomatch';
import type { Facts } from '../checks/check.ts';
import type { Policy } from '../policy/policy.ts';
import type { Named } from './identities.ts';

/** Owners of a file, as CODEOWNERS names them; a team is an account that nobody is known to be. */
export type OwnersOf = (path: string) => readonly Named[];

/** Reads the first CODEOWNERS that the policy names; null where the commit has none. The last matching line counts. */
export function ownersOf({ documents }: Facts, { parameters }: Policy): OwnersOf | null {
  const file = parameters.code_owner_files.value.map((name) => documents.find(({ path }) => path === `repository:${name}`)).find((found) => found !== undefined);
  if (file === undefined) return null;
  const rules = file.text.split('\n').flatMap((line) => {
    const [pattern = '', ...owners] = line.replace(/(^|\s)#.*$/, '').trim().split(/\s+/);
    // GitLab's sections stand in brackets and own nothing themselves.
    if (pattern === '' || /^\^?\[/.test(pattern)) return [];
    return [{ matches: picomatch(globsOf(pattern), { dot: true }), owners: owners.flatMap(ownerOf) }];
  });
  return (path) => rules.findLast(({ matches }) => matches(path))?.owners ?? [];
}

/** A pattern as gitignore reads it: without a slash inside it matches at any depth; a folder owns what lies in it. */
function globsOf(pattern: string): string[] {
  const anchored = pattern.replace(/\/$/, '').includes('/');
  const plain = pattern.replace(/^\//, '');
  const base = anchored ? plain : `**/${plain}`;
  if (plain.endsWith('/')) return [`${base}**`];
  // `docs/*` owns the files of that folder only.
  return base.endsWith('/*') ? [base] : [base, `${base}/**`];
}

function ownerOf(text: string): Named[] {
  if (text.startsWith('@')) return [{ login: text.slice(1), name: null, email: null }];
  return text.includes('@') ? [{ name: null, email: text }] : [];
}
