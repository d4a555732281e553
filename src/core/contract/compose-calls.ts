import { z } from 'zod';
import { Origin, Sequence, Sha256 } from '../model/primitives.ts';
import { call } from './declare.ts';
import { Path, TaskId } from './inputs.ts';

/** Records that this console composes itself, strictly; part of the contract. */
export const composeCalls = {
  'archive.compose': call({
    effect: 'write', long: true,
    input: z.strictObject({
      event: z.enum(['release', 'deployment', 'rollback']),
      /** The fields, as JSON. */
      from: Path,
      /** Where the commit of a release is looked up. */
      repo: Path.nullable(),
      /** Files whose bytes are kept with it. */
      attach: z.array(Path).max(256).default([]), task: TaskId.optional(),
    }),
    output: z.strictObject({
      id: z.string(), origin: Origin, seq: Sequence, leaf: Sha256, event_type: z.string(), warnings: z.array(z.string()),
      /** What it points at: a release at its deployment, a rollback at what it rolls back and restores. */
      refs: z.array(z.strictObject({ rel: z.string(), id: z.string() })),
    }),
  }),
} as const;
