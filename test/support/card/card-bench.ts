import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchAnswer, BenchAsk, Ended } from './bench-messages.ts';
import { ADMIN_PIN, keepCard, newCard, readCard, USER_PIN, type CardState } from './card-state.ts';

const ROOT = join(import.meta.dirname, '../../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
const PINENTRY = join(import.meta.dirname, 'pinentry-child.ts');

/** Debian keeps pcscd and ip where only root's path leads. */
const ENVIRONMENT = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** Why a card cannot be had on this machine, in words; null where it can. */
export function whyNoCard(): string | null {
  const missing = ['unshare', 'pcscd', 'ip', 'mount', 'gpg', 'gpg-connect-agent'].filter((program) => spawnSync('sh', ['-c', `command -v ${program}`], { env: ENVIRONMENT }).status !== 0);
  const files = ['/usr/lib/gnupg/scdaemon', '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'].filter((file) => !existsSync(file));
  if (missing.length + files.length > 0) return `${[...missing, ...files].join(', ')} is not here (Debian: apt-get install pcscd scdaemon vsmartcard-vpcd iproute2)`;
  return spawnSync('unshare', [...NAMESPACES, 'true']).status === 0 ? null : 'unshare may not make name spaces here';
}

/** Not root: a user name space lets the others be made. */
const NAMESPACES = process.getuid?.() === 0 ? ['-m', '-n'] : ['-r', '-m', '-n'];

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly folder?: string;
}

/** A reader, its cards, a person at the keyboard and a GNUPGHOME, apart from everything else on this machine. */
export class CardBench {
  /** Short, because sockets lie in it. */
  readonly folder = mkdtempSync('/tmp/cs-card-');
  readonly gnupgHome = join(this.folder, 'gpg');
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { readonly resolve: (ended: Ended | null) => void; readonly reject: (cause: Error) => void }>();
  #last = 0;

  static async start(): Promise<CardBench> {
    const bench = new CardBench();
    await bench.#answerTo(0);
    return bench;
  }

  private constructor() {
    mkdirSync(this.gnupgHome, { mode: 0o700 });
    // A script of its own: gpg-agent gives its pinentry no arguments of ours.
    writeFileSync(join(this.folder, 'pinentry'), `#!/bin/sh\nexec '${NODE}' '${PINENTRY}' '${this.#typed}'\n`, { mode: 0o755 });
    this.configure('gpg-agent', `pinentry-program ${join(this.folder, 'pinentry')}`);
    this.configure('scdaemon', 'disable-ccid', 'reader-port Virtual PCD 00 00');
    this.type(USER_PIN);
    this.#child = spawn('unshare', [...NAMESPACES, NODE, join(import.meta.dirname, 'bench-child.ts'), this.folder], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...ENVIRONMENT, GNUPGHOME: this.gnupgHome, COUNTERSIGN_HOME: join(this.folder, 'console') },
    });
    this.#child.on('message', ({ id, ended, problem }: BenchAnswer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (problem === null) waiting?.resolve(ended);
      else waiting?.reject(new Error(problem));
    });
    this.#child.once('exit', () => {
      rmSync(this.folder, { recursive: true, force: true });
      for (const { reject } of this.#waiting.values()) reject(new Error('the bench has ended'));
    });
  }

  get #typed(): string {
    return join(this.folder, 'typed');
  }

  /** Writes a configuration file of gpg's family; what runs already has to be told to `restart`. */
  configure(program: 'gpg' | 'gpg-agent' | 'scdaemon', ...lines: readonly string[]): void {
    writeFileSync(join(this.gnupgHome, `${program}.conf`), lines.map((line) => `${line}\n`).join(''));
  }

  /** What the person types at the next questions: a PIN, or `cancel`. */
  type(...answers: readonly string[]): void {
    rmSync(`${this.#typed}.asked`, { force: true });
    writeFileSync(this.#typed, answers.map((answer) => `${answer}\n`).join(''));
  }

  /** The questions that pinentry showed since `type`. */
  asked(): string[] {
    return existsSync(`${this.#typed}.asked`) ? readFileSync(`${this.#typed}.asked`, 'utf8').split('\n').filter((line) => line !== '') : [];
  }

  /** Puts a card that came out of its packet into the reader; it stays what it becomes, in a file named after it. */
  async insertNew(serial: string, settings: Partial<CardState> = {}): Promise<void> {
    keepCard(this.#file(serial), { ...newCard(serial), ...settings });
    await this.insert(serial);
    await this.restart();
  }

  async insert(serial: string): Promise<void> {
    await this.pull();
    await this.#ask({ ask: 'insert', file: this.#file(serial) });
  }

  /** Takes the card out, changes what it remembers, and puts it back. */
  async alter(serial: string, change: (card: CardState) => void): Promise<void> {
    await this.pull();
    const card = readCard(this.#file(serial));
    change(card);
    keepCard(this.#file(serial), card);
    await this.insert(serial);
    // The card daemon keeps what it read; a card that changed while it was out is no case of this world.
    await this.restart();
  }

  card(serial: string): CardState {
    return readCard(this.#file(serial));
  }

  pull(): Promise<unknown> {
    return this.#ask({ ask: 'pull' });
  }

  touch(touched = true): Promise<unknown> {
    return this.#ask({ ask: 'touch', value: touched });
  }

  untilTouchAwaited(): Promise<unknown> {
    return this.#ask({ ask: 'until-touch-awaited' });
  }

  mute(muted = true): Promise<unknown> {
    return this.#ask({ ask: 'mute', value: muted });
  }

  breakMemory(): Promise<unknown> {
    return this.#ask({ ask: 'break-memory' });
  }

  pullWhileSigning(): Promise<unknown> {
    return this.#ask({ ask: 'pull-while-signing' });
  }

  stopPcscd(): Promise<unknown> {
    return this.#ask({ ask: 'stop-pcscd' });
  }

  startPcscd(): Promise<unknown> {
    return this.#ask({ ask: 'start-pcscd' });
  }

  /** Runs a command beside the card. */
  async run(command: readonly string[], { environment = {}, input = '', folder }: RunOptions = {}): Promise<Ended> {
    const ended = await this.#ask({ ask: 'run', command, environment, input, folder: folder ?? null });
    if (ended === null) throw new Error('a command ended with nothing to tell');
    return ended;
  }

  /** Runs a command that has to succeed, and gives what it printed. */
  async must(command: readonly string[], options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(command, options);
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stderr}${stdout}`);
    return stdout;
  }

  /** Runs the product's own command line beside the card. */
  countersign(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return this.run([join(ROOT, 'bin/countersign'), ...args], options);
  }

  /** Has the agent carry out commands; the administrator's PIN is given where it asks. Throws what it refuses. */
  async agent(...commands: readonly string[]): Promise<string> {
    const said = await this.must(['gpg-connect-agent', 'OPTION pinentry-mode=loopback', `/let PIN ${ADMIN_PIN}`, '/definq PASSPHRASE PIN', ...commands, '/bye']);
    if (/^ERR/m.test(said)) throw new Error(`${commands.join('; ')}: ${said}`);
    return said;
  }

  /** Ends agent and card daemon; the next command starts them anew. */
  restart(): Promise<unknown> {
    return this.must(['gpgconf', '--kill', 'all']);
  }

  /** Takes everything away that was started here. */
  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.disconnect();
    await gone;
  }

  #file(serial: string): string {
    return join(this.folder, `card-${serial}.json`);
  }

  #ask(request: BenchAsk): Promise<Ended | null> {
    this.#last += 1;
    const id = this.#last;
    const answer = this.#answerTo(id);
    this.#child.send({ ...request, id });
    return answer;
  }

  #answerTo(id: number): Promise<Ended | null> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }
}
