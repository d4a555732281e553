import { readFile, stat } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { checkServerIdentity, type ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { AppError } from '../../../core/model/errors.ts';
import type { OpenWork } from './open-shared.ts';
import type { PostgresAddress } from './postgres-address.ts';
import { passwordFor } from './postgres-password.ts';

const CONNECT_MILLISECONDS = 20_000;
const STATEMENT_MILLISECONDS = 120_000;
const LOCK_MILLISECONDS = 60_000;
const MAX_PEM_BYTES = 1024 * 1024;

/** One connection to a database. */
export interface Connection {
  readonly rows: <Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]) => Promise<Row[]>;
  /** All of it or nothing; whatever is thrown in it takes it back. */
  readonly transaction: <Value>(work: () => Promise<Value>) => Promise<Value>;
  readonly close: () => Promise<void>;
}

/** The SQLSTATE of an answer that was no success; null for whatever else went wrong. */
export function sqlState(cause: unknown): string | null {
  const inner = cause instanceof AppError ? cause.cause : cause;
  return inner instanceof pg.DatabaseError ? (inner.code ?? null) : null;
}

/** Connects. Errors: `environment`, `bad-input` (a certificate file), `cancelled`. */
export async function connectPostgres(address: PostgresAddress, { signal }: Pick<OpenWork, 'signal'>): Promise<Connection> {
  const user = address.user ?? process.env['PGUSER'] ?? userInfo().username;
  const client = new pg.Client({
    host: address.host, port: address.port, database: address.database, user, password: () => passwordFor(address, user),
    ssl: address.tls === 'disable' ? false : await tlsOptions(address), enableChannelBinding: true,
    connectionTimeoutMillis: CONNECT_MILLISECONDS, statement_timeout: STATEMENT_MILLISECONDS, lock_timeout: LOCK_MILLISECONDS,
    idle_in_transaction_session_timeout: STATEMENT_MILLISECONDS, query_timeout: STATEMENT_MILLISECONDS + 10_000, keepAlive: true, application_name: 'countersign',
  });
  // A connection that ends in between is told by the next question.
  client.on('error', () => undefined);
  const abort = (): void => void client.connection.stream.destroy();
  const said = (cause: unknown): unknown => (signal.aborted ? new AppError('cancelled', 'The work was cancelled.', { cause }) : databaseError(address, cause));
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (signal.aborted) throw new AppError('cancelled', 'The work was cancelled.');
    await client.connect();
  } catch (cause) {
    signal.removeEventListener('abort', abort);
    client.connection.stream.destroy();
    throw said(cause);
  }
  // One question after the other, as the protocol has it: the library gives up to keep them waiting itself.
  let answered: Promise<unknown> = Promise.resolve();
  const rows = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const asked = answered.then(() => client.query<Row>(text, [...values]));
    answered = asked.catch(() => undefined);
    try {
      return (await asked).rows;
    } catch (cause) {
      throw said(cause);
    }
  };
  return {
    rows,
    transaction: async (work) => {
      await rows('BEGIN');
      try {
        const value = await work();
        await rows('COMMIT');
        return value;
      } catch (cause) {
        await rows('ROLLBACK').catch(() => undefined);
        throw cause;
      }
    },
    close: async () => {
      signal.removeEventListener('abort', abort);
      await Promise.race([client.end().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
      client.connection.stream.destroy();
    },
  };
}

async function tlsOptions({ host, rootCertificate, certificate, key }: PostgresAddress): Promise<ConnectionOptions> {
  const usual = join(homedir(), '.postgresql', 'root.crt');
  // As libpq has it: `system` is the authorities that are trusted anyway.
  const root = rootCertificate === 'system' ? null : (rootCertificate ?? ((await stat(usual).catch(() => null)) === null ? null : usual));
  return {
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    // The name that was asked for, whatever the connection took it for.
    checkServerIdentity: (_name, shown) => checkServerIdentity(host, shown),
    ...(root === null ? {} : { ca: await pem(root) }),
    ...(certificate === null ? {} : { cert: await pem(certificate) }),
    ...(key === null ? {} : { key: await pem(key) }),
  };
}

async function pem(path: string): Promise<Buffer> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true || found.size > MAX_PEM_BYTES) throw new AppError('bad-input', `${path} is not a file with certificates or a key.`, { details: { path } });
  return readFile(path).catch((cause: unknown) => {
    throw new AppError('bad-input', `${path} cannot be read.`, { details: { path }, cause });
  });
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/permission denied/i, 'Its administrator lets a user publish with GRANT countersign_writer TO …, and read with GRANT countersign_reader TO ….'],
  [/self[- ]signed certificate|unable to verify|unable to get (?:local )?issuer|certificate/i, 'Name the authority that signed the server’s certificate: …?sslrootcert=/path/to/ca.pem. The certificate must be for the host as it is written in the address.'],
  [/does not match certificate|altnames/i, 'Write the host as its certificate names it.'],
  [/does not support SSL/i, 'Its administrator must switch TLS on; beyond this machine nothing goes without it.'],
  [/password|SASL|authentication/i, 'Passwords come from PGPASSFILE (~/.pgpass, for its owner only) or PGPASSWORD.'],
];

/** What a database said, as a failure of the place; whatever is none stays as it is. */
function databaseError({ url }: PostgresAddress, cause: unknown): unknown {
  if (cause instanceof AppError || !(cause instanceof Error)) return cause;
  const message = cause.message.replaceAll(/\p{Cc}/gu, ' ').slice(0, 400);
  return new AppError('environment', `${url} could not be used: ${message}`, {
    hint: HINTS.find(([pattern]) => pattern.test(message))?.[1] ?? 'Check that it can be reached from here, and that this user may use it.', details: { url }, cause,
  });
}
