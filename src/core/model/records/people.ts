import { z } from 'zod';
import { Fingerprint, Sha256, UtcTime } from '../primitives.ts';

const PersonId = z.string().min(1).max(64);
const Words = z.string().trim().min(1).max(4_000);

/** A release is taken back: it is not to be deployed any more (FORMATS §6). */
export const WithdrawalRecord = z.looseObject({
  event_type: z.literal('withdrawal'),
  release_version: z.string(), withdrawn_by: PersonId, withdrawn_at: UtcTime, reason: Words, subject_digest: Sha256,
  /** In which role, under which roster, and the digests of what must not be deployed any more. */
  withdrawn_role: z.string().min(1).max(64).optional(), roster_digest: Sha256.optional(), release_artifacts_sha256: z.record(z.string().min(1).max(1024), Sha256).optional(),
});
export type WithdrawalRecord = z.infer<typeof WithdrawalRecord>;

/**
 * A version of the roster was taken into use by a console (FORMATS §5). Its bytes go with it as the attachment of that digest, and
 * its administrators' signatures over them prove it: nobody else's word is asked for.
 */
export const RosterChangeRecord = z.looseObject({
  event_type: z.literal('roster_change'),
  roster: z.string().min(1), version: z.number().int().min(1), roster_digest: Sha256, adopted_at: UtcTime, signed_by: z.array(Fingerprint),
  /** Armored, each over the roster's bytes. */
  roster_signatures: z.array(z.string().max(16_384)).max(64).optional(),
});
export type RosterChangeRecord = z.infer<typeof RosterChangeRecord>;

/** What was learnt, within 48 hours (policy §10.2, step 7); of an emergency it points at its declaration (`of-emergency`), and the whole text is attached. */
export const PostMortemRecord = z.looseObject({
  event_type: z.literal('post_mortem'),
  release_version: z.string(), held_at: UtcTime, held_by: z.array(PersonId).min(1), root_cause: Words, lessons: Words, actions: z.array(z.looseObject({ what: Words, who: PersonId, until: UtcTime })),
  emergency_id: z.string().min(1).max(128).optional(), contributing_factors: z.array(Words).max(100).optional(),
  /** Whose record it is, by their signature; the text's digest. */
  recorded_by: PersonId.optional(), document_sha256: Sha256.optional(), roster_digest: Sha256.optional(),
});
export type PostMortemRecord = z.infer<typeof PostMortemRecord>;

/** A record says what another should have said, and points at it. */
export const CorrectionRecord = z.looseObject({
  event_type: z.literal('correction'), corrected_by: PersonId, corrected_at: UtcTime, reason: Words,
});

/** The bytes of an attachment are withheld; its digest stays (FORMATS §4, "Erasure"). */
export const TombstoneRecord = z.looseObject({
  event_type: z.literal('tombstone'),
  attachment_sha256: Sha256, withheld_at: UtcTime, withheld_by: PersonId, because: z.enum(['retention', 'legal-hold', 'personal-data']), reason: Words,
  /** As the entry that is pointed at calls it. */
  attachment_name: z.string().optional(),
  /** The class of the policy under which it went. */
  retention_class: z.string().optional(),
  roster_digest: Sha256.nullable().optional(),
});
export type TombstoneRecord = z.infer<typeof TombstoneRecord>;

/** Attachments that nobody may erase while the hold stands; one that is lifted is pointed at (`lifts`). */
export const LegalHoldRecord = z.looseObject({
  event_type: z.literal('legal_hold'),
  act: z.enum(['place', 'lift']), hold: z.string().trim().min(1).max(128), decided_by: PersonId, decided_at: UtcTime, reason: Words,
  /** What it is about: attachments by digest, all of some releases, or everything. */
  attachments_sha256: z.array(Sha256).max(500), release_versions: z.array(z.string().min(1).max(128)).max(200), everything: z.boolean(),
  roster_digest: Sha256.nullable().optional(),
});
export type LegalHoldRecord = z.infer<typeof LegalHoldRecord>;
