import { createHash } from 'node:crypto';
import { spawnGit, stopGit } from './git-process.ts';

export interface ObjectInfo {
  readonly type: string;
  readonly size: number;
}

/** Objects of a repository by their names, each measured before it is read. One at a time is asked for. */
export interface ObjectReader {
  /** Null where there is no such object. Errors: `DamagedMirror`. */
  readonly info: (name: string) => Promise<ObjectInfo | null>;
  /** Whole, of the size that `info` told. Errors: `DamagedMirror`. */
  readonly contents: (name: string, size: number) => Promise<Buffer>;
  readonly close: () => void;
}

/** The repository below the data folder does not hold what it says it holds; it is only a cache. */
export class DamagedMirror extends Error {}

const HEADER = /^([0-9a-f]{40}|[0-9a-f]{64}) (blob|tree|commit|tag) (\d{1,15})$/;

/** Starts the readers of a repository when they are first asked. */
export function objectReader(folder: string, signal: AbortSignal): ObjectReader {
  let checking: Conversation | null = null;
  let reading: Conversation | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const next = turn.then(work, work);
    turn = next.catch(() => undefined);
    return next;
  };
  return {
    info: (name) => inTurn(async () => {
      checking ??= new Conversation(folder, '--batch-check', signal);
      checking.ask(name);
      return headerOf(await checking.line(), name);
    }),
    contents: (name, size) => inTurn(async () => {
      reading ??= new Conversation(folder, '--batch', signal);
      reading.ask(name);
      const header = headerOf(await reading.line(), name);
      if (header?.size !== size) throw new DamagedMirror(`${name} is not there as it was measured`);
      const bytes = await reading.bytes(size + 1);
      return bytes.subarray(0, size);
    }),
    close: () => {
      checking?.end();
      reading?.end();
    },
  };
}

/** The name that git gives to a blob. */
export function blobName(bytes: Buffer, format: 'sha1' | 'sha256'): string {
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function headerOf(line: string, name: string): ObjectInfo | null {
  if (line === `${name} missing`) return null;
  const [, found, type, size] = HEADER.exec(line) ?? [];
  if (found !== name || type === undefined || size === undefined) throw new DamagedMirror(`git told ${line.slice(0, 200)} of ${name}`);
  return { type, size: Number(size) };
}

/** A talk with `git cat-file`: a name is written, a line and bytes are read. */
class Conversation {
  readonly #child: ReturnType<typeof spawnGit>;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #signal: AbortSignal;
  readonly #abort: () => void;
  #held: Buffer[] = [];
  #size = 0;

  constructor(folder: string, mode: '--batch' | '--batch-check', signal: AbortSignal) {
    signal.throwIfAborted();
    this.#child = spawnGit(folder, ['cat-file', mode]);
    this.#child.stderr.resume();
    this.#child.stdin.on('error', () => undefined);
    this.#child.on('error', () => undefined);
    this.#chunks = (this.#child.stdout as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    this.#signal = signal;
    this.#abort = () => stopGit(this.#child);
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  ask(name: string): void {
    this.#child.stdin.write(`${name}\n`);
  }

  async line(): Promise<string> {
    for (;;) {
      const whole = Buffer.concat(this.#held, this.#size);
      const end = whole.indexOf(0x0a);
      if (end >= 0) {
        this.#hold(whole.subarray(end + 1));
        return whole.subarray(0, end).toString('latin1');
      }
      if (whole.length > 1024) throw new DamagedMirror('git told a line that is too long');
      this.#hold(whole);
      await this.#more();
    }
  }

  async bytes(count: number): Promise<Buffer> {
    while (this.#size < count) await this.#more();
    const whole = Buffer.concat(this.#held, this.#size);
    this.#hold(whole.subarray(count));
    return whole.subarray(0, count);
  }

  end(): void {
    this.#signal.removeEventListener('abort', this.#abort);
    this.#child.stdin.end();
    stopGit(this.#child);
  }

  #hold(bytes: Buffer): void {
    this.#held = bytes.length === 0 ? [] : [bytes];
    this.#size = bytes.length;
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#chunks.next();
    if (done !== true) {
      this.#held.push(value);
      this.#size += value.length;
      return;
    }
    this.#signal.throwIfAborted();
    throw new DamagedMirror('git ended before it answered');
  }
}
