import type { Signer } from '../checks/check.ts';
import { EmergencyPatchRecord, type EmergencyCriterion, type EmergencySeverity } from '../model/records/emergency.ts';
import { ofForm, pointingAt, provedBy, type Act } from './acts.ts';
import type { Deployment } from './deployments.ts';

/** The four criteria of policy §10.1 in its words, in its order. */
export const CRITERIA: readonly { readonly id: EmergencyCriterion; readonly clause: string; readonly words: string }[] = [
  { id: 'critical-vulnerability', clause: '§10.1', words: 'Critical security vulnerability (CVSS 9.0-10.0)' },
  { id: 'active-exploitation', clause: '§10.1', words: 'Active exploitation (attack in progress)' },
  { id: 'data-breach', clause: '§10.1', words: 'Data breach (customer data compromised)' },
  { id: 'system-outage', clause: '§10.1', words: 'System outage (production down)' },
];

/** A criterion in the words of the policy. */
export function criterionWords(id: EmergencyCriterion | null | undefined): string {
  return CRITERIA.find((one) => one.id === id)?.words ?? 'no criterion was named';
}

/** Until when a patch has to be deployed (policy §10.3). */
export interface SlaClock {
  readonly from: string;
  readonly hours: number;
  readonly due: string;
  readonly state: 'running' | 'at-risk' | 'breached' | 'met';
  /** When the patch was deployed to production; null where it is not. */
  readonly met: string | null;
}

/** An emergency as the records tell it. */
export interface Emergency {
  readonly declared: Act;
  readonly record: EmergencyPatchRecord;
  /** Who declared it, where that is proved and they may; null else: then it opens nothing. */
  readonly by: Signer | null;
  readonly criterion: EmergencyCriterion | null;
  readonly severity: EmergencySeverity;
  /** What was decided of its severity since, the oldest first. */
  readonly decisions: readonly { readonly act: Act; readonly by: string; readonly at: string; readonly severity: EmergencySeverity; readonly reason: string; readonly vector: string | null }[];
  /** The version that mends it; null as long as none is named. */
  readonly release: string | null;
  /** Who named it. */
  readonly namedBy: string | null;
  readonly sla: SlaClock;
}

/** What the policy says of emergencies, by the names of its parameters. */
export interface EmergencyRules {
  readonly declarers: readonly string[];
  readonly hours: Readonly<Record<EmergencySeverity, number>>;
  readonly atRiskPercent: number;
}

const HOUR = 3_600_000;

/** Every emergency that these acts tell of, the oldest first. What nobody who may signed is told, and changes nothing. */
export function emergenciesOf(acts: readonly Act[], deployments: readonly Deployment[], rules: EmergencyRules, now: string): Emergency[] {
  const mayDeclare = (act: Act, named: string): Signer | null => {
    const signer = provedBy(act, named);
    return signer !== null && rules.declarers.some((role) => signer.roles.has(role)) ? signer : null;
  };
  return inOrder(ofForm(acts, EmergencyPatchRecord).filter(({ record }) => record.act === 'declare')).map(({ act: declared, record }): Emergency => {
    const later = inOrder(ofForm(pointingAt(acts, 'of-emergency', declared), EmergencyPatchRecord).filter((one) => one.record.emergency_id === record.emergency_id)).flatMap((one) => {
      const signer = mayDeclare(one.act, one.record.declared_by);
      return signer === null ? [] : [{ ...one, by: signer.name }];
    });
    const decisions = later.filter((one) => one.record.act === 'severity').map((one) => ({ act: one.act, by: one.by, at: one.record.declared_at, severity: one.record.severity, reason: one.record.reason, vector: one.record.cvss_vector ?? null }));
    const severity = decisions.at(-1)?.severity ?? record.severity;
    const named = later.findLast((one) => one.record.act === 'release');
    const release = named?.record.release_version ?? record.release_version;
    const by = mayDeclare(declared, record.declared_by);
    return { declared, record, by, namedBy: release === null ? null : (named?.by ?? by?.name ?? record.declared_by), criterion: record.criterion ?? null, severity, decisions, release, sla: slaOf(record, severity, shipped(deployments, release), rules, now) };
  });
}

/**
 * The clock counts from the detection, which may lie before the declaration, and never begins anew: a decision on the severity moves
 * its end and not its beginning (policy §10.3).
 */
function slaOf(record: EmergencyPatchRecord, severity: EmergencySeverity, met: string | null, { hours, atRiskPercent }: EmergencyRules, now: string): SlaClock {
  const from = record.detected_at ?? record.declared_at;
  const length = hours[severity];
  const due = Date.parse(from) + length * HOUR;
  const ended = met === null ? null : Date.parse(met);
  const atRisk = Date.parse(now) >= Date.parse(from) + (length * HOUR * atRiskPercent) / 100;
  const state = ended !== null ? (ended <= due ? 'met' : 'breached') : Date.parse(now) > due ? 'breached' : atRisk ? 'at-risk' : 'running';
  return { from, hours: length, due: new Date(due).toISOString().replace('.000Z', 'Z'), state, met };
}

/** When the first deployment of it to production ended with smoke tests that passed. */
function shipped(deployments: readonly Deployment[], release: string | null): string | null {
  const ends = deployments.flatMap(({ record, finish, aside, state }) =>
    aside === null && state === 'finished' && record.environment === 'production' && record.release_version === release && finish?.record.smoke?.passed === true ? [finish.record.at] : []);
  return ends.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
}

function inOrder<One extends { readonly act: Act; readonly record: EmergencyPatchRecord }>(some: readonly One[]): One[] {
  return some.filter(({ act }) => act.aside === null).sort((a, b) => Date.parse(a.record.declared_at) - Date.parse(b.record.declared_at) || (a.act.id < b.act.id ? -1 : 1));
}
