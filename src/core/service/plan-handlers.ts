import type { Handlers } from '../contract/serve.ts';
import type { Parsed } from '../contract/types.ts';
import { AppError } from '../model/errors.ts';
import type { ReleaseActRecord, ReleasePlan, ReleasePlanRecord } from '../model/plan.ts';
import type { Commit } from '../model/release.ts';
import { byLeafOf, ofRelease, refTo, type Act } from '../workflow/acts.ts';
import { unratifiedIn, verbalOf } from '../workflow/verbal.ts';
import { lastRelease } from '../workflow/assess-release.ts';
import { MAX_CALENDAR } from '../workflow/calendar.ts';
import { readPlan, writePlan, type PlanDraft } from '../workflow/plan-document.ts';
import { planDigestOf, standingOfRelease, standingPlans } from '../workflow/plan.ts';
import { releaseCommit } from '../workflow/release-commit.ts';
import { releaseView } from '../workflow/release-view.ts';
import { scheduleAhead, scheduleAt } from '../workflow/schedule.ts';
import { proposeScope, releaseNotes } from '../workflow/scope.ts';
import { timelineMarkdown, timelineOfRelease } from '../workflow/release-timeline.ts';
import { instant } from './release-handlers.ts';
import { speakerWith, type Speaker } from './speaker.ts';
import { deploymentShown } from './deployment-shown.ts';
import { appendSigned, assertRole, refused, situationOf, uniqueRefs, type Situation, type WorkflowPorts } from './workflow-ports.ts';

const MAX_PLAN = 256 * 1024;

type Owned = 'release.propose' | 'release.plan' | 'release.schedule' | 'release.show' | 'release.act' | 'release.timeline';

/** Planning a release and leading it through the eight steps. */
export function planHandlers(ports: WorkflowPorts): Pick<Handlers, Owned> {
  return {
    'release.propose': async ({ release, repo, since, notesOut }) => {
      const { previous, commits } = await rangeOf(ports, release, repo, since);
      const { scope, others } = proposeScope(commits);
      const notes = releaseNotes(release, scope, '');
      if (notesOut !== null) await ports.writeText(notesOut, notes);
      return { release, previous, scope, others, commits: commits.length, document: writePlan(proposed(release, previous, scope)), notes, plan: { ...proposed(release, previous, scope), calendar: null } };
    },
    'release.plan': async (input, { signal }) => {
      const speaker = await speakerWith(ports, input.key, signal, input.passphrase);
      const { acts, rules, at } = await situationOf(ports, input.release, null, signal);
      assertRole(speaker, rules.planners, 'plan a release');
      const { state, said } = standingOfRelease(acts, input.release, rules.planners);
      if (state === 'abandoned' || state === 'superseded') throw refused(`${input.release} was ${state} by ${said?.by ?? ''} (${said?.record ?? ''}).`, 'Plan another version.');
      const plan = await planOf(ports, input);
      const schedule = plan.calendar === null ? null : scheduleAt(plan.calendar, at);
      const replaces = standingPlans(acts, input.release, rules.planners).map(({ act }) => act);
      const record: ReleasePlanRecord = {
        event_type: 'release_plan', release_version: input.release, decided_by: speaker.person.id, planned_at: speaker.at, plan, plan_digest: planDigestOf(plan), roster_digest: speaker.roster.digest,
      };
      const { id } = await appendSigned(ports, speaker, { ...record }, uniqueRefs([...(await ports.seen()), ...replaces.map((act) => refTo('replaces', act))]));
      return { record: id, person: speaker.person.name, fingerprint: speaker.fingerprint, digest: record.plan_digest, plan, schedule, replaces: replaces.map((act) => act.id) };
    },
    'release.schedule': async ({ calendar }) => {
      const text = 'text' in calendar ? calendar.text : await ports.readText(calendar.file, MAX_CALENDAR * 4);
      return scheduleAhead(text, instant(ports.now()));
    },
    'release.show': async ({ release, policyFile }, { signal }) => {
      const { acts, rules, inForce, at } = await situationOf(ports, release, policyFile, signal);
      const { plan, disputed, standing, steps, deployments } = releaseView(acts, release, rules, inForce.policy, at);
      return {
        release, at, disputed: [...disputed], unratified: unratifiedIn(verbalOf(ofRelease(acts, release), rules, at, { byLeaf: byLeafOf(acts) })),
        beside: disputed.length === 0 ? [] : standingPlans(acts, release, rules.planners).map(({ act, record, signer }) => ({ record: act.id, by: signer.name, at: record.planned_at, digest: record.plan_digest, plan: record.plan })),
        may: { plan: [...rules.planners], end: endersOf(rules.planners), withdraw: [...inForce.policy.parameters.withdrawal_roles.value], leaveOutTypes: [...inForce.policy.parameters.fewer_types_roles.value] },
        plan: plan === null ? null : { record: plan.record, by: plan.signer.name, at: plan.at, digest: plan.digest, plan: plan.plan, schedule: plan.schedule },
        standing: { state: standing.state, by: standing.said?.by ?? null, at: standing.said?.at ?? null, reason: standing.said?.reason ?? null, record: standing.said?.record ?? null, supersededBy: standing.said?.supersededBy ?? null },
        steps: steps.map((step) => ({ ...step, blocks: step.blocks.map((one) => ({ ...one })) })), deployments: deployments.map((one) => deploymentShown(one, rules, at)),
      };
    },
    'release.act': async (input, { signal }) => {
      const speaker = await speakerWith(ports, input.key, signal, input.passphrase);
      const situation = await situationOf(ports, input.release, null, signal);
      assertActFits(situation, speaker, input);
      const { stops } = standingOfRelease(situation.acts, input.release, situation.rules.planners);
      const record: ReleaseActRecord = {
        event_type: 'release_act', release_version: input.release, act: input.act, decided_by: speaker.person.id, at: speaker.at, reason: input.reason, step: input.act === 'advance' ? input.step : null,
        superseded_by: input.act === 'supersede' ? input.supersededBy : null, roster_digest: speaker.roster.digest,
      };
      const { id } = await appendSigned(ports, speaker, { ...record }, uniqueRefs([...(await ports.seen()), ...(input.act === 'resume' ? stops.map((act: Act) => refTo('resumes', act)) : [])]));
      return { record: id, person: speaker.person.name, fingerprint: speaker.fingerprint };
    },
    'release.timeline': async ({ release, out }, { signal }) => {
      const { at, roster, acts, rules } = await situationOf(ports, null, null, signal);
      const events = timelineOfRelease(await ports.readActs({ release, types: null }, roster, at));
      // What leaves the console wears it as well (FORMATS §7).
      const unratified = unratifiedIn(verbalOf(ofRelease(acts, release), rules, at, { byLeaf: byLeafOf(acts) }));
      const markdown = timelineMarkdown(release, events, unratified === null ? null : { ...unratified, at });
      const written = out == null ? null : (await ports.writeText(out.file, out.as === 'json' ? `${JSON.stringify({ release, ...(unratified === null ? {} : { unratified: { ...unratified, at } }), events }, null, 2)}\n` : markdown)).path;
      return { release, written, events, markdown };
    },
  };
}

/** Who may stop for good, or take up again, what those who plan lead; nobody where the policy gives nobody authority. */
function endersOf(planners: readonly string[]): string[] {
  return planners.length === 0 ? [] : [...new Set([...planners, 'cto'])];
}

/** What may be done to a release now, and by whom; what could not count is refused before anybody is asked for a PIN. */
function assertActFits({ acts, rules, inForce, at }: Situation, speaker: Speaker, { release, act, reason, step, supersededBy }: Parsed<'release.act'>): void {
  const { state } = standingOfRelease(acts, release, rules.planners);
  if (state === 'abandoned' || state === 'superseded') throw refused(`${release} was ${state}, which is for good.`, 'Plan another version.');
  if (act !== 'advance' && reason === '') throw new AppError('bad-input', 'It says why.', { hint: 'Give the reason, so that others can judge it.' });
  if (act !== 'suspend') assertRole(speaker, act === 'advance' ? rules.planners : endersOf(rules.planners), act === 'advance' ? 'hand a release on' : `${act} a release`);
  if (act === 'resume' && state !== 'suspended') throw refused(`${release} is not suspended.`, 'countersign release show says where it stands.');
  if (act === 'supersede' && (supersededBy === null || supersededBy === release)) throw new AppError('bad-input', 'A release is superseded by another version.', { hint: 'Name it with --by.' });
  if (act !== 'advance') return;
  if (step === null) throw new AppError('bad-input', 'It says to which step.', { hint: 'Name it with --to.' });
  if (state === 'suspended') throw refused(`${release} is suspended.`, 'Resume it first.');
  const open = releaseView(acts, release, rules, inForce.policy, at).steps.slice(0, step - 1).find((one) => one.state !== 'done');
  if (open !== undefined) {
    throw refused(`Step ${open.number}, ${open.title.toLowerCase()}, is not done: ${open.blocks.slice(0, 3).map(({ what }) => what).join('; ')}${open.blocks.length > 3 ? ' …' : ''}.`, `It waits for ${[...new Set(open.blocks.map(({ who }) => who))].slice(0, 3).join('; ')}.`);
  }
}

async function planOf(ports: WorkflowPorts, { release, from, plan, repo, since, calendar, method, rollbackPlan, previous, securityImpact }: Parsed<'release.plan'>): Promise<ReleasePlan> {
  if (plan != null && from !== null) throw new AppError('bad-input', 'A plan is given twice: as it stands, and as a file.', { hint: 'Give one of them.' });
  const draft = plan != null ? plan : from !== null ? readPlan(await ports.readText(from, MAX_PLAN), from) : repo === null ? null : await proposedFrom(ports, release, repo, since, rollbackPlan);
  if (draft === null) throw new AppError('bad-input', 'There is neither a plan nor a repository to propose one from.', { hint: 'Give --from FILE, or --repo FOLDER.' });
  if (draft.release !== release) throw new AppError('bad-input', `${from ?? 'This'} is the plan of ${draft.release}, not of ${release}.`);
  const text = calendar === null ? (plan?.calendar ?? null) : await ports.readText(calendar, MAX_CALENDAR * 4);
  if (text !== null) scheduleAt(text, instant(ports.now()));
  return {
    ...draft, calendar: text, ...(method === null ? {} : { method }), ...(rollbackPlan === null ? {} : { rollback_plan: rollbackPlan }),
    ...(previous === null ? {} : { previous }), ...(securityImpact === null ? {} : { security_impact: securityImpact }),
  };
}

async function proposedFrom(ports: WorkflowPorts, release: string, repo: string, since: string | null, rollbackPlan: string | null): Promise<PlanDraft> {
  if (rollbackPlan === null || rollbackPlan === '') throw new AppError('bad-input', 'A plan says how it is rolled back (policy §2, step 1).', { hint: 'Give it with --rollback WORDS, or in the plan with --from FILE.' });
  const { previous, commits } = await rangeOf(ports, release, repo, since);
  return { ...proposed(release, previous, proposeScope(commits).scope), rollback_plan: rollbackPlan };
}

function proposed(release: string, previous: string | null, scope: PlanDraft['scope']): PlanDraft {
  return { release, previous, scope, timeline: [], method: 'blue-green', rollback_plan: previous === null ? 'Take it out of service; there is no release before it.' : `Blue-green deployment, instant rollback to ${previous} if issues detected`, security_impact: '' };
}

async function rangeOf(ports: WorkflowPorts, release: string, repo: string, since: string | null): Promise<{ readonly previous: string | null; readonly commits: readonly Commit[] }> {
  const repository = await ports.openRepository(repo);
  const { tags } = await repository.inspect();
  const commit = await releaseCommit(repository, release);
  const last = await lastRelease(repository, { version: release, since }, tags, commit);
  const { commits } = await repository.history(commit, last?.commit ?? null);
  return { previous: last !== null && tags.some(({ name }) => name === last.name) ? last.name : null, commits };
}
