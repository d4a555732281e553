import { byPlace } from '../archive/entry-id.ts';
import type { Signer } from '../checks/check.ts';
import { DeploymentRecord } from '../model/archive.ts';
import { DeploymentStageRecord } from '../model/records/deployment.ts';
import { RollbackStageRecord } from '../model/records/rollback.ts';
import { byLeafOf, ofForm, ofRelease, pointingAt, provedBy, type Act } from './acts.ts';
import { authorityOf, isAuthorised, type AuthorityLine } from './deployment-authority.ts';
import type { DeploymentRules } from './deployment-rules.ts';
import { observationsOf, watchOf, type Watch } from './watch.ts';

/** A deployment as the records tell it. */
export interface Deployment {
  readonly start: Act;
  readonly record: DeploymentStageRecord;
  readonly deployer: Signer | null;
  readonly state: 'running' | 'finished' | 'failed';
  /** The share that has the version now. */
  readonly percent: number;
  readonly stages: readonly { readonly act: Act; readonly record: DeploymentStageRecord }[];
  readonly finish: { readonly act: Act; readonly record: DeploymentStageRecord } | null;
  /** `not-needed` outside production. */
  readonly authority: 'authorised' | 'unauthorised' | 'not-needed';
  readonly lines: readonly AuthorityLine[];
  /** What somebody who may decide, by the policy the CTO, found of a deployment without authority, by signature. */
  readonly finding: { readonly by: string; readonly at: string; readonly words: string; readonly record: string } | null;
  readonly watch: Watch | null;
  /** What was seen while it was under way, before the watch began. */
  readonly observations: readonly { readonly at: string; readonly status: string; readonly words: string; readonly record: string }[];
  /** The record of policy §11.2 that was composed of it. */
  readonly documented: Act | null;
  /** What rolled it back, finished or not. */
  readonly rolledBack: readonly Act[];
  readonly aside: Act['aside'];
}

/** Every deployment that these acts tell of, the oldest first; those that were imported are told, and open nothing. */
export function deploymentsOf(acts: readonly Act[], rules: DeploymentRules, now: string): Deployment[] {
  return ofForm(acts, DeploymentStageRecord)
    .filter(({ record }) => record.act === 'start')
    .map(({ act: start, record }): Deployment => {
      const stages = ofForm(pointingAt(acts, 'continues', start), DeploymentStageRecord);
      const findings = stages.flatMap(({ act, record: one }) => {
        const signer = one.act === 'finding' ? provedBy(act, one.decided_by) : null;
        return signer !== null && rules.rollers.some((role) => signer.roles.has(role)) ? [{ by: signer.name, at: one.at, words: one.reason ?? '', record: act.id }] : [];
      });
      const own = stages
        .filter(({ act, record: later }) => later.act !== 'start' && later.act !== 'finding' && (act.aside === null || start.aside !== null) && later.environment === record.environment)
        .sort((a, b) => Date.parse(a.record.at) - Date.parse(b.record.at) || byPlace(a.act.id, b.act.id));
      const finish = own.find(({ record: { act } }) => act === 'finish') ?? null;
      const failed = own.some(({ record: { act } }) => act === 'failed');
      const lines = record.environment === 'production' ? authorityOf(start, ofRelease(acts, record.release_version), rules, undefined, byLeafOf(acts)) : [];
      return {
        start, record, deployer: provedBy(start, record.decided_by), finish, lines, aside: start.aside,
        state: failed ? 'failed' : finish !== null ? 'finished' : 'running',
        percent: failed ? 0 : (own.filter(({ record: { act } }) => act !== 'failed').at(-1)?.record.percent ?? record.percent),
        stages: own,
        authority: record.environment !== 'production' ? 'not-needed' : isAuthorised(lines) ? 'authorised' : 'unauthorised',
        finding: findings[0] ?? null,
        watch: finish === null ? null : watchOf(finish.act, acts, rules.watchers, now),
        observations: observationsOf(start, acts),
        documented: finish === null ? null : (ofForm(pointingAt(acts, 'documents', finish.act), DeploymentRecord).find(({ act }) => act.aside !== 'forked')?.act ?? null),
        rolledBack: ofForm(pointingAt(acts, 'rolls-back-stage', start), RollbackStageRecord).filter(({ act }) => act.aside === null).map(({ act }) => act),
      };
    })
    .sort((a, b) => Date.parse(a.record.at) - Date.parse(b.record.at) || byPlace(a.start.id, b.start.id));
}

/** The next stage of a canary, and from when on it may begin (policy §9.3.2); null where there is none. */
export function nextStage({ record, stages, percent, state }: Deployment, canary: DeploymentRules['canary']): { readonly percent: number; readonly from: string } | null {
  if (record.method !== 'canary' || state !== 'running') return null;
  const at = canary.findIndex((stage) => stage.percent === percent);
  const next = canary.find((stage) => stage.percent > percent);
  if (next === undefined) return null;
  const since = [...stages.map((stage) => stage.record), record].filter((one) => one.percent === percent).map(({ at: when }) => Date.parse(when));
  const waited = Math.min(...since) + (canary[at]?.minutes ?? 0) * 60_000;
  return { percent: next.percent, from: new Date(waited).toISOString().replace('.000Z', 'Z') };
}
