import type { Signer } from '../checks/check.ts';
import { ApprovalRecord } from '../model/approval.ts';
import { ChecklistRunRecord, SigningRecord } from '../model/archive.ts';
import type { EmergencyStep } from '../model/records/emergency.ts';
import { PostMortemRecord } from '../model/records/people.ts';
import type { Roster } from '../model/roster.ts';
import type { Policy } from '../policy/policy.ts';
import { byLeafOf, ofForm, ofRelease, pointedAt, pointingAt, provedBy, type Act, type Read } from './acts.ts';
import type { DeploymentRules } from './deployment-rules.ts';
import type { Deployment } from './deployments.ts';
import { restored, shipped, type Emergency, type Said } from './emergency.ts';
import type { Rollback } from './rollback.ts';
import type { Verbal } from './verbal.ts';

/** What somebody approved or refused by word, with who they are said to be. */
export interface SpokenWord extends Verbal {
  readonly who: { readonly id: string; readonly name: string; readonly role: string };
}

/** What an emergency is worked out of, at a moment. */
export interface EmergencyGround {
  readonly acts: readonly Act[];
  readonly deployments: readonly Deployment[];
  readonly rollbacks: readonly Rollback[];
  readonly spoken: readonly Verbal[];
  readonly roster: Roster | null;
  readonly policy: Policy;
  readonly rules: DeploymentRules;
  readonly now: string;
}

export type ProvedSaid = Said & { readonly by: Signer };

/** Everything that bears on one emergency, found once. */
export interface EmergencyFacts extends Omit<EmergencyGround, 'spoken'> {
  readonly spoken: readonly SpokenWord[];
  readonly one: Emergency;
  /** What is said by somebody who may declare, the oldest first. */
  readonly decided: readonly ProvedSaid[];
  /** The newest commit that was named, signed or judged as the patch; null as long as none is. */
  readonly commit: string | null;
  /** What people with the role for it did, of that commit and of others. */
  readonly steps: readonly ProvedSaid[];
  readonly otherSteps: readonly ProvedSaid[];
  readonly runs: readonly Read<typeof ChecklistRunRecord>[];
  readonly signings: readonly Read<typeof SigningRecord>[];
  /** The deployment that mends it; null as long as none ended well. */
  readonly shipped: Deployment | null;
  /** What was begun of the patch in production, the newest last. */
  readonly begun: readonly Deployment[];
  /** What was rolled back in place of a patch, where it was decided so. */
  readonly rolledBack: Rollback | null;
  readonly answer: { readonly answer: 'instead' | 'patch'; readonly said: ProvedSaid } | null;
  /** What approvals have to be about: what is deployed, or was judged last. */
  readonly subject: string | null;
  /** By signature, of whatever it was then. */
  readonly approvals: readonly { readonly act: Act; readonly by: Signer; readonly role: string; readonly subject: string }[];
  readonly postMortem: { readonly act: Act; readonly record: PostMortemRecord; readonly by: Signer } | null;
}

export function factsOf(one: Emergency, ground: EmergencyGround): EmergencyFacts {
  const { acts, deployments, rollbacks, rules, policy } = ground;
  const proved = one.said.filter((said): said is ProvedSaid => said.by !== null);
  const decided = proved.filter(({ by }) => rules.declarers.some((role) => by.roles.has(role)));
  const own = one.release === null ? [] : ofRelease(acts, one.release);
  const runs = inTime(ofForm(own, ChecklistRunRecord).filter(({ act }) => act.aside === null), ({ record }) => record.run_at);
  const signings = inTime(ofForm(own, SigningRecord).filter(({ act, record }) => act.aside === null && record['container_image'] === undefined), ({ act }) => act.entry.time);
  const begun = deployments.filter(({ record, aside }) => aside === null && record.environment === 'production' && record.release_version === one.release);
  const roles: Partial<Record<string, readonly string[]>> = policy.parameters.emergency_step_roles.value;
  const done = proved.filter(({ record, by }) => record.act === 'step' && record.step !== undefined && rolesOfStep(roles, record.step).some((role) => by.roles.has(role)));
  const commit = newestCommit([
    ...runs.map(({ record }) => ({ at: record.run_at, commit: record.release_commit })),
    ...signings.map(({ act, record }) => ({ at: act.entry.time, commit: record.release_commit ?? '' })),
    ...begun.map(({ record }) => ({ at: record.at, commit: record.release_commit ?? '' })),
    ...done.map(({ record }) => ({ at: record.declared_at, commit: record.release_commit ?? '' })),
  ]);
  const answered = decided.findLast(({ record }) => record.act === 'roll-back-instead' && record.roll_back !== undefined);
  const mended = shipped(deployments, one.release);
  const subject = (mended ?? begun.at(-1))?.record.subject_digest ?? runs.at(-1)?.record.subject_digest ?? null;
  return {
    ...ground, one, decided, commit, runs, signings, begun, shipped: mended, subject,
    steps: done.filter(({ record }) => record.release_commit === commit), otherSteps: done.filter(({ record }) => record.release_commit !== commit),
    answer: answered?.record.roll_back === undefined ? null : { answer: answered.record.roll_back, said: answered },
    rolledBack: answered?.record.roll_back === 'instead' ? restored(rollbacks, one.detected.at) : null,
    approvals: ofForm(own, ApprovalRecord).flatMap(({ act, record: { approver, approver_role: role, statement: { predicate } } }) => {
      const by = provedBy(act, approver);
      return by !== null && by.roles.has(role) && predicate.decision === 'approve' ? [{ act, by, role, subject: predicate.subjectDigest }] : [];
    }),
    spoken: ground.spoken.filter(({ act }) => isAbout(act, one)).map((word) => ({ ...word, who: { id: word.record.approver, name: word.approver?.name ?? word.record.approver, role: word.record.approver_role } })),
    postMortem: postMortemOf(one, acts),
  };
}

function rolesOfStep(roles: Partial<Record<string, readonly string[]>>, step: EmergencyStep): readonly string[] {
  return roles[step === 'qa-test-begun' ? 'qa-test' : step] ?? [];
}

/** Who may do a step, by the policy file. */
export function stepRoles({ parameters }: Policy, step: EmergencyStep): readonly string[] {
  return rolesOfStep(parameters.emergency_step_roles.value, step);
}

/** Whether an act points at a declaration of an emergency, or of one that is told with it. */
function isAbout(act: Act, { declarations }: Emergency): boolean {
  return act.entry.refs.some(({ rel, leaf }) => rel === 'of-emergency' && declarations.some((one) => one.act.leaf === leaf));
}

/** The newest post-mortem that somebody who held it signed. */
function postMortemOf({ declarations }: Emergency, acts: readonly Act[]): EmergencyFacts['postMortem'] {
  const proved = declarations.flatMap(({ act }) => ofForm(pointingAt(acts, 'of-emergency', act), PostMortemRecord)).flatMap(({ act, record }) => {
    const by = act.aside !== null || record.recorded_by === undefined || !record.held_by.includes(record.recorded_by) ? null : provedBy(act, record.recorded_by);
    return by === null ? [] : [{ act, record, by }];
  });
  return inTime(proved, ({ act }) => act.entry.time).at(-1) ?? null;
}

/** Lines that were left out where the patch was deployed, and which later full run of the same commit closed them. */
export function skippedLines({ begun, runs, acts }: Pick<EmergencyFacts, 'begun' | 'runs' | 'acts'>): { readonly line: string; readonly run: string; readonly closedBy: string | null }[] {
  const byLeaf = byLeafOf(acts);
  const deployed = begun.flatMap(({ start }) => ofForm(pointedAt(start, 'judged-by', byLeaf), ChecklistRunRecord)).filter(({ act }) => act.aside === null);
  const newest = runs.at(-1);
  const restsOn = deployed.length > 0 ? deployed : newest === undefined ? [] : [newest];
  const lines = new Map(restsOn.flatMap((run) => expedited(run.record).map((line) => [line, run] as const)));
  return [...lines].map(([line, run]) => {
    const full = runs.find(({ act, record }) => act !== run.act && Date.parse(record.run_at) >= Date.parse(run.record.run_at) && record.release_commit === run.record.release_commit && !expedited(record).includes(line) && GREEN.has(record.verdicts[line] ?? ''));
    return { line, run: run.act.id, closedBy: full?.act.id ?? null };
  });
}

export const GREEN: ReadonlySet<string> = new Set(['passed', 'accepted', 'not-applicable']);

function expedited({ expedited: lines = [] }: ChecklistRunRecord): readonly string[] {
  return lines;
}

function newestCommit(named: readonly { readonly at: string; readonly commit: string }[]): string | null {
  return inTime(named.filter(({ commit }) => commit !== ''), ({ at }) => at).at(-1)?.commit ?? null;
}

function inTime<One>(some: readonly One[], at: (one: One) => string): One[] {
  return [...some].sort((a, b) => Date.parse(at(a)) - Date.parse(at(b)));
}
