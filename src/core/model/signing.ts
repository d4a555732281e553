/** What goes on while files are signed, as progress is labelled. */
export const SIGNING_STAGES = { read: 'Reading and hashing', key: 'Waiting for the key' } as const;

/**
 * How often the key is asked, and a card that wants it is touched: for each file and for `SHA256SUMS`, or once for
 * `SHA256SUMS`, which covers every file (policy §7.1 and its erratum).
 */
export function signaturesNeeded(files: number, cover: 'each' | 'manifest'): number {
  return cover === 'each' ? files + 1 : 1;
}
