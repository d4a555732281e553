import { z } from 'zod';
import { call } from './declare.ts';

const Version = z.enum(['2.0', '3.0', '3.1', '4.0']);
const Score = z.number().min(0).max(10);

/** What a vector comes to, or why it is none and at which character (from 0) that shows (FORMATS §8). */
export const ScoredOrRefused = z.union([
  z.strictObject({
    vector: z.string(), version: Version,
    /** Of the base group alone up to 3.1; of the whole vector for 4.0. */
    base: Score, severity: z.enum(['none', 'low', 'medium', 'high', 'critical']),
    /** 2.0 and 3.x; null where the vector says nothing of it. */
    temporal: Score.nullable().optional(),
    /** 4.0: base and threat alone. */
    threat: Score.nullable().optional(),
    environmental: Score.nullable(),
  }),
  z.strictObject({ vector: z.string(), error: z.string(), at: z.number().int().min(0) }),
]);
export type ScoredOrRefused = z.infer<typeof ScoredOrRefused>;

/** Common Vulnerability Scoring System, 2.0 to 4.0, exactly as its specifications compute it; part of the contract. */
export const cvssCalls = {
  'cvss.score': call({ effect: 'read', input: z.strictObject({ vectors: z.array(z.string()).max(10_000) }), output: z.strictObject({ scores: z.array(ScoredOrRefused) }) }),
  /** The questions that a vector of a version answers, with what each answer means: a calculator in words. */
  'cvss.metrics': call({
    effect: 'read',
    input: z.strictObject({ version: Version }),
    output: z.strictObject({
      metrics: z.array(z.strictObject({
        id: z.string(), name: z.string(), group: z.enum(['base', 'temporal', 'threat', 'environmental', 'supplemental']), asks: z.string(),
        values: z.array(z.strictObject({ code: z.string(), name: z.string(), says: z.string() })),
        /** What it is where it is left out; null where it may not be. */
        unset: z.string().nullable(),
      })),
    }),
  }),
} as const;
