/** One armored block (RFC 9580 §6.2): what its first line calls it, and its octets. */
export interface ArmoredBlock {
  readonly label: string;
  readonly bytes: Uint8Array;
}

const BEGIN = /^-----BEGIN PGP ([A-Z ,/0-9]+)-----[ \t\r]*$/;
const END = /^-----END PGP [A-Z ,/0-9]+-----[ \t\r]*$/;
const MAX_BLOCKS = 20_000;

/** Armored blocks of these labels among whatever text stands around them, and why those that are broken are. */
export function armoredBlocks(text: string, labels: readonly string[]): { readonly blocks: ArmoredBlock[]; readonly faults: string[] } {
  const blocks: ArmoredBlock[] = [];
  const faults: string[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length && blocks.length < MAX_BLOCKS; at += 1) {
    const label = BEGIN.exec(lines[at] ?? '')?.[1];
    if (label === undefined || !labels.includes(label)) continue;
    // Some who made it from octets left gpg's own words for any file in its last line.
    const end = lines.findIndex((line, index) => index > at && END.test(line));
    if (end === -1) {
      faults.push(`the block of line ${at + 1} has no end`);
      break;
    }
    const block = bytesOf(lines.slice(at + 1, end));
    if (typeof block === 'string') faults.push(`the block of line ${at + 1} ${block}`);
    else blocks.push({ label, bytes: block });
    at = end;
  }
  return { blocks, faults };
}

/** The octets between the headers and the end, or what is wrong with them. */
function bytesOf(lines: readonly string[]): Uint8Array | string {
  const empty = lines.findIndex((line) => line.trim() === '');
  // Old programs left the empty line out where there were no headers.
  const headers = empty === -1 ? [] : lines.slice(0, empty);
  const wrong = headers.find((line) => !/^[^:\s][^:]*:(?:\s|$)/.test(line));
  if (wrong !== undefined) return `has a line among its headers that is none: ${wrong.slice(0, 60).trim()}`;
  const body = lines.slice(empty + 1).map((line) => line.trim()).filter((line) => line !== '');
  const last = body.at(-1) ?? '';
  const checksum = /^=[A-Za-z0-9+/]{4}$/.test(last) ? last.slice(1) : null;
  const data = (checksum === null ? body : body.slice(0, -1)).join('');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(data)) return 'is not base64';
  const bytes = Buffer.from(data, 'base64');
  // §6.1 has it ignored or not; where it is there and wrong, something was changed.
  if (checksum !== null && crc24(bytes) !== Buffer.from(checksum, 'base64').readUIntBE(0, 3)) return 'has a checksum that is not its own';
  return bytes;
}

/** RFC 9580 §6.1.1. */
export function crc24(bytes: Uint8Array): number {
  let crc = 0xb704ce;
  for (const octet of bytes) {
    crc ^= octet << 16;
    for (let bit = 0; bit < 8; bit += 1) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return crc & 0xffffff;
}

/** A text that carries its own signature (RFC 9580 §7). */
export interface CleartextMessage {
  /** What was signed, as it is hashed: lines without their trailing space, ended by CRLF but the last. */
  readonly signed: Uint8Array;
  /** What a reader takes it for: lines unescaped and ended by LF. */
  readonly text: string;
  /** The armored signature that follows. */
  readonly signature: string;
}

/** The first cleartext message of a file; null where there is none, or its form is broken. */
export function cleartextMessage(file: string): CleartextMessage | null {
  const lines = file.split('\n');
  const begin = lines.findIndex((line) => line.trimEnd() === '-----BEGIN PGP SIGNED MESSAGE-----');
  if (begin === -1) return null;
  const blank = lines.findIndex((line, at) => at > begin && line.trim() === '');
  const end = lines.findIndex((line, at) => at > begin && line.trimEnd() === '-----BEGIN PGP SIGNATURE-----');
  if (blank === -1 || end === -1 || blank > end || !lines.slice(begin + 1, blank).every((line) => /^Hash: [A-Za-z0-9, -]+$/.test(line.trimEnd()))) return null;
  const body = lines.slice(blank + 1, end);
  // §7.2: a line that begins with a dash is always escaped.
  if (body.some((line) => line.startsWith('-') && !line.startsWith('- '))) return null;
  const plain = body.map((line) => (line.startsWith('- ') ? line.slice(2) : line));
  const trimmed = plain.map((line) => line.replace(/[ \t\r]+$/, ''));
  return { signed: Buffer.from(trimmed.join('\r\n'), 'utf8'), text: plain.map((line) => `${line.replace(/\r$/, '')}\n`).join(''), signature: lines.slice(end).join('\n') };
}
