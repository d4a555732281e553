import { nodeHash, rangeRoot } from './tree.ts';
import type { SubtreeReader, TreeHash } from './tree.ts';

/** PATH(m, D[n]) of RFC 6962 §2.1.1: that the leaf at `index` is in the tree of `size`. Errors: RangeError. */
export function inclusionProof(index: number, size: number, read: SubtreeReader): TreeHash[] {
  if (!inRange(index, 0, size - 1)) throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
  const proof: TreeHash[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      proof.push(rangeRoot(middle, end, read));
      end = middle;
    } else {
      proof.push(rangeRoot(start, middle, read));
      start = middle;
    }
  }
  return proof.reverse();
}

/** PROOF(m, D[n]) of RFC 6962 §2.1.2: that the tree of `oldSize` is a beginning of the tree of `size`. Errors: RangeError. */
export function consistencyProof(oldSize: number, size: number, read: SubtreeReader): TreeHash[] {
  if (!inRange(oldSize, 0, size)) throw new RangeError(`a tree of ${size} has no beginning of ${oldSize}`);
  if (oldSize === 0 || oldSize === size) return [];
  const proof: TreeHash[] = [];
  let start = 0;
  let end = size;
  // Whether the old tree is a whole subtree so far: then its hash is known to whoever asks, and is left out.
  let whole = true;
  while (oldSize < end) {
    const middle = start + splitOf(end - start);
    if (oldSize <= middle) {
      proof.push(rangeRoot(middle, end, read));
      end = middle;
    } else {
      proof.push(rangeRoot(start, middle, read));
      start = middle;
      whole = false;
    }
  }
  if (!whole) proof.push(rangeRoot(start, end, read));
  return proof.reverse();
}

/** Whether a proof shows that the leaf stands at `index` under `root` (RFC 9162 §2.1.3.2). */
export function verifyInclusion(claim: {
  readonly leaf: TreeHash; readonly index: number; readonly size: number; readonly root: TreeHash; readonly proof: readonly TreeHash[];
}): boolean {
  if (!inRange(claim.index, 0, claim.size - 1) || !claim.proof.every(isHash)) return false;
  let at = claim.index;
  let last = claim.size - 1;
  let hash = claim.leaf;
  for (const sibling of claim.proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) {
        at = half(at);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    at = half(at);
    last = half(last);
  }
  return last === 0 && hash.equals(claim.root);
}

/** Whether a proof shows that the old tree is a beginning of the new one (RFC 9162 §2.1.4.2). */
export function verifyConsistency(claim: {
  readonly oldSize: number; readonly oldRoot: TreeHash; readonly size: number; readonly root: TreeHash; readonly proof: readonly TreeHash[];
}): boolean {
  const { oldSize, size } = claim;
  if (!inRange(oldSize, 0, size) || !claim.proof.every(isHash)) return false;
  if (oldSize === size) return claim.proof.length === 0 && claim.oldRoot.equals(claim.root);
  // Every tree continues the empty one; nothing needs to be shown.
  if (oldSize === 0) return claim.proof.length === 0;
  const path = isPowerOfTwo(oldSize) ? [claim.oldRoot, ...claim.proof] : claim.proof;
  const first = path[0];
  if (first === undefined) return false;
  let at = oldSize - 1;
  let last = size - 1;
  while (at % 2 === 1) {
    at = half(at);
    last = half(last);
  }
  let oldHash = first;
  let hash = first;
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      oldHash = nodeHash(sibling, oldHash);
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) {
        at = half(at);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    at = half(at);
    last = half(last);
  }
  return last === 0 && oldHash.equals(claim.oldRoot) && hash.equals(claim.root);
}

function isHash(value: TreeHash): boolean {
  return value.length === 32;
}

/** Largest power of two that is smaller than n (RFC 6962 §2.1). */
function splitOf(n: number): number {
  let split = 1;
  while (split * 2 < n) split *= 2;
  return split;
}

function isPowerOfTwo(n: number): boolean {
  return splitOf(n) * 2 === n || n === 1;
}

function half(n: number): number {
  return Math.floor(n / 2);
}

function inRange(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}
