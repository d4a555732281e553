import { z } from 'zod';
import { ReleaseVersion, UtcTime } from '../model/primitives.ts';
import { EmergencyCriterion, EmergencySeverity } from '../model/records/emergency.ts';
import { call } from './declare.ts';
import { ByKey } from './inputs.ts';

const Words = z.string().trim().min(1, 'say it in words').max(4_000);
/** An emergency by the record of its declaration (`ORIGIN#SEQ`), or by its id where only one has it. */
const Named = z.string().min(1).max(320);

/** An emergency as the records tell it. */
export const EmergencyShown = z.strictObject({
  id: z.string(), record: z.string(),
  /** Null where nobody who may declare one signed it: it opens nothing. */
  by: z.string().nullable(), declaredBy: z.string(), declaredAt: UtcTime, detectedAt: UtcTime, detectedSaidBy: z.string().nullable(),
  criterion: z.strictObject({ id: EmergencyCriterion, clause: z.string(), words: z.string() }).nullable(), reason: z.string(), severity: EmergencySeverity,
  decisions: z.array(z.strictObject({ record: z.string(), by: z.string(), at: UtcTime, severity: EmergencySeverity, reason: z.string(), vector: z.string().nullable() })),
  release: z.string().nullable(),
  /** Until when the patch has to be deployed (policy §10.3). */
  sla: z.strictObject({ from: UtcTime, hours: z.number(), due: UtcTime, secondsLeft: z.number().int(), state: z.enum(['running', 'at-risk', 'breached', 'met']), met: UtcTime.nullable() }),
});
export type EmergencyShown = z.infer<typeof EmergencyShown>;

/** What the policy in force says of emergencies, for a form that asks by it. */
export const EmergencyTerms = z.strictObject({
  criteria: z.array(z.strictObject({ id: EmergencyCriterion, clause: z.string(), words: z.string() })),
  /** Who declares one and decides on it, and who deploys what mends it. */
  declarers: z.array(z.string()), deployers: z.array(z.string()),
  /** How long each severity runs (policy §10.3), and from which part of it on it is at risk. */
  hours: z.strictObject({ critical: z.number(), high: z.number(), unknown: z.number() }), atRiskPercent: z.number(),
  /** From which score on a vector makes it critical, and from which on high. */
  scores: z.strictObject({ critical: z.number(), high: z.number() }),
});
export type EmergencyTerms = z.infer<typeof EmergencyTerms>;

/** Declaring an emergency, and where each stands (policy §10); part of the contract. */
export const emergencyCalls = {
  /** Which criterion, one sentence, detected when: everything else can wait. */
  'emergency.declare': call({
    effect: 'sign',
    input: z.strictObject({
      ...ByKey, criterion: EmergencyCriterion, reason: Words, detectedAt: UtcTime,
      /** Who said when it was detected; null where whoever declares it saw it themself. */
      detectedSaidBy: z.string().trim().min(1).max(200).nullable(), severity: EmergencySeverity.nullable(),
      /** A vector decides the severity where that is not given. */
      vector: z.string().max(512).nullable(), release: ReleaseVersion.nullable(),
    }),
    output: EmergencyShown,
  }),
  /** The severity is raised or lowered by a recorded decision; the clock never begins anew. */
  'emergency.severity': call({ effect: 'sign', input: z.strictObject({ emergency: Named, ...ByKey, severity: EmergencySeverity.nullable(), vector: z.string().max(512).nullable(), reason: Words }), output: EmergencyShown }),
  /** The version that mends it is named: what is deployed of it is deployed at once (policy §10.2, step 5). */
  'emergency.release': call({ effect: 'sign', input: z.strictObject({ emergency: Named, ...ByKey, release: ReleaseVersion, reason: Words }), output: EmergencyShown }),
  'emergency.status': call({ effect: 'read', input: z.strictObject({ emergency: Named.nullable() }), output: z.strictObject({ at: UtcTime, emergencies: z.array(EmergencyShown), terms: EmergencyTerms }) }),
} as const;
