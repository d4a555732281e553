import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256 over the RFC 8785 form of a JSON value, in hexadecimal. */
export function digestOf(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('This value has no JSON form');
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** SHA-256 of bytes, in hexadecimal. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
