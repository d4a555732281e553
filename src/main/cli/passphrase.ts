import { openSync, readSync, closeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { InvalidArgumentError } from 'commander';
import { AppError } from '../../core/model/errors.ts';

/** Asks for passphrases one after the other; `twice` for one that is new, so that a slip does not lock a key. */
export type AskPassphrase = (words: string, twice?: boolean) => Promise<string>;

export const PASSPHRASE_FD = ['--passphrase-fd <n>', 'read passphrases from this file descriptor, one a line, in the order in which they are asked for', descriptor] as const;

const LONGEST = 1024;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Where passphrases come from: a file descriptor, else the terminal, without echo. Never an argument or an environment
 * variable, which other programs can read. Errors: `bad-input`, `environment` without a terminal, `cancelled`.
 */
export function askPassphrase(fd: number | undefined): AskPassphrase {
  if (fd !== undefined) return (words) => Promise.resolve().then(() => lineOf(fd, words));
  return async (words, twice = false) => {
    const typed = await prompted(words);
    if (twice && typed !== (await prompted('The same again'))) throw new AppError('bad-input', 'The two passphrases differ.', { hint: 'Start again.' });
    return typed;
  };
}

function descriptor(value: string): number {
  if (!/^\d{1,4}$/.test(value)) throw new InvalidArgumentError('It is the number of an open file descriptor');
  return Number(value);
}

/** One line, and not an octet more: what follows is the next passphrase. */
function lineOf(fd: number, words: string): string {
  const line = Buffer.alloc(LONGEST + 1);
  const octet = Buffer.alloc(1);
  let length = 0;
  try {
    while (readOctet(fd, octet) && octet[0] !== LF) {
      if (length >= LONGEST) throw new AppError('bad-input', `A passphrase is at most ${LONGEST} bytes.`);
      line[length] = octet[0] ?? 0;
      length += 1;
    }
    if (length > 0 && line[length - 1] === CR) length -= 1;
    if (length === 0) throw new AppError('bad-input', `File descriptor ${fd} gave no passphrase for: ${words}.`, { hint: 'Write one a line, in the order in which they are asked for.' });
    return line.toString('utf8', 0, length);
  } finally {
    line.fill(0);
    octet.fill(0);
  }
}

function readOctet(fd: number, octet: Buffer): boolean {
  for (;;) {
    try {
      return readSync(fd, octet) === 1;
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === 'EOF') return false;
      if (code !== 'EAGAIN') throw new AppError('bad-input', `File descriptor ${fd} could not be read: ${message}`, { hint: 'Open it for reading, such as 3< FILE.', cause });
      // Whoever writes to it has not yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

const ETX = '\u0003';
const EOT = '\u0004';
const ERASE = new Set(['\u007f', '\b']);

/** From the terminal itself: standard input may be a file that is worked on. */
async function prompted(words: string): Promise<string> {
  const terminal = openTerminal();
  if (terminal === null) throw new AppError('environment', 'There is no terminal to ask for the passphrase.', { hint: 'Give it with --passphrase-fd N.' });
  const { stream, close } = terminal;
  process.stderr.write(`${words}: `);
  stream.setRawMode(true);
  try {
    return await new Promise<string>((resolve, reject) => {
      let typed: string[] = [];
      stream.setEncoding('utf8');
      stream.on('error', reject);
      stream.on('data', (keys: string) => {
        for (const key of keys) {
          if (key === '\r' || key === '\n') resolve(typed.join(''));
          else if (key === ETX || key === EOT) reject(new AppError('cancelled', 'The passphrase entry was cancelled.'));
          else if (ERASE.has(key)) typed = typed.slice(0, -1);
          else if (typed.length < LONGEST) typed.push(key);
        }
      });
      stream.resume();
    });
  } finally {
    stream.setRawMode(false);
    close();
    process.stderr.write('\n');
  }
}

function openTerminal(): { readonly stream: ReadStream; readonly close: () => void } | null {
  try {
    const fd = openSync(process.platform === 'win32' ? '\\\\.\\CONIN$' : '/dev/tty', 'r');
    try {
      const stream = new ReadStream(fd);
      return { stream, close: () => stream.destroy() };
    } catch {
      closeSync(fd);
      return null;
    }
  } catch {
    return null;
  }
}
