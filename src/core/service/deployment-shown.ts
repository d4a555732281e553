import type { DeploymentShown } from '../contract/plan-calls.ts';
import type { TestOutcome } from '../model/records/deployment.ts';
import { provedBy } from '../workflow/acts.ts';
import { nextStage, type Deployment } from '../workflow/deployments.ts';
import type { DeploymentRules } from '../workflow/deployment-rules.ts';
import type { Watch } from '../workflow/watch.ts';

/** A deployment as shells show it. */
export function deploymentShown(one: Deployment, rules: DeploymentRules, now: string): DeploymentShown {
  const { start, record, deployer, finish, stages } = one;
  const ended = finish ?? stages.findLast(({ record: { act } }) => act === 'failed') ?? null;
  return {
    id: record.deployment_id, record: start.id, release: record.release_version, environment: record.environment, method: record.method, state: one.state, percent: one.percent,
    startedAt: record.at, finishedAt: finish?.record.at ?? null, by: deployer?.name ?? record.decided_by, proven: deployer !== null, aside: one.aside,
    authority: one.authority, lines: one.lines.map((line) => ({ ...line })),
    stages: stages.map(({ act, record: stage }) => ({ act: stage.act, percent: stage.percent, at: stage.at, by: provedBy(act, stage.decided_by)?.name ?? stage.decided_by, reason: stage.reason ?? null, record: act.id })),
    reason: record.reason ?? null, commit: record.release_commit ?? null, artifacts: Object.entries(record.release_artifacts_sha256 ?? {}).map(([name, sha256]) => ({ name, sha256 })),
    differences: record.configuration == null ? null : [...record.configuration.differences], smoke: testsShown(ended?.record.smoke), regression: testsShown(ended?.record.regression),
    finding: one.finding === null ? null : { ...one.finding }, observations: one.observations.map((seen) => ({ ...seen })), next: nextStage(one, rules.canary), watch: one.watch === null ? null : watchShown(one.watch, now), documented: one.documented?.id ?? null, rolledBack: one.rolledBack.map(({ id }) => id),
  };
}

/** What a run of tests came to, without the digests of its reports. */
export function testsShown(outcome: TestOutcome | null | undefined): DeploymentShown['smoke'] {
  return outcome == null ? null : { passed: outcome.passed, tests: outcome.tests, failed: outcome.failed };
}

export function watchShown(watch: Watch, now: string): NonNullable<DeploymentShown['watch']> {
  const left = Math.max(0, Math.ceil((Date.parse(watch.due) - Date.parse(now)) / 1000));
  return { ...watch, secondsLeft: watch.state === 'closed' ? 0 : left, notes: [...watch.notes], observations: watch.observations.map((one) => ({ ...one })), closed: watch.closed === null ? null : { ...watch.closed } };
}
