import { z } from 'zod';
import { ReleaseVersion, UtcTime } from '../model/primitives.ts';
import { Deviation, EmergencyCriterion, EmergencySeverity, EmergencyStep, HandOver, NotifiedOf } from '../model/records/emergency.ts';
import { call } from './declare.ts';
import { ByKey, Path, TaskId } from './inputs.ts';
import { VerbalRequestShown, VerbalShown } from './verbal-calls.ts';

const Words = z.string().trim().min(1, 'say it in words').max(4_000);
/** An emergency by the record of its declaration (`ORIGIN#SEQ`), or by its id where only one has it. */
const Named = z.string().min(1).max(320);

/** An emergency as the records tell it. */
export const EmergencyShown = z.strictObject({
  id: z.string(), record: z.string(),
  /** Null where nobody who may declare one signed it: it opens nothing. */
  by: z.string().nullable(), declaredBy: z.string(), declaredAt: UtcTime, detectedAt: UtcTime, detectedSaidBy: z.string().nullable(),
  criterion: z.strictObject({ id: EmergencyCriterion, clause: z.string(), words: z.string() }).nullable(), reason: z.string(), severity: EmergencySeverity,
  decisions: z.array(z.strictObject({ record: z.string(), by: z.string(), at: UtcTime, severity: EmergencySeverity, reason: z.string(), vector: z.string().nullable() })),
  release: z.string().nullable(),
  /** Who named that version; null as long as none is. */
  namedBy: z.string().nullable(),
  /** The one with which it is told from now on, by its record. */
  mergedInto: z.string().nullable(),
  closed: z.strictObject({ by: z.string(), at: UtcTime, record: z.string() }).nullable(),
  /** Approvals by word that nobody ratified yet: until when, and whether that is over. */
  unratified: z.strictObject({ count: z.number().int(), due: UtcTime, overdue: z.boolean() }).nullable(),
  /** Until when the patch has to be deployed (policy §10.3). */
  sla: z.strictObject({ from: UtcTime, hours: z.number(), due: UtcTime, secondsLeft: z.number().int(), state: z.enum(['running', 'at-risk', 'breached', 'met']), met: UtcTime.nullable() }),
});
export type EmergencyShown = z.infer<typeof EmergencyShown>;

const STATE = z.enum(['running', 'at-risk', 'breached', 'met', 'not-begun']);

/** A length of time that the policy, or a house rule, gives something in an emergency. */
export const EmergencyClock = z.strictObject({
  id: z.string(), words: z.string(), /** `§10.3`, or `house`. */ source: z.string(), from: UtcTime.nullable(), due: UtcTime.nullable(), state: STATE, secondsLeft: z.number().int(), met: UtcTime.nullable(),
  /** Who can meet it. */
  roles: z.array(z.string()),
  /** Why it was missed, once somebody said so. */
  reason: z.strictObject({ by: z.string(), at: UtcTime, words: z.string() }).nullable(),
});
export type EmergencyClock = z.infer<typeof EmergencyClock>;

/** One thing that a step of §10.2 asks for. */
export const EmergencyItem = z.strictObject({
  id: z.string(), words: z.string(), source: z.string(), state: z.enum(['done', 'open', 'owed', 'bad']), by: z.string().nullable(), at: UtcTime.nullable(), record: z.string().nullable(),
  /** What is to be known of it; empty where nothing is. */
  note: z.string(), /** When it was begun, where its beginning is on record before its end (policy §10.2, step 3). */ begun: UtcTime.nullable(), roles: z.array(z.string()),
});
export type EmergencyItem = z.infer<typeof EmergencyItem>;

/** Everything of one emergency: the seven steps of §10.2, its clocks, who is called, what is owed. */
export const EmergencyDetail = z.strictObject({
  at: UtcTime, emergency: EmergencyShown,
  steps: z.array(z.strictObject({ number: z.number().int().min(1).max(7), title: z.string(), source: z.string(), state: z.enum(['done', 'current', 'ahead', 'owed']), items: z.array(EmergencyItem) })),
  clocks: z.array(EmergencyClock),
  /** Whoever decides or declares, with the numbers and rooms that the roster has for them. */
  people: z.array(z.strictObject({ id: z.string(), name: z.string(), roles: z.array(z.string()), phones: z.array(z.string()), codesLeft: z.number().int(), asked: z.array(z.string()) })),
  requests: z.array(VerbalRequestShown), verbal: z.array(VerbalShown),
  attempts: z.array(z.strictObject({ record: z.string(), approver: z.string(), role: z.string(), called: z.string(), at: UtcTime, outcome: z.string(), words: z.string(), by: z.string() })),
  /** What is still owed, with until when where something says so. */
  owed: z.array(z.strictObject({ id: z.string(), words: z.string(), due: UtcTime.nullable(), overdue: z.boolean(), roles: z.array(z.string()), people: z.array(z.string()) })),
  deviations: z.array(z.strictObject({ record: z.string(), deviation: Deviation, role: z.string().nullable(), by: z.string(), at: UtcTime, reason: z.string() })),
  /** Lines of the checklist that the emergency left out, and which later full check closed them. */
  skipped: z.array(z.strictObject({ line: z.string(), words: z.string(), state: z.enum(['owed', 'closed']), run: z.string().nullable() })),
  notified: z.array(NotifiedOf), affected: z.array(z.string()),
  rollBack: z.strictObject({ answer: z.enum(['instead', 'patch']), by: z.string(), at: UtcTime, reason: z.string() }).nullable(),
  handOvers: z.array(z.strictObject({ record: z.string(), from: z.string(), at: UtcTime, handOver: HandOver, accepted: z.strictObject({ by: z.string(), at: UtcTime, record: z.string() }).nullable() })),
  postMortem: z.strictObject({
    record: z.string(), at: UtcTime, by: z.string(), rootCause: z.string(), lessons: z.string(), contributing: z.array(z.string()),
    actions: z.array(z.strictObject({ number: z.number().int(), what: z.string(), who: z.string(), until: UtcTime, state: z.enum(['open', 'overdue', 'closed']), closedBy: z.string().nullable(), words: z.string().nullable() })),
  }).nullable(),
  /** What happened, the oldest first: what the picture of the emergency is drawn from, and the post-mortem begins with. */
  story: z.array(z.strictObject({ at: UtcTime, words: z.string(), by: z.string().nullable(), record: z.string(), step: z.number().int().min(1).max(7) })),
  /** The emergencies that are told with this one. */
  merged: z.array(z.string()),
  /** What the next shift has to know, as far as the records tell it. */
  handOverDraft: z.strictObject({ known: z.string(), running: z.string(), owed: z.string() }),
  /** What is to be known of it beside that: a clock that was set back, words that nobody who may signed. */
  notes: z.array(z.string()),
});
export type EmergencyDetail = z.infer<typeof EmergencyDetail>;

/** What somebody does in an emergency, by their signature. */
const EmergencyDone = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('notify'), notified: z.array(NotifiedOf).min(1).max(50) }),
  z.strictObject({ kind: z.literal('affected'), versions: z.array(z.string().trim().min(1).max(128)).min(1).max(200) }),
  /** Rolled back in place of a patch, or not, with what was found of whether it can be done. */
  z.strictObject({ kind: z.literal('roll-back-instead'), answer: z.enum(['instead', 'patch']), proof: z.array(z.strictObject({ id: z.string(), status: z.enum(['good', 'bad', 'unknown']), words: z.string() })).max(50) }),
  z.strictObject({ kind: z.literal('step'), step: EmergencyStep, /** The commit that it is about; the tag of the version where it is left out and `repo` is given. */ commit: z.string().max(64).nullable(), repo: Path.nullable(), files: z.array(Path).max(16) }),
  z.strictObject({ kind: z.literal('deviation'), deviation: Deviation, role: z.string().max(64).nullable() }),
  /** Why a clock was missed. */
  z.strictObject({ kind: z.literal('breach'), clock: z.string().min(1).max(64) }),
  /** Somebody outside was told, as the policy file asks for. */
  z.strictObject({ kind: z.literal('notice'), notice: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('hand-over'), handOver: HandOver }),
  z.strictObject({ kind: z.literal('accept-hand-over'), record: Named }),
  z.strictObject({ kind: z.literal('merge'), into: Named }),
  z.strictObject({ kind: z.literal('action-closed'), action: z.number().int().min(1).max(1_000) }),
  z.strictObject({ kind: z.literal('close') }),
]);
export type EmergencyDone = z.infer<typeof EmergencyDone>;

/** What the policy in force says of emergencies, for a form that asks by it. */
export const EmergencyTerms = z.strictObject({
  criteria: z.array(z.strictObject({ id: EmergencyCriterion, clause: z.string(), words: z.string() })),
  /** Who declares one and decides on it, and who deploys what mends it. */
  declarers: z.array(z.string()), deployers: z.array(z.string()),
  /** How long each severity runs (policy §10.3), and from which part of it on it is at risk. */
  hours: z.strictObject({ critical: z.number(), high: z.number(), unknown: z.number() }), atRiskPercent: z.number(),
  /** From which score on a vector makes it critical, and from which on high. */
  scores: z.strictObject({ critical: z.number(), high: z.number() }),
});
export type EmergencyTerms = z.infer<typeof EmergencyTerms>;

/** Declaring an emergency, and where each stands (policy §10); part of the contract. */
export const emergencyCalls = {
  /** Which criterion, one sentence, detected when: everything else can wait. */
  'emergency.declare': call({
    effect: 'sign',
    input: z.strictObject({
      ...ByKey, criterion: EmergencyCriterion, reason: Words, detectedAt: UtcTime,
      /** Who said when it was detected; null where whoever declares it saw it themself. */
      detectedSaidBy: z.string().trim().min(1).max(200).nullable(), severity: EmergencySeverity.nullable(),
      /** A vector decides the severity where that is not given. */
      vector: z.string().max(512).nullable(), release: ReleaseVersion.nullable(),
    }),
    output: EmergencyShown,
  }),
  /** The severity is raised or lowered by a recorded decision; the clock never begins anew. */
  'emergency.severity': call({ effect: 'sign', input: z.strictObject({ emergency: Named, ...ByKey, severity: EmergencySeverity.nullable(), vector: z.string().max(512).nullable(), reason: Words }), output: EmergencyShown }),
  /** The version that mends it is named: what is deployed of it is deployed at once (policy §10.2, step 5). */
  'emergency.release': call({ effect: 'sign', input: z.strictObject({ emergency: Named, ...ByKey, release: ReleaseVersion, reason: Words }), output: EmergencyShown }),
  'emergency.status': call({ effect: 'read', input: z.strictObject({ emergency: Named.nullable() }), output: z.strictObject({ at: UtcTime, emergencies: z.array(EmergencyShown), terms: EmergencyTerms }) }),
  'emergency.detail': call({ effect: 'read', input: z.strictObject({ emergency: Named }), output: EmergencyDetail }),
  /** Everything else that somebody does in one, in words and by their signature. */
  'emergency.act': call({ effect: 'sign', long: true, input: z.strictObject({ emergency: Named, ...ByKey, reason: Words, done: EmergencyDone, task: TaskId.optional() }), output: EmergencyDetail }),
  /** A post-mortem to start from, in Markdown: its timeline is told by the archive. */
  'emergency.draftPostMortem': call({ effect: 'write', input: z.strictObject({ emergency: Named, out: Path.nullable(), /** What was written of it so far, in place of the draft. */ written: z.string().max(200_000).optional() }), output: z.strictObject({ markdown: z.string(), path: z.string().nullable() }) }),
  /** The post-mortem as it was written, by the signature of somebody who held it (policy §10.2, step 7). */
  'emergency.recordPostMortem': call({
    effect: 'sign',
    input: z.strictObject({ emergency: Named, ...ByKey, /** The text, or a file of it. */ markdown: z.string().max(200_000).nullable(), file: Path.nullable() }),
    output: EmergencyDetail,
  }),
} as const;
