import { z } from 'zod';
import { ReleaseVersion, Sha256, UtcTime } from './primitives.ts';

/** How a version comes to where it runs (policy §9.3); `direct` is all at once. */
export const DeploymentMethod = z.enum(['direct', 'blue-green', 'canary']);
export type DeploymentMethod = z.infer<typeof DeploymentMethod>;

const Title = z.string().trim().min(1).max(200);
const Items = z.array(Title).max(200);

/** What a release is to bring (policy §2, step 1), in the words of the plan. */
export const ReleaseScope = z.strictObject({ features: Items, fixes: Items, security: Items });
export type ReleaseScope = z.infer<typeof ReleaseScope>;

/** What a release manager plans (policy §2, step 1). Its digest is what an approval is about (FORMATS §3, `planDigest`). */
export const ReleasePlan = z.strictObject({
  release: ReleaseVersion,
  /** The release before, to which a rollback goes; null where there is none. */
  previous: ReleaseVersion.nullable(),
  scope: ReleaseScope,
  timeline: z.array(z.strictObject({ on: UtcTime, what: Title })).max(100),
  method: DeploymentMethod,
  rollback_plan: z.string().trim().min(1).max(4_000),
  security_impact: z.string().trim().max(4_000),
  /** The iCalendar file of windows and freezes (RFC 5545); null where nothing is scheduled, which only an emergency may. */
  calendar: z.string().max(24_000).nullable(),
});
export type ReleasePlan = z.infer<typeof ReleasePlan>;

/** A plan as the archive holds it, signed by a release manager. */
export const ReleasePlanRecord = z.looseObject({
  event_type: z.literal('release_plan'),
  release_version: ReleaseVersion, decided_by: z.string().min(1).max(64), planned_at: UtcTime, plan: ReleasePlan, plan_digest: Sha256, roster_digest: Sha256,
});
export type ReleasePlanRecord = z.infer<typeof ReleasePlanRecord>;

/** What is done to a release as a whole: handed on to a step, stopped, taken up again, given up. */
export const RELEASE_ACTS = ['advance', 'suspend', 'resume', 'supersede', 'abandon'] as const;
export type ReleaseActName = (typeof RELEASE_ACTS)[number];

export const ReleaseActRecord = z.looseObject({
  event_type: z.literal('release_act'),
  release_version: ReleaseVersion, act: z.enum(RELEASE_ACTS), decided_by: z.string().min(1).max(64), at: UtcTime, reason: z.string().trim().max(4_000),
  /** The step that it is handed on to (policy §2); null for other acts. */
  step: z.number().int().min(1).max(8).nullable(),
  superseded_by: ReleaseVersion.nullable(),
  roster_digest: Sha256,
});
export type ReleaseActRecord = z.infer<typeof ReleaseActRecord>;

/** Whether something may be deployed at a moment, by the plan's calendar (policy §3.6, "maintenance window"). */
export const ScheduleAnswer = z.strictObject({
  open: z.boolean(),
  reason: z.string(),
  /** When the window that is open closes, or a freeze begins in it; null where none is open. */
  until: UtcTime.nullable(),
  /** The next time that is in a window and in no freeze; null where there is none within a year. */
  next: z.strictObject({ from: UtcTime, until: UtcTime, window: z.string() }).nullable(),
});
export type ScheduleAnswer = z.infer<typeof ScheduleAnswer>;
