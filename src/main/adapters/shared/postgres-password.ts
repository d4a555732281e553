import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';
import type { PostgresAddress } from './postgres-address.ts';

const MAX_BYTES = 1024 * 1024;

/**
 * The password of a user, as libpq has it: PGPASSWORD, else the first line of PGPASSFILE or ~/.pgpass that fits
 * (`host:port:database:user:password`, with `*` for any). Empty where there is none. Errors: `environment` where others may read the file.
 */
export async function passwordFor({ host, port, database }: PostgresAddress, user: string): Promise<string> {
  const given = process.env['PGPASSWORD'];
  if (given !== undefined && given !== '') return given;
  const file = process.env['PGPASSFILE'] ?? join(homedir(), '.pgpass');
  const found = await stat(file).catch(() => null);
  if (found?.isFile() !== true || found.size > MAX_BYTES) return '';
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new AppError('environment', `${file} holds passwords and can be read by others, so it is not used.`, { hint: `chmod 600 ${file}`, details: { path: file } });
  }
  // Over a socket libpq looks for `localhost`.
  const hosts = host.startsWith('/') ? [host, 'localhost'] : [host];
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    if (line.startsWith('#')) continue;
    const fields = [...line.trimEnd().matchAll(/((?:\\.|[^:\\])*)(?::|$)/g)].map(([, field = '']) => field.replaceAll(/\\(.)/g, '$1'));
    const [itsHost = '', itsPort, itsDatabase, itsUser, password] = fields;
    const fits = [[itsPort, String(port)], [itsDatabase, database], [itsUser, user]].every(([field, wanted]) => field === '*' || field === wanted);
    if (fits && password !== undefined && (itsHost === '*' || hosts.includes(itsHost))) return password;
  }
  return '';
}
