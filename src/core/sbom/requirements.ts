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
  let pending = '';
  let startedAt = 0;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (pending === '') startedAt = index + 1;
    if (/\\\s*$/.test(raw)) {
      pending += `${raw.replace(/\\\s*$/, '')} `;
      continue;
    }
    const line = `${pending}${raw}`.replace(/(^|\s)#.*$/, '').trim();
    pending = '';
    if (line === '') continue;
    const hashes = [...line.matchAll(/--hash[=\s]([a-z0-9]+):([0-9a-f]+)/g)].map(([, algorithm = '', value = '']) => ({ algorithm, value }));
    const match = PINNED.exec(line.replaceAll(/\s--[a-z-]+(?:[=\s]\S+)?/g, '').trim());
    if (match === null) skipped.push(`${path}:${startedAt}: ${line.startsWith('-') ? 'an option' : 'not pinned to one version'}: ${line.slice(0, 120)}`);
    else requirements.push({ name: (match[1] ?? '').toLowerCase().replaceAll(/[-_.]+/g, '-'), version: match[2] ?? '', hashes });
  }
  return { requirements, skipped };
}
