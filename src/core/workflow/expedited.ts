import type { Approval, EmergencyInForce, ExpeditedStep, UncountedAct } from '../checks/check.ts';
import { EmergencyPatchRecord } from '../model/records/emergency.ts';
import type { Policy } from '../policy/policy.ts';
import { samePerson } from '../roster/differ.ts';
import { ofForm, ofRelease, pointingAt, provedBy, type Act } from './acts.ts';
import { deploymentsOf } from './deployments.ts';
import type { DeploymentRules } from './deployment-rules.ts';
import { criterionWords, emergenciesOf, type Emergency } from './emergency.ts';
import { verbalOf, type Verbal } from './verbal.ts';

/** What an emergency makes of the judging of a release: fewer lines, and approvals by word (policy §10.2; FORMATS §7). */
export interface Expedited {
  readonly emergency: EmergencyInForce | null;
  readonly approvals: readonly Approval[];
  /** What was said by word and opens nothing. */
  readonly uncounted: readonly UncountedAct[];
}

export const NOT_EXPEDITED: Expedited = { emergency: null, approvals: [], uncounted: [] };

/**
 * The emergency that a version mends, as long as it is not deployed: from then on the checklist asks for everything again, so that
 * what was skipped is made up for.
 */
export function expeditedFor(acts: readonly Act[], release: string, rules: DeploymentRules, { parameters: p }: Policy, now: string): Expedited {
  const emergencies = emergenciesOf(acts, deploymentsOf(acts, rules, now), { declarers: rules.declarers, hours: p.emergency_sla_hours.value, atRiskPercent: p.emergency_at_risk_percent.value }, now);
  const one = emergencies.find((emergency) => emergency.by !== null && emergency.release === release && emergency.sla.met === null);
  if (one === undefined) return NOT_EXPEDITED;
  const emergency = inForce(one, acts, release, rules, p.emergency_step_roles.value);
  const said = verbalOf(ofRelease(acts, release), rules, now);
  return { emergency, approvals: countedOf(said), uncounted: said.filter(({ opens, decision }) => !opens && decision === 'approve').map(uncounted) };
}

function inForce({ declared, record, by, criterion }: Emergency, acts: readonly Act[], release: string, rules: DeploymentRules, roles: Policy['parameters']['emergency_step_roles']['value']): EmergencyInForce {
  const own = ofForm(pointingAt(acts, 'of-emergency', declared), EmergencyPatchRecord).filter(({ act, record: said }) => act.aside === null && said.emergency_id === record.emergency_id && said.release_version === release);
  const steps = own.flatMap(({ act, record: said }): ExpeditedStep[] => {
    const signer = provedBy(act, said.declared_by);
    const { step } = said;
    if (said.act !== 'step' || step === undefined || step === 'qa-test-begun' || step === 'production-verified' || signer === null) return [];
    return roles[step].some((role) => signer.roles.has(role)) ? [{ step, signer, record: act.id, at: said.declared_at, commit: said.release_commit ?? '', words: said.reason }] : [];
  });
  const unsigned = own.find(({ act, record: said }) => said.act === 'deviation' && said.deviation === 'unsigned' && rules.declarers.some((role) => provedBy(act, said.declared_by)?.roles.has(role) === true));
  return {
    id: record.emergency_id, record: declared.id, by: by?.name ?? record.declared_by, declaredAt: record.declared_at, reason: record.reason,
    criterion: criterionWords(criterion), steps, stepRoles: roles,
    unsigned: unsigned === undefined ? null : { by: provedBy(unsigned.act, unsigned.record.declared_by)?.name ?? '', record: unsigned.act.id, why: unsigned.record.reason },
  };
}

/** What was said by word as decisions beside those that were signed. Who refused and approved later has approved. */
function countedOf(said: readonly Verbal[]): Approval[] {
  return said.flatMap((one): Approval[] => {
    const { act, record, decision, approver, opens, taker, ratification } = one;
    if (approver === null || taker === null) return [];
    const signed = { signer: approver, record: act.id, at: record.spoken_at, role: record.approver_role, subjectDigest: record.subject_digest };
    if (opens) return [{ ...signed, decision: 'approve', reason: '', spoken: ratification.state === 'ratified' ? 'by word, ratified' : `by word, unratified, to be ratified by ${ratification.due}` }];
    const later = said.some((other) => other.opens && other.approver !== null && samePerson(other.approver, approver) && Date.parse(other.record.spoken_at) > Date.parse(record.spoken_at));
    return decision === 'refuse' && !later ? [{ ...signed, decision: 'reject', reason: record.words, spoken: `by word, as ${taker.name} took it` }] : [];
  });
}

function uncounted({ act, record, approver, why }: Verbal): UncountedAct {
  return { record: act.id, event_type: 'verbal_approval', by: approver?.name ?? record.approver, about: record.approver_role, standing: 'not-permitted', why: why.replace(/\.$/, '') };
}
