import { OPAQUE, UnusableEvidence, type BinaryFormat, type TextFormat } from '../format.ts';
import { beginsArmor, endsArmor } from './armor.ts';

/** Armored detached signatures (RFC 9580 §6.2); what they are worth is for verification to say. */
export const signature: TextFormat = {
  syntax: 'text',
  kind: 'signature',
  looksLike: (head) => beginsArmor(head, 'SIGNATURE'),
  read: (text) => {
    if (!endsArmor(text, 'SIGNATURE')) throw new UnusableEvidence('truncated', 'the armor has no end line');
    return OPAQUE;
  },
};

/** No signature is larger: the rest of a larger file was not looked at. */
const MAX_SIGNATURE = 64 * 1024;

/** Binary detached signatures: an old or new packet header with tag 2, version 3, 4 or 6 (RFC 9580 §4.2, §5.2). */
export const binarySignature: BinaryFormat = {
  syntax: 'binary',
  kind: 'signature',
  looksLike: (head) => {
    const [first = 0, second = 0] = head;
    if ((first & 0x80) === 0 || head.length >= MAX_SIGNATURE) return false;
    const old = (first & 0x40) === 0;
    const tag = old ? (first >> 2) & 0x0f : first & 0x3f;
    const headerLength = old ? ([2, 3, 5, 1][first & 3] ?? 2) : second < 192 ? 2 : second < 224 ? 3 : 6;
    const version = head[headerLength];
    if (tag !== 2 || (version !== 3 && version !== 4 && version !== 6)) return false;
    // Kinds of signature are few; a text in another encoding has none of them here (§5.2.1).
    const type = head[headerLength + (version === 3 ? 2 : 1)] ?? 0xff;
    return type <= 0x50 && head.includes(0);
  },
};
