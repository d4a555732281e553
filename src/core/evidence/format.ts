import type { EvidenceContent, EvidenceCounts, EvidenceKind, EvidenceLimits, EvidenceProblem, Tool } from '../model/evidence.ts';

/** What a format's reader found in one file. */
export interface Reading {
  readonly content: EvidenceContent;
  readonly counts: EvidenceCounts | null;
  readonly tool: Tool | null;
  /** When the report says that it was made, RFC 3339 UTC. */
  readonly produced: string | null;
  /** Commits that the report itself names. */
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

/**
 * The outline of a JSON document, as far as it is known: of a whole document exactly, of the head of one that is
 * too large or cut short as much as was seen.
 */
export interface JsonShape {
  readonly root: 'object' | 'array';
  /** Keys of the root object. */
  readonly keys: ReadonlySet<string>;
  /** Keys of the first object inside the root. */
  readonly inner: ReadonlySet<string>;
}

export interface JsonFormat {
  readonly kind: EvidenceKind;
  readonly looksLike: (shape: JsonShape) => boolean;
  /** A closer look at a whole document whose outline fits. */
  readonly confirm?: (value: unknown) => boolean;
  readonly read: (value: unknown, limits: EvidenceLimits) => Reading;
}

export interface XmlFormat {
  readonly kind: EvidenceKind;
  readonly looksLike: (root: string, attributes: Readonly<Record<string, string>>) => boolean;
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
  readonly kind: EvidenceKind;
  readonly looksLike: (text: string) => boolean;
  readonly read: (text: string, limits: EvidenceLimits) => Reading;
}

/** A reading that says nothing but what the file is. */
export const OPAQUE: Reading = { content: { type: 'opaque' }, counts: null, tool: null, produced: null, commits: [], problem: null };

/** A time that a report gives, as RFC 3339 UTC; one without a zone names no instant and is null. */
export function instantOf(text: unknown): string | null {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return null;
  const time = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(time) ? null : new Date(time).toISOString().replace('.000Z', 'Z');
}

/** The largest count that is believed; more than this is not a number of anything. */
const MAX_COUNT = Number.MAX_SAFE_INTEGER;

/** A count that a report gives: a whole number that is not negative, or null. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_COUNT ? value : null;
}
