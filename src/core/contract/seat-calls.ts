import { z } from 'zod';
import { Fingerprint, UtcTime } from '../model/primitives.ts';
import { call } from './declare.ts';
import { Passphrase, Path, TaskId } from './inputs.ts';

/** A key that is here and that the roster in force gives to somebody, so that they can take the seat with it. */
const SeatKey = z.strictObject({
  /** What acts name: a fingerprint, or a file. */
  key: z.string(), fingerprint: Fingerprint,
  person: z.strictObject({ id: z.string(), name: z.string() }), roles: z.array(z.string()),
  use: z.array(z.enum(['release', 'approve', 'admin'])),
  /** The key lies in a file, so that its passphrase is asked in the window; gpg asks for its own. */
  inFile: z.boolean(),
  /** The card that holds it; null where none does. */
  card: z.string().nullable(),
});

/** Who sits at a window, as their signature proved and the roster in force says now. */
const Seat = SeatKey.extend({ since: UtcTime });

const SeatState = z.strictObject({
  /** null: nobody sits here, and the window is read-only. */
  seat: Seat.nullable(),
  /** The seat is taken and nobody answers for it: nothing is signed or written until somebody takes it again. */
  locked: z.boolean(),
  keys: z.array(SeatKey),
  /** Why nobody can take the seat; null where somebody can. */
  problem: z.string().nullable(),
});

/** Who sits at this window: chosen by key, proved by a signature over a fresh challenge, forgotten at the next start; part of the contract. */
export const seatCalls = {
  'seat.read': call({ effect: 'read', input: z.strictObject({}), output: SeatState }),
  'seat.take': call({
    effect: 'read', long: true,
    /** `passphrase`: of a key in a file, kept no longer than this call; gpg asks for its own. */
    input: z.strictObject({ key: Path, passphrase: Passphrase.nullish(), task: TaskId.optional() }),
    output: SeatState,
  }),
  'seat.lock': call({ effect: 'read', input: z.strictObject({}), output: SeatState }),
  /** Gives the seat up; a locked one is only taken again. */
  'seat.leave': call({ effect: 'read', input: z.strictObject({}), output: SeatState }),
} as const;
