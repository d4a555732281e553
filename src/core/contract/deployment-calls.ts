import { z } from 'zod';
import { DeploymentMethod } from '../model/plan.ts';
import { UtcTime } from '../model/primitives.ts';
import { ReleaseDraft } from '../model/release.ts';
import { call } from './declare.ts';
import { ByKey, Path, TaskId } from './inputs.ts';
import { AuthorityShown, DeploymentShown } from './plan-calls.ts';

/** Who does it: by the key that proves it, or by the name that they give, which proves nothing. */
export const Doer = z.strictObject({ key: ByKey.key.nullable(), passphrase: ByKey.passphrase, as: z.string().min(1).max(64).nullable() });
const Words = z.string().trim().max(4_000);
/** A deployment by its record (`ORIGIN#SEQ`), or by its id where only one has it. */
const Named = z.string().min(1).max(320);
const Reports = z.array(Path).max(200);

const Asked = {
  draft: ReleaseDraft, environment: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/), method: DeploymentMethod.nullable(), doer: Doer,
  /** What lies on the target: a list of `sha256  name` lines, or a folder. */
  target: Path,
  /** The target's configuration (dotenv, YAML or JSON), which is compared with policy §8.2; null compares nothing. */
  configuration: Path.nullable(), task: TaskId.optional(),
};

/** Deploying to staging and production, stage by stage (policy §2, §9.3); part of the contract. */
export const deploymentCalls = {
  /** What would be deployed and by what authority, line by line; nothing is recorded, and nobody signs. */
  'deployment.check': call({
    effect: 'read', long: true,
    input: z.strictObject(Asked),
    output: z.strictObject({
      environment: z.string(), method: DeploymentMethod,
      target: z.array(z.strictObject({ name: z.string(), found: z.string().nullable(), signed: z.string().nullable(), fault: z.string().nullable() })),
      lines: z.array(AuthorityShown), /** Null where no configuration was compared. */ differences: z.array(z.string()).nullable(), faults: z.array(z.string()),
    }),
  }),
  'deployment.start': call({
    effect: 'sign', long: true,
    input: z.strictObject({ ...Asked, /** Why it is deployed all the same where authority is not there; null refuses it then. */ unauthorised: Words.nullable() }),
    output: z.strictObject({ deployment: DeploymentShown, faults: z.array(z.string()) }),
  }),
  'deployment.stage': call({
    effect: 'sign',
    input: z.strictObject({ deployment: Named, act: z.enum(['stage', 'failed']), doer: Doer, /** Why it failed, or why the stage begins before its time. */ reason: Words }),
    output: DeploymentShown,
  }),
  'deployment.observe': call({
    effect: 'write',
    input: z.strictObject({ deployment: Named, doer: Doer, status: z.enum(['ok', 'issue']), words: Words, /** Lines of JSON, `{at, status, words}`; null for what was typed. */ from: Path.nullable() }),
    output: z.strictObject({ deployment: DeploymentShown, recorded: z.number().int() }),
  }),
  'deployment.finish': call({
    effect: 'sign', long: true,
    input: z.strictObject({ deployment: Named, doer: Doer, /** JUnit files. */ smoke: Reports.min(1), regression: Reports, task: TaskId.optional() }),
    output: z.strictObject({
      deployment: DeploymentShown,
      /** The record of policy §11.2; where this console cannot vouch for it, it is recorded as told, and `problem` says why. */
      record: z.string().nullable(), problem: z.string().nullable(), watchUntil: UtcTime.nullable(),
    }),
  }),
  /** What the CTO finds of a deployment without authority, by signature (FORMATS §4). */
  'deployment.finding': call({ effect: 'sign', input: z.strictObject({ deployment: Named, ...ByKey, words: Words.min(1) }), output: DeploymentShown }),
  /** Records what other programs left in a folder, one record of policy §11.2 a file; it is marked as imported and opens nothing. */
  'deployment.takeIn': call({
    effect: 'write',
    input: z.strictObject({ folder: Path }),
    output: z.strictObject({ taken: z.array(z.strictObject({ file: z.string(), record: z.string() })), refused: z.array(z.strictObject({ file: z.string(), why: z.string() })), known: z.number().int() }),
  }),
  /** Closes the watch by somebody's signature, and then documents the release (policy §11.1). */
  'deployment.close': call({
    effect: 'sign',
    input: z.strictObject({ deployment: Named, ...ByKey, status: z.enum(['ok', 'issue']), words: Words, /** The repository, for the record of a production release. */ repo: Path.nullable() }),
    output: z.strictObject({ deployment: DeploymentShown, closed: z.string(), release: z.string().nullable(), problem: z.string().nullable() }),
  }),
} as const;
