import { cpSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/model/errors.ts';
import { openArchive, type Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { repairArchive } from '../../src/main/adapters/sqlite/repair-archive.ts';
import { drift, everything, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';

/** What a disk does to pages: bits turn, a write stops half way, one lands elsewhere or is lost. `where` is a fraction of the file. */
type Damage =
  | { readonly does: 'flip'; readonly where: number; readonly bit: number }
  | { readonly does: 'zero' | 'tear' | 'cut'; readonly where: number }
  | { readonly does: 'misplace'; readonly where: number; readonly from: number };

const PAGE = 4_096;
const where = fc.double({ min: 0, max: 0.999_999, noNaN: true });
const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('flip' as const), where, bit: fc.nat(7) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('zero' as const, 'tear' as const), where }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('cut' as const), where }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('misplace' as const), where, from: where }) },
);

function spoil(file: string, one: Damage): void {
  const bytes = readFileSync(file);
  const pages = Math.floor(bytes.length / PAGE);
  if (pages === 0) return;
  const start = Math.floor(one.where * pages) * PAGE;
  if (one.does === 'cut') return truncateSync(file, start);
  if (one.does === 'flip') {
    const at = Math.floor(one.where * bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << one.bit);
  } else if (one.does === 'misplace') bytes.copy(bytes, start, Math.floor(one.from * pages) * PAGE, Math.floor(one.from * pages) * PAGE + PAGE);
  else bytes.fill(0, one.does === 'tear' ? start + PAGE / 2 : start, start + PAGE);
  writeFileSync(file, bytes);
}

const RUNS = Number(process.env['COUNTERSIGN_PAGE_RUNS'] ?? 40);
const open = (home: string): Promise<Archive> => openArchive({ home, now: () => new Date(), boot: 'pages' });
const leavesOf = async (archive: Archive): Promise<string[]> => (await archive.list(everything)).entries.map(({ leaf }) => leaf);

interface Made {
  readonly whole: string;
  readonly shared: string;
  readonly leaves: readonly string[];
}

/** A closed data folder with two logs, both in a shared folder too. */
async function made(): Promise<Made> {
  const [whole, shared] = [join(temporaryFolder(), 'home'), join(temporaryFolder(), 'shared')];
  const other = await openTestArchive();
  await other.appendRecords(Array.from({ length: 150 }, (_, at) => drift(at)));
  await other.sync(shared, quietWork);
  const archive = await openTestArchive({ home: whole });
  await archive.appendRecords(Array.from({ length: 400 }, (_, at) => ({ ...drift(at), text: 'x'.repeat(at % 50 === 0 ? 9_000 : 100) })));
  await archive.sync(shared, quietWork);
  const leaves = await leavesOf(archive);
  archive.close();
  return { whole, shared, leaves };
}

describe('a page that the disk spoilt', () => {
  it('is no matter, or is named, and all is had back from a shared archive', { timeout: 240_000 }, async () => {
    const { whole, shared, leaves } = await made();
    let repaired = 0;
    await fc.assert(fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
      const home = join(temporaryFolder(), 'home');
      cpSync(whole, home, { recursive: true });
      const file = join(home, 'genesis.db');
      for (const one of damages) spoil(file, one);
      const before = await named(home, leaves);
      const repair = await repairArchive({ home, from: shared }, quietWork);
      // What a verification finds, a repair finds too.
      if (before !== null) expect(repair.verdict, before).toBe('repaired');
      else expect(['whole', 'repaired']).toContain(repair.verdict);
      if (repair.kept !== null) expect(existsSync(repair.kept)).toBe(true);
      if (repair.verdict === 'repaired') repaired += 1;
      const archive = await open(home);
      try {
        expect(await archive.sync(shared, quietWork)).toMatchObject({ problems: [] });
        expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'good', entries: 550 });
        expect((await leavesOf(archive)).sort()).toEqual([...leaves].sort());
      } finally {
        archive.close();
      }
    }), { numRuns: RUNS, examples: [[[{ does: 'cut', where: 0 }]]] });
    expect(repaired).toBeGreaterThan(RUNS / 4);
  });
});

/** What is said of the damage before anything is done about it; null where the archive is as good as before. */
async function named(home: string, leaves: readonly string[]): Promise<string | null> {
  const copy = join(temporaryFolder(), 'copy');
  cpSync(home, copy, { recursive: true });
  let archive: Archive | null = null;
  try {
    archive = await open(copy);
    const { verdict, problems } = await archive.verify(quietWork);
    if (verdict === 'good') {
      expect((await leavesOf(archive)).sort()).toEqual([...leaves].sort());
      return null;
    }
    expect(problems.length).toBeGreaterThan(0);
    return problems.map(({ message }) => message).join('; ');
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    expect(['storage-failed', 'storage-busy']).toContain(cause.code);
    expect(cause.hint).not.toBeNull();
    return cause.message;
  } finally {
    archive?.close();
  }
}
