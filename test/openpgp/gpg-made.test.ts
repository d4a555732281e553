import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readKeyring } from '../../src/core/openpgp/keyring.ts';
import { readCleartext, readSignatureFile } from '../../src/core/openpgp/signature-file.ts';
import { SignaturesCheck } from '../../src/core/openpgp/signature-check.ts';
import { verifyHeld } from '../../src/core/openpgp/verify-held.ts';
import { GpgHome } from '../support/gpg-home.ts';

let gpg: GpgHome;
const prints = new Map<string, string>();
const ALGORITHMS = ['rsa2048', 'dsa2048', 'ed25519', 'nistp256', 'nistp384', 'nistp521', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1', 'secp256k1'];
beforeAll(() => {
  gpg = new GpgHome();
  for (const algorithm of ALGORITHMS) {
    gpg.gpg(['--pinentry-mode', 'loopback', '--passphrase', '', '--quick-gen-key', `${algorithm}@example.com`, algorithm, 'cert,sign', '0']);
    prints.set(algorithm, /^fpr:+([0-9A-F]{40}):/m.exec(gpg.gpg(['--list-keys', '--with-colons', `=${algorithm}@example.com`]))?.[1] ?? '');
  }
}, 60_000);
afterAll(() => gpg.remove());

const DATA = Buffer.from('one line \r\nanother\t\nlast, without an end');
const exported = (...algorithms: readonly string[]): Buffer => execFileSync('gpg', ['--homedir', gpg.path, '--export', ...algorithms.map((name) => prints.get(name) ?? '')]);

function signed(algorithm: string, ...options: readonly string[]): Buffer {
  writeFileSync(join(gpg.path, 'data'), DATA);
  return execFileSync('gpg', ['--homedir', gpg.path, '--batch', '--quiet', '--allow-weak-digest-algos', '--local-user', `${prints.get(algorithm) ?? ''}!`, ...options, '--output', '-', join(gpg.path, 'data')], { stdio: ['pipe', 'pipe', 'pipe'] });
}

const statuses = (signature: Uint8Array, data: Uint8Array, keyring: Uint8Array): string[] => verifyHeld(signature, data, readKeyring(keyring), new Date()).map(({ status }) => status);

describe('every algorithm that gpg signs with', () => {
  test.each(ALGORITHMS)('%s', (algorithm) => {
    const [signature, keyring] = [signed(algorithm, '--detach-sign', '--digest-algo', 'SHA512'), exported(algorithm)];
    expect(verifyHeld(signature, DATA, readKeyring(keyring), new Date())).toMatchObject([{ status: 'good', fingerprint: prints.get(algorithm), primary: prints.get(algorithm), user: `${algorithm}@example.com`, hash: 'SHA512' }]);
    expect(statuses(signature, Buffer.from('other'), keyring)).toEqual(['bad']);
  });

  test.each([['SHA1', 'weak'], ['RIPEMD160', 'weak'], ['SHA224', 'good'], ['SHA256', 'good'], ['SHA384', 'good']])('RSA with %s', (hash, expected) => {
    expect(statuses(signed('rsa2048', '--detach-sign', '--digest-algo', hash), DATA, exported('rsa2048'))).toEqual([expected]);
  });
});

describe('every form that people publish', () => {
  test('text: line endings may change on the way, and nothing else', () => {
    const [signature, keyring] = [signed('ed25519', '--detach-sign', '--textmode', '--armor'), exported('ed25519')];
    const as = (text: string): string[] => statuses(signature, Buffer.from(text), keyring);
    expect(as(DATA.toString())).toEqual(['good']);
    expect(as(DATA.toString().replaceAll('\r\n', '\n'))).toEqual(['good']);
    expect(as(DATA.toString().replaceAll(/\r?\n/g, '\r\n'))).toEqual(['good']);
    expect(as(DATA.toString().replace('line ', 'line'))).toEqual(['bad']);
    expect(as(`${DATA.toString()}\n`)).toEqual(['bad']);
  });

  test('however the bytes of a text come', () => {
    const [signature, keyring] = [signed('ed25519', '--detach-sign', '--textmode'), readKeyring(exported('ed25519'))];
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: DATA.length }), { maxLength: 8 }), (cuts) => {
      const check = new SignaturesCheck(readSignatureFile(signature), keyring);
      const places = [0, ...cuts.sort((a, b) => a - b), DATA.length];
      for (let at = 1; at < places.length; at += 1) check.update(DATA.subarray(places[at - 1], places[at]));
      return check.finish().judge(Date.now() / 1000)[0]?.status === 'good';
    }));
  });

  test('a text that carries its own signature', () => {
    writeFileSync(join(gpg.path, 'clear'), 'abc  file\n- dash\nFrom here \n\n-----BEGIN\n');
    const message = gpg.gpg(['--clearsign', '--local-user', prints.get('ed25519') ?? '', '--output', '-', join(gpg.path, 'clear')]);
    const read = (text: string): string => {
      const found = readCleartext(Buffer.from(text));
      if (found === null) return 'none';
      const check = new SignaturesCheck(found.file, readKeyring(exported('ed25519')));
      check.update(found.message.signed);
      return `${check.finish().judge(Date.now() / 1000).map(({ status }) => status).join()} ${found.message.text}`;
    };
    expect(read(message)).toBe('good abc  file\n- dash\nFrom here \n\n-----BEGIN\n');
    expect(read(`Before it\n\n${message}\nAfter it\n`)).toMatch(/^good abc/);
    expect(read(message.replaceAll('\n', '\r\n'))).toMatch(/^good abc/);
    expect(read(message.replace('abc', 'abd'))).toMatch(/^bad/);
    // What is not escaped was put in by somebody else.
    expect(read(message.replace('- -----BEGIN', '-----BEGIN'))).toBe('none');
    expect(read(message.replace(/^Hash: .*$/m, '$&\nNote: trust me'))).toBe('none');
  });

  test('several signatures in one file, binary and armored, in one block or in two', () => {
    const [one, two] = [signed('ed25519', '--detach-sign'), signed('rsa2048', '--detach-sign')];
    const keyring = exported('ed25519', 'rsa2048');
    expect(statuses(Buffer.concat([one, two]), DATA, keyring)).toEqual(['good', 'good']);
    const armored = Buffer.concat([signed('ed25519', '--detach-sign', '--armor'), signed('nistp256', '--detach-sign', '--armor')]);
    expect(statuses(armored, DATA, keyring)).toEqual(['good', 'no-key']);
  });

  test('keyrings: armored blocks among text that is not even ASCII, one after another, and gpg’s own keybox', () => {
    const armored = (name: string): string => gpg.gpg(['--armor', '--comment', 'Schlüssel für alle', '--export', prints.get(name) ?? '']);
    const file = Buffer.from(`KEYS of a project\n=================\n\npub   ed25519 2026-01-01 [SC]\n\n${armored('nistp256')}\n\nÀ bientôt\n\n${armored('ed25519')}`.replace('\n', '\r\n'), 'latin1');
    const keyring = readKeyring(file);
    expect([keyring.certificates.length, keyring.faults]).toEqual([2, []]);
    const signature = signed('ed25519', '--detach-sign');
    expect(statuses(signature, DATA, file)).toEqual(['good']);
    expect(statuses(signature, DATA, readFileSync(join(gpg.path, 'pubring.kbx')))).toEqual(['good']);
    expect(statuses(signature, DATA, Buffer.concat([exported('rsa2048'), exported('ed25519')]))).toEqual(['good']);
  });

  test('a keyring of which one block is broken is read as far as it can be', () => {
    const armored = (name: string): string => gpg.gpg(['--armor', '--export', prints.get(name) ?? '']);
    const broken = armored('nistp256').replace(/^=.{4}$/m, '=AAAA');
    const keyring = readKeyring(Buffer.from(`${broken}\n${armored('ed25519')}`));
    expect([keyring.certificates.length, keyring.faults.length]).toEqual([1, 1]);
  });
});

test('a signature of which one bit was changed never says more than before, and never stops the program', () => {
  const keyring = exported('ed25519', 'rsa2048');
  for (const signature of [signed('ed25519', '--detach-sign'), signed('rsa2048', '--detach-sign', '--armor')]) {
    fc.assert(fc.property(fc.nat(signature.length - 1), fc.nat(7), (at, bit) => {
      const changed = Buffer.from(signature);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      const judged = verifyHeld(changed, DATA, readKeyring(keyring), new Date());
      const before = verifyHeld(signature, DATA, readKeyring(keyring), new Date());
      // What armor and the unsigned part say carries no meaning: then all is as it was.
      return judged.every(({ status }) => status !== 'good') || JSON.stringify(judged) === JSON.stringify(before);
    }), { numRuns: 400 });
  }
});

test('a certificate of which one bit was changed gives no other key authority', () => {
  const [certificate, signature] = [exported('ed25519'), signed('ed25519', '--detach-sign')];
  fc.assert(fc.property(fc.nat(certificate.length - 1), fc.nat(7), (at, bit) => {
    const changed = Buffer.from(certificate);
    changed[at] = (changed[at] ?? 0) ^ (1 << bit);
    const judged = verifyHeld(signature, DATA, readKeyring(changed), new Date());
    return judged.every(({ status, fingerprint }) => status !== 'good' || fingerprint === prints.get('ed25519'));
  }), { numRuns: 400 });
});

test('noise is never anything', () => {
  const keyring = readKeyring(exported('ed25519'));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => verifyHeld(Uint8Array.of(0xc2, ...noise), DATA, keyring, new Date()).every(({ status }) => status !== 'good')), { numRuns: 500 });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => readKeyring(Uint8Array.of(0x99, ...noise)).certificates.length <= 1), { numRuns: 500 });
});
