import type { Act } from '../workflow/acts.ts';
import type { EmergencyPatchRecord } from '../model/records/emergency.ts';
import { emergenciesIn, emergencyNamed } from './emergency-shown.ts';
import { refused, type Situation } from './workflow-ports.ts';

/** An emergency that somebody declared who may, by its id or by the record of its declaration. Errors: `not-found`, `not-permitted`. */
export function declarationNamed(situation: Situation, wanted: string): { readonly declared: Act; readonly record: EmergencyPatchRecord; readonly by: string } {
  const { declared, record, by, closed } = emergencyNamed(emergenciesIn(situation).all, wanted);
  if (by === null) throw refused(`Nobody who is ${situation.rules.declarers.join(' or ')} signed the declaration of ${record.emergency_id}.`, 'Declare it: countersign emergency declare.');
  if (closed !== null) throw refused(`${record.emergency_id} was closed by ${closed.by.name} at ${closed.record.declared_at}.`, 'What happens anew is declared anew.');
  return { declared, record, by: by.name };
}
