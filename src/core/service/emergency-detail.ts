import type { EmergencyDetail } from '../contract/emergency-calls.ts';
import { rolesOf } from '../roster/people.ts';
import { codesLeft } from '../roster/voice-codes.ts';
import type { Emergency } from '../workflow/emergency.ts';
import { clocksOf } from '../workflow/emergency-clocks.ts';
import { factsOf, skippedLines, type EmergencyFacts, type ProvedSaid } from '../workflow/emergency-facts.ts';
import { handOverDraft, handOversOf, owedOf } from '../workflow/emergency-owed.ts';
import { stepsOf } from '../workflow/emergency-steps.ts';
import { storyOf } from '../workflow/emergency-story.ts';
import { postMortemActions } from '../workflow/post-mortem-actions.ts';
import { emergencyShown, type Emergencies } from './emergency-shown.ts';
import type { ActPorts } from './read-acts.ts';
import { requestShown, requestsOf, verbalShown } from './verbal-shown.ts';
import { burntCodesIn, type BurntCodes } from './voice-codes.ts';

/** Everything of one emergency, worked out of the records of a moment (policy §10.2). */
export async function emergencyDetail({ readActs }: ActPorts, one: Emergency, emergencies: Emergencies): Promise<EmergencyDetail> {
  const { situation } = emergencies;
  const burnt: ReadonlyMap<string, BurntCodes> = situation.roster === null ? new Map() : await burntCodesIn(readActs)(situation.roster.roster, situation.roster, situation.at);
  const facts = factsOf(one, emergencies.ground);
  const [clocks, steps] = [clocksOf(facts), stepsOf(facts)];
  const owed = owedOf(facts, clocks, steps);
  return {
    at: facts.now, emergency: emergencyShown(one, emergencies),
    steps: steps.map(({ items, ...step }) => ({ ...step, items: items.map((item) => ({ ...item, roles: [...item.roles] })) })),
    clocks: clocks.map(({ people: _people, atRiskFrom: _atRiskFrom, ...clock }) => ({ ...clock, roles: [...clock.roles] })),
    people: peopleOf(facts, burnt),
    requests: one.declarations.flatMap(({ record }) => requestsOf(facts.acts, record.emergency_id)).map((request) => requestShown(request, situation, burnt)), verbal: facts.spoken.map((word) => verbalShown(word, situation)), attempts: attemptsOf(one),
    owed: owed.map(({ kind: _kind, ...item }) => ({ ...item, roles: [...item.roles], people: [...item.people] })),
    deviations: facts.decided.flatMap((said) => (said.record.act === 'deviation' && said.record.deviation !== undefined ? [{ record: said.act.id, deviation: said.record.deviation, role: said.record.approver_role ?? null, ...reasoned(said) }] : [])),
    skipped: skippedLines(facts).map(({ line, closedBy }) => ({ line, words: facts.policy.lines.find(({ id }) => id === line)?.words ?? line, state: closedBy === null ? 'owed' as const : 'closed' as const, run: closedBy })),
    notified: facts.decided.flatMap(({ record }) => record.notified ?? []), affected: facts.decided.findLast(({ record }) => record.affected_versions !== undefined)?.record.affected_versions ?? [],
    rollBack: facts.answer === null ? null : { answer: facts.answer.answer, ...reasoned(facts.answer.said) },
    handOvers: handOversOf(facts).map(({ said, handOver, accepted }) => ({ record: said.act.id, from: said.by.name, at: said.record.declared_at, handOver, accepted: accepted === null ? null : { by: accepted.by.name, at: accepted.record.declared_at, record: accepted.act.id } })),
    handOverDraft: handOverDraft(facts, clocks, steps, owed),
    postMortem: postMortemOf(facts), story: storyOf(facts).map((line) => ({ ...line })), merged: one.declarations.slice(1).map(({ act }) => act.id), notes: notesOf(one),
  };
}

function reasoned({ by, record }: ProvedSaid): { readonly by: string; readonly at: string; readonly reason: string } {
  return { by: by.name, at: record.declared_at, reason: record.reason };
}

/** Whoever declares or decides, with the numbers and rooms by which the roster reaches them. */
function peopleOf({ roster, rules, now }: EmergencyFacts, burnt: ReadonlyMap<string, BurntCodes>): EmergencyDetail['people'] {
  if (roster === null) return [];
  const asked = new Set([...rules.approvers.major, ...rules.approvers.security]);
  const wanted = new Set([...rules.declarers, ...asked]);
  return roster.people.map((person) => ({ person, roles: rolesOf(roster, person, now) })).filter(({ roles }) => [...roles].some((role) => wanted.has(role))).map(({ person, person: { id, name, phones }, roles }) => ({
    id, name, roles: [...roles].sort(), phones: [...phones], codesLeft: codesLeft(person, new Set(burnt.get(id)?.keys() ?? [])).length, asked: [...roles].filter((role) => asked.has(role)).sort(),
  }));
}

function attemptsOf({ said }: Emergency): EmergencyDetail['attempts'] {
  return said.flatMap(({ act, record, by }) => (record.act === 'call-attempt' && record.attempt !== undefined && by !== null ? [{ record: act.id, ...record.attempt, words: record.reason, by: by.name }] : []));
}

function postMortemOf(facts: EmergencyFacts): EmergencyDetail['postMortem'] {
  const { postMortem } = facts;
  if (postMortem === null) return null;
  const { act, record, by } = postMortem;
  return {
    record: act.id, at: record.held_at, by: by.name, rootCause: record.root_cause, lessons: record.lessons, contributing: record.contributing_factors ?? [],
    actions: postMortemActions(facts).map(({ closed, ...action }) => ({ ...action, closedBy: closed?.by ?? null, words: closed?.words ?? null })),
  };
}

/** What is to be known beside all that: clocks that were set back, and words that prove nothing. */
function notesOf({ said }: Emergency): string[] {
  return said.flatMap(({ act, record, by }) => {
    if (record.act === 'clock-jump') return [`The clock of ${act.entry.origin} was set back by ${record.set_back_seconds ?? 0} seconds at ${record.declared_at} (${act.id}).`];
    return by === null ? [`${act.id} says "${record.act}" of ${record.declared_by}, and nobody who may signed that.`] : [];
  });
}
