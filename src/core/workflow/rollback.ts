import { byPlace } from '../archive/entry-id.ts';
import { RollbackRecord } from '../model/archive.ts';
import { ROLLBACK_TRIGGERS, RollbackStageRecord, type RollbackTrigger } from '../model/records/rollback.ts';
import { byLeafOf, ofForm, pointedAt, pointingAt, provedBy, type Act } from './acts.ts';
import type { DeploymentRules } from './deployment-rules.ts';
import { observationsOf, watchOf, type Watch } from './watch.ts';

/** The five triggers in the words of policy §9.1. */
const TRIGGER_WORDS: Readonly<Record<RollbackTrigger, string>> = {
  'critical-bug': 'Critical bug detected (system crash, data corruption)', 'vulnerability-exploited': 'Security vulnerability exploited (active attack)',
  'performance-degradation': 'Performance degradation (> 50% slower)', 'data-loss': 'Data loss detected', 'compliance-violation': 'Compliance violation detected',
};

/** What calls for a rollback, with the clause that says so. */
export const TRIGGERS = ROLLBACK_TRIGGERS.map((id) => ({ id, clause: '§9.1', words: TRIGGER_WORDS[id] }));

/** A rollback as the records tell it (policy §9.2). */
export interface Rollback {
  readonly start: Act;
  readonly record: RollbackStageRecord;
  readonly state: 'detected' | 'decided' | 'executing' | 'finished' | 'failed';
  readonly notified: NonNullable<RollbackStageRecord['notified']>;
  /** Those of the incident team, CTO and CISO whom nobody is recorded to have told (§9.2, step 1). */
  readonly untold: readonly ('incident-team' | 'cto' | 'ciso')[];
  /** Whose decision it is by their own signature; null where nobody who may has signed one. */
  readonly decision: { readonly act: Act; readonly record: RollbackStageRecord; readonly by: string } | null;
  readonly execution: { readonly act: Act; readonly record: RollbackStageRecord } | null;
  /** `authorised` where the execution points at a decision of somebody who may decide. */
  readonly authority: 'authorised' | 'unauthorised' | 'undecided';
  readonly finish: { readonly act: Act; readonly record: RollbackStageRecord } | null;
  /** The smoke tests that did not pass. */
  readonly failure: { readonly act: Act; readonly record: RollbackStageRecord } | null;
  readonly watch: Watch | null;
  /** What was seen while it was under way, before the watch began. */
  readonly observations: readonly { readonly at: string; readonly status: string; readonly words: string; readonly record: string }[];
  /** The analysis of the root cause (§9.2, step 5): open until a signed record says what was found. */
  readonly cause: { readonly state: 'open' | 'overdue' | 'closed'; readonly owner: string | null; readonly due: string | null; readonly found: string | null };
  readonly documented: Act | null;
  readonly deployment: Act | null;
}

/** Every rollback that these acts tell of, the oldest first. */
export function rollbacksOf(acts: readonly Act[], rules: DeploymentRules, now: string): Rollback[] {
  const byLeaf = byLeafOf(acts);
  const stages = ofForm(acts, RollbackStageRecord).filter(({ act }) => act.aside === null);
  return stages
    .filter(({ record }) => record.act === 'detect')
    .map(({ act: start, record }): Rollback => {
      const own = ofForm(pointingAt(acts, 'continues', start), RollbackStageRecord).filter(({ act }) => act.aside === null).sort((a, b) => Date.parse(a.record.at) - Date.parse(b.record.at) || byPlace(a.act.id, b.act.id));
      const decisions = own.flatMap(({ act, record: one }) => {
        const signer = one.act === 'decide' ? provedBy(act, one.decided_by) : null;
        return signer !== null && rules.rollers.some((role) => signer.roles.has(role)) ? [{ act, record: one, by: signer.name }] : [];
      });
      const execution = own.find(({ record: one }) => one.act === 'execute') ?? null;
      const decided = execution === null ? null : decisions.find((decision) => decision.record.to_version === execution.record.to_version && pointedAt(execution.act, 'decided-by', byLeaf).some(({ leaf }) => leaf === decision.act.leaf)) ?? null;
      const finish = own.find(({ record: one }) => one.act === 'finish') ?? null;
      const failure = own.findLast(({ record: one }) => one.act === 'failed') ?? null;
      const notified = own.filter(({ record: one }) => one.act === 'notify').flatMap(({ record: one }) => one.notified ?? []);
      return {
        start, record, notified, execution, finish, failure, observations: observationsOf(start, acts),
        untold: (['incident-team', 'cto', 'ciso'] as const).filter((as) => !notified.some((told) => told.as === as)),
        state: finish !== null ? 'finished' : failure !== null ? 'failed' : execution !== null ? 'executing' : decisions.length > 0 ? 'decided' : 'detected',
        decision: decided ?? decisions[0] ?? null,
        authority: execution === null ? 'undecided' : decided === null ? 'unauthorised' : 'authorised',
        watch: finish === null ? null : watchOf(finish.act, acts, rules.watchers, now),
        cause: causeOf(own, now),
        documented: finish === null ? null : (ofForm(pointingAt(acts, 'documents', finish.act), RollbackRecord).find(({ act }) => act.aside === null)?.act ?? null),
        deployment: pointedAt(start, 'rolls-back-stage', byLeaf)[0] ?? null,
      };
    })
    .sort((a, b) => Date.parse(a.record.at) - Date.parse(b.record.at) || byPlace(a.start.id, b.start.id));
}

function causeOf(own: readonly { readonly act: Act; readonly record: RollbackStageRecord }[], now: string): Rollback['cause'] {
  const said = own.filter(({ record }) => record.cause_owner !== undefined);
  const found = said.find(({ act, record }) => record.act === 'cause' && (record.cause_found ?? '') !== '' && provedBy(act, record.decided_by) !== null);
  const last = said.at(-1)?.record ?? null;
  const due = last?.cause_due ?? null;
  return { state: found !== undefined ? 'closed' : due !== null && Date.parse(due) < Date.parse(now) ? 'overdue' : 'open', owner: last?.cause_owner ?? null, due, found: found?.record.cause_found ?? null };
}
