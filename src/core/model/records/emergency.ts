import { z } from 'zod';
import { Sha256, UtcTime } from '../primitives.ts';

const PersonId = z.string().min(1).max(64);
const Words = z.string().trim().min(1).max(4_000);

/** What an emergency patch is required for (policy §10.1), in its order. */
export const EMERGENCY_CRITERIA = ['critical-vulnerability', 'active-exploitation', 'data-breach', 'system-outage'] as const;
export const EmergencyCriterion = z.enum(EMERGENCY_CRITERIA);
export type EmergencyCriterion = z.infer<typeof EmergencyCriterion>;

/** How bad it is (policy §10.3); what is not known yet runs the shortest clock. */
export const EmergencySeverity = z.enum(['critical', 'high', 'unknown']);
export type EmergencySeverity = z.infer<typeof EmergencySeverity>;

/** An emergency is declared, its severity decided, or the version named that mends it (policy §10); what follows points at the declaration (`continues`). */
export const EmergencyPatchRecord = z.looseObject({
  event_type: z.literal('emergency_patch'),
  emergency_id: z.string().min(1), act: z.string().min(1), release_version: z.string().nullable(), severity: EmergencySeverity,
  declared_by: PersonId, declared_at: UtcTime, reason: Words,
  criterion: EmergencyCriterion.optional(),
  /** When it was detected, which is what the clock counts from, and who said so. */
  detected_at: UtcTime.optional(), detected_said_by: z.string().trim().min(1).max(200).optional(),
  /** What a severity was decided by. */
  cvss_vector: z.string().max(512).optional(),
  roster_digest: Sha256.optional(),
});
export type EmergencyPatchRecord = z.infer<typeof EmergencyPatchRecord>;
