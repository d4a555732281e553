import { AppError } from '../model/errors.ts';

/** Of the length before each entry. */
export const BUNDLE_PREFIX_BYTES = 2;

/** Entries one after another, each behind its length in two bytes (C2SP tlog-tiles, "Log Entries"). */
export function encodeBundle(entries: readonly Uint8Array[]): Buffer {
  const bundle = Buffer.allocUnsafe(entries.reduce((sum, { length }) => sum + BUNDLE_PREFIX_BYTES + length, 0));
  let at = 0;
  for (const entry of entries) {
    at = bundle.writeUInt16BE(entry.length, at);
    bundle.set(entry, at);
    at += entry.length;
  }
  return bundle;
}

/** Errors: `malformed` where the bytes are not exactly `count` entries. */
export function decodeBundle(bundle: Buffer, count: number): Buffer[] {
  const entries: Buffer[] = [];
  let at = 0;
  while (entries.length < count) {
    const start = at + BUNDLE_PREFIX_BYTES;
    if (start > bundle.length) throw cut(entries.length, count);
    at = start + bundle.readUInt16BE(at);
    if (at > bundle.length) throw cut(entries.length, count);
    entries.push(bundle.subarray(start, at));
  }
  if (at !== bundle.length) throw new AppError('malformed', `${bundle.length - at} bytes follow its last entry.`);
  return entries;
}

function cut(found: number, count: number): AppError {
  return new AppError('malformed', `It ends inside entry ${found} of ${count}.`);
}
