import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, harmless } from '../../src/core/archive/csv-export.ts';
import { canonicalJson } from '../../src/core/archive/canonical-json.ts';
import { importText, openTestArchive, quietWork, temporaryFolder } from './archives.ts';

/** An independent reader, which takes the mark away as the documentation says. */
const READER = `
import csv, io, json, sys
text = sys.stdin.buffer.read().decode('utf-8')
rows = list(csv.reader(io.StringIO(text, newline=''), strict=True))
json.dump([[cell[1:] if cell.startswith("'") else cell for cell in row] for row in rows], sys.stdout)
`;

function readBack(table: Buffer | string): string[][] {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', READER], { input: table, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as string[][];
}

describe('a table', () => {
  it('holds nothing that a spreadsheet runs, and is read back as it was', () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.constantFrom('=1+1', "=cmd|' /C calc'!A0", '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n', "'", "''=1", '"', ',', ';', '\r\n', ''));
    const rows = fc.sample(fc.array(cell, { minLength: 1, maxLength: 8 }), 500).map((row) => row.map((text) => text.toWellFormed().replaceAll('\0', '')));
    expect(readBack(rows.map(csvLine).join(''))).toEqual(rows);
    for (const text of rows.flat()) expect(harmless(text)).not.toMatch(/^[=+\-@\t\r\n]/);
  });
});

describe('an export as CSV', () => {
  it('is one table of every entry of every log, as RFC 4180 has it', async () => {
    const [ours, theirs] = [await openTestArchive({ origin: 'a.example/one' }), await openTestArchive({ origin: 'a.example/two' })];
    await ours.appendRecords([
      { event_type: 'release', release_version: 'v1.0.0', note: '=HYPERLINK("https://example.com")' }, { event_type: 'rollback', from_version: '=1+1', rollback_reason: 'lines\r\nand "quotes", 東京 \ud83d\ude00' },
    ]);
    await importText(theirs, JSON.stringify({ event_type: 'approval', release_version: '-2', approver: '@ines' }), 'x.jsonl');
    const shared = temporaryFolder();
    for (const archive of [theirs, ours]) await archive.sync(shared, quietWork);
    const out = join(temporaryFolder(), 'table');
    const steps: number[] = [];
    expect(await ours.exportTo('csv', out, { ...quietWork, progress: ({ done }) => steps.push(done) })).toEqual({ path: out, logs: 2, entries: 3, files: 1 });
    expect(readdirSync(out)).toEqual(['entries.csv']);
    expect(steps.at(-1)).toBe(3);

    const bytes = readFileSync(join(out, 'entries.csv'));
    expect(bytes.toString('utf8').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(bytes.subarray(0, 4).toString()).toBe('"id"');
    const [head, ...rows] = readBack(bytes);
    expect(head).toEqual(['id', 'origin', 'seq', 'time', 'event_type', 'release', 'imported', 'person', 'witnessed', 'leaf', 'summary', 'record']);
    const listed = await ours.list({ origin: null, event_type: null, release: null, offset: 0, limit: 10 });
    const expected = await Promise.all(listed.entries.map(async (entry) => [
      entry.id, entry.origin, String(entry.seq), entry.time, entry.event_type, entry.release ?? '', String(entry.imported), entry.person, entry.witnessed, entry.leaf, entry.summary, canonicalJson((await ours.show(entry.id)).entry.record),
    ]));
    expect(rows.sort()).toEqual(expected.sort());
    expect(bytes.toString('utf8')).toContain(`"'=1+1"`);
  });
});
