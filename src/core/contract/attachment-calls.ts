import { z } from 'zod';
import { AttachmentState } from '../model/attachments.ts';
import { ByteSize, Sha256, UtcTime } from '../model/primitives.ts';
import { call } from './declare.ts';
import { Path, TaskId } from './inputs.ts';

const EntryName = z.string().min(1).max(320);
const AttachmentName = z.string().min(1).max(255);
const Words = z.string().trim().min(1, 'say it in words').max(4_000);
/** The key that signs, by fingerprint; null only where no roster is in force. */
const Key = z.string().min(8).max(64).nullable();

const Holding = z.strictObject({ id: z.string(), hold: z.string(), by: z.string(), at: UtcTime, reason: z.string(), about: z.string() });
const Kept = z.strictObject({
  entry: z.string(), name: z.string(), size: ByteSize, sha256: Sha256,
  /** The class of the policy; null is in none, and kept for good. */
  class: z.string().nullable(),
  /** When its class has been served; null is never. */
  due: UtcTime.nullable(),
  state: z.enum(['kept', 'due', 'held']), holds: z.array(z.string()),
});

/** Attachments: their bytes, how long they are kept, and who has them erased; part of the contract. */
export const attachmentCalls = {
  'archive.attachments': call({ effect: 'read', input: z.strictObject({ id: EntryName }), output: z.strictObject({ attachments: z.array(AttachmentState) }) }),
  /** Writes an attachment out again; nothing is overwritten. */
  'archive.attachment': call({
    effect: 'write', long: true,
    input: z.strictObject({
      id: EntryName,
      /** null where the entry has only one. */
      name: AttachmentName.nullable(), out: Path,
      /** A shared archive that it is fetched from where it is not here, whatever its size; null: from here only. */
      from: z.string().min(1).max(4096).nullable(), task: TaskId.optional(),
    }),
    output: z.strictObject({ path: z.string(), name: z.string(), size: ByteSize, sha256: Sha256, fetched: z.boolean() }),
  }),
  'archive.withhold': call({
    effect: 'sign', long: true,
    input: z.strictObject({ id: EntryName, name: AttachmentName.nullable(), class: z.string().min(1).max(64), reason: Words, key: Key, task: TaskId.optional() }),
    output: z.strictObject({
      record: z.string(), name: z.string(), sha256: Sha256,
      /** Its bytes were here, and are no more. */
      removed: z.boolean(),
    }),
  }),
  'archive.hold': call({
    effect: 'sign', long: true,
    input: z.strictObject({
      act: z.enum(['place', 'lift']), hold: z.string().trim().min(1).max(128), reason: Words, key: Key,
      /** What a hold that is placed is about; left out where one is lifted. */
      about: z.strictObject({
        attachments: z.array(z.strictObject({ id: EntryName, name: AttachmentName.nullable() })).max(500),
        releases: z.array(z.string().min(1).max(128)).max(200), everything: z.boolean(),
      }).optional(), task: TaskId.optional(),
    }),
    output: z.strictObject({ record: z.string(), hold: z.string(), lifts: z.array(z.string()) }),
  }),
  'archive.retention': call({
    effect: 'read',
    input: z.strictObject({}),
    output: z.strictObject({
      at: UtcTime,
      classes: z.array(z.strictObject({ class: z.string(), years: z.number().int().nullable(), erase: z.enum(['when-due', 'any-time']) })),
      /** Attachments whose bytes are here, those that are due first. */
      attachments: z.array(Kept), holds: z.array(Holding),
    }),
  }),
} as const;
