import { z } from 'zod';
import { Fingerprint, Sha256, UtcTime } from './primitives.ts';

/** A release that must not be deployed any more, with the digests of its files. */
const WithdrawnRelease = z.strictObject({
  release: z.string().min(1).max(128),
  withdrawn_at: UtcTime, withdrawn_by: z.string().min(1).max(64), role: z.string().min(1).max(64), reason: z.string().min(1).max(4_096),
  artifacts: z.array(z.strictObject({ name: z.string().min(1).max(1024), sha256: Sha256 })).max(10_000),
  /** Its place in the archive. */
  record: z.string().min(1).max(320),
});

/**
 * `withdrawn.json`: every release that was withdrawn, in RFC 8785 form, with `withdrawn.json.asc` of whoever withdrew the last (FORMATS §6).
 * It lies beside the artifacts; their own signatures stay good.
 */
export const WithdrawnList = z.strictObject({
  v: z.literal(1), list: z.literal('countersign/withdrawn/v1'), roster: z.string().min(1).max(128), rosterDigest: Sha256, updated_at: UtcTime, signed_by: Fingerprint,
  releases: z.array(WithdrawnRelease).max(10_000),
});
export type WithdrawnList = z.infer<typeof WithdrawnList>;
