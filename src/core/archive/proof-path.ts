import { nodeHash, type TreeHash } from './tree.ts';

/** One step of an inclusion proof: the hash that it gives, over which leaves, and what both together come to. */
export interface PathStep {
  readonly sibling: TreeHash;
  readonly side: 'left' | 'right';
  /** The leaves under the sibling, first and last. */
  readonly first: number;
  readonly last: number;
  readonly parent: TreeHash;
}

/**
 * Walks an inclusion proof from the leaf up (RFC 6962 §2.1.1), with what each step stands for. Errors: RangeError where
 * it has not as many hashes as a tree of this size asks for.
 */
export function proofPath({ leaf, index, size, hashes }: { readonly leaf: TreeHash; readonly index: number; readonly size: number; readonly hashes: readonly TreeHash[] }): PathStep[] {
  const siblings: Pick<PathStep, 'side' | 'first' | 'last'>[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      siblings.push({ side: 'right', first: middle, last: end - 1 });
      end = middle;
    } else {
      siblings.push({ side: 'left', first: start, last: middle - 1 });
      start = middle;
    }
  }
  if (siblings.length !== hashes.length) throw new RangeError(`a proof in a tree of ${size} has ${siblings.length} hashes, not ${hashes.length}`);
  let hash = leaf;
  return siblings.reverse().map((place, at) => {
    const sibling = hashes[at] as TreeHash;
    hash = place.side === 'left' ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    return { ...place, sibling, parent: hash };
  });
}

/** Largest power of two that is smaller than n (RFC 6962 §2.1). */
function splitOf(n: number): number {
  let split = 1;
  while (split * 2 < n) split *= 2;
  return split;
}
