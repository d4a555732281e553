import { connect } from 'node:net';
import { AppError } from '../../../core/model/errors.ts';
import type { Card, CardState, CardStatus } from '../../../core/model/card.ts';
import { askAgent } from './ask-agent.ts';
import { parseCard, touchOf } from './parse-card.ts';
import { runGpg } from './run-gpg.ts';
import { saysNoAgent } from './signing-failure.ts';

/** A card answers in well under a second; a mute one never does. */
const LONGEST_WAIT = 8_000;
/** Where pcscd listens on Linux; systemd holds it open where it starts pcscd when it is needed. */
const PCSCD = '/run/pcscd/pcscd.comm';

type Parts = CardStatus['parts'];

/** Reads the card that is in the reader, and what is between here and it. Reading costs no PIN try. */
export async function readCard(signal?: AbortSignal): Promise<CardStatus> {
  const listed = await listCard(signal);
  if (listed === 'no-gpg') return status('no-gpg', { gpg: 'missing', agent: 'unknown', scdaemon: 'unknown', pcscd: 'unknown' });
  const found: Parts = { gpg: 'found', agent: 'found', scdaemon: 'found', pcscd: await pcscdState() };
  if (listed === 'no-answer') return status('no-answer', { ...found, agent: 'unknown', scdaemon: 'unknown' });
  const card = parseCard(listed.stdout);
  if (card !== null) {
    const touch = card.touch ?? (await readTouch());
    return { ...status(stateOf(card), { ...found, pcscd: found.pcscd === 'missing' ? 'unknown' : found.pcscd }, describe(card)), readers: [card.reader], card: { ...card, touch } };
  }
  if (saysNoAgent(listed.stderr)) return status('no-agent', { ...found, agent: 'missing', scdaemon: 'unknown' });
  if (/no smart ?card daemon/i.test(listed.stderr)) return status('no-scdaemon', { ...found, scdaemon: 'missing' });
  const readers = await listReaders();
  if (readers.length === 0) return status(found.pcscd === 'missing' ? 'no-pcscd' : 'no-reader', found);
  if (found.pcscd === 'missing') return status('no-pcscd', found);
  if (/not supported|unsupported|wrong card|invalid card/i.test(listed.stderr)) return { ...status('not-openpgp', found), readers };
  if (/no such device|no card|card (?:removed|not present)|general error|card error/i.test(listed.stderr)) return { ...status('no-card', found), readers };
  return { ...status('unclear', found, lastLine(listed.stderr)), readers };
}

/** gpg tells of a card that went that there was an error, and only the next time that there is none. */
async function listCard(signal: AbortSignal | undefined): Promise<{ readonly stdout: string; readonly stderr: string } | 'no-gpg' | 'no-answer'> {
  try {
    const list = async (): Promise<{ stdout: string; stderr: string }> => {
      const { stdout, stderr } = await runGpg(['--card-status', '--with-colons'], { signal, timeout: LONGEST_WAIT });
      return { stdout: stdout.toString('utf8'), stderr };
    };
    const first = await list();
    return /general error|card error|card removed/i.test(first.stderr) ? await list() : first;
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'gpg-unavailable') return 'no-gpg';
    if (cause instanceof AppError && cause.details['state'] === 'no-answer') return 'no-answer';
    throw cause;
  }
}

/** Until 2.3 gpg itself says nothing of the touch: GET DATA D6 (OpenPGP card 3.4 §4.4.3.6), answered by `01 20 90 00`. */
async function readTouch(): Promise<Card['touch']> {
  const said = await askAgent('SCD APDU 00CA00D600');
  const data = said?.split('\n').find((line) => line.startsWith('D '))?.slice(2).replaceAll(/%([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))) ?? '';
  return data.length === 4 && data.endsWith('\x90\x00') ? touchOf(String(data.charCodeAt(0))) : null;
}

async function listReaders(): Promise<string[]> {
  const said = await askAgent('SCD GETINFO reader_list');
  return said?.split('\n').filter((line) => line.startsWith('D ')).flatMap((line) => line.slice(2).split('%0A')).filter((name) => name !== '') ?? [];
}

function pcscdState(): Promise<Parts['pcscd']> {
  if (process.platform !== 'linux') return Promise.resolve('unknown');
  return new Promise((resolve) => {
    const socket = connect(PCSCD);
    socket.once('connect', () => {
      socket.destroy();
      resolve('found');
    }).once('error', () => resolve('missing'));
  });
}

function stateOf({ tries, keys }: Card): CardState {
  if (tries.user === 0) return 'pin-blocked';
  return keys.sign === null ? 'no-signing-key' : 'ready';
}

/** A sentence and the next step; null where there is nothing to do. */
const WORDS: Readonly<Record<CardState, readonly [message: string, hint: string | null]>> = {
  'ready': ['The card is ready to sign.', null],
  'no-gpg': ['gpg is not installed.', 'Install GnuPG (on Debian: apt-get install gnupg).'],
  'no-agent': ['gpg cannot reach its agent.', 'Install it (on Debian: apt-get install gpg-agent) and check that gpg-connect-agent /bye succeeds.'],
  'no-scdaemon': ['gpg has no card daemon.', 'Install it (on Debian: apt-get install scdaemon).'],
  'no-pcscd': ['The smart card service does not run.', 'Start it (on Debian: apt-get install pcscd, then systemctl start pcscd) and put the card in again.'],
  'no-reader': ['There is no card reader.', 'Connect the reader, or the token that is its own reader.'],
  'no-card': ['No card is in the reader, or another program holds it.', 'Insert a card; close other programs that use it, and other users’ gpg.'],
  'not-openpgp': ['The card in the reader is not an OpenPGP card.', 'Insert an OpenPGP card.'],
  'no-signing-key': ['The card holds no signing key.', 'Make one on it (gpg --card-edit, admin, generate) or move one there (gpg --edit-key, keytocard).'],
  'pin-blocked': ['The PIN of the card is blocked: no try is left.', 'Unblock it with the reset code or the admin PIN (gpg --card-edit, admin, passwd).'],
  'no-answer': ['The card does not answer.', 'Take it out, run gpgconf --kill all, and put it in again.'],
  'unclear': ['gpg could not read the card.', 'Take it out, run gpgconf --kill all, and put it in again.'],
};

function status(state: CardState, parts: Parts, more = ''): CardStatus {
  const [message, hint] = WORDS[state];
  return { state, message: more === '' ? message : `${message} ${more}`, hint, parts, readers: [], card: null };
}

function describe({ tries }: Card): string {
  if (tries.user === 0 || tries.user >= 3) return '';
  return `${tries.user} PIN ${tries.user === 1 ? 'try is' : 'tries are'} left.`;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
