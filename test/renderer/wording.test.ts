import { describe, expect, test } from 'vitest';
import { baseName, counted, entryName, grouped, lasting, listed, relative, sized, utc } from '../../src/renderer/components/wording.ts';

describe('wording', () => {
  test('counts say one and many', () => {
    expect([counted(1, 'file'), counted(0, 'file'), counted(3000, 'entry', 'entries')]).toEqual(['1 file', '0 files', '3,000 entries']);
  });

  test('sizes are MiB, and bytes where a MiB says nothing', () => {
    expect([sized(0), sized(4812), sized(1_048_576), sized(38_797_312), sized(3 * 1024 ** 3)]).toEqual(['0 bytes', '4,812 bytes', '1.00 MiB', '37.0 MiB', '3,072 MiB']);
  });

  test('durations are words', () => {
    expect([lasting(45), lasting(192 * 60), lasting(90_000)]).toEqual(['45 s', '3 h 12 min', '1 day']);
  });

  test('how long ago, and how long still', () => {
    const now = Date.parse('2026-03-02T21:44:00Z');
    expect(relative('2026-03-02T21:40:00Z', now)).toBe('4 min ago');
    expect(relative('2026-03-05T21:44:00Z', now)).toBe('in 3 days');
    expect(relative('2026-03-02T21:43:50Z', now)).toBe('just now');
  });

  test('UTC comes first, to the minute', () => {
    expect(utc('2026-03-02T21:44:09Z')).toBe('2026-03-02 21:44');
  });

  test('names are short where there is no room, and whole where they are read out', () => {
    expect(entryName({ origin: 'countersign.invalid/desk-2', seq: 41 })).toBe('desk-2 #41');
    expect(grouped('0F1E2D3C4B5A')).toBe('0F1E 2D3C 4B5A');
    expect([baseName('/srv/a/'), baseName('C:\\builds\\out'), baseName('x')]).toEqual(['a', 'out', 'x']);
    expect([listed([]), listed(['a']), listed(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
  });
});
