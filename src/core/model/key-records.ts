import { z } from 'zod';
import { CardFacts, CardId } from './card.ts';
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

/** The roster whose administrators decide, by its digest. */
const DecidingRoster = z.strictObject({ name: z.string().min(1), version: z.number().int().min(1), digest: Sha256 });

/**
 * A key is revoked for good: by its own secret, by a certificate made beforehand, or, lost or stolen, by a threshold of
 * the roster's administrators from a stated time (FORMATS §5), for which neither need be at hand.
 */
export const KeyRevocationRecord = z.strictObject({
  event_type: z.literal('key_revocation'),
  revoked_at: UtcTime,
  key_fingerprint: Fingerprint,
  cause: RevocationCause,
  reason: z.string().min(1),
  by: z.enum(['own-key', 'certificate', 'administrators']),
  /** When the key was last surely in the right hands; the administrators state it. */
  since: UtcTime.optional(),
  roster: DecidingRoster.optional(),
  /** The newest of them; `releases_touched_total` counts all. */
  releases_touched: z.array(TouchedRelease).max(200).optional(),
  releases_touched_total: z.number().int().min(0).optional(),
}).refine(({ by, since, roster }) => (by === 'administrators') === (since !== undefined) && (since === undefined) === (roster === undefined), 'administrators name their roster and since when, and nobody else does');
export type KeyRevocationRecord = z.infer<typeof KeyRevocationRecord>;

/** A card is taken into use for somebody: what it is, what it says of its key, and where its revocation is kept. */
export const CardEnrolmentRecord = z.strictObject({
  event_type: z.literal('card_enrolment'),
  enrolled_at: UtcTime,
  person: z.string().min(1),
  /** A spare waits, sealed, for the other to be lost. */
  purpose: z.enum(['in-use', 'spare']),
  card: z.strictObject({
    id: CardId, manufacturer: z.string(), serial: z.string(), version: z.string(), firmware: z.string().nullable(),
    touch: z.enum(['off', 'on', 'permanent']).nullable(), pin_each_time: z.boolean(), signatures: z.number().int(),
  }),
  key_fingerprint: Fingerprint,
  algorithm: z.string().nullable(),
  key_origin: CardFacts.shape.keyOrigin,
  /** Certificates with which the maker attests the key, by file name and SHA-256. */
  attestations_sha256: z.record(z.string(), Sha256),
  /** Where the printed revocation certificate is sealed; null where none is. */
  revocation_sealed: z.string().min(1).nullable(),
});
export type CardEnrolmentRecord = z.infer<typeof CardEnrolmentRecord>;
