import type { CallContext } from '../contract/serve.ts';
import type { Output, Parsed } from '../contract/types.ts';
import { ApprovalRecord } from '../model/approval.ts';
import { SigningRecord, type Entry, type EntryRef, type GenesisRecord } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import { DeploymentStageRecord } from '../model/records/deployment.ts';
import { EmergencyPatchRecord } from '../model/records/emergency.ts';
import { evidenceLimits } from '../policy/load-policy.ts';
import { actsOf, byLeafOf, ofForm, ofRelease, provedBy, refTo, type Act } from '../workflow/acts.ts';
import type { JudgedRelease } from '../workflow/assess-release.ts';
import { sha256Of } from '../workflow/canonical.ts';
import { authorityOf, type AuthorityLine } from '../workflow/deployment-authority.ts';
import { ReleaseActRecord } from '../model/plan.ts';
import { deploymentsOf } from '../workflow/deployments.ts';
import { planInForce } from '../workflow/plan.ts';
import { verbalOf } from '../workflow/verbal.ts';
import { artifactsOf, configurationDifferences, targetFaults, targetLines, type TargetLine } from '../workflow/target.ts';
import { checklistRunRecord } from './checklist-record.ts';
import type { DeploymentPorts } from './deployment-ports.ts';
import { instant } from './release-handlers.ts';
import { doerOf, recordBy, refused, situationOf, uniqueRefs, type DoerNamed, type Situation } from './workflow-ports.ts';

type Start = Parsed<'deployment.start'>;
type Asked = Omit<Start, 'unauthorised'>;
const MAX_CONFIGURATION = 1024 * 1024;

/**
 * Begins a deployment: the target is verified, production's gate is judged at this very moment, and what it rests on is
 * pointed at. Without authority it is refused, unless somebody says why it is deployed all the same: then it is recorded
 * as what it is, and asks the CTO for a finding (FORMATS §4).
 */
export async function startDeployment(ports: DeploymentPorts, input: Start, context: CallContext): Promise<{ readonly start: string; readonly faults: string[] }> {
  const { draft, environment, unauthorised } = input;
  const who = await doerOf(ports, input.doer, context.signal);
  const judged = await ports.assess(draft, instant(ports.now()), context);
  const isProduction = environment === 'production';
  const run = isProduction ? (await (await ports.archive()).appendRecords([checklistRunRecord(judged, ports.version)]))[0]?.id ?? null : null;
  const situation = await situationOf(ports, draft.version, draft.policyFile, context.signal);
  const { record, refs, lines, faults } = await weigh(ports, input, who, judged, situation, run, context);
  if (faults.length > 0 && unauthorised === null) throw refusedBecause(environment, faults, lines.flatMap(({ id, good: isGood, who: mends }) => (isGood || mends === null ? [] : [`${id}: ${mends}`])));
  if (unauthorised === '') throw new AppError('bad-input', 'It says why it is deployed without authority.', { hint: 'Give the reason with --unauthorised.' });
  const authority = !isProduction ? 'not-needed' : faults.length === 0 ? 'authorised' : 'unauthorised';
  const { id } = await recordBy(ports, who, { ...record, authority, faults: faults.map((fault) => fault.slice(0, 1_000)).slice(0, 50), ...(unauthorised === null ? {} : { reason: unauthorised }) }, refs);
  return { start: id, faults };
}

/** The same without beginning it: what lies on the target, and what authority it would have now. Nothing is recorded. */
export async function checkDeployment(ports: DeploymentPorts, input: Asked, context: CallContext): Promise<Output<'deployment.check'>> {
  const who = await doerOf(ports, input.doer, context.signal);
  const judged = await ports.assess(input.draft, instant(ports.now()), context);
  const situation = await situationOf(ports, input.draft.version, input.draft.policyFile, context.signal);
  const { origin } = await ports.archive();
  const [run] = actsOf([{ id: 'run', leaf: 'run', by: [], forked: false, entry: entryOf({ ...checklistRunRecord(judged, ports.version) }, [], origin, situation.at) }]);
  const { record, target, lines, faults } = await weigh(ports, input, who, judged, { ...situation, acts: [...situation.acts, ...(run === undefined ? [] : [run])] }, 'run', context);
  return { environment: input.environment, method: record.method, target: target.map((line) => ({ ...line })), lines: lines.map((line) => ({ ...line })), differences: record.configuration == null ? null : [...record.configuration.differences], faults };
}

interface Weighed {
  readonly record: DeploymentStageRecord;
  readonly refs: readonly EntryRef[];
  readonly target: readonly TargetLine[];
  readonly lines: readonly AuthorityLine[];
  readonly faults: string[];
}

async function weigh(ports: DeploymentPorts, input: Asked, who: DoerNamed, judged: JudgedRelease, situation: Situation, run: string | null, context: CallContext): Promise<Weighed> {
  const isProduction = input.environment === 'production';
  const listed = await ports.readTarget(input.target, evidenceLimits(situation.inForce.policy), context);
  const target = targetLines(listed, signedIn(situation.acts), judged.artifacts);
  const record = await recordOf(ports, input, who, judged, situation, listed);
  const refs = refsOf(record, situation, isProduction ? run : null);
  const lines = isProduction ? authorityOf(...draftOf(record, refs, who, situation, (await ports.archive()).origin)) : [];
  const differences = isProduction ? [] : (record.configuration?.differences ?? []);
  return { record, refs, target, lines, faults: [...targetFaults(target), ...lines.flatMap((line) => (line.good ? [] : [line.words])), ...differences.map((difference) => `the target is configured otherwise: ${difference}`)] };
}

async function recordOf(ports: DeploymentPorts, { draft, environment, method, configuration }: Asked, who: DoerNamed, judged: JudgedRelease, { acts, rules, inForce, at }: Situation, target: ReadonlyMap<string, string>): Promise<DeploymentStageRecord> {
  const { plan } = planInForce(acts, draft.version, rules.planners, at);
  const chosen = method ?? plan?.plan.method ?? 'direct';
  const everywhere = environment === 'production' && chosen === 'canary' ? (rules.canary[0]?.percent ?? 100) : 100;
  return {
    event_type: 'deployment_stage', release_version: draft.version, deployment_id: await freshId(ports, at), environment, method: environment === 'production' ? chosen : 'direct', act: 'start', at, decided_by: who.id,
    percent: everywhere, release_commit: judged.range.commit, release_artifacts_sha256: Object.fromEntries(artifactsOf(target)), subject_digest: judged.report.subjectDigest, plan_digest: judged.planDigest, gate_report_digest: judged.report.digest,
    changes: judged.range.total, median_change_at: medianOf(judged.range.commits.map(({ time }) => time)),
    emergency: emergencies(acts, draft.version, rules.declarers).length > 0, configuration: configuration === null ? null : await compared(ports, configuration, inForce.policy.parameters.environment_configuration.value.find((one) => one.environment === environment)?.settings ?? {}),
  };
}

function medianOf(times: readonly string[]): string | null {
  return [...times].sort((a, b) => Date.parse(a) - Date.parse(b))[Math.floor((times.length - 1) / 2)] ?? null;
}

async function compared(ports: DeploymentPorts, file: string, expected: Readonly<Record<string, string>>): Promise<NonNullable<DeploymentStageRecord['configuration']>> {
  const text = await ports.readText(file, MAX_CONFIGURATION);
  return { file_sha256: sha256Of(text), differences: configurationDifferences(text, file, expected).slice(0, 100) };
}

/** As policy §11.2 counts them: the day, and which of the day it is, as far as this console knows. */
async function freshId(ports: DeploymentPorts, at: string): Promise<string> {
  const { acts } = await situationOf(ports, null, null, new AbortController().signal);
  const day = at.slice(0, 10).replaceAll('-', '');
  const taken = new Set(ofForm(acts, DeploymentStageRecord).map(({ record }) => record.deployment_id));
  for (let number = 1; ; number += 1) {
    const id = `deploy-${day}-${String(number).padStart(3, '0')}`;
    if (!taken.has(id)) return id;
  }
}

function signedIn(acts: readonly Act[]): ReadonlyMap<string, string> {
  return new Map(signings(acts).flatMap(({ record }) => Object.entries(record.release_artifacts_sha256)));
}

/** The oldest first, so that what was signed last counts. */
function signings(acts: readonly Act[]): { readonly act: Act; readonly record: SigningRecord }[] {
  return ofForm(acts, SigningRecord).filter(({ act, record }) => act.aside === null && record['container_image'] === undefined).sort((a, b) => Date.parse(a.act.entry.time) - Date.parse(b.act.entry.time) || (a.act.entry.seq - b.act.entry.seq));
}

function emergencies(acts: readonly Act[], release: string, declarers: readonly string[]): Act[] {
  return ofForm(acts, EmergencyPatchRecord).flatMap(({ act, record }) => {
    const signer = provedBy(act, record.declared_by);
    return (record.act === 'declare' || record.act === 'release') && record.release_version === release && signer !== null && declarers.some((role) => signer.roles.has(role)) ? [act] : [];
  });
}

/** What a deployment rests on: plan, run, approvals, staging, signings, stops that were taken back, emergency. */
function refsOf(record: DeploymentStageRecord, { acts, rules, at }: Situation, run: string | null): EntryRef[] {
  const { plan } = planInForce(acts, record.release_version, rules.planners, at);
  const named = (id: string | null, rel: string): EntryRef[] => acts.filter((act) => act.id === id).map((act) => refTo(rel, act));
  const approvals = ofForm(acts, ApprovalRecord).filter(({ act, record: said }) => said.event_type === 'approval' && act.by.length > 0 && said.statement.predicate.subjectDigest === record.subject_digest);
  const staged = deploymentsOf(acts, rules, at).filter(({ record: one, finish, aside }) => one.environment === 'staging' && aside === null && finish !== null && one.release_commit === record.release_commit).at(-1);
  const spoken = verbalOf(ofRelease(acts, record.release_version), rules, at, { byLeaf: byLeafOf(acts) }).filter(({ opens, record: said }) => opens && said.subject_digest === record.subject_digest);
  const unsigned = ofForm(acts, EmergencyPatchRecord).filter(({ act, record: said }) => said.act === 'deviation' && said.deviation === 'unsigned' && said.release_version === record.release_version && act.by.length > 0);
  const resumed = ofForm(acts, ReleaseActRecord).filter(({ record: said }) => said.act === 'resume');
  if (record.environment !== 'production') return signings(acts).map(({ act }) => refTo('deploys', act)).slice(-50);
  return uniqueRefs([
    ...named(plan?.record ?? null, 'planned-by'), ...named(run, 'judged-by'), ...approvals.map(({ act }) => refTo('approved-by', act)).slice(0, 50),
    ...(staged?.finish == null ? [] : [refTo('staged-by', staged.finish.act)]), ...signings(acts).map(({ act }) => refTo('deploys', act)).slice(-50),
    ...spoken.map(({ act }) => refTo('approved-by', act)).slice(0, 50), ...unsigned.map(({ act }) => refTo('deviates-by', act)).slice(0, 10),
    ...resumed.map(({ act }) => refTo('allowed-by', act)).slice(0, 50), ...emergencies(acts, record.release_version, rules.declarers).map((act) => refTo('declared-by', act)).slice(0, 10),
  ]);
}

/** The beginning as it would stand in the log, to be judged before it does; all that this console holds could be known. */
function draftOf(record: DeploymentStageRecord, refs: readonly EntryRef[], { speaker }: DoerNamed, { acts, rules, at }: Situation, origin: string): Parameters<typeof authorityOf> {
  const by = speaker === null ? [] : [{ id: speaker.person.id, name: speaker.person.name, emails: speaker.person.emails, roles: speaker.roles }];
  const [draft] = actsOf([{ id: 'draft', entry: entryOf({ ...record }, refs, origin, at), leaf: 'draft', by, forked: false }]);
  if (draft === undefined) throw new TypeError('a draft is an act');
  return [draft, [...acts, draft], rules, () => true];
}

function entryOf(record: GenesisRecord, refs: readonly EntryRef[], origin: string, time: string): Entry {
  return { v: 1, origin, seq: Number.MAX_SAFE_INTEGER, time, boot: 'draft', record, refs: [...refs], attachments: [], signatures: [] };
}

function refusedBecause(environment: string, faults: readonly string[], who: readonly string[]): AppError {
  return refused(
    `Nothing is deployed to ${environment}: ${faults.slice(0, 12).join(' ')}`,
    `${who.length === 0 ? 'Mend what is said.' : `${who.slice(0, 6).join('; ')}.`} What has been deployed all the same is recorded with --unauthorised REASON.`,
  );
}
