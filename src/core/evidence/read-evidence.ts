import type { EvidenceFile, EvidenceItem, EvidenceKind, EvidenceLimits, EvidenceProblem } from '../model/evidence.ts';
import { linesOf, OPAQUE, UnusableEvidence, type DocumentSink, type JsonFormat, type Reading } from './format.ts';
import { isObject, parseHead, parseJson, type JsonObject } from './json.ts';
import type { LargeDocument } from './large-json.ts';
import { binaryFormats, jsonFormats, jsonLinesFormats, textFormats, xmlFormats } from './registry.ts';
import { headTextOf, type HeadText } from './utf8.ts';
import { readXml, rootOf } from './xml.ts';

/** One file, read as far as its size allows. */
export interface RawFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** The first 64 KiB at most. */
  readonly head: Uint8Array;
  /** The whole file as strict UTF-8 without its byte order mark; null where it is not UTF-8 or larger than every limit. */
  readonly text: string | null;
  /** The same bytes, for readers that take a large document apart; null where there is no text, or it is not large. */
  readonly large?: LargeDocument | null;
}

/** The most that is looked at to say what a file is. */
const SNIFFED = 64 * 1024;
const LINES_SNIFFED = 100;

/**
 * Says what a file is by its content, never by its name, and what it says. Never throws: a file that is not known is
 * `unrecognised`, one that is known and cannot be used carries a problem with its place (FORMATS §2).
 */
export function readEvidence(raw: RawFile, limits: EvidenceLimits, onDocument: DocumentSink = () => undefined): EvidenceItem {
  try {
    return recognise(raw, limits, onDocument);
  } catch (cause) {
    return unusable(raw, 'unrecognised', cause);
  }
}

function recognise(raw: RawFile, limits: EvidenceLimits, onDocument: DocumentSink): EvidenceItem {
  if (raw.size === 0) return unrecognised(raw, 'it is empty');
  const binary = binaryFormats.find(({ looksLike }) => looksLike(raw.head));
  if (binary !== undefined) return item(raw, binary.kind, OPAQUE);
  const head = headTextOf(raw.head.subarray(0, SNIFFED));
  const begin = /^\s*([{[<]?)/.exec(head.text)?.[1];
  if (begin === '{' || begin === '[') return readJsonFile(raw, head, limits, onDocument);
  if (begin === '<') return readXmlFile(raw, head, limits);
  const format = textFormats.find(({ looksLike }) => looksLike(head.text));
  if (format !== undefined) return attempt(raw, head, format.kind, limits, (text) => format.read(text, limits, onDocument));
  if (head.fault !== null) return withProblem(raw, 'unrecognised', 'not-utf8', `${head.fault}, and no archive or program that is known`);
  return unrecognised(raw, head.text.trim() === '' ? 'there is nothing in it but space' : 'it is text of no known form');
}

function readJsonFile(raw: RawFile, head: HeadText, limits: EvidenceLimits, onDocument: DocumentSink): EvidenceItem {
  const lines = jsonLinesOf(head.text);
  const lineFormat = lines.length < 2 ? undefined : jsonLinesFormats.find(({ looksLike }) => looksLike(lines));
  if (lineFormat !== undefined) return attempt(raw, head, lineFormat.kind, limits, (text) => lineFormat.read(parsedLines(text, limits), limits));
  const beginning = parseHead(head.text);
  const guess = jsonFormats.find(({ looksLike }) => looksLike(beginning, false));
  const { large = null } = raw;
  if (guess?.readLarge !== undefined && large !== null) {
    const { kind, readLarge } = guess;
    return within(raw, kind, limits, () => readLarge(large, limits));
  }
  return attempt(raw, head, guess?.kind ?? 'unrecognised', limits, (text) => {
    const value = parsed(text, guess, limits);
    onDocument(value);
    const format = jsonFormats.find(({ looksLike }) => looksLike(value, true));
    if (format !== undefined) return attempt(raw, head, format.kind, limits, () => format.read(value, limits));
    return unrecognised(raw, Array.isArray(value) && value.length === 0 ? 'an empty JSON list could be of any tool' : 'it is JSON of no known form');
  });
}

/** The JSON objects of the lines that a beginning holds whole; none where a line is something else. */
function jsonLinesOf(head: string): unknown[] {
  const lines = head.split('\n').map((line) => line.trim());
  // The last line may be cut off; where it is whole it is an object too.
  const last = lines.pop() ?? '';
  if (isWhole(last)) lines.push(last);
  const objects: unknown[] = [];
  for (const line of lines.slice(0, LINES_SNIFFED)) {
    if (line === '') continue;
    if (!line.startsWith('{') || !isWhole(line)) return [];
    objects.push(JSON.parse(line));
  }
  return objects;
}

function* parsedLines(text: string, limits: EvidenceLimits): Generator<JsonObject> {
  let number = 0;
  for (const line of linesOf(text)) {
    number += 1;
    if (line.trim() === '') continue;
    const value = lineValue(line, number, limits);
    if (!isObject(value)) throw new UnusableEvidence('malformed', `line ${number} is not a JSON object`);
    yield value;
  }
}

function lineValue(line: string, number: number, limits: EvidenceLimits): unknown {
  try {
    return parseJson(line, limits.depth);
  } catch (cause) {
    if (cause instanceof UnusableEvidence) throw new UnusableEvidence(cause.code, `line ${number}: ${cause.message}`);
    throw cause;
  }
}

function parsed(text: string, guess: JsonFormat | undefined, limits: EvidenceLimits): unknown {
  try {
    return parseJson(text, limits.depth);
  } catch (cause) {
    const firstLine = text.slice(0, Math.min(SNIFFED, Math.max(0, text.indexOf('\n')))).trim();
    if (guess === undefined && firstLine.length > 1 && isWhole(firstLine)) throw new UnusableEvidence('unrecognised', 'it is several JSON documents, one a line, of no known form');
    throw cause;
  }
}

function isWhole(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

function readXmlFile(raw: RawFile, head: HeadText, limits: EvidenceLimits): EvidenceItem {
  const root = rootOf(head.text);
  const format = root === null ? undefined : xmlFormats.find(({ looksLike }) => looksLike(root.name, root.attributes, head.text));
  if (format !== undefined) return attempt(raw, head, format.kind, limits, (text) => readXml(text, format, limits));
  if (root?.declares === true) return withProblem(raw, 'unrecognised', 'entity-declared', 'its document type declares entities, which a report has no need of');
  return unrecognised(raw, root === null ? 'it begins like markup and shows no root element' : `it is XML of no known form, <${root.name.slice(0, 60)}>`);
}

/** Reads a file of a known kind within its limit; what stops that becomes the item's problem. */
function attempt(raw: RawFile, head: HeadText, kind: EvidenceKind, limits: EvidenceLimits, read: (text: string) => Reading | EvidenceItem): EvidenceItem {
  return within(raw, kind, limits, () => {
    if (raw.text === null) throw new UnusableEvidence('not-utf8', head.fault ?? 'it is not UTF-8 throughout');
    return read(raw.text);
  });
}

function within(raw: RawFile, kind: EvidenceKind, limits: EvidenceLimits, read: () => Reading | EvidenceItem): EvidenceItem {
  try {
    const limit = limits.bytes[kind] ?? limits.bytes.default;
    if (raw.size > limit) throw new UnusableEvidence('too-large', `it is ${raw.size} bytes; the policy has ${limit} read`);
    const result = read();
    return 'file' in result ? result : item(raw, kind, result);
  } catch (cause) {
    return unusable(raw, kind, cause);
  }
}

function item(raw: RawFile, kind: EvidenceKind, reading: Reading): EvidenceItem {
  const { content, tool, counts } = detached({ content: reading.content, tool: reading.tool, counts: reading.counts });
  const [commit, ...others] = reading.commits;
  const disagreeing = others.length > 0;
  const file: EvidenceFile = {
    path: raw.path, sha256: raw.sha256, size: raw.size, kind, tool, produced: reading.produced, counts,
    binding: commit === undefined || disagreeing ? 'none' : 'in-report',
    problem: disagreeing
      ? { code: 'binding-disagrees', message: `the report names ${reading.commits.length} commits: ${reading.commits.slice(0, 3).map((id) => id.slice(0, 12)).join(', ')}` }
      : reading.problem,
  };
  return { file, commit: disagreeing ? null : (commit ?? null), content };
}

/**
 * A copy that shares nothing with the text it was read from: engines keep a piece of a string as a view of the whole,
 * so that one name out of a report would hold all of its megabytes.
 */
function detached<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

function unusable(raw: RawFile, kind: EvidenceKind, cause: unknown): EvidenceItem {
  if (cause instanceof UnusableEvidence) return withProblem(raw, kind, cause.code, cause.message);
  // A fault of a reader is told as such: it says nothing about the report.
  return withProblem(raw, kind, 'unreadable', `its reader failed: ${(cause instanceof Error ? cause.message : String(cause)).slice(0, 200)}`);
}

function unrecognised(raw: RawFile, why: string): EvidenceItem {
  return withProblem(raw, 'unrecognised', 'unrecognised', why);
}

function withProblem(raw: RawFile, kind: EvidenceKind, code: EvidenceProblem['code'], message: string): EvidenceItem {
  const read = item(raw, kind, OPAQUE);
  return { ...read, file: { ...read.file, problem: { code, message } } };
}
