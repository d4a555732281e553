import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const VERSIONS = '/usr/lib/postgresql';

/**
 * A PostgreSQL server of a test's own, in a temporary folder: on a socket in it, and with TLS on loopback by an authority
 * that was made for it. Its administrator is `admin`; over TLS everybody comes with a password.
 */
export class PostgresCluster {
  readonly folder: string;
  readonly port: number;
  /** The authority that signed the server's certificate, which is for `localhost` alone. */
  readonly authority: string;
  /** An authority that signed nothing here. */
  readonly stranger: string;
  readonly #bin: string;
  readonly #user: { readonly uid: number; readonly gid: number };
  #databases = 0;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
    const newest = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a))[0] ?? '';
    this.#bin = join(VERSIONS, newest, 'bin');
    // The server refuses to run as root.
    this.#user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    this.authority = join(folder, 'authority.pem');
    this.stranger = join(folder, 'stranger.pem');
  }

  static async start(): Promise<PostgresCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-postgres-'));
    chmodSync(folder, 0o755);
    const cluster = new PostgresCluster(folder, await freePort());
    cluster.#make();
    return cluster;
  }

  /** A certificate of the authority for one of its users, who may then come over TLS without a password, if called `certified`. */
  certificateOf(user: string): { readonly certificate: string; readonly key: string } {
    const [certificate, key] = [join(this.folder, `${user}.crt`), join(this.folder, `${user}.key`)];
    const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
    openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${user}`, '-keyout', key, '-out', `${user}.csr`);
    openssl('x509', '-req', '-in', `${user}.csr`, '-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial', '-days', '2', '-out', certificate);
    return { certificate, key };
  }

  /** The address of a database over the socket, for one of its users. */
  url(database: string, user = 'admin'): string {
    return `postgres://${user}@${encodeURIComponent(this.folder)}:${this.port}/${database}`;
  }

  /** A new database, empty. */
  async database(): Promise<string> {
    this.#databases += 1;
    const name = `archive_${this.#databases}`;
    await this.sql('postgres', `CREATE DATABASE ${name}`);
    return name;
  }

  /** Asks as one of its users, over the socket. */
  async sql<Row extends pg.QueryResultRow>(database: string, text: string, user = 'admin'): Promise<Row[]> {
    const client = new pg.Client({ host: this.folder, port: this.port, database, user });
    await client.connect();
    try {
      const result: pg.QueryResult<Row> | pg.QueryResult<Row>[] = await client.query<Row>(text);
      return Array.isArray(result) ? ((result as pg.QueryResult<Row>[]).at(-1)?.rows ?? []) : result.rows;
    } finally {
      await client.end();
    }
  }

  stop(): void {
    this.#run('pg_ctl', ['stop', '-D', join(this.folder, 'data'), '-m', 'immediate', '-s']);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #make(): void {
    const data = join(this.folder, 'data');
    mkdirSync(data);
    this.#own(data);
    chmodSync(data, 0o700);
    this.#run('initdb', ['-D', data, '-U', 'admin', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8']);
    this.#certificates(data);
    writeFileSync(join(data, 'pg_hba.conf'), 'local all all trust\nhostssl all certified 127.0.0.1/32 cert\nhostssl all all 127.0.0.1/32 scram-sha-256\n');
    writeFileSync(join(data, 'postgresql.auto.conf'), [
      `port = ${this.port}`, `unix_socket_directories = '${this.folder}'`, `listen_addresses = '127.0.0.1'`, 'ssl = on', `ssl_ca_file = '${this.authority}'`, 'max_connections = 120',
      // A test's server may lose what it holds with the machine.
      'fsync = off', 'shared_buffers = 32MB', '',
    ].join('\n'));
    chownSync(this.folder, this.#user.uid, this.#user.gid);
    this.#run('pg_ctl', ['start', '-D', data, '-w', '-s', '-l', join(data, 'log')]);
  }

  #certificates(data: string): void {
    const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
    for (const [name, file] of [['Test authority', 'authority'], ['Another authority', 'stranger']] as const) {
      openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-keyout', `${file}.key`, '-out', `${file}.pem`);
    }
    openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=localhost', '-keyout', join(data, 'server.key'), '-out', 'server.csr');
    writeFileSync(join(this.folder, 'names'), 'subjectAltName=DNS:localhost\n');
    openssl('x509', '-req', '-in', 'server.csr', '-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial', '-days', '2', '-extfile', 'names', '-out', join(data, 'server.crt'));
    for (const file of ['server.key', 'server.crt']) this.#own(join(data, file));
    chmodSync(join(data, 'server.key'), 0o600);
  }

  #own(path: string): void {
    chownSync(path, this.#user.uid, this.#user.gid);
  }

  #run(program: string, args: readonly string[]): void {
    const { status, stderr } = spawnSync(join(this.#bin, program), args, { cwd: '/', ...this.#user, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' } });
    if (status !== 0) throw new Error(`${program} failed: ${stderr}${existsSync(this.folder) ? '' : ' (its folder is gone)'}`);
  }
}

function idOf(which: '-u' | '-g'): number {
  return Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
