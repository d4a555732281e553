import { z } from 'zod';
import { UtcTime } from '../model/primitives.ts';
import { call, event } from './declare.ts';
import { Path, TaskId } from './inputs.ts';

/** A practice emergency: its own data folder, its own log, its own people. Nothing of it is ever a record of the real archive. */
export const DrillShown = z.strictObject({
  id: z.string(), home: z.string(), startedAt: UtcTime, endedAt: UtcTime.nullable(),
  /** Who the practising person is in it, and the passphrase of their practice key. */
  you: z.strictObject({ id: z.string(), name: z.string(), key: z.string(), passphrase: z.string(), roles: z.array(z.string()) }),
  /** What is happening, as it would be told by whoever is on the phone. */
  scenario: z.string(),
  /** The others of the cast, whom the practising person plays too: what they say when they are called. */
  cast: z.array(z.strictObject({ id: z.string(), name: z.string(), role: z.string(), phone: z.string(), key: z.string(), passphrase: z.string(), codes: z.array(z.strictObject({ id: z.string(), words: z.array(z.string()) })) })),
  /** The practice release. */
  release: z.strictObject({ version: z.string(), repo: z.string(), outputs: z.string(), /** What lies on the target once it is deployed, and the report of its smoke tests. */ target: z.string(), smoke: z.string() }),
});
export type DrillShown = z.infer<typeof DrillShown>;

export const DrillReport = z.strictObject({
  id: z.string(), startedAt: UtcTime, endedAt: UtcTime.nullable(),
  /** How long each took, in seconds from the beginning; null where it was not reached. */
  times: z.array(z.strictObject({ id: z.enum(['declare', 'first-approval', 'approvals', 'deploy']), words: z.string(), seconds: z.number().int().nullable(), within: z.number().int(), good: z.boolean() })),
  /** Steps that came before one that they stand on, in words. */
  outOfOrder: z.array(z.string()),
  /** 0 to 100, and how it came to be. */
  score: z.number().int().min(0).max(100), points: z.array(z.strictObject({ words: z.string(), points: z.number().int(), of: z.number().int() })), markdown: z.string(),
});
export type DrillReport = z.infer<typeof DrillReport>;

/** Practising an emergency; part of the contract. While one runs, every other call of this console goes to its own archive. */
export const drillCalls = {
  'drill.begin': call({ effect: 'write', long: true, input: z.strictObject({ task: TaskId.optional() }), output: DrillShown }),
  'drill.status': call({ effect: 'read', input: z.strictObject({}), output: z.strictObject({ running: DrillShown.nullable(), past: z.array(z.strictObject({ id: z.string(), startedAt: UtcTime, endedAt: UtcTime.nullable(), score: z.number().int().nullable() })) }) }),
  /** How it went, by the drill's own archive; of one that runs, so far. */
  'drill.report': call({ effect: 'write', input: z.strictObject({ id: z.string().min(1).max(64).nullable(), out: Path.nullable() }), output: DrillReport }),
  'drill.end': call({ effect: 'write', input: z.strictObject({}), output: DrillReport }),
  /** Another archive answers from now on: that of a drill, or null for the console's own. */
  'drill.changed': event(z.strictObject({ running: z.string().nullable() })),
} as const;
