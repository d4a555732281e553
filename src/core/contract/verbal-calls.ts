import { z } from 'zod';
import { ReleaseVersion, Sha256, UtcTime } from '../model/primitives.ts';
import { ReleaseDraft } from '../model/release.ts';
import { call } from './declare.ts';
import { ByKey, Path, TaskId } from './inputs.ts';

const Words = z.string().trim().min(1, 'say it in words').max(4_000);
/** A record by its place (`ORIGIN#SEQ`), or an emergency by its id where only one has it. */
const Named = z.string().min(1).max(320);
const PersonId = z.string().min(1).max(64);

/** What is to be read aloud, and what is asked for after it (FORMATS §7). */
export const VerbalRequestShown = z.strictObject({
  /** The record of the statement, and the one of the challenge that was drawn after it. */
  record: z.string(), challengeRecord: z.string().nullable(), emergency: z.string(), release: z.string(), askedAt: UtcTime, takenBy: z.string(),
  approver: z.strictObject({ id: PersonId, name: z.string(), role: z.string() }),
  statement: z.string(), statementSha256: Sha256, subjectDigest: Sha256,
  /** The words that the approver says back; read aloud once, and hidden while they are typed. */
  readBack: z.array(z.string()),
  /** Numbers and rooms that the roster has for the approver. */
  numbers: z.array(z.string()),
  /** Which of their codes is the next, by its name on paper; null where none is left. */
  nextCode: z.string().nullable(), codesLeft: z.number().int(),
  /** Who could witness it: everybody with a key for approvals but the approver and the taker. */
  witnesses: z.array(z.strictObject({ id: PersonId, name: z.string() })),
  /** Read-backs and codes that were not right; after three the statement is to be asked anew. */
  failed: z.number().int(), triesLeft: z.number().int(),
  /** Whether what it is about is still what the release is. */
  answered: z.boolean(),
});
export type VerbalRequestShown = z.infer<typeof VerbalRequestShown>;

/** What was taken by word, and what it comes to. */
export const VerbalShown = z.strictObject({
  record: z.string(), request: z.string().nullable(), emergency: z.string(), release: z.string(), decision: z.enum(['approve', 'refuse']),
  approver: z.strictObject({ id: PersonId, name: z.string(), role: z.string() }), takenBy: z.string(), takenProven: z.boolean(),
  spokenAt: UtcTime, channel: z.string(), called: z.string(), callBack: z.boolean(), late: z.boolean(), words: z.string(),
  statement: z.string().nullable(), statementSha256: Sha256.nullable(), subjectDigest: Sha256,
  /** Who it was: by a code, by somebody who was on the line, or by the taker's word alone (FORMATS §7). */
  identity: z.enum(['coded', 'witnessed', 'word-only']),
  /** Whether it opens what it was asked for, and why or why not, as a sentence. */
  opens: z.boolean(), why: z.string(),
  witness: z.strictObject({ id: PersonId, name: z.string(), state: z.enum(['owed', 'overdue', 'signed', 'denied']), due: UtcTime, at: UtcTime.nullable(), record: z.string().nullable() }).nullable(),
  ratification: z.strictObject({
    state: z.enum(['owed', 'overdue', 'ratified', 'disputed', 'not-needed']), due: UtcTime, secondsLeft: z.number().int(), at: UtcTime.nullable(), record: z.string().nullable(),
    /** Whether the criterion of the emergency was found to hold; null until somebody said so. */
    criterionConfirmed: z.boolean().nullable(), reason: z.string().nullable(),
  }),
  attachments: z.array(z.strictObject({ name: z.string(), sha256: Sha256 })),
  /** What is to be known of it beside that. */
  notes: z.array(z.string()),
});
export type VerbalShown = z.infer<typeof VerbalShown>;

/** Approving by word in a declared emergency (FORMATS §7); part of the contract. */
export const verbalCalls = {
  /** Judges the release, logs what is to be read aloud, and only then draws the challenge. */
  'verbal.request': call({
    effect: 'sign', long: true,
    input: z.strictObject({ emergency: Named, draft: ReleaseDraft, approver: PersonId, role: z.string().min(1).max(64), /** What could go wrong, in words that are read aloud. */ risk: Words, ...ByKey, task: TaskId.optional() }),
    output: VerbalRequestShown,
  }),
  'verbal.requests': call({ effect: 'read', input: z.strictObject({ emergency: Named }), output: z.strictObject({ at: UtcTime, requests: z.array(VerbalRequestShown) }) }),
  /** What came of the call, by the signature of whoever took it. A read-back or a code that is not right is logged, and refused. */
  'verbal.record': call({
    effect: 'sign', long: true,
    input: z.strictObject({
      request: Named, ...ByKey, decision: z.enum(['approve', 'refuse']), channel: z.enum(['phone', 'room', 'radio', 'video']), called: z.string().min(1).max(64), callBack: z.boolean(),
      /** What the approver said beside the words that were asked for. */
      words: Words,
      /** As they were heard and typed. */
      readBack: z.array(z.string().trim().min(1).max(40)).max(16), voiceCode: z.array(z.string().trim().min(1).max(40)).max(16).nullable(),
      /** Who else was on the line; null where nobody was. */
      witness: PersonId.nullable(),
      /** Where it was written on paper first: when it was said. */
      spokenAt: UtcTime.nullable(), late: z.boolean(),
      /** Notes, or a recording made by other means, with the approver's spoken consent. */
      files: z.array(Path).max(16), consent: z.boolean(), task: TaskId.optional(),
    }),
    output: VerbalShown,
  }),
  /** Somebody was called who did not decide. */
  'verbal.attempt': call({
    effect: 'sign',
    input: z.strictObject({ emergency: Named, ...ByKey, approver: PersonId, role: z.string().min(1).max(64), called: z.string().min(1).max(64), outcome: z.enum(['no-answer', 'busy', 'voicemail', 'no-connection', 'refused-to-talk']), words: Words }),
    output: z.strictObject({ record: z.string(), attempts: z.number().int() }),
  }),
  /** Whoever was on the line signs that they heard it, or that they did not. */
  'verbal.witness': call({ effect: 'sign', input: z.strictObject({ verbal: Named, ...ByKey, heard: z.boolean(), words: Words }), output: VerbalShown }),
  /** The approver signs the very bytes that were read to them, and says whether the criterion held. */
  'verbal.ratify': call({
    effect: 'sign',
    input: z.strictObject({
      verbal: Named, ...ByKey, criterionConfirmed: z.boolean(), reason: z.string().trim().max(4_000),
      /** The digest of the statement that was shown: of anything else nothing is signed. */
      shown: Sha256.nullable(),
      /** A file for the statement, and FILE.asc for its signature; null: the archive alone holds them. */
      out: Path.nullable(),
    }),
    output: VerbalShown,
  }),
  /** The approver says that it was not so; it opens nothing any more, and asks for an incident. */
  'verbal.dispute': call({ effect: 'sign', input: z.strictObject({ verbal: Named, ...ByKey, reason: Words }), output: VerbalShown }),
  /** A form on paper for the same call, to be entered late. */
  'verbal.form': call({ effect: 'write', input: z.strictObject({ request: Named, out: Path.nullable() }), output: z.strictObject({ text: z.string(), path: z.string().nullable() }) }),
  'verbal.list': call({ effect: 'read', input: z.strictObject({ emergency: Named.nullable(), release: ReleaseVersion.nullable() }), output: z.strictObject({ at: UtcTime, verbal: z.array(VerbalShown) }) }),
} as const;
