import { Entry, EVENT_TYPE, MAX_BOOT, MAX_ENTRY_BYTES, MAX_EVENT_TYPE as MAX_TYPE } from '../model/archive.ts';
import type { EntryRef, GenesisRecord } from '../model/archive.ts';
import { isUtcTime } from '../model/primitives.ts';
import { listingColumns, parseCanonical, readEntry } from './entry.ts';
import type { ListingColumns } from './entry.ts';

/** What a check of an entry in its place needs to know of it. */
export interface EntryOutline {
  readonly v: unknown;
  readonly origin: unknown;
  readonly seq: unknown;
  readonly time: unknown;
  readonly refs: readonly EntryRef[];
  readonly columns: ListingColumns;
}

/** Deeper entries are parsed the long way, which has a limit of its own. */
const MAX_QUICK_DEPTH = 16;
/** So many digits are a number that JavaScript holds exactly and writes as it was written. */
const MAX_QUICK_DIGITS = 15;

/** Members of an object whose values are kept while it is looked over. */
interface Wanted {
  readonly names: readonly string[];
  readonly values: Record<string, unknown>;
  /** The same for the object that the member "record" is. */
  readonly record: Wanted | null;
  /** How many members it has besides. */
  others: number;
}

const ENTRY_NAMES = ['v', 'seq', 'time', 'refs', 'origin', 'record'];
const ALL_ENTRY_NAMES = [...ENTRY_NAMES, 'boot', 'attachments', 'signatures'];
const RECORD_NAMES = ['event_type', 'release_version', 'from_version', 'imported'];

const NOT_SEEN = -1;
const WORDS = ['true', 'false', 'null'];
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Bytes that stand for themselves in a text of canonical JSON: printable ASCII but quote and backslash. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x20 && byte <= 0x7e && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0));

/**
 * Reads what an entry says of itself, and proves that its bytes are canonical. Nearly every entry is plain ASCII with
 * small whole numbers, of which a look at each byte proves as much as parsing and writing it again would; the others
 * are parsed. Errors: `malformed`, `too-deep`, `too-large`, as of `parseCanonical`; null for what is no entry at all.
 */
export function outlineEntry(bytes: Buffer): EntryOutline | null {
  return quickOutline(bytes) ?? outlineOf(parseCanonical(bytes));
}

/** The outline of an entry by its parsed value; null where it is none. */
export function outlineOf(value: unknown): EntryOutline | null {
  if (!isObject(value) || !isObject(value['record']) || typeof value['record']['event_type'] !== 'string') return null;
  const { v, origin, seq, time, refs } = value;
  // Nearly no entry refers to another, and to ask the schema takes longer than all else here.
  if (!isNothing(refs) && !Entry.shape.refs.safeParse(refs).success) return null;
  return { v, origin, seq, time, refs: refs as EntryRef[], columns: listingColumns(value['record'] as GenesisRecord) };
}

/** The outline of an entry whose bytes are certainly canonical; null where that, or that it is an entry, is not seen at a glance. */
export function quickOutline(bytes: Buffer): EntryOutline | null {
  if (bytes.length > MAX_ENTRY_BYTES || bytes[0] !== OPEN_OBJECT) return null;
  const entry = lookedOver(bytes, ENTRY_NAMES);
  return entry === null ? null : outlineOf(entry.values);
}

/**
 * The outline of an entry that is certainly canonical, at its place, and of the schema of entries (FORMATS §4); null
 * where that is not seen at a glance, as of one with references, attachments or signatures.
 */
export function quickEntry(bytes: Buffer, place: { readonly origin: string; readonly seq: number }): EntryOutline & { readonly time: string } | null {
  if (bytes.length > MAX_ENTRY_BYTES || bytes[0] !== OPEN_OBJECT) return null;
  const entry = lookedOver(bytes, ALL_ENTRY_NAMES);
  if (entry === null || entry.others > 0 || entry.record === null) return null;
  const { v, origin, seq, time, boot, refs, attachments, signatures } = entry.values;
  const { event_type: type, imported } = entry.record.values;
  const placed = v === 1 && origin === place.origin && seq === place.seq;
  const plain = isNothing(refs) && isNothing(attachments) && isNothing(signatures) && typeof boot === 'string' && boot !== '' && boot.length <= MAX_BOOT;
  const typed = typeof type === 'string' && type.length <= MAX_TYPE && EVENT_TYPE.test(type) && (imported === undefined || typeof imported === 'boolean');
  if (!placed || !plain || !typed || typeof time !== 'string' || !isUtcTime(time)) return null;
  return { v, origin, seq, time, refs: [], columns: listingColumns(entry.record.values as unknown as GenesisRecord) };
}

/** What of an entry that came from elsewhere a list shows and others point at. */
export interface ReadOutline {
  readonly columns: ListingColumns;
  readonly refs: readonly EntryRef[];
  readonly time: string;
}

/** Checks an entry that came from elsewhere, as `readEntry` does, most of them at a glance. Errors: those of `readEntry`. */
export function readOutline(bytes: Buffer, place: { readonly origin: string; readonly seq: number }): ReadOutline {
  const quick = quickEntry(bytes, place);
  if (quick !== null) return { columns: quick.columns, refs: quick.refs, time: quick.time };
  const { record, refs, time } = readEntry(bytes, place);
  return { columns: listingColumns(record), refs, time };
}

function lookedOver(bytes: Buffer, names: readonly string[]): Wanted | null {
  const record: Wanted = { names: RECORD_NAMES, values: {}, record: null, others: 0 };
  const entry: Wanted = { names, values: {}, record, others: 0 };
  return objectEnd(bytes, 0, bytes.toString('latin1'), 1, entry) === bytes.length ? entry : null;
}

/** Where a canonical value ends that starts here; NOT_SEEN where it is not, or is not seen to be, canonical. */
function valueEnd(bytes: Buffer, start: number, text: string, depth: number, wanted: Wanted | null): number {
  const first = bytes[start] as number;
  if (first === QUOTE) return stringEnd(bytes, start);
  if (first === OPEN_OBJECT) return objectEnd(bytes, start, text, depth + 1, wanted);
  if (first === OPEN_LIST) return listEnd(bytes, start, text, depth + 1);
  if (first === MINUS || (first >= ZERO && first <= NINE)) return wholeNumberEnd(bytes, start);
  for (const word of WORDS) if (text.startsWith(word, start)) return start + word.length;
  return NOT_SEEN;
}

function objectEnd(bytes: Buffer, start: number, text: string, depth: number, wanted: Wanted | null): number {
  if (depth > MAX_QUICK_DEPTH) return NOT_SEEN;
  if (bytes[start + 1] === CLOSE_OBJECT) return start + 2;
  let before = NOT_SEEN;
  for (let name = start + 1; bytes[name] === QUOTE;) {
    const nameEnd = stringEnd(bytes, name);
    if (nameEnd === NOT_SEEN || bytes[nameEnd] !== COLON || (before !== NOT_SEEN && !isBefore(bytes, before, name))) return NOT_SEEN;
    const value = nameEnd + 1;
    const kept = wanted === null ? undefined : nameAmong(wanted.names, text, name + 1, nameEnd - 1);
    const inner = kept === 'record' && bytes[value] === OPEN_OBJECT ? (wanted as Wanted).record : null;
    const end = valueEnd(bytes, value, text, depth, inner);
    if (end === NOT_SEEN) return NOT_SEEN;
    if (kept !== undefined) (wanted as Wanted).values[kept] = inner === null ? valueOf(text.slice(value, end)) : inner.values;
    else if (wanted !== null) wanted.others += 1;
    if (bytes[end] === CLOSE_OBJECT) return end + 1;
    if (bytes[end] !== COMMA) return NOT_SEEN;
    before = name;
    name = end + 1;
  }
  return NOT_SEEN;
}

function nameAmong(names: readonly string[], text: string, start: number, end: number): string | undefined {
  for (const name of names) if (name.length === end - start && text.startsWith(name, start)) return name;
  return undefined;
}

function listEnd(bytes: Buffer, start: number, text: string, depth: number): number {
  if (depth > MAX_QUICK_DEPTH) return NOT_SEEN;
  if (bytes[start + 1] === CLOSE_LIST) return start + 2;
  for (let item = start + 1;;) {
    const end = valueEnd(bytes, item, text, depth, null);
    if (end === NOT_SEEN) return NOT_SEEN;
    if (bytes[end] === CLOSE_LIST) return end + 1;
    if (bytes[end] !== COMMA) return NOT_SEEN;
    item = end + 1;
  }
}

function stringEnd(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (PLAIN[bytes[at] as number] === 1) at += 1;
  return bytes[at] === QUOTE ? at + 1 : NOT_SEEN;
}

function wholeNumberEnd(bytes: Buffer, start: number): number {
  const digits = bytes[start] === MINUS ? start + 1 : start;
  let at = digits;
  for (let byte = bytes[at] as number; byte >= ZERO && byte <= NINE; byte = bytes[at] as number) at += 1;
  // A leading zero stands alone and without a minus. What follows is looked at by the caller: neither a point nor an
  // exponent is a comma or a bracket.
  if (at === digits || at - digits > MAX_QUICK_DIGITS || (bytes[digits] === ZERO && at - start > 1)) return NOT_SEEN;
  return at;
}

/** Whether one name in quotes comes before another (RFC 8785 §3.2.3); no name comes before itself. */
function isBefore(bytes: Buffer, one: number, other: number): boolean {
  for (let at = 1;; at += 1) {
    const [here, there] = [bytes[one + at] as number, bytes[other + at] as number];
    if (here !== there) return here === QUOTE || (there !== QUOTE && here < there);
    if (here === QUOTE) return false;
  }
}

/** The value of a JSON text that was looked over, so that a text in quotes has no escapes. */
function valueOf(text: string): unknown {
  return text.charCodeAt(0) === QUOTE ? text.slice(1, -1) : JSON.parse(text);
}

function isNothing(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
