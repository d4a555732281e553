import { z } from 'zod';
import { Sha256, UtcTime } from '../model/primitives.ts';
import { call } from './declare.ts';
import { Path } from './inputs.ts';

const Witness = z.strictObject({ witness: z.string(), time: UtcTime });

/** Proofs that an outsider checks without this program (C2SP tlog-proof); part of the contract. */
export const proofCalls = {
  'archive.prove': call({
    effect: 'write',
    input: z.strictObject({
      id: z.string().min(1).max(320),
      /** Where the pair is written; null: nothing is written. */
      out: Path.nullable(),
      /** A release folder: a pair is written beside each artifact that the record names and that is there, of these very bytes. */
      beside: Path.nullable(),
    }),
    output: z.strictObject({
      id: z.string(), leaf: Sha256, size: z.number().int(), vkey: z.string(), proof: z.string(), entry: z.string(),
      /** Who cosigned the checkpoint in it. */
      witnesses: z.array(Witness),
      written: z.array(z.string()),
      /** Artifacts that the record names and that are not there, or are others. */
      left: z.array(z.strictObject({ name: z.string(), why: z.string() })),
    }),
  }),
  'archive.checkProof': call({
    effect: 'read',
    input: z.strictObject({
      file: Path,
      /** null: `NAME.entry.json` beside `NAME.tlog-proof`. */
      entry: Path.nullable(),
      /** Keys of logs and witnesses that came by another way. */
      vkeys: z.array(z.string()),
    }),
    output: z.strictObject({
      /** `key-unknown`: the proof only fits itself. */
      verdict: z.enum(['good', 'key-unknown']),
      id: z.string(), origin: z.string(), index: z.number().int(), size: z.number().int(), leaf: Sha256, event_type: z.string(),
      /** Whose keys were given, and what they cosigned. */
      witnesses: z.array(Witness),
      /** What the entry says of files, by name. */
      artifacts: z.record(z.string(), Sha256),
    }),
  }),
} as const;
