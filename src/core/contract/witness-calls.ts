import { z } from 'zod';
import { UtcTime } from '../model/primitives.ts';
import { call } from './declare.ts';
import { Path } from './inputs.ts';

/** A vkey, of a console's log or of a witness. */
const Vkey = z.string().trim().min(1).max(1_024);

/** Witnessing by one text file each way, for consoles that never meet (C2SP tlog-witness); part of the contract. */
export const witnessCalls = {
  /** Writes what this console's log asks of a witness. */
  'witness.request': call({
    effect: 'write',
    input: z.strictObject({
      /** Whose cosignature is asked for; what it cosigned last is known from that. null: of one that never cosigned it. */
      witness: Vkey.nullable(),
      /** The size that the witness says it cosigned last, where it knows better. */
      old: z.number().int().min(0).nullable(),
      out: Path,
    }),
    output: z.strictObject({ file: z.string(), origin: z.string(), size: z.number().int(), oldSize: z.number().int() }),
  }),
  /** Answers as a witness: cosigns, or says why not. */
  'witness.respond': call({
    effect: 'sign',
    /** `vkey`: the log's key, where neither the roster nor the archive knows it. */
    input: z.strictObject({ file: Path, vkey: Vkey.nullable(), out: Path }),
    output: z.discriminatedUnion('cosigned', [
      z.strictObject({ cosigned: z.literal(true), file: z.string(), origin: z.string(), size: z.number().int(), witness: z.string(), vkey: z.string(), time: UtcTime }),
      /** As the protocol's status codes have it; a 409 has the size that was cosigned last, which is in the file too. */
      z.strictObject({ cosigned: z.literal(false), status: z.union([z.literal(403), z.literal(400), z.literal(409), z.literal(422)]), message: z.string(), file: z.string().nullable() }),
    ]),
  }),
  /** Takes a witness' answer in. */
  'witness.accept': call({
    effect: 'write',
    /** `request`: what was asked, where the log has grown since. */
    input: z.strictObject({ file: Path, request: Path.nullable(), vkey: Vkey.nullable() }),
    output: z.strictObject({ origin: z.string(), size: z.number().int(), accepted: z.array(z.strictObject({ witness: z.string(), time: UtcTime })), ignored: z.number().int() }),
  }),
} as const;
