import { personNeeded } from './person.ts';

/** What an entry is found by, as a full-text index takes it in: words as they were written, and facts as one word each. */
export interface SearchTerms {
  readonly words: string;
  /** Whom the record names as having done it. */
  readonly by: string;
  /** Other people whom it names, and the keys that signed it personally. */
  readonly person: string;
  readonly facts: string;
}

/** Digests are kept by so many of their digits; the bytes of an entry tell about the others. */
const DIGEST_DIGITS = 16;
/** A longer name is found by its beginning. */
const MAX_NAME = 255;
/** No entry that was taken in is deeper (see canonical-json.ts). */
const MAX_DEPTH = 64;
/** Runs of digits that nobody reads as a word. */
const LONG_HEX = /^(?:[0-9a-f]{40}|[0-9a-f]{64}|[0-9A-F]{40}|[0-9A-F]{64})$/;

/**
 * One word a fact, of lower-case letters and digits only, so that no tokenizer parts it and nothing that a record says
 * can be taken for the fact of another kind. A value is spelled so that its beginning is the beginning of its word.
 */
export const fact = {
  any: 'e',
  imported: 'i',
  /** It is somebody's word, and needs a person's proof. */
  personNeeded: 'n',
  /** It carries personal signatures; whether they prove anybody is judged when it is asked. */
  signed: 's',
  log: (id: number): string => `l${id}`,
  type: (name: string): string => `t${spelled(name)}`,
  version: (version: string): string => `v${spelled(version)}`,
  artifact: (name: string): string => `a${spelled(name.toLowerCase().slice(0, MAX_NAME))}`,
  commit: (digits: string): string => `c${digits.slice(0, DIGEST_DIGITS)}`,
  digest: (digits: string): string => `h${digits.slice(0, DIGEST_DIGITS)}`,
  year: (time: string): string => `y${time.slice(0, 4)}`,
  month: (time: string): string => `m${time.slice(0, 4)}${time.slice(5, 7)}`,
  day: (time: string): string => `d${time.slice(0, 4)}${time.slice(5, 7)}${time.slice(8, 10)}`,
  hour: (time: string): string => `q${time.slice(0, 4)}${time.slice(5, 7)}${time.slice(8, 10)}${time.slice(11, 13)}`,
} as const;

/** A version without its "v", then each part of it that a dot, hyphen or plus ends: `1`, `1.1`, `1.1.0`, `1.1.0-rc`, `1.1.0-rc.1`. */
export function versionPrefixes(version: string): string[] {
  const plain = plainVersion(version).slice(0, MAX_NAME);
  const ends = [...plain.matchAll(/[.+-]/g)].map(({ index }) => plain.slice(0, index));
  return [...new Set([...ends.filter((part) => part !== ''), plain])];
}

/** As versions are compared: `V1.1` and `1.1` are one. */
export function plainVersion(version: string): string {
  return version.toLowerCase().replace(/^v(?=\d)/, '');
}

/** What an entry is found by, of its bytes; where they were damaged, only by what is known beside them. */
export function searchTerms(bytes: Buffer, known: { readonly log: number; readonly time: string; readonly event_type: string; readonly imported: boolean }): SearchTerms {
  const found: Found = { words: [known.event_type.replaceAll('_', ' ')], by: [], person: [], facts: new Set([fact.any, fact.log(known.log), fact.type(known.event_type)]) };
  for (const span of [fact.year, fact.month, fact.day, fact.hour]) found.facts.add(span(known.time));
  if (known.imported) found.facts.add(fact.imported);
  if (personNeeded(known.event_type)) found.facts.add(fact.personNeeded);
  const { record, attachments, signatures } = parsed(bytes);
  if (isObject(record)) for (const [name, value] of Object.entries(record)) if (name !== 'event_type') collect(found, name, value, 0);
  for (const attachment of listed(attachments)) {
    if (typeof attachment['name'] === 'string') found.facts.add(fact.artifact(attachment['name']));
    collect(found, '', attachment, 0);
  }
  for (const { fingerprint } of listed(signatures)) if (typeof fingerprint === 'string') found.person.push(fingerprint, fingerprint.slice(-16), fingerprint.slice(-8));
  if (listed(signatures).length > 0) found.facts.add(fact.signed);
  return { words: found.words.join('\n'), by: found.by.join('\n'), person: found.person.join('\n'), facts: [...found.facts].join(' ') };
}

/** What was checked before it was kept, and may have been damaged since. */
function parsed(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listed(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

interface Found {
  readonly words: string[];
  readonly by: string[];
  readonly person: string[];
  readonly facts: Set<string>;
}

const VERSIONS: ReadonlySet<string> = new Set(['release_version', 'from_version', 'to_version']);
const ACTORS: ReadonlySet<string> = new Set(['approver', 'user', 'author', 'actor']);
const OTHER_PEOPLE: ReadonlySet<string> = new Set(['witness', 'owner', 'holder', 'person', 'people', 'approvers', 'reviewers', 'asker']);

/** `name` is that of the member that holds the value, or the list that it stands in. */
function collect(found: Found, name: string, value: unknown, depth: number): void {
  if (typeof value === 'string') text(found, name, value);
  else if (typeof value === 'number') found.words.push(String(value));
  else if (depth > MAX_DEPTH) return;
  else if (Array.isArray(value)) for (const item of value as unknown[]) collect(found, name, item, depth + 1);
  else if (typeof value === 'object' && value !== null) {
    const artifacts = name.endsWith('_sha256');
    for (const [inner, member] of Object.entries(value)) {
      // Names inside are mostly names of something: a check, an artifact. Those of a record itself are the policy's own.
      found.words.push(inner.replaceAll('_', ' '));
      if (artifacts) found.facts.add(fact.artifact(inner));
      collect(found, inner, member, depth + 1);
    }
  }
}

function text(found: Found, name: string, value: string): void {
  if (LONG_HEX.test(value)) {
    const digits = value.toLowerCase();
    if (name.endsWith('commit')) found.facts.add(fact.commit(digits));
    else found.facts.add(fact.digest(digits));
    // A key is told by the end of its fingerprint.
    if (name.includes('fingerprint')) found.words.push(digits.slice(-16), digits.slice(-8));
    return;
  }
  found.words.push(value);
  if (VERSIONS.has(name)) for (const part of versionPrefixes(value)) found.facts.add(fact.version(part));
  if (name === 'release_artifacts') found.facts.add(fact.artifact(value));
  if (name.endsWith('_by') || ACTORS.has(name)) found.by.push(value);
  else if (OTHER_PEOPLE.has(name)) found.person.push(value);
}

/** `x` begins what is no letter or digit, and itself. */
function spelled(value: string): string {
  return /^[a-wyz0-9]*$/.test(value) ? value : Array.from(Buffer.from(value.toLowerCase()), (byte) => {
    const letter = String.fromCharCode(byte);
    return /[a-wyz0-9]/.test(letter) ? letter : `x${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}
