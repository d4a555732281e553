import { SigningRecord } from '../model/archive.ts';
import type { RecordedSigning } from '../signing/key-transition.ts';
import type { ArchivePort } from './archive-port.ts';

const AT_ONCE = 1_000;

/** Every signing by a key in any known log, newest first. */
export async function signingsBy(archive: ArchivePort, fingerprints: readonly string[]): Promise<RecordedSigning[]> {
  const found: RecordedSigning[] = [];
  for (let offset = 0; ; offset += AT_ONCE) {
    const { entries, total } = await archive.list({ origin: null, event_type: 'signing', release: null, offset, limit: AT_ONCE });
    for (const { id, time, imported } of entries) {
      const record = SigningRecord.safeParse((await archive.show(id)).entry.record);
      if (!record.success || !fingerprints.includes(record.data.key_fingerprint)) continue;
      found.push({ id, release: record.data.release_version, signedAt: record.data.signed_at, recordedAt: time, imported });
    }
    if (offset + AT_ONCE >= total) return found;
  }
}
