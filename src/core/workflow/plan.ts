import type { PlanInForce, Signer } from '../checks/check.ts';
import { ReleaseActRecord, ReleasePlanRecord, type ReleasePlan } from '../model/plan.ts';
import { byLeafOf, ofForm, pointedAt, provedBy, type Act } from './acts.ts';
import { digestOf } from './canonical.ts';
import { scheduleAt } from './schedule.ts';

/** The digest of a plan: what an approval is about (FORMATS §3). */
export function planDigestOf(plan: ReleasePlan): string {
  return digestOf(plan);
}

/** A plan that somebody who may plan signed. */
export interface ProvedPlan {
  readonly act: Act;
  readonly record: ReleasePlanRecord;
  readonly signer: Signer;
}

/** Every plan of a release that counts, replaced ones too: signed by whom it names, who may plan, and of the digest that it says. */
export function provedPlans(acts: readonly Act[], release: string, planners: readonly string[]): ProvedPlan[] {
  return ofForm(acts, ReleasePlanRecord).flatMap(({ act, record }) => {
    const signer = provedBy(act, record.decided_by);
    const counts = signer !== null && planners.some((role) => signer.roles.has(role)) && record.release_version === release && record.plan.release === release && planDigestOf(record.plan) === record.plan_digest;
    return counts ? [{ act, record, signer }] : [];
  });
}

/**
 * The plans that no other plan replaced. Order is by what they point at and by no clock: of two that were made without
 * knowing of each other neither rules, until a third replaces both.
 */
export function standingPlans(acts: readonly Act[], release: string, planners: readonly string[]): ProvedPlan[] {
  const plans = provedPlans(acts, release, planners);
  const byLeaf = byLeafOf(acts);
  const replaced = new Set(plans.flatMap(({ act }) => pointedAt(act, 'replaces', byLeaf).map(({ identity }) => identity)));
  const standing = plans.filter(({ act }) => !replaced.has(act.identity));
  // A plan that was copied into another log, or made anew word for word, is the same plan.
  return [...new Map(standing.map((plan) => [plan.record.plan_digest, plan])).values()];
}

/** The one plan that rules, as of a moment; or those that stand beside each other. */
export function planInForce(acts: readonly Act[], release: string, planners: readonly string[], at: string): { readonly plan: PlanInForce | null; readonly disputed: readonly string[] } {
  const standing = standingPlans(acts, release, planners);
  const [only] = standing;
  if (only === undefined || standing.length > 1) return { plan: null, disputed: standing.map(({ act }) => act.id) };
  const { act, record, signer } = only;
  const { calendar } = record.plan;
  return { plan: { signer, record: act.id, at: record.planned_at, plan: record.plan, digest: record.plan_digest, schedule: calendar === null ? null : scheduleOf(calendar, at) }, disputed: [] };
}

/** A calendar that another console took and this one cannot read opens nothing. */
function scheduleOf(calendar: string, at: string): PlanInForce['schedule'] {
  try {
    return scheduleAt(calendar, at);
  } catch (cause) {
    return { open: false, reason: `The plan’s calendar cannot be read: ${cause instanceof Error ? cause.message : ''}`, until: null, next: null };
  }
}

/** Whether a release goes on. */
export interface ReleaseStanding {
  readonly state: 'running' | 'suspended' | 'superseded' | 'abandoned';
  /** Who said so, when and why; null while it runs. */
  readonly said: { readonly by: string; readonly at: string; readonly reason: string; readonly record: string; readonly supersededBy: string | null } | null;
  /** The stops that nobody took back, for who resumes to point at. */
  readonly stops: readonly Act[];
}

/**
 * Whether a release goes on, by what people signed. Given up is for good; a stop lasts until somebody who may plan takes
 * back that very stop. Anybody of the roster can stop: what is stopped without need costs a signature, what is not
 * stopped can cost the release.
 */
export function standingOfRelease(acts: readonly Act[], release: string, planners: readonly string[]): ReleaseStanding {
  const mayEnd = (signer: Signer): boolean => planners.some((role) => signer.roles.has(role)) || signer.roles.has('cto');
  const said = ofForm(acts, ReleaseActRecord).flatMap(({ act, record }) => {
    const signer = provedBy(act, record.decided_by);
    return signer === null || record.release_version !== release ? [] : [{ act, record, signer }];
  });
  const words = ({ act, record, signer }: (typeof said)[number]): NonNullable<ReleaseStanding['said']> => ({ by: signer.name, at: record.at, reason: record.reason, record: act.id, supersededBy: record.superseded_by });
  const ended = said.find(({ record, signer }) => record.act === 'abandon' && mayEnd(signer)) ?? said.find(({ record, signer }) => record.act === 'supersede' && mayEnd(signer));
  if (ended !== undefined) return { state: ended.record.act === 'abandon' ? 'abandoned' : 'superseded', said: words(ended), stops: [] };
  const byLeaf = byLeafOf(acts);
  const resumed = new Set(said.filter(({ record, signer }) => record.act === 'resume' && mayEnd(signer)).flatMap(({ act }) => pointedAt(act, 'resumes', byLeaf).map(({ identity }) => identity)));
  const stops = said.filter(({ act, record }) => record.act === 'suspend' && !resumed.has(act.identity));
  const [first] = stops;
  return first === undefined ? { state: 'running', said: null, stops: [] } : { state: 'suspended', said: words(first), stops: stops.map(({ act }) => act) };
}

/** The furthest step that somebody who may plan handed the release on to, with who did it. */
export function handedOn(acts: readonly Act[], release: string, planners: readonly string[]): { readonly step: number; readonly by: string; readonly at: string; readonly record: string }[] {
  return ofForm(acts, ReleaseActRecord)
    .flatMap(({ act, record }) => {
      const signer = provedBy(act, record.decided_by);
      if (signer === null || record.step === null || record.act !== 'advance' || record.release_version !== release || !planners.some((role) => signer.roles.has(role))) return [];
      return [{ step: record.step, by: signer.name, at: record.at, record: act.id }];
    })
    .sort((a, b) => a.step - b.step || (a.record < b.record ? -1 : 1));
}
