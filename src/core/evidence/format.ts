import type { EvidenceContent, EvidenceCounts, EvidenceKind, EvidenceLimits, EvidenceProblem, Tool } from '../model/evidence.ts';
import type { JsonObject } from './json.ts';
import type { LargeDocument } from './large-json.ts';

/** Is given the parsed document of a JSON or YAML file, for who has more to ask of it. */
export type DocumentSink = (document: unknown) => void;

/** What a format's reader found in one file. */
export interface Reading {
  readonly content: EvidenceContent;
  readonly counts: EvidenceCounts | null;
  readonly tool: Tool | null;
  /** When the report says that it was made, RFC 3339 UTC. */
  readonly produced: string | null;
  /** Commits that the report itself names, each once. */
  readonly commits: readonly string[];
  readonly problem: EvidenceProblem | null;
}

/** Why a file of a known kind cannot be used. Thrown by readers, never past `readEvidence`. */
export class UnusableEvidence extends Error {
  readonly code: EvidenceProblem['code'];

  constructor(code: EvidenceProblem['code'], message: string) {
    super(message);
    this.name = 'UnusableEvidence';
    this.code = code;
  }
}

/** One kind of file: how it is known by its content, and how it is read. */
export type EvidenceFormat = JsonFormat | JsonLinesFormat | XmlFormat | TextFormat | BinaryFormat;

export interface JsonFormat {
  readonly syntax: 'json';
  readonly kind: EvidenceKind;
  /**
   * `whole` is false where only the beginning of the document was seen: containers that were open at its end are
   * closed there, so that what is missing may just not have been reached.
   */
  readonly looksLike: (value: unknown, whole: boolean) => boolean;
  readonly read: (value: unknown, limits: EvidenceLimits) => Reading;
  /** Reads a document that is too large to be parsed at once; the same reading as `read` gives. Throws `UnusableEvidence`. */
  readonly readLarge?: (document: LargeDocument, limits: EvidenceLimits) => Reading;
}

/** One JSON object a line. */
export interface JsonLinesFormat {
  readonly syntax: 'json-lines';
  readonly kind: EvidenceKind;
  /** Asked of the lines that the first 64 KiB hold whole. */
  readonly looksLike: (lines: readonly unknown[]) => boolean;
  readonly read: (lines: Iterable<JsonObject>, limits: EvidenceLimits) => Reading;
}

export interface XmlFormat {
  readonly syntax: 'xml';
  readonly kind: EvidenceKind;
  /** `head` is the beginning of the document, for roots whose name many tools use. */
  readonly looksLike: (root: string, attributes: Readonly<Record<string, string>>, head: string) => boolean;
  /** A reader of one document; `read` is asked for once the document has ended. */
  readonly start: (limits: EvidenceLimits) => XmlReader;
}

export interface XmlReader {
  readonly open: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly close: (name: string) => void;
  readonly text?: (text: string) => void;
  readonly read: () => Reading;
}

export interface TextFormat {
  readonly syntax: 'text';
  readonly kind: EvidenceKind;
  /** Asked of the first 64 KiB. */
  readonly looksLike: (head: string) => boolean;
  readonly read: (text: string, limits: EvidenceLimits, onDocument: DocumentSink) => Reading;
}

/** What is known by its first bytes and not read any further. */
export interface BinaryFormat {
  readonly syntax: 'binary';
  readonly kind: EvidenceKind;
  readonly looksLike: (head: Uint8Array) => boolean;
}

/** A reading that says nothing but what the file is. */
export const OPAQUE: Reading = { content: { type: 'opaque' }, counts: null, tool: null, produced: null, commits: [], problem: null };

const INSTANT = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d)(?::(\d\d)(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)$/;

/** A time that a report gives, as RFC 3339 UTC; one without a zone, or of a day that does not exist, names no instant and is null. */
export function instantOf(text: unknown): string | null {
  const [, date, minutes, seconds = '00', fraction = '', zone = ''] = INSTANT.exec(typeof text === 'string' ? text : '') ?? [];
  if (date === undefined || minutes === undefined) return null;
  const local = Date.parse(`${date}T${minutes}:${seconds}Z`);
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 16) !== `${date}T${minutes}`) return null;
  const time = Date.parse(`${date}T${minutes}:${seconds}${fraction.slice(0, 4)}${zone.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  return utcOf(time);
}

/** Milliseconds since 1970 as RFC 3339 UTC; null outside of the years 0 to 9999. */
export function utcOf(milliseconds: number): string | null {
  if (!Number.isFinite(milliseconds) || Math.abs(milliseconds) > 8.64e15) return null;
  const written = new Date(milliseconds).toISOString().replace('.000Z', 'Z');
  return /^\d{4}-/.test(written) ? written : null;
}

/** A count that a report gives: a whole number that is not negative, or null. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** A full commit id as a report spells it, in lower case; null where it is anything else. */
export function commitOf(value: unknown): string | null {
  const commit = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) ? commit : null;
}

/** The lines of a text, one at a time: a text of many lines is never held a second time. */
export function* linesOf(text: string): Generator<string> {
  for (let from = 0; from <= text.length; ) {
    const end = text.indexOf('\n', from);
    if (end === -1) {
      if (from < text.length) yield text.slice(from);
      return;
    }
    yield text.slice(from, text.charCodeAt(end - 1) === 0x0d && end > from ? end - 1 : end);
    from = end + 1;
  }
}
