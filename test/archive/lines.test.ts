import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/main/adapters/text-files.ts';
import { drift, everything, openTestArchive, temporaryFolder } from './archives.ts';

const LIMIT = 400_000;

function written(content: string | Buffer): string {
  const path = join(temporaryFolder(), 'records.jsonl');
  writeFileSync(path, content);
  return path;
}

describe('the lines of a file', () => {
  it('are those of its text, however long it is', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }).map((line) => line.replaceAll('\n', ' '))), (lines) => {
      // The first is longer than what is read at once, so that a character can lie across two readings.
      const all = ['ä'.repeat(700_000), ...lines];
      expect([...linesOf(written(all.join('\n')), 2_000_000)]).toEqual(all.at(-1) === '' ? all.slice(0, -1) : all);
    }), { numRuns: 30 });
  });

  it.each([
    ['is not UTF-8', Buffer.from([0x61, 0x0a, 0xc3, 0x28, 0x0a]), { code: 'malformed', details: expect.objectContaining({ line: 2 }) as object }],
    ['is too long', `a\nb\n${'x'.repeat(LIMIT + 1)}\n`, { code: 'too-large', details: expect.objectContaining({ line: 3 }) as object }],
    ['never ends', Buffer.alloc(5_000_000, 0x78), { code: 'too-large', details: expect.objectContaining({ line: 1 }) as object }],
  ])('name the one that %s', (_, content, error) => {
    expect(() => [...linesOf(written(content), LIMIT)]).toThrow(expect.objectContaining(error));
  });

  it('are of a file that is there', () => {
    expect(() => [...linesOf(join(temporaryFolder(), 'nothing'), LIMIT)]).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => [...linesOf(temporaryFolder(), LIMIT)]).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it('are all taken in, or none where one is refused', async () => {
    const archive = await openTestArchive();
    const many = Array.from({ length: 25_000 }, (_, at) => JSON.stringify(drift(at)));
    const [good, bad] = [written(many.join('\n')), written(`${many.join('\n')}\n{"event_type":\n`)];
    await expect(archive.importLines(() => linesOf(bad, LIMIT), 'bad.jsonl', () => undefined)).rejects.toMatchObject({ code: 'malformed', message: expect.stringContaining('bad.jsonl:25001') });
    expect((await archive.list({ ...everything, limit: 1 })).total).toBe(0);
    expect(await archive.importLines(() => linesOf(good, LIMIT), 'good.jsonl', () => undefined)).toBe(25_000);
    expect((await archive.show('24999')).entry.record).toMatchObject({ at: 24_999, imported: true });
  });
});
