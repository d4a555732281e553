import { z } from 'zod';
import { DeploymentMethod, RELEASE_ACTS, ReleasePlan, ReleaseScope, ScheduleAnswer } from '../model/plan.ts';
import { Fingerprint, ReleaseVersion, Sha256, UtcTime } from '../model/primitives.ts';
import { call } from './declare.ts';
import { ByKey, Path, TaskId } from './inputs.ts';

const Words = z.string().trim().max(4_000);

/** One of the eight steps with who brought it where it is, since when, and what blocks it. */
export const StepShown = z.strictObject({
  number: z.number().int().min(1).max(8), title: z.string(), state: z.enum(['done', 'current', 'blocked', 'ahead', 'not-needed']),
  by: z.string().nullable(), since: UtcTime.nullable(), blocks: z.array(z.strictObject({ what: z.string(), who: z.string() })),
});

export const AuthorityShown = z.strictObject({ id: z.string(), good: z.boolean(), words: z.string(), who: z.string().nullable() });

export const TestsShown = z.strictObject({ passed: z.boolean(), tests: z.number().int(), failed: z.number().int() });

export const Observation = z.strictObject({ at: UtcTime, status: z.string(), words: z.string(), record: z.string() });

export const WatchShown = z.strictObject({
  record: z.string(), since: UtcTime, due: UtcTime, state: z.enum(['running', 'due', 'closed']), notes: z.array(z.string()),
  /** Until it is due; 0 where it is. */
  secondsLeft: z.number().int(),
  observations: z.array(Observation),
  closed: z.strictObject({ by: z.string(), at: UtcTime, status: z.string(), record: z.string() }).nullable(),
});

/** A deployment as the records tell it. */
export const DeploymentShown = z.strictObject({
  id: z.string(), record: z.string(), release: z.string(), environment: z.string(), method: DeploymentMethod, state: z.enum(['running', 'finished', 'failed']), percent: z.number(),
  startedAt: UtcTime, finishedAt: UtcTime.nullable(), by: z.string(), proven: z.boolean(), aside: z.enum(['imported', 'forked']).nullable(),
  authority: z.enum(['authorised', 'unauthorised', 'not-needed']), lines: z.array(AuthorityShown),
  stages: z.array(z.strictObject({ act: z.string(), percent: z.number(), at: UtcTime, by: z.string(), reason: z.string().nullable(), record: z.string() })),
  /** Why it was deployed although authority was not there. */
  reason: z.string().nullable(), commit: z.string().nullable(), artifacts: z.array(z.strictObject({ name: z.string(), sha256: Sha256 })),
  /** What the target is configured with otherwise (policy §8.2); null where nothing was compared. */
  differences: z.array(z.string()).nullable(), smoke: TestsShown.nullable(), regression: TestsShown.nullable(),
  next: z.strictObject({ percent: z.number(), from: UtcTime }).nullable(),
  /** What the CTO found of it where it had no authority. */
  finding: z.strictObject({ by: z.string(), at: UtcTime, words: z.string(), record: z.string() }).nullable(),
  observations: z.array(Observation), watch: WatchShown.nullable(), documented: z.string().nullable(), rolledBack: z.array(z.string()),
});
export type DeploymentShown = z.infer<typeof DeploymentShown>;

/** A release as all records of all logs tell it. */
export const ReleaseShown = z.strictObject({
  release: z.string(), at: UtcTime,
  plan: z.strictObject({ record: z.string(), by: z.string(), at: UtcTime, digest: Sha256, plan: ReleasePlan, schedule: ScheduleAnswer.nullable() }).nullable(),
  /** Plans that stand beside each other, so that neither rules. */
  disputed: z.array(z.string()),
  /** The same with what they say, for whoever signs the one that replaces them. */
  beside: z.array(z.strictObject({ record: z.string(), by: z.string(), at: UtcTime, digest: Sha256, plan: ReleasePlan })),
  standing: z.strictObject({ state: z.enum(['running', 'suspended', 'superseded', 'abandoned']), by: z.string().nullable(), at: UtcTime.nullable(), reason: z.string().nullable(), record: z.string().nullable(), supersededBy: z.string().nullable() }),
  steps: z.array(StepShown), deployments: z.array(DeploymentShown),
  /** Approvals by word that nobody ratified yet (FORMATS §7): how many, until when, and whether that is over; null where none is owed. */
  unratified: z.strictObject({ count: z.number().int(), due: UtcTime, overdue: z.boolean() }).nullable(),
  /** Roles that the policy in force gives an act to; nobody's where the roster does not name that policy. To suspend, a key of the roster is enough. */
  may: z.strictObject({ plan: z.array(z.string()), end: z.array(z.string()), withdraw: z.array(z.string()), leaveOutTypes: z.array(z.string()) }),
});
export type ReleaseShown = z.infer<typeof ReleaseShown>;

/** Planning a release and leading it through the eight steps (policy §2); part of the contract. */
export const planCalls = {
  /** What the range brings, as a plan to be mended, and as release notes to start from. Nothing is recorded. */
  'release.propose': call({
    effect: 'write',
    input: z.strictObject({
      release: ReleaseVersion, repo: Path, since: z.string().min(1).max(256).nullable(),
      /** A file for the notes; null writes none. */
      notesOut: Path.nullable(),
    }),
    output: z.strictObject({
      release: z.string(), previous: z.string().nullable(), scope: ReleaseScope, others: z.number().int(), commits: z.number().int(),
      /** A plan in Markdown, to be edited and given to `release.plan`. */
      document: z.string(), notes: z.string(),
      /** The same as a value. */
      plan: ReleasePlan,
    }),
  }),
  'release.plan': call({
    effect: 'sign',
    input: z.strictObject({
      release: ReleaseVersion, ...ByKey,
      /** The plan, as Markdown or JSON; null proposes it from the range. */
      from: Path.nullable(),
      /** The plan itself, in place of a file. Its calendar is the text of one, which a file given beside it replaces. */
      plan: ReleasePlan.nullish(),
      repo: Path.nullable(), since: z.string().min(1).max(256).nullable(),
      /** The iCalendar file of windows and freezes; null plans without one. */
      calendar: Path.nullable(),
      method: DeploymentMethod.nullable(), rollbackPlan: Words.nullable(), previous: ReleaseVersion.nullable(), securityImpact: Words.nullable(),
    }),
    output: z.strictObject({ record: z.string(), person: z.string(), fingerprint: Fingerprint, digest: Sha256, plan: ReleasePlan, schedule: ScheduleAnswer.nullable(), replaces: z.array(z.string()) }),
  }),
  /** What a calendar of windows and freezes says, before anything is signed that rests on it. */
  'release.schedule': call({
    effect: 'read',
    input: z.strictObject({ calendar: z.union([z.strictObject({ file: Path }), z.strictObject({ text: z.string().max(24_000) })]) }),
    output: z.strictObject({
      text: z.string(), at: UtcTime, schedule: ScheduleAnswer,
      /** Events that are neither windows nor freezes, which are passed over. */
      others: z.number().int(),
      /** What comes in the next 60 days, in order; cut at 100. */
      spans: z.array(z.strictObject({ kind: z.enum(['window', 'freeze']), summary: z.string(), from: UtcTime, until: UtcTime })),
    }),
  }),
  'release.show': call({ effect: 'read', input: z.strictObject({ release: ReleaseVersion, policyFile: Path.nullable() }), output: ReleaseShown }),
  /** Hands a release on, stops it, takes it up again, or gives it up, by the signature of somebody who may. */
  'release.act': call({
    effect: 'sign',
    input: z.strictObject({ release: ReleaseVersion, act: z.enum(RELEASE_ACTS), ...ByKey, reason: Words, step: z.number().int().min(2).max(8).nullable(), supersededBy: ReleaseVersion.nullable() }),
    output: z.strictObject({ record: z.string(), person: z.string(), fingerprint: Fingerprint }),
  }),
  /** Everything that anybody did to a release, from all logs, in order. */
  'release.timeline': call({
    effect: 'read', long: true,
    input: z.strictObject({
      release: ReleaseVersion,
      /** A file for it; none where it is left out. */
      out: z.strictObject({ file: Path, as: z.enum(['markdown', 'json']) }).nullish(),
      task: TaskId.optional(),
    }),
    output: z.strictObject({
      release: z.string(),
      /** The file that was written, whole; null where none was asked for. */
      written: z.string().nullable(),
      events: z.array(z.strictObject({
        at: UtcTime, recorded: UtcTime, record: z.string(), type: z.string(), summary: z.string(), people: z.array(z.string()), person: z.enum(['proven', 'not-proven', 'not-needed']),
        aside: z.enum(['imported', 'forked']).nullable(), refs: z.array(z.strictObject({ rel: z.string(), id: z.string() })),
      })),
      markdown: z.string(),
    }),
  }),
} as const;
