import type { EmergencyShown } from '../contract/emergency-calls.ts';
import type { Handlers } from '../contract/serve.ts';
import { scoreVector } from '../cvss/score-vector.ts';
import { AppError } from '../model/errors.ts';
import type { EmergencyPatchRecord, EmergencySeverity } from '../model/records/emergency.ts';
import type { EntryRef } from '../model/archive.ts';
import type { Emergency } from '../workflow/emergency.ts';
import type { EmergencyFacts } from '../workflow/emergency-facts.ts';
import { emergenciesForAct } from './clock-jumps.ts';
import { emergencyActHandlers } from './emergency-acts.ts';
import { emergencyDetail } from './emergency-detail.ts';
import { emergenciesNow, ofEmergency, openEmergency, type EmergencyPorts } from './emergency-ports.ts';
import { CRITICAL, emergencyNamed, emergencyShown, HIGH, termsOf } from './emergency-shown.ts';
import { postMortemHandlers } from './post-mortem-handlers.ts';
import { speakerWith, type Speaker } from './speaker.ts';
import { appendSigned, assertRole, refused, uniqueRefs } from './workflow-ports.ts';

type Owned = 'emergency.declare' | 'emergency.severity' | 'emergency.release' | 'emergency.status' | 'emergency.detail' | 'emergency.act' | 'emergency.draftPostMortem' | 'emergency.recordPostMortem';

/** Emergencies from their declaration to their post-mortem (policy §10). Only who may declare one decides on it. */
export function emergencyHandlers(ports: EmergencyPorts): Pick<Handlers, Owned> {
  const append = async (speaker: Speaker, record: EmergencyPatchRecord, refs: readonly EntryRef[], declared: string | null, signal: AbortSignal): Promise<EmergencyShown> => {
    const { id } = await appendSigned(ports, speaker, { ...record }, uniqueRefs([...(await ports.seen()), ...refs]));
    const after = await emergenciesNow(ports, signal);
    return emergencyShown(emergencyNamed(after.all, declared ?? id), after);
  };
  return {
    ...emergencyActHandlers(ports), ...postMortemHandlers(ports),
    'emergency.declare': async ({ key, passphrase, criterion, reason, detectedAt, detectedSaidBy, severity, vector, release }, { signal }) => {
      const speaker = await speakerWith(ports, key, signal, passphrase);
      const { situation, all } = await emergenciesForAct(ports, signal);
      assertRole(speaker, situation.rules.declarers, 'declare an emergency');
      if (Date.parse(detectedAt) > Date.parse(situation.at)) throw new AppError('bad-input', `It was detected at ${detectedAt}, which is yet to come: here it is ${situation.at}.`, { hint: 'Give the time in UTC.' });
      const record: EmergencyPatchRecord = {
        event_type: 'emergency_patch', emergency_id: freshId(all, situation.at), act: 'declare', release_version: release, severity: severity ?? severityBy(vector) ?? 'unknown', declared_by: speaker.person.id, declared_at: situation.at, reason,
        criterion, detected_at: detectedAt, ...(detectedSaidBy === null ? {} : { detected_said_by: detectedSaidBy }), ...(vector === null ? {} : { cvss_vector: vector.trim() }),
      };
      return append(speaker, record, [], null, signal);
    },
    'emergency.severity': async ({ emergency, key, passphrase, severity, vector, reason }, { signal }) => {
      const facts = openEmergency(await emergenciesForAct(ports, signal), emergency);
      const speaker = await speakerWith(ports, key, signal, passphrase);
      assertRole(speaker, facts.rules.declarers, 'decide on the severity of an emergency');
      const decided = severity ?? severityBy(vector);
      if (decided === null) throw new AppError('bad-input', 'Neither a severity nor a CVSS vector is given.', { hint: 'Give --severity, or --cvss VECTOR.' });
      if (decided === facts.one.severity && vector === null) throw refused(`${facts.one.record.emergency_id} is ${decided} already.`, 'countersign emergency status says where it stands.');
      return append(speaker, { ...continued(facts, speaker), act: 'severity', release_version: facts.one.release, severity: decided, reason, ...(vector === null ? {} : { cvss_vector: vector.trim() }) }, [ofEmergency(facts)], facts.one.declared.id, signal);
    },
    'emergency.release': async ({ emergency, key, passphrase, release, reason }, { signal }) => {
      const facts = openEmergency(await emergenciesForAct(ports, signal), emergency);
      const speaker = await speakerWith(ports, key, signal, passphrase);
      assertRole(speaker, facts.rules.declarers, 'name the version that mends an emergency');
      return append(speaker, { ...continued(facts, speaker), act: 'release', release_version: release, severity: facts.one.severity, reason }, [ofEmergency(facts)], facts.one.declared.id, signal);
    },
    'emergency.status': async ({ emergency }, { signal }) => {
      const now = await emergenciesNow(ports, signal);
      return { at: now.situation.at, emergencies: (emergency === null ? now.all : [emergencyNamed(now.all, emergency)]).map((one) => emergencyShown(one, now)), terms: termsOf(now.situation) };
    },
    'emergency.detail': async ({ emergency }, { signal }) => {
      const now = await emergenciesNow(ports, signal);
      return emergencyDetail(ports, emergencyNamed(now.all, emergency), now);
    },
  };
}

function continued({ one: { record }, now }: EmergencyFacts, { person }: Speaker): Pick<EmergencyPatchRecord, 'event_type' | 'emergency_id' | 'declared_by' | 'declared_at'> {
  return { event_type: 'emergency_patch', emergency_id: record.emergency_id, declared_by: person.id, declared_at: now };
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

function freshId(all: readonly Emergency[], at: string): string {
  const day = at.slice(0, 10).replaceAll('-', '');
  const taken = new Set(all.map(({ record }) => record.emergency_id));
  for (let number = 1; ; number += 1) {
    const id = `emergency-${day}-${String(number).padStart(3, '0')}`;
    if (!taken.has(id)) return id;
  }
}
