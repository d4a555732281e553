import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../src/core/archive/base64.ts';
import { openCheckpoint, parseCheckpointText, signCheckpoint } from '../../src/core/archive/checkpoint.ts';
import { noteSigner, openNote, parseVerifierKey, signNote } from '../../src/core/archive/note.ts';
import { EMPTY_ROOT } from '../../src/core/archive/tree.ts';

/** The example of golang.org/x/mod/sumdb/note. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const SAID = 'If you think cryptography is the answer to your problem,\nthen you don\'t know what your problem is.\n';
const SIGNED = `${SAID}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const signer = noteSigner('example.com/log', pem);

describe('signed note', () => {
  it('opens the published example', () => {
    expect(openNote(Buffer.from(SIGNED), parseVerifierKey(PETER)).text).toBe(SAID);
    expect(parseVerifierKey(PETER).text).toBe(PETER);
  });

  it('is spoilt by every change of one bit', () => {
    const vkey = parseVerifierKey(PETER);
    const bytes = Buffer.from(SIGNED);
    for (let at = 0; at < bytes.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(() => openNote(changed, vkey), `bit ${bit} of byte ${at}`).toThrow();
      }
    }
    for (const cut of [1, 5, 60]) expect(() => openNote(bytes.subarray(0, -cut), vkey)).toThrow();
    expect(() => openNote(Buffer.concat([bytes, Buffer.from('\n')]), vkey)).toThrow();
    expect(() => openNote(Buffer.concat([bytes, Buffer.from('x')]), vkey)).toThrow();
  });

  it('is read under the signature lines of others, but not under two of the same key', () => {
    const own = signNote('said\n', signer);
    const others = SIGNED.split('\n').at(-2) ?? '';
    expect(openNote(Buffer.from(`${own}${others}\n`), signer.vkey).signatures).toHaveLength(2);
    expect(() => openNote(Buffer.from(`${own}${own.split('\n').at(-2)}\n`), signer.vkey)).toThrow();
    expect(() => openNote(Buffer.from(own), parseVerifierKey(PETER))).toThrow(/No signature of PeterNeumann/);
  });

  it('refuses keys that are not exactly a key', () => {
    for (const bad of ['', PETER.slice(0, -1), `${PETER}A`, PETER.replace('c74f', 'C74F'), PETER.replace('c74f20a3', 'c74f20a4'), PETER.replace('+AR', '+Ah'), ` ${PETER}`, `${PETER}\n`, PETER.replace('TW', 'TX')]) {
      expect(() => parseVerifierKey(bad), bad).toThrow();
    }
  });
});

describe('base64', () => {
  it('has one spelling', () => {
    expect(decodeBase64('AQI=')).toEqual(Buffer.from([1, 2]));
    for (const bad of ['AQI', 'AQJ=', 'AQI==', 'AQ I=', 'A', 'AQI=\n', '-_8=']) expect(decodeBase64(bad), bad).toBeNull();
  });
});

describe('checkpoint', () => {
  it('is three lines and a signature', () => {
    const checkpoint = { origin: 'example.com/log', size: 7, root: EMPTY_ROOT };
    const text = signCheckpoint(checkpoint, signer);
    expect(text.startsWith('example.com/log\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— example.com/log ')).toBe(true);
    expect(openCheckpoint(Buffer.from(text), signer.vkey)).toEqual(checkpoint);
  });

  it('refuses other spellings of its lines', () => {
    const root = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
    for (const text of [`o\n07\n${root}\n`, `o\n+7\n${root}\n`, `o\n7\n${root.replace('FU=', 'FV=')}\n`, `o\n7\n${root}`, `\n7\n${root}\n`, `o\n7\n${root}\n\n`, `o\n9007199254740993\n${root}\n`, 'o\n7\nAAAA\n']) {
      expect(() => parseCheckpointText(text), JSON.stringify(text)).toThrow();
    }
    expect(parseCheckpointText(`o\n0\n${root}\nextension\n`).size).toBe(0);
  });

  it('must be of the log that signed it', () => {
    const text = signCheckpoint({ origin: 'example.com/other', size: 0, root: EMPTY_ROOT }, signer);
    expect(() => openCheckpoint(Buffer.from(text), signer.vkey)).toThrow(/is of example.com\/other/);
  });
});
