import { z } from 'zod';
import { RevocationCause } from './local-keys.ts';
import { Fingerprint, Sha256, UtcTime } from './primitives.ts';

/** A release that a key signed, and what is left of that once the key was lost or stolen. */
export const TouchedRelease = z.strictObject({
  /** The signing's place in the archive. */
  record: z.string(),
  release_version: z.string().nullable(),
  signed_at: UtcTime,
  /** `undetermined`: not surely signed before the key was out of the right hands (FORMATS §4), which opens nothing. */
  state: z.enum(['stands', 'undetermined']),
});
export type TouchedRelease = z.infer<typeof TouchedRelease>;

/** One key takes another's place (policy §5.1.2), strictly as this console composes it. */
export const KeyRotationRecord = z.strictObject({
  event_type: z.literal('key_rotation'),
  rotated_at: UtcTime,
  kind: z.enum(['planned', 'lost', 'stolen']),
  old_fingerprint: Fingerprint,
  new_fingerprint: Fingerprint,
  reason: z.string().min(1),
  decided_by: z.array(z.string().min(1)).min(1),
  /** When the old key was last surely in the right hands; null for a planned rotation. */
  since: UtcTime.nullable(),
  /** SHA-256 of the statement that those keys signed. */
  statement_sha256: Sha256,
  signed_by: z.array(Fingerprint).min(1),
  /** The old key certified the new one's user ids. */
  certified: z.boolean(),
  /** The newest of them; `releases_touched_total` counts all. Empty for a planned rotation. */
  releases_touched: z.array(TouchedRelease).max(200),
  releases_touched_total: z.number().int().min(0),
  releases_undetermined_total: z.number().int().min(0),
}).refine(({ kind, since }) => (kind === 'planned') === (since === null), 'a lost or stolen key says since when, and a planned rotation does not');
export type KeyRotationRecord = z.infer<typeof KeyRotationRecord>;

/** A key is revoked for good. */
export const KeyRevocationRecord = z.strictObject({
  event_type: z.literal('key_revocation'),
  revoked_at: UtcTime,
  key_fingerprint: Fingerprint,
  cause: RevocationCause,
  reason: z.string().min(1),
  /** `certificate`: one that was made beforehand, so that the key itself had not to be at hand. */
  by: z.enum(['own-key', 'certificate']),
});
export type KeyRevocationRecord = z.infer<typeof KeyRevocationRecord>;
