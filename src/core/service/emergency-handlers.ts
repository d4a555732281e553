import type { EmergencyShown, EmergencyTerms } from '../contract/emergency-calls.ts';
import type { Handlers } from '../contract/serve.ts';
import { scoreVector } from '../cvss/score-vector.ts';
import { AppError } from '../model/errors.ts';
import type { EmergencyPatchRecord, EmergencySeverity } from '../model/records/emergency.ts';
import type { EntryRef } from '../model/archive.ts';
import { refTo } from '../workflow/acts.ts';
import { deploymentsOf } from '../workflow/deployments.ts';
import { CRITERIA, emergenciesOf, type Emergency } from '../workflow/emergency.ts';
import { speakerWith, type Speaker } from './speaker.ts';
import { appendSigned, assertRole, refused, situationOf, uniqueRefs, type Situation, type WorkflowPorts } from './workflow-ports.ts';

type Owned = 'emergency.declare' | 'emergency.severity' | 'emergency.release' | 'emergency.status';

/** From here on a vulnerability is critical, and from here on high (policy §10.1, §10.3). */
const [CRITICAL, HIGH] = [9, 7];

/** Emergencies from their declaration on (policy §10). Only who may declare one moves anything in it. */
export function emergencyHandlers(ports: WorkflowPorts): Pick<Handlers, Owned> {
  const known = async (signal: AbortSignal): Promise<{ readonly situation: Situation; readonly all: readonly Emergency[] }> => {
    const situation = await situationOf(ports, null, null, signal);
    return { situation, all: inSituation(situation) };
  };
  const append = async (speaker: Speaker, record: EmergencyPatchRecord, refs: readonly EntryRef[], signal: AbortSignal): Promise<EmergencyShown> => {
    const { id } = await appendSigned(ports, speaker, { ...record }, uniqueRefs([...(await ports.seen()), ...refs]));
    const { situation, all } = await known(signal);
    const about = all.find(({ declared, decisions }) => declared.id === id || decisions.some(({ act }) => act.id === id) || refs.some((ref) => ref.leaf === declared.leaf));
    if (about === undefined) throw new TypeError('what was appended is not there');
    return shown(about, situation.at);
  };
  return {
    'emergency.declare': async ({ key, passphrase, criterion, reason, detectedAt, detectedSaidBy, severity, vector, release }, { signal }) => {
      const speaker = await speakerWith(ports, key, signal, passphrase);
      const { situation, all } = await known(signal);
      assertRole(speaker, situation.rules.declarers, 'declare an emergency');
      if (Date.parse(detectedAt) > Date.parse(situation.at)) throw new AppError('bad-input', `It was detected at ${detectedAt}, which is yet to come: here it is ${situation.at}.`, { hint: 'Give the time in UTC.' });
      const record: EmergencyPatchRecord = {
        event_type: 'emergency_patch', emergency_id: freshId(all, situation.at), act: 'declare', release_version: release, severity: severity ?? severityBy(vector) ?? 'unknown', declared_by: speaker.person.id, declared_at: situation.at, reason,
        criterion, detected_at: detectedAt, ...(detectedSaidBy === null ? {} : { detected_said_by: detectedSaidBy }), ...(vector === null ? {} : { cvss_vector: vector.trim() }),
      };
      return append(speaker, record, [], signal);
    },
    'emergency.severity': async ({ emergency, key, passphrase, severity, vector, reason }, { signal }) => {
      const { situation, all } = await known(signal);
      const one = named(all, emergency);
      const speaker = await speakerWith(ports, key, signal, passphrase);
      assertRole(speaker, situation.rules.declarers, 'decide on the severity of an emergency');
      const decided = severity ?? severityBy(vector);
      if (decided === null) throw new AppError('bad-input', 'Neither a severity nor a CVSS vector is given.', { hint: 'Give --severity, or --cvss VECTOR.' });
      if (decided === one.severity && vector === null) throw refused(`${one.record.emergency_id} is ${decided} already.`, 'countersign emergency status says where it stands.');
      return append(speaker, { ...continued(one, situation.at, speaker), act: 'severity', release_version: one.release, severity: decided, reason, ...(vector === null ? {} : { cvss_vector: vector.trim() }) }, [refTo('of-emergency', one.declared)], signal);
    },
    'emergency.release': async ({ emergency, key, passphrase, release, reason }, { signal }) => {
      const { situation, all } = await known(signal);
      const one = named(all, emergency);
      const speaker = await speakerWith(ports, key, signal, passphrase);
      assertRole(speaker, situation.rules.declarers, 'name the version that mends an emergency');
      if (one.by === null) throw refused(`Nobody who is ${situation.rules.declarers.join(' or ')} signed the declaration of ${one.record.emergency_id}.`, 'Declare it: countersign emergency declare.');
      return append(speaker, { ...continued(one, situation.at, speaker), act: 'release', release_version: release, severity: one.severity, reason }, [refTo('of-emergency', one.declared)], signal);
    },
    'emergency.status': async ({ emergency }, { signal }) => {
      const { situation, all } = await known(signal);
      return { at: situation.at, emergencies: (emergency === null ? all : [named(all, emergency)]).map((one) => shown(one, situation.at)), terms: termsOf(situation) };
    },
  };
}

function termsOf({ rules, inForce }: Situation): EmergencyTerms {
  const { emergency_sla_hours: sla, emergency_at_risk_percent: atRisk } = inForce.policy.parameters;
  return { criteria: CRITERIA.map((one) => ({ ...one })), declarers: [...rules.declarers], deployers: [...rules.deployers], hours: { ...sla.value }, atRiskPercent: atRisk.value, scores: { critical: CRITICAL, high: HIGH } };
}

function inSituation({ acts, rules, inForce, at }: Situation): Emergency[] {
  const { emergency_sla_hours: sla, emergency_at_risk_percent: atRisk } = inForce.policy.parameters;
  return emergenciesOf(acts, deploymentsOf(acts, rules, at), { declarers: rules.declarers, hours: sla.value, atRiskPercent: atRisk.value }, at);
}

function continued({ record }: Emergency, at: string, { person }: Speaker): Pick<EmergencyPatchRecord, 'event_type' | 'emergency_id' | 'declared_by' | 'declared_at'> {
  return { event_type: 'emergency_patch', emergency_id: record.emergency_id, declared_by: person.id, declared_at: at };
}

/** What a vector makes of it; null without one. Below 7.0 it is no emergency by itself, and what it is then is said by a person. */
function severityBy(vector: string | null): EmergencySeverity | null {
  if (vector === null) return null;
  const scored = scoreVector(vector);
  if ('error' in scored) throw new AppError('bad-input', `The CVSS vector is wrong at character ${scored.at}: ${scored.error}`, { hint: 'countersign cvss VECTOR says what it comes to.', details: { vector, at: scored.at } });
  if (scored.base >= CRITICAL) return 'critical';
  if (scored.base >= HIGH) return 'high';
  throw new AppError('bad-input', `The vector scores ${scored.base.toFixed(1)}, and below ${HIGH.toFixed(1)} the policy has no deadline for it (§10.3).`, { hint: 'Say which severity it is all the same: --severity critical or high.' });
}

function named(all: readonly Emergency[], wanted: string): Emergency {
  const found = all.filter(({ declared, record }) => declared.id === wanted || record.emergency_id === wanted);
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  throw new AppError('not-found', found.length === 0 ? `No emergency is called ${wanted}.` : `${found.length} emergencies are called ${wanted}.`, { hint: 'countersign emergency status shows them with their records.' });
}

function freshId(all: readonly Emergency[], at: string): string {
  const day = at.slice(0, 10).replaceAll('-', '');
  const taken = new Set(all.map(({ record }) => record.emergency_id));
  for (let number = 1; ; number += 1) {
    const id = `emergency-${day}-${String(number).padStart(3, '0')}`;
    if (!taken.has(id)) return id;
  }
}

function shown({ declared, record, by, criterion, severity, decisions, release, namedBy, sla }: Emergency, now: string): EmergencyShown {
  const words = CRITERIA.find(({ id }) => id === criterion);
  return {
    id: record.emergency_id, record: declared.id, by: by?.name ?? null, declaredBy: record.declared_by, declaredAt: record.declared_at, detectedAt: record.detected_at ?? record.declared_at, detectedSaidBy: record.detected_said_by ?? null,
    criterion: words === undefined ? null : { ...words }, reason: record.reason, severity, decisions: decisions.map(({ act, ...decision }) => ({ record: act.id, ...decision })), release, namedBy, mergedInto: null, closed: null, unratified: null,
    sla: { ...sla, secondsLeft: sla.met !== null ? 0 : Math.max(0, Math.floor((Date.parse(sla.due) - Date.parse(now)) / 1000)) },
  };
}
