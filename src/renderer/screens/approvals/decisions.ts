import type { ActView } from '../../../core/contract/approval-calls.ts';
import type { AssessedLine, Assessment } from '../../../core/contract/contract.ts';
import type { Status } from '../../../core/model/verdict.ts';
import { counted, listed } from '../../components/wording.ts';

/** The section of the policy whose lines approvals decide, so that an approval is not about them (FORMATS §3). */
const APPROVALS = '3.6';
const GREEN: ReadonlySet<Status> = new Set(['passed', 'not-applicable', 'accepted']);
const NAMED = 4;

export type Decider = Assessment['deciders'][number];

/** What stands between somebody and a decision that counts, and who can change that. */
export interface Obstacle {
  readonly what: string;
  readonly who: string;
}

/** Lines that an approval decides, as far as they apply to this release. */
export function askedLines({ lines }: Pick<Assessment, 'lines'>): AssessedLine[] {
  return lines.filter(({ approvedBy, result }) => approvedBy.length > 0 && result.status !== 'not-applicable');
}

/** Roles that this checklist asks for an approval, each once. */
export function askedRoles(assessment: Pick<Assessment, 'lines'>): string[] {
  return [...new Set(askedLines(assessment).flatMap(({ approvedBy }) => approvedBy))];
}

/** Lines that have to be green before an approval can count: it is about these very verdicts. */
export function openLines({ lines }: Pick<Assessment, 'lines'>): AssessedLine[] {
  return lines.filter(({ result }) => result.section !== APPROVALS && !GREEN.has(result.status));
}

export function linesWith({ lines }: Pick<Assessment, 'lines'>, ...statuses: readonly Status[]): AssessedLine[] {
  return lines.filter(({ result }) => statuses.includes(result.status));
}

/** Who could approve in a role: they have it, wrote nothing of the release, and are somebody else. */
export function othersFor({ deciders }: Pick<Assessment, 'deciders'>, role: string, self: string | null): Decider[] {
  return deciders.filter((one) => one.id !== self && one.authored === null && one.roles.includes(role));
}

export function othersInWords(assessment: Pick<Assessment, 'deciders'>, role: string, self: string | null): string {
  const others = othersFor(assessment, role, self);
  return others.length === 0 ? `Nobody else of the roster can as ${role}; its administrators can name somebody, or a deputy.` : `${listed(others.slice(0, NAMED).map(({ name }) => name))}${others.length > NAMED ? ` and ${others.length - NAMED} more` : ''} can as ${role}.`;
}

/** Why an approval would not count, said before anybody signs; empty where it would. */
export function obstaclesTo(assessment: Assessment, acts: readonly ActView[], self: string | null, role: string | null): Obstacle[] {
  const open = openLines(assessment);
  const decider = assessment.deciders.find(({ id }) => id === self) ?? null;
  const obstacles: Obstacle[] = [];
  if (assessment.artifacts.length === 0) obstacles.push({ what: 'There is no artifact, and an approval is over artifacts.', who: 'Whoever builds it: name the folder of outputs that holds them.' });
  if (open.length > 0) {
    const who = [...new Set(open.flatMap(({ attestableBy }) => attestableBy))];
    obstacles.push({
      what: `${counted(open.length, 'line is', 'lines are')} not green yet: ${listed(open.slice(0, NAMED).map(({ result }) => result.id))}${open.length > NAMED ? ' …' : ''}. An approval of today would die with the first that turns green.`,
      who: who.length === 0 ? 'Whoever builds it; the checklist says what each needs.' : `Whoever builds it, and ${listed(who)} for what only a person knows.`,
    });
  }
  const asked = askedRoles(assessment);
  if (asked.length === 0) obstacles.push({ what: 'No line of this checklist asks for an approval: the release is neither major nor a security patch.', who: 'Nobody has to.' });
  if (role === null) {
    if (asked.length > 0 && self !== null) obstacles.push({ what: `You have none of the roles that are asked: ${listed(asked)}.`, who: asked.map((one) => othersInWords(assessment, one, self)).join(' ') });
    return obstacles;
  }
  if (decider !== null && decider.authored !== null) obstacles.push({ what: `You are an author of ${decider.authored.slice(0, 7)}, which is in this release, so your approval would not count.`, who: othersInWords(assessment, role, self) });
  const elsewhere = asOther(acts, assessment, role);
  const own = elsewhere.find(({ by }) => by === self);
  if (own !== undefined && elsewhere.every(({ by }) => by === self)) obstacles.push({ what: `You approved it as ${own.decision?.role ?? ''} already, and both roles have to be different people.`, who: othersInWords(assessment, role, self) });
  return obstacles;
}

/** Decisions about the release as it is now that count. */
export function living(acts: readonly ActView[], { report }: Pick<Assessment, 'report'>): ActView[] {
  return acts.filter(({ standing, decision }) => standing === 'counts' && decision !== null && decision.subjectDigest === report.subjectDigest);
}

/** Living approvals in the other roles that are asked, of people who wrote nothing of it. */
function asOther(acts: readonly ActView[], assessment: Assessment, role: string): ActView[] {
  const asked = askedRoles(assessment);
  const authors = new Set(assessment.deciders.filter(({ authored }) => authored !== null).map(({ id }) => id));
  return living(acts, assessment).filter(({ by, roles, decision }) => decision?.decision === 'approve' && decision.role !== role && asked.includes(decision.role) && roles.includes(decision.role) && !authors.has(by ?? ''));
}

/** What is not as it was when somebody decided; empty where the decision is about the release as it is. */
export function changedSince(decision: NonNullable<ActView['decision']>, { report, range, artifacts, planDigest }: Pick<Assessment, 'report' | 'range' | 'artifacts' | 'planDigest'>): string[] {
  if (decision.subjectDigest === report.subjectDigest) return [];
  const changes: string[] = [];
  if (decision.commit !== range.commit) changes.push(`it was of commit ${decision.commit.slice(0, 7)}, and is ${range.commit.slice(0, 7)} now`);
  if (decision.types.join() !== report.types.effective.join()) changes.push(`it was ${decision.types.length === 0 ? 'of no type' : listed(decision.types)}, and is ${report.types.effective.length === 0 ? 'of none' : listed(report.types.effective)} now`);
  const then = new Map(decision.subject.map(({ name, sha256 }) => [name, sha256]));
  const now = new Map(artifacts.map(({ path, sha256 }) => [path, sha256]));
  const other = [...now].filter(([name, sha256]) => then.has(name) && then.get(name) !== sha256).map(([name]) => name);
  const added = [...now.keys()].filter((name) => !then.has(name));
  const gone = [...then.keys()].filter((name) => !now.has(name));
  const told = (names: readonly string[], verb: string): void => void (names.length > 0 && changes.push(`${listed(names.slice(0, NAMED))}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''} ${verb}`));
  told(other, other.length === 1 ? 'is another file now' : 'are other files now');
  told(added, added.length === 1 ? 'was added' : 'were added');
  told(gone, gone.length === 1 ? 'is gone' : 'are gone');
  if (decision.planDigest !== planDigest) changes.push(planDigest === null ? 'no plan is in force any more' : decision.planDigest === null ? 'it was planned since' : 'another plan is in force');
  if (decision.rosterDigest !== report.rosterDigest) changes.push(report.rosterDigest === null ? 'no roster is in force any more' : 'another roster is in force');
  return changes.length > 0 ? changes : ['lines of the checklist, what they rest on, or the policy file are not as they were'];
}

/** What an act comes to, for who looks at it: its sign, a word, and why. */
export interface Said {
  readonly status: Status;
  readonly word: string;
  readonly why: string;
  /** It was good, and is about what the release no longer is. */
  readonly dead: boolean;
}

const STANDINGS: Readonly<Record<Exclude<ActView['standing'], 'counts'>, { readonly status: Status; readonly word: string }>> = {
  'late': { status: 'stale', word: 'Too late' }, 'undetermined': { status: 'missing', word: 'Undetermined' }, 'forged': { status: 'failed', word: 'Forged' },
  'unsigned': { status: 'missing', word: 'Unsigned' }, 'not-permitted': { status: 'failed', word: 'Not permitted' },
};

/** Holds an act against the release as it is now. The core decides what opens; this says it in words. */
export function saidOf(act: ActView, acts: readonly ActView[], assessment: Assessment): Said {
  if (act.standing !== 'counts') return { ...STANDINGS[act.standing], why: sentence(act.why), dead: false };
  const { decision } = act;
  if (decision === null) return { status: 'passed', word: 'Counts', why: sentence(act.why), dead: false };
  const changes = changedSince(decision, assessment);
  if (changes.length > 0) return { status: 'stale', word: 'Dead', why: `The release has changed since: ${listed(changes)}.`, dead: true };
  if (!act.roles.includes(decision.role)) return { status: 'failed', word: 'Counts for nothing', why: `${act.person ?? 'They'} was not ${decision.role} by the roster that it names.`, dead: false };
  if (decision.decision === 'reject') return { status: 'failed', word: 'Stops the release', why: 'Until it has changed, and whoever else approves.', dead: false };
  const authored = assessment.deciders.find(({ id }) => id === act.by)?.authored ?? null;
  if (authored !== null) return { status: 'failed', word: 'Counts for nothing', why: `${act.person ?? 'They'} is an author of ${authored.slice(0, 7)}, which is in it.`, dead: false };
  const elsewhere = asOther(acts, assessment, decision.role);
  if (elsewhere.length > 0 && elsewhere.every(({ by }) => by === act.by)) return { status: 'missing', word: 'Needs another person', why: `${act.person ?? 'They'} approved it in both roles, which have to be different people.`, dead: false };
  return { status: 'passed', word: 'Counts', why: sentence(act.why), dead: false };
}

function sentence(clause: string): string {
  return clause === '' ? '' : `${clause.charAt(0).toUpperCase()}${clause.slice(1)}${/[.!?]$/.test(clause) ? '' : '.'}`;
}
