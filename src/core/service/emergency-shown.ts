import type { EmergencyShown, EmergencyTerms } from '../contract/emergency-calls.ts';
import { AppError } from '../model/errors.ts';
import { EmergencyPatchRecord } from '../model/records/emergency.ts';
import { ofForm } from '../workflow/acts.ts';
import { deploymentsOf } from '../workflow/deployments.ts';
import { CRITERIA, emergenciesOf, type Emergency } from '../workflow/emergency.ts';
import { factsOf, type EmergencyFacts, type EmergencyGround } from '../workflow/emergency-facts.ts';
import { rollbacksOf } from '../workflow/rollback.ts';
import { unratifiedIn, verbalOf } from '../workflow/verbal.ts';
import type { Situation } from './workflow-ports.ts';

/** From here on a vulnerability is critical, and from here on high (policy §10.1, §10.3). */
export const [CRITICAL, HIGH] = [9, 7];

/** Every emergency of a moment, with what they are worked out of. */
export interface Emergencies {
  readonly situation: Situation;
  readonly ground: EmergencyGround;
  readonly all: readonly Emergency[];
}

export function emergenciesIn(situation: Situation): Emergencies {
  const { acts, rules, inForce: { policy }, at, roster } = situation;
  // Mostly there is none, and then nothing else is worked out.
  const isAny = ofForm(acts, EmergencyPatchRecord).length > 0;
  const [deployments, rollbacks] = !isAny ? [[], []] : [deploymentsOf(acts, rules, at), rollbacksOf(acts, rules, at)];
  const { emergency_sla_hours: sla, emergency_at_risk_percent: atRisk } = policy.parameters;
  const all = emergenciesOf(acts, deployments, { declarers: rules.declarers, hours: sla.value, atRiskPercent: atRisk.value }, at, policy.parameters.emergency_rolled_back.value === 'meets' ? rollbacks : []);
  return { situation, all, ground: { acts, deployments, rollbacks, spoken: isAny ? verbalOf(acts, rules, at) : [], roster: roster?.roster ?? null, policy, rules, now: at } };
}

/** Those that open something and stand for themselves: declared by somebody who may, told with no other, and not closed. */
export function runningOf({ all, ground }: Emergencies): EmergencyFacts[] {
  return all.filter(({ by, mergedInto, closed }) => by !== null && mergedInto === null && closed === null).map((one) => factsOf(one, ground));
}

/** An emergency by the record of its declaration, or by its id where only one has it. Error: `not-found`. */
export function emergencyNamed(all: readonly Emergency[], wanted: string): Emergency {
  const found = all.filter(({ declared, record }) => declared.id === wanted || record.emergency_id === wanted);
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  throw new AppError('not-found', found.length === 0 ? `No emergency is called ${wanted}.` : `${found.length} emergencies are called ${wanted}.`, { hint: 'countersign emergency status shows them with their records.' });
}

export function termsOf({ rules, inForce }: Situation): EmergencyTerms {
  const { emergency_sla_hours: sla, emergency_at_risk_percent: atRisk } = inForce.policy.parameters;
  return { criteria: CRITERIA.map((one) => ({ ...one })), declarers: [...rules.declarers], deployers: [...rules.deployers], hours: { ...sla.value }, atRiskPercent: atRisk.value, scores: { critical: CRITICAL, high: HIGH } };
}

export function emergencyShown(one: Emergency, { ground }: Pick<Emergencies, 'ground'>): EmergencyShown {
  const { declared, record, by, criterion, severity, detected, decisions, release, namedBy, sla, mergedInto, closed } = one;
  const words = CRITERIA.find(({ id }) => id === criterion);
  return {
    id: record.emergency_id, record: declared.id, by: by?.name ?? null, declaredBy: record.declared_by, declaredAt: record.declared_at, detectedAt: detected.at, detectedSaidBy: detected.saidBy,
    criterion: words === undefined ? null : { ...words }, reason: record.reason, severity, decisions: decisions.map(({ act, ...decision }) => ({ record: act.id, ...decision })), release, namedBy, mergedInto: mergedInto?.id ?? null,
    closed: closed === null ? null : { by: closed.by.name, at: closed.record.declared_at, record: closed.act.id }, unratified: unratifiedIn(factsOf(one, ground).spoken),
    sla: { ...sla, secondsLeft: sla.met !== null ? 0 : Math.max(0, Math.floor((Date.parse(sla.due) - Date.parse(ground.now)) / 1000)) },
  };
}
