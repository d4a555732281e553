import { z } from 'zod';
import { DeploymentMethod } from '../plan.ts';
import { ReleaseVersion, Sha256, UtcTime } from '../primitives.ts';

const PersonId = z.string().min(1).max(64);
const Digests = z.record(z.string().min(1).max(1024), Sha256);

/** What a run of tests came to, read from JUnit files. */
export const TestOutcome = z.strictObject({ passed: z.boolean(), tests: z.number().int().min(0), failed: z.number().int().min(0), evidence_sha256: Digests });
export type TestOutcome = z.infer<typeof TestOutcome>;

/** What a deployment comes to, stage by stage (policy §9.3). The first is `start`; the others point at it (`continues`). */
export const DeploymentStageRecord = z.looseObject({
  event_type: z.literal('deployment_stage'),
  release_version: ReleaseVersion, deployment_id: z.string().min(1).max(128), environment: z.string().min(1).max(64), method: DeploymentMethod,
  /** `finding`: what the CTO, by signature, finds of a deployment without authority. */
  act: z.enum(['start', 'stage', 'finish', 'failed', 'finding']), at: UtcTime,
  /** Who deploys, by their id in the roster, or as they call themself where no signature proves it. */
  decided_by: PersonId,
  /** The share of the traffic or of the servers that has the version from now on. */
  percent: z.number().min(0).max(100),
  release_commit: z.string().optional(),
  /** What is deployed, by name. */
  release_artifacts_sha256: Digests.optional(),
  subject_digest: Sha256.nullable().optional(), plan_digest: Sha256.nullable().optional(), gate_report_digest: Sha256.nullable().optional(),
  /** What the console that recorded it found; whoever reads it works it out again from what it points at. */
  authority: z.enum(['authorised', 'unauthorised', 'not-needed']).optional(),
  faults: z.array(z.string().max(1_000)).max(50).optional(),
  /** An emergency that was declared for it, which is not bound to a window (policy §10.2, step 5). */
  emergency: z.boolean().optional(),
  /** What the target's configuration file has otherwise than the policy says (policy §8.2). */
  configuration: z.strictObject({ file_sha256: Sha256, differences: z.array(z.string().max(500)).max(100) }).nullable().optional(),
  /** How many commits it brings, and when the one in the middle was made: what lead time is counted from. */
  changes: z.number().int().min(0).optional(), median_change_at: UtcTime.nullable().optional(),
  smoke: TestOutcome.nullable().optional(), regression: TestOutcome.nullable().optional(),
  reason: z.string().max(4_000).optional(),
});
export type DeploymentStageRecord = z.infer<typeof DeploymentStageRecord>;

/** The hours in which a deployment or a rollback is watched (policy §2, step 7; §9.2, step 4). */
export const MonitoringRecord = z.looseObject({
  event_type: z.literal('monitoring'),
  release_version: z.string(), environment: z.string().min(1), act: z.enum(['start', 'observe', 'close']), at: UtcTime, status: z.string().min(1),
  /** What was seen, in words; of an observation. */
  observed: z.string().max(4_000).optional(),
  /** How long is watched, in hours; of a start. */
  hours: z.number().min(0).max(8_760).optional(),
  decided_by: PersonId.optional(),
});
export type MonitoringRecord = z.infer<typeof MonitoringRecord>;
