import { isIP } from 'node:net';
import { AppError } from '../../../core/model/errors.ts';

/** A database, and how its server is made sure of. */
export interface PostgresAddress {
  /** As it is remembered and shown: without files of this machine, and never with a secret. */
  readonly url: string;
  /** A host name, an IP address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string | null;
  readonly database: string;
  /** `verify-full`: TLS, with a certificate of a trusted authority for this very host. */
  readonly tls: 'verify-full' | 'disable';
  /** Files in PEM: the authorities that count, and what this console shows of itself. */
  readonly rootCertificate: string | null;
  readonly certificate: string | null;
  readonly key: string | null;
}

const SCHEME = /^postgres(?:ql)?:/i;
const KNOWN = new Set(['host', 'port', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']);
const SECRETS = new Set(['password', 'sslpassword', 'passfile']);
const HOST = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;

export function isPostgresAddress(url: string): boolean {
  return SCHEME.test(url);
}

/** Reads `postgres://user@host:port/database?sslmode=…`. Errors: `bad-input`. */
export function postgresAddress(url: string): PostgresAddress {
  if (/[\p{Cc}\s]/u.test(url)) throw refused(url, 'It holds a space or a control character.');
  // Only of a special scheme does the platform read a host that is escaped, which the folder of a socket is.
  const [, user = '', password, host = '', port = '', database = '', query = ''] = /^postgres(?:ql)?:\/\/(?:([^:@/?]*)(?::([^@/?]*))?@)?(\[[0-9a-f:.]+\]|[^:@/?]*)(?::(\d{1,5}))?\/([^/?#]*)(?:\?([^#]*))?$/i.exec(url) ?? [];
  if (database === '') throw refused(url, 'It cannot be read, or names no database.');
  const given = new URLSearchParams(query);
  if (password !== undefined || [...given.keys()].some((name) => SECRETS.has(name))) {
    throw refused('This', 'A password does not belong into an address: it would lie in settings and histories.', 'Take it out, and give it by PGPASSFILE (~/.pgpass), PGPASSWORD, or a client certificate (sslcert and sslkey).');
  }
  const strange = [...given.keys()].find((name) => !KNOWN.has(name));
  if (strange !== undefined) throw refused(url, `It asks for ${strange}, which this version does not know.`, `It knows ${[...KNOWN].join(', ')}.`);
  const at = decoded(url, given.get('host') ?? host).replace(/^\[(.*)\]$/, '$1');
  const where = at === '' ? '/var/run/postgresql' : at;
  if (!where.startsWith('/') && !HOST.test(where) && isIP(where) === 0) throw refused(url, 'Its host is none.');
  const number = Number(given.get('port') ?? (port === '' ? '5432' : port));
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw refused(url, 'Its port is none.');
  const who = decoded(url, user);
  return {
    url: `postgres://${who === '' ? '' : `${encodeURIComponent(who)}@`}${shown(where)}:${number}/${database}`,
    host: where, port: number, user: who === '' ? null : who, database: decoded(url, database),
    tls: tlsOf(where, given.get('sslmode')),
    rootCertificate: given.get('sslrootcert'), certificate: given.get('sslcert'), key: given.get('sslkey'),
  };
}

/** Beyond this machine only a server that is made sure of will do: what weaker modes let through can read and forge all of it. */
function tlsOf(host: string, mode: string | null): PostgresAddress['tls'] {
  const local = host.startsWith('/') || host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
  if (mode === 'verify-full') return mode;
  if (local && (mode === null || mode === 'disable')) return 'disable';
  if (mode === null) return 'verify-full';
  throw new AppError('bad-input', local
    ? `sslmode=${mode} neither leaves TLS out nor makes sure of the server, so it is refused.`
    : `sslmode=${mode} does not make sure that ${host} is the server that it says it is, so it is refused.`, {
    hint: local ? 'Use sslmode=disable on this machine, or sslmode=verify-full.' : 'Use sslmode=verify-full, which is what is done where nothing is said, and name the authority that signed its certificate: sslrootcert=/path/to/ca.pem',
  });
}

function shown(host: string): string {
  return host.startsWith('/') ? encodeURIComponent(host) : host.includes(':') ? `[${host}]` : host;
}

function decoded(url: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused(url, 'It is not escaped as an address is.');
  }
}

function refused(url: string, why: string, hint = 'Write postgres://user@host:5432/database, or postgres:///database?host=/var/run/postgresql.'): AppError {
  // What may hold a password is not said again.
  const said = /:\/\/[^@]*:[^@]*@/.test(url) ? 'This' : url.replaceAll(/\p{Cc}/gu, '?');
  return new AppError('bad-input', `${said} is not an address of a database that can be used. ${why}`, { hint });
}
