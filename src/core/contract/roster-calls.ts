import { z } from 'zod';
import { Fingerprint, Origin, Sha256, UtcTime } from '../model/primitives.ts';
import { Person, Roster } from '../model/roster.ts';
import { call } from './declare.ts';
import { Passphrase, Path } from './inputs.ts';

const Id = z.string().min(1).max(64);
const Role = Person.shape.roles.element;
const List = <Item extends z.ZodType>(item: Item) => z.array(item).max(500).default([]);

/** A roster as it is shown: everything but certificates, telephone numbers and codes. */
const RosterView = z.strictObject({
  roster: z.string(), version: z.number().int(), digest: Sha256, expires: UtcTime, problem: z.string().nullable(),
  threshold: z.number().int(), policies: z.array(Sha256),
  people: z.array(z.strictObject({
    id: z.string(), name: z.string(), roles: z.array(z.string()), status: Person.shape.status,
    keys: z.array(z.strictObject({ fingerprint: Fingerprint, use: z.array(z.string()), on: z.string() })),
    deputies: z.array(z.strictObject({ id: z.string(), from: UtcTime, until: UtcTime })),
    /** Their signature over this roster is good. */
    signedThis: z.boolean(),
  })),
  consoles: z.array(z.strictObject({ origin: Origin, owner: z.string() })),
  /** Its digest in the words of the PGP list, to be read aloud. */
  words: z.array(z.string()),
});

/** Which of how many administrators of a version signed. */
const Threshold = z.strictObject({ version: z.number().int(), digest: Sha256.nullable(), people: z.array(z.string()), needed: z.number().int(), reached: z.boolean() });

/** What the next version has otherwise than the one that is held. */
const RosterChanges = z.strictObject({
  expires: UtcTime.nullable().default(null),
  thresholds: z.record(Id, z.number().int().min(1).max(1_000)).default({}),
  addPolicies: List(Sha256), removePolicies: List(Sha256),
  addPeople: List(z.strictObject({ id: Person.shape.id, name: z.string().trim().min(1).max(200), emails: z.array(z.email()).max(50) })),
  status: List(z.strictObject({ id: Id, status: Person.shape.status })),
  addRoles: List(z.strictObject({ id: Id, role: Role })), removeRoles: List(z.strictObject({ id: Id, role: Role })),
  /** A file with the public key; one that holds several says which by its fingerprint. */
  addKeys: List(z.strictObject({ id: Id, file: Path, fingerprint: Fingerprint.nullable().default(null), use: z.array(z.enum(['release', 'approve', 'admin'])).min(1), on: z.enum(['card', 'file']) })),
  removeKeys: List(z.strictObject({ id: Id, fingerprint: z.string().min(8).max(64) })),
  addDeputies: List(z.strictObject({ id: Id, deputy: Id, from: UtcTime, until: UtcTime })), removeDeputies: List(z.strictObject({ id: Id, deputy: Id })),
  /** Numbers and rooms by which somebody is called back (FORMATS §5, §7). */
  addPhones: List(z.strictObject({ id: Id, phone: z.string().trim().min(1).max(64) })), removePhones: List(z.strictObject({ id: Id, phone: z.string().min(1).max(64) })),
  addConsoles: List(z.strictObject({ origin: Origin, vkey: z.string().min(1).max(1024), owner: Id })), removeConsoles: List(Origin),
});

/** The people whose word counts, and how the next version of them comes to be (FORMATS §5); part of the contract. */
export const rosterCalls = {
  'roster.read': call({ effect: 'read', input: z.strictObject({}), output: z.strictObject({ held: RosterView.nullable() }) }),
  'roster.show': call({
    effect: 'read',
    /** null: the one that is held. */
    input: z.strictObject({ version: z.number().int().min(1).nullable() }),
    output: z.strictObject({
      view: RosterView, roster: Roster,
      versions: z.array(z.strictObject({ version: z.number().int(), digest: Sha256, from: UtcTime.nullable(), until: UtcTime, problem: z.string().nullable() })),
      /** What it has otherwise than the version before it that was held here; empty for the first. */
      changes: z.array(z.string()),
      /** Which consoles took it, as far as the archive tells. */
      takenBy: z.array(z.strictObject({ origin: Origin, at: UtcTime, record: z.string() })),
      /** Other valid rosters of some version, which freeze authority until a later version names them. */
      rivals: z.array(z.strictObject({ version: z.number().int(), digest: Sha256, file: z.string() })),
    }),
  }),
  'roster.propose': call({
    effect: 'write',
    /** `file`: a roster that was edited, whose version is the next; what else is given is changed in it. */
    input: z.strictObject({ file: Path.nullable(), changes: RosterChanges, out: Path }),
    output: z.strictObject({
      file: z.string(), version: z.number().int(), digest: Sha256, words: z.array(z.string()), changes: z.array(z.string()),
      /** Whose signatures it needs: of the version before, of its rivals, and its own. */
      asks: z.array(z.strictObject({ version: z.number().int(), administrators: z.array(z.string()), needed: z.number().int() })),
      notes: z.array(z.string()), next: z.array(z.string()),
    }),
  }),
  /**
   * Makes single-use voice codes for somebody, and a proposal of the next roster that holds their hashes (FORMATS §7). The codes are in
   * the answer and nowhere else: they are printed once.
   */
  'roster.makeVoiceCodes': call({
    effect: 'write', long: true,
    input: z.strictObject({
      person: Id, count: z.number().int().min(1).max(50), /** The codes that the roster has of them are struck out. */ replace: z.boolean(),
      /** A proposal that is gone on with; null: the roster that is held. */
      file: Path.nullable(), out: Path, task: z.string().min(1).max(64).optional(),
    }),
    output: z.strictObject({
      person: z.string(), name: z.string(), codes: z.array(z.strictObject({ id: z.string(), words: z.array(z.string()), duress: z.boolean() })),
      file: z.string(), version: z.number().int(), digest: Sha256, changes: z.array(z.string()), next: z.array(z.string()),
    }),
  }),
  /** Which codes of everybody are left, and which record burnt the others. */
  'roster.voiceCodes': call({ effect: 'read', input: z.strictObject({}), output: z.strictObject({ people: z.array(z.strictObject({ id: z.string(), name: z.string(), phones: z.array(z.string()), left: z.number().int(), codes: z.array(z.strictObject({ id: z.string(), burntBy: z.string().nullable() })) })) }) }),
  'roster.sign': call({
    effect: 'sign', long: true,
    input: z.strictObject({ file: Path, key: Path, passphrase: Passphrase.nullish(), task: z.string().min(1).max(64).optional() }),
    output: z.strictObject({ signature: z.string(), person: z.string(), fingerprint: Fingerprint, digest: Sha256 }),
  }),
  'roster.verify': call({
    effect: 'read',
    input: z.strictObject({ file: Path }),
    output: z.strictObject({
      roster: z.string(), version: z.number().int(), digest: Sha256, words: z.array(z.string()), expires: UtcTime,
      signatures: z.array(z.strictObject({ file: z.string(), person: z.string().nullable(), fingerprint: Fingerprint.nullable(), good: z.boolean(), why: z.string().nullable() })),
      /** Its own first, then that of every version that it follows. */
      thresholds: z.array(Threshold), changes: z.array(z.string()),
      /** `adoptable`: by its signatures; `first`: nothing is held, so its digest has to come by another way; `held` already. */
      verdict: z.enum(['adoptable', 'first', 'held', 'refused']),
      /** Why it is refused; null else. */
      problem: z.string().nullable(),
    }),
  }),
  'roster.adopt': call({
    effect: 'write', long: true,
    /** `file`: null takes what the archive brought. `digest`: the SHA-256 that came by another way; the first roster is taken only with it. */
    input: z.strictObject({ file: Path.nullable(), digest: Sha256.nullable(), task: z.string().min(1).max(64).optional() }),
    output: RosterView,
  }),
} as const;
