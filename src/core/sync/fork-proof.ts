import { decodeBase64, encodeBase64 } from '../archive/base64.ts';
import type { Checkpoint } from '../archive/checkpoint.ts';
import { consistencyProof, verifyConsistency } from '../archive/proofs.ts';
import { foldComplete, rootAt } from '../archive/tree.ts';
import type { SubtreeReader, TreeHash } from '../archive/tree.ts';

/**
 * With two checkpoints that one key signed, shows anyone that no single history fits them: the root that the larger
 * tree had at the smaller one's size, and its consistency with the larger checkpoint (RFC 6962 §2.1.2). The smaller
 * checkpoint is signed over another root. Hashes in base64.
 */
export interface ForkProof {
  readonly size: number;
  readonly root: string;
  readonly consistency: readonly string[];
}

/** `read` reads the tree of the larger checkpoint. */
export function proveFork(smaller: Checkpoint, larger: Checkpoint, read: SubtreeReader): ForkProof {
  return {
    size: smaller.size,
    root: encodeBase64(rootAt(smaller.size, read)),
    consistency: consistencyProof(smaller.size, larger.size, read).map(encodeBase64),
  };
}

/** Whether a proof shows that two checkpoints, whose signatures were verified, are of different histories. */
export function verifyFork(proof: ForkProof, one: Checkpoint, two: Checkpoint): boolean {
  const [smaller, larger] = one.size <= two.size ? [one, two] : [two, one];
  const root = decodeBase64(proof.root);
  const hashes = proof.consistency.map(decodeBase64);
  if (one.origin !== two.origin || proof.size !== smaller.size || root === null || hashes.includes(null)) return false;
  // Two roots of one size need no further showing.
  if (smaller.size === larger.size) return hashes.length === 0 && !one.root.equals(two.root) && (root.equals(one.root) || root.equals(two.root));
  const consistent = verifyConsistency({ oldSize: smaller.size, oldRoot: root, size: larger.size, root: larger.root, proof: hashes as TreeHash[] });
  return consistent && !root.equals(smaller.root);
}

/** Reads subtrees out of a list of leaf hashes. */
export function readerOf(leaves: readonly TreeHash[]): SubtreeReader {
  return (level, index) => foldComplete(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
}
