import { parseChecksums } from '../../signing/checksums.ts';
import { OPAQUE, UnusableEvidence, type TextFormat } from '../format.ts';

/** Armored detached signatures (RFC 9580 §6.2); what they are worth is for verification to say. */
export const signature: TextFormat = {
  kind: 'signature',
  looksLike: (text) => /^-----BEGIN PGP SIGNATURE-----\r?$/m.test(text.slice(0, 4096)) && !/^-----BEGIN PGP SIGNED MESSAGE-----/m.test(text.slice(0, 4096)),
  read: (text) => {
    if (!/^-----END PGP SIGNATURE-----/m.test(text)) throw new UnusableEvidence('truncated', 'the armor has no end line');
    return OPAQUE;
  },
};

/** Armored public keys. */
export const certificate: TextFormat = {
  kind: 'certificate',
  looksLike: (text) => /^-----BEGIN PGP PUBLIC KEY BLOCK-----\r?$/m.test(text.slice(0, 4096)),
  read: (text) => {
    if (!/^-----END PGP PUBLIC KEY BLOCK-----/m.test(text)) throw new UnusableEvidence('truncated', 'the armor has no end line');
    return OPAQUE;
  },
};

/** Files of `sha256sum`, all its spellings. */
export const checksums: TextFormat = {
  kind: 'checksums',
  looksLike: (text) => /^\\?(?:[0-9a-fA-F]{64} [ *]|SHA256 \()/.test(text),
  read: (text) => {
    const lines = parseChecksums(text);
    if (lines === null) throw new UnusableEvidence('malformed', 'a line of it is not a checksum');
    return { ...OPAQUE, content: { type: 'checksums', lines } };
  },
};
