import { describe, expect, it } from 'vitest';
import { killWriters } from './kill-lane.ts';

/** The short form of `npm run test:faults`. */
describe('a writer that is killed at random moments', () => {
  it('loses nothing that it acknowledged, and leaves nothing that needs a hand', async () => {
    const counts = await killWriters(40, { latest: 200 });
    expect(counts).toMatchObject({ kills: 40, lost: 0, handWork: [] });
    expect(counts.entries).toBeGreaterThan(40);
  }, 120_000);
});
