import { z } from 'zod';

/** SHA-256 as 64 lower-case hexadecimal digits. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 lower-case hexadecimal digits');

/** A full git object name: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits. */
export const CommitId = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'a commit is named by its full hexadecimal object name');

/** A full OpenPGP fingerprint, upper case: 40 digits (v4) or 64 (v6). */
export const Fingerprint = z
  .string()
  .regex(/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/, 'a key is named by its full upper-case fingerprint');

const UTC_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** An instant in UTC, RFC 3339 with `Z`; a date that does not exist is refused. */
export const UtcTime = z
  .string()
  .regex(UTC_TIME, 'a time is RFC 3339 in UTC, such as 2026-01-31T12:00:00Z')
  .refine(isRealInstant, 'this date or time does not exist');

/** A calendar date, `YYYY-MM-DD`. */
export const CalendarDate = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, 'a date is YYYY-MM-DD')
  .refine((date) => isRealInstant(`${date}T00:00:00Z`), 'this date does not exist');

/** A release's name: semantic version 2.0.0, with or without a leading `v`. */
export const ReleaseVersion = z
  .string()
  .max(128)
  .regex(
    /^v?(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/,
    'a release is named by a semantic version, such as v1.1.0',
  );

/** A path inside a folder, with `/`: never absolute, never with a `..`, `.` or empty part. */
export const RelativePath = z
  .string()
  .min(1)
  .max(4096)
  .refine(
    (path) => !path.includes('\0') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'a path stays inside its folder: no leading "/", no "..", "." or empty part',
  );

/** Origin of a log (FORMATS §1): it becomes a path, so it has no empty or `..` part. */
export const Origin = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[a-z0-9.-]+(?:\/[a-z0-9-]+)*$/, 'an origin is lower-case words joined by "/", such as example.com/console-1')
  .refine((origin) => origin.split('/').every((part) => !/^\.+$/.test(part)), 'an origin has no "." or ".." part');

/** Position of an entry in its log, from 0. */
export const Sequence = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Bytes of a file. */
export const ByteSize = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What a release is (FORMATS §1); a release can be several at once. */
export const ReleaseType = z.enum(['major', 'minor', 'patch', 'security', 'emergency']);
export type ReleaseType = z.infer<typeof ReleaseType>;

/** Whether a text is what `UtcTime` takes, for whoever reads very many. */
export function isUtcTime(text: string): boolean {
  return UTC_TIME.test(text) && isRealInstant(text);
}

/** By the calendar, without a Date: archives ask it of very many entries. A leap second is refused, as Date refuses it. */
function isRealInstant(text: string): boolean {
  const number = (start: number, end: number): number => Number(text.slice(start, end));
  const [year, month, day] = [number(0, 4), number(5, 7), number(8, 10)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
  return number(11, 13) < 24 && number(14, 16) < 60 && number(17, 19) < 60;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
