import type { ScoredOrRefused } from '../../../core/contract/cvss-calls.ts';
import type { EmergencyDetail, EmergencyShown, EmergencyTerms } from '../../../core/contract/emergency-calls.ts';
import type { EmergencySeverity } from '../../../core/model/records/emergency.ts';
import type { Status } from '../../../core/model/verdict.ts';

type ClockState = EmergencyShown['sla']['state'];

/** A clock as it stands at a moment, which lies later than the one at which it was read. */
export interface Standing {
  readonly state: ClockState;
  /** To the deadline; below nothing where it is over. Of one that was met, to when it was. */
  readonly seconds: number;
  /** Which part of its time is gone, from 0 to 1. */
  readonly share: number;
}

export function standingAt({ sla, closed }: Pick<EmergencyShown, 'sla' | 'closed'>, atRiskPercent: number, now: number): Standing {
  const [from, due] = [Date.parse(sla.from), Date.parse(sla.due)];
  const end = sla.met ?? closed?.at ?? null;
  const then = end === null ? now : Date.parse(end);
  const share = Math.min(1, Math.max(0, (then - from) / Math.max(1, due - from)));
  const state = sla.met !== null ? sla.state : then > due ? 'breached' : share * 100 >= atRiskPercent ? 'at-risk' : 'running';
  return { state, seconds: Math.floor((due - then) / 1_000), share };
}

/** A clock is shown of it: not of one that counts for nothing, is told with another, or was closed with nothing deployed. */
export function hasClock({ by, sla, mergedInto, closed }: EmergencyShown): boolean {
  return by !== null && mergedInto === null && (closed === null || sla.met !== null);
}

/** Runs: a band says so everywhere. */
export function isRunning(emergency: EmergencyShown): boolean {
  return hasClock(emergency) && emergency.sla.met === null;
}

/** Those that run, the nearest deadline first. */
export function runningOf(emergencies: readonly EmergencyShown[]): EmergencyShown[] {
  return emergencies.filter(isRunning).sort((a, b) => Date.parse(a.sla.due) - Date.parse(b.sla.due));
}

/** As they are listed: those that run by their deadline, then the others, the newest first. */
export function inOrder(emergencies: readonly EmergencyShown[]): EmergencyShown[] {
  return [...runningOf(emergencies), ...emergencies.filter((one) => !isRunning(one)).sort((a, b) => Date.parse(b.declaredAt) - Date.parse(a.declaredAt))];
}

/** "23 h 05 min", "42 min 07 s", "9 s": as wide in one second as in the next. */
export function countdown(seconds: number): string {
  const whole = Math.abs(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole >= 3_600) return `${Math.floor(whole / 3_600)} h ${two(Math.floor((whole % 3_600) / 60))} min`;
  if (whole >= 60) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${whole} s`;
}

/** The clock in words: what is left, or by how much it is over. */
export function clockWords({ state, seconds }: Standing, met: string | null): string {
  if (met !== null) return state === 'met' ? `Met with ${countdown(seconds)} left` : `Deployed ${countdown(seconds)} late`;
  return seconds < 0 ? `${countdown(seconds)} over` : `${countdown(seconds)} left`;
}

export const STATE_WORDS: Readonly<Record<ClockState, string>> = { 'running': 'Running', 'at-risk': 'At risk', 'breached': 'Breached', 'met': 'Met' };
const STATE_SIGNS: Readonly<Record<ClockState, Status>> = { 'running': 'stale', 'at-risk': 'missing', 'breached': 'failed', 'met': 'passed' };

/** The sign and the word of an emergency. */
export function badgeOf(emergency: EmergencyShown, standing: Standing): { readonly status: Status; readonly words: string } {
  if (emergency.by === null) return { status: 'not-applicable', words: 'Opens nothing' };
  if (emergency.mergedInto !== null) return { status: 'not-applicable', words: 'Merged' };
  // What was missed before it was closed stays missed.
  if (!hasClock(emergency) && standing.state !== 'breached') return { status: 'not-applicable', words: 'Closed' };
  return { status: STATE_SIGNS[standing.state], words: STATE_WORDS[standing.state] };
}

export const SEVERITY_WORDS: Readonly<Record<EmergencySeverity, string>> = { critical: 'Critical', high: 'High', unknown: 'Not known yet' };

/** "24 hours", "3 days". */
export function hoursInWords(hours: number): string {
  if (hours > 24 && hours % 24 === 0) return `${hours / 24} days`;
  return hours === 1 ? '1 hour' : `${hours} hours`;
}

export interface NextAct {
  readonly act: 'severity' | 'release' | 'deploy' | 'item';
  readonly words: string;
  /** Whose it is, by role. */
  readonly roles: readonly string[];
  /** The step of §10.2 in which it stands, of an item. */
  readonly step?: number;
}

/** What each thing that the steps ask for is, said as an act; what is not here is said in its own words. */
const ITEM_ACTS: Readonly<Record<string, string>> = {
  'cto-told': 'Tell the CTO', 'ciso-told': 'Tell the CISO', 'roll-back': 'Answer: roll back instead?', 'review': 'Review the patch', 'development-test': 'Test it in development', 'qa-test': 'Test it, expedited',
  'sast-scans': 'Run SAST', 'dast-scans': 'Run DAST', 'regression-tests': 'Run the regression tests', 'cto-approval': 'Ask the CTO to approve it', 'ciso-approval': 'Ask the CISO to approve it', 'rolled-back': 'Go back to the version before',
};
/** What holds up no later step. */
const CAN_WAIT: ReadonlySet<string> = new Set(['affected', 'unrelated', 'version']);
const DEPLOYMENT = 5;

/** What comes next in one that runs: before it can be deployed, what the present step asks for, as far as the steps are known. */
export function nextOf({ severity, release }: Pick<EmergencyShown, 'severity' | 'release'>, { declarers, deployers }: Pick<EmergencyTerms, 'declarers' | 'deployers'>, detail: Pick<EmergencyDetail, 'steps' | 'rollBack'> | null = null): NextAct {
  const step = detail?.steps.find(({ state, number }) => state === 'current' && number <= DEPLOYMENT) ?? null;
  const item = step?.items.find(({ id, state }) => state !== 'done' && !CAN_WAIT.has(id)) ?? null;
  const asked: NextAct | null = step === null || item === null || item.id === 'deployed' || item.id === 'smoke' ? null : { act: 'item', words: ITEM_ACTS[item.id] ?? item.words, roles: item.roles, step: step.number };
  if (detail?.rollBack?.answer === 'instead' && asked !== null) return asked;
  if (severity === 'unknown') return { act: 'severity', words: 'Decide its severity', roles: declarers };
  if (release === null) return { act: 'release', words: 'Name the version that mends it', roles: declarers };
  return asked ?? { act: 'deploy', words: `Deploy ${release} to production`, roles: deployers };
}

/** "cto, ciso or on-call"; nobody, where the roster in force does not name the policy. */
export function anyOf(roles: readonly string[]): string {
  if (roles.length === 0) return 'nobody: the roster in force does not name this policy';
  return roles.length === 1 ? (roles[0] ?? '') : `${roles.slice(0, -1).join(', ')} or ${roles.at(-1) ?? ''}`;
}

/** The due time for a clock of so many hours. */
export function dueOf(from: string, hours: number): string {
  return `${new Date(Date.parse(from) + hours * 3_600_000).toISOString().slice(0, 19)}Z`;
}

/** What is chosen of the severity in a form: by the vector, or in words. */
export const SEVERITY_CHOICES = ['vector', 'critical', 'high', 'unknown'] as const;
export type SeverityChoice = (typeof SEVERITY_CHOICES)[number];

export function choiceIn(text: string): SeverityChoice {
  return SEVERITY_CHOICES.find((one) => one === text) ?? 'unknown';
}

export interface DecidedSeverity {
  /** What is asked of the core: null where the vector decides it. */
  readonly given: EmergencySeverity | null;
  /** What it comes to; null where something is wanting. */
  readonly becomes: EmergencySeverity | null;
  readonly wanting: string | null;
}

/** What a choice and a vector come to, as the core will see it. `scored` is null while the vector is being scored. */
export function severityFrom(choice: SeverityChoice, vector: string, scored: ScoredOrRefused | null, scores: EmergencyTerms['scores']): DecidedSeverity {
  const given = choice === 'vector' ? null : choice;
  const wants = (wanting: string): DecidedSeverity => ({ given, becomes: null, wanting });
  if (vector.trim() === '') return given === null ? wants('Give the CVSS vector, or say which severity it is.') : { given, becomes: given, wanting: null };
  if (scored === null) return wants('The CVSS vector is being scored.');
  if ('error' in scored) return wants('Mend the CVSS vector, or take it out.');
  if (given !== null) return { given, becomes: given, wanting: null };
  if (scored.base >= scores.critical) return { given, becomes: 'critical', wanting: null };
  if (scored.base >= scores.high) return { given, becomes: 'high', wanting: null };
  return wants(`The vector scores ${scored.base.toFixed(1)}, and below ${scores.high.toFixed(1)} the policy has no deadline (§10.3). Say which severity it is all the same.`);
}

/** The draft of a post-mortem, with whoever writes it as the one who held it where it names nobody yet. */
export function heldIn(draft: string, person: string | null): string {
  return person === null ? draft : draft.replace(/^- Held by: *$/m, () => `- Held by: ${person}`);
}
