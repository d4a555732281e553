import { armoredBlocks, cleartextMessage, type CleartextMessage } from './armor.ts';
import { OpenPgpFault } from './fault.ts';
import { beginsLikePacket, readPackets, TAG } from './packets.ts';
import { readSignature, TYPE, type Signature } from './signature.ts';

/** What a file of detached signatures came to. */
export interface SignatureFile {
  readonly signatures: readonly (Signature | { readonly unreadable: string })[];
  /** Why it is no such file at all; null where it is one. */
  readonly unreadable: string | null;
}

/** More signatures than this are on no artifact. */
const MAX_SIGNATURES = 1_000;

/** Reads detached signatures, armored or binary, several of them or one (RFC 9580 §10.4). Never throws. */
export function readSignatureFile(bytes: Uint8Array): SignatureFile {
  if (bytes.length === 0) return unreadable('it is empty');
  if (beginsLikePacket(bytes)) return signaturesIn([bytes]);
  const { blocks, faults } = armoredBlocks(latin1(bytes), ['SIGNATURE', 'MESSAGE']);
  const [fault] = faults;
  if (fault !== undefined) return unreadable(fault);
  if (blocks.length === 0) return unreadable(/<(?:!doctype\s+)?html/i.test(latin1(bytes.subarray(0, 2048))) ? 'it is a web page, not an OpenPGP signature' : 'it is not an OpenPGP signature');
  return signaturesIn(blocks.map((block) => block.bytes));
}

/** A text that carries its own signatures (§7), read from a file; null where it is none. */
export function readCleartext(bytes: Uint8Array): { readonly message: CleartextMessage; readonly file: SignatureFile } | null {
  const message = cleartextMessage(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  return message === null ? null : { message, file: readSignatureFile(Buffer.from(message.signature, 'utf8')) };
}

function signaturesIn(pieces: readonly Uint8Array[]): SignatureFile {
  const signatures: (Signature | { unreadable: string })[] = [];
  try {
    for (const { tag, body } of pieces.flatMap(readPackets)) {
      if (tag === TAG.signature) signatures.push(read(body));
      // §4.3: critical packets that do not belong here make it something else.
      else if (tag !== TAG.marker && tag !== TAG.padding && tag < 40) return unreadable('it holds more than signatures, so that it is not a detached one');
      if (signatures.length > MAX_SIGNATURES) return unreadable(`it holds more than ${MAX_SIGNATURES} signatures`);
    }
  } catch (cause) {
    if (!(cause instanceof OpenPgpFault)) throw cause;
    return unreadable(cause.message);
  }
  return signatures.length === 0 ? unreadable('there is no signature in it') : { signatures, unreadable: null };
}

function read(body: Uint8Array): Signature | { unreadable: string } {
  try {
    const signature = readSignature(body);
    if (signature.type !== TYPE.binary && signature.type !== TYPE.text) return { unreadable: `it is a signature of type ${signature.type}, which is not over a file` };
    if (signature.notUnderstood !== null) return { unreadable: `it demands that ${signature.notUnderstood} be understood, and that is not known here` };
    if (signature.created === null) return { unreadable: 'it does not say when it was made' };
    return signature;
  } catch (cause) {
    if (!(cause instanceof OpenPgpFault)) throw cause;
    return { unreadable: cause.message };
  }
}

function unreadable(why: string): SignatureFile {
  return { signatures: [], unreadable: why };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
