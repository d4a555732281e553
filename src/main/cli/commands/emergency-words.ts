import type { EmergencyDetail, EmergencyShown } from '../../../core/contract/emergency-calls.ts';
import { printable } from '../progress-line.ts';

const STATES = { 'running': 'running', 'at-risk': 'at risk', 'breached': 'breached', 'met': 'met', 'not-begun': 'not begun' } as const;
const SIGNS = { done: '●', open: '○', owed: '◷', bad: '■' } as const;

/** An emergency in a few lines: what, since when, until when, and which version mends it. */
export function describeEmergency({ id, record, by, declaredBy, declaredAt, detectedAt, detectedSaidBy, criterion, reason, severity, decisions, release, sla, mergedInto, closed }: EmergencyShown): string {
  return [
    `${id}: ${criterion?.words ?? 'no criterion is named'}${criterion === null ? '' : ` (${criterion.clause})`}. ${reason}`,
    `  ${by === null ? `Said to be declared by ${declaredBy}, which nobody who may signed: it opens nothing.` : `Declared by ${by} at ${declaredAt}.`} (${record})`,
    `  Detected ${detectedAt}${detectedSaidBy === null ? '' : `, as ${detectedSaidBy} said`}.`,
    ...(mergedInto === null ? deadline({ severity, sla, closed }) : [`  It is told with ${mergedInto}, and runs there.`]),
    ...decisions.map((one) => `  ${one.at}  ${one.by} decided that it is ${one.severity}: ${one.reason}${one.vector === null ? '' : ` ${one.vector}`} (${one.record})`),
    ...(mergedInto === null ? [`  ${release === null ? 'No version that mends it is named yet.' : `Mended by ${release}.`}`] : []),
    ...(closed === null ? [] : [`  Closed by ${closed.by} at ${closed.at} (${closed.record}).`]),
  ].map(printable).join('\n');
}

function deadline({ severity, sla, closed }: Pick<EmergencyShown, 'severity' | 'sla' | 'closed'>): string[] {
  const state = STATES[sla.state];
  const standing =
    sla.met !== null ? `${state}, deployed at ${sla.met}`
    : closed !== null ? `${sla.state === 'breached' ? `${state}, and closed` : 'closed before that'}, with nothing deployed`
    : sla.state === 'breached' ? state : `${state}, ${hours(sla.secondsLeft)} left`;
  return [`  Severity ${severity}${severity === 'unknown' ? ', so the shortest clock runs' : ''}: to be deployed by ${sla.due}, ${sla.hours} hours after that: ${standing}.`];
}

/** The same with the step that it is at, and how much is owed. */
export function describeStanding({ emergency, steps, owed }: EmergencyDetail): string {
  const current = steps.find(({ state }) => state === 'current');
  const overdue = owed.filter((one) => one.overdue).length;
  return [
    describeEmergency(emergency),
    ...[current === undefined || emergency.closed !== null ? [] : [`  Step ${current.number} of ${steps.length}, ${current.title.toLowerCase()}: ${current.items.filter(({ state }) => state !== 'done').map(({ words }) => words).join(', ')}.`], owed.length === 0 ? [] : [`  Owed: ${owed.length}${overdue === 0 ? '' : `, ${overdue} of them overdue`}.`]].flat().map(printable),
  ].join('\n');
}

/** Everything of one: its steps with what each asks for, its clocks, and what is owed. */
export function describeWhole(detail: EmergencyDetail): string {
  const { emergency, steps, clocks, owed, handOvers, postMortem, notes } = detail;
  return [
    describeEmergency(emergency),
    ...[
      ...steps.flatMap(({ number, title, state, items }) => [
        `${state === 'current' ? '>' : ' '} ${number} ${title}: ${state}`,
        ...(state === 'ahead' ? [] : items.map((item) => `    ${SIGNS[item.state]} ${item.words}${item.by === null ? '' : `, ${item.by}`}${item.at === null ? '' : ` at ${item.at}`}${item.note === '' ? '' : `: ${item.note}`}${item.state === 'done' || item.roles.length === 0 ? '' : ` [${item.roles.join(', ')}]`}`)),
      ]),
      'Clocks:',
      ...clocks.filter(({ state }) => state !== 'not-begun').map(({ id, words, source, due, state, secondsLeft, met, reason }) =>
        `    ${id}: ${words} (${source === 'house' ? 'house rule' : source}): ${STATES[state]}${due === null ? '' : `, until ${due}`}${met !== null ? `, at ${met}` : state === 'breached' || due === null ? '' : `, ${hours(secondsLeft)} left`}${reason === null ? '' : `; ${reason.by}: ${reason.words}`}`),
      owed.length === 0 ? 'Nothing is owed.' : 'Owed:',
      ...owed.map(({ id, words, due, overdue, roles, people }) => `    ${id}: ${words}${due === null ? '' : ` ${overdue ? 'Overdue since' : 'Until'} ${due}.`}${[...people, ...roles].length === 0 ? '' : ` [${[...people, ...roles].join(', ')}]`}`),
      ...handOvers.map(({ record, from, handOver, accepted }) => `Handed over by ${from} to ${handOver.to}${accepted === null ? `, and not accepted yet (${record})` : `, accepted by ${accepted.by} at ${accepted.at}`}.`),
      ...(postMortem === null ? [] : postMortem.actions.map(({ number, what, who, until, state, closedBy }) => `Action ${number}: ${what} — ${who} — until ${until}: ${state}${closedBy === null ? '' : ` by ${closedBy}`}`)),
      ...notes,
    ].map(printable),
  ].join('\n');
}

function hours(seconds: number): string {
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
