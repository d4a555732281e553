import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { temporaryFolder } from './repository.ts';

const VARIABLES = ['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'XDG_DATA_HOME', 'COUNTERSIGN_KEYRING'] as const;

/** A session bus of its own with a real GNOME Keyring on it, in a folder of its own, for as long as a test lasts. */
export class KeyringSession {
  readonly #folder = temporaryFolder('keyring');
  readonly #before = VARIABLES.map((name) => [name, process.env[name]] as const);
  readonly #bus: ChildProcess;
  #daemon: ChildProcess | null = null;

  private constructor(bus: ChildProcess) {
    this.#bus = bus;
  }

  static async start(): Promise<KeyringSession> {
    const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const session = new KeyringSession(bus);
    const [address] = (await once(bus.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    process.env['DBUS_SESSION_BUS_ADDRESS'] = address.toString().trim();
    for (const name of ['run', 'data']) mkdirSync(join(session.#folder.path, name), { mode: 0o700 });
    process.env['XDG_RUNTIME_DIR'] = join(session.#folder.path, 'run');
    process.env['XDG_DATA_HOME'] = join(session.#folder.path, 'data');
    delete process.env['COUNTERSIGN_KEYRING'];
    return session;
  }

  /** Starts the keyring, opened with its password or as it is after a log-in without one. */
  async keyring(state: 'unlocked' | 'locked'): Promise<void> {
    await this.stopKeyring();
    const daemon = spawn('gnome-keyring-daemon', ['--foreground', '--components=secrets', ...(state === 'unlocked' ? ['--unlock'] : [])], { stdio: ['pipe', 'ignore', 'ignore'] });
    this.#daemon = daemon;
    daemon.stdin.end(state === 'unlocked' ? 'password' : '');
    for (let attempt = 0; attempt < 50 && !isThere(); attempt += 1) await later(100);
  }

  async stopKeyring(): Promise<void> {
    const daemon = this.#daemon;
    this.#daemon = null;
    if (daemon === null || daemon.exitCode !== null) return;
    daemon.kill();
    await once(daemon, 'exit');
  }

  async remove(): Promise<void> {
    await this.stopKeyring();
    this.#bus.kill();
    for (const [name, value] of this.#before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    this.#folder.remove();
  }
}

/** Whether a keyring has its name on the bus; asking for the name starts none. */
function isThere(): boolean {
  const { stdout } = spawnSync('dbus-send', ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets'], { encoding: 'utf8', timeout: 5_000 });
  return stdout.includes('boolean true');
}
