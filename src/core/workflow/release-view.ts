import { byPlace } from '../archive/entry-id.ts';
import { ChecklistRunRecord, ReleaseRecord } from '../model/archive.ts';
import type { PlanInForce } from '../checks/check.ts';
import { RollbackStageRecord } from '../model/records/rollback.ts';
import type { CheckId } from '../model/verdict.ts';
import type { Policy, PolicyLine } from '../policy/policy.ts';
import { ofForm, type Act } from './acts.ts';
import { deploymentsOf, type Deployment } from './deployments.ts';
import type { DeploymentRules } from './deployment-rules.ts';
import { handedOn, planInForce, standingOfRelease, type ReleaseStanding } from './plan.ts';
import { STEPS } from './steps.ts';

/** One of the eight steps (policy §2): where it stands, who brought it there, since when, what blocks it and who can change that. */
export interface StepView {
  readonly number: number;
  readonly title: string;
  readonly state: 'done' | 'current' | 'blocked' | 'ahead' | 'not-needed';
  readonly by: string | null;
  readonly since: string | null;
  readonly blocks: readonly { readonly what: string; readonly who: string }[];
}

/** A release as all records of all logs tell it; nothing of it is kept anywhere else. */
export interface ReleaseView {
  readonly plan: PlanInForce | null;
  readonly disputed: readonly string[];
  readonly standing: ReleaseStanding;
  readonly steps: readonly StepView[];
  readonly deployments: readonly Deployment[];
}

interface Done {
  readonly by: string | null;
  readonly since: string | null;
}

type Reached = { readonly done: Done; readonly blocks: readonly [] } | { readonly done: null; readonly blocks: StepView['blocks'] };

/** Where a release stands in the eight steps; pure, so that two consoles with the same records see the same. */
export function releaseView(acts: readonly Act[], release: string, rules: DeploymentRules, { lines, parameters }: Pick<Policy, 'lines' | 'parameters'>, now: string): ReleaseView {
  const { plan, disputed } = planInForce(acts, release, rules.planners, now);
  const standing = standingOfRelease(acts, release, rules.planners);
  const deployments = deploymentsOf(acts, rules, now);
  const runs = ofForm(acts, ChecklistRunRecord).filter(({ act }) => act.aside === null).sort((a, b) => Date.parse(a.record.run_at) - Date.parse(b.record.run_at) || byPlace(a.act.id, b.act.id));
  const ofLines = (ids: readonly CheckId[]): Reached => linesReached(ids, runs.map(({ act, record }) => ({ record, id: act.id })), lines);
  const reached: Reached[] = STEPS.map((_, index) => {
    const ids = parameters.step_lines.value.find(({ step }) => step === index + 1)?.lines ?? [];
    const own = ids.length === 0 ? null : ofLines(ids);
    const more = [planning, null, null, staging, null, production, afterwards, null][index]?.({ plan, disputed, deployments, acts, rules }) ?? null;
    return both(own, more);
  });
  const handed = new Map(handedOn(acts, release, rules.planners).map((one) => [one.step, one]));
  let open = true;
  const steps = STEPS.slice(0, 7).map((title, index): StepView => {
    const one = reached[index] as Reached;
    const wasOpen = open;
    if (one.done === null) open = false;
    const handedTo = handed.get(index + 2);
    if (one.done !== null) return { number: index + 1, title, state: 'done', by: handedTo?.by ?? one.done.by, since: handedTo?.at ?? one.done.since, blocks: [] };
    const before = reached[index - 1]?.done?.since ?? null;
    return { number: index + 1, title, state: !wasOpen ? 'ahead' : standing.state === 'running' ? 'current' : 'blocked', by: null, since: wasOpen ? before : null, blocks: [...stopped(standing, rules), ...one.blocks] };
  });
  return { plan, disputed, standing, deployments, steps: [...steps, rollbackStep(acts)] };
}

function stopped({ state, said }: ReleaseStanding, rules: DeploymentRules): StepView['blocks'] {
  if (state === 'running') return [];
  return [{ what: `${state} by ${said?.by ?? ''}: ${said?.reason ?? ''}`, who: state === 'suspended' ? `${rules.planners.join(' or ')} or cto` : 'nobody' }];
}

function both(own: Reached | null, more: Reached | null): Reached {
  if (own === null || more === null) return own ?? more ?? { done: { by: null, since: null }, blocks: [] };
  if (own.done === null || more.done === null) return { done: null, blocks: [...own.blocks, ...more.blocks] };
  // Since when is the later of the two; lines that a run judged name nobody, and whoever did the other is not lost by that.
  const [first, last] = (more.done.since ?? '') > (own.done.since ?? '') ? [own.done, more.done] : [more.done, own.done];
  return { done: { by: last.by ?? first.by, since: last.since }, blocks: [] };
}

const GREEN = new Set(['passed', 'not-applicable', 'accepted']);

/** Lines as the newest recorded run judged them, and since when they are all green. */
function linesReached(ids: readonly CheckId[], runs: readonly { readonly record: ChecklistRunRecord; readonly id: string }[], lines: readonly PolicyLine[]): Reached {
  const last = runs.at(-1);
  const whoFor = (id: CheckId): string => {
    const roles = lines.find((line) => line.id === id)?.roles ?? [];
    return roles.length === 0 ? 'whoever builds it' : roles.join(' or ');
  };
  if (last === undefined) return { done: null, blocks: [{ what: 'the checklist was not run yet', who: 'anybody: countersign check' }] };
  const red = ids.filter((id) => !GREEN.has(last.record.verdicts[id] ?? 'missing'));
  if (red.length > 0) return { done: null, blocks: red.map((id) => ({ what: `${id} ${last.record.verdicts[id] ?? 'not judged'}`, who: whoFor(id) })) };
  const trailing = runs.findLastIndex(({ record }) => ids.some((id) => !GREEN.has(record.verdicts[id] ?? 'missing'))) + 1;
  return { done: { by: null, since: runs[trailing]?.record.run_at ?? last.record.run_at }, blocks: [] };
}

interface Known {
  readonly plan: PlanInForce | null;
  readonly disputed: readonly string[];
  readonly deployments: readonly Deployment[];
  readonly acts: readonly Act[];
  readonly rules: DeploymentRules;
}

function planning({ plan, disputed, rules }: Known): Reached {
  if (plan !== null) return { done: { by: plan.signer.name, since: plan.at }, blocks: [] };
  return { done: null, blocks: [{ what: disputed.length > 0 ? `plans stand beside each other: ${disputed.join(', ')}` : 'nothing is planned', who: rules.planners.join(' or ') }] };
}

function staging({ deployments }: Known): Reached {
  const done = deployments.find(({ record, state, finish, aside }) => record.environment === 'staging' && state === 'finished' && aside === null && finish?.record.smoke?.passed === true && finish.record.regression?.passed === true);
  return done === undefined ? { done: null, blocks: [{ what: 'no finished staging deployment with smoke and regression tests that passed', who: 'devops' }] } : { done: { by: done.deployer?.name ?? done.record.decided_by, since: done.finish?.record.at ?? null }, blocks: [] };
}

function production({ deployments, rules }: Known): Reached {
  const own = deployments.filter(({ record, aside }) => record.environment === 'production' && aside === null);
  const done = own.find(({ state, finish }) => state === 'finished' && finish?.record.smoke?.passed === true);
  if (done !== undefined) return { done: { by: done.deployer?.name ?? done.record.decided_by, since: done.finish?.record.at ?? null }, blocks: [] };
  const running = own.findLast(({ state }) => state === 'running');
  if (running === undefined) return { done: null, blocks: [{ what: own.length === 0 ? 'not deployed yet' : 'the deployment failed', who: rules.deployers.join(' or ') }] };
  return { done: null, blocks: [{ what: `${running.record.deployment_id} is at ${running.percent} %`, who: running.record.decided_by }] };
}

function afterwards({ deployments, acts, rules }: Known): Reached {
  const watched = deployments.findLast(({ record, state, aside }) => record.environment === 'production' && state === 'finished' && aside === null);
  if (watched === undefined) return { done: null, blocks: [{ what: 'nothing is deployed that could be watched', who: rules.deployers.join(' or ') }] };
  const blocks: { what: string; who: string }[] = [];
  if (watched.watch === null) blocks.push({ what: 'the watch was not begun', who: rules.deployers.join(' or ') });
  else if (watched.watch.closed === null) blocks.push({ what: `it is watched until ${watched.watch.due}`, who: `${rules.watchers.join(' or ')}, from then on` });
  if (watched.authority === 'unauthorised' && watched.finding === null) blocks.push({ what: `${watched.record.deployment_id} was deployed, unauthorised: a finding is asked`, who: rules.rollers.join(' or ') });
  const record = ofForm(acts, ReleaseRecord).find(({ act }) => act.aside === null);
  if (record === undefined && blocks.length === 0) blocks.push({ what: 'the release is not documented yet (policy §11.1)', who: 'whoever closes the watch' });
  return blocks.length > 0 ? { done: null, blocks } : { done: { by: watched.watch?.closed?.by ?? null, since: watched.watch?.closed?.at ?? null }, blocks: [] };
}

function rollbackStep(acts: readonly Act[]): StepView {
  const stages = ofForm(acts, RollbackStageRecord).filter(({ act }) => act.aside === null).sort((a, b) => Date.parse(a.record.at) - Date.parse(b.record.at) || byPlace(a.act.id, b.act.id));
  const title = STEPS[7];
  const last = stages.at(-1);
  if (last === undefined) return { number: 8, title, state: 'not-needed', by: null, since: null, blocks: [] };
  const finished = stages.findLast(({ record }) => record.act === 'finish');
  const found = stages.some(({ record }) => record.act === 'cause' && (record.cause_found ?? '') !== '');
  const owner = stages.findLast(({ record }) => record.cause_owner !== undefined)?.record;
  const blocks = [
    ...(finished === undefined ? [{ what: `the rollback came to ${last.record.act}`, who: last.record.decided_by }] : []),
    ...(found ? [] : [{ what: `the root cause is not found yet${owner?.cause_due === undefined ? '' : `, due ${owner.cause_due}`}`, who: owner?.cause_owner ?? 'nobody yet' }]),
  ];
  return { number: 8, title, state: blocks.length === 0 ? 'done' : 'current', by: last.record.decided_by, since: last.record.at, blocks };
}
