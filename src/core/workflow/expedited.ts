import { KeySetAside } from '../model/statements.ts';
import type { Approval, EmergencyInForce, ExpeditedStep, Signer, UncountedAct } from '../checks/check.ts';
import type { Policy } from '../policy/policy.ts';
import { samePerson } from '../roster/differ.ts';
import { byLeafOf, ofForm, ofRelease, provedBy, type Act } from './acts.ts';
import { deploymentsOf } from './deployments.ts';
import type { DeploymentRules } from './deployment-rules.ts';
import { criterionWords, emergenciesOf, type Emergency } from './emergency.ts';
import { rollbacksOf } from './rollback.ts';
import { verbalOf, type Verbal } from './verbal.ts';

/** What an emergency makes of the judging of a release: fewer lines, and approvals by word (policy §10.2; FORMATS §7). */
export interface Expedited {
  readonly emergency: EmergencyInForce | null;
  readonly approvals: readonly Approval[];
  /** What was said by word and opens nothing. */
  readonly uncounted: readonly UncountedAct[];
  /** Release keys that two people set aside for emergencies, with who did: whatever is judged. */
  readonly emergencyKeys: ReadonlyMap<string, readonly string[]>;
}

export const NOT_EXPEDITED: Expedited = { emergency: null, approvals: [], uncounted: [], emergencyKeys: new Map() };

/**
 * The emergency that a version mends, as long as it is not deployed: from then on the checklist asks for everything again, so that
 * what was skipped is made up for.
 */
export function expeditedFor(acts: readonly Act[], release: string, rules: DeploymentRules, { parameters: p }: Policy, now: string): Expedited {
  const emergencies = emergenciesOf(acts, deploymentsOf(acts, rules, now), { declarers: rules.declarers, hours: p.emergency_sla_hours.value, atRiskPercent: p.emergency_at_risk_percent.value }, now, rollbacksOf(acts, rules, now));
  const one = emergencies.find((emergency) => emergency.by !== null && emergency.release === release && emergency.mergedInto === null && emergency.closed === null && emergency.sla.met === null);
  const emergencyKeys = keysSetAside(acts, p.emergency_key_roles.value);
  if (one === undefined) return { ...NOT_EXPEDITED, emergencyKeys };
  const emergency = inForce(one, release, rules, p.emergency_step_roles.value);
  // A declaration that named no version yet is none of the release's own acts.
  const ofThis = new Set(one.declarations.map(({ act }) => act.leaf));
  // What was said in another emergency was said of something else.
  const said = verbalOf(ofRelease(acts, release), rules, now, { byLeaf: byLeafOf(acts) }).filter(({ act }) => act.entry.refs.some(({ rel, leaf }) => rel === 'of-emergency' && ofThis.has(leaf)));
  return { emergency, emergencyKeys, approvals: countedOf(said), uncounted: said.filter(({ opens, decision }) => !opens && decision === 'approve').map(uncounted) };
}

/** Keys that at least two different people with a role for that set aside, by fingerprint; one alone changes nothing. */
export function keysSetAside(acts: readonly Act[], roles: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const by = new Map<string, Signer[]>();
  for (const { act, record } of ofForm(acts, KeySetAside)) {
    const signer = provedBy(act, record.attested_by);
    const before = by.get(record.key_fingerprint) ?? [];
    if (signer !== null && roles.some((role) => signer.roles.has(role)) && !before.some((other) => samePerson(other, signer))) by.set(record.key_fingerprint, [...before, signer]);
  }
  return new Map([...by].filter(([, people]) => people.length > 1).map(([key, people]) => [key, people.map(({ name }) => name)]));
}

function inForce({ declared, record, by, criterion, said }: Emergency, release: string, rules: DeploymentRules, roles: Policy['parameters']['emergency_step_roles']['value']): EmergencyInForce {
  const own = said.filter(({ record: one }) => one.release_version === release);
  const steps = own.flatMap(({ act, record: { act: kind, step, declared_at: at, release_commit: commit = '', reason }, by: signer }): ExpeditedStep[] => {
    if (kind !== 'step' || step === undefined || step === 'qa-test-begun' || step === 'production-verified' || signer === null) return [];
    return roles[step].some((role) => signer.roles.has(role)) ? [{ step, signer, record: act.id, at, commit, words: reason }] : [];
  });
  const unsigned = own.find(({ record: one, by: signer }) => one.act === 'deviation' && one.deviation === 'unsigned' && rules.declarers.some((role) => signer?.roles.has(role) === true));
  return {
    id: record.emergency_id, record: declared.id, by: by?.name ?? record.declared_by, declaredAt: record.declared_at, reason: record.reason,
    criterion: criterionWords(criterion), steps, stepRoles: roles,
    unsigned: unsigned === undefined ? null : { by: unsigned.by?.name ?? '', record: unsigned.act.id, why: unsigned.record.reason },
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
