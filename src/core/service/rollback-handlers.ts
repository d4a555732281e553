import type { CallContext, Handlers } from '../contract/serve.ts';
import type { ChangedFile } from '../checks/check.ts';
import type { RollbackShown } from '../contract/rollback-calls.ts';
import { SigningRecord } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import type { RollbackStageRecord } from '../model/records/rollback.ts';
import type { Artifact } from '../model/release.ts';
import type { RosterInForce } from '../model/roster.ts';
import { evidenceLimits } from '../policy/load-policy.ts';
import { ofForm, refTo } from '../workflow/acts.ts';
import { deploymentsOf, type Deployment } from '../workflow/deployments.ts';
import { provedPlans } from '../workflow/plan.ts';
import type { Repository } from '../workflow/repository.ts';
import { rollbackProof, slowerBy, type ProofLine } from '../workflow/rollback-proof.ts';
import { rollbacksOf, TRIGGERS, type Rollback } from '../workflow/rollback.ts';
import { composeAndAppend } from './compose-handlers.ts';
import { rollbackShown } from './rollback-shown.ts';
import { addressOf, composed, composing, type Documented, type DocumentPorts } from './document-deployment.ts';
import { speakerWith } from './speaker.ts';
import { outcomeOf, readReport, type ReportPorts } from './test-outcome.ts';
import { beginWatch, closeWatch, observe } from './watch-acts.ts';
import { appendSigned, assertRole, doerOf, recordBy, refused, situationOf, uniqueRefs, type Situation, type WorkflowPorts } from './workflow-ports.ts';

export interface RollbackPorts extends WorkflowPorts, ReportPorts, DocumentPorts {
  /** The artifacts of a folder, with what their signatures are worth. */
  readonly artifactsIn: (folder: string, situation: Pick<Situation, 'inForce' | 'at'> & { readonly roster: RosterInForce | null }, context: CallContext) => Promise<readonly Artifact[]>;
}

type Owned = 'rollback.check' | 'rollback.start' | 'rollback.notify' | 'rollback.decide' | 'rollback.execute' | 'rollback.finish' | 'rollback.observe' | 'rollback.close' | 'rollback.cause' | 'rollback.list';

const DAY = 86_400_000;

/** Going back to the version before, step by step (policy §9.2). */
export function rollbackHandlers(ports: RollbackPorts): Pick<Handlers, Owned> {
  const stage = async (one: Rollback, record: Pick<RollbackStageRecord, 'act' | 'at' | 'decided_by' | 'reason'> & Partial<RollbackStageRecord>, who: Parameters<typeof recordBy>[1], refs: Parameters<typeof recordBy>[3]): Promise<string> =>
    (await recordBy(ports, who, { ...continued(one.record), ...record }, [refTo('continues', one.start), ...(refs ?? [])])).id;
  const again = async (one: Rollback, signal: AbortSignal): Promise<RollbackShown> => (await found(ports, one.start.id, signal)).shown;
  return {
    'rollback.check': async ({ deployment, to, repo, artifacts, before, after }, context) => {
      const situation = await situationOf(ports, null, null, context.signal);
      const one = deploymentNamed(situation, deployment);
      const version = to ?? previousOf(situation, one.record.release_version);
      const proof = await proofOf(ports, situation, { one, to: version, repo, artifacts }, context);
      const limits = evidenceLimits(situation.inForce.policy);
      const [was, is] = before === null || after === null ? [null, null] : [await readReport(ports, before, limits), await readReport(ports, after, limits)];
      const slower = was === null || is === null ? null : slowerBy(was.item, is.item);
      if (was !== null && slower === null) throw new AppError('bad-input', 'The two results have no figure in common.', { hint: 'Compare two results of one tool, over the same benchmarks.' });
      const threshold = situation.inForce.policy.parameters.rollback_slower_percent.value;
      return {
        from: one.record.release_version, to: version, environment: one.record.environment, possible: proof.every(({ status }) => status === 'good'), proof: proof.map((line) => ({ ...line })), triggers: TRIGGERS.map((trigger) => ({ ...trigger })),
        slower: slower === null ? null : { percent: slower.percent, threshold, called: slower.percent > threshold, figures: slower.figures.map((figure) => ({ ...figure })).slice(0, 500) },
      };
    },
    'rollback.start': async ({ deployment, trigger, reason, doer, notified, slowerPercent }, { signal }) => {
      const situation = await situationOf(ports, null, null, signal);
      const { record, start } = deploymentNamed(situation, deployment);
      const who = await doerOf(ports, doer, signal);
      const detected: RollbackStageRecord = {
        event_type: 'rollback_stage', release_version: record.release_version, rollback_id: freshId(situation), environment: record.environment, act: 'detect', at: situation.at, decided_by: who.id, reason, trigger,
        ...(slowerPercent === null ? {} : { slower_percent: slowerPercent }),
      };
      const { id } = await recordBy(ports, who, { ...detected }, [refTo('rolls-back-stage', start)]);
      const { one, shown } = await found(ports, id, signal);
      if (notified.length === 0) return shown;
      await stage(one, { act: 'notify', at: situation.at, decided_by: who.id, reason: '', notified }, who, []);
      return again(one, signal);
    },
    'rollback.notify': async ({ rollback, doer, notified }, { signal }) => {
      const { one, situation } = await found(ports, rollback, signal);
      const who = await doerOf(ports, doer, signal);
      await stage(one, { act: 'notify', at: situation.at, decided_by: who.id, reason: '', notified }, who, []);
      return again(one, signal);
    },
    'rollback.decide': async ({ rollback, to, repo, artifacts, key, passphrase, reason, anyway }, context) => {
      const { signal } = context;
      const { one, situation } = await found(ports, rollback, signal);
      if (one.execution !== null) throw refused(`${one.record.rollback_id} was carried out already.`, 'countersign rollback list says where it stands.');
      const speaker = await speakerWith(ports, key, signal, passphrase);
      assertRole(speaker, situation.rules.rollers, 'decide on a rollback');
      const version = to ?? previousOf(situation, one.record.release_version);
      const proof = await proofOf(ports, situation, { one: deploymentNamed(situation, one.deployment?.id ?? ''), to: version, repo, artifacts }, context);
      const faults = proof.filter(({ status }) => status !== 'good');
      if (faults.length > 0 && (anyway ?? '') === '') throw refused(`That it can be done is not proved: ${faults.map(({ words }) => words).join(' ')}`, 'Mend what is said, or decide with --anyway REASON.');
      await stage(one, { act: 'decide', at: situation.at, decided_by: speaker.person.id, reason: [reason, anyway ?? ''].filter((words) => words !== '').join(' '), to_version: version, proof: proof.map((line) => ({ ...line })) }, { speaker }, []);
      return again(one, signal);
    },
    'rollback.execute': async ({ rollback, doer, method, unauthorised, to }, { signal }) => {
      const { one, situation } = await found(ports, rollback, signal);
      if (one.execution !== null) throw refused(`${one.record.rollback_id} was carried out already.`, 'countersign rollback finish ends it.');
      if (one.decision === null && (unauthorised ?? '') === '') throw refused(`Nobody who is ${situation.rules.rollers.join(' or ')} has decided on ${one.record.rollback_id}.`, 'countersign rollback decide; what was done all the same is recorded with --unauthorised REASON.');
      const who = await doerOf(ports, doer, signal);
      const version = one.decision?.record.to_version ?? to ?? previousOf(situation, one.record.release_version);
      await stage(one, { act: 'execute', at: situation.at, decided_by: who.id, reason: unauthorised ?? '', to_version: version, method, authority: one.decision === null ? 'unauthorised' : 'authorised', release_artifacts_sha256: Object.fromEntries(signedFor(situation, version)) },
        who, one.decision === null ? [] : [refTo('decided-by', one.decision.act)]);
      return again(one, signal);
    },
    'rollback.finish': async ({ rollback, doer, smoke, causeOwner, causeDue }, { signal }) => {
      const { one, situation } = await found(ports, rollback, signal);
      if (one.execution === null) throw refused(`${one.record.rollback_id} was not carried out yet.`, 'countersign rollback execute');
      if (one.finish !== null) throw refused(`${one.record.rollback_id} has finished already.`, 'countersign rollback list says where it stands.');
      const who = await doerOf(ports, doer, signal);
      const outcome = await outcomeOf(ports, smoke, evidenceLimits(situation.inForce.policy));
      const passed = outcome?.passed === true;
      const due = causeDue ?? instantAfter(situation.at, situation.inForce.policy.parameters.root_cause_days.value);
      const id = await stage(one, { act: passed ? 'finish' : 'failed', at: situation.at, decided_by: who.id, reason: passed ? '' : 'The smoke tests did not pass.', smoke: outcome, cause_owner: causeOwner ?? who.id, cause_due: due }, who, []);
      if (passed) await beginWatch(ports, { release: one.record.release_version, environment: one.record.environment }, id, signal);
      const ended = await found(ports, one.start.id, signal);
      const { record, problem } = await documentRollback(ports, ended.one, ended.situation, id, passed, signal);
      return { rollback: await again(one, signal), record, problem };
    },
    'rollback.observe': async ({ rollback, doer, status, words, from }, { signal }) => {
      const { one, situation } = await found(ports, rollback, signal);
      const who = await doerOf(ports, doer, signal);
      const recorded = await observe(ports, { release: one.record.release_version, environment: one.record.environment, watch: one.watch, begun: one.start }, situation, who, { status, words, from });
      return { rollback: await again(one, signal), recorded };
    },
    'rollback.close': async ({ rollback, key, passphrase, status, words }, { signal }) => {
      const { one, situation } = await found(ports, rollback, signal);
      await closeWatch(ports, { id: one.record.rollback_id, release: one.record.release_version, environment: one.record.environment, watch: one.watch }, situation, { key, passphrase, status, words }, signal);
      return again(one, signal);
    },
    'rollback.cause': async ({ rollback, key, passphrase, owner, due, found: words }, { signal }) => {
      const { one, situation } = await found(ports, rollback, signal);
      const speaker = await speakerWith(ports, key, signal, passphrase);
      if (one.cause.state === 'closed') throw refused('The root cause is found already.', 'What was wrong in it is corrected by another record.');
      const record: RollbackStageRecord = {
        ...continued(one.record), act: 'cause', at: situation.at, decided_by: speaker.person.id, reason: '', cause_owner: owner ?? one.cause.owner ?? speaker.person.id,
        cause_due: due ?? one.cause.due ?? instantAfter(situation.at, situation.inForce.policy.parameters.root_cause_days.value), ...((words ?? '') === '' ? {} : { cause_found: words ?? '' }),
      };
      await appendSigned(ports, speaker, { ...record }, uniqueRefs([...(await ports.seen()), refTo('continues', one.start)]));
      return again(one, signal);
    },
    'rollback.list': async ({ open }, { signal }) => {
      const { acts, rules, at } = await situationOf(ports, null, null, signal);
      return { rollbacks: rollbacksOf(acts, rules, at).filter(({ cause }) => !open || cause.state !== 'closed').map((one) => rollbackShown(one, at)) };
    },
  };
}

/** The record of policy §11.3, composed of what happened, and joined to release and deployment. */
async function documentRollback(ports: RollbackPorts, { record, execution, decision, authority }: Rollback, situation: Situation, finish: string, passed: boolean, signal: AbortSignal): Promise<Documented> {
  const ended = situation.acts.find(({ id }) => id === finish);
  const fields = {
    rollback_id: record.rollback_id, from_version: record.release_version, to_version: execution?.record.to_version ?? '', rollback_date: situation.at, rollback_reason: reasonOf(record),
    rollback_method: execution?.record.method ?? 'direct', rollback_status: !passed ? 'failed' : authority === 'authorised' ? 'success' : 'rolled back, unauthorised',
    rolled_back_by: addressOf(situation, execution?.record.decided_by ?? record.decided_by), approved_by: authority === 'authorised' && decision !== null ? [addressOf(situation, decision.record.decided_by)] : [], root_cause_investigation: 'in_progress',
  };
  return composed(() => composeAndAppend(composing(ports, signal), 'rollback', fields, { repo: null, refs: ended === undefined ? [] : [refTo('documents', ended)] }));
}

function reasonOf({ trigger, reason, slower_percent }: RollbackStageRecord): string {
  const words = TRIGGERS.find(({ id }) => id === trigger)?.words.replace(/ \(.*$/, '');
  return `${words === undefined ? '' : `${words}: `}${reason}${slower_percent === undefined ? '' : ` (${slower_percent} % slower)`}`;
}

async function proofOf(ports: RollbackPorts, situation: Situation, { one, to, repo, artifacts }: { readonly one: Deployment; readonly to: string; readonly repo: string; readonly artifacts: string }, context: CallContext): Promise<ProofLine[]> {
  const { acts, rules, at, inForce } = situation;
  const deployments = deploymentsOf(acts, rules, at);
  const before = deployments.findLast(({ record }) => record.release_version === to && record.release_commit !== undefined);
  return rollbackProof({
    to, environment: one.record.environment, signed: signedFor(situation, to), artifacts: await ports.artifactsIn(artifacts, situation, context), deployments,
    changes: await changesBetween(ports, repo, one.record.release_commit ?? one.record.release_version, before?.record.release_commit ?? to, context.signal), parameters: inForce.policy.parameters,
  });
}

/** What differs between two versions; null where the repository does not have both, on one line of history. */
async function changesBetween(ports: RollbackPorts, repo: string, from: string, to: string, signal: AbortSignal): Promise<readonly ChangedFile[] | null> {
  const repository = await ports.openRepository(repo);
  try {
    return await filesOf(repository, await repository.resolve(from), await repository.resolve(to), signal);
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'unknown-revision') return null;
    throw cause;
  }
}

async function filesOf(repository: Repository, from: string, to: string, signal: AbortSignal): Promise<readonly ChangedFile[] | null> {
  return (await repository.isAncestor(to, from)) ? (await repository.history(from, to, signal)).changes : null;
}

function signedFor({ acts }: Situation, version: string): ReadonlyMap<string, string> {
  return new Map(ofForm(acts, SigningRecord).filter(({ act, record }) => act.aside === null && record.release_version === version && record['container_image'] === undefined)
    .sort((a, b) => Date.parse(a.act.entry.time) - Date.parse(b.act.entry.time)).flatMap(({ record }) => Object.entries(record.release_artifacts_sha256)));
}

/** The version before, as the plan names it. */
function previousOf({ acts, rules }: Situation, release: string): string {
  const previous = provedPlans(acts, release, rules.planners).at(-1)?.record.plan.previous ?? null;
  if (previous === null) throw new AppError('bad-input', `Nothing says which version comes before ${release}.`, { hint: 'Name it with --to.' });
  return previous;
}

function deploymentNamed({ acts, rules, at }: Situation, named: string): Deployment {
  const all = deploymentsOf(acts, rules, at).filter(({ start, record }) => start.id === named || record.deployment_id === named);
  const [only] = all;
  if (only === undefined || all.length > 1) throw new AppError(only === undefined ? 'not-found' : 'bad-input', only === undefined ? `No deployment is called ${named}.` : `${all.length} deployments are called ${named}.`, { hint: 'countersign release show VERSION lists them.' });
  return only;
}

async function found(ports: WorkflowPorts, named: string, signal: AbortSignal): Promise<{ readonly one: Rollback; readonly situation: Situation; readonly shown: RollbackShown }> {
  const situation = await situationOf(ports, null, null, signal);
  const all = rollbacksOf(situation.acts, situation.rules, situation.at).filter(({ start, record }) => start.id === named || record.rollback_id === named);
  const [one] = all;
  if (one === undefined || all.length > 1) throw new AppError(one === undefined ? 'not-found' : 'bad-input', one === undefined ? `No rollback is called ${named}.` : `${all.length} rollbacks are called ${named}.`, { hint: 'countersign rollback list shows them with their records.' });
  return { one, situation, shown: rollbackShown(one, situation.at) };
}

function freshId({ acts, rules, at }: Situation): string {
  const day = at.slice(0, 10).replaceAll('-', '');
  const taken = new Set(rollbacksOf(acts, rules, at).map(({ record }) => record.rollback_id));
  for (let number = 1; ; number += 1) {
    const id = `rollback-${day}-${String(number).padStart(3, '0')}`;
    if (!taken.has(id)) return id;
  }
}

function continued({ release_version, rollback_id, environment }: RollbackStageRecord): Pick<RollbackStageRecord, 'event_type' | 'release_version' | 'rollback_id' | 'environment'> {
  return { event_type: 'rollback_stage', release_version, rollback_id, environment };
}

function instantAfter(at: string, days: number): string {
  return `${new Date(Date.parse(at) + days * DAY).toISOString().slice(0, 19)}Z`;
}
