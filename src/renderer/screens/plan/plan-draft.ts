import { z } from 'zod';
import { DeploymentMethod, ReleasePlan } from '../../../core/model/plan.ts';
import { ReleaseVersion } from '../../../core/model/primitives.ts';
import { instantOf } from '../../components/wording.ts';

/** A plan while it is typed: what is not finished yet may stand in it. */
export const PlanDraft = z.object({
  features: z.array(z.string()), fixes: z.array(z.string()), security: z.array(z.string()),
  timeline: z.array(z.object({ on: z.string(), what: z.string() })),
  method: DeploymentMethod, rollbackPlan: z.string(), previous: z.string(), securityImpact: z.string(),
  /** The calendar of the plan before, or a file that takes its place; neither: none. */
  calendarText: z.string().nullable(), calendarFile: z.string(),
});
export type PlanDraft = z.infer<typeof PlanDraft>;

export const BLANK: PlanDraft = { features: [], fixes: [], security: [], timeline: [], method: 'blue-green', rollbackPlan: '', previous: '', securityImpact: '', calendarText: null, calendarFile: '' };

export function draftOf(plan: ReleasePlan): PlanDraft {
  return {
    features: [...plan.scope.features], fixes: [...plan.scope.fixes], security: [...plan.scope.security],
    timeline: plan.timeline.map(({ on, what }) => ({ on: `${on.slice(0, 10)} ${on.slice(11, 16)}`, what })),
    method: plan.method, rollbackPlan: plan.rollback_plan, previous: plan.previous ?? '', securityImpact: plan.security_impact, calendarText: plan.calendar, calendarFile: '',
  };
}

/** The plan that a draft comes to, or what is still wrong with it, in the order in which it is read. */
export function planOf(release: string, draft: PlanDraft): { readonly plan: ReleasePlan } | { readonly wrong: string } {
  const items = (list: readonly string[]): string[] => list.map((item) => item.trim()).filter((item) => item !== '');
  const lists = { features: items(draft.features), fixes: items(draft.fixes), security: items(draft.security) };
  const long = [...lists.features, ...lists.fixes, ...lists.security, ...draft.timeline.map(({ what }) => what)].find((item) => item.trim().length > 200);
  if (long !== undefined) return { wrong: `An item has at most 200 characters; this one has ${long.trim().length}: “${long.slice(0, 60)}…”` };
  const dates = draft.timeline.filter(({ on, what }) => on.trim() !== '' || what.trim() !== '');
  const undated = dates.find(({ on }) => instantOf(on) === null);
  if (undated !== undefined) return { wrong: `“${undated.on}” is no time in UTC. Write it as 2026-03-04 21:00.` };
  const nameless = dates.find(({ what }) => what.trim() === '');
  if (nameless !== undefined) return { wrong: `Say what happens at ${nameless.on}.` };
  if (draft.rollbackPlan.trim() === '') return { wrong: 'Say how it is rolled back (policy §2, step 1).' };
  const previous = draft.previous.trim();
  if (previous !== '' && !ReleaseVersion.safeParse(previous).success) return { wrong: `“${previous}” is no version, such as v1.0.4.` };
  const parsed = ReleasePlan.safeParse({
    release, previous: previous === '' ? null : previous, scope: lists, timeline: dates.map(({ on, what }) => ({ on: instantOf(on), what })), method: draft.method,
    rollback_plan: draft.rollbackPlan, security_impact: draft.securityImpact, calendar: draft.calendarText,
  });
  if (parsed.success) return { plan: parsed.data };
  const [issue] = parsed.error.issues;
  return { wrong: `${issue?.path.map(String).join(' ') ?? 'It'}: ${issue?.message ?? 'it is no plan'}.` };
}

/** A list with one item a place up or down. */
export function moved(list: readonly string[], index: number, by: -1 | 1): string[] {
  const to = index + by;
  const item = list[index];
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  const rest = list.filter((_, at) => at !== index);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}

const PARTS: readonly (readonly [string, (plan: ReleasePlan) => unknown])[] = [
  ['features', ({ scope }) => scope.features], ['fixes', ({ scope }) => scope.fixes], ['security patches', ({ scope }) => scope.security], ['timeline', ({ timeline }) => timeline],
  ['method', ({ method }) => method], ['way back', ({ rollback_plan, previous }) => [rollback_plan, previous]], ['security', ({ security_impact }) => security_impact], ['calendar', ({ calendar }) => calendar],
];

/** In which parts plans are not the same. */
export function differingParts(plans: readonly ReleasePlan[]): string[] {
  return PARTS.filter(([, part]) => new Set(plans.map((plan) => JSON.stringify(part(plan)))).size > 1).map(([name]) => name);
}
