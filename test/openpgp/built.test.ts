import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readKeyring } from '../../src/core/openpgp/keyring.ts';
import { joined, numberOctets } from '../../src/core/openpgp/octets.ts';
import { TAG, type Packet } from '../../src/core/openpgp/packets.ts';
import { readSignatureFile } from '../../src/core/openpgp/signature-file.ts';
import { verifyHeld } from '../../src/core/openpgp/verify-held.ts';
import { parseVerification } from '../../src/main/adapters/gpg/parse-status.ts';
import { BuiltKey, keyringOf, seconds, signatureFile, subpacket } from '../support/built-key.ts';

const DATA = Buffer.from('what was signed\n');
const NOW = Math.floor(Date.now() / 1000);
const YEAR = 365 * 86_400;
const SIGN = subpacket(27, [0x02]);
const CERTIFY = subpacket(27, [0x01]);

let key: BuiltKey;
let other: BuiltKey;
let scratch: string;
beforeAll(() => {
  [key, other] = [new BuiltKey(NOW - 2 * YEAR), new BuiltKey(NOW - 2 * YEAR)];
  scratch = mkdtempSync(join(tmpdir(), 'built-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const ours = (keyring: Uint8Array, signature: Uint8Array, at = new Date()): string => {
  const [judged] = verifyHeld(signature, DATA, readKeyring(keyring), at);
  return judged === undefined ? 'none' : `${judged.status} ${judged.when_made} ${judged.today}`;
};

/** What gpg says of the same, in a home of its own. */
function gpgs(keyring: Uint8Array, signature: Uint8Array): string {
  const home = mkdtempSync(join(scratch, 'home-'));
  for (const [name, content] of [['keyring', keyring], ['signature', signature], ['data', DATA]] as const) writeFileSync(join(home, name), content);
  const run = (...args: string[]): string => spawnSync('gpg', ['--homedir', home, '--no-autostart', '--batch', '--status-fd', '1', ...args], { encoding: 'utf8' }).stdout;
  run('--import', join(home, 'keyring'));
  return parseVerification(run('--trust-model', 'always', '--verify', join(home, 'signature'), join(home, 'data')).split('\n').map((line) => line.replace(/^\[GNUPG:\] /, ''))).signatures[0]?.status ?? 'none';
}

function subkeyOf(primary: BuiltKey, subkey: BuiltKey, back: boolean, flags = SIGN): Packet[] {
  const embedded = subkey.sign({ type: 0x19, created: primary.created }, primary.key.hashed, subkey.key.hashed);
  const size = embedded.length + 1;
  const carried = joined(Uint8Array.of(255), numberOctets(size, 4), Uint8Array.of(32), embedded);
  const binding = primary.sign({ type: 0x18, created: primary.created, hashed: [flags, ...(back ? [carried] : [])] }, primary.key.hashed, subkey.key.hashed);
  return [{ tag: TAG.publicSubkey, body: subkey.body }, { tag: TAG.signature, body: binding }];
}

const revocation = (reason: number, at: number): Packet => ({ tag: TAG.signature, body: key.sign({ type: 0x20, created: at, hashed: [subpacket(29, [reason, 0x78])] }, key.key.hashed) });
/** A revocation stands right behind its key. */
const revoked = (reason: number, at: number): Uint8Array => {
  const [primary, ...rest] = key.certificate();
  return keyringOf(primary as Packet, revocation(reason, at), ...rest);
};

type Case = readonly [what: string, make: () => readonly [keyring: Uint8Array, signature: Uint8Array], ours: string, gpg: string];
const plain = (): Uint8Array => keyringOf(...key.certificate());

describe('signatures that are written octet by octet, as we and as gpg read them', () => {
  test.each<Case>([
    ['version 4', () => [plain(), signatureFile(key.sign({}, DATA))], 'good good good', 'good'],
    ['version 3, as programs wrote them until 2009', () => [plain(), signatureFile(key.sign({ version: 3 }, DATA))], 'good good good', 'good'],
    ['a self-signature of version 3', () => [keyringOf(...key.certificate({ version: 3 })), signatureFile(key.sign({}, DATA))], 'good good good', 'good'],
    ['a self-signature by SHA-1', () => [keyringOf(...key.certificate({ hash: 'sha1' })), signatureFile(key.sign({}, DATA))], 'good good good', 'good'],
    ['SHA-1 over the file', () => [plain(), signatureFile(key.sign({ hash: 'sha1' }, DATA))], 'weak good bad', 'good'],
    ['MD5 over the file', () => [plain(), signatureFile(key.sign({ hash: 'md5' }, DATA))], 'weak unknown bad', 'unreadable'],
    ['a self-signature by MD5', () => [keyringOf(...key.certificate({ hash: 'md5' })), signatureFile(key.sign({}, DATA))], 'key-unfit unknown bad', 'no-key'],
    ['no self-signature', () => [keyringOf(...key.certificate().slice(0, 2)), signatureFile(key.sign({}, DATA))], 'key-unfit unknown bad', 'no-key'],
    ['somebody else’s self-signature', () => [keyringOf(...key.certificate().slice(0, 2), ...other.certificate().slice(2)), signatureFile(key.sign({}, DATA))], 'key-unfit unknown bad', 'no-key'],
    ['a key that may only certify', () => [keyringOf(...key.certificate({ hashed: [CERTIFY] })), signatureFile(key.sign({}, DATA))], 'key-unfit unknown bad', 'unreadable'],
    ['made before its key', () => [plain(), signatureFile(key.sign({ created: key.created - 10 }, DATA))], 'time-conflict bad bad', 'unreadable'],
    ['an end that it set itself', () => [plain(), signatureFile(key.sign({ hashed: [subpacket(3, seconds(1000))] }, DATA))], 'expired-signature good bad', 'expired-signature'],
    ['a key that has expired since', () => [keyringOf(...key.certificate({ hashed: [subpacket(9, seconds(YEAR))] })), signatureFile(key.sign({}, DATA))], 'expired-key good bad', 'expired-key'],
    ['a key that had expired before', () => [keyringOf(...key.certificate({ hashed: [subpacket(9, seconds(50))] })), signatureFile(key.sign({}, DATA))], 'expired-key bad bad', 'expired-key'],
    ['a key that is no longer used since', () => [revoked(3, NOW - YEAR), signatureFile(key.sign({}, DATA))], 'revoked-key good bad', 'revoked-key'],
    ['a key that was no longer used then', () => [revoked(1, key.created + 10), signatureFile(key.sign({}, DATA))], 'revoked-key bad bad', 'revoked-key'],
    ['a key that was compromised later: any date can be written with it', () => [revoked(2, NOW - YEAR), signatureFile(key.sign({}, DATA))], 'revoked-key unknown bad', 'revoked-key'],
    ['a revocation by somebody else counts for nothing', () => {
      const [primary, ...rest] = key.certificate();
      return [keyringOf(primary as Packet, { tag: TAG.signature, body: other.sign({ type: 0x20, hashed: [subpacket(29, [2])] }, key.key.hashed) }, ...rest), signatureFile(key.sign({}, DATA))];
    }, 'good good good', 'good'],
    ['a subkey that signs', () => [keyringOf(...key.certificate({ more: subkeyOf(key, other, true) })), signatureFile(other.sign({}, DATA))], 'good good good', 'good'],
    ['a subkey that did not sign in return', () => [keyringOf(...key.certificate({ more: subkeyOf(key, other, false) })), signatureFile(other.sign({}, DATA))], 'key-unfit unknown bad', 'unreadable'],
    ['a subkey that may not sign', () => [keyringOf(...key.certificate({ more: subkeyOf(key, other, true, subpacket(27, [0x0c])) })), signatureFile(other.sign({}, DATA))], 'key-unfit unknown bad', 'unreadable'],
    ['a demand that nobody here understands', () => [plain(), signatureFile(key.sign({ hashed: [subpacket(0x80 | 100, [1])] }, DATA))], 'unreadable unknown unknown', 'bad'],
    ['a critical notation', () => [plain(), signatureFile(key.sign({ hashed: [subpacket(0x80 | 20, joined(Uint8Array.of(0x80, 0, 0, 0, 0, 3, 0, 1), Buffer.from('a@bc')))] }, DATA))], 'unreadable unknown unknown', 'bad'],
    ['other bytes', () => [plain(), signatureFile(key.sign({}, Buffer.from('what was signed')))], 'bad bad bad', 'bad'],
    ['a key that is not there', () => [keyringOf(...other.certificate()), signatureFile(key.sign({}, DATA))], 'no-key unknown unknown', 'no-key'],
    ['a signature over a key', () => [plain(), signatureFile(key.sign({ type: 0x1f }, DATA))], 'unreadable unknown unknown', 'unreadable'],
  ])('%s', (_, make, expected, theirs) => {
    const [keyring, signature] = make();
    expect(ours(keyring, signature)).toBe(expected);
    const said = gpgs(keyring, signature);
    // gpg names no signature at all where its form is not one that it verifies.
    expect(said === 'none' ? 'unreadable' : said).toBe(theirs);
  });

  test('a short key is good for when it was made, not for today', () => {
    const short = new BuiltKey(NOW - YEAR, 1024);
    expect(ours(keyringOf(...short.certificate()), signatureFile(short.sign({}, DATA)))).toBe('weak good bad');
  });

  test('what is yet to come is not good yet', () => {
    const signature = signatureFile(key.sign({ created: NOW - YEAR }, DATA));
    expect(ours(plain(), signature, new Date((NOW - YEAR - 2 * 86_400) * 1000))).toBe('time-conflict bad bad');
    expect(ours(plain(), signature, new Date((NOW - YEAR) * 1000))).toBe('good good good');
  });

  test('a subkey of somebody else’s certificate is theirs only if it signed that', () => {
    // Anybody can bind a key that is not theirs; without its own signature that says nothing.
    const thief = new BuiltKey(NOW - 2 * YEAR);
    const keyring = keyringOf(...thief.certificate({ user: 'Thief', more: subkeyOf(thief, key, false) }));
    expect(ours(keyring, signatureFile(key.sign({}, DATA)))).toMatch(/^key-unfit/);
  });

  test('each of several signatures has its own verdict', () => {
    const file = signatureFile(key.sign({}, DATA), other.sign({}, DATA), key.sign({}, Buffer.from('x')));
    expect(verifyHeld(file, DATA, readKeyring(plain()), new Date()).map(({ status }) => status)).toEqual(['good', 'no-key', 'bad']);
  });

  test('the reason for a revocation is told', () => {
    const [judged] = verifyHeld(signatureFile(key.sign({}, DATA)), DATA, readKeyring(revoked(2, NOW - YEAR)), new Date());
    expect(judged?.why).toMatch(/^its key was revoked at \d{4}-.*, after it was made, because it was compromised: “x”$/);
  });
});

describe('files that are no signatures', () => {
  test.each<[what: string, content: Uint8Array | string, says: RegExp]>([
    ['nothing', '', /empty/], ['a web page', '<!DOCTYPE html><html><body>404</body></html>', /web page/], ['words', 'Not found', /not an OpenPGP signature/],
    ['a key', '', /empty/], ['armor without an end', '-----BEGIN PGP SIGNATURE-----\n\niQ==\n', /has no end/], ['armor that is not base64', '-----BEGIN PGP SIGNATURE-----\n\n!!!!\n-----END PGP SIGNATURE-----\n', /not base64/],
    ['armor whose checksum is another’s', '-----BEGIN PGP SIGNATURE-----\n\niQEz\n=AAAA\n-----END PGP SIGNATURE-----\n', /checksum/],
    ['a line among its headers', '-----BEGIN PGP SIGNATURE-----\nHello\n\niQEz\n-----END PGP SIGNATURE-----\n', /headers/],
    ['a packet that is cut off', Uint8Array.of(0xc2, 0x40, 4), /too early/], ['a packet in pieces', Uint8Array.of(0xc2, 0xe1, 4, 0), /pieces/],
  ])('%s', (_, content, says) => {
    expect(readSignatureFile(typeof content === 'string' ? Buffer.from(content) : content).unreadable).toMatch(says);
  });

  test('a key is more than a signature', () => {
    expect(readSignatureFile(plain()).unreadable).toMatch(/more than signatures/);
  });
});
