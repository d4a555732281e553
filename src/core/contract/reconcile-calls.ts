import { z } from 'zod';
import { UtcTime } from '../model/primitives.ts';
import { call } from './declare.ts';
import { Path, TaskId } from './inputs.ts';

const Listed = z.strictObject({ id: z.string(), version: z.string(), environment: z.string().nullable(), at: UtcTime, succeeded: z.boolean() });
const Recorded = z.strictObject({ id: z.string(), version: z.string().nullable(), environment: z.string().nullable(), at: UtcTime, succeeded: z.boolean() });

/** Whether the archive is complete, and not only true: production's own list held against it; part of the contract. */
export const reconcileCalls = {
  'archive.reconcile': call({
    effect: 'read', long: true,
    input: z.strictObject({
      file: Path, from: UtcTime, until: UtcTime,
      /** Only this environment; null for all. */
      environment: z.string().trim().min(1).max(200).nullable(),
      /** How far a record's time may be from production's. */
      toleranceMinutes: z.number().int().min(0).max(60 * 24 * 31).default(60), task: TaskId.optional(),
    }).refine(({ from, until }) => Date.parse(from) < Date.parse(until), { message: 'the period ends before it begins', path: ['until'] }),
    output: z.strictObject({
      complete: z.boolean(), format: z.string(), listed: z.number().int(),
      matched: z.array(z.strictObject({ listed: Listed, record: z.string() })),
      unrecorded: z.array(Listed), undeployed: z.array(Recorded),
      /** What the comparison rests on: how far each log is held here. */
      heads: z.array(z.strictObject({ origin: z.string(), size: z.number().int(), root: z.string(), newest: UtcTime.nullable() })),
      /** Consoles of the roster that wrote nothing in the period, or of which nothing was ever received. */
      silent: z.array(z.strictObject({ origin: z.string(), owner: z.string(), newest: UtcTime.nullable() })),
      /** Logs of which somebody saw more than is held here, or of which nothing is merged. */
      gaps: z.array(z.strictObject({ origin: z.string(), message: z.string() })),
    }),
  }),
} as const;
