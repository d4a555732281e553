import type { Act } from '../workflow/acts.ts';
import { AppError } from '../model/errors.ts';
import type { EmergencyPatchRecord } from '../model/records/emergency.ts';
import { deploymentsOf } from '../workflow/deployments.ts';
import { emergenciesOf } from '../workflow/emergency.ts';
import { refused, type Situation } from './workflow-ports.ts';

/** An emergency that somebody declared who may, by its id or by the record of its declaration. Errors: `not-found`, `not-permitted`. */
export function declarationNamed({ acts, rules, inForce, at }: Situation, wanted: string): { readonly declared: Act; readonly record: EmergencyPatchRecord; readonly by: string } {
  const { emergency_sla_hours: sla, emergency_at_risk_percent: atRisk } = inForce.policy.parameters;
  const found = emergenciesOf(acts, deploymentsOf(acts, rules, at), { declarers: rules.declarers, hours: sla.value, atRiskPercent: atRisk.value }, at).filter(({ declared, record }) => declared.id === wanted || record.emergency_id === wanted);
  const [one] = found;
  if (one === undefined || found.length > 1) throw new AppError('not-found', found.length === 0 ? `No emergency is called ${wanted}.` : `${found.length} emergencies are called ${wanted}.`, { hint: 'countersign emergency status shows them with their records.' });
  if (one.by === null) throw refused(`Nobody who is ${rules.declarers.join(' or ')} signed the declaration of ${one.record.emergency_id}.`, 'Declare it: countersign emergency declare.');
  return { declared: one.declared, record: one.record, by: one.by.name };
}
