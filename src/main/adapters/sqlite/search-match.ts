import { fact, plainVersion } from '../../../core/archive/search-terms.ts';
import type { SearchQuery, SearchTerm } from '../../../core/archive/search-query.ts';
import { periodOf } from '../../../core/archive/timeline.ts';

/** What a full-text expression needs to know of the archive. */
export interface Places {
  readonly logs: readonly { readonly id: number; readonly origin: string }[];
  /** The hours since 1970 of the first and the last entry. */
  readonly span: { readonly first: number; readonly last: number };
}

const HOUR = 3_600_000;
/** Fewer digits are as likely a word. */
const HEX_WORD = /^[0-9a-f]{7,64}$/i;
/** So many digits of a digest are in the index. */
export const INDEXED_DIGITS = 16;

/**
 * The full-text expression (SQLite FTS5 §3) for what the index can tell; null where nothing can answer. What was typed
 * stands in it only between quotes that are doubled in it, or spelled in letters and digits. `is:unproven`,
 * `is:unwitnessed` and the last digits of a digest are for the caller.
 */
export function matchExpression(query: SearchQuery, places: Places, more: readonly string[] = []): string | null {
  const wanted: string[] = [...more];
  const unwanted: string[] = [];
  for (const term of query) {
    const expression = expressionOf(term, places);
    if (expression === undefined) continue;
    if (expression === null) {
      if (!term.negated) return null;
    } else (term.negated ? unwanted : wanted).push(expression);
  }
  const period = expressionOfPeriod(query, places.span);
  if (period === null) return null;
  if (period !== undefined) wanted.push(period);
  if (wanted.length === 0) wanted.push(factual([fact.any]));
  return [`(${wanted.join(' AND ')})`, ...unwanted.map((expression) => `(${expression})`)].join(' NOT ');
}

/** Entries that need a person's proof, and those that carry something that may be one. */
export const PERSON_NEEDED = factual([fact.personNeeded]);
export const SIGNED = factual([fact.signed]);

/** Entries of any of some logs. */
export function ofLogs(ids: readonly number[]): string {
  return factual(ids.map((id) => fact.log(id)));
}

/** Undefined where it is no matter of the index; null where nothing answers. */
function expressionOf(term: SearchTerm, { logs }: Places): string | null | undefined {
  const { field, value, prefix, negated } = term;
  switch (field) {
    case null:
      return words(value, prefix);
    case 'by':
      return `by : ${quoted(value)}${prefix ? ' *' : ''}`;
    case 'person':
      return `{by person} : ${quoted(value)}${prefix ? ' *' : ''}`;
    case 'type':
      return factual([fact.type(value)], prefix);
    case 'version':
      return factual([fact.version(plainVersion(value))]);
    case 'artifact':
      return factual([fact.artifact(value)], prefix);
    case 'sha256':
      return digits(fact.digest, value, negated);
    case 'commit':
      return digits(fact.commit, value, negated);
    case 'origin': {
      const ids = logs.filter(({ origin }) => origin === value || origin.startsWith(`${value}/`) || origin.endsWith(`/${value}`)).map(({ id }) => id);
      return ids.length === 0 ? null : ofLogs(ids);
    }
    case 'is':
      if (value === 'imported') return factual([fact.imported]);
      // Nothing else can be unproven; whether it is, the index does not know.
      return value === 'unproven' && !negated ? PERSON_NEEDED : undefined;
    case 'before':
    case 'after':
      return undefined;
  }
}

/** A run of hexadecimal digits is the beginning of a digest or a commit as well. */
function words(value: string, prefix: boolean): string {
  const plain = `{words person} : ${quoted(value)}${prefix ? ' *' : ''}`;
  if (!HEX_WORD.test(value)) return plain;
  const beginning = value.toLowerCase();
  return `(${plain} OR ${factual([fact.digest(beginning)], beginning.length < INDEXED_DIGITS)} OR ${factual([fact.commit(beginning)], beginning.length < INDEXED_DIGITS)})`;
}

/** Where all digits count, the index alone cannot say that they do not stand there. */
function digits(factOf: (digits: string) => string, value: string, negated: boolean): string | undefined {
  if (negated && value.length > INDEXED_DIGITS) return undefined;
  return factual([factOf(value)], value.length < INDEXED_DIGITS);
}

/** Facts are letters and digits only; any of them will do. */
function factual(facts: readonly string[], prefix = false): string {
  const [only] = facts;
  const any = facts.map((one) => `"${one}"${prefix ? ' *' : ''}`).join(' OR ');
  return `facts : ${facts.length === 1 && only !== undefined ? any : `(${any})`}`;
}

/** A string of FTS5 §3.1, in which nothing has a meaning of its own. */
function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

/** Whole years, months, days and hours that a period consists of; undefined where a query names none. */
function expressionOfPeriod(query: SearchQuery, span: Places['span']): string | null | undefined {
  const period = periodOf(query);
  if (period.from === null && period.before === null) return undefined;
  const from = Math.max(period.from ?? span.first, span.first);
  const before = Math.min(period.before ?? span.last + 1, span.last + 1);
  const facts: string[] = [];
  for (let at = from; at < before;) {
    const time = new Date(at * HOUR);
    const stretch = STRETCHES.map(({ name, next }) => ({ name, end: next(time) })).find(({ name, end }) => end <= before && (name === 'hour' || startsHere(name, time)));
    if (stretch === undefined) break;
    facts.push(fact[stretch.name](time.toISOString()));
    at = stretch.end;
  }
  return facts.length === 0 ? null : factual(facts);
}

const STRETCHES = [
  { name: 'year', next: (time: Date) => Date.UTC(time.getUTCFullYear() + 1) / HOUR },
  { name: 'month', next: (time: Date) => Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1) / HOUR },
  { name: 'day', next: (time: Date) => Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate() + 1) / HOUR },
  { name: 'hour', next: (time: Date) => time.getTime() / HOUR + 1 },
] as const;

function startsHere(name: 'year' | 'month' | 'day' | 'hour', time: Date): boolean {
  if (time.getUTCHours() !== 0) return false;
  if (name === 'day') return true;
  return time.getUTCDate() === 1 && (name === 'month' || time.getUTCMonth() === 0);
}
