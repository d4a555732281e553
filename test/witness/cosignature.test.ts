import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signCheckpoint } from '../../src/core/archive/checkpoint.ts';
import { cosign, cosignerOf, parseCosignerKey, readCosignatures, withCosignatures } from '../../src/core/archive/cosignature.ts';
import { noteSigner, parseNote, type NoteSigner } from '../../src/core/archive/note.ts';
import { consistencyProof } from '../../src/core/archive/proofs.ts';
import { GrowingTree, leafHash, type TreeHash } from '../../src/core/archive/tree.ts';
import { formatAddCheckpoint, judgeAddCheckpoint, parseAddCheckpoint, type WitnessState } from '../../src/core/archive/witness-exchange.ts';
import { readerOf } from '../../src/core/sync/fork-proof.ts';

const signer = (name: string): NoteSigner => noteSigner(name, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);
const [log, witness, other] = [signer('example.com/log'), signer('example.com/witness'), signer('example.com/other')] as const;

function leaves(count: number, salt = ''): TreeHash[] {
  return Array.from({ length: count }, (_, at) => leafHash(Buffer.from(`${salt}${at}`)));
}

function checkpointOf(hashes: readonly TreeHash[], by = log): Buffer {
  const tree = new GrowingTree();
  for (const hash of hashes) tree.append(hash);
  return Buffer.from(signCheckpoint({ origin: by.vkey.name, size: tree.size, root: tree.root() }, by));
}

const rootOf = (hashes: readonly TreeHash[]): TreeHash => {
  const tree = new GrowingTree();
  for (const hash of hashes) tree.append(hash);
  return tree.root();
};

describe('a cosignature (C2SP tlog-cosignature)', () => {
  const note = checkpointOf(leaves(7));
  const cosigned = withCosignatures(note, [cosign(parseNote(note).text, 1_679_315_147, witness)]);

  test('says who saw the checkpoint and when, beside the signature of its log', () => {
    expect(readCosignatures(cosigned, [cosignerOf(witness.vkey), cosignerOf(other.vkey)])).toMatchObject([{ witness: 'example.com/witness', time: 1_679_315_147 }]);
    expect(readCosignatures(cosigned, [cosignerOf(other.vkey)])).toEqual([]);
    expect(parseNote(cosigned).signatures).toHaveLength(2);
    // Once more changes nothing.
    expect(withCosignatures(cosigned, readCosignatures(cosigned, [cosignerOf(witness.vkey)]))).toEqual(cosigned);
  });

  test('has a key that is written as a vkey, and follows from the key of the console’s log', () => {
    const key = cosignerOf(witness.vkey);
    expect(parseCosignerKey(key.text)).toEqual(key);
    expect(parseCosignerKey(witness.vkey.text)).toEqual(key);
    expect(key.text).not.toBe(witness.vkey.text);
    for (const wrong of [key.text.replace('example', 'exemple'), key.text.slice(0, -4), 'x', `${key.text}A`]) expect(() => parseCosignerKey(wrong)).toThrow(/verifier key/);
  });

  test('does not survive a flipped bit anywhere in what it says', () => {
    const keys = [cosignerOf(witness.vkey)];
    const good = JSON.stringify(readCosignatures(cosigned, keys));
    const start = cosigned.indexOf(Buffer.from('— example.com/witness'));
    fc.assert(fc.property(fc.integer({ min: 0, max: cosigned.length - 1 }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
      // The line of the log's own signature is not what the witness signed.
      fc.pre(at < parseNote(cosigned).text.length || at >= start);
      const changed = Buffer.from(cosigned);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      let said: string;
      try {
        said = JSON.stringify(readCosignatures(changed, keys));
      } catch {
        return;
      }
      expect(said).not.toBe(good);
      expect(JSON.parse(said)).toEqual([]);
    }), { numRuns: 2_000 });
  });
});

describe('a request to a witness (C2SP tlog-witness, add-checkpoint)', () => {
  const grown = leaves(300);
  const state = (size: number): WitnessState => ({ size, root: rootOf(grown.slice(0, size)) });
  const request = (oldSize: number, size: number, from = grown): Buffer =>
    formatAddCheckpoint({ oldSize, proof: oldSize === 0 || oldSize > size ? [] : consistencyProof(oldSize, size, readerOf(from)), checkpoint: checkpointOf(from.slice(0, size)) });

  test('is written and read alike, and accepted where it continues what was seen', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }), (one, two) => {
      const [oldSize, size] = [Math.min(one, two), Math.max(one, two)];
      const bytes = request(oldSize, size);
      const parsed = parseAddCheckpoint(bytes);
      expect(formatAddCheckpoint(parsed)).toEqual(bytes);
      expect(judgeAddCheckpoint(parsed, log.vkey, oldSize === 0 ? null : state(oldSize))).toMatchObject({ checkpoint: { size } });
    }), { numRuns: 100 });
  });

  test.each<[what: string, bytes: Buffer, held: WitnessState | null, refused: object]>([
    ['signed by another key', formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint: checkpointOf(leaves(3), other) }), null, { status: 403 }],
    ['from more entries than its checkpoint has', request(9, 3), state(9), { status: 400 }],
    ['from another size than was cosigned last', request(5, 9), state(7), { status: 409, size: 7 }],
    ['from nothing, where something was cosigned', request(0, 9), state(7), { status: 409, size: 7 }],
    ['of another history', request(5, 9, leaves(300, 'x')), state(5), { status: 422 }],
    ['of another history, of one size', request(5, 5, leaves(300, 'x')), state(5), { status: 422 }],
    ['from nothing, with a proof', formatAddCheckpoint({ oldSize: 0, proof: leaves(1), checkpoint: checkpointOf(grown.slice(0, 4)) }), null, { status: 422 }],
  ])('is refused where it is %s', (_, bytes, held, refused) => {
    expect(judgeAddCheckpoint(parseAddCheckpoint(bytes), log.vkey, held)).toMatchObject(refused);
  });

  test.each([
    ['nothing', ''], ['no old size', '\n\nx'], ['a size with a leading zero', 'old 01\n\nx'], ['a line that is no hash', 'old 1\nAAAA\n\nx'], ['more lines than there can be', `old 1\n${`${'A'.repeat(43)}=\n`.repeat(64)}\nx`],
  ])('is not read from %s', (_, text) => {
    expect(() => parseAddCheckpoint(Buffer.from(text))).toThrow(/not an add-checkpoint request/);
  });
});
