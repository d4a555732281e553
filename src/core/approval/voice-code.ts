import { randomBytes, scrypt as scryptInThread, scryptSync, timingSafeEqual } from 'node:crypto';
import { hexOfWords, pgpWords } from '../model/pgp-words.ts';
import { VOICE_CODE_WORDS } from '../model/records/verbal.ts';

/** What the roster keeps of a voice code (FORMATS §5, §7): never its words. */
export interface VoiceCodeHash {
  readonly salt: string;
  readonly scrypt: string;
}

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };

/** A voice code as it is hashed: its words in lower case with one space between, however they were typed. */
export function normalisedCode(words: readonly string[]): string {
  return words.join(' ').toLowerCase().trim().split(/\s+/).join(' ');
}

/** A new single-use code of six PGP words, and what the roster keeps of it (FORMATS §7). */
export async function makeCode(): Promise<VoiceCodeHash & { readonly words: string[] }> {
  const words = pgpWords(randomBytes(VOICE_CODE_WORDS).toString('hex'));
  const salt = randomBytes(SALT_BYTES).toString('hex');
  return { words, salt, scrypt: (await hashedAside(normalisedCode(words), salt, HASH_BYTES)).toString('hex') };
}

/** What is no code is not hashed: that takes a while, and a record can say anything. */
export function couldBeCode(words: string): boolean {
  const list = normalisedCode([words]).split(' ');
  try {
    return list.length === VOICE_CODE_WORDS && hexOfWords(list).length === 2 * VOICE_CODE_WORDS;
  } catch {
    return false;
  }
}

/** Whether words that were heard are the code of a hash (FORMATS §7); takes as long for a wrong one as for a right one. */
export function checkCode(code: string, { salt, scrypt }: VoiceCodeHash): boolean {
  const kept = Buffer.from(scrypt, 'hex');
  return timingSafeEqual(kept, hashed(normalisedCode([code]), salt, kept.length));
}

/** The first of several hashes whose code these words are; null where they are none's. */
export async function whichCode<Kept extends VoiceCodeHash>(code: string, kept: readonly Kept[]): Promise<Kept | null> {
  const given = normalisedCode([code]);
  const found = await Promise.all(kept.map(async ({ salt, scrypt }) => timingSafeEqual(Buffer.from(scrypt, 'hex'), await hashedAside(given, salt, scrypt.length / 2))));
  return kept.find((_, at) => found[at] === true) ?? null;
}

function hashed(code: string, salt: string, bytes: number): Buffer {
  return scryptSync(code, Buffer.from(salt, 'hex'), bytes, COST);
}

/** The same beside everything else, because it takes a while. */
function hashedAside(code: string, salt: string, bytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scryptInThread(code, Buffer.from(salt, 'hex'), bytes, COST, (cause, key) => (cause === null ? resolve(key) : reject(cause)));
  });
}
