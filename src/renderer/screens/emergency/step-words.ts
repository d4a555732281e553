import type { EmergencyClock, EmergencyDetail, EmergencyItem } from '../../../core/contract/emergency-calls.ts';
import type { VerbalShown } from '../../../core/contract/verbal-calls.ts';
import type { EmergencyStep } from '../../../core/model/records/emergency.ts';
import type { Status } from '../../../core/model/verdict.ts';
import { countdown } from './emergency-words.ts';

type StepState = EmergencyDetail['steps'][number]['state'];
type Owed = EmergencyDetail['owed'][number];

export const STEP_SIGNS: Readonly<Record<StepState, Status>> = { done: 'passed', current: 'needs-person', ahead: 'not-applicable', owed: 'stale' };
export const STEP_WORDS: Readonly<Record<StepState, string>> = { done: 'Done', current: 'Now', ahead: 'Ahead', owed: 'Owed' };
export const ITEM_SIGNS: Readonly<Record<EmergencyItem['state'], Status>> = { done: 'passed', open: 'missing', owed: 'stale', bad: 'failed' };
export const ITEM_WORDS: Readonly<Record<EmergencyItem['state'], string>> = { done: 'Done', open: 'Open', owed: 'Owed', bad: 'Not right' };
export const CLOCK_SIGNS: Readonly<Record<EmergencyClock['state'], Status>> = { 'running': 'stale', 'at-risk': 'missing', 'breached': 'failed', 'met': 'passed', 'not-begun': 'not-applicable' };
export const CLOCK_STATES: Readonly<Record<EmergencyClock['state'], string>> = { 'running': 'Running', 'at-risk': 'At risk', 'breached': 'Breached', 'met': 'Met', 'not-begun': 'Not begun' };

/** Where a rule comes from, as it is said: a house rule is marked so wherever it shows. */
export function sourceWords(source: string): string {
  return source === 'house' ? 'house rule' : source;
}

/** A clock in words at a moment that lies later than the one at which it was read. */
export function clockLeft({ id, due, met, state }: EmergencyClock, now: number): string {
  if (due === null || state === 'not-begun') return 'Not begun';
  const at = met === null ? now : Date.parse(met);
  const seconds = Math.floor((Date.parse(due) - at) / 1_000);
  if (id === 'watch' && seconds <= 0) return met === null ? 'Over: it is to be closed' : 'Closed';
  if (met !== null) return seconds >= 0 ? `Met with ${countdown(seconds)} left` : `Met ${countdown(seconds)} late`;
  return seconds < 0 ? `${countdown(seconds)} over` : `${countdown(seconds)} left`;
}

/** How it stands at that moment: what runs is breached as soon as its time is over, whatever it was when it was read. */
export function clockState({ id, state, due, met }: EmergencyClock, now: number): EmergencyClock['state'] {
  // A watch only has to last: it is never missed.
  return id !== 'watch' && met === null && due !== null && (state === 'running' || state === 'at-risk') && now > Date.parse(due) ? 'breached' : state;
}

/** How the way is named, by which an item is done from where it stands. */
export type Way =
  | { readonly do: 'notify'; readonly as: 'cto' | 'ciso' | 'other' }
  | { readonly do: 'affected' | 'roll-back' | 'release' | 'checklist' | 'deployment' | 'rollback' | 'post-mortem' | 'action' }
  | { readonly do: 'step'; readonly step: EmergencyStep }
  | { readonly do: 'call'; readonly role: 'cto' | 'ciso' };

/** What every item of the seven steps is done by, as its id says (policy §10.2). */
const WAYS: Readonly<Record<string, Way>> = {
  'cto-told': { do: 'notify', as: 'cto' }, 'ciso-told': { do: 'notify', as: 'ciso' }, 'roll-back': { do: 'roll-back' }, 'affected': { do: 'affected' },
  'version': { do: 'release' }, 'review': { do: 'step', step: 'review' }, 'unrelated': { do: 'step', step: 'review' }, 'development-test': { do: 'step', step: 'development-test' },
  'qa-test': { do: 'step', step: 'qa-test' }, 'sast-scans': { do: 'checklist' }, 'dast-scans': { do: 'checklist' }, 'regression-tests': { do: 'checklist' },
  'cto-approval': { do: 'call', role: 'cto' }, 'ciso-approval': { do: 'call', role: 'ciso' }, 'deployed': { do: 'deployment' }, 'smoke': { do: 'deployment' }, 'rolled-back': { do: 'rollback' },
  'production-verified': { do: 'step', step: 'production-verified' }, 'watch': { do: 'deployment' }, 'documented': { do: 'deployment' }, 'post-mortem': { do: 'post-mortem' }, 'actions': { do: 'action' },
};

/** The way to do an item that is not done; null where nothing is done from here. */
export function wayOf({ id, state, begun }: EmergencyItem): Way | null {
  if (state === 'done') return null;
  const way = WAYS[id] ?? null;
  // Its beginning is recorded first, so that its hours count from somewhere.
  return id === 'qa-test' && state === 'open' && begun === null ? { do: 'step', step: 'qa-test-begun' } : way;
}

/** What the present step asks for next, as long as it comes before the deployment; null from then on. */
export function nextItemOf({ steps }: Pick<EmergencyDetail, 'steps'>): { readonly number: number; readonly title: string; readonly item: EmergencyItem } | null {
  const step = steps.find(({ state }) => state === 'current');
  const item = step?.items.find((one) => one.state !== 'done' && one.state !== 'owed' && wayOf(one) !== null);
  return step === undefined || item === undefined || step.number >= 5 ? null : { number: step.number, title: step.title, item };
}

export const ACT_WORDS: Readonly<Record<EmergencyStep, { readonly verb: string; readonly after: string }>> = {
  'review': { verb: 'Sign the review of the patch', after: 'Afterwards it is on record that you reviewed the patch at this commit. A later commit asks for another review.' },
  'development-test': { verb: 'Sign that it was tested in development', after: 'Afterwards it is on record that the patch was tested in the development environment at this commit.' },
  'qa-test-begun': { verb: 'Sign that QA’s test began', after: 'Afterwards the hours of the expedited test count from now.' },
  'qa-test': { verb: 'Sign that QA tested it', after: 'Afterwards it is on record that QA tested the patch at this commit.' },
  'production-verified': { verb: 'Sign that it was verified in production', after: 'Afterwards it is on record that QA verified the patch where it runs.' },
};

/** What is owed by its deadline: what is over first, then what has one, then the rest. */
export function owedInOrder(owed: readonly Owed[]): Owed[] {
  const rank = ({ due }: Owed): number => (due === null ? Number.POSITIVE_INFINITY : Date.parse(due));
  return [...owed].sort((a, b) => Number(b.overdue) - Number(a.overdue) || rank(a) - rank(b) || 0);
}

/** Where something that is owed is done, by what its id begins with; null where it is said among the steps. */
export function placeOfOwed(id: string): { readonly part: 'calls' | 'clocks' | 'shift' | 'story' | 'post-mortem'; readonly words: string } | null {
  if (/^(?:ratification|witness)\b/.test(id)) return { part: 'calls', words: 'Calls' };
  if (/^(?:breach|notice)\b/.test(id)) return { part: 'clocks', words: 'Clocks' };
  if (/^(?:hand-over|skipped|line|unsigned)\b/.test(id)) return { part: 'shift', words: 'Hand over' };
  if (id.startsWith('action')) return { part: 'story', words: 'Actions' };
  return id === 'post-mortem' || id.startsWith('incident') ? { part: 'post-mortem', words: 'Write it' } : null;
}

export const IDENTITY_WORDS: Readonly<Record<VerbalShown['identity'], string>> = { 'coded': 'By a voice code', 'witnessed': 'By a witness on the line', 'word-only': 'By the taker’s word alone' };

/** An approval by word in one sign and a few words: what it opens, and whether it was made good. */
export function verbalBadge({ decision, opens, ratification }: Pick<VerbalShown, 'decision' | 'opens' | 'ratification'>): { readonly status: Status; readonly words: string } {
  if (decision === 'refuse') return { status: 'failed', words: 'Refused' };
  if (ratification.state === 'disputed') return { status: 'failed', words: 'Disputed' };
  if (!opens) return { status: 'not-applicable', words: 'Opens nothing' };
  if (ratification.state === 'ratified') return { status: 'passed', words: 'Ratified' };
  return ratification.state === 'overdue' ? { status: 'failed', words: 'Unratified, overdue' } : { status: 'stale', words: 'Unratified' };
}

/** Until when an unratified release is to be ratified, in words, at a moment. */
export function unratifiedWords({ count, due }: { readonly count: number; readonly due: string }, now: number): string {
  const seconds = Math.floor((Date.parse(due) - now) / 1_000);
  const what = count === 1 ? 'Unratified: 1 approval by word' : `Unratified: ${count} approvals by word`;
  return seconds < 0 ? `${what}, overdue by ${countdown(seconds)}` : `${what}, ${countdown(seconds)} left`;
}

interface Asks {
  readonly kind: 'ratify' | 'witness';
  /** The approval by word, by its record. */
  readonly verbal: string;
  readonly words: string;
}

/** What asks one person in this emergency: to make good what they said, and to sign what they heard. */
export function asksOf({ verbal }: Pick<EmergencyDetail, 'verbal'>, person: string | null): Asks[] {
  if (person === null) return [];
  return verbal.flatMap(({ record, approver, release, takenBy, decision, witness, ratification }): Asks[] => [
    ...(approver.id === person && (ratification.state === 'owed' || ratification.state === 'overdue') ? [{ kind: 'ratify' as const, verbal: record, words: `${takenBy} took it that you ${decision === 'approve' ? 'approve' : 'refuse'} ${release} as ${approver.role}.` }] : []),
    ...(witness?.id === person && (witness.state === 'owed' || witness.state === 'overdue') ? [{ kind: 'witness' as const, verbal: record, words: `${takenBy} says that you were on the line when ${approver.name} ${decision === 'approve' ? 'approved' : 'refused'} ${release}.` }] : []),
  ]);
}
