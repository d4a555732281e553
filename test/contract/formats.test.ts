import { createHash, scryptSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { jsonSchemas } from '../../scripts/json-schemas.ts';
import { checkCode } from '../../src/core/approval/voice-code.ts';
import { formats } from '../../src/core/model/formats.ts';
import { pgpWords } from '../../src/core/model/pgp-words.ts';
import { RECORD_FORMS } from '../../src/core/model/records/forms.ts';
import { readBackWords } from '../../src/core/workflow/verbal-statement.ts';

const ROOT = join(import.meta.dirname, '../..');
const Vectors = z.strictObject({
  format: z.string(),
  good: z.array(z.unknown()).min(1),
  bad: z.array(z.strictObject({ rule: z.string().startsWith('§'), schema: z.enum(['refuses', 'cannot-say']), value: z.unknown() })).min(2),
});
/** Records of which other programs decide whether they open a gate. */
const RECORDS = ['verbal_request', 'verbal_approval', 'ratification', 'dispute', 'emergency_patch'] as const;
const all: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([...Object.entries(formats), ...RECORDS.map((type) => [`record-${type.replaceAll('_', '-')}`, RECORD_FORMS[type].schema] as const)]);
const names = [...all.keys()];
const derived = (name: string): unknown => JSON.parse(readFileSync(join(ROOT, `test/vectors/derived/${name}.json`), 'utf8'));

describe('formats', () => {
  test('every format has its vectors, and every file of vectors its format', () => {
    expect(readdirSync(join(ROOT, 'test/vectors')).filter((file) => file.endsWith('.json')).sort()).toEqual(names.map((name) => `${name}.json`).sort());
  });

  test.each([...jsonSchemas()])('%s is what the declaration says', (file, text) => {
    expect(readFileSync(join(ROOT, 'schemas', file), 'utf8')).toBe(text);
  });

  describe.each(names)('%s', (name) => {
    const vectors = Vectors.parse(JSON.parse(readFileSync(join(ROOT, `test/vectors/${name}.json`), 'utf8')));
    const validate = new Ajv2020({ strict: false, formats: { email: true } }).compile(JSON.parse(jsonSchemas().get(`${name}.schema.json`) ?? '{}'));

    test.each(vectors.good.map((value, index) => [index, value]))('good %i is accepted', (_, value) => {
      expect(all.get(name)?.safeParse(value).error).toBeUndefined();
      expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
    });

    test.each(vectors.bad.map(({ rule, schema, value }) => [rule, schema, value] as const))('%s: a breach is refused', (_, schema, value) => {
      expect(all.get(name)?.safeParse(value).success).toBe(false);
      // A schema can say less than the declaration ("this date does not exist"), but never more.
      expect(validate(value)).toBe(schema === 'cannot-say');
    });
  });
});

describe('what is derived', () => {
  test('the words that are read back come from the text, the entry that logged it, and the challenge (FORMATS §7)', () => {
    const { statement, statement_sha256: digest, good } = z.object({ statement: z.string(), statement_sha256: z.string(), good: z.array(z.object({ statement_sha256: z.string(), leaf: z.string(), challenge: z.string(), words: z.array(z.string()).length(4) })).min(4) }).parse(derived('read-back'));
    const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
    expect(sha256(statement)).toBe(digest);
    for (const { statement_sha256: of, leaf, challenge, words } of good) {
      // As another program would do it, without a word of this one's.
      expect(pgpWords(sha256(`{"challenge":"${challenge}","context":"countersign/read-back/v1","leaf":"${leaf}","statement_sha256":"${of}"}`).slice(0, 8))).toEqual(words);
      expect(readBackWords(of, leaf, challenge)).toEqual(words);
    }
    expect(new Set(good.map(({ words }) => words.join(' '))).size).toBe(good.length);
  });

  test('a voice code is its six words, however they were typed, and nothing else is (FORMATS §5, §7)', () => {
    const { salt, scrypt, good, bad } = z.object({ salt: z.string(), scrypt: z.string(), good: z.array(z.string()).min(2), bad: z.array(z.string()).min(2) }).parse(derived('voice-code'));
    expect(scryptSync(good[0]?.toLowerCase() ?? '', Buffer.from(salt, 'hex'), 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 }).toString('hex')).toBe(scrypt);
    expect(good.filter((words) => !checkCode(words, { salt, scrypt }))).toEqual([]);
    expect(bad.filter((words) => checkCode(words, { salt, scrypt }))).toEqual([]);
  });
});
