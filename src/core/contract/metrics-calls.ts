import { z } from 'zod';
import { UtcTime } from '../model/primitives.ts';
import { call } from './declare.ts';
import { Path } from './inputs.ts';

/** From when to when; null is the 90 days before now. */
const Stretch = { from: UtcTime.nullable(), to: UtcTime.nullable() };
const Hours = z.strictObject({ medianHours: z.number().nullable(), counted: z.number().int() });

/** DORA's four figures and the share of emergencies, from the archive: docs/deploy-and-roll-back.md defines them; part of the contract. */
export const metricsCalls = {
  'metrics.read': call({
    effect: 'read',
    input: z.strictObject(Stretch),
    output: z.strictObject({
      from: UtcTime, to: UtcTime, days: z.number(), deployments: z.number().int(), imported: z.number().int(),
      deploymentFrequency: z.strictObject({ perWeek: z.number() }), leadTime: Hours, changeFailureRate: z.strictObject({ share: z.number().nullable(), failed: z.number().int() }), timeToRestore: Hours,
      shipped: z.array(z.strictObject({ id: z.string(), release: z.string(), at: UtcTime, leadHours: z.number().nullable(), failed: z.boolean(), imported: z.boolean() })),
      restored: z.array(z.strictObject({ id: z.string(), from: z.string(), at: UtcTime, hours: z.number().nullable() })),
      /** Emergencies that were declared, those whose criterion did not hold, and the share of the versions in production that mended one. */
      emergencies: z.strictObject({ declared: z.number().int(), denied: z.number().int(), releases: z.strictObject({ of: z.number().int(), all: z.number().int(), percent: z.number().nullable() }) }),
    }),
  }),
  /** The same as a file that other programs read: everything as JSON, or a line for each deployment and rollback as CSV. */
  'metrics.export': call({
    effect: 'write',
    input: z.strictObject({ ...Stretch, format: z.enum(['json', 'csv']), /** Null writes no file. */ folder: Path.nullable() }),
    output: z.strictObject({ text: z.string(), path: z.string().nullable() }),
  }),
} as const;
