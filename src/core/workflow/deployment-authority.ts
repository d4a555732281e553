import type { Signer } from '../checks/check.ts';
import { ApprovalRecord } from '../model/approval.ts';
import { ChecklistRunRecord, SigningRecord } from '../model/archive.ts';
import { ReleaseActRecord } from '../model/plan.ts';
import { DeploymentStageRecord } from '../model/records/deployment.ts';
import { EmergencyPatchRecord } from '../model/records/emergency.ts';
import { byLeafOf, ofForm, pointedAt, provedBy, type Act, type Read } from './acts.ts';
import type { DeploymentRules } from './deployment-rules.ts';
import { provedPlans, standingOfRelease, standingPlans, type ProvedPlan } from './plan.ts';
import { deploysAlone, samePerson } from '../roster/differ.ts';
import { releaseTypes } from './release-types.ts';
import { scheduleAt } from './schedule.ts';
import { verbalOf } from './verbal.ts';

/** One thing that a production deployment needs, and whether it is there. */
export interface AuthorityLine {
  readonly id: 'deployer' | 'standing' | 'plan' | 'gate' | 'approvals' | 'not-alone' | 'window' | 'staging' | 'artifacts' | 'configuration' | 'clock';
  readonly good: boolean;
  readonly words: string;
  /** Who can mend it; null where it is good. */
  readonly who: string | null;
}

/** The beginning of a production deployment, with everything that is in the archive about its release. */
interface Started {
  readonly start: Act;
  readonly record: DeploymentStageRecord;
  readonly acts: readonly Act[];
  readonly byLeaf: ReadonlyMap<string, Act>;
  readonly rules: DeploymentRules;
  readonly known: (act: Act) => boolean;
}

const CLOCKS_APART = 5 * 60_000;
/** The gate is looked at when it is deployed, not the day before. */
const GATE_LASTS = 15 * 60_000;

/**
 * Whether a production deployment had authority when it began (policy §2, step 5; FORMATS §4, §5). It is worked out of
 * the archive alone, whatever the record says of itself, and of what the record points at: a pointer is by the digest of
 * an entry, so what it names was there before, on whatever day any clock was. What only closes (a rejection, a stop,
 * another plan) counts wherever it could have been known. `acts` are those of its release; `byLeaf` finds what is pointed at,
 * of whichever release.
 */
export function authorityOf(start: Act, acts: readonly Act[], rules: DeploymentRules, known = (act: Act): boolean => couldBeKnown(act, start), byLeaf = byLeafOf(acts)): AuthorityLine[] {
  const parsed = DeploymentStageRecord.safeParse(start.entry.record);
  if (!parsed.success || parsed.data.act !== 'start') return [bad('gate', 'It is no beginning of a deployment.', null)];
  const started: Started = { start, record: parsed.data, acts, byLeaf, rules, known };
  const deployer = provedBy(start, parsed.data.decided_by);
  const plan = planOf(started);
  const emergency = emergencyOf(started);
  const approvals = [...approvalsOf(started), ...(emergency === null ? [] : spokenApprovalsOf(started))];
  return [
    deployerLine(started, deployer), standingLine(started), planLine(started, plan, emergency), gateLine(started), approvalsLine(started, plan, emergency, approvals), aloneLine(deployer, approvals),
    windowLine(started, plan, emergency), stagingLine(started, emergency), artifactsLine(started, approvals), configurationLine(started), clockLine(started),
  ];
}

export function isAuthorised(lines: readonly AuthorityLine[]): boolean {
  return lines.every((line) => line.good);
}

function deployerLine({ start, record, rules }: Started, deployer: Signer | null): AuthorityLine {
  if (start.aside !== null) return bad('deployer', start.aside === 'imported' ? 'It was imported, so nothing proves who deployed.' : 'It is of a log whose history was rewritten.', 'nobody');
  if (deployer === null) return bad('deployer', `Nothing proves that ${record.decided_by} deployed: their signature is not on it.`, `${rules.deployers.join(' or ')}, by deploying with --key`);
  if (!rules.deployers.some((role) => deployer.roles.has(role))) return bad('deployer', `${deployer.name} is not ${rules.deployers.join(' or ')} in the roster in force.`, rules.deployers.join(' or '));
  return good('deployer', `${deployer.name} deploys, by their own signature.`);
}

/** A stop that could have been known counts; that it was taken back counts only where the deployment points at it. */
function standingLine({ start, record, acts, byLeaf, rules, known: isKnown }: Started): AuthorityLine {
  const allowed = new Set(pointedAt(start, 'allowed-by', byLeaf).map(({ leaf }) => leaf));
  const known = ofForm(acts, ReleaseActRecord).filter(({ act, record: said }) => (said.act === 'resume' ? allowed.has(act.leaf) : isKnown(act))).map(({ act }) => act);
  const { state, said } = standingOfRelease(known, record.release_version, rules.planners);
  const withdrawn = acts.find((act) => act.entry.record.event_type === 'withdrawal' && act.entry.record['release_version'] === record.release_version && act.by.length > 0 && isKnown(act));
  if (withdrawn !== undefined) return bad('standing', `The release was withdrawn (${withdrawn.id}).`, 'nobody: plan another release');
  if (state === 'running') return good('standing', 'The release goes on.');
  return bad('standing', `The release was ${state} by ${said?.by ?? 'somebody'}: ${said?.reason ?? ''} (${said?.record ?? ''}).`, state === 'suspended' ? `${rules.planners.join(' or ')} or cto, by resuming it` : 'nobody');
}

/** The plan that the deployment points at, if no other could have been known that stands beside it or replaced it. */
function planOf({ start, record, acts, byLeaf, rules, known: isKnown }: Started): ProvedPlan | null {
  const named = provedPlans(pointedAt(start, 'planned-by', byLeaf), record.release_version, rules.planners).find((plan) => plan.record.plan_digest === record.plan_digest);
  if (named === undefined) return null;
  const known = acts.filter((act) => act.identity === named.act.identity || isKnown(act));
  const standing = standingPlans(known, record.release_version, rules.planners);
  return standing.length === 1 && standing[0]?.record.plan_digest === named.record.plan_digest ? named : null;
}

function planLine({ record, rules }: Started, plan: ProvedPlan | null, emergency: Act | null): AuthorityLine {
  if (emergency !== null && plan === null && record.plan_digest == null) return good('plan', 'An emergency patch is deployed without a plan (§10.2).');
  if (plan !== null) return good('plan', `Planned by ${plan.signer.name} (${plan.act.id}).`);
  return bad('plan', record.plan_digest == null ? 'Nothing is planned.' : 'The plan that it goes by does not rule: it was replaced, another stands beside it, or nobody who may plan signed it.', `${rules.planners.join(' or ')}: countersign release plan`);
}

function gateLine({ start, record, byLeaf }: Started): AuthorityLine {
  const runs = pointedAt(start, 'judged-by', byLeaf).flatMap((act) => {
    const run = ChecklistRunRecord.safeParse(act.entry.record);
    return run.success && act.aside === null && act.entry.origin === start.entry.origin ? [run.data] : [];
  });
  const of = runs.filter((run) => run.report_digest === record.gate_report_digest && run.subject_digest === record.subject_digest && run.release_version === record.release_version && run.release_commit === record.release_commit);
  const [run] = of.filter(({ run_at }) => Math.abs(Date.parse(record.at) - Date.parse(run_at)) <= GATE_LASTS);
  if (run === undefined) return bad('gate', 'No run of the checklist of that moment is there, of exactly this release.', 'whoever deploys: countersign deploy start judges it');
  if (run.gate !== 'open' || run.authority !== 'proved') return bad('gate', `The gate was ${run.gate}, with authority ${run.authority}.`, 'countersign check says who, line by line');
  return good('gate', `The gate was open at ${run.run_at} (report ${run.report_digest.slice(0, 12)}).`);
}

interface CountedApproval {
  readonly signer: Signer;
  readonly role: string;
  readonly digests: ReadonlySet<string>;
  readonly act: Act;
}

/** Approvals that the deployment points at, of exactly its subject and plan, by people who have the role (FORMATS §6). */
function approvalsOf({ start, record, byLeaf }: Started): CountedApproval[] {
  return ofForm(pointedAt(start, 'approved-by', byLeaf), ApprovalRecord).flatMap(({ act, record: { approver, approver_role, release_version, statement: { predicate, subject } } }) => {
    const signer = provedBy(act, approver);
    const counts = signer !== null && signer.roles.has(approver_role) && predicate.decision === 'approve' && release_version === record.release_version
      && predicate.subjectDigest === record.subject_digest && predicate.planDigest === (record.plan_digest ?? null);
    return counts ? [{ signer, role: approver_role, digests: new Set(subject.map(({ digest }) => digest.sha256)), act }] : [];
  });
}

/**
 * Approvals by word that the deployment points at (FORMATS §7). What was said of them later counts too: a dispute, or that no
 * emergency was there, makes what was deployed unauthorised.
 */
function spokenApprovalsOf({ start, record, acts, byLeaf, rules, known }: Started): CountedApproval[] {
  const named = new Set(pointedAt(start, 'approved-by', byLeaf).map(({ leaf }) => leaf));
  // That a code was told elsewhere too counts by what this log had seen alone: anybody can write an earlier time into a log of their own.
  const seen = (act: Act): boolean => known(act) && wasSeen(act, start);
  return verbalOf(acts, rules, record.at, { byLeaf, known: seen }).flatMap(({ act, opens, approver, record: said, request }) =>
    opens && approver !== null && named.has(act.leaf) && said.release_version === record.release_version && said.subject_digest === record.subject_digest
      ? [{ signer: approver, role: said.approver_role, digests: new Set(Object.values(request?.record.release_artifacts_sha256 ?? {})), act }]
      : []);
}

function approvalsLine(started: Started, plan: ProvedPlan | null, emergency: Act | null, approvals: readonly CountedApproval[]): AuthorityLine {
  const { start, record, acts, rules, byLeaf, known } = started;
  const rejection = ofForm(acts, ApprovalRecord).find(({ act, record: said }) => {
    const signer = provedBy(act, said.approver);
    return said.event_type === 'rejection' && signer?.roles.has(said.approver_role) === true && said.statement.predicate.subjectDigest === record.subject_digest && known(act);
  });
  if (rejection !== undefined) return bad('approvals', `${rejection.record.approver} rejected it: ${rejection.record.statement.predicate.reason} (${rejection.act.id}).`, 'whoever mends what the rejection names');
  const runs = ofForm(pointedAt(start, 'judged-by', byLeaf), ChecklistRunRecord);
  const declared: readonly string[] = runs.flatMap(({ record: run }) => run.release_types ?? []);
  const types = releaseTypes({ version: record.release_version, since: plan?.record.plan.previous ?? null, declared: [], securityMarks: plan?.record.plan.scope.security ?? [] }).effective;
  const isAsked = (type: 'major' | 'security', line: string): boolean => types.includes(type) || declared.includes(type) || runs.some(({ record: { verdicts } }) => verdicts[line] !== undefined && verdicts[line] !== 'not-applicable');
  // §10.2, step 4: an emergency patch is approved by both.
  const asked = [...(emergency !== null || isAsked('major', 'cto-approval') ? [rules.approvers.major] : []), ...(emergency !== null || isAsked('security', 'ciso-approval') ? [rules.approvers.security] : [])];
  const absent = asked.filter((roles) => !approvals.some(({ role }) => roles.includes(role)));
  if (absent.length > 0) return bad('approvals', `No approval of exactly this release by ${absent.map((roles) => roles.join(' or ')).join(', nor by ')}.`, `${absent.map((roles) => roles.join(' or ')).join(' and ')}: countersign approve`);
  // Where two approvals are asked they are of two people (FORMATS §5).
  if (asked.length > 1 && approvals.every(({ signer }) => approvals.every((other) => samePerson(signer, other.signer)))) return bad('approvals', 'Both approvals are of one person.', 'another person with one of the roles: countersign approve');
  return good('approvals', asked.length === 0 ? 'No approval is asked of a release of this type.' : `Approved by ${approvals.map(({ signer, role }) => `${signer.name} as ${role}`).join(', ')}.`);
}

/** Deployer and only approver are different people (FORMATS §5). */
function aloneLine(deployer: Signer | null, approvals: readonly CountedApproval[]): AuthorityLine {
  if (deployer === null || deploysAlone(deployer, approvals.map(({ signer }) => signer)) === null) return good('not-alone', 'Who deploys is not the only one who approved.');
  return bad('not-alone', `${deployer.name} deploys, and is the only one who approved.`, 'somebody else, by deploying or by approving');
}

/** The declaration names the version that mends it, or somebody who may declare names it later, of an emergency that was declared (policy §10.2, step 5). */
function emergencyOf({ start, record, byLeaf, rules }: Started): Act | null {
  const mayDeclare = (one: Read<typeof EmergencyPatchRecord>): boolean => isDeclarers(one, rules);
  const isDeclared = ({ act, record: said }: Read<typeof EmergencyPatchRecord>): boolean =>
    ofForm(pointedAt(act, 'of-emergency', byLeaf), EmergencyPatchRecord).some((one) => one.record.act === 'declare' && one.record.emergency_id === said.emergency_id && mayDeclare(one));
  const named = ofForm(pointedAt(start, 'declared-by', byLeaf), EmergencyPatchRecord).find((one) =>
    one.record.release_version === record.release_version && mayDeclare(one) && (one.record.act === 'declare' || (one.record.act === 'release' && isDeclared(one))));
  return named?.act ?? null;
}

function isDeclarers({ act, record }: Read<typeof EmergencyPatchRecord>, { declarers }: DeploymentRules): boolean {
  const signer = provedBy(act, record.declared_by);
  return signer !== null && declarers.some((role) => signer.roles.has(role));
}

function windowLine({ record, rules }: Started, plan: ProvedPlan | null, emergency: Act | null): AuthorityLine {
  if (emergency !== null) return good('window', `An emergency was declared (${emergency.id}), which is deployed at once.`);
  const who = `${rules.planners.join(' or ')} by planning it anew, or ${rules.declarers.join(' or ')} by declaring an emergency`;
  const calendar = plan?.record.plan.calendar ?? null;
  if (calendar === null) return bad('window', 'The plan has no calendar of maintenance windows.', who);
  try {
    const { open, reason } = scheduleAt(calendar, record.at);
    return open ? good('window', reason) : bad('window', reason, who);
  } catch (cause) {
    return bad('window', `The plan’s calendar cannot be read: ${cause instanceof Error ? cause.message : ''}`, who);
  }
}

/** Staging before production (policy §2, step 4): the same artifacts, finished there, with smoke and regression tests that passed. */
function stagingLine({ start, record, byLeaf }: Started, emergency: Act | null): AuthorityLine {
  if (emergency !== null) return good('staging', 'An emergency patch is tested in development and by QA in place of staging (§10.2, steps 2 and 3); the gate asks for both.');
  const finished = ofForm(pointedAt(start, 'staged-by', byLeaf), DeploymentStageRecord).some(({ act, record: end }) => {
    const begun = ofForm(pointedAt(act, 'continues', byLeaf), DeploymentStageRecord).find(({ record: begin }) => begin.act === 'start');
    return act.aside === null && end.act === 'finish' && end.environment === 'staging' && end.release_version === record.release_version && didPass(end.smoke) && didPass(end.regression)
      && begun?.act.aside === null && begun.record.environment === 'staging' && begun.record.release_commit === record.release_commit && sameArtifacts(begun.record, record);
  });
  return finished ? good('staging', 'The same artifacts were deployed to staging, and smoke and regression tests passed there.') : bad('staging', 'No finished staging deployment of the same artifacts, with smoke and regression tests that passed, is there.', 'devops: countersign deploy start --environment staging');
}

function artifactsLine({ start, record, byLeaf, rules }: Started, approvals: readonly CountedApproval[]): AuthorityLine {
  const artifacts = Object.entries(record.release_artifacts_sha256 ?? {});
  if (artifacts.length === 0) return bad('artifacts', 'It names no artifact.', 'whoever deploys, by naming the target’s list');
  const signed = new Map(ofForm(pointedAt(start, 'deploys', byLeaf), SigningRecord).filter(({ act, record: { release_version } }) => act.aside === null && release_version === record.release_version).flatMap(({ record: { release_artifacts_sha256 } }) => Object.entries(release_artifacts_sha256)));
  const unsigned = ofForm(pointedAt(start, 'deviates-by', byLeaf), EmergencyPatchRecord).find((one) => one.record.deviation === 'unsigned' && one.record.release_version === record.release_version && isDeclarers(one, rules));
  const other = unsigned === undefined ? artifacts.filter(([name, sha256]) => signed.get(name) !== sha256).map(([name]) => name) : [];
  if (other.length > 0) return bad('artifacts', `Not what was signed for this release: ${other.slice(0, 5).join(', ')}.`, 'release-manager: countersign sign, or deploy what was signed');
  const unapproved = artifacts.filter(([, sha256]) => !approvals.every(({ digests }) => digests.has(sha256))).map(([name]) => name);
  if (unapproved.length > 0) return bad('artifacts', `Not what was approved: ${unapproved.slice(0, 5).join(', ')}.`, 'the approvers: countersign approve');
  if (unsigned !== undefined) return good('artifacts', `Deployed unsigned, as ${unsigned.act.id} records; the signature is owed.`);
  return good('artifacts', `${artifacts.length} ${artifacts.length === 1 ? 'artifact is' : 'artifacts are'} what was signed.`);
}

/** §8.2: what the target is configured with is what the policy says of its environment; where no file was given nothing was compared. */
function configurationLine({ record: { configuration } }: Started): AuthorityLine {
  if (configuration == null) return good('configuration', 'The configuration of the target was not compared.');
  const { differences } = configuration;
  return differences.length === 0 ? good('configuration', 'The target is configured as the policy says.') : bad('configuration', `The target is configured otherwise: ${differences.slice(0, 5).join('; ')}.`, 'devops, by configuring it');
}

/** A clock that says a time before what is pointed at was set back, and says nothing of a window (FORMATS §4). */
function clockLine({ start, record, byLeaf }: Started): AuthorityLine {
  const now = Date.parse(record.at);
  if (Math.abs(Date.parse(start.entry.time) - now) > CLOCKS_APART) return bad('clock', `It says ${record.at} and was written at ${start.entry.time}.`, 'whoever deploys');
  const newest = Math.max(...start.entry.refs.map(({ leaf }) => Date.parse(byLeaf.get(leaf)?.entry.time ?? '1970-01-01T00:00:00Z')), 0);
  return newest - now > CLOCKS_APART ? bad('clock', `It says ${record.at}, and rests on what was written at ${new Date(newest).toISOString()}: a clock was wrong.`, 'whoever deploys, by setting the clock right') : good('clock', `It began at ${record.at}.`);
}

/** Whether who began this could have known of an act: it is earlier in the same log, in what the log had seen, or earlier by its own word. */
export function couldBeKnown(act: Act, start: Act): boolean {
  if (act.entry.origin === start.entry.origin) return wasSeen(act, start);
  return wasSeen(act, start) || Date.parse(act.entry.time) <= Date.parse(start.entry.time) || Date.parse(act.entry.time) <= Date.parse(String(start.entry.record['at']));
}

/** By the order of logs alone. */
function wasSeen({ entry: { origin, seq } }: Act, { entry }: Act): boolean {
  return origin === entry.origin ? seq < entry.seq : entry.refs.some((ref) => ref.origin === origin && ref.seq >= seq);
}

function didPass(outcome: DeploymentStageRecord['smoke']): boolean {
  return outcome != null && outcome.passed && outcome.tests > 0 && outcome.failed === 0;
}

function sameArtifacts(one: DeploymentStageRecord, other: DeploymentStageRecord): boolean {
  const [a, b] = [one.release_artifacts_sha256 ?? {}, other.release_artifacts_sha256 ?? {}];
  const names = Object.keys(a);
  return names.length > 0 && names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}

function good(id: AuthorityLine['id'], words: string): AuthorityLine {
  return { id, good: true, words, who: null };
}

function bad(id: AuthorityLine['id'], words: string, who: string | null): AuthorityLine {
  return { id, good: false, words, who };
}
