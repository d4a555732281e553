import { z } from 'zod';
import { ByteSize, Sha256, UtcTime } from './primitives.ts';

/**
 * What has become of the bytes of an attachment, as this console knows it (FORMATS §4, "Erasure"): `here`; `missing`,
 * they never came or are gone ("bytes missing"); `withheld` by a tombstone that counts here; `never-had`, larger than
 * the policy takes in. The one list of these words.
 */
const ATTACHMENT_STATES = ['here', 'missing', 'withheld', 'never-had'] as const;

/** An attachment of an entry, with what has become of its bytes. */
export const AttachmentState = z.strictObject({
  name: z.string(), size: ByteSize, sha256: Sha256,
  state: z.enum(ATTACHMENT_STATES),
  /** The state in one sentence. */
  said: z.string(),
  /** The tombstone that counts here; its bytes may still be here under a hold. */
  withheld: z.strictObject({ id: z.string(), by: z.string(), at: UtcTime, reason: z.string(), class: z.string().nullable() }).nullable(),
  /** Legal holds that stand over it, by their names. */
  holds: z.array(z.string()),
});
export type AttachmentState = z.infer<typeof AttachmentState>;
