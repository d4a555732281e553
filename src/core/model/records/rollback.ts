import { z } from 'zod';
import { DeploymentMethod } from '../plan.ts';
import { ReleaseVersion, Sha256, UtcTime } from '../primitives.ts';
import { TestOutcome } from './deployment.ts';

/** The five triggers of policy §9.1, in its order. */
export const ROLLBACK_TRIGGERS = ['critical-bug', 'vulnerability-exploited', 'performance-degradation', 'data-loss', 'compliance-violation'] as const;
export const RollbackTrigger = z.enum(ROLLBACK_TRIGGERS);
export type RollbackTrigger = z.infer<typeof RollbackTrigger>;

/** What a rollback comes to, step by step (policy §9.2). The first is `detect`; the others point at it (`continues`). */
export const RollbackStageRecord = z.looseObject({
  event_type: z.literal('rollback_stage'),
  /** The version that is rolled back. */
  release_version: ReleaseVersion, rollback_id: z.string().min(1).max(128), environment: z.string().min(1).max(64),
  act: z.enum(['detect', 'notify', 'decide', 'execute', 'finish', 'failed', 'cause']), at: UtcTime,
  /** Whose act it is: a decision is the CTO's, and signed (FORMATS §4). */
  decided_by: z.string().min(1).max(64),
  reason: z.string().trim().max(4_000),
  to_version: ReleaseVersion.optional(), trigger: RollbackTrigger.optional(), method: DeploymentMethod.optional(),
  /** Who was told, as what, and by which way (policy §9.2, step 1). */
  notified: z.array(z.strictObject({ who: z.string().min(1).max(200), as: z.enum(['incident-team', 'cto', 'ciso']), at: UtcTime, by: z.string().min(1).max(200) })).max(50).optional(),
  /** What was found of whether it can be done, when it was decided. */
  proof: z.array(z.strictObject({ id: z.string(), status: z.enum(['good', 'bad', 'unknown']), words: z.string().max(1_000) })).max(50).optional(),
  slower_percent: z.number().optional(),
  authority: z.enum(['authorised', 'unauthorised']).optional(),
  release_artifacts_sha256: z.record(z.string(), Sha256).optional(),
  smoke: TestOutcome.nullable().optional(),
  /** The root-cause analysis: whose it is, until when, and what came of it; without what came of it it is open. */
  cause_owner: z.string().min(1).max(64).optional(), cause_due: UtcTime.optional(), cause_found: z.string().max(4_000).optional(),
});
export type RollbackStageRecord = z.infer<typeof RollbackStageRecord>;
