import { AppError } from '../model/errors.ts';

/** A record of a CSV file, with the line on which it begins. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

const DELIMITERS = [',', ';', '\t'] as const;
const MAX_FIELD = 10_000;
const MAX_FIELDS = 1_000;

/** Which delimiter a file has, by its first line outside of quotes; null where there is none, so that it is no table. */
export function delimiterOf(text: string): string | null {
  const first = (/^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text)?.[0] ?? '').replaceAll(/"(?:[^"]|"")*"/g, '');
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: first.split(delimiter).length - 1 })).sort((a, b) => b.count - a.count);
  const [most] = counts;
  return most === undefined || most.count === 0 ? null : most.delimiter;
}

/**
 * Reads CSV strictly (RFC 4180 §2): a quote opens a field only at its beginning and closes it only at its end, and every
 * record has as many fields as the first. Empty lines are passed over. Errors: `malformed`, `too-large`, each naming file and line.
 */
export function* readCsv(text: string, delimiter: string, file: string): Generator<CsvRecord> {
  let line = 1;
  let width: number | null = null;
  for (let at = 0; at < text.length;) {
    const begins = line;
    const refused = (what: string, code: 'malformed' | 'too-large' = 'malformed'): AppError => new AppError(code, `${file}:${begins}: ${what}`, { details: { path: file, line: begins } });
    const fields: string[] = [];
    for (let more = true; more;) {
      let field: string;
      if (text[at] === '"') {
        const end = closingQuote(text, at + 1);
        if (end < 0) throw refused('A quote is opened here that is never closed.');
        const inside = text.slice(at + 1, end);
        line += inside.split('\n').length - 1;
        field = inside.replaceAll('""', '"');
        at = end + 1;
        if (at < text.length && text[at] !== delimiter && text[at] !== '\n' && !text.startsWith('\r\n', at)) throw refused('Something follows the quote that closes a field.');
      } else {
        const end = endOfField(text, at, delimiter);
        field = text.slice(at, end);
        if (field.includes('"')) throw refused('A quote stands inside a field that does not begin with one.');
        at = end;
      }
      if (field.length > MAX_FIELD) throw refused(`A field is longer than ${MAX_FIELD} characters.`, 'too-large');
      fields.push(field);
      if (fields.length > MAX_FIELDS) throw refused(`It has more than ${MAX_FIELDS} fields.`, 'too-large');
      more = text[at] === delimiter;
      if (more) at += 1;
    }
    if (text.startsWith('\r\n', at)) at += 2;
    else if (text[at] === '\n') at += 1;
    line += 1;
    if (fields.length === 1 && fields[0]?.trim() === '') continue;
    if (width !== null && fields.length !== width) throw refused(`It has ${fields.length} fields, and the first line has ${width}.`);
    width ??= fields.length;
    yield { line: begins, fields };
  }
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at;
  return -1;
}

function endOfField(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && !text.startsWith('\r\n', at)) at += 1;
  return at;
}
