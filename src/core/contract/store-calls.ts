import { z } from 'zod';
import { ByteSize, Sha256 } from '../model/primitives.ts';
import { ReleaseDraft } from '../model/release.ts';
import { call } from './declare.ts';
import { FileName, Path, TaskId } from './inputs.ts';

/** A value of a tool's option, which cannot be taken for another option. */
const Word = z.string().max(256).regex(/^[A-Za-z0-9][A-Za-z0-9._@+-]*$/, 'it is letters, digits and . _ @ + -');

/** How the command-line tool of an S3-compatible repository is told which one and as whom; secrets stay in its own files. */
const AwsOptions = z.strictObject({
  profile: Word.nullable().default(null),
  endpoint: z.url({ protocol: /^https?$/ }).max(512).nullable().default(null),
  region: Word.nullable().default(null),
});

/** The artifact repository (policy §2 step 3, §5.1.3); part of the contract. */
export const storeCalls = {
  /** Uploads what is to be released with its signatures, checksums and bill of materials, and reads all of it back whole. */
  'artifacts.store': call({
    effect: 'sync', long: true,
    input: z.strictObject({
      draft: ReleaseDraft,
      /** A folder, or `s3://BUCKET/PREFIX`; a folder of the release's version is made in it. */
      to: Path, aws: AwsOptions.nullable().default(null),
      /** Where what was read back is kept as evidence, such as OUTPUTS/read-back; null compares it and keeps nothing. */
      readBack: Path.nullable(), task: TaskId.optional(),
    }),
    output: z.strictObject({
      place: z.string(),
      /** `there`: the same bytes lay there before. */
      files: z.array(z.strictObject({ name: FileName, sha256: Sha256, size: ByteSize, state: z.enum(['uploaded', 'there']) })),
      /** `atomic`: the repository itself refuses to overwrite; `looked`: it was looked at just before. */
      guard: z.enum(['atomic', 'looked']),
      /** The folder and the manifest that binds it; null where nothing is kept. */
      kept: z.strictObject({ folder: z.string(), manifest: z.string() }).nullable(),
      record: z.string(),
    }),
  }),
} as const;
