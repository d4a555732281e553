import { UnusableEvidence } from './format.ts';
import { isObject, parseJson, type JsonObject } from './json.ts';

/**
 * A document that would take too much as one text and one tree of objects. `textOf` decodes a piece of its bytes,
 * which are UTF-8 throughout.
 */
export interface LargeDocument {
  readonly bytes: Uint8Array;
  readonly textOf: (from: number, to: number) => string;
}

/** Where a long list stands: in each object of the list `outer` of the document, under the name `inner`. */
export interface LongLists {
  readonly outer: string;
  readonly inner: string;
}

/** A document taken apart: everything but the elements of its long lists, and these one at a time. */
export interface SplitDocument {
  /** The document with its long lists empty. */
  readonly skeleton: unknown;
  /** The elements of the long list in one object of the outer list. Throws `malformed` for one that is no object, `too-deep`. */
  readonly elementsOf: (index: number) => Iterable<JsonObject>;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** A document nests so: itself, the outer list, one of its objects, the long list. */
const [ROOT, OUTER, HOLDER] = [1, 2, 3];

/**
 * Takes a JSON document apart in one pass, so that only one element of its long lists is in memory at a time. What is
 * between them and around them is parsed as a document of its own, and so is each element: together that is all of it.
 * Throws `UnusableEvidence`.
 */
export function splitJson(document: LargeDocument, lists: LongLists, depth: number): SplitDocument {
  const scan = new Splitter(document, lists, depth);
  scan.run();
  return {
    skeleton: parseJson(scan.skeleton(), depth),
    *elementsOf(index) {
      const ends = scan.elements.get(index) ?? [];
      for (let at = 0; at < ends.length; at += 2) {
        const element = parsedElement(document, ends[at] ?? 0, ends[at + 1] ?? 0, depth);
        if (!isObject(element)) throw new UnusableEvidence('malformed', `${lists.outer}[${index}].${lists.inner}[${at / 2}] is not an object`);
        yield element;
      }
    },
  };
}

/** An element of more bytes than this is looked at before it is parsed, as a document of its own. */
const LARGE_ELEMENT = 1024 * 1024;

function parsedElement({ textOf }: LargeDocument, from: number, to: number, depth: number): unknown {
  if (to - from > LARGE_ELEMENT) return parseJson(textOf(from, to), depth);
  try {
    return JSON.parse(textOf(from, to));
  } catch {
    throw new UnusableEvidence('malformed', `this is not JSON: unexpected text after byte ${from}`);
  }
}

/** As many as a report of the largest size has where each is the shortest that a tool writes. */
const MAX_ELEMENTS = 2_000_000;

class Splitter {
  /** Start and end of each element, by the position of its holder in the outer list. */
  readonly elements = new Map<number, number[]>();
  readonly #document: LargeDocument;
  readonly #lists: LongLists;
  readonly #limit: number;
  readonly #pieces: string[] = [];
  #copied = 0;
  #listed = 0;
  /** Names that lead to where the scan is, as far as they matter. */
  #inOuter = false;
  #holder = -1;

  constructor(document: LargeDocument, lists: LongLists, limit: number) {
    this.#document = document;
    this.#lists = lists;
    this.#limit = limit;
  }

  skeleton(): string {
    return this.#pieces.join('') + this.#document.textOf(this.#copied, this.#document.bytes.length);
  }

  run(): void {
    const { bytes } = this.#document;
    let depth = 0;
    let name = '';
    let text = '';
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        const end = this.#stringEnd(at);
        text = depth === ROOT || depth === HOLDER ? this.#short(at + 1, end - 1) : '';
        at = end - 1;
      } else if (byte === COLON) name = text;
      else if (byte === COMMA) name = '';
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        if (byte === OPEN_LIST && depth === HOLDER && this.#inOuter && name === this.#lists.inner) {
          at = this.#longList(at);
          continue;
        }
        depth += 1;
        if (depth > this.#limit) throw new UnusableEvidence('too-deep', `the JSON is nested deeper than ${this.#limit}`);
        if (depth === OUTER) this.#inOuter = byte === OPEN_LIST && name === this.#lists.outer;
        if (depth === OUTER && this.#inOuter) this.#holder = -1;
        if (depth === HOLDER) this.#holder += 1;
        name = '';
      } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1;
    }
  }

  /** Takes a long list out of the document; returns where its bracket closes. */
  #longList(open: number): number {
    if (this.elements.has(this.#holder)) throw new UnusableEvidence('malformed', `${this.#lists.outer}[${this.#holder}] has two lists named "${this.#lists.inner}"`);
    const { bytes } = this.#document;
    const ends: number[] = [];
    this.elements.set(this.#holder, ends);
    this.#pieces.push(this.#document.textOf(this.#copied, open + 1));
    let at = this.#space(open + 1);
    if (bytes[at] !== CLOSE_LIST) {
      for (;; at = this.#space(at + 1)) {
        const end = this.#elementEnd(at);
        ends.push(at, end);
        this.#listed += 1;
        if (this.#listed > MAX_ELEMENTS) throw new UnusableEvidence('too-large', `it lists more than ${MAX_ELEMENTS} ${this.#lists.inner}`);
        at = this.#space(end);
        if (bytes[at] === CLOSE_LIST) break;
        if (at >= bytes.length) throw new UnusableEvidence('truncated', `the JSON ends in the middle, after ${bytes.length} bytes`);
        if (bytes[at] !== COMMA) throw new UnusableEvidence('malformed', `this is not JSON: unexpected text at byte ${at}`);
      }
    }
    this.#copied = at;
    return at;
  }

  /** Where an element ends, by its brackets and quotes alone; what it is, its own parsing says. */
  #elementEnd(start: number): number {
    const { bytes } = this.#document;
    const limit = this.#limit - HOLDER - 1;
    let depth = 0;
    for (let at = start; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        // Most bytes of a report are looked at here, so no function is called for each text.
        for (at += 1; bytes[at] !== QUOTE && at < bytes.length; at += 1) if (bytes[at] === BACKSLASH) at += 1;
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        depth += 1;
        if (depth > limit) throw new UnusableEvidence('too-deep', `the JSON is nested deeper than ${this.#limit} at byte ${at}`);
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (depth === 0) return at;
        depth -= 1;
        if (depth === 0) return at + 1;
      } else if (byte === COMMA && depth === 0) return at;
    }
    throw new UnusableEvidence('truncated', `the JSON ends in the middle, after ${bytes.length} bytes`);
  }

  #stringEnd(start: number): number {
    const { bytes } = this.#document;
    for (let at = start + 1; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === QUOTE) return at + 1;
      if (byte === BACKSLASH) at += 1;
    }
    throw new UnusableEvidence('truncated', `the JSON ends in the middle, after ${bytes.length} bytes`);
  }

  #space(start: number): number {
    const { bytes } = this.#document;
    let at = start;
    for (let byte = bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = bytes[at]) at += 1;
    return at;
  }

  /** A text that may be one of the names looked for; others are not decoded. */
  #short(from: number, to: number): string {
    const { outer, inner } = this.#lists;
    return to - from === outer.length || to - from === inner.length ? this.#document.textOf(from, to) : '';
  }
}
