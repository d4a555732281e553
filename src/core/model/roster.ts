import { z } from 'zod';
import { Fingerprint, Origin, Sha256, UtcTime } from './primitives.ts';

const Role = z.string().max(64).regex(/^[a-z][a-z0-9-]*$/);
const PersonId = z.string().max(64).regex(/^[a-z0-9][a-z0-9._-]*$/);

/** A voice code's scrypt hash; the code itself is only on paper (FORMATS §7). */
const VoiceCode = z.strictObject({
  id: z.string().max(64),
  salt: z.string().regex(/^[0-9a-f]{32,128}$/),
  scrypt: z.string().regex(/^[0-9a-f]{64,128}$/),
  duress: z.boolean(),
});

const RosterKey = z.strictObject({
  fingerprint: Fingerprint,
  cert: z.string().regex(/^-----BEGIN PGP PUBLIC KEY BLOCK-----/, 'a certificate is an armored public key'),
  use: z.array(z.enum(['release', 'approve', 'admin'])).min(1),
  on: z.enum(['card', 'file']),
});

export const Person = z.strictObject({
  id: PersonId,
  name: z.string().min(1),
  emails: z.array(z.email()),
  roles: z.array(Role),
  status: z.enum(['active', 'left', 'suspended']),
  deputies: z.array(z.strictObject({ id: PersonId, from: UtcTime, until: UtcTime })),
  keys: z.array(RosterKey),
  phones: z.array(z.string().max(64)),
  voice_codes: z.array(VoiceCode),
});

export type Person = z.infer<typeof Person>;

/** People, roles, keys, consoles and the policies in force (FORMATS §5); detached signatures travel beside it. */
export const Roster = z.strictObject({
  v: z.literal(1),
  roster: z.string().min(1).max(128),
  version: z.number().int().min(1),
  expires: UtcTime,
  policy_digests: z.array(Sha256),
  thresholds: z.object({ admin: z.number().int().min(1) }).catchall(z.number().int().min(1)),
  people: z.array(Person),
  consoles: z.array(z.strictObject({ origin: Origin, vkey: z.string(), owner: PersonId })),
  /** After a roster fork: the digests of every valid roster of the version that there are several of (FORMATS §5). */
  resolves: z.array(Sha256).min(2).max(16).optional(),
});
export type Roster = z.infer<typeof Roster>;

/** A roster whose signatures reached its own threshold, with the digest of its bytes. */
export interface RosterInForce {
  readonly roster: Roster;
  /** SHA-256 of the roster file's bytes. */
  readonly digest: string;
  /** When the newest of its administrators' signatures was made, RFC 3339 UTC; null or left out where that is not known. */
  readonly signedAt?: string | null;
}

/** What a roster says of consoles: the key of each one's log, and whose it is. */
export interface RosterConsoles {
  readonly consoles: readonly { readonly origin: string; readonly vkey: string; readonly owner: string }[];
  /** So many different people, none of them the log's owner, make a record witnessed. */
  readonly witnesses: number;
}
