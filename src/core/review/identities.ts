import type { ForgeAccount } from '../model/evidence.ts';
import type { Person, RosterInForce } from '../model/roster.ts';
import { personByEmail } from '../roster/people.ts';

/** Somebody as git or a forge names them. */
export type Named = { readonly login?: string; readonly name: string | null; readonly email: string | null };

const NO_REPLY = /^(?:\d+[+-])?([^@]+)@users\.noreply\.(?:github|gitlab)\.com$/i;

/**
 * Which names are one person's. A forge knows accounts, git knows e-mail addresses, the roster knows people: what any
 * of them links is linked. A display name links nobody, since anyone can take any; it can only bar (`couldBeSame`).
 */
export class Identities {
  readonly #parent = new Map<string, string>();
  readonly #roster: RosterInForce | null;

  constructor(accounts: Iterable<ForgeAccount>, roster: RosterInForce | null) {
    this.#roster = roster;
    for (const account of accounts) this.#link(keysOf(account));
    for (const person of roster?.roster.people ?? []) this.#link(person.emails.flatMap((email) => keysOf({ name: null, email })));
  }

  /** Whether two are certainly one person. */
  same(one: Named, other: Named): boolean {
    const theirs = new Set(keysOf(other).map((key) => this.#root(key)));
    return keysOf(one).some((key) => theirs.has(this.#root(key)));
  }

  /** Whether two may be one person; whoever may be the author does not approve. */
  couldBeSame(one: Named, other: Named): boolean {
    return this.same(one, other) || (one.name !== null && other.name !== null && folded(one.name) !== '' && folded(one.name) === folded(other.name));
  }

  /** Who of the roster somebody is, by the addresses that are known to be theirs. */
  person(named: Named): Person | null {
    if (this.#roster === null) return null;
    const roots = new Set(keysOf(named).map((key) => this.#root(key)));
    const emails = [...this.#parent.keys()].filter((key) => key.startsWith('email:') && roots.has(this.#root(key))).map((key) => key.slice('email:'.length));
    return personByEmail(this.#roster.roster, emails);
  }

  #link(keys: readonly string[]): void {
    const [first, ...others] = keys;
    if (first === undefined) return;
    if (!this.#parent.has(first)) this.#parent.set(first, first);
    for (const key of others) this.#parent.set(this.#root(key), this.#root(first));
  }

  #root(key: string): string {
    let root = key;
    for (let parent = this.#parent.get(root); parent !== undefined && parent !== root; parent = this.#parent.get(root)) root = parent;
    return root;
  }
}

/** `Name <address>`, as trailers have it. */
export function namedIn(trailer: string): Named {
  const [, name, email] = /^(.*?)\s*<([^<>\s]+@[^<>\s]+)>\s*$/.exec(trailer) ?? [];
  return email === undefined ? { name: trailer.trim(), email: null } : { name: name ?? null, email };
}

/** How somebody is called in a sentence. */
export function callOf({ login, name, email }: Named): string {
  return login !== undefined && login !== '' ? `@${login}` : (name ?? email ?? 'somebody');
}

function keysOf({ login, email }: Named): string[] {
  const keys = login === undefined || login === '' ? [] : [`login:${folded(login)}`];
  if (email === null || email === '') return keys;
  const [, account] = NO_REPLY.exec(email) ?? [];
  return [...keys, `email:${folded(email)}`, ...(account === undefined ? [] : [`login:${folded(account)}`])];
}

function folded(text: string): string {
  return text.trim().toLowerCase();
}
