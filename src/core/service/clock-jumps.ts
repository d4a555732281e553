import { EmergencyPatchRecord } from '../model/records/emergency.ts';
import type { Act } from '../workflow/acts.ts';
import { emergenciesNow, ofEmergency, type EmergencyPorts } from './emergency-ports.ts';
import { runningOf, type Emergencies } from './emergency-shown.ts';

/** A clock that stands so many seconds before what was there already was set back; less is how clocks are. */
const SUSPICIOUS = 60;

/** By how many seconds a console's clock stands before the newest entry of its own log since the last jump that it told of. */
export function setBackBy(acts: readonly Act[], origin: string, now: string): number {
  const own = acts.filter(({ entry }) => entry.origin === origin).sort((a, b) => a.entry.seq - b.entry.seq);
  const told = own.findLastIndex(({ entry }) => EmergencyPatchRecord.safeParse(entry.record).data?.act === 'clock-jump');
  const newest = own.slice(Math.max(0, told)).reduce((latest, { entry }) => Math.max(latest, Date.parse(entry.time)), 0);
  return Math.max(0, Math.round((newest - Date.parse(now)) / 1000));
}

/**
 * Appends, once for each running emergency, that this console's clock was set back (FORMATS §4): deadlines are held against times, and
 * whoever reads them later is to know. `since`: the time of the last look, where somebody looked before; null else.
 */
export async function tellOfSetBack(ports: Pick<EmergencyPorts, 'origin' | 'append'>, emergencies: Emergencies, since: string | null): Promise<boolean> {
  const { situation: { acts, at } } = emergencies;
  const running = runningOf(emergencies);
  if (running.length === 0) return false;
  const looked = since === null ? 0 : Math.round((Date.parse(since) - Date.parse(at)) / 1000);
  const seconds = Math.max(setBackBy(acts, await ports.origin(), at), looked);
  if (seconds <= SUSPICIOUS) return false;
  for (const facts of running) {
    const record: EmergencyPatchRecord = {
      event_type: 'emergency_patch', emergency_id: facts.one.record.emergency_id, act: 'clock-jump', release_version: facts.one.release, severity: facts.one.severity, declared_by: 'console', declared_at: at, reason: 'This console’s clock stands before what was there already', set_back_seconds: seconds,
    };
    await ports.append({ record: { ...record }, refs: [ofEmergency(facts)], attachments: [] });
  }
  return true;
}

/** The emergencies as an act finds them: a clock that was set back is on record before what is done by it. */
export async function emergenciesForAct(ports: EmergencyPorts, signal: AbortSignal): Promise<Emergencies> {
  const looked = await emergenciesNow(ports, signal);
  return (await tellOfSetBack(ports, looked, null)) ? emergenciesNow(ports, signal) : looked;
}
