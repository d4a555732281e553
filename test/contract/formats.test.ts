import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { jsonSchemas } from '../../scripts/json-schemas.ts';
import { formats, type FormatName } from '../../src/core/model/formats.ts';

const ROOT = join(import.meta.dirname, '../..');
const Vectors = z.strictObject({
  format: z.string(),
  good: z.array(z.unknown()).min(1),
  bad: z.array(z.strictObject({ rule: z.string().startsWith('§'), schema: z.enum(['refuses', 'cannot-say']), value: z.unknown() })).min(2),
});
const names = Object.keys(formats) as FormatName[];

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
      expect(formats[name].safeParse(value).error).toBeUndefined();
      expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
    });

    test.each(vectors.bad.map(({ rule, schema, value }) => [rule, schema, value] as const))('%s: a breach is refused', (_, schema, value) => {
      expect(formats[name].safeParse(value).success).toBe(false);
      // A schema can say less than the declaration ("this date does not exist"), but never more.
      expect(validate(value)).toBe(schema === 'cannot-say');
    });
  });
});
