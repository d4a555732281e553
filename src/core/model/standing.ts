import { z } from 'zod';
import { UtcTime } from './primitives.ts';
import { CheckId } from './verdict.ts';

/** Whether something that is shown was worked out here, is somebody's word, or could not be checked at all. */
export const Basis = z.enum(['recomputed', 'trusted', 'unchecked']);
export type Basis = z.infer<typeof Basis>;

/**
 * What whoever signs has to know beyond the verdicts (design §4, UX "Signing room"): how green the green is, what rests
 * on what, how old it is, and who wrote what is signed.
 */
export const Standing = z.strictObject({
  /** The lines that are green, by what made them so. */
  green: z.strictObject({
    /** Judged from evidence. */
    machine: z.array(CheckId),
    /** Somebody's signed word, an approval included. */
    people: z.array(CheckId),
    /** Findings that stay for a time, with authority. */
    accepted: z.array(CheckId),
    notApplicable: z.array(CheckId),
  }),
  /** Whose signature lets a file of the outputs take findings away: suppressions, a baseline, VEX. */
  takenAway: z.array(z.strictObject({ path: z.string(), by: z.string(), statement: z.string(), record: z.string() })),
  /** Findings that somebody accepted for this release and that are still accepted. */
  accepted: z.array(z.strictObject({ vulnerabilities: z.array(z.string()), by: z.string(), askedBy: z.string(), until: UtcTime, why: z.string(), record: z.string() })),
  /** What is shown, and what it rests on. */
  claims: z.array(z.strictObject({ what: z.string(), basis: Basis, words: z.string() })),
  /** How old what it rests on is; `since` is null where nothing says, `until` where it has no end. */
  ages: z.array(z.strictObject({ what: z.enum(['roster', 'revocations', 'policy', 'vulnerability-data']), name: z.string(), since: UtcTime.nullable(), until: UtcTime.nullable(), words: z.string() })),
  /** Authors and co-authors of the range, most commits first, with how many they had a hand in; cut at 1,000. */
  authors: z.array(z.strictObject({ name: z.string(), email: z.string(), commits: z.number().int() })),
});
export type Standing = z.infer<typeof Standing>;
