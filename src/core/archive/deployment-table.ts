import { AppError } from '../model/errors.ts';
import { readCsv, type CsvRecord } from './csv.ts';
import { succeeded, utc, type ListedDeployment } from './deployment-exports.ts';

/** How columns are called by GitHub, Octopus and ourselves, without case and signs; the first that a table has counts. */
const COLUMNS = {
  version: ['releaseversion', 'version', 'release', 'tag', 'ref'],
  at: ['deploymentdate', 'deployedat', 'created', 'createdat', 'completedtime', 'completed', 'starttime', 'timestamp', 'datetime'],
  date: ['date'],
  time: ['time'],
  environment: ['deploymentenvironment', 'environmentname', 'environment', 'env', 'environmentid'],
  status: ['deploymentstatus', 'taskstate', 'status', 'state', 'result'],
  id: ['deploymentid', 'id'],
} as const;

type Column = keyof typeof COLUMNS;

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)? ?(Z|UTC|GMT|[+-]\d\d:?\d\d)$/i;
const MAX_NAME = 500;

/** Reads a table of deployments whose first line names its columns. Errors: `malformed`, `too-large`, each naming file and line. */
export function readTable(text: string, delimiter: string, file: string, limit: number): ListedDeployment[] {
  const [header, ...records] = bounded(readCsv(text, delimiter, file), limit + 1);
  const names = (header?.fields ?? []).map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
  const place = (column: Column): number => COLUMNS[column].map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1;
  const inOne = place('at');
  const [version, date, time] = [place('version'), place('date'), place('time')];
  const missing = (what: string, names_: readonly string[]): AppError => new AppError('malformed', `${file}:${header?.line ?? 1}: No column names the ${what}.`, { hint: `Call it ${names_.join(', ')}, or give the export of kubectl, GitHub or Octopus as it is.`, details: { path: file, line: header?.line ?? 1 } });
  if (version < 0) throw missing('version', ['version', 'release']);
  if (inOne < 0 && date < 0) throw missing('time', ['deployment_date', 'created_at', 'date']);
  const [environment, status, id] = [place('environment'), place('status'), place('id')];
  return records.map(({ line, fields }) => {
    const said = (at: number): string => (at < 0 ? '' : (fields[at] ?? '').trim());
    const refused = (what: string, hint?: string): AppError => new AppError('malformed', `${file}:${line}: ${what}`, { ...(hint === undefined ? {} : { hint }), details: { path: file, line } });
    if (said(version) === '') throw refused('It names no version.');
    if (fields.some((field) => field.length > MAX_NAME)) throw refused(`A field is longer than ${MAX_NAME} characters.`);
    const when = inOne >= 0 ? said(inOne) : [said(date), said(time)].filter((part) => part !== '').join(' ');
    const at = instantOf(when);
    if (at === null) throw refused(`${JSON.stringify(when)} is no time with its zone.`, 'Write 2026-01-31T12:00:00Z, or with an offset such as +01:00: without one it could be anybody’s.');
    return { id: said(id) === '' ? `line ${line}` : said(id), version: said(version).replace(/^refs\/tags\//, ''), environment: said(environment) === '' ? null : said(environment), at, succeeded: succeeded(said(status) === '' ? undefined : said(status)) };
  });
}

/** RFC 3339 UTC; null where it could be several times, or is none. */
function instantOf(text: string): string | null {
  const [, day = '', minutes = '', seconds = ':00', zone = ''] = TIME.exec(text) ?? [];
  if (day === '') return null;
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : 'Z';
  const found = new Date(`${day}T${minutes}${seconds}${offset}`);
  // A day that does not exist must not become the one after it.
  const exists = !Number.isNaN(found.getTime()) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  return exists ? utc(found.toISOString()) : null;
}

function bounded(records: Iterable<CsvRecord>, limit: number): CsvRecord[] {
  const found: CsvRecord[] = [];
  for (const record of records) {
    found.push(record);
    // One more is enough to know that there are too many.
    if (found.length > limit) break;
  }
  return found;
}
