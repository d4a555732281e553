import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { pgpWords } from '../model/pgp-words.ts';
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
export function makeCode(): VoiceCodeHash & { readonly words: string[] } {
  const words = pgpWords(randomBytes(VOICE_CODE_WORDS).toString('hex'));
  const salt = randomBytes(SALT_BYTES).toString('hex');
  return { words, salt, scrypt: hashed(normalisedCode(words), salt, HASH_BYTES).toString('hex') };
}

/** Whether words that were heard are the code of a hash (FORMATS §7); takes as long for a wrong one as for a right one. */
export function checkCode(code: string, { salt, scrypt }: VoiceCodeHash): boolean {
  const kept = Buffer.from(scrypt, 'hex');
  return timingSafeEqual(kept, hashed(normalisedCode([code]), salt, kept.length));
}

function hashed(code: string, salt: string, bytes: number): Buffer {
  return scryptSync(code, Buffer.from(salt, 'hex'), bytes, COST);
}
