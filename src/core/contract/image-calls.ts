import { z } from 'zod';
import { ByteSize, CommitId, Fingerprint, Sha256 } from '../model/primitives.ts';
import { Verification, VerificationProblem } from '../model/verification.ts';
import { call } from './declare.ts';
import { Path, TaskId } from './inputs.ts';

const ImageDigest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'a digest is sha256: and 64 lower-case hexadecimal digits');
/** Which image of a layout that holds several; null where it holds one. */
const choice = { platform: z.string().min(3).max(128).nullable(), digest: ImageDigest.nullable() };

/** A verification, and what the signature says of the image. */
export const ImageVerification = Verification.extend({
  problems: z.array(z.strictObject({ code: z.enum([...VerificationProblem.shape.code.options, 'payload-malformed', 'digest-differs', 'reference-differs']), message: z.string() })),
  digest: ImageDigest,
  platform: z.string().nullable(),
  reference: z.string(),
  /** Null where the signature carries nothing that can be read. */
  claimed: z.strictObject({ digest: z.string(), reference: z.string(), creator: z.string().nullable(), timestamp: z.number().int().nullable() }).nullable(),
});
export type ImageVerification = z.infer<typeof ImageVerification>;

/** Container images, signed in the "simple signing" format of containers/image (policy §6.2.3, erratum); part of the contract. */
export const imageCalls = {
  'image.sign': call({
    effect: 'sign', long: true,
    input: z.strictObject({
      /** An OCI image layout, a tar of one, or an archive of `docker save`. */
      image: Path, ...choice, reference: z.string().min(1).max(512), key: z.string().min(8).max(64), out: Path,
      release: z.strictObject({ version: z.string(), commit: CommitId.nullable() }).nullable(), task: TaskId.optional(),
    }),
    output: z.strictObject({
      /** The primary key, and the one that made the signature, which other programs ask for. */
      key: Fingerprint, signing: Fingerprint,
      reference: z.string(), digest: ImageDigest, mediaType: z.string(), platform: z.string().nullable(), blobs: z.number().int(), bytes: ByteSize,
      written: z.array(z.strictObject({ path: z.string(), sha256: Sha256 })), record: z.string(), commands: z.array(z.string()),
    }),
  }),
  'image.verify': call({
    effect: 'read', long: true,
    input: z.strictObject({
      image: Path, ...choice, signature: Path, reference: z.string().min(1).max(512), keyring: Path.nullable(), signers: z.array(Fingerprint), task: TaskId.optional(),
    }),
    output: ImageVerification,
  }),
} as const;
