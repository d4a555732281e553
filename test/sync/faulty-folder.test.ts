import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { drift, everything, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';
import { FAULTS, faultyFolder, type Fault } from './faulty-folder.ts';

interface Step {
  readonly console: number;
  readonly append: number;
  readonly fault: Fault | null;
}

/** So many are tried where nothing else is said; COUNTERSIGN_MODEL_RUNS asks for more. */
const RUNS = Number(process.env['COUNTERSIGN_MODEL_RUNS'] ?? 12);
const step: fc.Arbitrary<Step> = fc.record({ console: fc.nat(2), append: fc.constantFrom(0, 1, 3, 260), fault: fc.constantFrom(null, ...FAULTS) });
/** What is said of a medium that fails, and of nothing else. */
const SAID = ['damaged', 'rewound', 'busy'];

/** Three consoles and a stick that fails when it is told to. */
async function around(stick: string) {
  let fault: Fault | null = null;
  const shareAt = faultyFolder(() => fault);
  const consoles = await Promise.all([0, 1, 2].map(() => openTestArchive({ shareAt })));
  const sync = async (at: number, now: Fault | null = null, check = false) => {
    fault = now;
    const { problems } = await (consoles[at] as Archive).sync(stick, quietWork, { check });
    for (const { origin, code, message } of problems) expect(SAID, `${origin}: ${message}`).toContain(code);
    return problems;
  };
  return { consoles, sync };
}

async function leavesOf(archive: Archive): Promise<string[]> {
  return (await archive.list(everything)).entries.map(({ leaf }) => leaf).sort();
}

describe('a stick whose renames are lost, whose files are half written, and whose clock is coarse', () => {
  it('takes nothing from any console, raises no false alarm, and is whole again once it holds what it is given', { timeout: 240_000 }, async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const stick = join(temporaryFolder(), 'stick');
      const { consoles, sync } = await around(stick);
      let written = 0;
      for (const { console, append, fault } of steps) {
        await (consoles[console] as Archive).appendRecords(Array.from({ length: append }, () => drift(written++)));
        await sync(console, fault);
      }
      // Whoever has the log of another mends it as its owner does; the files are read back, since zeros have the right size.
      for (let round = 0; round < 3; round += 1) for (const at of consoles.keys()) await sync(at, null, true);
      for (const at of consoles.keys()) expect(await sync(at, null, true)).toEqual([]);
      const held = await Promise.all(consoles.map(leavesOf));
      expect(held[0]).toHaveLength(written);
      for (const leaves of held) expect(leaves).toEqual(held[0]);
      for (const archive of consoles) {
        expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'good' });
        expect((await archive.logs()).map(({ state }) => state)).toEqual(['good', 'good', 'good']);
        expect(await archive.verifyExport(stick, [], quietWork)).toMatchObject({ verdict: 'good', entries: written, problems: [] });
      }
    }), { numRuns: RUNS });
  });

  it.each(FAULTS.filter((fault) => fault !== 'zeros'))('is mended by the next sync of its owner after %s, and what was wrong is said', async (fault) => {
    const stick = join(temporaryFolder(), 'stick');
    const { consoles: [ours, theirs], sync } = await around(stick);
    await ours?.appendRecords([drift(0), drift(1)]);
    await sync(0);
    await ours?.appendRecords([drift(2)]);
    await sync(0, fault);
    expect(existsSync(join(stick, ours?.origin ?? '', 'vkey'))).toBe(true);
    await sync(1);
    expect((await sync(0)).length).toBeGreaterThan(0);
    expect(await sync(1)).toEqual([]);
    expect((await theirs?.logs())?.find(({ origin }) => origin === ours?.origin)).toMatchObject({ size: 3, state: 'good' });
  });

  it('has files of the right size whose bytes never came read back where that is asked for', async () => {
    const stick = join(temporaryFolder(), 'stick');
    const { consoles: [ours, theirs], sync } = await around(stick);
    await ours?.appendRecords([drift(0), drift(1)]);
    await sync(0, 'zeros');
    expect(await sync(1)).toEqual([expect.objectContaining({ origin: ours?.origin, code: 'damaged' })]);
    expect((await sync(0, null, true)).map(({ code, message }) => `${code} ${message}`)).toEqual([expect.stringMatching(/^damaged .*published again/)]);
    expect(await sync(1)).toEqual([]);
    expect((await theirs?.logs())?.find(({ origin }) => origin === ours?.origin)).toMatchObject({ size: 2 });
  });
});
