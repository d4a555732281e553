import { mkdir, open, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { inflateRawSync, inflateSync } from 'node:zlib';
import { AppError } from '../../../core/model/errors.ts';
import { OpenPgpFault } from '../../../core/openpgp/fault.ts';
import { readSignedMessage, type SignedMessage } from '../../../core/openpgp/signed-message.ts';
import { MAX_PAYLOAD_BYTES } from '../../../core/signing/image-payload.ts';
import { writeText } from '../text-files.ts';

const MAX_SIGNATURE_BYTES = 256 * 1024;

/** A container signature as it lies in a file; `unreadable` says why it is none. Errors: `not-found`, `bad-input`. */
export async function readSignatureMessage(path: string): Promise<{ readonly message: SignedMessage; readonly unreadable: null } | { readonly message: null; readonly unreadable: string }> {
  const full = resolve(path);
  const file = await open(full, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError(cause.code === 'ENOENT' ? 'not-found' : 'environment', `The signature ${full} could not be read: ${cause.message}`, { details: { path: full }, cause });
  });
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new AppError('bad-input', `The signature ${full} is not a file.`, { details: { path: full } });
    if (found.size > MAX_SIGNATURE_BYTES) return { message: null, unreadable: `it is more than ${MAX_SIGNATURE_BYTES} bytes` };
    return { message: messageOf(await file.readFile()), unreadable: null };
  } catch (cause) {
    if (!(cause instanceof OpenPgpFault)) throw cause;
    return { message: null, unreadable: cause.message };
  } finally {
    await file.close();
  }
}

/** Throws `OpenPgpFault`. */
export function messageOf(bytes: Uint8Array): SignedMessage {
  return readSignedMessage(bytes, (algorithm, data) => {
    try {
      // A few bytes can come to gigabytes; no container signature comes to more than this.
      const options = { maxOutputLength: MAX_PAYLOAD_BYTES + MAX_SIGNATURE_BYTES };
      return algorithm === 'zip' ? inflateRawSync(data, options) : inflateSync(data, options);
    } catch {
      throw new OpenPgpFault('malformed', 'its compressed data is broken, or too large when expanded');
    }
  });
}

/**
 * Writes a signature and its manifest. A folder (one that is there, or a name that ends in `/`) becomes a lookaside
 * store of containers/image: `REPOSITORY@sha256=HEX/signature-N`; anything else is the file itself, with
 * `FILE.manifest.json` beside it. Nothing is written over. Errors: `already-exists`, `environment`.
 */
export async function writeSignature(
  out: string, image: { readonly repository: string; readonly digest: string; readonly manifest: Uint8Array; readonly signature: Uint8Array },
): Promise<{ readonly signature: { path: string; sha256: string }; readonly manifest: { path: string; sha256: string } }> {
  const full = resolve(out);
  const isFolder = /[/\\]$/.test(out) || (await stat(full).then((found) => found.isDirectory(), () => false));
  const folder = isFolder ? join(full, ...`${image.repository}@${image.digest.replace(':', '=')}`.split('/')) : dirname(full);
  await mkdir(folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('environment', `${folder} could not be made: ${cause.message}`, { details: { path: folder }, cause });
  });
  const place = isFolder ? join(folder, await nextName(folder)) : full;
  const manifest = isFolder ? join(folder, 'manifest.json') : `${full}.manifest.json`;
  if (await isThere(place)) throw new AppError('already-exists', `${place} is already there, so nothing is written over it.`, { hint: 'Name another file, or a folder.', details: { path: place } });
  const written = { manifest: await writeText(manifest, image.manifest), signature: await writeText(place, image.signature) };
  return written;
}

/** Readers ask for signature-1 and the next until there is none, so that they must follow each other. */
async function nextName(folder: string): Promise<string> {
  for (let at = 1; at <= 128; at += 1) if (!(await isThere(join(folder, `signature-${at}`)))) return `signature-${at}`;
  throw new AppError('too-large', `${folder} holds 128 signatures already.`, { details: { path: basename(folder) } });
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}
