import { AppError } from '../model/errors.ts';
import { Origin } from '../model/primitives.ts';

/** What can be asked of an entry besides its words. */
export const SEARCH_FIELDS = ['type', 'version', 'origin', 'person', 'by', 'artifact', 'sha256', 'commit', 'before', 'after', 'is'] as const;
export type SearchField = (typeof SEARCH_FIELDS)[number];

/** Standings that can be asked for with `is:`. */
export const STANDINGS = ['imported', 'unproven', 'unwitnessed'] as const;

/** One condition; all of a query must hold. */
export interface SearchTerm {
  /** Null: its words stand anywhere in the record, one after the other. */
  readonly field: SearchField | null;
  /** Never empty; as the field spells it, such as a lower-case digest. */
  readonly value: string;
  /** It is only a beginning. */
  readonly prefix: boolean;
  /** It must not hold. */
  readonly negated: boolean;
}

export type SearchQuery = readonly SearchTerm[];

/** In characters; what is longer was not typed. */
export const MAX_QUERY = 1_000;
const MAX_TERMS = 32;

const SPACE = /\s/;
/** What makes a name in front of a colon a field, known or not. */
const FIELD = /^([A-Za-z][A-Za-z0-9_-]*):/;
const CONTROL = /(?![\t\n\r ])\p{Cc}|\p{Cs}/u;

/** `*`: only a beginning may be given. `digits`: hexadecimal, always a beginning. */
const READERS: Readonly<Record<SearchField, (value: string) => string | null>> = {
  type: (value) => matching(/^[a-z][a-z0-9_]{0,63}$/, value.toLowerCase().replaceAll('-', '_')),
  version: (value) => value.toLowerCase().replace(/^v(?=\d)/, ''),
  origin: (value) => (Origin.safeParse(value.toLowerCase()).success ? value.toLowerCase() : null),
  person: (value) => withWords(value),
  by: (value) => withWords(value),
  artifact: (value) => value,
  sha256: (value) => matching(/^[0-9a-f]{4,64}$/, value.toLowerCase()),
  commit: (value) => matching(/^[0-9a-f]{4,64}$/, value.toLowerCase()),
  before: (value) => hourOrDay(value),
  after: (value) => hourOrDay(value),
  is: (value) => STANDINGS.find((known) => known === value.toLowerCase()) ?? null,
};
const WANTED: Readonly<Record<SearchField, string>> = {
  type: 'a type of record, such as rollback or checklist_run',
  version: 'a version, such as v1.1',
  origin: 'the origin of a log or the beginning or last part of one, such as example.com/desk-2',
  person: 'a name', by: 'a name', artifact: 'the name of a file',
  sha256: 'at least four hexadecimal digits', commit: 'at least four hexadecimal digits',
  before: 'a day or an hour in UTC, such as 2026-03-01 or 2026-03-01T14', after: 'a day or an hour in UTC, such as 2026-03-01 or 2026-03-01T14',
  is: STANDINGS.join(', '),
};
/** Where `*` says something. */
const BEGINNINGS: ReadonlySet<SearchField | null> = new Set([null, 'type', 'person', 'by', 'artifact']);

/**
 * Reads what somebody typed: words that must all be there, `begin*`, `"a phrase"`, `field:value`, and `-` before any of
 * them. Nothing typed asks for every entry. Errors: `bad-input`, with the place in `details.at`, counted from 1.
 */
export function parseSearch(text: string): SearchQuery {
  if (text.length > MAX_QUERY) throw wrong(MAX_QUERY, `A search has at most ${MAX_QUERY} characters; this has ${text.length}.`);
  const control = CONTROL.exec(text);
  if (control !== null) throw wrong(control.index, 'This character cannot be searched for.');
  const terms: SearchTerm[] = [];
  for (let at = spacesEnd(text, 0); at < text.length; at = spacesEnd(text, at)) {
    const { term, end } = readTerm(text, at);
    if (terms.length === MAX_TERMS) throw wrong(at, `A search has at most ${MAX_TERMS} conditions.`);
    terms.push(term);
    at = end;
  }
  return terms;
}

/** The one spelling of a query; read again it is the same query. */
export function printSearch(query: SearchQuery): string {
  return query.map(({ field, value, prefix, negated }) => {
    // Digits are always a beginning.
    const star = prefix && BEGINNINGS.has(field) ? '*' : '';
    return `${negated ? '-' : ''}${field === null ? '' : `${field}:`}${isPlain(value, field) ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`}${star}`;
  }).join(' ');
}

function readTerm(text: string, start: number): { readonly term: SearchTerm; readonly end: number } {
  const negated = text[start] === '-';
  let at = negated ? start + 1 : start;
  if (at >= text.length || SPACE.test(text[at] as string)) throw wrong(start, 'A "-" stands right before what must not be there.');
  if (text[at] === '-') throw wrong(at, 'Two "-" say nothing; an option of the command goes before the query.');
  const [named, name] = FIELD.exec(text.slice(at, at + 64)) ?? [];
  const field = name === undefined ? null : SEARCH_FIELDS.find((known) => known === name.toLowerCase());
  if (field === undefined) {
    throw wrong(at, `There is no field "${name ?? ''}".`, `Fields are ${SEARCH_FIELDS.join(', ')}. What holds a colon itself goes in quotes.`);
  }
  at += named?.length ?? 0;
  const { value, prefix, end } = text[at] === '"' ? readQuoted(text, at) : readWord(text, at);
  if (end < text.length && !SPACE.test(text[end] as string)) throw wrong(end, 'After closing quotes comes a space, or "*".');
  return { term: { field, value: checked(field, value, prefix, at), prefix: prefix || field === 'sha256' || field === 'commit', negated }, end };
}

function checked(field: SearchField | null, value: string, prefix: boolean, at: number): string {
  if (prefix && !BEGINNINGS.has(field)) throw wrong(at, `"*" says nothing after ${field ?? ''}:.`);
  if (field === null) {
    if (withWords(value) === null) throw wrong(at, 'There is no letter or digit here to search for.');
    return value;
  }
  const read = value === '' ? null : READERS[field](value);
  if (read === null || read === '') throw wrong(at, `${field}: wants ${WANTED[field]}.`);
  return read;
}

function readWord(text: string, start: number): { readonly value: string; readonly prefix: boolean; readonly end: number } {
  let end = start;
  while (end < text.length && !SPACE.test(text[end] as string)) {
    if (text[end] === '"') throw wrong(end, 'Quotes stand around the whole of what they hold.');
    if (text[end] === '*' && end + 1 < text.length && !SPACE.test(text[end + 1] as string)) throw wrong(end, 'A "*" stands only at the end.');
    end += 1;
  }
  const prefix = end > start && text[end - 1] === '*';
  return { value: text.slice(start, prefix ? end - 1 : end), prefix, end };
}

function readQuoted(text: string, start: number): { readonly value: string; readonly prefix: boolean; readonly end: number } {
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '"') {
      const prefix = text[at + 1] === '*';
      return { value, prefix, end: prefix ? at + 2 : at + 1 };
    }
    // A backslash stands before a quote or a backslash that is meant; before anything else it is itself.
    if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at += 1;
    value += text[at] as string;
  }
  throw wrong(start, 'These quotes are not closed.');
}

function isPlain(value: string, field: SearchField | null): boolean {
  if (/[\s"*\\]/.test(value) || value.startsWith('-')) return false;
  return field !== null || !FIELD.test(value);
}

function withWords(value: string): string | null {
  return /[\p{L}\p{N}]/u.test(value) ? value : null;
}

function matching(pattern: RegExp, value: string): string | null {
  return pattern.test(value) ? value : null;
}

/** `2026-03-01` or `2026-03-01T14`; a "Z" and minutes of zero may stand behind. */
function hourOrDay(value: string): string | null {
  const [, day, hour] = /^(\d{4}-\d\d-\d\d)(?:T([01]\d|2[0-3])(?::00)?Z?)?$/i.exec(value) ?? [];
  if (day === undefined) return null;
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) return null;
  return hour === undefined ? day : `${day}T${hour}`;
}

function spacesEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && SPACE.test(text[at] as string)) at += 1;
  return at;
}

function wrong(at: number, message: string, hint = `Words, begin*, "a phrase", and ${SEARCH_FIELDS.map((field) => `${field}:`).join(' ')}; "-" before what must not be there.`): AppError {
  return new AppError('bad-input', `Character ${at + 1} of the search: ${message}`, { hint, details: { at: at + 1 } });
}
