import type { Handlers } from '../contract/serve.ts';
import type { DeploymentShown } from '../contract/plan-calls.ts';
import { AppError } from '../model/errors.ts';
import type { DeploymentStageRecord } from '../model/records/deployment.ts';
import { evidenceLimits } from '../policy/load-policy.ts';
import { refTo } from '../workflow/acts.ts';
import { deploymentsOf, nextStage, type Deployment } from '../workflow/deployments.ts';
import { documentDeployment, documentRelease } from './document-deployment.ts';
import { deploymentShown } from './deployment-shown.ts';
import { checkDeployment, startDeployment } from './start-deployment.ts';
import { outcomeOf } from './test-outcome.ts';
import type { DeploymentPorts } from './deployment-ports.ts';
import { beginWatch, closeWatch, observe } from './watch-acts.ts';
import { speakerWith } from './speaker.ts';
import { assertRole, doerOf, recordBy, refused, situationOf, type DoerNamed, type Situation, type WorkflowPorts } from './workflow-ports.ts';

type Owned = 'deployment.check' | 'deployment.start' | 'deployment.stage' | 'deployment.observe' | 'deployment.finish' | 'deployment.finding' | 'deployment.close';

/** Deploying, stage by stage. What happened is recorded whoever did it; authority is worked out of the records. */
export function deploymentHandlers(ports: DeploymentPorts): Pick<Handlers, Owned> {
  return {
    'deployment.check': (input, context) => checkDeployment(ports, input, context),
    'deployment.start': async (input, context) => {
      const { start, faults } = await startDeployment(ports, input, context);
      return { deployment: (await found(ports, start, context.signal)).shown, faults };
    },
    'deployment.stage': async ({ deployment, act, doer, reason }, { signal }) => {
      const { one, situation } = await found(ports, deployment, signal);
      const { record, start, percent } = one;
      if (one.state !== 'running') throw refused(`${record.deployment_id} has ${one.state} already.`, 'countersign release show says where it stands.');
      const next = nextStage(one, situation.rules.canary);
      if (act === 'stage') {
        if (next === null) throw refused(`${record.deployment_id} is ${record.method}, at ${percent} %: no stage follows.`, 'Finish it: countersign deploy finish.');
        if (Date.parse(situation.at) < Date.parse(next.from) && reason === '') throw refused(`The stage of ${percent} % is watched until ${next.from} (policy §9.3.2).`, 'Wait, or say with --reason why not.');
      } else if (reason === '') throw new AppError('bad-input', 'It says what failed.', { hint: 'Give it with --reason.' });
      const who = await doerOf(ports, doer, signal);
      const stage: DeploymentStageRecord = { ...continued(record, situation.at, who), act, percent: act === 'stage' ? (next?.percent ?? percent) : 0, ...(reason === '' ? {} : { reason }) };
      await recordBy(ports, who, { ...stage }, [refTo('continues', start)]);
      return (await found(ports, start.id, signal)).shown;
    },
    'deployment.observe': async ({ deployment, doer, status, words, from }, { signal }) => {
      const { one, situation } = await found(ports, deployment, signal);
      const who = await doerOf(ports, doer, signal);
      const watched = { release: one.record.release_version, environment: one.record.environment, watch: one.watch, begun: one.start };
      const recorded = await observe(ports, watched, situation, who, { status, words, from });
      return { deployment: (await found(ports, one.start.id, signal)).shown, recorded };
    },
    'deployment.finish': async ({ deployment, doer, smoke, regression }, { signal }) => {
      const { one, situation } = await found(ports, deployment, signal);
      const { record, start } = one;
      if (one.state !== 'running') throw refused(`${record.deployment_id} has ${one.state} already.`, 'countersign release show says where it stands.');
      const next = nextStage(one, situation.rules.canary);
      if (next !== null) throw refused(`${record.deployment_id} is at ${one.percent} %: the stage of ${next.percent} % comes before its end, from ${next.from} on.`, 'countersign deploy stage');
      const limits = evidenceLimits(situation.inForce.policy);
      const [ofSmoke, ofRegression] = [await outcomeOf(ports, smoke, limits), await outcomeOf(ports, regression, limits)];
      const who = await doerOf(ports, doer, signal);
      const passed = ofSmoke?.passed === true && ofRegression?.passed !== false;
      const finish: DeploymentStageRecord = { ...continued(record, situation.at, who), act: passed ? 'finish' : 'failed', percent: passed ? 100 : one.percent, smoke: ofSmoke, regression: ofRegression, ...(passed ? {} : { reason: 'The tests did not pass.' }) };
      const { id } = await recordBy(ports, who, { ...finish }, [refTo('continues', start)]);
      if (passed) await beginWatch(ports, { release: record.release_version, environment: record.environment }, id, signal);
      const ended = await found(ports, start.id, signal);
      const { record: documented, problem } = await documentDeployment(ports, ended.one, ended.situation, finish, signal);
      const { shown } = await found(ports, start.id, signal);
      return { deployment: shown, record: documented, problem, watchUntil: shown.watch?.due ?? null };
    },
    'deployment.finding': async ({ deployment, key, passphrase, words }, { signal }) => {
      const { one, situation } = await found(ports, deployment, signal);
      if (one.authority !== 'unauthorised') throw refused(`${one.record.deployment_id} was not deployed without authority.`, 'Only of one that was is a finding asked.');
      const speaker = await speakerWith(ports, key, signal, passphrase);
      assertRole(speaker, situation.rules.rollers, 'find on a deployment without authority');
      const finding: DeploymentStageRecord = { ...continued(one.record, situation.at, { id: speaker.person.id, speaker }), act: 'finding', percent: one.percent, reason: words };
      await recordBy(ports, { speaker }, { ...finding }, [refTo('continues', one.start)]);
      return (await found(ports, one.start.id, signal)).shown;
    },
    'deployment.close': async ({ deployment, key, passphrase, status, words, repo }, { signal }) => {
      const { one, situation } = await found(ports, deployment, signal);
      const { watch, record } = one;
      const id = await closeWatch(ports, { id: record.deployment_id, release: record.release_version, environment: record.environment, watch }, situation, { key, passphrase, status, words }, signal);
      const ended = await found(ports, one.start.id, signal);
      const { record: release, problem } = record.environment === 'production' && status === 'ok' ? await documentRelease(ports, ended.one, ended.situation, repo, signal) : { record: null, problem: null };
      return { deployment: ended.shown, closed: id, release, problem };
    },
  };
}

interface Found {
  readonly one: Deployment;
  readonly situation: Situation;
  readonly shown: DeploymentShown;
}

/** A deployment by its record, or by an id that only one has. Errors: `not-found`, `bad-input`. */
async function found(ports: WorkflowPorts, named: string, signal: AbortSignal): Promise<Found> {
  const everything = await situationOf(ports, null, null, signal);
  const all = deploymentsOf(everything.acts, everything.rules, everything.at).filter(({ start, record }) => start.id === named || record.deployment_id === named);
  const [only] = all;
  if (only === undefined) throw new AppError('not-found', `No deployment is called ${named}.`, { hint: 'countersign release show VERSION lists them.' });
  if (all.length > 1) throw new AppError('bad-input', `${all.length} deployments are called ${named}.`, { hint: `Name one by its record: ${all.map(({ start }) => start.id).join(', ')}.` });
  const situation = { ...everything, acts: everything.acts.filter(({ entry }) => [entry.record['release_version'], entry.record['from_version']].includes(only.record.release_version)) };
  return { one: only, situation, shown: deploymentShown(only, everything.rules, everything.at) };
}

function continued({ release_version, deployment_id, environment, method }: DeploymentStageRecord, at: string, { id }: DoerNamed): Pick<DeploymentStageRecord, 'event_type' | 'release_version' | 'deployment_id' | 'environment' | 'method' | 'at' | 'decided_by'> {
  return { event_type: 'deployment_stage', release_version, deployment_id, environment, method, at, decided_by: id };
}
