import type { EvidenceFile, EvidenceItem, EvidenceKind, EvidenceLimits } from '../model/evidence.ts';
import { isArtifact, isBinarySignature } from './artifact-magic.ts';
import { OPAQUE, UnusableEvidence, type JsonFormat, type Reading } from './format.ts';
import { parseJson, shapeOf, shapeOfHead } from './json.ts';
import { jsonFormats, textFormats, xmlFormats } from './registry.ts';
import { readXml, rootOf } from './xml.ts';

/** One file, read as far as its size allows. */
export interface RawFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** The first 64 KiB at most. */
  readonly head: Uint8Array;
  /** The first 64 KiB as text; null where they are not UTF-8. */
  readonly headText: string | null;
  /** The whole file as UTF-8 without its byte order mark; null where it is not UTF-8 or larger than every limit. */
  readonly text: string | null;
}

/**
 * Says what a file is by its content, never by its name, and what it says. Never throws: a file that is not known is
 * `unrecognised`, one that is known and cannot be used carries a problem with its place (FORMATS §2).
 */
export function readEvidence(raw: RawFile, limits: EvidenceLimits): EvidenceItem {
  if (raw.headText === null) {
    if (isBinarySignature(raw.head)) return item(raw, 'signature', OPAQUE);
    if (isArtifact(raw.head)) return item(raw, 'artifact', OPAQUE);
    return unrecognised(raw, 'not-utf8', 'it is neither text in UTF-8 nor an archive or program that is known');
  }
  if (isArtifact(raw.head) && !/^\s*[<{[]/.test(raw.headText)) return item(raw, 'artifact', OPAQUE);
  if (raw.size === 0) return unrecognised(raw, 'unrecognised', 'it is empty');
  if (/^\s*[{[]/.test(raw.headText)) return readJsonFile(raw, limits);
  if (/^\s*</.test(raw.headText)) return readXmlFile(raw, limits);
  const format = textFormats.find(({ looksLike }) => looksLike(raw.text ?? raw.headText ?? ''));
  if (format === undefined) return unrecognised(raw, 'unrecognised', 'it is text of no known form');
  return attempt(raw, format.kind, limits, (text) => format.read(text, limits));
}

function readJsonFile(raw: RawFile, limits: EvidenceLimits): EvidenceItem {
  const byHead = (): JsonFormat | undefined => {
    const shape = shapeOfHead(raw.headText ?? '');
    return shape === null ? undefined : jsonFormats.find(({ looksLike }) => looksLike(shape));
  };
  if (raw.text === null) {
    const guess = byHead();
    if (guess === undefined) return unrecognised(raw, raw.size > limits.bytes.default ? 'too-large' : 'not-utf8', unreadWhole(raw, limits));
    return attempt(raw, guess.kind, limits, () => OPAQUE);
  }
  let value: unknown;
  try {
    const guess = byHead();
    if (guess !== undefined) assertSize(raw, guess.kind, limits);
    value = parseJson(raw.text, limits.depth);
  } catch (cause) {
    const kind = byHead()?.kind ?? 'unrecognised';
    return unusable(raw, kind, cause);
  }
  const shape = shapeOf(value);
  const format = shape === null ? undefined : jsonFormats.find(({ looksLike, confirm }) => looksLike(shape) && confirm?.(value) !== false);
  if (format === undefined) {
    const empty = Array.isArray(value) && value.length === 0;
    return unrecognised(raw, 'unrecognised', empty ? 'an empty JSON list could be of any tool' : 'it is JSON of no known form');
  }
  return attempt(raw, format.kind, limits, () => format.read(value, limits));
}

function readXmlFile(raw: RawFile, limits: EvidenceLimits): EvidenceItem {
  const root = rootOf(raw.headText ?? '');
  const format = root === null ? undefined : xmlFormats.find(({ looksLike }) => looksLike(root.name, root.attributes));
  if (format === undefined) {
    if (/<!DOCTYPE[^>]*\[/i.test(raw.headText ?? '') && /<!ENTITY/i.test(raw.headText ?? '')) {
      return unrecognised(raw, 'entity-declared', 'its document type declares entities, which a report has no need of');
    }
    return unrecognised(raw, 'unrecognised', root === null ? 'it begins like markup and has no root element' : `it is XML of no known form (<${root.name.slice(0, 60)}>)`);
  }
  return attempt(raw, format.kind, limits, (text) => readXml(text, format, limits));
}

function attempt(raw: RawFile, kind: EvidenceKind, limits: EvidenceLimits, read: (text: string) => Reading): EvidenceItem {
  try {
    assertSize(raw, kind, limits);
    if (raw.text === null) throw new UnusableEvidence('not-utf8', unreadWhole(raw, limits));
    return item(raw, kind, read(raw.text));
  } catch (cause) {
    return unusable(raw, kind, cause);
  }
}

function assertSize(raw: RawFile, kind: EvidenceKind, limits: EvidenceLimits): void {
  const limit = limits.bytes[kind] ?? limits.bytes.default;
  if (raw.size > limit) throw new UnusableEvidence('too-large', `it is ${raw.size} bytes; the policy has ${limit} of this kind read`);
}

function unreadWhole(raw: RawFile, limits: EvidenceLimits): string {
  return raw.size > limits.bytes.default ? `it is ${raw.size} bytes; the policy has ${limits.bytes.default} read` : 'it is not UTF-8 throughout';
}

function item(raw: RawFile, kind: EvidenceKind, reading: Reading): EvidenceItem {
  const [commit, ...others] = reading.commits;
  const disagreeing = others.length > 0;
  const file: EvidenceFile = {
    path: raw.path, sha256: raw.sha256, size: raw.size, kind, tool: reading.tool, produced: reading.produced, counts: reading.counts,
    binding: commit === undefined || disagreeing ? 'none' : 'in-report',
    problem: disagreeing ? { code: 'binding-disagrees', message: `the report names ${reading.commits.length} different commits` } : reading.problem,
  };
  return { file, commit: disagreeing ? null : (commit ?? null), content: reading.content };
}

function unusable(raw: RawFile, kind: EvidenceKind, cause: unknown): EvidenceItem {
  if (!(cause instanceof UnusableEvidence)) {
    // A fault of a reader is told as such: it says nothing about the report.
    return withProblem(raw, kind, 'unreadable', `its reader failed: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  return withProblem(raw, kind, cause.code, cause.message);
}

function unrecognised(raw: RawFile, code: 'unrecognised' | 'not-utf8' | 'too-large' | 'entity-declared', message: string): EvidenceItem {
  return withProblem(raw, 'unrecognised', code, message);
}

function withProblem(raw: RawFile, kind: EvidenceKind, code: UnusableEvidence['code'], message: string): EvidenceItem {
  const read = item(raw, kind, OPAQUE);
  return { ...read, file: { ...read.file, problem: { code, message } } };
}
