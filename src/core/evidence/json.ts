import { UnusableEvidence } from './format.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * How much a document may hold before it is refused as too large: what a parser allocates grows with the objects and
 * members in it, not with its bytes. Measured: a document at both bounds needs about 300 MB and three seconds.
 */
const MAX_CONTAINERS = 800_000;
const MAX_MEMBERS = 5_000_000;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of an object by its own key; anything inherited is not there. */
export function member(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function has(value: unknown, ...keys: readonly string[]): boolean {
  return isObject(value) && keys.every((key) => Object.hasOwn(value, key));
}

/** The elements of an array; nothing where there is none. For what is only told, never for what is counted. */
export function elements(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of a list that is counted. Throws `malformed`: a list of another form must never count as empty. */
export function objectsIn(value: unknown, place: string): readonly JsonObject[] {
  if (!Array.isArray(value)) throw new UnusableEvidence('malformed', `${place} is not a list`);
  const list: readonly unknown[] = value;
  for (const [index, element] of list.entries()) {
    if (!isObject(element)) throw new UnusableEvidence('malformed', `${place}[${index}] is not an object`);
  }
  return list as readonly JsonObject[];
}

/** The named objects of a map that is counted, one at a time. Throws `malformed`. */
export function* entriesIn(value: unknown, place: string): Generator<readonly [string, JsonObject]> {
  if (!isObject(value)) throw new UnusableEvidence('malformed', `${place} is not an object`);
  for (const key of Object.keys(value)) {
    const entry = value[key];
    if (!isObject(entry)) throw new UnusableEvidence('malformed', `${place}["${key.slice(0, 80)}"] is not an object`);
    yield [key, entry];
  }
}

export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A plain value as a message shows it. An object is never asked how it writes itself: what a report says decides that. */
export function spelt(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value).slice(0, 20) : value === undefined ? 'undefined' : value === null ? 'null' : '…';
}

/** Parses JSON after a linear look at its nesting and size, so that no document costs more than its bound. Throws `UnusableEvidence`. */
export function parseJson(source: string, depth: number): unknown {
  assertBounds(source, depth);
  try {
    return JSON.parse(source);
  } catch {
    throw faultOf(source);
  }
}

function assertBounds(source: string, limit: number): void {
  let depth = 0;
  let containers = 0;
  let members = 0;
  let inString = false;
  for (let at = 0; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      containers += 1;
      if (depth > limit) throw new UnusableEvidence('too-deep', `the JSON is nested deeper than ${limit} at ${placeOf(source, at)}`);
      if (containers > MAX_CONTAINERS) throw new UnusableEvidence('too-large', `it holds more than ${MAX_CONTAINERS} objects and lists`);
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
    else if (code === 0x2c || code === 0x3a) {
      members += 1;
      if (members > MAX_MEMBERS) throw new UnusableEvidence('too-large', `it holds more than ${MAX_MEMBERS} members`);
    }
  }
}

/** Where a text that is not JSON stops being so; the parser's own message names the place only sometimes. */
function faultOf(source: string): UnusableEvidence {
  const scan = new HeadScanner(source);
  scan.run();
  const end = source.trimEnd().length;
  return scan.at >= end && scan.open
    ? new UnusableEvidence('truncated', `the JSON ends in the middle, at ${placeOf(source, end)}`)
    : new UnusableEvidence('malformed', `this is not JSON: unexpected text at ${placeOf(source, Math.min(scan.at, end))}`);
}

function placeOf(source: string, at: number): string {
  let line = 1;
  let start = 0;
  for (let next = source.indexOf('\n'); next !== -1 && next < at; next = source.indexOf('\n', next + 1)) {
    line += 1;
    start = next + 1;
  }
  return `line ${line}, column ${at - start + 1}`;
}

/**
 * The value of the beginning of a document: what was still open is closed where the text ends or is no longer JSON.
 * Undefined where it does not begin like JSON. Linear, without recursion.
 */
export function parseHead(head: string): unknown {
  const scan = new HeadScanner(head);
  scan.run();
  return scan.root;
}

type Container = Record<string, unknown> | unknown[];
/** What a well-formed document has next. */
type Expectation = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'end';

class HeadScanner {
  root: unknown = undefined;
  /** Where the scan stopped. */
  at = 0;
  readonly #source: string;
  readonly #stack: Container[] = [];
  #expect: Expectation = 'value';
  #key = '';

  constructor(source: string) {
    this.#source = source;
  }

  get open(): boolean {
    return this.#expect !== 'end';
  }

  run(): void {
    while (this.at < this.#source.length) {
      const code = this.#source.charCodeAt(this.at);
      if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) this.at += 1;
      else if (!this.#token(this.#source[this.at] ?? '')) return;
    }
  }

  #token(character: string): boolean {
    const wantsValue = this.#expect === 'value' || this.#expect === 'value-or-end';
    if (character === '{' || character === '[') return wantsValue && this.#enter(character);
    if (character === '}' || character === ']') return this.#leave(character);
    if (character === '"') return this.#string(wantsValue);
    if (character === ',' && this.#expect === 'comma-or-end') return this.#step(Array.isArray(this.#stack.at(-1)) ? 'value' : 'key');
    if (character === ':' && this.#expect === 'colon') return this.#step('value');
    return wantsValue && this.#scalar();
  }

  #step(next: Expectation): boolean {
    this.#expect = next;
    this.at += 1;
    return true;
  }

  #enter(character: string): boolean {
    // Without a prototype, so that a key named `__proto__` is a key like any other.
    const made: Container = character === '[' ? [] : (Object.create(null) as Record<string, unknown>);
    this.#put(made);
    this.#stack.push(made);
    return this.#step(character === '[' ? 'value-or-end' : 'key-or-end');
  }

  #leave(character: string): boolean {
    const top = this.#stack.at(-1);
    const empty = this.#expect === (character === ']' ? 'value-or-end' : 'key-or-end');
    if (top === undefined || Array.isArray(top) !== (character === ']') || !(empty || this.#expect === 'comma-or-end')) return false;
    this.#stack.pop();
    return this.#step(this.#stack.length === 0 ? 'end' : 'comma-or-end');
  }

  #string(wantsValue: boolean): boolean {
    const isKey = this.#expect === 'key' || this.#expect === 'key-or-end';
    if (!isKey && !wantsValue) return false;
    let end = this.at + 1;
    for (; end < this.#source.length && this.#source.charCodeAt(end) !== 0x22; end += 1) {
      const code = this.#source.charCodeAt(end);
      if (code < 0x20) break;
      if (code === 0x5c) end += 1;
    }
    if (end >= this.#source.length) {
      this.at = this.#source.length;
      return false;
    }
    if (this.#source.charCodeAt(end) !== 0x22) {
      this.at = end;
      return false;
    }
    const value = unquoted(this.#source.slice(this.at, end + 1));
    if (value === null) return false;
    this.at = end;
    if (isKey) this.#key = value;
    else this.#put(value);
    return this.#step(isKey ? 'colon' : this.#stack.length === 0 ? 'end' : 'comma-or-end');
  }

  #scalar(): boolean {
    const scalar = /[-+.\w]{1,64}/y;
    scalar.lastIndex = this.at;
    const word = scalar.exec(this.#source)?.[0] ?? '';
    if (!/^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)$/.test(word)) {
      // A word that the end of the text cut off is no fault.
      if (word !== '' && this.at + word.length === this.#source.length && /^(?:t|f|n|-|\d)/.test(word)) this.at = this.#source.length;
      return false;
    }
    this.#put(JSON.parse(word));
    this.at += word.length;
    this.#expect = this.#stack.length === 0 ? 'end' : 'comma-or-end';
    return true;
  }

  #put(value: unknown): void {
    const top = this.#stack.at(-1);
    if (top === undefined) this.root = value;
    else if (Array.isArray(top)) top.push(value);
    else top[this.#key] = value;
  }
}

function unquoted(quoted: string): string | null {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return null;
  }
}
