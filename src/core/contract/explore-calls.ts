import { z } from 'zod';
import { Origin, Sequence, Sha256, UtcTime } from '../model/primitives.ts';
import { RECORD_KINDS } from '../model/record-kinds.ts';
import { EntrySummary, Sighting } from './archive-calls.ts';
import { call } from './declare.ts';
import { TaskId } from './inputs.ts';

/** What was typed; a fault in it is said with its place. */
const Query = z.string().max(16_384);
const Count = z.number().int().min(0);

/** Where each log recorded how much of what kind, in stretches of time. */
export const Timeline = z.strictObject({
  /** Entries that are drawn. */
  total: Count,
  /** When the first stretch begins; null where nothing is drawn. */
  start: UtcTime.nullable(),
  /** How long each stretch is. */
  hours: Count, bins: Count,
  lanes: z.array(z.strictObject({
    origin: Origin, own: z.boolean(), state: z.enum(['good', 'quarantined']), entries: Count,
    /** Stretches in which something was recorded, the oldest first. */
    marks: z.array(z.strictObject({ bin: Count, kinds: z.partialRecord(z.enum(RECORD_KINDS), Count) })),
  })),
  /** Logs that have no lane, because there are too many, and their entries in this time. */
  others: z.strictObject({ logs: Count, entries: Count }),
});
export type Timeline = z.infer<typeof Timeline>;

/** The way from an entry to the root of its log, as a proof gives it. */
export const ProofPath = z.strictObject({
  id: z.string(), origin: Origin, index: Sequence, size: Count, leaf: Sha256, root: Sha256, vkey: z.string(),
  /** From the leaf up: the hash that the proof gives, on which side it stands, over which entries, and what both come to. */
  steps: z.array(z.strictObject({ sibling: Sha256, side: z.enum(['left', 'right']), first: Sequence, last: Sequence, parent: Sha256 })),
  /** Whether what the path comes to is the root that the log's key signed. */
  holds: z.boolean(),
  /** The signed note with its cosignatures, and the whole `.tlog-proof`. */
  checkpoint: z.string(), proof: z.string(),
  /** Who cosigned this checkpoint. */
  witnesses: z.array(Sighting),
});
export type ProofPath = z.infer<typeof ProofPath>;

/** What is kept of a history that was rewritten: two heads that one key signed and that no single history has. */
export const KeptFork = z.strictObject({
  origin: Origin, found: UtcTime, source: z.string(),
  /** The first entry that differs, where that is known. */
  seq: Sequence.nullable(),
  /** The signed heads: what was seen first, and what came later. */
  seen: z.string(), other: z.string(),
  /** What the larger tree had at the smaller one's size, in base64. */
  proof: z.strictObject({ size: Count, root: z.string(), consistency: z.array(z.string()) }).nullable(),
});
export type KeptFork = z.infer<typeof KeptFork>;

/** Searching the Genesis Archive and looking at it; part of the contract. */
export const exploreCalls = {
  'archive.search': call({
    effect: 'read', long: true,
    input: z.strictObject({
      query: Query,
      /** Newest first from this offset. */
      offset: Count, limit: z.number().int().min(1).max(10_000),
      /** Counts to the end; else only as far as is quickly done. */
      whole: z.boolean(),
      task: TaskId.optional(),
    }),
    /** `total` of the entries that answer; at least so many where it is not `exact`. */
    output: z.strictObject({ query: z.string(), total: Count, exact: z.boolean(), entries: z.array(EntrySummary) }),
  }),
  'archive.timeline': call({
    effect: 'read', long: true,
    /** Of the time that `before:` and `after:` of a query name; all else in it is passed over. */
    input: z.strictObject({ query: Query, bins: z.number().int().min(1).max(200), task: TaskId.optional() }),
    output: Timeline,
  }),
  'archive.path': call({ effect: 'read', input: z.strictObject({ id: z.string().min(1).max(320) }), output: ProofPath }),
  'archive.forks': call({ effect: 'read', input: z.strictObject({}), output: z.strictObject({ forks: z.array(KeptFork) }) }),
} as const;
