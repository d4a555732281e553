import { AppError } from '../model/errors.ts';

/** Beside the logs, never inside one: no part of an origin can be called so. */
export const BLOB_FOLDER = 'blob/sha256';

/** `blob/sha256/HEX` as an export has it, or with the first two digits as a folder, which FAT needs where there are many. */
const BLOB = /^blob\/sha256\/(?:([0-9a-f]{2})\/)?([0-9a-f]{64})$/;

/** Where a data folder and a shared folder keep the bytes of an attachment: FAT holds some ten thousand long names in a folder. */
export function blobPath(sha256: string): string {
  return `${BLOB_FOLDER}/${sha256.slice(0, 2)}/${sha256}`;
}

/** Where an export has them. */
export function exportedBlobPath(sha256: string): string {
  return `${BLOB_FOLDER}/${sha256}`;
}

/** The digest that a path names; null where it is no path of an attachment. */
export function blobOf(path: string): string | null {
  const [, folder, sha256 = ''] = BLOB.exec(path) ?? [];
  return sha256 === '' || (folder !== undefined && !sha256.startsWith(folder)) ? null : sha256;
}

/** The name under which a file is attached. Error: `bad-input`. */
export function checkAttachmentName(name: string): string {
  if (name !== '' && name !== '.' && name !== '..' && name.length <= 255 && name.isWellFormed() && !/[/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) return name;
  throw new AppError('bad-input', `${JSON.stringify(name)} cannot be the name of an attachment.`, { hint: 'A name has no folder and no control characters in it, and at most 255 characters.' });
}
