import { z } from 'zod';
import { call } from './declare.ts';

/** Where the key of this console's log lies. */
export const LogKeyPlace = z.strictObject({
  where: z.enum(['keyring', 'file']),
  /** The file, or how the item is called in the keyring. */
  place: z.string(),
  /** Why, or what is to be known of it. */
  said: z.string(),
});
export type LogKeyPlace = z.infer<typeof LogKeyPlace>;

/** The keystore of the log key; part of the contract. */
export const logKeyCalls = {
  'archive.key': call({ effect: 'read', input: z.strictObject({}), output: LogKeyPlace }),
  'archive.moveKey': call({ effect: 'write', input: z.strictObject({ to: z.enum(['keyring', 'file']) }), output: LogKeyPlace }),
} as const;
