import { isDeepStrictEqual } from 'node:util';

/** How many items of one fingerprint are compared in full; more of them happen only where somebody built them so. */
const MAX_ALIKE = 16;
/** An object is looked at once, however many lists hold it. */
const known = new WeakMap<object, number>();

/** Tells whether no two items of a list are equal (JSON Schema `uniqueItems`), in the time that it takes to look at each once. */
export function holdsEachOnce(items: readonly unknown[]): boolean {
  const seen = new Map<number, unknown[]>();
  for (const item of items) {
    const print = fingerprint(item);
    const alike = seen.get(print);
    if (alike === undefined) seen.set(print, [item]);
    else if (alike.some((other) => isDeepStrictEqual(other, item))) return false;
    else if (alike.length < MAX_ALIKE) alike.push(item);
  }
  return true;
}

/** A number that is equal for equal JSON values, whatever the order of an object's keys. */
function fingerprint(value: unknown): number {
  if (typeof value !== 'object' || value === null) return ofText(`${typeof value} ${String(value)}`);
  const before = known.get(value);
  if (before !== undefined) return before;
  let print = Array.isArray(value) ? 1 : 2;
  if (Array.isArray(value)) for (const item of value) print = mixed(print, fingerprint(item));
  else for (const [key, item] of Object.entries(value)) print = (print + mixed(ofText(key), fingerprint(item))) % 0xffffffff;
  known.set(value, print);
  return print;
}

function mixed(a: number, b: number): number {
  return (Math.imul(a ^ (a >>> 15), 0x2c1b3c6d) ^ Math.imul(b ^ (b >>> 13), 0x297a2d39)) >>> 0;
}

/** FNV-1a. */
function ofText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
