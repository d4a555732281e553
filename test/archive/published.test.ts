import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../src/core/archive/base64.ts';
import { parseCheckpointText, readCheckpoint } from '../../src/core/archive/checkpoint.ts';
import { noteSigner, openNote, parseNote, parseVerifierKey, signNote } from '../../src/core/archive/note.ts';
import { verifyConsistency, verifyInclusion } from '../../src/core/archive/proofs.ts';
import { parseTilePath, tilePath, TILE_WIDTH } from '../../src/core/archive/tiles.ts';
import { formatTlogProof, parseTlogProof } from '../../src/core/archive/tlog-proof.ts';
import { leafHash } from '../../src/core/archive/tree.ts';
import { formatAddCheckpoint, parseAddCheckpoint } from '../../src/core/archive/witness-exchange.ts';

interface Sumdb {
  readonly note: {
    readonly text: string; readonly signer: string; readonly badKeys: readonly string[]; readonly badSignatureLine: string;
    readonly keys: { readonly peter: string; readonly enoch: string }; readonly signatures: { readonly peter: string; readonly enoch: string };
  };
  readonly tree: { readonly origin: string; readonly size: number; readonly record: string; readonly text: string; readonly bad: readonly string[] };
  readonly tilePaths: { readonly good: readonly { readonly path: string; readonly level: number; readonly index: number; readonly width?: number }[]; readonly bad: readonly string[] };
  readonly checkpoints: { readonly vkey: string; readonly signed: readonly string[] };
}
interface Argon {
  readonly leaf_input: string; readonly tree_size: number; readonly sha256_root_hash: string; readonly leaf_index: number;
  readonly audit_path: readonly string[]; readonly first: number; readonly first_root_hash: string; readonly consistency: readonly string[];
}
interface C2sp {
  readonly note: { readonly vkey: string; readonly signed: string };
  readonly noteWithBlankLines: string; readonly checkpoint: string; readonly cosignedCheckpoint: string; readonly cosignedMessage: string;
  readonly proof: string; readonly addCheckpoint: string; readonly addCheckpointAnswer: string; readonly tilePath: { readonly index: number; readonly parts: string };
}

const read = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, '..', 'vectors', 'published', `${name}.json`), 'utf8'));
const sumdb = read('sumdb') as Sumdb;
const argon = read('argon2020') as Argon;
const c2sp = read('c2sp') as C2sp;

describe('published notes (golang.org/x/mod/sumdb/note)', () => {
  const { text, keys, signatures: { peter, enoch }, badKeys, badSignatureLine } = sumdb.note;
  const key = parseVerifierKey(keys.peter);
  const open = (note: string): string => openNote(Buffer.from(note, 'utf8'), key).text;

  it('open with either key, and with no other', () => {
    const note = `${text}\n${peter}${enoch}`;
    expect(open(note)).toBe(text);
    expect(openNote(Buffer.from(note), parseVerifierKey(keys.enoch)).text).toBe(text);
    expect(() => openNote(Buffer.from(note), parseVerifierKey(c2sp.note.vkey))).toThrow(/No signature of example.com\/foo/);
  });

  it('are signed to the same bytes by the published key', () => {
    const seed = decodeBase64(sumdb.note.signer.split('+').slice(4).join('+'))?.subarray(1) ?? Buffer.alloc(0);
    const pem = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' }).toString();
    const signer = noteSigner('PeterNeumann', pem);
    expect(signer.vkey.text).toBe(keys.peter);
    expect(signNote(text, signer)).toBe(`${text}\n${peter}`);
  });

  it('have keys of which no part and no neighbour is a key', () => {
    for (let from = 0; from <= keys.peter.length; from += 1) {
      for (let to = from + 1; to <= keys.peter.length; to += 1) {
        if (from !== 0 || to !== keys.peter.length) expect(() => parseVerifierKey(keys.peter.slice(from, to)), keys.peter.slice(from, to)).toThrow();
      }
    }
    for (let at = 0; at < keys.peter.length; at += 1) {
      const next = `${keys.peter.slice(0, at)}${String.fromCharCode(keys.peter.charCodeAt(at) + 1)}${keys.peter.slice(at + 1)}`;
      expect(() => parseVerifierKey(next), next).toThrow();
    }
    for (const bad of badKeys) expect(() => parseVerifierKey(bad), bad).toThrow();
  });

  it('are refused where they are malformed', () => {
    const bad = [text, `${text}\n`, `${text}\n${peter.slice(0, -1)}`, `\u0001${text}\n${peter}`, `${text}\n${badSignatureLine}`, `${text}\n${peter}Unexpected line.\n`, `${text}\n${peter.repeat(101)}`];
    for (const note of bad) expect(() => open(note), JSON.stringify(note.slice(0, 200))).toThrow();
    expect(() => openNote(Buffer.concat([Buffer.from([0xff]), Buffer.from(`${text}\n${peter}`)]), key)).toThrow();
    expect(() => open(`${text}\n${peter.slice(0, 60)}ABCD${peter.slice(60)}`)).toThrow(/not over these bytes/);
    for (const other of [peter.replace('PeterNeumann', 'CarmenSandiego'), peter.replace('x08g', 'xxxx')]) expect(() => open(`${text}\n${other}`)).toThrow(/No signature of PeterNeumann/);
  });

  it('open whatever is wrong with the signature of somebody unknown', () => {
    expect(open(`${text}\n${peter}${enoch}${enoch}${enoch.slice(0, 60)}ABCD${enoch.slice(60)}`)).toBe(text);
  });
});

describe('published trees (golang.org/x/mod/sumdb/tlog)', () => {
  it('are read as they are written', () => {
    const { origin, size, record, text, bad } = sumdb.tree;
    expect(parseCheckpointText(text)).toEqual({ origin, size, root: leafHash(Buffer.from(record)) });
    expect(parseCheckpointText(`${text}JOE\n`).size).toBe(size);
    for (const spoilt of bad) expect(() => parseCheckpointText(spoilt), spoilt).toThrow();
  });

  it('lie in tiles of the published paths', () => {
    for (const { path, level, index, width = TILE_WIDTH } of sumdb.tilePaths.good) {
      expect(parseTilePath(path), path).toEqual({ level, index, width });
      expect(tilePath({ level, index, width })).toBe(path);
    }
    for (const path of sumdb.tilePaths.bad) expect(parseTilePath(path), path).toBeNull();
  });

  it('are those that sum.golang.org signed', () => {
    const key = parseVerifierKey(sumdb.checkpoints.vkey);
    for (const note of sumdb.checkpoints.signed) {
      const checkpoint = parseCheckpointText(openNote(Buffer.from(note), key).text);
      expect(checkpoint).toEqual(readCheckpoint(Buffer.from(note)));
      expect(() => openNote(Buffer.from(note.replace(/\n\d/, '\n9')), key)).toThrow(/not over these bytes/);
    }
  });
});

describe('a published Certificate Transparency log (Argon 2020)', () => {
  const hashes = (lines: readonly string[]): Buffer[] => lines.map((line) => decodeBase64(line) as Buffer);
  const [root, first] = hashes([argon.sha256_root_hash, argon.first_root_hash]) as [Buffer, Buffer];
  const spoilt = (path: readonly Buffer[], at: number): Buffer[] => path.map((hash, other) => (other === at ? leafHash(hash) : hash));

  it('holds its entry, by its inclusion proof', () => {
    const claim = { leaf: leafHash(decodeBase64(argon.leaf_input) as Buffer), index: argon.leaf_index, size: argon.tree_size, root, proof: hashes(argon.audit_path) };
    expect(verifyInclusion(claim)).toBe(true);
    for (const at of claim.proof.keys()) expect(verifyInclusion({ ...claim, proof: spoilt(claim.proof, at) })).toBe(false);
    // Only sizes between which the path is the same could be taken for one another; a power of two more is none of them.
    for (const other of [{ index: argon.leaf_index + 1 }, { size: argon.tree_size * 2 }]) expect(verifyInclusion({ ...claim, ...other })).toBe(false);
  });

  it('continues what it was, by its consistency proof', () => {
    const claim = { oldSize: argon.first, oldRoot: first, size: argon.tree_size, root, proof: hashes(argon.consistency) };
    expect(verifyConsistency(claim)).toBe(true);
    for (const at of claim.proof.keys()) expect(verifyConsistency({ ...claim, proof: spoilt(claim.proof, at) })).toBe(false);
    expect(verifyConsistency({ ...claim, oldSize: argon.first + 1 })).toBe(false);
  });
});

describe('the examples of C2SP', () => {
  it('signed-note', () => {
    expect(openNote(Buffer.from(c2sp.note.signed), parseVerifierKey(c2sp.note.vkey)).text).toBe('This is an example message.\n');
    expect(parseNote(Buffer.from(c2sp.noteWithBlankLines))).toMatchObject({ text: expect.stringMatching(/sole:\n\ned è subito sera\.\n$/), signatures: [{ name: 'quasimodo.example/salvatore' }] });
  });

  it('tlog-checkpoint, whose signature is one of sum.golang.org over a tree of its own', () => {
    const checkpoint = readCheckpoint(Buffer.from(c2sp.checkpoint));
    expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163 });
    const signed = c2sp.checkpoint.replace('example.com/behind-the-sofa\n', 'go.sum database tree\n').replace('— example.com/behind-the-sofa', '— sum.golang.org');
    expect(openNote(Buffer.from(signed), parseVerifierKey(sumdb.checkpoints.vkey)).text).toContain('\n20852163\n');
  });

  it('tlog-cosignature', () => {
    const { text, signatures } = parseNote(Buffer.from(c2sp.cosignedCheckpoint));
    expect(signatures.map(({ name, signature }) => [name, signature.length])).toEqual([['example.com/behind-the-sofa', 64], ['witness.example.com/w1', 8 + 64]]);
    expect(c2sp.cosignedMessage).toBe(`cosignature/v1\ntime ${signatures[1]?.signature.readBigUInt64BE(0)}\n${text}`);
  });

  it('tlog-proof', () => {
    const { index, hashes, checkpoint } = parseTlogProof(Buffer.from(c2sp.proof));
    expect([index, hashes.length, checkpoint.toString('utf8').split('\n')[0]]).toEqual([73894, 5, 'example.com/fancylog']);
    // Written without its extra data, which nothing authenticates.
    expect(formatTlogProof({ index, hashes, checkpoint }).toString('utf8')).toBe(c2sp.proof.replace(/^extra .*\n/m, ''));
  });

  it('tlog-tiles', () => {
    expect(tilePath({ level: 0, index: c2sp.tilePath.index, width: TILE_WIDTH })).toBe(`tile/0/${c2sp.tilePath.parts}`);
    expect(parseTilePath(`tile/entries/${c2sp.tilePath.parts}.p/255`)).toEqual({ level: 'entries', index: c2sp.tilePath.index, width: 255 });
  });

  it('tlog-witness', () => {
    const request = parseAddCheckpoint(Buffer.from(c2sp.addCheckpoint));
    expect([request.oldSize, request.proof.length, readCheckpoint(request.checkpoint).size]).toEqual([20852014, 4, 20852163]);
    expect(formatAddCheckpoint(request).toString('utf8')).toBe(c2sp.addCheckpoint);
    const { signatures } = parseNote(Buffer.concat([request.checkpoint, Buffer.from(c2sp.addCheckpointAnswer)]));
    expect(signatures.map(({ name }) => name)).toEqual([...Array.from({ length: 2 }, () => 'example.com/behind-the-sofa'), 'witness.example/w1', 'witness.example/w1', 'witness.example/w2']);
  });
});
