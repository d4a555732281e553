import { clockId, clocksOf, type Clock } from '../workflow/emergency-clocks.ts';
import type { EmergencyFacts } from '../workflow/emergency-facts.ts';
import { owedOf, type Owed } from '../workflow/emergency-owed.ts';
import { stepsOf } from '../workflow/emergency-steps.ts';
import type { HomeItem } from './console-handlers.ts';
import { emergenciesIn, runningOf } from './emergency-shown.ts';
import type { Situation } from './workflow-ports.ts';

/** Where an emergency is shown. */
export function emergencyRoute({ one: { declared } }: EmergencyFacts): string {
  return `#/emergency?of=${encodeURIComponent(declared.id)}`;
}

const KINDS: Readonly<Record<Owed['kind'], HomeItem['kind'] | null>> = {
  'ratification': 'ratification', 'witness': 'ratification', 'post-mortem': 'post-mortem', 'action': 'action', 'patch': 'emergency', 'notice': 'emergency', 'hand-over': 'emergency', 'unsigned': 'emergency', 'incident': 'emergency', 'breach': 'emergency', 'line': 'emergency', 'item': 'emergency',
  // The watch of a deployment is told as what it is.
  'watch': null,
};

/** What running emergencies ask for: each thing that is owed, and the present step as long as nothing is mended. */
export function emergencyItems(situation: Situation): HomeItem[] {
  return runningOf(emergenciesIn(situation)).flatMap((facts) => {
    const [clocks, steps] = [clocksOf(facts), stepsOf(facts)];
    const owed = owedOf(facts, clocks, steps);
    const asked = owed.filter(({ kind }) => kind !== 'patch' && kind !== 'line' && kind !== 'item').flatMap((one) => itemOf(one, facts));
    return [...present(facts, steps, owed), ...asked, ...passedOver(facts, owed)];
  });
}

/** Whoever is asked for a signature over what was said by word is led to it. */
function wayTo({ kind, id }: Owed, facts: EmergencyFacts): string {
  if (kind !== 'ratification' && kind !== 'witness') return emergencyRoute(facts);
  const said = facts.spoken.find(({ act }) => clockId(kind, act.leaf) === id);
  return said === undefined ? emergencyRoute(facts) : `${emergencyRoute(facts)}&act=${kind === 'witness' ? 'witness' : 'ratify'}&verbal=${encodeURIComponent(said.act.id)}`;
}

function itemOf(owed: Owed, facts: EmergencyFacts): HomeItem[] {
  const { kind, words, due, overdue, roles, people } = owed;
  const as = KINDS[kind];
  if (as === null) return [];
  const { emergency_id: id, reason } = facts.one.record;
  return [{ kind: as, title: `${id}: ${words.replace(/\.$/, '')}`, detail: `${overdue ? 'Overdue. ' : ''}${reason}`, due, route: wayTo(owed, facts), roles: [...roles], people: [...people] }];
}

/** What the present step asks for, by the deadline of the patch. */
function present(facts: EmergencyFacts, steps: ReturnType<typeof stepsOf>, owed: readonly Owed[]): HomeItem[] {
  const patch = owed.find(({ kind }) => kind === 'patch');
  const current = steps.find(({ state }) => state === 'current');
  if (patch === undefined || current === undefined) return [];
  const open = current.items.filter(({ state }) => state !== 'done');
  const { record, sla } = facts.one;
  return [{
    kind: 'emergency', title: `${record.emergency_id} is at step ${current.number}: ${current.title.toLowerCase()}`, due: sla.due, route: emergencyRoute(facts), roles: [...new Set(open.flatMap(({ roles }) => roles))], people: [],
    detail: `${sla.state === 'breached' ? 'Its deadline was missed. ' : ''}Open: ${open.map(({ words }) => words).join(', ')}.`,
  }];
}

/** Everything that was left out on the way, as one. */
function passedOver(facts: EmergencyFacts, owed: readonly Owed[]): HomeItem[] {
  const left = owed.filter(({ kind }) => kind === 'line' || kind === 'item');
  if (left.length === 0) return [];
  return [{ kind: 'emergency', title: `${facts.one.record.emergency_id} owes ${left.length} ${left.length === 1 ? 'thing that was' : 'things that were'} left out`, detail: left.map(({ words }) => words).join(' ').slice(0, 400), due: null, route: emergencyRoute(facts), roles: [...new Set(left.flatMap(({ roles }) => roles))], people: [] }];
}

/** A clock of a running emergency that somebody is to be told of. */
export interface EmergencyReminder {
  readonly id: string;
  readonly at: number;
  readonly route: string;
  readonly title: string;
  readonly detail: string;
  /** What is told in its place once that is there. */
  readonly until: number | null;
}

/** When somebody is told of the clocks of running emergencies: from when on each is at risk, and from when on it is missed. */
export function emergencyReminders(situation: Situation): EmergencyReminder[] {
  return runningOf(emergenciesIn(situation)).flatMap((facts) => clocksOf(facts).flatMap((clock) => remindersOf(clock, facts)));
}

function remindersOf({ id, words, due, met, atRiskFrom, state, roles }: Clock, facts: EmergencyFacts): EmergencyReminder[] {
  if (due === null || met !== null || atRiskFrom === null || state === 'not-begun') return [];
  const { emergency_id: name, reason } = facts.one.record;
  // It is missed as soon as it is over, and not when it is due.
  const missed = Date.parse(due) + 1;
  const about = { route: emergencyRoute(facts), detail: `${reason}${roles.length === 0 ? '' : ` Asked: ${roles.join(' or ')}.`}` };
  return [
    { id: `${facts.one.declared.id} ${id} at-risk`, at: Date.parse(atRiskFrom), until: missed, title: `${name} is at risk: ${words}, until ${due}`, ...about },
    { id: `${facts.one.declared.id} ${id} breached`, at: missed, until: null, title: `${name} missed it: ${words}, until ${due}`, ...about },
  ];
}
