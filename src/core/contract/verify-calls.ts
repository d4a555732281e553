import { z } from 'zod';
import { EvidenceKind } from '../model/evidence.ts';
import { ByteSize, Fingerprint, Sha256, UtcTime } from '../model/primitives.ts';
import { SignatureReport } from '../model/verification.ts';
import { call } from './declare.ts';
import { Path, TaskId } from './inputs.ts';

const Standing = z.enum(['good', 'bad', 'unknown']);

/** One file of a release folder, and what vouches for it. */
const FolderFile = z.strictObject({
  path: z.string(), sha256: Sha256.nullable(), size: ByteSize.nullable(),
  role: z.enum(['artifact', 'signature', 'checksum', 'archive']),
  /** `checksum-only`: its bytes are those that a checksum gives, and nobody signed that; `uncovered`: nothing speaks of it. */
  verdict: z.enum(['good', 'bad', 'signer-unknown', 'checksum-only', 'uncovered', 'not-needed']),
  /** The signed list that covers it; null where a signature of its own does, or none. */
  through: z.string().nullable(),
  signatures: z.array(SignatureReport.extend({ file: z.string(), when_made: Standing, today: Standing })),
  /** What `NAME.sha256` and the lists say of its bytes. */
  checksum: z.enum(['matches', 'differs', 'absent']),
  problems: z.array(z.string()),
});
export type FolderFile = z.infer<typeof FolderFile>;

/** The report on a folder for somebody who did not make the release. */
export const FolderVerification = z.strictObject({
  folder: z.string(), at: UtcTime,
  verdict: z.enum(['good', 'bad', 'withdrawn', 'signer-unknown', 'not-covered']),
  /** Whether keys were named by which signers are known. */
  keysNamed: z.boolean(),
  files: z.array(FolderFile),
  /** Listed by name and digest, and not here: nobody here has read their bytes. */
  notSeen: z.array(z.strictObject({ list: z.string(), name: z.string(), sha256: Sha256 })),
  sboms: z.array(z.strictObject({
    path: z.string(), kind: EvidenceKind, version: z.string().nullable(), components: z.number().int(), valid: z.boolean(), faults: z.array(z.string()),
    about: z.strictObject({ name: z.string(), version: z.string().nullable() }).nullable(),
    /** Null where no version was asked for. */
    aboutThisRelease: z.boolean().nullable(),
  })),
  manifests: z.array(z.strictObject({ path: z.string(), commit: z.string().nullable(), listed: z.number().int(), same: z.number().int(), differing: z.array(z.string()), missing: z.array(z.string()) })),
  archives: z.array(z.strictObject({ path: z.string(), verdict: z.enum(['good', 'bad', 'key-unknown']), entries: z.number().int(), problems: z.array(z.string()) })),
  /** `NAME.tlog-proof` with `NAME.entry.json` (FORMATS §4): the entry that gives this digest stood in that log as of a checkpoint. */
  proofs: z.array(z.strictObject({
    path: z.string(), subject: z.string(), verdict: z.enum(['good', 'bad', 'key-unknown']), origin: z.string().nullable(), index: z.number().int().nullable(), size: z.number().int().nullable(), problem: z.string().nullable(),
  })),
  problems: z.array(z.strictObject({ code: z.enum(['bad', 'uncovered', 'signer-unknown', 'subject-missing', 'refused', 'list-unreadable', 'sbom', 'manifest', 'archive', 'proof', 'withdrawn']), path: z.string().nullable(), message: z.string() })),
});
export type FolderVerification = z.infer<typeof FolderVerification>;

/** Verification of a whole folder, with no key, roster or archive of one's own; part of the contract. */
export const verifyCalls = {
  'release.verifyFolder': call({
    effect: 'read', long: true,
    input: z.strictObject({
      folder: Path, keyring: Path.nullable(), signers: z.array(Fingerprint), atLeast: z.number().int().min(1).max(64).optional(),
      /** Log keys that came by another way. */
      vkeys: z.array(z.string()),
      /** The version that the bill of materials should be about. */
      release: z.string().min(1).max(128).nullable(),
      /** Where the report is written as Markdown; nothing is written without it. */
      report: Path.nullable(), task: TaskId.optional(),
    }),
    output: FolderVerification,
  }),
} as const;
