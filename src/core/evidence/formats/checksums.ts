import { parseChecksums } from '../../signing/checksums.ts';
import { OPAQUE, UnusableEvidence, type TextFormat } from '../format.ts';

/** What `sha256sum` writes, in all its spellings. */
export const checksums: TextFormat = {
  syntax: 'text',
  kind: 'checksums',
  looksLike: (head) => /^\\?(?:[0-9a-fA-F]{64} [ *]\S|SHA256 \()/.test(head),
  read: (text) => {
    const lines = parseChecksums(text);
    if (lines !== null) return { ...OPAQUE, content: { type: 'checksums', lines } };
    throw text.endsWith('\n')
      ? new UnusableEvidence('malformed', 'a line of it is no checksum')
      : new UnusableEvidence('truncated', 'its last line does not end');
  },
};
