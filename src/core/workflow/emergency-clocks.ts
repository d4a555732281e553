import { saidBy } from './verbal.ts';
import type { EmergencyCriterion } from '../model/records/emergency.ts';
import type { EmergencyFacts } from './emergency-facts.ts';

/** A length of time that something in an emergency has, by the records and the time that is given alone. */
export interface Clock {
  readonly id: string;
  readonly words: string;
  /** `§10.3`, or `house`. */
  readonly source: string;
  readonly from: string | null;
  readonly due: string | null;
  readonly state: 'not-begun' | 'running' | 'at-risk' | 'breached' | 'met';
  readonly secondsLeft: number;
  readonly met: string | null;
  readonly roles: readonly string[];
  readonly people: readonly string[];
  /** From when on it is at risk; null where it has not begun, and of a watch, which only has to last. */
  readonly atRiskFrom: string | null;
  /** Why it was missed, once somebody who may said so. */
  readonly reason: { readonly by: string; readonly at: string; readonly words: string } | null;
}

const HOUR = 3_600_000;

/** The clocks of an emergency, in the order in which they begin (policy §10.2, §10.3; FORMATS §7). Nothing of them is kept: neither a restart nor a machine that slept moves one. */
export function clocksOf(facts: EmergencyFacts): Clock[] {
  const { one, policy, rules, steps, shipped, rolledBack, postMortem, spoken } = facts;
  const p = policy.parameters;
  const begun = steps.find(({ record }) => record.step === 'qa-test-begun')?.record.declared_at ?? null;
  const tested = steps.find(({ record }) => record.step === 'qa-test')?.record.declared_at ?? null;
  const mended = shipped?.finish?.record.at ?? rolledBack?.finish?.record.at ?? null;
  const watch = shipped?.watch ?? rolledBack?.watch ?? null;
  const make = maker(facts);
  return [
    make({ id: 'sla', words: 'The patch is deployed', source: p.emergency_sla_hours.source, from: one.sla.from, hours: one.sla.hours, met: one.sla.met, roles: rules.deployers }),
    ...noticesOf(facts).map(({ notice, words, hours, roles, given }) => make({ id: `notice-${notice}`, words, source: p.external_notices.source, from: one.detected.at, hours, met: given, roles })),
    ...(rolledBack !== null && shipped === null ? [] : [make({ id: 'expedited-test', words: 'QA tests the patch, expedited', source: p.expedited_testing_hours.source, from: begun ?? tested, hours: p.expedited_testing_hours.value.most, met: tested, roles: p.emergency_step_roles.value['qa-test'] })]),
    ...spoken.flatMap(({ act, record, who, taker, witness }) => (witness === null || taker === null ? [] : [make({
      id: clockId('witness', act.leaf), words: `${witness.name} signs that they heard ${who.name}`, source: p.call_witness_hours.source, from: saidBy(act, record), hours: p.call_witness_hours.value, met: witness.at, roles: [], people: [witness.id],
    })])),
    ...spoken.flatMap(({ act, record, who, taker, ratification }) => (ratification.state === 'not-needed' || taker === null ? [] : [make({
      id: clockId('ratification', act.leaf), words: `${who.name} ratifies what they approved by word`, source: p.ratification_hours.source, from: saidBy(act, record), hours: p.ratification_hours.value, met: ratification.at, roles: [], people: [who.id],
    })])),
    watchClock(watch, mended, facts),
    make({ id: 'post-mortem', words: 'The post-mortem is held', source: p.post_mortem_hours.source, from: mended, hours: p.post_mortem_hours.value, met: postMortem === null ? null : earlier(postMortem.act.entry.time, postMortem.record.held_at), roles: rules.declarers }),
  ];
}

/** The id of a clock that belongs to a record, short enough for a record that names it. */
export function clockId(kind: 'ratification' | 'witness', leaf: string): string {
  return `${kind}-${leaf.slice(0, 16)}`;
}

interface Length {
  readonly id: string;
  readonly words: string;
  readonly source: string;
  readonly from: string | null;
  readonly hours: number;
  readonly met: string | null;
  readonly roles: readonly string[];
  readonly people?: readonly string[];
}

/** Clocks stand still where the emergency was closed: what was not met by then is met by nobody. */
function maker({ one, now, policy, decided }: EmergencyFacts): (length: Length) => Clock {
  const share = policy.parameters.emergency_at_risk_percent.value / 100;
  return ({ from, hours, met, people = [], ...rest }) => {
    const said = decided.findLast(({ record }) => record.act === 'breach' && record.clock === rest.id);
    const reason = said === undefined ? null : { by: said.by.name, at: said.record.declared_at, words: said.record.reason };
    if (from === null) return { ...rest, people, from, due: null, state: 'not-begun', secondsLeft: 0, met, atRiskFrom: null, reason };
    const [start, at] = [Date.parse(from), Date.parse(one.closed?.record.declared_at ?? now)];
    const [due, atRisk] = [start + hours * HOUR, start + hours * HOUR * share];
    const state = met !== null ? (Date.parse(met) <= due ? 'met' : 'breached') : at > due ? 'breached' : at >= atRisk ? 'at-risk' : 'running';
    return { ...rest, people, from, due: instantOf(due), state, secondsLeft: met === null ? Math.max(0, Math.floor((due - at) / 1000)) : 0, met, atRiskFrom: instantOf(atRisk), reason };
  };
}

/** A watch only has to last: it is never missed, and from its end on it is to be closed. */
function watchClock(watch: NonNullable<EmergencyFacts['shipped']>['watch'], mended: string | null, { policy, rules, now }: EmergencyFacts): Clock {
  const clock = { id: 'watch', words: `What was deployed is watched for ${policy.parameters.monitoring_hours.value} hours`, source: policy.parameters.monitoring_hours.source, roles: rules.watchers, people: [], atRiskFrom: null, reason: null };
  if (watch === null) return { ...clock, from: mended, due: null, state: mended === null ? 'not-begun' : 'running', secondsLeft: 0, met: null };
  return {
    ...clock, from: watch.since, due: watch.due, state: watch.state === 'closed' ? 'met' : watch.state === 'due' ? 'at-risk' : 'running', met: watch.closed?.at ?? null,
    secondsLeft: watch.state === 'closed' ? 0 : Math.max(0, Math.floor((Date.parse(watch.due) - Date.parse(now)) / 1000)),
  };
}

/** Who outside is to be told, where the criterion of the emergency calls for it, and when that was first done. */
export function noticesOf({ one, policy, one: { said } }: Pick<EmergencyFacts, 'one' | 'policy'>): { readonly notice: string; readonly words: string; readonly hours: number; readonly criteria: readonly EmergencyCriterion[]; readonly roles: readonly string[]; readonly given: string | null }[] {
  const criteria = one.declarations.flatMap(({ record }) => record.criterion ?? []);
  return policy.parameters.external_notices.value.filter((notice) => notice.criteria.some((criterion) => criteria.includes(criterion))).map((notice) => ({
    ...notice, given: said.find(({ record, by }) => record.act === 'notice' && record.notice === notice.notice && by !== null && notice.roles.some((role) => by.roles.has(role)))?.record.declared_at ?? null,
  }));
}

function earlier(a: string, b: string): string {
  return Date.parse(a) <= Date.parse(b) ? a : b;
}

function instantOf(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
