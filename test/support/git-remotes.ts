import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpsServer, type Server } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ENVIRONMENT = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: 'Eve', GIT_AUTHOR_EMAIL: 'eve@example.com', GIT_COMMITTER_NAME: 'Eve', GIT_COMMITTER_EMAIL: 'eve@example.com' };

/** A bare repository in a folder. */
export interface BareRepository {
  readonly path: string;
  readonly url: string;
  readonly git: (...args: readonly string[]) => string;
  /** Runs git with something on its standard input. */
  readonly feed: (input: string | Buffer, ...args: readonly string[]) => string;
}

export function bareRepository(folder: string, ...options: readonly string[]): BareRepository {
  const path = join(folder, 'genesis.git');
  const feed = (input: string | Buffer, ...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: path, encoding: 'utf8', input, env: { ...process.env, ...ENVIRONMENT }, stdio: ['pipe', 'pipe', 'pipe'] }).trim();
  execFileSync('git', ['init', '--quiet', '--bare', ...options, path]);
  return { path, url: `git+file://${path}`, git: (...args) => feed('', ...args), feed };
}

/** A tree object with whatever names and modes, which git's own commands would not make. */
export function rawTree(repository: BareRepository, entries: readonly (readonly [mode: string, name: string, object: string])[]): string {
  const bytes = Buffer.concat(entries.flatMap(([mode, name, object]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(object, 'hex')]));
  return repository.feed(bytes, 'hash-object', '-t', 'tree', '-w', '--stdin', '--literally');
}

/** An ssh server on loopback, with a host key and a user key of its own. */
export class SshServer {
  readonly folder: string;
  readonly port: number;
  readonly #server: ChildProcess;

  private constructor(folder: string, port: number, server: ChildProcess) {
    this.folder = folder;
    this.port = port;
    this.#server = server;
  }

  static async start(): Promise<SshServer> {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-ssh-'));
    const port = await freePort();
    for (const key of ['host', 'user', 'stranger']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
    writeFileSync(join(folder, 'authorized'), readFileSync(join(folder, 'user.pub')));
    chmodSync(join(folder, 'authorized'), 0o600);
    writeFileSync(join(folder, 'sshd_config'), [
      `Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${join(folder, 'host')}`, `AuthorizedKeysFile ${join(folder, 'authorized')}`, 'StrictModes no', 'UsePAM no',
      'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'PermitRootLogin prohibit-password', `PidFile ${join(folder, 'pid')}`, 'MaxStartups 100', '',
    ].join('\n'));
    // Where it was only just installed, the folder that it asks for is not there yet.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
    const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: 'ignore' });
    await reachable(port);
    return new SshServer(folder, port, server);
  }

  /** Writes a configuration of ssh that knows this host by a key, and comes with one. */
  configuration(options: { readonly host?: 'host' | 'stranger' | null; readonly key?: 'user' | 'stranger' } = {}): string {
    const { host = 'host', key = 'user' } = options;
    const name = `${host}-${key}`;
    writeFileSync(join(this.folder, `${name}-hosts`), host === null ? '' : `[127.0.0.1]:${this.port} ${readFileSync(join(this.folder, `${host}.pub`), 'utf8')}`);
    writeFileSync(join(this.folder, name), `Host *\n  UserKnownHostsFile ${join(this.folder, `${name}-hosts`)}\n  GlobalKnownHostsFile /dev/null\n  IdentityFile ${join(this.folder, key)}\n  IdentitiesOnly yes\n  IdentityAgent none\n`);
    return join(this.folder, name);
  }

  url(path: string): string {
    return `git+ssh://${userInfo().username}@127.0.0.1:${this.port}${path}`;
  }

  stop(): void {
    this.#server.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `git http-backend` behind a small server with TLS, by an authority of its own, that asks for a user and a password. */
export class HttpsServer {
  readonly folder: string;
  readonly port: number;
  readonly authority: string;
  readonly #server: Server;

  private constructor(folder: string, port: number, server: Server) {
    this.folder = folder;
    this.port = port;
    this.authority = join(folder, 'authority.pem');
    this.#server = server;
  }

  /** Serves the repositories of a folder. */
  static async start(root: string): Promise<HttpsServer> {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-https-'));
    const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl('req', '-x509', ...ec, '-days', '2', '-subj', '/CN=Test authority', '-keyout', 'authority.key', '-out', 'authority.pem');
    openssl('req', '-new', ...ec, '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr');
    writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost\n');
    openssl('x509', '-req', '-in', 'server.csr', '-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial', '-days', '2', '-extfile', 'names', '-out', 'server.crt');
    const backend = join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend');
    const server = createHttpsServer({ key: readFileSync(join(folder, 'server.key')), cert: readFileSync(join(folder, 'server.crt')) }, (request, response) => {
      if (request.headers.authorization !== `Basic ${Buffer.from('ada:lovelace').toString('base64')}`) {
        response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="archive"' }).end();
        return;
      }
      const url = new URL(request.url ?? '/', 'https://localhost');
      const child = spawn(backend, [], {
        env: {
          PATH: process.env['PATH'] ?? '', GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*', REMOTE_USER: 'ada', REMOTE_ADDR: '127.0.0.1',
          PATH_INFO: decodeURIComponent(url.pathname), QUERY_STRING: url.search.slice(1), REQUEST_METHOD: request.method ?? 'GET', CONTENT_TYPE: request.headers['content-type'] ?? '',
          HTTP_CONTENT_ENCODING: String(request.headers['content-encoding'] ?? ''), GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
          ...(request.headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: request.headers['content-length'] }),
        },
      });
      request.pipe(child.stdin);
      child.stdin.on('error', () => undefined);
      const chunks: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      child.on('close', () => {
        const answer = Buffer.concat(chunks);
        const end = answer.indexOf('\r\n\r\n');
        const headers = answer.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n').map((line) => line.split(/:\s*/, 2) as [string, string]);
        const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1];
        response.writeHead(Number(status?.slice(0, 3) ?? 200), Object.fromEntries(headers.filter(([name]) => name !== '' && name.toLowerCase() !== 'status'))).end(answer.subarray(end + 4));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const address = server.address();
    return new HttpsServer(folder, typeof address === 'object' && address !== null ? address.port : 0, server);
  }

  url(path: string): string {
    return `git+https://localhost:${this.port}/${path}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function reachable(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const there = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (there) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on ${port}: ${spawnSync('/usr/sbin/sshd', ['-t'], { encoding: 'utf8' }).stderr}`);
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
