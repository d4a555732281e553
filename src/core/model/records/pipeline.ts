import { z } from 'zod';
import { Sha256, UtcTime } from '../primitives.ts';

/** Every run of the build pipeline is logged (policy §5.2.3), as the pipeline said it. */
export const PipelineExecutionRecord = z.looseObject({
  event_type: z.literal('pipeline_execution'),
  pipeline: z.string().min(1), run: z.string().min(1),
  started_at: UtcTime, ended_at: UtcTime.nullable(), status: z.enum(['success', 'failure', 'cancelled', 'running']),
  triggered_by: z.string().min(1), commit: z.string().min(1),
  /** What it made, by name. */
  outputs_sha256: z.record(z.string(), Sha256).optional(),
});

/** Every access to the pipeline is logged (policy §5.1.1). */
export const PipelineAccessRecord = z.looseObject({
  event_type: z.literal('pipeline_access'),
  pipeline: z.string().min(1), user: z.string().min(1), accessed_at: UtcTime, action: z.string().min(1), allowed: z.boolean(),
});

/** Every change of the pipeline's configuration is logged (policy §5.2.3); only the CTO and the DevOps lead may make one (§5.1.1). */
export const PipelineModificationRecord = z.looseObject({
  event_type: z.literal('pipeline_modification'),
  pipeline: z.string().min(1), user: z.string().min(1), modified_at: UtcTime, change: z.string().min(1),
  before_sha256: Sha256.nullable(), after_sha256: Sha256.nullable(),
});

/** A bill of materials that was made for a release (policy §3.4). */
export const SbomRecord = z.looseObject({
  event_type: z.literal('sbom'),
  release_version: z.string().nullable(), generated_at: UtcTime, format: z.string().min(1), components: z.number().int().min(0), sbom_sha256: Sha256,
});

/** The configuration that an environment is held against (policy §8.1.2). */
export const ConfigurationBaselineRecord = z.looseObject({
  event_type: z.literal('configuration_baseline'),
  environment: z.string().min(1), component: z.string().min(1), established_at: UtcTime, settings: z.record(z.string(), z.unknown()), baseline_sha256: Sha256,
});

/** A configuration that differs from its baseline (policy §8.1.3). */
export const DriftRecord = z.looseObject({
  event_type: z.literal('drift'),
  environment: z.string().min(1), detected_at: UtcTime, detected_by: z.string().min(1),
  differences: z.array(z.looseObject({ setting: z.string().min(1), expected: z.unknown(), found: z.unknown() })),
});
