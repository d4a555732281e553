import { z } from 'zod';
import { DeploymentMethod } from '../model/plan.ts';
import { ReleaseVersion, UtcTime } from '../model/primitives.ts';
import { RollbackTrigger } from '../model/records/rollback.ts';
import { call } from './declare.ts';
import { Doer } from './deployment-calls.ts';
import { ByKey, Path, TaskId } from './inputs.ts';
import { Observation, TestsShown, WatchShown } from './plan-calls.ts';

const Words = z.string().trim().max(4_000);
/** A rollback or a deployment by its record (`ORIGIN#SEQ`), or by its id where only one has it. */
const Named = z.string().min(1).max(320);
const Notified = z.strictObject({ who: z.string().min(1).max(200), as: z.enum(['incident-team', 'cto', 'ciso']), at: UtcTime, by: z.string().min(1).max(200) });
const Proof = z.strictObject({ id: z.string(), status: z.enum(['good', 'bad', 'unknown']), words: z.string() });

/** A rollback as the records tell it. */
export const RollbackShown = z.strictObject({
  id: z.string(), record: z.string(), from: z.string(), to: z.string().nullable(), environment: z.string(), state: z.enum(['detected', 'decided', 'executing', 'finished', 'failed']),
  trigger: RollbackTrigger.nullable(), reason: z.string(), detectedAt: UtcTime, finishedAt: UtcTime.nullable(),
  notified: z.array(Notified), untold: z.array(z.enum(['incident-team', 'cto', 'ciso'])),
  decision: z.strictObject({ by: z.string(), at: UtcTime, reason: z.string(), record: z.string(), proof: z.array(Proof) }).nullable(),
  authority: z.enum(['authorised', 'unauthorised', 'undecided']), deployment: z.string().nullable(), documented: z.string().nullable(), watch: WatchShown.nullable(),
  /** How it was carried out; null until it was. */
  execution: z.strictObject({ by: z.string(), proven: z.boolean(), at: UtcTime, method: DeploymentMethod, reason: z.string(), record: z.string() }).nullable(),
  smoke: TestsShown.nullable(), slowerPercent: z.number().nullable(), by: z.string(),
  /** What was seen before the watch began. */
  observations: z.array(Observation),
  cause: z.strictObject({ state: z.enum(['open', 'overdue', 'closed']), owner: z.string().nullable(), due: UtcTime.nullable(), found: z.string().nullable() }),
});
export type RollbackShown = z.infer<typeof RollbackShown>;

/** Where the proof that it can be done is looked for. */
const Possible = {
  deployment: Named, /** The version to go back to; null is the one that the plan names. */ to: ReleaseVersion.nullable(), repo: Path,
  /** The folder that holds the artifacts of that version, with their signatures. */
  artifacts: Path,
};

/** Going back to the version before (policy §9); part of the contract. */
export const rollbackCalls = {
  /** Whether it is called for and can be done; nothing is recorded. */
  'rollback.check': call({
    effect: 'read', long: true,
    input: z.strictObject({ ...Possible, /** Performance results of the version before and of this one. */ before: Path.nullable(), after: Path.nullable(), task: TaskId.optional() }),
    output: z.strictObject({
      from: z.string(), to: z.string(), environment: z.string(), possible: z.boolean(), proof: z.array(Proof),
      triggers: z.array(z.strictObject({ id: RollbackTrigger, clause: z.string(), words: z.string() })),
      slower: z.strictObject({
        percent: z.number(), threshold: z.number(), called: z.boolean(),
        figures: z.array(z.strictObject({ name: z.string(), metric: z.string(), unit: z.string(), was: z.number(), is: z.number(), percent: z.number() })),
      }).nullable(),
    }),
  }),
  /** An issue is detected, and who was told of it (§9.2, step 1). */
  'rollback.start': call({
    effect: 'sign',
    input: z.strictObject({ deployment: Named, trigger: RollbackTrigger, reason: Words.min(1), doer: Doer, notified: z.array(Notified).max(50), slowerPercent: z.number().nullable() }),
    output: RollbackShown,
  }),
  'rollback.notify': call({ effect: 'sign', input: z.strictObject({ rollback: Named, doer: Doer, notified: z.array(Notified).min(1).max(50) }), output: RollbackShown }),
  /** The CTO decides, by signature, with the proof before them (§9.2, step 2). */
  'rollback.decide': call({
    effect: 'sign', long: true,
    input: z.strictObject({ rollback: Named, to: ReleaseVersion.nullable(), repo: Path, artifacts: Path, ...ByKey, reason: Words, /** Why it is decided although the proof is not whole. */ anyway: Words.nullable(), task: TaskId.optional() }),
    output: RollbackShown,
  }),
  /** The version before is deployed again (§9.2, step 3). */
  'rollback.execute': call({
    effect: 'sign', long: true,
    input: z.strictObject({ rollback: Named, doer: Doer, method: DeploymentMethod, /** Where nobody who may has decided: why it is done all the same. */ unauthorised: Words.nullable(), to: ReleaseVersion.nullable() }),
    output: RollbackShown,
  }),
  /** Smoke tests are read, the watch and the analysis of the root cause begin, and it is documented (§9.2, steps 4 and 5; §11.3). */
  'rollback.finish': call({
    effect: 'sign', long: true,
    input: z.strictObject({ rollback: Named, doer: Doer, smoke: z.array(Path).min(1).max(200), causeOwner: z.string().min(1).max(64).nullable(), causeDue: UtcTime.nullable(), task: TaskId.optional() }),
    output: z.strictObject({ rollback: RollbackShown, record: z.string().nullable(), problem: z.string().nullable() }),
  }),
  /** What was seen, typed or as lines of JSON, `{at, status, words}`. */
  'rollback.observe': call({
    effect: 'write',
    input: z.strictObject({ rollback: Named, doer: Doer, status: z.enum(['ok', 'issue']), words: Words, from: Path.nullable() }),
    output: z.strictObject({ rollback: RollbackShown, recorded: z.number().int() }),
  }),
  'rollback.close': call({ effect: 'sign', input: z.strictObject({ rollback: Named, ...ByKey, status: z.enum(['ok', 'issue']), words: Words }), output: RollbackShown }),
  /** Who analyses the root cause until when; with what was found it is closed. */
  'rollback.cause': call({
    effect: 'sign',
    input: z.strictObject({ rollback: Named, ...ByKey, owner: z.string().min(1).max(64).nullable(), due: UtcTime.nullable(), found: Words.nullable() }),
    output: RollbackShown,
  }),
  /** Every rollback; `open` leaves out those whose root cause is found. */
  'rollback.list': call({ effect: 'read', input: z.strictObject({ open: z.boolean() }), output: z.strictObject({ rollbacks: z.array(RollbackShown) }) }),
} as const;
