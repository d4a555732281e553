import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proofPath } from '../../src/core/archive/proof-path.ts';
import { inclusionProof } from '../../src/core/archive/proofs.ts';
import { leafHash, rangeRoot, rootOf } from '../../src/core/archive/tree.ts';
import { readerOf } from '../../src/core/sync/fork-proof.ts';

const leaves = (count: number): Buffer[] => Array.from({ length: count }, (_, at) => leafHash(Buffer.from(String(at))));

describe('the path of a proof', () => {
  it('comes to the root, by siblings over the entries that it says', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 600 }), fc.nat(), (size, pick) => {
      const index = pick % size;
      const all = leaves(size);
      const read = readerOf(all);
      const steps = proofPath({ leaf: all[index] as Buffer, index, size, hashes: inclusionProof(index, size, read) });
      expect(steps.at(-1)?.parent ?? all[index]).toEqual(rootOf(all));
      let [first, last] = [index, index];
      for (const step of steps) {
        expect(step.sibling).toEqual(rangeRoot(step.first, step.last + 1, read));
        // Each sibling stands right beside what was reached.
        expect(step.side === 'left' ? step.last : step.first).toBe(step.side === 'left' ? first - 1 : last + 1);
        [first, last] = [Math.min(first, step.first), Math.max(last, step.last)];
      }
      expect([first, last]).toEqual([0, size - 1]);
    }), { numRuns: 200 });
  });

  it('is refused where a hash is missing or too many', () => {
    const [leaf] = leaves(1) as [Buffer];
    expect(() => proofPath({ leaf, index: 0, size: 2, hashes: [] })).toThrow(RangeError);
    expect(() => proofPath({ leaf, index: 0, size: 1, hashes: [leaf] })).toThrow(RangeError);
  });
});
