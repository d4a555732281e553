import { isDeepStrictEqual } from 'node:util';

/** How many items of one fingerprint are compared in full; more of them happen only where somebody built them so. */
const MAX_ALIKE = 16;
/** An object that holds others is looked at once, however many lists hold it. */
const known = new WeakMap<object, number>();

/** Tells whether no two items of a list are equal (JSON Schema `uniqueItems`), in the time that it takes to sort a number for each. */
export function holdsEachOnce(items: readonly unknown[]): boolean {
  const prints = Float64Array.from(items, fingerprint);
  const sorted = prints.toSorted();
  const repeated = new Set<number>();
  for (let at = 1; at < sorted.length; at += 1) if (sorted[at] === sorted[at - 1]) repeated.add(sorted[at] ?? 0);
  if (repeated.size === 0) return true;
  const alike = new Map<number, unknown[]>();
  for (const [at, print] of prints.entries()) {
    if (!repeated.has(print)) continue;
    const others = alike.get(print) ?? [];
    if (others.some((other) => isDeepStrictEqual(other, items[at]))) return false;
    if (others.length < MAX_ALIKE) alike.set(print, [...others, items[at]]);
  }
  return true;
}

/** A number that is equal for equal JSON values, whatever the order of an object's keys. */
function fingerprint(value: unknown): number {
  if (typeof value === 'string') return ofText(value);
  if (typeof value !== 'object' || value === null) return ofText(`${typeof value} ${String(value)}`);
  const before = known.get(value);
  if (before !== undefined) return before;
  let print = Array.isArray(value) ? 1 : 2;
  let nested = false;
  for (const [key, item] of Object.entries(value)) {
    nested ||= typeof item === 'object';
    const part = fingerprint(item);
    print = Array.isArray(value) ? mixed(print, part) : (print + mixed(ofText(key), part)) % 0xffffffff;
  }
  if (nested) known.set(value, print);
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
