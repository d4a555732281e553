import { hash } from 'node:crypto';

/** A SHA-256, 32 bytes. */
export type TreeHash = Buffer;

/** Reads the hash of the complete subtree of 2^level leaves that starts at leaf index × 2^level. */
export type SubtreeReader = (level: number, index: number) => TreeHash;

/** Root of the tree without leaves (RFC 6962 §2.1): SHA-256 of nothing. */
export const EMPTY_ROOT: TreeHash = hash('sha256', Buffer.alloc(0), 'buffer');

export const HASH_BYTES = 32;

/** Leaf hash, SHA-256(0x00 ‖ entry) (RFC 6962 §2.1). */
export function leafHash(entry: Uint8Array): TreeHash {
  const prefixed = Buffer.allocUnsafe(entry.length + 1);
  prefixed[0] = 0;
  prefixed.set(entry, 1);
  return sha256(prefixed);
}

/** SHA-256 of bytes that bring their prefix of RFC 6962 §2.1 with them. */
export function sha256(prefixed: Uint8Array): TreeHash {
  // A digest that comes as a text is cut from the pool of buffers; asked for as a buffer, each one is allocated by
  // itself, which takes longer than hashing two hashes.
  return Buffer.from(hash('sha256', prefixed, 'binary'), 'binary');
}

const nodeInput = Buffer.alloc(1 + 2 * HASH_BYTES);
nodeInput[0] = 1;

/** Interior hash, SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): TreeHash {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_BYTES);
  return sha256(nodeInput);
}

/** Told of every subtree of 2^level leaves as it becomes complete, leaves (level 0) and what lies below a subtree that was appended left out. */
type OnSubtree = (level: number, index: number, hash: TreeHash) => void;

/**
 * An append-only tree by its right edge: one hash for every complete subtree of the size's binary digits, largest
 * first. That is all that appending and the root need: O(log n) hashes.
 */
export class GrowingTree {
  #size: number;
  readonly #edge: TreeHash[];

  constructor(size = 0, edge: readonly TreeHash[] = []) {
    if (edge.length !== onesIn(size)) throw new RangeError(`a tree of ${size} leaves has ${onesIn(size)} hashes at its edge, not ${edge.length}`);
    this.#size = size;
    this.#edge = [...edge];
  }

  /** From what `edgeBytes` gave. Errors: RangeError where the bytes do not fit the size. */
  static fromBytes(size: number, bytes: Uint8Array): GrowingTree {
    if (bytes.length % HASH_BYTES !== 0) throw new RangeError('the edge of a tree is whole hashes');
    const edge = Array.from({ length: bytes.length / HASH_BYTES }, (_, at) => Buffer.from(bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)));
    return new GrowingTree(size, edge);
  }

  get size(): number {
    return this.#size;
  }

  append(leaf: TreeHash, onSubtree?: OnSubtree): void {
    this.appendSubtree(0, leaf, onSubtree);
  }

  /** Appends 2^level leaves by the hash of their tree. Errors: RangeError where the size is no multiple of 2^level. */
  appendSubtree(level: number, root: TreeHash, onSubtree?: OnSubtree): void {
    const leaves = 2 ** level;
    if (this.#size % leaves !== 0) throw new RangeError(`a subtree of ${leaves} leaves does not start at leaf ${this.#size}`);
    let carried = root;
    let index = this.#size / leaves;
    if (level > 0) onSubtree?.(level, index, carried);
    for (let above = level + 1; index % 2 === 1; above += 1) {
      index = (index - 1) / 2;
      carried = nodeHash(this.#edge.pop() as TreeHash, carried);
      onSubtree?.(above, index, carried);
    }
    this.#edge.push(carried);
    this.#size += leaves;
  }

  root(): TreeHash {
    return foldEdge(this.#edge);
  }

  edgeBytes(): Buffer {
    return Buffer.concat(this.#edge);
  }

  copy(): GrowingTree {
    return new GrowingTree(this.#size, this.#edge);
  }
}

/** Root over a list of leaf hashes. */
export function rootOf(leaves: readonly TreeHash[]): TreeHash {
  const tree = new GrowingTree();
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}

/** Root that the tree had at a size, out of stored complete subtrees. */
export function rootAt(size: number, read: SubtreeReader): TreeHash {
  return rangeRoot(0, size, read);
}

/** MTH(D[start:end]) of RFC 6962 §2.1, where start is a multiple of the smallest power of two that is at least end − start. */
export function rangeRoot(start: number, end: number, read: SubtreeReader): TreeHash {
  return foldEdge(subtreesOf(start, end).map(({ level, index }) => read(level, index)));
}

/** The complete subtrees that a range consists of, left to right. */
function subtreesOf(start: number, end: number): { level: number; index: number }[] {
  const found: { level: number; index: number }[] = [];
  for (let at = start; at < end;) {
    let level = Math.floor(Math.log2(end - at));
    // log2 of a large size rounds: one step down mends it.
    while (2 ** level > end - at) level -= 1;
    found.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return found;
}

/** Hash of a complete run of 2^k hashes. */
export function foldComplete(hashes: readonly TreeHash[]): TreeHash {
  let row = hashes;
  while (row.length > 1) {
    row = Array.from({ length: row.length / 2 }, (_, at) => nodeHash(row[2 * at] as TreeHash, row[2 * at + 1] as TreeHash));
  }
  return row[0] as TreeHash;
}

function foldEdge(edge: readonly TreeHash[]): TreeHash {
  return edge.length === 0 ? EMPTY_ROOT : edge.reduceRight((right, left) => nodeHash(left, right));
}

function onesIn(size: number): number {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`${size} is not the size of a tree`);
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
