import { OPAQUE, UnusableEvidence, type TextFormat } from '../format.ts';
import { beginsArmor, endsArmor } from './armor.ts';

/** Armored OpenPGP certificates, that is public keys (RFC 9580 §6.2, §10.1). */
export const certificate: TextFormat = {
  syntax: 'text',
  kind: 'certificate',
  looksLike: (head) => beginsArmor(head, 'PUBLIC KEY BLOCK'),
  read: (text) => {
    if (!endsArmor(text, 'PUBLIC KEY BLOCK')) throw new UnusableEvidence('truncated', 'the armor has no end line');
    return OPAQUE;
  },
};
