import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { formats } from '../src/core/model/formats.ts';
import { RECORD_FORMS } from '../src/core/model/records/forms.ts';

/** The JSON Schemas of every format, by file name; made from the one declaration of each. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  const records = Object.entries(RECORD_FORMS).map(([type, { schema }]) => [`record-${type.replaceAll('_', '-')}`, schema] as const);
  return new Map(
    [...Object.entries(formats), ...records].map(([name, format]) => {
      const schema = z.toJSONSchema(format, { target: 'draft-2020-12', io: 'input' });
      return [`${name}.schema.json`, `${JSON.stringify({ title: name, ...schema }, null, 2)}\n`] as const;
    }),
  );
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, '../schemas');
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of jsonSchemas()) writeFileSync(join(folder, file), text);
}
