/**
 * Decodes standard base64 (RFC 4648 §4), null for whatever is not its one canonical spelling: missing or surplus
 * padding, padding bits that are not zero, other alphabets, white space. Node's own decoder takes all of these,
 * so that a changed byte could go unseen.
 */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
