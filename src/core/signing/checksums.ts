/** One line of a coreutils checksum file. */
export interface ChecksumLine {
  readonly sha256: string;
  readonly name: string;
}

/**
 * Writes a checksum line as `sha256sum` does: two spaces, and a leading backslash where the name holds a
 * backslash, a newline or a carriage return, which are then escaped (coreutils manual, "md5sum invocation").
 */
export function formatChecksum({ sha256, name }: ChecksumLine): string {
  const escaped = name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${escaped === name ? '' : '\\'}${sha256}  ${escaped}\n`;
}

/**
 * Reads a checksum file as `sha256sum -c` does: text and binary markers, escaped names, `--tag` lines.
 * A line that is none of these makes the whole file unreadable (null): half a checksum file proves nothing.
 */
export function parseChecksums(text: string): ChecksumLine[] | null {
  if (text === '' || !text.endsWith('\n')) return null;
  const lines: ChecksumLine[] = [];
  for (const line of text.slice(0, -1).split('\n')) {
    const read = parseLine(line);
    if (read === null) return null;
    lines.push(read);
  }
  return lines;
}

function parseLine(line: string): ChecksumLine | null {
  const escaped = line.startsWith('\\');
  const body = escaped ? line.slice(1) : line;
  const plain = /^([0-9a-fA-F]{64}) [ *](.+)$/s.exec(body);
  const tagged = /^SHA256 \((.+)\) = ([0-9a-fA-F]{64})$/s.exec(body);
  const [sha256, name] = plain !== null ? [plain[1], plain[2]] : tagged !== null ? [tagged[2], tagged[1]] : [undefined, undefined];
  if (sha256 === undefined || name === undefined) return null;
  return { sha256: sha256.toLowerCase(), name: escaped ? unescapeName(name) : name };
}

function unescapeName(name: string): string {
  return name.replaceAll(/\\([\\nr])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter === 'r' ? '\r' : '\\'));
}
