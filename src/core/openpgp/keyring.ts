import { armoredBlocks } from './armor.ts';
import { certificatesIn, revokersOf, stateOf, type Certificate, type CertificateState, type KeyState } from './certificate.ts';
import { OpenPgpFault } from './fault.ts';
import { beginsLikePacket, readPackets, TAG, writePackets, type Packet } from './packets.ts';
import type { PublicKey } from './public-key.ts';

/** A key that may have made a signature, in its certificate. */
export interface Candidate {
  readonly certificate: Certificate;
  readonly key: PublicKey;
}

/** Certificates by whom they were asked for: a keyring may hold thousands, of which one is wanted. */
export class Keyring {
  readonly certificates: readonly Certificate[];
  /** What of it could not be read. */
  readonly faults: readonly string[];
  readonly #byId = new Map<string, Candidate[]>();
  readonly #states = new Map<Certificate, { readonly at: number; readonly state: CertificateState }>();

  constructor(packets: readonly Packet[], faults: readonly string[] = []) {
    this.certificates = certificatesIn(packets);
    this.faults = faults;
    for (const certificate of this.certificates) {
      for (const key of [certificate.primary, ...certificate.subkeys.map((subkey) => subkey.key)]) {
        for (const name of [key.keyId, key.fingerprint]) this.#byId.set(name, [...(this.#byId.get(name) ?? []), { certificate, key }]);
      }
    }
  }

  /** Keys that a signature names as its own, by fingerprint or by key id; the fingerprints first. */
  candidates(issuers: readonly string[]): Candidate[] {
    const found = [...issuers].sort((a, b) => b.length - a.length).flatMap((issuer) => this.#byId.get(issuer) ?? []);
    return found.filter(({ certificate, key }, at) => found.findIndex((other) => other.certificate === certificate && other.key === key) === at);
  }

  /** The certificates of some candidates and of whoever may revoke them, as a keyring of their own. */
  excerpt(candidates: readonly Candidate[]): Uint8Array {
    const wanted = new Set(candidates.map(({ certificate }) => certificate));
    for (const certificate of wanted) for (const revoker of revokersOf(certificate)) for (const candidate of this.candidates([revoker])) wanted.add(candidate.certificate);
    return writePackets([...wanted].flatMap(({ packets }) => packets));
  }

  /** What holds of a candidate's certificate and of the key itself at a time, in seconds; the last time asked for is kept. */
  state({ certificate, key }: Candidate, at: number): { readonly key: KeyState; readonly certificate: CertificateState } {
    let known = this.#states.get(certificate);
    if (known?.at !== at) {
      known = { at, state: stateOf(certificate, at, (fingerprint) => this.certificates.find(({ primary }) => primary.fingerprint === fingerprint) ?? null) };
      this.#states.set(certificate, known);
    }
    return { certificate: known.state, key: known.state.subkeys.find((subkey) => subkey.key === key) ?? known.state.primary };
  }
}

const MAX_TEXT = 128 * 1024 * 1024;

/**
 * Reads a keyring as people publish them: packets, gpg's own keybox, or armored blocks among any text. What can be read
 * of it is read, and told what cannot.
 */
export function readKeyring(bytes: Uint8Array): Keyring {
  if (beginsLikePacket(bytes)) return keyringOf([bytes], []);
  if (isKeybox(bytes)) return keyringOf(keyboxBlocks(bytes), []);
  if (bytes.length > MAX_TEXT) return new Keyring([], ['it is too large']);
  const { blocks, faults } = armoredBlocks(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'), ['PUBLIC KEY BLOCK']);
  return keyringOf(blocks.map((block) => block.bytes), faults);
}

function keyringOf(pieces: readonly Uint8Array[], faults: readonly string[]): Keyring {
  const packets: Packet[] = [];
  const told = [...faults];
  for (const piece of pieces) {
    try {
      for (const packet of readPackets(piece)) packets.push(packet);
      // What follows a block's last key has nothing to do with the next block.
      packets.push({ tag: TAG.marker, body: new Uint8Array(0) });
    } catch (cause) {
      if (!(cause instanceof OpenPgpFault)) throw cause;
      told.push(cause.message);
    }
  }
  return new Keyring(packets, told);
}

const KEYBOX_MAGIC = 'KBXf';

function isKeybox(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(8, 12)) === KEYBOX_MAGIC;
}

/** The key blocks of a keybox (gpg's kbx/keybox-blob.c): blobs of type 2, each with the place of its block. */
function keyboxBlocks(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks: Uint8Array[] = [];
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = view.getUint32(at);
    if (length < 16 || at + length > bytes.length) break;
    const [start, size] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (view.getUint8(at + 4) === 2 && start + size <= length) blocks.push(bytes.subarray(at + start, at + start + size));
    at += length;
  }
  return blocks;
}
