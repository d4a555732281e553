import { z } from 'zod';
import { CommitId, Sha256, UtcTime } from '../primitives.ts';

const PersonId = z.string().min(1).max(64);
const Words = z.string().trim().min(1).max(4_000);

/** What an emergency patch is required for (policy §10.1), in its order. */
export const EMERGENCY_CRITERIA = ['critical-vulnerability', 'active-exploitation', 'data-breach', 'system-outage'] as const;
export const EmergencyCriterion = z.enum(EMERGENCY_CRITERIA);
export type EmergencyCriterion = z.infer<typeof EmergencyCriterion>;

/** How bad it is (policy §10.3); what is not known yet runs the shortest clock. */
export const EmergencySeverity = z.enum(['critical', 'high', 'unknown']);
export type EmergencySeverity = z.infer<typeof EmergencySeverity>;

/** What is done inside an emergency by somebody with the role for it, in the order of policy §10.2, steps 2, 3 and 6. */
export const EMERGENCY_STEPS = ['review', 'development-test', 'qa-test-begun', 'qa-test', 'production-verified'] as const;
export const EmergencyStep = z.enum(EMERGENCY_STEPS);
export type EmergencyStep = z.infer<typeof EmergencyStep>;

/** What was left out, on record: it opens nothing by itself (`without-approval`), or is owed (`unsigned`). */
export const DEVIATIONS = ['without-approval', 'unsigned'] as const;
export const Deviation = z.enum(DEVIATIONS);
export type Deviation = z.infer<typeof Deviation>;

/** Who was told of an emergency, as what, when and by which way. */
export const NotifiedOf = z.strictObject({ who: z.string().trim().min(1).max(200), as: z.enum(['cto', 'ciso', 'incident-team', 'other']), at: UtcTime, by: z.string().trim().min(1).max(200) });
export type NotifiedOf = z.infer<typeof NotifiedOf>;

/** A call that reached nobody who could decide (FORMATS §7). */
export const CallAttempt = z.strictObject({ approver: PersonId, role: z.string().min(1).max(64), called: z.string().min(1).max(64), at: UtcTime, outcome: z.enum(['no-answer', 'busy', 'voicemail', 'no-connection', 'refused-to-talk']) });
export type CallAttempt = z.infer<typeof CallAttempt>;

/** What the next shift has to know. */
export const HandOver = z.strictObject({ to: PersonId, known: Words, running: Words, owed: Words });
export type HandOver = z.infer<typeof HandOver>;

/**
 * What is said in an emergency (policy §10): it is declared, its severity decided, the version named that mends it, and everything
 * else that is an act of a person inside it. What follows the declaration points at it (`of-emergency`).
 */
export const EMERGENCY_ACTS = [
  'declare', 'severity', 'release', 'notify', 'affected', 'roll-back-instead', 'step', 'deviation', 'breach', 'call-attempt', 'notice', 'hand-over', 'accept-hand-over', 'merge', 'action-closed', 'clock-jump', 'close',
] as const;

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
  notified: z.array(NotifiedOf).max(50).optional(),
  affected_versions: z.array(z.string().min(1).max(128)).max(200).optional(),
  /** Whether it is rolled back in place of a patch, and what was found of whether that can be done now. */
  roll_back: z.enum(['instead', 'patch']).optional(), proof: z.array(z.strictObject({ id: z.string(), status: z.enum(['good', 'bad', 'unknown']), words: z.string().max(1_000) })).max(50).optional(),
  step: EmergencyStep.optional(), release_commit: z.string().max(64).optional(), evidence_sha256: z.record(z.string().min(1).max(1024), Sha256).optional(),
  /** Whether it was looked whether whoever does a step wrote any of it; and of a review, the commits that nothing ties to the emergency, and how many they are. */
  authors_checked: z.boolean().optional(), unrelated_commits: z.array(CommitId).max(500).optional(), unrelated_total: z.number().int().min(0).optional(),
  deviation: Deviation.optional(), approver_role: z.string().max(64).optional(),
  /** Of a breach: which clock; of a notice to others: which of the policy file. */
  clock: z.string().max(64).optional(), notice: z.string().max(64).optional(),
  attempt: CallAttempt.optional(), hand_over: HandOver.optional(),
  /** The emergency that this one is told with from now on; it is pointed at as `into`. */
  merged_into: z.string().max(128).optional(),
  /** Which action of the post-mortem, from 1. */
  action: z.number().int().min(1).max(1_000).optional(),
  /** By how many seconds this console's clock was set back. */
  set_back_seconds: z.number().optional(),
});
export type EmergencyPatchRecord = z.infer<typeof EmergencyPatchRecord>;
