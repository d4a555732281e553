import { ApprovalRecord } from '../model/approval.ts';
import { SigningRecord } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import type { DeploymentStageRecord } from '../model/records/deployment.ts';
import { byLeafOf, ofForm, ofRelease, pointedAt, provedBy, refTo } from '../workflow/acts.ts';
import type { Deployment } from '../workflow/deployments.ts';
import { provedPlans } from '../workflow/plan.ts';
import { scopeInWords } from '../workflow/scope.ts';
import { verbalOf } from '../workflow/verbal.ts';
import { composeAndAppend, type ComposePorts } from './compose-handlers.ts';
import type { Situation, WorkflowPorts } from './workflow-ports.ts';

export type DocumentPorts = Pick<ComposePorts, 'archive' | 'openRepository' | 'now'> & Pick<WorkflowPorts, 'rosterInForce' | 'judge'>;

export interface Documented {
  readonly record: string | null;
  /** Why it could not be composed, in words. */
  readonly problem: string | null;
}

/** The record of policy §11.2, composed of what happened; what is missing for it is said, and the stages stand all the same. */
export async function documentDeployment(ports: DocumentPorts, one: Deployment, situation: Situation, finish: DeploymentStageRecord, signal: AbortSignal): Promise<Documented> {
  const { record, authority, finish: ended, stages } = one;
  const last = ended ?? stages.at(-1) ?? null;
  const previous = provedPlans(situation.acts, record.release_version, situation.rules.planners).at(-1)?.record.plan.previous ?? null;
  const fields = {
    deployment_id: record.deployment_id, release_version: record.release_version, deployment_date: finish.at, deployment_environment: record.environment, deployment_method: record.method,
    deployment_status: finish.act === 'failed' ? 'failed' : authority === 'unauthorised' ? 'deployed, unauthorised' : 'success',
    deployed_by: addressOf(situation, record.decided_by), smoke_tests_passed: finish.smoke?.passed === true, regression_tests_passed: finish.regression?.passed === true,
    monitoring_enabled: one.watch !== null, rollback_available: previous !== null,
  };
  const refs = last === null ? [] : [refTo('documents', last.act)];
  const strictly = await composed(() => composeAndAppend(composing(ports, signal), 'deployment', fields, { repo: null, refs }));
  if (strictly.record !== null) return strictly;
  // Recording is never gated (FORMATS §4): what this console cannot vouch for is recorded like what it was told, and opens nothing.
  const [told] = await (await ports.archive()).append([{ record: { event_type: 'deployment', imported: true, ...fields }, refs, attachments: [] }]);
  return { record: told?.id ?? null, problem: strictly.problem };
}

/** The record of policy §11.1 at the end, composed of plan, signings, approvals and deployment. */
export async function documentRelease(ports: DocumentPorts, one: Deployment, situation: Situation, repo: string | null, signal: AbortSignal): Promise<Documented> {
  const { acts, rules } = situation;
  const { record, start, finish, authority } = one;
  const byLeaf = byLeafOf(acts);
  const plan = provedPlans(acts, record.release_version, rules.planners).find(({ record: planned }) => planned.plan_digest === record.plan_digest)?.record.plan ?? null;
  const approvers = ofForm(pointedAt(start, 'approved-by', byLeaf), ApprovalRecord).flatMap(({ act, record: said }) => (provedBy(act, said.approver) === null ? [] : [addressOf(situation, said.approver)]));
  const named = new Set(pointedAt(start, 'approved-by', byLeaf).map(({ leaf }) => leaf));
  const byWord = verbalOf(ofRelease(acts, record.release_version), rules, situation.at, { byLeaf }).filter(({ act, opens }) => opens && named.has(act.leaf)).map(({ record: said }) => said.approver);
  const signed = new Set(ofForm(acts, SigningRecord).filter(({ act }) => act.aside === null).flatMap(({ record: { signatures_sha256, checksums_sha256 } }) => [...Object.keys(signatures_sha256), ...Object.keys(checksums_sha256)]));
  const names = Object.keys(record.release_artifacts_sha256 ?? {}).sort();
  const fields = {
    release_version: record.release_version, release_date: finish?.record.at ?? record.at, release_commit: record.release_commit ?? '',
    release_artifacts: names.flatMap((name) => [name, ...(signed.has(`${name}.asc`) ? [`${name}.asc`] : [])]), release_notes: plan === null ? 'Nothing was planned' : scopeInWords(plan),
    deployed_by: addressOf(situation, record.decided_by), approved_by: [...new Set([...approvers, ...byWord.map((id) => addressOf(situation, id))])].sort(), deployment_environment: record.environment,
    deployment_status: authority === 'unauthorised' ? 'deployed, unauthorised' : 'success', rollback_plan: plan?.rollback_plan ?? 'None was planned',
  };
  return composed(() => composeAndAppend(composing(ports, signal), 'release', fields, { repo, refs: finish === null ? [] : [refTo('documents', finish.act)], byWord: new Set(byWord) }));
}

/** What composing asks for, without the signal that it does not know. */
export function composing({ archive, openRepository, now, rosterInForce, judge }: DocumentPorts, signal: AbortSignal): Omit<ComposePorts, 'readText'> {
  return { archive, openRepository, now, rosterInForce: (at) => rosterInForce(at, signal), judge: (id) => judge(id, now()) };
}

export async function composed(work: () => Promise<{ readonly id: string }>): Promise<Documented> {
  try {
    return { record: (await work()).id, problem: null };
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'bad-input') return { record: null, problem: cause.message };
    throw cause;
  }
}

/** As the policy prints people: by their address; by their id where the roster has none, or they are not in it. */
export function addressOf({ roster }: Pick<Situation, 'roster'>, id: string): string {
  return roster?.roster.people.find((person) => person.id === id)?.emails[0] ?? id;
}
