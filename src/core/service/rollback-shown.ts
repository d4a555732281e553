import type { RollbackShown } from '../contract/rollback-calls.ts';
import { provedBy } from '../workflow/acts.ts';
import type { Rollback } from '../workflow/rollback.ts';
import { testsShown, watchShown } from './deployment-shown.ts';

/** A rollback as shells show it. */
export function rollbackShown(one: Rollback, now: string): RollbackShown {
  const { record, start, decision, execution, finish, failure } = one;
  const executed = execution === null ? null : provedBy(execution.act, execution.record.decided_by);
  return {
    id: record.rollback_id, record: start.id, from: record.release_version, to: execution?.record.to_version ?? decision?.record.to_version ?? null, environment: record.environment, state: one.state, trigger: record.trigger ?? null, reason: record.reason,
    by: provedBy(start, record.decided_by)?.name ?? record.decided_by, slowerPercent: record.slower_percent ?? null,
    detectedAt: record.at, finishedAt: finish?.record.at ?? null, notified: one.notified.map((told) => ({ ...told })), untold: [...one.untold],
    decision: decision === null ? null : { by: decision.by, at: decision.record.at, reason: decision.record.reason, record: decision.act.id, proof: (decision.record.proof ?? []).map((line) => ({ ...line })) },
    execution: execution === null ? null : { by: executed?.name ?? execution.record.decided_by, proven: executed !== null, at: execution.record.at, method: execution.record.method ?? 'direct', reason: execution.record.reason, record: execution.act.id },
    smoke: testsShown((finish ?? failure)?.record.smoke), observations: one.observations.map((seen) => ({ ...seen })),
    authority: one.authority, deployment: one.deployment?.id ?? null, documented: one.documented?.id ?? null, watch: one.watch === null ? null : watchShown(one.watch, now), cause: { ...one.cause },
  };
}
