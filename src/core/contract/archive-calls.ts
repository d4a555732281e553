import { z } from 'zod';
import { Entry } from '../model/archive.ts';
import { Origin, Sequence, Sha256, UtcTime } from '../model/primitives.ts';
import { call } from './declare.ts';
import { Path, TaskId } from './inputs.ts';

/** An entry of any known log, summed up for a list. */
export const EntrySummary = z.strictObject({
  id: z.string(),
  origin: Origin,
  seq: Sequence,
  leaf: Sha256,
  time: UtcTime,
  event_type: z.string(),
  /** The release that the record names, if it names one. */
  release: z.string().nullable(),
  /** One line in words. */
  summary: z.string(),
  imported: z.boolean(),
  /** `proven` only where a person's signature verifies; FORMATS §4. */
  person: z.enum(['not-needed', 'not-proven', 'proven']),
  /** `witnessed` by as many different people as are asked for, `seen` by some other console, or `unseen`; FORMATS §4. */
  witnessed: z.enum(['witnessed', 'seen', 'unseen']),
});
export type EntrySummary = z.infer<typeof EntrySummary>;

/** Somebody else's console that cosigned a checkpoint. */
export const Sighting = z.strictObject({
  witness: z.string(),
  /** Whose console it is, by the roster in force; null where that is not known, or it is the log's own owner's. */
  person: z.string().nullable(),
  size: z.number().int().min(0),
  /** By the clock of that console. */
  time: UtcTime,
});

/** A log as this console knows it. */
export const LogState = z.strictObject({
  origin: Origin,
  own: z.boolean(),
  size: z.number().int().min(0),
  root: z.string(),
  vkey: z.string(),
  checkpointTime: UtcTime.nullable(),
  /** `quarantined`: its history was rewritten; the evidence is kept and nothing of it is merged. */
  state: z.enum(['good', 'quarantined']),
  problem: z.string().nullable(),
  /** What each witness cosigned last. */
  witnesses: z.array(Sighting),
});
export type LogState = z.infer<typeof LogState>;

/** What verification of an archive, or of an export of one, found. */
export const ArchiveVerification = z.strictObject({
  verdict: z.enum(['good', 'bad', 'key-unknown']),
  entries: z.number().int(),
  logs: z.array(z.strictObject({
    origin: z.string(),
    size: z.number().int(),
    root: z.string().nullable(),
    verdict: z.enum(['good', 'bad', 'key-unknown']),
  })),
  problems: z.array(z.strictObject({ code: z.string(), message: z.string(), place: z.string().nullable() })),
});
export type ArchiveVerification = z.infer<typeof ArchiveVerification>;

const AppendedEntry = z.strictObject({ id: z.string(), origin: Origin, seq: Sequence, leaf: Sha256, event_type: z.string(), warnings: z.array(z.string()) });

/** The Genesis Archive: what was recorded, its verification, its export and its exchange; part of the contract. */
export const archiveCalls = {
  'archive.logs': call({ effect: 'read', input: z.strictObject({}), output: z.strictObject({ logs: z.array(LogState) }) }),
  'archive.list': call({
    effect: 'read',
    input: z.strictObject({
      origin: Origin.nullable(), event_type: z.string().nullable(), release: z.string().nullable(),
      /** Newest first from this offset. */
      offset: z.number().int().min(0), limit: z.number().int().min(1).max(10_000),
    }),
    output: z.strictObject({ total: z.number().int(), entries: z.array(EntrySummary) }),
  }),
  'archive.show': call({
    effect: 'read',
    input: z.strictObject({ id: z.string().min(1).max(320) }),
    output: z.strictObject({
      id: z.string(), leaf: Sha256, entry: Entry, canonical: z.string(), person: EntrySummary.shape.person, warnings: z.array(z.string()),
      /** What points at it, of whichever log: the first of them. */
      referredBy: z.array(z.strictObject({ rel: z.string(), id: z.string() })),
      witnessed: EntrySummary.shape.witnessed,
      /** Who saw it, the earliest first; so many different people are asked for. */
      seenBy: z.array(Sighting), witnessesNeeded: z.number().int(),
      /** When it was made, as an interval (FORMATS §4): what it names cannot be younger, and who saw it cannot have seen it earlier. */
      notBefore: z.strictObject({ id: z.string(), time: UtcTime }).nullable(), notAfter: UtcTime.nullable(),
    }),
  }),
  'archive.append': call({
    effect: 'write', long: true,
    input: z.strictObject({
      from: Path,
      /** The folder of the files that lines name as their attachments; null where none is taken in. */
      attachments: Path.nullish(), task: TaskId.optional(),
    }),
    output: z.strictObject({
      count: z.number().int(),
      /** How many of them lack what policy §11 asks for, or have it in another form. */
      warned: z.number().int(),
      /** The first 10,000. */
      appended: z.array(AppendedEntry),
    }),
  }),
  'archive.record': call({
    effect: 'write', long: true,
    /** `attach`: files whose bytes are kept with it. */
    input: z.strictObject({ event: z.enum(['release', 'deployment', 'rollback']), from: Path, attach: z.array(Path).max(256).default([]), task: TaskId.optional() }),
    output: AppendedEntry,
  }),
  'archive.verify': call({
    effect: 'read', long: true,
    input: z.strictObject({
      /** An export or shared archive; null is this console's own archive. */
      from: Path.nullable(),
      /** Keys that came by another way than the export: `vkey` lines. */
      vkeys: z.array(z.string()), task: TaskId.optional(),
    }),
    output: ArchiveVerification,
  }),
  'archive.export': call({
    effect: 'write', long: true,
    input: z.strictObject({ format: z.enum(['tiles', 'jsonl', 'csv']), out: Path, task: TaskId.optional() }),
    output: z.strictObject({ path: z.string(), logs: z.number().int(), entries: z.number().int(), files: z.number().int() }),
  }),
  'sync.run': call({
    effect: 'sync', long: true,
    input: z.strictObject({
      /** A folder, or the address of a git remote or a PostgreSQL database; it holds no secret. */
      url: z.string().min(1).max(4096),
      /** `pull` publishes nothing, `push` takes nothing in. */
      direction: z.enum(['both', 'pull', 'push']).default('both'),
      /** Whether every file that lies there is read back, not judged by its size alone. */
      check: z.boolean().default(false), task: TaskId.optional(),
    }),
    output: z.strictObject({
      url: z.string(),
      pushed: z.array(z.strictObject({ origin: Origin, entries: z.number().int() })),
      pulled: z.array(z.strictObject({ origin: Origin, entries: z.number().int() })),
      problems: z.array(z.strictObject({ origin: z.string(), code: z.string(), message: z.string() })),
      /** Versions of the roster that it brought; left out where it brought none. */
      rosters: z.array(z.strictObject({ version: z.number().int(), digest: Sha256, outcome: z.enum(['taken', 'refused']), message: z.string() })).optional(),
      /** Attachments that went either way; left out where none did. `neverHad` are larger than the policy takes in, `erased` were withheld. */
      attachments: z.strictObject({
        pulled: z.number().int(), pulledBytes: z.number().int(), pushed: z.number().int(), pushedBytes: z.number().int(), erased: z.number().int(), neverHad: z.number().int(),
      }).optional(),
    }),
  }),
} as const;
