import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { Entry, GenesisRecord, MAX_ENTRY_BYTES } from '../model/archive.ts';
import type { AttachmentRef, EntryRef, PersonalSignature } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import { canonicalJson, isCanonicalJson } from './canonical-json.ts';
import { sha256 } from './tree.ts';
import type { TreeHash } from './tree.ts';

/** What a list shows and filters by, taken from the record once. */
export interface ListingColumns {
  readonly event_type: string;
  /** `release_version`, or `from_version` where a record has only that (policy §11.3). */
  readonly release: string | null;
  readonly imported: boolean;
}

/** A record ready to be appended: checked and serialised, all but its place in the log. */
export interface PreparedRecord {
  readonly columns: ListingColumns;
  readonly refs: readonly EntryRef[];
  readonly warnings: readonly string[];
  /** Where it was read, such as `file:line`; null where this console composed it. */
  readonly place: string | null;
  readonly json: { readonly record: string; readonly refs: string; readonly attachments: string; readonly signatures: string };
}

/** An entry as it is kept: exact bytes and leaf hash. */
export interface SealedEntry {
  readonly bytes: Buffer;
  readonly leaf: TreeHash;
}

/** What goes with a record into its entry (FORMATS §4). */
export interface RecordParts {
  readonly record: GenesisRecord;
  readonly refs?: readonly EntryRef[];
  readonly attachments?: readonly AttachmentRef[];
  readonly signatures?: readonly PersonalSignature[];
}

const NOTHING: readonly never[] = [];

/** The fields that every record has; the others are not copied for nothing. */
const NamedFields = z.object(GenesisRecord.shape);

/** Checks and serialises a record. Errors: `malformed`, `too-deep`, `too-large`. */
export function prepareRecord({ record, refs = NOTHING, attachments = NOTHING, signatures = NOTHING }: RecordParts, warnings: readonly string[], place: string | null = null): PreparedRecord {
  check(NamedFields.safeParse(record));
  if (refs.length > 0) check(Entry.shape.refs.safeParse(refs));
  if (attachments.length > 0) check(Entry.shape.attachments.safeParse(attachments));
  if (signatures.length > 0) check(Entry.shape.signatures.safeParse(signatures));
  // The record stands one level deep in its entry.
  const json = { record: canonicalJson(record, 1), refs: listJson(refs), attachments: listJson(attachments), signatures: listJson(signatures) };
  if (json.record.length > MAX_ENTRY_BYTES) throw tooLarge(json.record.length);
  return { columns: listingColumns(record), refs, warnings, place, json };
}

function listJson(list: readonly unknown[]): string {
  return list.length === 0 ? '[]' : canonicalJson(list, 1);
}

/** Puts one record in its place in a log (FORMATS §4). Errors: `too-large`. */
export function sealEntry(place: { readonly origin: string; readonly seq: number; readonly time: string; readonly boot: string }, prepared: PreparedRecord): SealedEntry {
  const { bytes, leaf } = entrySealer(place)(place.seq, prepared);
  return { bytes: Buffer.from(bytes), leaf };
}

/**
 * Puts records that are appended at one time in their places in a log (FORMATS §4). The members of an entry are
 * written in RFC 8785 order around parts that are canonical already, so that nothing is serialised twice. The bytes of
 * an entry are good until the next is sealed. Errors of the sealer: `too-large`.
 */
export function entrySealer({ origin, time, boot }: { readonly origin: string; readonly time: string; readonly boot: string }): (seq: number, prepared: PreparedRecord) => SealedEntry {
  const start = `,"boot":${JSON.stringify(boot)},"origin":${JSON.stringify(origin)},"record":`;
  const end = `,"time":${JSON.stringify(time)},"v":1}`;
  // The leading zero byte is the leaf prefix of RFC 6962 §2.1; one buffer serves the hash and the entry, and all of
  // them in turn. Room for one character more than an entry may have shows that it is too long.
  const prefixed = Buffer.alloc(1 + MAX_ENTRY_BYTES + 4);
  return (seq, { json }) => {
    const text = `{"attachments":${json.attachments}${start}${json.record},"refs":${json.refs},"seq":${seq},"signatures":${json.signatures}${end}`;
    const length = prefixed.write(text, 1);
    if (length > MAX_ENTRY_BYTES) throw tooLarge(Buffer.byteLength(text));
    return { bytes: prefixed.subarray(1, 1 + length), leaf: sha256(prefixed.subarray(0, 1 + length)) };
  };
}

/**
 * Reads the bytes of an entry that came from elsewhere: exactly canonical, of the schema, and at its place.
 * Errors: `malformed`, `too-deep`, `too-large`.
 */
export function readEntry(bytes: Uint8Array, place: { readonly origin: string; readonly seq: number }): Entry {
  const value = parseCanonical(bytes);
  const entry = check(Entry.safeParse(value));
  if (entry.origin !== place.origin || entry.seq !== place.seq) {
    throw new AppError('malformed', `It says that it is ${entry.origin}#${entry.seq}.`);
  }
  for (const ref of entry.refs) {
    if (ref.origin === place.origin && ref.seq >= place.seq) throw new AppError('malformed', `It refers to ${ref.origin}#${ref.seq}, which does not come before it.`);
  }
  // The parsed copy could differ from what was signed in what zod leaves out; the checked value itself is returned.
  return value as Entry;
}

/** Parses JSON that must be its own RFC 8785 serialisation. Errors: `malformed`, `too-deep`, `too-large`. */
export function parseCanonical(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_ENTRY_BYTES) throw tooLarge(bytes.length);
  if (!isUtf8(bytes)) throw new AppError('malformed', 'It is not UTF-8.');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('malformed', 'It is not JSON.', { cause });
  }
  if (!isCanonicalJson(value, text)) throw new AppError('malformed', 'It is not in canonical form (RFC 8785).');
  return value;
}

export function listingColumns(record: GenesisRecord): ListingColumns {
  const named = record['release_version'] ?? record['from_version'];
  return { event_type: record.event_type, release: typeof named === 'string' ? named : null, imported: record.imported === true };
}

type Checked<Value> =
  | { readonly success: true; readonly data: Value }
  | { readonly success: false; readonly error: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] } };

function check<Value>(result: Checked<Value>): Value {
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue?.path.map(String).join('.') ?? '';
  throw new AppError('malformed', `${place === '' ? '' : `${place}: `}${issue?.message ?? 'It is not of the form of an entry.'}`);
}

function tooLarge(size: number): AppError {
  return new AppError('too-large', `An entry is at most ${MAX_ENTRY_BYTES} bytes; this would be ${size}.`, {
    hint: 'Keep what is large as a file and record its SHA-256.', details: { size, limit: MAX_ENTRY_BYTES },
  });
}
