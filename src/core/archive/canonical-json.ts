import canonicalizeJson from 'canonicalize';
import { AppError } from '../model/errors.ts';

/** Deeper nesting than this is nothing that a record holds; it is refused before it can exhaust the stack. */
const MAX_DEPTH = 64;

/** Stands for an object whose names JavaScript would not keep in canonical order. */
const NOT_SORTABLE = Symbol('not sortable');

/**
 * The RFC 8785 serialisation of a JSON value, which will stand `depth` levels deep. Errors: `malformed` for what
 * JSON cannot carry (a number that is not finite, half a surrogate pair), `too-deep`.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  // JSON.stringify writes strings and numbers as RFC 8785 §3.2.2 asks, so that only the order of names is left. The
  // library orders them too, at several times the cost.
  const sorted = sortedForm(value, depth);
  const text = sorted === NOT_SORTABLE ? canonicalizeJson(value) : JSON.stringify(sorted);
  if (text === undefined) throw new AppError('malformed', 'This is not a JSON value.');
  return text;
}

/** Whether a JSON text, of which `value` was parsed, is exactly its own RFC 8785 serialisation. Errors: `malformed`, `too-deep`. */
export function isCanonicalJson(value: unknown, text: string): boolean {
  // An escape is the only way in which a text of valid UTF-8 can carry half a surrogate pair.
  if (text.includes('\\ud')) return canonicalJson(value) === text;
  // What comes back from JSON.parse and JSON.stringify as it was has no white space, no name twice, and numbers and
  // texts in their one spelling.
  return hasSortedNames(value, 0) ? JSON.stringify(value) === text : canonicalJson(value) === text;
}

/** The value itself where its names are in order, else a copy in which they are; checked on the way. */
function sortedForm(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new AppError('malformed', 'A text holds half a surrogate pair, which no UTF-8 can carry.');
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new AppError('malformed', `${value} is not a number that JSON has.`);
      return value;
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return value;
      if (depth >= MAX_DEPTH) throw tooDeep();
      return Array.isArray(value) ? sortedItems(value, depth + 1) : sortedMembers(value as Record<string, unknown>, depth + 1);
    default:
      throw new AppError('malformed', `A ${typeof value} is not a JSON value.`);
  }
}

function sortedItems(items: readonly unknown[], depth: number): unknown {
  let same = true;
  let sortable = true;
  const sorted: unknown[] = [];
  for (const item of items) {
    const form = sortedForm(item, depth);
    if (form !== item) same = false;
    if (form === NOT_SORTABLE) sortable = false;
    sorted.push(form);
  }
  return sortable ? (same ? items : sorted) : NOT_SORTABLE;
}

function sortedMembers(members: Record<string, unknown>, depth: number): unknown {
  const names = Object.keys(members);
  let same = inOrder(names);
  if (!same) names.sort();
  const sorted: Record<string, unknown> = {};
  let sortable = true;
  for (const name of names) {
    if (!name.isWellFormed()) throw new AppError('malformed', 'A name holds half a surrogate pair, which no UTF-8 can carry.');
    const member = members[name];
    // A member that is undefined is left out of JSON.
    if (member === undefined) continue;
    const form = sortedForm(member, depth);
    if (form !== member) same = false;
    if (form === NOT_SORTABLE || mayBeReordered(name)) sortable = false;
    else sorted[name] = form;
  }
  return same ? members : sortable ? sorted : NOT_SORTABLE;
}

/** RFC 8785 §3.2.3: names in order of their UTF-16 code units, which is how JavaScript compares texts. */
function inOrder(names: readonly string[]): boolean {
  for (let at = 1; at < names.length; at += 1) if ((names[at - 1] as string) > (names[at] as string)) return false;
  return true;
}

/** Names that are numbers come first in every object of JavaScript, and assigning `__proto__` adds no member. */
function mayBeReordered(name: string): boolean {
  const first = name.charCodeAt(0);
  return (first >= 0x30 && first <= 0x39) || name === '__proto__';
}

function hasSortedNames(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= MAX_DEPTH) throw tooDeep();
  if (Array.isArray(value)) {
    for (const item of value) if (!hasSortedNames(item, depth + 1)) return false;
    return true;
  }
  let before = '';
  // Parsed objects have no prototype members of their own to be met here.
  for (const name in value) {
    if (name < before) return false;
    before = name;
    const member = (value as Record<string, unknown>)[name];
    if (typeof member === 'object' && member !== null && !hasSortedNames(member, depth + 1)) return false;
  }
  return true;
}

function tooDeep(): AppError {
  return new AppError('too-deep', `It is nested deeper than ${MAX_DEPTH} levels.`);
}
