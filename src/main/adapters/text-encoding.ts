/** Encodings that an XML declaration may name (XML 1.0 §4.3.3) and that give every byte a character. */
const SINGLE_BYTE = /^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["'](?:iso-8859-1|latin-?1|windows-1252|cp1252)["']/i;

/**
 * A report's bytes as UTF-8: what begins with the byte order mark of UTF-16, as some shells write what a program
 * prints, and XML that declares one of the Western single-byte encodings are written anew. Anything else, and UTF-16
 * that is broken, comes back as it is, for strict reading.
 */
export function asUtf8(bytes: Buffer): Buffer {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return rewritten(bytes, 'utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return rewritten(bytes, 'utf-16be');
  if (SINGLE_BYTE.test(bytes.toString('latin1', 0, 512)) && strictText(bytes) === null) return rewritten(bytes, 'windows-1252');
  return bytes;
}

function rewritten(bytes: Buffer, encoding: string): Buffer {
  try {
    return Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(bytes), 'utf8');
  } catch {
    return bytes;
  }
}

/** Strict UTF-8 without its byte order mark; null for anything else. */
export function strictText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
