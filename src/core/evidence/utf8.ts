/** The beginning of a file as text. */
export interface HeadText {
  readonly text: string;
  /** Null for UTF-8; else why the file is not. Its text is then Latin-1, good enough to see what it begins like. */
  readonly fault: string | null;
}

/** Decodes the first bytes of a file; a character that the end cuts off is left out, a byte order mark too. */
export function headTextOf(head: Uint8Array): HeadText {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return { text: latin1(head), fault: 'it is UTF-16, not UTF-8' };
  const units: number[] = [];
  for (let at = startOf(head); at < head.length; ) {
    const [point, length] = pointAt(head, at);
    if (point === -1) return { text: latin1(head), fault: `it is not UTF-8: byte ${at + 1} is no character` };
    if (point === -2) break;
    if (point > 0xffff) units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
    else units.push(point);
    at += length;
  }
  return { text: joined(units), fault: null };
}

function startOf(head: Uint8Array): number {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}

/** The code point at a place and its length (RFC 3629 §3, §4); -1 where there is none, -2 where the end cuts it off. */
function pointAt(bytes: Uint8Array, at: number): readonly [point: number, length: number] {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return [first, 1];
  const length = first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (length === 0) return [-1, 0];
  let point = first & (0x7f >> length);
  for (let offset = 1; offset < length; offset += 1) {
    const byte = bytes[at + offset];
    if (byte === undefined) return [-2, 0];
    if ((byte & 0xc0) !== 0x80) return [-1, 0];
    point = (point << 6) | (byte & 0x3f);
  }
  const smallest = length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000;
  return point < smallest || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? [-1, 0] : [point, length];
}

function latin1(bytes: Uint8Array): string {
  return joined(Array.from(bytes));
}

function joined(units: readonly number[]): string {
  let text = '';
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < units.length; at += 4096) text += String.fromCharCode(...units.slice(at, at + 4096));
  return text;
}
