import { UnusableEvidence, type JsonShape } from './format.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of an object by its own key; anything inherited is not there. */
export function member(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The elements of an array; nothing where there is none. */
export function elements(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Parses JSON after a linear look at its nesting, so that a deep document costs no stack. Throws `UnusableEvidence`. */
export function parseJson(source: string, depth: number): unknown {
  assertDepth(source, depth);
  try {
    return JSON.parse(source);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : '';
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? source.length);
    const ended = /end of JSON|Unterminated string/.test(message) || at >= source.trimEnd().length;
    throw ended
      ? new UnusableEvidence('truncated', `the JSON ends in the middle, at character ${source.length}`)
      : new UnusableEvidence('malformed', `this is not JSON: unexpected character at ${placeOf(source, at)}`);
  }
}

function assertDepth(source: string, limit: number): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > limit) throw new UnusableEvidence('too-deep', `the JSON is nested deeper than ${limit} at ${placeOf(source, at)}`);
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
}

function placeOf(source: string, at: number): string {
  const before = source.slice(0, at);
  const line = before.split('\n').length;
  return `line ${line}, column ${at - before.lastIndexOf('\n')}`;
}

/** The outline of a whole document; null where its root is neither an object nor an array. */
export function shapeOf(value: unknown): JsonShape | null {
  if (Array.isArray(value)) {
    const first: unknown = value.find(isObject);
    return { root: 'array', keys: new Set(), inner: new Set(isObject(first) ? Object.keys(first) : []) };
  }
  if (!isObject(value)) return null;
  const inner = Object.values(value).find(isObject);
  return { root: 'object', keys: new Set(Object.keys(value)), inner: new Set(inner === undefined ? [] : Object.keys(inner)) };
}

/**
 * The outline of the beginning of a document that is not read whole: keys at the first two levels, as far as they
 * were seen. It stops where the text is no longer JSON.
 */
export function shapeOfHead(head: string): JsonShape | null {
  const scanner = /"((?:[^"\\]|\\.)*)"\s*(:)?|[{}[\]]/gs;
  const root = /^\s*([{[])/.exec(head)?.[1];
  if (root === undefined) return null;
  const keys = new Set<string>();
  const inner = new Set<string>();
  const open: string[] = [];
  let firstInner: number | null = null;
  let innerClosed = false;
  for (let match = scanner.exec(head); match !== null; match = scanner.exec(head)) {
    const [token] = match;
    if (token === '{' || token === '[') {
      open.push(token);
      if (token === '{' && open.length === 2 && firstInner === null) firstInner = 2;
    } else if (token === '}' || token === ']') {
      if (open.length === 2 && token === '}') innerClosed = true;
      open.pop();
      if (open.length === 0) break;
    } else if (match[2] === ':') {
      if (open.length === 1 && open[0] === '{') keys.add(match[1] ?? '');
      else if (open.length === 2 && open[1] === '{' && !innerClosed) inner.add(match[1] ?? '');
    }
  }
  return { root: root === '{' ? 'object' : 'array', keys, inner };
}
