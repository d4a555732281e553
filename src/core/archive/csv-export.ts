import type { EntrySummary } from '../contract/archive-calls.ts';
import type { GenesisRecord } from '../model/archive.ts';
import { canonicalJson } from './canonical-json.ts';

/** Name of the one table in an export, and its columns in their order. */
export const CSV_FILE = 'entries.csv';
const COLUMNS = ['id', 'origin', 'seq', 'time', 'event_type', 'release', 'imported', 'person', 'witnessed', 'leaf', 'summary', 'record'] as const;

/** What a spreadsheet would run, or take for the mark of a text, at the beginning of a cell. */
const ACTIVE = /^[=+\-@\t\r\n']/;

/**
 * A cell that no spreadsheet runs: what begins with `=`, `+`, `-`, `@`, tab, CR, LF or `'` has one `'` put before it. A
 * reader has the value back by taking one `'` away where a cell begins with it.
 */
export function harmless(value: string): string {
  return ACTIVE.test(value) ? `'${value}` : value;
}

/** A line of a table (RFC 4180 §2): every cell in quotes, CRLF at its end. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${harmless(cell).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

export const CSV_HEAD = csvLine(COLUMNS);

/** A line of an entry; a record that is damaged is left empty, and its summary says so. */
export function csvEntry(entry: EntrySummary, record: GenesisRecord | null): string {
  const { id, origin, seq, time, event_type: type, release, imported, person, witnessed, leaf, summary } = entry;
  return csvLine([id, origin, String(seq), time, type, release ?? '', String(imported), person, witnessed, leaf, summary, record === null ? '' : canonicalJson(record)]);
}
