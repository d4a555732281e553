import { z } from 'zod';
import { call } from './declare.ts';
import { TaskId } from './inputs.ts';

const Problem = z.strictObject({ code: z.string(), message: z.string(), place: z.string().nullable() });

/** Mending a damaged archive from what others hold of it; part of the contract. */
export const repairCalls = {
  'archive.repair': call({
    effect: 'write', long: true,
    /** `from`: a shared archive or an export; null: from what is left here alone. */
    input: z.strictObject({ from: z.string().min(1).max(4096).nullable(), task: TaskId.optional() }),
    output: z.strictObject({
      /** `partly`: something could not be had back; `not-repaired`: nothing could, and all is left as it was. */
      verdict: z.enum(['whole', 'repaired', 'partly', 'not-repaired']),
      /** What was found damaged. */
      found: z.array(Problem),
      /** What is damaged still. */
      left: z.array(Problem),
      logs: z.array(z.strictObject({
        origin: z.string(), own: z.boolean(), size: z.number().int(),
        /** Entries that were taken from the other archive. */
        restored: z.number().int(),
        /** Entries, first and last, that nobody who was asked holds. */
        lost: z.array(z.strictObject({ first: z.number().int(), last: z.number().int() })),
      })),
      /** Where the damaged database is kept; null where nothing was put in its place. */
      kept: z.string().nullable(),
    }),
  }),
} as const;
