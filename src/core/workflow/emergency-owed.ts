import { pointingAt } from './acts.ts';
import { HandOver } from '../model/records/emergency.ts';
import { clockId, noticesOf, type Clock } from './emergency-clocks.ts';
import { skippedLines, type EmergencyFacts, type ProvedSaid } from './emergency-facts.ts';
import { isUnratified } from './verbal.ts';
import type { Step } from './emergency-steps.ts';
import { postMortemActions } from './post-mortem-actions.ts';

/** Something that is still to be done or said, and whose that is. */
export interface Owed {
  readonly id: string;
  readonly kind: 'ratification' | 'witness' | 'line' | 'watch' | 'post-mortem' | 'action' | 'breach' | 'notice' | 'hand-over' | 'unsigned' | 'incident' | 'item' | 'patch';
  readonly words: string;
  readonly due: string | null;
  readonly overdue: boolean;
  readonly roles: readonly string[];
  readonly people: readonly string[];
}

/** What an emergency owes, what is overdue first; it can be closed when nothing is. */
export function owedOf(facts: EmergencyFacts, clocks: readonly Clock[], steps: readonly Step[]): Owed[] {
  const owed = [...ratifications(facts), ...witnesses(facts), ...patch(facts), ...items(steps), ...lines(facts), ...unsigned(facts), ...watch(clocks), ...postMortem(clocks), ...actions(facts), ...incidents(facts), ...notices(facts, clocks), ...handOverOwed(facts), ...breaches(facts, clocks)];
  return owed.map((one, index) => ({ one, index })).sort((a, b) => Number(b.one.overdue) - Number(a.one.overdue) || a.index - b.index).map(({ one }) => one);
}

function owing(kind: Owed['kind'], id: string, words: string, more: Partial<Omit<Owed, 'id' | 'kind' | 'words'>> = {}): Owed {
  return { id, kind, words, due: null, overdue: false, roles: [], people: [], ...more };
}

function ratifications({ spoken }: EmergencyFacts): Owed[] {
  return spoken.filter(isUnratified).map(({ act, who, opens, ratification: { state, due } }) => owing(
    'ratification', clockId('ratification', act.leaf), `${who.name} ratifies${opens ? '' : ', or disputes,'} what they are said to have approved as ${who.role} by word (${act.id}).`, { due, overdue: state === 'overdue', people: [who.id] }));
}

function witnesses({ spoken }: EmergencyFacts): Owed[] {
  return spoken.flatMap(({ act, who, taker, witness }) => (taker !== null && witness !== null && (witness.state === 'owed' || witness.state === 'overdue')
    ? [owing('witness', clockId('witness', act.leaf), `${witness.name} signs that they heard ${who.name} (${act.id}).`, { due: witness.due, overdue: witness.state === 'overdue', people: [witness.id] })] : []));
}

/** As long as nothing is mended that is what is owed before all, until it is closed as one where nothing was to be. */
function patch({ shipped, rolledBack, one, answer, rules }: EmergencyFacts): Owed[] {
  if (shipped !== null || rolledBack !== null || one.closed !== null) return [];
  return [owing('patch', 'patch', answer?.answer === 'instead' ? 'The version before is to be back in production.' : 'The patch is to be deployed.', { due: one.sla.due, overdue: one.sla.state === 'breached', roles: rules.deployers })];
}

/** What was passed over on the way. */
function items(steps: readonly Step[]): Owed[] {
  return steps.filter(({ state }) => state === 'owed').flatMap(({ number, items: of }) =>
    of.filter(({ state }) => state !== 'done').map(({ id, words, note, roles }) => owing('item', `item-${id}`, `Step ${number}: ${words}${note === '' ? '.' : `: ${note}`}`, { roles })));
}

function lines(facts: EmergencyFacts): Owed[] {
  if (facts.begun.length === 0) return [];
  return skippedLines(facts).filter(({ closedBy }) => closedBy === null).map(({ line }) => {
    const asked = facts.policy.lines.find(({ id }) => id === line);
    return owing('line', `line-${line}`, `The full checklist, with what the emergency left out: ${asked?.words ?? line}.`, { roles: asked === undefined || asked.roles.length === 0 ? facts.rules.deployers : asked.roles });
  });
}

/** What was deployed unsigned is owed signatures over the very files that were deployed. */
function unsigned({ decided, begun, signings, rules }: EmergencyFacts): Owed[] {
  const said = decided.findLast(({ record }) => record.act === 'deviation' && record.deviation === 'unsigned');
  if (said === undefined) return [];
  const deployed = begun.flatMap(({ record }) => Object.entries(record.release_artifacts_sha256 ?? {}));
  const signed = new Map(signings.flatMap(({ record }) => Object.entries(record.release_artifacts_sha256)));
  const done = deployed.length > 0 ? deployed.every(([name, sha256]) => signed.get(name) === sha256) : signings.some(({ act }) => Date.parse(act.entry.time) > Date.parse(said.record.declared_at));
  return done ? [] : [owing('unsigned', 'unsigned', `The artifacts are to be signed: they were deployed unsigned (${said.act.id}).`, { roles: rules.planners })];
}

function watch(clocks: readonly Clock[]): Owed[] {
  return clocks.filter(({ id, state }) => id === 'watch' && (state === 'running' || state === 'at-risk')).map(({ due, state, roles }) => owing('watch', 'watch', state === 'at-risk' ? 'The watch is over, and is to be closed.' : 'It is watched.', { due, overdue: state === 'at-risk', roles }));
}

function postMortem(clocks: readonly Clock[]): Owed[] {
  return clocks.filter(({ id, from, met }) => id === 'post-mortem' && from !== null && met === null).map(({ due, state, roles }) => owing('post-mortem', 'post-mortem', 'The post-mortem is to be held and recorded.', { due, overdue: state === 'breached', roles }));
}

function actions(facts: EmergencyFacts): Owed[] {
  return postMortemActions(facts).filter(({ state }) => state !== 'closed').map(({ number, what, who, until, state }) => owing('action', `action-${number}`, `Action ${number} of the post-mortem: ${what.replace(/\.$/, '')}.`, { due: until, overdue: state === 'overdue', people: [who] }));
}

/** What somebody disputes is an incident, and is looked into by the post-mortem. */
function incidents({ spoken, postMortem: held, rules }: EmergencyFacts): Owed[] {
  if (held !== null) return [];
  return spoken.filter(({ ratification }) => ratification.state === 'disputed').map(({ act, who }) => owing('incident', `incident-${act.leaf.slice(0, 16)}`, `${who.name} disputes what is said to be their word (${act.id}): an incident, which the post-mortem looks into.`, { roles: rules.declarers }));
}

function notices(facts: EmergencyFacts, clocks: readonly Clock[]): Owed[] {
  return noticesOf(facts).filter(({ given }) => given === null).map(({ notice, words, roles }) => {
    const clock = clocks.find(({ id }) => id === `notice-${notice}`);
    return owing('notice', `notice-${notice}`, words, { due: clock?.due ?? null, overdue: clock?.state === 'breached', roles });
  });
}

function breaches({ rules }: EmergencyFacts, clocks: readonly Clock[]): Owed[] {
  return clocks.filter(({ state, reason }) => state === 'breached' && reason === null).map(({ id, words }) => owing('breach', `breach-${id}`, `Why it was late: ${words}.`, { roles: rules.declarers }));
}

/** A shift that was handed over, and by whose signature it was taken. */
export interface HandedOver {
  readonly said: ProvedSaid;
  readonly handOver: HandOver;
  readonly accepted: ProvedSaid | null;
}

export function handOversOf({ decided, one, acts }: Pick<EmergencyFacts, 'decided' | 'one' | 'acts'>): HandedOver[] {
  const proved = new Map(one.said.filter((said): said is ProvedSaid => said.by !== null).map((said) => [said.act.leaf, said]));
  return decided.flatMap((said): HandedOver[] => {
    const handOver = HandOver.safeParse(said.record.hand_over).data;
    if (said.record.act !== 'hand-over' || handOver === undefined) return [];
    const accepted = pointingAt(acts, 'accepts', said.act).flatMap(({ leaf }) => proved.get(leaf) ?? []).find(({ record, by }) => record.act === 'accept-hand-over' && by.id === handOver.to) ?? null;
    return [{ said, handOver, accepted }];
  });
}

function handOverOwed(facts: EmergencyFacts): Owed[] {
  // A later one takes the place of one that nobody accepted.
  return handOversOf(facts).slice(-1).filter(({ accepted }) => accepted === null).map(({ said, handOver }) => owing('hand-over', `hand-over-${said.act.leaf.slice(0, 16)}`, `${nameOf(facts, handOver.to)} accepts what ${said.by.name} handed over (${said.act.id}).`, { people: [handOver.to] }));
}

/** Who somebody is called in the roster; by their id where it does not have them. */
export function nameOf({ roster }: Pick<EmergencyFacts, 'roster'>, id: string): string {
  return roster?.people.find((person) => person.id === id)?.name ?? id;
}

/** What the next shift has to know, as far as the records tell it: a draft, to be gone over by whoever hands over. */
export function handOverDraft(facts: EmergencyFacts, clocks: readonly Clock[], steps: readonly Step[], owed: readonly Owed[]): Omit<HandOver, 'to'> {
  const { one, begun } = facts;
  const current = steps.find(({ state }) => state === 'current');
  const sentences = (some: readonly string[], otherwise: string): string => (some.length === 0 ? otherwise : some.join('\n')).slice(0, 4_000);
  return {
    known: sentences([
      `${one.record.emergency_id}: ${one.record.reason}`, `Detected ${one.detected.at}; severity ${one.severity}.`, one.release === null ? 'No version that mends it is named.' : `${one.release} mends it${facts.commit === null ? '' : ` (${facts.commit.slice(0, 12)})`}.`,
      ...begun.slice(-1).map(({ record, state }) => `${record.deployment_id} is ${state}.`), ...(current === undefined ? [] : [`Step ${current.number}, ${current.title}: ${current.items.filter(({ state }) => state !== 'done').map(({ words }) => words.toLowerCase()).join(', ')}.`]),
    ], ''),
    running: sentences(clocks.filter(({ state }) => state === 'running' || state === 'at-risk' || state === 'breached').filter(({ met }) => met === null).map(({ words, due, state }) => `${words}: ${due === null ? 'no end is known' : `until ${due}`}${state === 'running' ? '' : `, ${state === 'at-risk' ? 'at risk' : 'missed'}`}.`), 'No clock runs.'),
    owed: sentences(owed.filter(({ kind }) => kind !== 'hand-over').map(({ words, due }) => `${words}${due === null ? '' : ` Due ${due}.`}`), 'Nothing is owed.'),
  };
}

/** The record that an act of somebody points at as handed over. */
export function handOverNamed(facts: EmergencyFacts, record: string): HandedOver | null {
  return handOversOf(facts).find(({ said }) => said.act.id === record) ?? null;
}
