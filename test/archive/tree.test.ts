import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from '../../src/core/archive/proofs.ts';
import { EMPTY_ROOT, GrowingTree, leafHash, nodeHash, rootAt, rootOf } from '../../src/core/archive/tree.ts';
import type { SubtreeReader, TreeHash } from '../../src/core/archive/tree.ts';

/** Test data of the Certificate Transparency reference implementation, for RFC 6962. */
const PUBLISHED_LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const PUBLISHED_ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('RFC 6962 tree', () => {
  it('comes to the published roots', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    const leaves = PUBLISHED_LEAVES.map((hex) => leafHash(Buffer.from(hex, 'hex')));
    for (const [at, root] of PUBLISHED_ROOTS.entries()) expect(rootOf(leaves.slice(0, at + 1)).toString('hex')).toBe(root);
  });

  it('gives the published inclusion and consistency proofs', () => {
    const leaves = PUBLISHED_LEAVES.map((hex) => leafHash(Buffer.from(hex, 'hex')));
    expect(inclusionProof(5, 8, readerOf(leaves)).map(hexOf)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect(consistencyProof(6, 8, readerOf(leaves)).map(hexOf)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  it('is the recursive definition, at every size and from every stored edge', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 600 }), fc.nat(), (size, cut) => {
      const leaves = leavesOf(size);
      const before = size === 0 ? 0 : cut % (size + 1);
      const half = new GrowingTree();
      for (const leaf of leaves.slice(0, before)) half.append(leaf);
      const whole = GrowingTree.fromBytes(before, half.edgeBytes());
      for (const leaf of leaves.slice(before)) whole.append(leaf);
      expect(whole.root()).toEqual(naiveRoot(leaves));
      expect(rootAt(before, readerOf(leaves))).toEqual(naiveRoot(leaves.slice(0, before)));
    }), { numRuns: 60 });
  });

  it('is the same by whole subtrees as by leaves', () => {
    const leaves = Array.from({ length: 70 }, (_, at) => leafHash(Buffer.from([at])));
    const told = (grow: (tree: GrowingTree, note: (level: number, index: number, hash: TreeHash) => void) => void): unknown => {
      const tree = new GrowingTree();
      const notes: string[] = [];
      grow(tree, (level, index, hash) => level >= 3 && notes.push(`${level} ${index} ${hash.toString('hex')}`));
      return { root: tree.root(), edge: tree.edgeBytes(), size: tree.size, notes };
    };
    expect(told((tree, note) => {
      for (let at = 0; at + 8 <= leaves.length; at += 8) tree.appendSubtree(3, rootOf(leaves.slice(at, at + 8)), note);
      for (const leaf of leaves.slice(64)) tree.append(leaf, note);
    })).toEqual(told((tree, note) => {
      for (const leaf of leaves) tree.append(leaf, note);
    }));
    expect(() => new GrowingTree(1, [leaves[0] as TreeHash]).appendSubtree(3, leaves[1] as TreeHash)).toThrow(RangeError);
  });

  it('refuses an edge that does not fit its size', () => {
    expect(() => new GrowingTree(3, [EMPTY_ROOT])).toThrow(RangeError);
    expect(() => GrowingTree.fromBytes(1, Buffer.alloc(31))).toThrow(RangeError);
  });
});

describe('proofs', () => {
  it('show inclusion, and nothing else', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), (size, pick, spoil) => {
      const leaves = leavesOf(size);
      const index = pick % size;
      const leaf = leaves[index] as TreeHash;
      const root = naiveRoot(leaves);
      const proof = inclusionProof(index, size, readerOf(leaves));
      expect(proof).toEqual(naiveInclusion(index, leaves));
      const claim = { leaf, index, size, root, proof };
      expect(verifyInclusion(claim)).toBe(true);
      expect(verifyInclusion({ ...claim, leaf: nodeHash(leaf, leaf) })).toBe(false);
      expect(verifyInclusion({ ...claim, proof: [...proof, root] })).toBe(false);
      expect(verifyInclusion({ ...claim, index: size })).toBe(false);
      if (proof.length > 0) {
        expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: proof.map((hash, at) => (at === spoil % proof.length ? flipped(hash) : hash)) })).toBe(false);
      }
    }), { numRuns: 150 });
  });

  it('show consistency, and nothing else', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), (size, pick, spoil) => {
      const leaves = leavesOf(size);
      const oldSize = pick % (size + 1);
      const proof = consistencyProof(oldSize, size, readerOf(leaves));
      const claim = { oldSize, oldRoot: naiveRoot(leaves.slice(0, oldSize)), size, root: naiveRoot(leaves), proof };
      expect(verifyConsistency(claim)).toBe(true);
      expect(verifyConsistency({ ...claim, proof: [...proof, claim.root] })).toBe(false);
      if (oldSize === 0) return;
      expect(verifyConsistency({ ...claim, oldRoot: flipped(claim.oldRoot) })).toBe(false);
      if (oldSize === size) return;
      expect(verifyConsistency({ ...claim, root: flipped(claim.root) })).toBe(false);
      expect(verifyConsistency({ ...claim, proof: proof.slice(1) })).toBe(false);
      expect(verifyConsistency({ ...claim, proof: proof.map((hash, at) => (at === spoil % proof.length ? flipped(hash) : hash)) })).toBe(false);
    }), { numRuns: 150 });
  });
});

function leavesOf(count: number): TreeHash[] {
  return Array.from({ length: count }, (_, at) => leafHash(Buffer.from(`entry ${at}`)));
}

function readerOf(leaves: readonly TreeHash[]): SubtreeReader {
  return (level, index) => naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
}

/** MTH of RFC 6962 §2.1, word for word. */
function naiveRoot(leaves: readonly TreeHash[]): TreeHash {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0] as TreeHash;
  const split = splitOf(leaves.length);
  return nodeHash(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

/** PATH of RFC 6962 §2.1.1, word for word. */
function naiveInclusion(index: number, leaves: readonly TreeHash[]): TreeHash[] {
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  return index < split
    ? [...naiveInclusion(index, leaves.slice(0, split)), naiveRoot(leaves.slice(split))]
    : [...naiveInclusion(index - split, leaves.slice(split)), naiveRoot(leaves.slice(0, split))];
}

function splitOf(n: number): number {
  let split = 1;
  while (split * 2 < n) split *= 2;
  return split;
}

function flipped(hash: TreeHash): TreeHash {
  const copy = Buffer.from(hash);
  copy[7] = (copy[7] ?? 0) ^ 1;
  return copy;
}

function hexOf(hash: TreeHash): string {
  return hash.toString('hex');
}
