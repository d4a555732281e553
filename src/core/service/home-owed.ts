import type { SavedRelease } from '../contract/contract.ts';
import { ApprovalRecord, type ApprovalRecord as Approval } from '../model/approval.ts';
import { ChecklistRunRecord } from '../model/archive.ts';
import { ofForm, ofRelease, provedBy } from '../workflow/acts.ts';
import { deploymentsOf, nextStage, type Deployment } from '../workflow/deployments.ts';
import { planInForce, standingOfRelease } from '../workflow/plan.ts';
import { ReleasePlanRecord } from '../model/plan.ts';
import { rollbacksOf, type Rollback } from '../workflow/rollback.ts';
import type { HomeItem } from './console-handlers.ts';
import { emergencyItems } from './home-emergencies.ts';
import type { Situation } from './workflow-ports.ts';

/** A checklist that nobody ran for so long asks nobody any more. */
const ASKED_FOR_DAYS = 30;
const DAY = 86_400_000;
const GREEN = new Set(['passed', 'not-applicable', 'accepted']);

/** What is owed by the records of all logs: watches, findings, root causes, decisions, approvals, plans that dispute, and emergencies. */
export function owedItems(situation: Situation, saved: readonly SavedRelease[]): HomeItem[] {
  const { acts, rules, at } = situation;
  const to = routes(saved);
  const deployments = deploymentsOf(acts, rules, at).filter(({ aside }) => aside === null);
  const rollbacks = rollbacksOf(acts, rules, at);
  return [
    ...newestOf(deployments).flatMap((one) => underWay(one, situation, to)),
    ...watchesOf(deployments, rollbacks, to).map((one) => watchItem(one, situation)),
    ...deployments.filter(({ authority, finding }) => authority === 'unauthorised' && finding === null).map((one) => findingAsked(one, situation, to)),
    ...rollbacks.flatMap((one) => rollbackOwed(one, situation, to)),
    ...disputedPlans(situation, to),
    ...gatesThatAsk(situation, deployments, to),
    ...emergencyItems(situation),
  ];
}

interface Routes {
  readonly deployment: (release: string) => string;
  readonly plan: (release: string) => string;
  readonly checklist: (release: string) => string;
  readonly approve: (release: string) => string;
  readonly rollback: (release: string, of: string | null) => string;
}

/** Where a release is shown; one that this console does not remember has only its records. */
function routes(saved: readonly SavedRelease[]): Routes {
  const ids = new Map([...saved].reverse().map(({ id, draft }) => [draft.version, id]));
  const place = (release: string, rest: string): string => {
    const id = ids.get(release);
    return id === undefined ? `#/archive?q=${encodeURIComponent(`version:"${release}"`)}` : `#/release/${encodeURIComponent(id)}/${rest}`;
  };
  return {
    deployment: (release) => place(release, 'deployment'), plan: (release) => place(release, 'plan'), checklist: (release) => place(release, 'checklist'), approve: (release) => place(release, 'approve'),
    rollback: (release, of) => place(release, `rollback${of === null ? '' : `?of=${encodeURIComponent(of)}`}`),
  };
}

/** The newest deployment of each release in each environment: only that is gone on with. */
function newestOf(deployments: readonly Deployment[]): Deployment[] {
  return [...new Map(deployments.map((one) => [`${one.record.release_version} ${one.record.environment}`, one])).values()];
}

function underWay(one: Deployment, { rules }: Situation, to: Routes): HomeItem[] {
  const { record, state, percent } = one;
  if (state !== 'running') return [];
  const next = nextStage(one, rules.canary);
  return [{
    kind: 'deployment', title: `${record.release_version} is at ${percent} % in ${record.environment}`, due: next?.from ?? null, route: to.deployment(record.release_version), roles: [...rules.deployers], people: [record.decided_by],
    detail: next === null ? `${record.deployment_id} asks for its test results.` : `${record.deployment_id}: the stage of ${next.percent} % may begin then.`,
  }];
}

/** A watch that nobody has closed yet. */
export interface OpenWatch {
  readonly record: string;
  readonly due: string;
  /** By the records, as of when they were read. */
  readonly over: boolean;
  /** Of what it is the watch: a deployment to production, or a rollback. */
  readonly of: string;
  readonly release: string;
  readonly route: string;
}

/** The watches that are to be closed once they are over: of production, where it was not rolled back, and of rollbacks. */
export function openWatches({ acts, rules, at }: Situation, saved: readonly SavedRelease[]): OpenWatch[] {
  return watchesOf(deploymentsOf(acts, rules, at).filter(({ aside }) => aside === null), rollbacksOf(acts, rules, at), routes(saved));
}

/** What is said of a watch that is over. */
export function watchOver({ of, release }: OpenWatch, { rules }: Situation): { readonly title: string; readonly detail: string } {
  return { title: `${release}: the watch of ${of} is over`, detail: `${rules.watchers.length === 0 ? 'Somebody' : rules.watchers.join(' or ')} can close it by their signature.` };
}

function watchesOf(deployments: readonly Deployment[], rollbacks: readonly Rollback[], to: Routes): OpenWatch[] {
  const undone = new Set(rollbacks.filter(({ state }) => state === 'finished').flatMap(({ deployment }) => deployment?.id ?? []));
  const production = deployments.filter(({ record, start }) => record.environment === 'production' && !undone.has(start.id));
  const watched = [
    ...production.map(({ watch, record }) => ({ watch, of: record.deployment_id, release: record.release_version, route: to.deployment(record.release_version) })),
    ...rollbacks.map(({ watch, record, deployment }) => ({ watch, of: record.rollback_id, release: record.release_version, route: to.rollback(record.release_version, deployment?.id ?? null) })),
  ];
  return watched.flatMap(({ watch, ...rest }) => (watch === null || watch.state === 'closed' ? [] : [{ record: watch.record, due: watch.due, over: watch.state === 'due', ...rest }]));
}

function watchItem(open: OpenWatch, situation: Situation): HomeItem {
  const { due, route, release, of, over } = open;
  const said = over ? watchOver(open, situation) : { title: `${release}: ${of} is watched`, detail: `Record what is seen meanwhile. From then on: ${watchOver(open, situation).detail}` };
  return { kind: 'watch', due, route, roles: [...situation.rules.watchers], people: [], ...said };
}

function findingAsked({ record }: Deployment, { rules }: Situation, to: Routes): HomeItem {
  return {
    kind: 'finding', title: `${record.release_version} was deployed, unauthorised`, due: null, route: to.deployment(record.release_version), roles: [...rules.rollers], people: [],
    detail: `${rules.rollers.length === 0 ? 'Somebody who may' : rules.rollers.join(' or ')} is asked what they find of ${record.deployment_id}.`,
  };
}

function rollbackOwed(one: Rollback, { rules, roster }: Situation, to: Routes): HomeItem[] {
  const { record, state, cause, deployment } = one;
  const release = record.release_version;
  const route = to.rollback(release, deployment?.id ?? null);
  if (state === 'detected') return [{ kind: 'rollback', title: `${release}: ${record.rollback_id} asks for a decision`, detail: record.reason, due: null, route, roles: [...rules.rollers], people: [] }];
  if (state === 'decided') return [{ kind: 'rollback', title: `${release}: ${record.rollback_id} is decided, and not carried out`, detail: record.reason, due: null, route, roles: [...rules.deployers], people: [] }];
  if (state === 'executing') return [{ kind: 'rollback', title: `${release}: ${record.rollback_id} asks for its smoke tests`, detail: record.reason, due: null, route, roles: [...rules.deployers], people: [] }];
  if (cause.state === 'closed') return [];
  const owner = roster?.roster.people.find(({ id }) => id === cause.owner)?.name ?? cause.owner;
  return [{
    kind: 'root-cause', title: `${release}: the root cause is ${cause.state === 'overdue' ? 'overdue' : 'not found yet'}`, due: cause.due, route, roles: [], people: cause.owner === null ? [] : [cause.owner],
    detail: `${owner === null ? 'Nobody looks for it yet' : `${owner} looks for it`} (${record.rollback_id}): ${record.reason}`,
  }];
}

function disputedPlans({ acts, rules, at }: Situation, to: Routes): HomeItem[] {
  const releases = new Set(ofForm(acts, ReleasePlanRecord).map(({ record }) => record.release_version));
  return [...releases].flatMap((release): HomeItem[] => {
    const { disputed } = planInForce(ofRelease(acts, release), release, rules.planners, at);
    if (disputed.length === 0) return [];
    return [{ kind: 'plan-disputed', title: `${release}: ${disputed.length} plans stand beside each other`, detail: `Neither rules until ${rules.planners.join(' or ')} signs one that replaces them.`, due: null, route: to.plan(release), roles: [...rules.planners], people: [] }];
  });
}

/** Gates that nothing but people keep closed, by the newest run of each checklist that was recorded, wherever. */
function gatesThatAsk({ acts, rules, at, inForce }: Situation, deployments: readonly Deployment[], to: Routes): HomeItem[] {
  const newest = new Map<string, ChecklistRunRecord>();
  for (const { act, record } of ofForm(acts, ChecklistRunRecord)) {
    const before = newest.get(record.release_version);
    if (act.aside === null && (before === undefined || Date.parse(before.run_at) <= Date.parse(record.run_at))) newest.set(record.release_version, record);
  }
  const deployed = new Set(deployments.filter(({ record, state }) => record.environment === 'production' && state === 'finished').map(({ record }) => record.release_version));
  return [...newest].flatMap(([release, run]): HomeItem[] => {
    if (deployed.has(release) || run.gate === 'open' || Date.parse(at) - Date.parse(run.run_at) > ASKED_FOR_DAYS * DAY) return [];
    const red = Object.entries(run.verdicts).filter(([, status]) => !GREEN.has(status));
    if (red.length === 0 || red.some(([, status]) => status !== 'needs-person')) return [];
    const own = ofRelease(acts, release);
    const schedule = planInForce(own, release, rules.planners, at).plan?.schedule ?? null;
    // It is wanted before the window in which it is to be deployed has passed.
    const due = schedule === null ? null : schedule.open ? schedule.until : (schedule.next?.from ?? null);
    if (standingOfRelease(own, release, rules.planners).state !== 'running') return [];
    const given = ofForm(own, ApprovalRecord).filter(({ act, record }) => record.statement.predicate.subjectDigest === run.subject_digest && isProved(act, record));
    const asks = inForce.policy.lines.filter((line) => red.some(([id]) => id === line.id) && !(line.judged_by === 'approval' && given.some(({ record }) => line.roles.includes(record.approver_role))));
    if (asks.length === 0) return [];
    const roles = [...new Set(asks.flatMap((line) => line.roles))];
    const approvals = asks.filter(({ judged_by }) => judged_by === 'approval');
    const who = roles.length === 0 ? 'somebody' : roles.join(', ');
    return approvals.length === asks.length
      ? [{ kind: 'approval', title: `${release} asks ${who} to approve`, detail: 'Everything else is green. What is approved stands on one page.', due, route: to.approve(release), roles, people: [] }]
      : [{ kind: 'gate-asks', title: `${release}: only people keep the gate closed`, detail: `${asks.length} ${asks.length === 1 ? 'line asks' : 'lines ask'} ${who}; nothing else is red.`, due, route: to.checklist(release), roles, people: [] }];
  });
}

function isProved(act: Parameters<typeof provedBy>[0], { approver, approver_role }: Approval): boolean {
  return provedBy(act, approver)?.roles.has(approver_role) === true;
}
