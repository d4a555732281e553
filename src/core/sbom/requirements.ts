/** One pinned requirement (PEP 508 with `==`). */
export interface Requirement {
  /** The name in its normal form (PEP 503). */
  readonly name: string;
  readonly version: string;
  readonly hashes: readonly { readonly algorithm: string; readonly value: string }[];
}

const PINNED = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*={2,3}\s*([^\s;,*]+)\s*(?:;.*)?$/;

/**
 * Reads `requirements.txt` as pip does: comments, continuation lines, hashes, markers. What is not pinned to one
 * version is left out and told with its line, because what is not pinned is not known.
 */
export function readRequirements(text: string, path: string): { readonly requirements: readonly Requirement[]; readonly skipped: readonly string[] } {
  const requirements: Requirement[] = [];
  const skipped: string[] = [];
  for (const { number, words } of logicalLines(text)) {
    const hashes = [...words.matchAll(/--hash[=\s]([a-z0-9]{1,20}):([0-9a-f]{1,128})\b/gi)].map(([, algorithm = '', value = '']) => ({ algorithm: algorithm.toLowerCase(), value: value.toLowerCase() }));
    const [, name, version] = PINNED.exec(words.replaceAll(/\s--?[a-z-]+(?:[=\s]\s*\S+)?/gi, '').trim()) ?? [];
    if (name !== undefined && version !== undefined) requirements.push({ name: name.toLowerCase().replaceAll(/[-_.]+/g, '-'), version, hashes });
    else skipped.push(`${path}:${number}: ${words.startsWith('-') ? 'an option' : 'not pinned to one version'}: ${withoutSecrets(words.slice(0, 200))}`);
  }
  return { requirements, skipped };
}

/** Lines with what a backslash joins to them; a comment ends a line and never goes on (pip, "Requirements File Format"). */
function* logicalLines(text: string): Generator<{ readonly number: number; readonly words: string }> {
  let pending: string[] = [];
  let startedAt = 0;
  const lines = text.split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    if (pending.length === 0) startedAt = index + 1;
    const goesOn = line.endsWith('\\') && !/^\s*#/.test(line) && index + 1 < lines.length;
    pending.push(goesOn || line.endsWith('\\') ? line.slice(0, -1) : line);
    if (goesOn) continue;
    const words = pending.join(' ').replace(/(?:^|\s)#.*$/, '').trim();
    pending = [];
    if (words !== '') yield { number: startedAt, words };
  }
}

function withoutSecrets(words: string): string {
  return words.replaceAll(/:\/\/[^/\s@]*@/g, '://');
}
