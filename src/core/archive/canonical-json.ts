import canonicalizeJson from 'canonicalize';
import { AppError } from '../model/errors.ts';

/** Deeper nesting than this is nothing that a record holds; it is refused before it can exhaust the stack. */
const MAX_DEPTH = 64;

/**
 * The RFC 8785 serialisation of a JSON value, which will stand `depth` levels deep. Errors: `malformed` for what
 * JSON cannot carry (a number that is not finite, half a surrogate pair), `too-deep`.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  // JSON.stringify writes strings and numbers as RFC 8785 §3.2.2 asks, so that only the order of keys is left.
  if (orderOf(value, depth) === 'sorted') return JSON.stringify(value);
  const sorted = sortedCopy(value);
  const text = sorted === NOT_SORTABLE ? canonicalizeJson(value) : JSON.stringify(sorted);
  if (text === undefined) throw new AppError('malformed', 'This is not a JSON value.');
  return text;
}

const NOT_SORTABLE = Symbol('not sortable');

/** A copy whose members were added in canonical order, for JavaScript keeps that order, except of names that are numbers. */
function sortedCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(sortedCopy);
    return items.includes(NOT_SORTABLE) ? NOT_SORTABLE : items;
  }
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const first = key.charCodeAt(0);
    // 0x30 to 0x39 are digits; assigning `__proto__` would add no member.
    if ((first >= 0x30 && first <= 0x39) || key === '__proto__') return NOT_SORTABLE;
    const member = sortedCopy((value as Record<string, unknown>)[key]);
    if (member === NOT_SORTABLE) return NOT_SORTABLE;
    copy[key] = member;
  }
  return copy;
}

/** Whether these parsed bytes are exactly their own RFC 8785 serialisation. */
export function isCanonicalJson(value: unknown, text: string): boolean {
  return orderOf(value, 0) === 'sorted' ? JSON.stringify(value) === text : canonicalizeJson(value) === text;
}

type Order = 'sorted' | 'unsorted';

function orderOf(value: unknown, depth: number): Order {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new AppError('malformed', 'A text holds half a surrogate pair, which no UTF-8 can carry.');
      return 'sorted';
    case 'number':
      if (!Number.isFinite(value)) throw new AppError('malformed', `${value} is not a number that JSON has.`);
      return 'sorted';
    case 'boolean':
      return 'sorted';
    case 'object':
      if (value === null) return 'sorted';
      if (depth >= MAX_DEPTH) throw new AppError('too-deep', `It is nested deeper than ${MAX_DEPTH} levels.`);
      return Array.isArray(value) ? orderOfItems(value, depth) : orderOfMembers(value as Record<string, unknown>, depth);
    default:
      throw new AppError('malformed', `A ${typeof value} is not a JSON value.`);
  }
}

function orderOfItems(items: readonly unknown[], depth: number): Order {
  let order: Order = 'sorted';
  for (const item of items) if (orderOf(item, depth + 1) === 'unsorted') order = 'unsorted';
  return order;
}

function orderOfMembers(members: Record<string, unknown>, depth: number): Order {
  let order: Order = 'sorted';
  let before = '';
  for (const key of Object.keys(members)) {
    if (!key.isWellFormed()) throw new AppError('malformed', 'A name holds half a surrogate pair, which no UTF-8 can carry.');
    // RFC 8785 §3.2.3: names in order of their UTF-16 code units, which is how JavaScript compares texts.
    if (key < before) order = 'unsorted';
    before = key;
    const member = members[key];
    // A member that is undefined is left out of JSON.
    if (member !== undefined && orderOf(member, depth + 1) === 'unsorted') order = 'unsorted';
  }
  return order;
}
