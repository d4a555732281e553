import picomatch from 'picomatch';
import type { AttachmentRef, Entry } from '../model/archive.ts';
import { LegalHoldRecord, TombstoneRecord } from '../model/records/people.ts';
import type { Policy } from '../policy/policy.ts';
import { entryId } from './entry-id.ts';

export type RetentionClass = Policy['parameters']['retention_classes']['value'][number];

/** A tombstone that counts here. */
export interface Tombstone {
  readonly id: string;
  readonly record: TombstoneRecord;
}

/** A legal hold that counts here and was not lifted. */
export interface Hold {
  readonly id: string;
  readonly leaf: string;
  readonly record: LegalHoldRecord;
}

/** What is withheld and what is held, by the acts that count on this console. */
export interface Keeping {
  /** By the digest of the attachment; the first tombstone stands for all. */
  readonly withheld: ReadonlyMap<string, Tombstone>;
  readonly holds: readonly Hold[];
}

/** Reads acts of keeping and erasing that count, in the order of their arrival. What is not of their form says nothing. */
export function readKeeping(acts: readonly { readonly entry: Entry; readonly leaf: string }[]): Keeping {
  const withheld = new Map<string, Tombstone>();
  const placed = new Map<string, Hold>();
  const lifted = new Set<string>();
  for (const { entry, leaf } of acts) {
    const id = entryId(entry);
    const tombstone = TombstoneRecord.safeParse(entry.record).data;
    if (tombstone !== undefined && !withheld.has(tombstone.attachment_sha256)) withheld.set(tombstone.attachment_sha256, { id, record: tombstone });
    const hold = LegalHoldRecord.safeParse(entry.record).data;
    if (hold?.act === 'place') placed.set(id, { id, leaf, record: hold });
    // By the entry that it lifts, so that a hold of the same name that is placed anew stands.
    if (hold?.act === 'lift') for (const ref of entry.refs) if (ref.rel === 'lifts') lifted.add(`${entryId(ref)} ${ref.leaf}`);
  }
  return { withheld, holds: [...placed.values()].filter(({ id, leaf }) => !lifted.has(`${id} ${leaf}`)) };
}

/** The holds that stand over an attachment, given the releases of all entries that name it. */
export function holdsOver({ holds }: Keeping, sha256: string, releases: readonly (string | null)[]): readonly Hold[] {
  return holds.filter(({ record }) =>
    record.everything || record.attachments_sha256.includes(sha256) || releases.some((release) => release !== null && record.release_versions.includes(release)));
}

/** The class of an attachment: the first of the policy's that fits; null where none does, which keeps it for good. */
export function classOf(classes: readonly RetentionClass[], { name }: Pick<AttachmentRef, 'name'>, eventType: string): RetentionClass | null {
  return classes.find(({ events, names }) =>
    (events === undefined || events.includes(eventType)) && (names === undefined || picomatch([...names], { dot: true, nocase: true, basename: true })(name))) ?? null;
}

/** When an attachment has been kept for as long as its class asks, from the time of its entry on; null is never. */
export function dueAt(found: RetentionClass | null, recorded: string): string | null {
  if (found === null || found.years === null) return null;
  const at = new Date(recorded);
  at.setUTCFullYear(at.getUTCFullYear() + found.years);
  return at.toISOString();
}
