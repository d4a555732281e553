import type { CallContext } from '../contract/serve.ts';
import type { AttachmentRef } from '../model/archive.ts';
import { refTo } from '../workflow/acts.ts';
import type { Emergency } from '../workflow/emergency.ts';
import { factsOf, type EmergencyFacts } from '../workflow/emergency-facts.ts';
import { emergenciesIn, emergencyNamed, type Emergencies } from './emergency-shown.ts';
import { refused, situationOf, type WorkflowPorts } from './workflow-ports.ts';

/** What an emergency asks for beside what every way of a release does. */
export interface EmergencyPorts extends WorkflowPorts {
  /** This console's own log. */
  readonly origin: () => Promise<string>;
  /** Takes files in before the record that names them is appended. Errors: `bad-input`, `not-found`, `storage-failed`, `cancelled`. */
  readonly keep: (paths: readonly string[], work: Pick<CallContext, 'signal' | 'progress'>) => Promise<AttachmentRef[]>;
  /** The same for a text that lies in no file. */
  readonly keepText: (name: string, text: string, work: Pick<CallContext, 'signal' | 'progress'>) => Promise<AttachmentRef[]>;
}

export async function emergenciesNow(ports: WorkflowPorts, signal: AbortSignal): Promise<Emergencies> {
  return emergenciesIn(await situationOf(ports, null, null, signal));
}

/** An emergency in which something is to be done: of one that is told with another, that other. Errors: `not-found`; `not-permitted` where nobody who may declared it, or it is closed. */
export function openEmergency(emergencies: Emergencies, wanted: string): EmergencyFacts {
  const { all, situation: { rules } } = emergencies;
  const one = standing(all, emergencyNamed(all, wanted));
  if (one.by === null) throw refused(`Nobody who is ${rules.declarers.join(' or ')} signed the declaration of ${one.record.emergency_id}.`, 'Declare it: countersign emergency declare.');
  if (one.closed !== null) throw refused(`${one.record.emergency_id} was closed by ${one.closed.by.name} at ${one.closed.record.declared_at}.`, 'What was wrong in a record is corrected by another; what happens anew is declared anew.');
  return factsOf(one, emergencies.ground);
}

/** The one with which it is told, or itself. */
export function standing(all: readonly Emergency[], one: Emergency): Emergency {
  const into = one.mergedInto === null ? undefined : all.find(({ declared }) => declared.leaf === one.mergedInto?.leaf);
  return into === undefined ? one : standing(all, into);
}

/** How a record points at the emergency that it is said in. */
export function ofEmergency({ one }: Pick<EmergencyFacts, 'one'>): ReturnType<typeof refTo> {
  return refTo('of-emergency', one.declared);
}
