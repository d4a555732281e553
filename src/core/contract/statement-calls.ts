import { z } from 'zod';
import { Fingerprint, ReleaseType, UtcTime } from '../model/primitives.ts';
import { CheckId } from '../model/verdict.ts';
import { call } from './declare.ts';
import { Passphrase, Path, TaskId } from './inputs.ts';

const Words = z.string().trim().min(1, 'say it in words').max(4_000);
const Name = z.string().trim().min(1).max(500);
const Version = z.string().min(1).max(128);

/** The release that this one follows, as it is judged: who wrote since then may not test. Left out, it is not looked at before signing. */
const Since = z.string().min(1).max(256).nullish();

/** What a person signs: their word on a line, that reports are of a commit, that a file may take findings away, that a type is left out, or a risk. */
export const StatementDraft = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('line'), repo: Path, release: Version, policyFile: Path.nullable(), check: CheckId, statement: Words, files: z.array(Path).max(200),
    details: z.record(z.string().min(1).max(64), z.string().max(500)), since: Since }),
  z.strictObject({ kind: z.literal('binding'), repo: Path, release: Version, statement: Words, files: z.array(Path).min(1).max(200) }),
  z.strictObject({ kind: z.literal('suppression'), repo: Path, release: Version, statement: Words, files: z.array(Path).min(1).max(200) }),
  /** The release is not of types that are derived for it; somebody else asked. */
  z.strictObject({ kind: z.literal('types'), repo: Path, release: Version, policyFile: Path.nullable(), types: z.array(ReleaseType).min(1).max(5), askedBy: z.string().min(1).max(64), statement: Words }),
  z.strictObject({
    kind: z.literal('risk'),
    /** null: every release until it ends. */
    release: Version.nullable(),
    vulnerabilities: z.array(Name).min(1).max(200), packages: z.array(Name).max(200),
    askedBy: z.string().min(1).max(64), reason: Words, compensatingControl: Words, until: UtcTime,
    /** The policy that says who may; left out, it is not looked at before signing. */
    policyFile: Path.nullish(),
  }),
]);
export type StatementDraft = z.infer<typeof StatementDraft>;

/** What people sign into the archive; part of the contract. */
export const statementCalls = {
  /** Who of the roster in force could say it, before anybody is asked for a signature. */
  'statement.who': call({
    effect: 'read', long: true,
    input: z.strictObject({
      about: z.enum(['line', 'binding', 'suppression', 'risk']),
      /** The line, where it is about one. */
      check: CheckId.nullable(), repo: Path, release: Version, since: z.string().min(1).max(256).nullable(), policyFile: Path.nullable(), task: TaskId.optional(),
    }),
    output: z.strictObject({
      /** Empty: anybody with a key for approvals. */
      roles: z.array(z.string()),
      /** Everybody with a key for approvals; `why` they could not, null where they could. */
      people: z.array(z.strictObject({ id: z.string(), name: z.string(), why: z.string().nullable() })),
      /** Why nobody's word would count; null where a roster is in force. */
      problem: z.string().nullable(),
    }),
  }),
  'statement.sign': call({
    effect: 'sign', long: true,
    /** `passphrase`: of a key in a file; gpg asks for its own. */
    input: z.strictObject({ key: z.string().min(8).max(4096), statement: StatementDraft, passphrase: Passphrase.nullish(), task: TaskId.optional() }),
    output: z.strictObject({
      record: z.string(), fingerprint: Fingerprint, person: z.string(),
      /** The exact text that was signed, in RFC 8785 form. */
      signed: z.string(),
    }),
  }),
} as const;
