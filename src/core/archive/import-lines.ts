import { z } from 'zod';
import { AttachmentRef, EntryRef, GenesisRecord, MAX_ENTRY_BYTES, PersonalSignature } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import { prepareRecord } from './entry.ts';
import type { PreparedRecord } from './entry.ts';
import { warningsOf } from './warnings.ts';

/** Bytes of a line: an entry of 65,535 bytes is at most six times as long where every character of it is escaped. */
export const MAX_LINE_BYTES = 6 * MAX_ENTRY_BYTES;

/** Gives an attachment that a line names: by its file alone, or with its digest already. Errors: `bad-input`, `malformed`. */
export type Attach = (named: string | AttachmentRef) => AttachmentRef;

const NO_FOLDER: Attach = (named) => {
  if (typeof named !== 'string') return named;
  throw new AppError('malformed', `attachments: it names the file ${JSON.stringify(named)}, and no folder of attachments was given.`, { hint: 'Name the folder of the files: --attachments FOLDER.' });
};

/** A line that brings more than its record. */
const Wrapped = z.strictObject({
  record: z.record(z.string(), z.unknown()),
  refs: z.array(EntryRef).max(256).optional(),
  attachments: z.array(z.union([AttachmentRef, z.string()], { error: 'an attachment is the name of a file, or {name, size, sha256}' })).max(256).optional(),
  signatures: z.array(PersonalSignature).max(16).optional(),
});

/**
 * Reads records made elsewhere, one JSON object a line, and marks each `imported` (FORMATS §4). Each is prepared as its
 * turn comes, so that the caller takes back what it wrote where a later line is refused. Errors: `malformed`,
 * `too-large`, `too-deep`, each naming file and line.
 */
export function* prepareImport(lines: Iterable<string>, file: string, attach: Attach = NO_FOLDER): Generator<PreparedRecord> {
  let at = 0;
  let found = 0;
  for (const read of lines) {
    at += 1;
    // Some editors begin a file with a byte order mark.
    const line = at === 1 ? read.replace(/^\ufeff/, '') : read;
    if (line.trim() === '') continue;
    found += 1;
    yield atPlace(file, at, () => prepareImported(parseObject(line), `${file}:${at}`, attach));
  }
  if (found === 0) throw new AppError('malformed', `${file} holds no record.`, { hint: 'Write one JSON object a line.', details: { path: file } });
}

/** Reads one record of a named type out of a whole file, with attachments beside those that it names. Errors: `malformed`, `too-large`, `too-deep`. */
export function prepareImportedRecord(event: string, text: string, file: string, more: readonly AttachmentRef[] = []): PreparedRecord {
  return atPlace(file, null, () => {
    const value = parseObject(text);
    const inner = isWrapped(value) ? (value['record'] as Record<string, unknown>) : value;
    if (inner['event_type'] !== event) {
      throw new AppError('malformed', `The record is of the type ${JSON.stringify(inner['event_type'] ?? null)}, not "${event}".`, {
        hint: `Set "event_type" to "${event}", or record it under its own type.`,
      });
    }
    return prepareImported(value, file, NO_FOLDER, more);
  });
}

function prepareImported(value: Record<string, unknown>, place: string, attach: Attach, more: readonly AttachmentRef[] = []): PreparedRecord {
  const wrapped = isWrapped(value);
  const { refs = [], attachments: named = [], signatures = [] } = wrapped ? parse(Wrapped, value) : {};
  if (signatures.length > 0 && more.length > 0) throw new AppError('malformed', 'It carries a personal signature, which covers its attachments, so that none can be added.', { hint: 'Name them in the record and sign it again.' });
  const attachments = [...named.map(attach), ...more];
  checkOnce(attachments);
  // The record as parsed from the file, not zod's copy, so that nothing in it is dropped.
  const raw = (wrapped ? value['record'] : value) as Record<string, unknown>;
  const given = parse(GenesisRecord, raw);
  if (signatures.length > 0 && given.imported !== true) {
    throw new AppError('malformed', 'It carries a personal signature, but its record does not say "imported": true.', {
      hint: 'The signature covers the record, so that it cannot be marked afterwards: set "imported": true in the record and sign it again.',
    });
  }
  const record = { ...raw, imported: true } as unknown as GenesisRecord;
  return prepareRecord({ record, refs, attachments, signatures }, warningsOf(record), place);
}

/** An attachment is asked for by its name. Error: `malformed`. */
export function checkOnce(attachments: readonly AttachmentRef[]): void {
  const names = attachments.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new AppError('malformed', `attachments: two of them are called ${JSON.stringify(twice)}.`, { hint: 'Give each its own name.' });
}

function isWrapped(value: Record<string, unknown>): boolean {
  return !Object.hasOwn(value, 'event_type') && typeof value['record'] === 'object' && value['record'] !== null && !Array.isArray(value['record']);
}

function parseObject(text: string): Record<string, unknown> {
  if (text.length > MAX_LINE_BYTES) throw new AppError('too-large', `This is ${text.length} characters long; no entry can be.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('malformed', 'This is not JSON.', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AppError('malformed', 'This is not a JSON object.');
  return value as Record<string, unknown>;
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new AppError('malformed', `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'is not of the form of a record'}`);
}

function atPlace<Value>(file: string, line: number | null, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    const place = line === null ? file : `${file}:${line}`;
    throw new AppError(cause.code, `${place}: ${cause.message}`, {
      ...(cause.hint === null ? {} : { hint: cause.hint }), details: { ...cause.details, path: file, ...(line === null ? {} : { line }) }, cause,
    });
  }
}
