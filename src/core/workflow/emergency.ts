import { byPlace } from '../archive/entry-id.ts';
import type { Signer } from '../checks/check.ts';
import { EmergencyPatchRecord, type EmergencyCriterion, type EmergencySeverity } from '../model/records/emergency.ts';
import { byLeafOf, ofForm, pointedAt, pointingAt, provedBy, type Act } from './acts.ts';
import type { Deployment } from './deployments.ts';
import type { Rollback } from './rollback.ts';

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
  /** When the patch was deployed to production, or rolled back in its place; null where neither is. */
  readonly met: string | null;
}

/** Something that was said in an emergency, with who is proved to have said it; null where nobody is. */
export interface Said {
  readonly act: Act;
  readonly record: EmergencyPatchRecord;
  readonly by: Signer | null;
}

/** An emergency as the records tell it. */
export interface Emergency {
  readonly declared: Act;
  readonly record: EmergencyPatchRecord;
  /** Who declared it, where that is proved and they may; null else: then it opens nothing. */
  readonly by: Signer | null;
  readonly criterion: EmergencyCriterion | null;
  readonly severity: EmergencySeverity;
  /** When it was detected, of all that are told with it the earliest, and who said so. */
  readonly detected: { readonly at: string; readonly saidBy: string | null };
  /** What was decided of its severity since, the oldest first. */
  readonly decisions: readonly { readonly act: Act; readonly by: string; readonly at: string; readonly severity: EmergencySeverity; readonly reason: string; readonly vector: string | null }[];
  /** The version that mends it; null as long as none is named. */
  readonly release: string | null;
  /** Who named it. */
  readonly namedBy: string | null;
  readonly sla: SlaClock;
  /** Its own declaration, and those that are told with it. */
  readonly declarations: readonly Said[];
  /** Everything that was said in it, and in those that are told with it, the oldest first, by whomever. */
  readonly said: readonly Said[];
  /** The declaration of the one that it is told with; null where it stands for itself. */
  readonly mergedInto: Act | null;
  readonly closed: (Said & { readonly by: Signer }) | null;
}

/** What the policy says of emergencies, by the names of its parameters. */
export interface EmergencyRules {
  readonly declarers: readonly string[];
  readonly hours: Readonly<Record<EmergencySeverity, number>>;
  readonly atRiskPercent: number;
}

const HOUR = 3_600_000;
/** The worse first, where two are told as one. */
const WORSE: readonly EmergencySeverity[] = ['critical', 'unknown', 'high'];

/** Every emergency that these acts tell of, the oldest first. What nobody who may signed is told, and changes nothing. */
export function emergenciesOf(acts: readonly Act[], deployments: readonly Deployment[], rules: EmergencyRules, now: string, rollbacks: readonly Rollback[] = []): Emergency[] {
  const isDeclarer = (signer: Signer | null): signer is Signer => signer !== null && rules.declarers.some((role) => signer.roles.has(role));
  const declarations: Said[] = inOrder(ofForm(acts, EmergencyPatchRecord).filter(({ record }) => record.act === 'declare')).map((one) => ({ ...one, by: provedBy(one.act, one.record.declared_by) }));
  const saidOf = ({ act: declared, record }: Said): Said[] =>
    inOrder(ofForm(pointingAt(acts, 'of-emergency', declared), EmergencyPatchRecord).filter((one) => one.record.emergency_id === record.emergency_id)).map((one) => ({ ...one, by: provedBy(one.act, one.record.declared_by) }));
  const merged = mergesOf(declarations, saidOf, isDeclarer, acts);
  return declarations.map((declaration): Emergency => {
    const into = merged.get(declaration.act.leaf) ?? null;
    const group = into === null ? [declaration, ...declarations.filter((other) => other !== declaration && rootOf(other.act.leaf, merged) === declaration.act.leaf)] : [declaration];
    const said = inOrder(group.flatMap(saidOf));
    const counted = said.filter((one): one is Said & { readonly by: Signer } => isDeclarer(one.by));
    const decisions = counted.filter(({ record: { act } }) => act === 'severity').map(({ act, record, by }) => ({ act, by: by.name, at: record.declared_at, severity: record.severity, reason: record.reason, vector: record.cvss_vector ?? null }));
    const severity = severityOf(group, decisions, counted);
    const named = counted.findLast(({ record }) => record.act === 'release');
    const naming = group.find(({ record }) => record.release_version !== null) ?? declaration;
    const release = named?.record.release_version ?? naming.record.release_version;
    const by = isDeclarer(declaration.by) ? declaration.by : null;
    const [earliest = declaration] = [...group].sort((a, b) => Date.parse(detectedAt(a)) - Date.parse(detectedAt(b)));
    const detected = { at: detectedAt(earliest), saidBy: earliest.record.detected_said_by ?? null };
    const answer = counted.findLast(({ record }) => record.act === 'roll-back-instead')?.record.roll_back ?? null;
    const ends = [shipped(deployments, release)?.finish?.record.at ?? null, answer === 'instead' ? (restored(rollbacks, detected.at)?.finish?.record.at ?? null) : null].filter((at) => at !== null);
    const closed = counted.find(({ record }) => record.act === 'close') ?? null;
    return {
      declared: declaration.act, record: declaration.record, by, namedBy: release === null ? null : (named?.by.name ?? naming.by?.name ?? naming.record.declared_by), criterion: declaration.record.criterion ?? null, severity, detected, decisions, release,
      sla: slaOf(detected.at, severity, ends.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null, rules, closed?.record.declared_at ?? now),
      declarations: group, said, mergedInto: into, closed,
    };
  });
}

/**
 * Which emergency is told with which from then on: both declarations are proved, by whoever may. The first word counts, and one that
 * would lead back to where it began is none, so that no log, however it was written, leads in a circle.
 */
function mergesOf(declarations: readonly Said[], saidOf: (one: Said) => readonly Said[], isDeclarer: (signer: Signer | null) => signer is Signer, acts: readonly Act[]): ReadonlyMap<string, Act> {
  const merged = new Map<string, Act>();
  const proved = new Map(declarations.filter(({ by }) => isDeclarer(by)).map((one) => [one.act.leaf, one]));
  const words = inOrder([...proved.values()].flatMap((one) => saidOf(one).filter(({ record, by }) => record.act === 'merge' && isDeclarer(by)).map((said) => ({ ...said, from: one.act }))));
  for (const { act, record, from } of words) {
    const [into] = pointedAt(act, 'into', byLeafOf(acts));
    if (into === undefined || merged.has(from.leaf) || proved.get(into.leaf)?.record.emergency_id !== record.merged_into || rootOf(into.leaf, merged) === from.leaf) continue;
    merged.set(from.leaf, into);
  }
  return merged;
}

/** Where a merge ends; each leads to one that was no circle when it was taken in, so it ends. */
function rootOf(leaf: string, merged: ReadonlyMap<string, Act>): string {
  let root = leaf;
  for (let next = merged.get(root); next !== undefined; next = merged.get(root)) root = next.leaf;
  return root;
}

/** The last decision counts; where two became one after it, the worse of what each was, until it is decided anew. */
function severityOf(group: readonly Said[], decisions: Emergency['decisions'], counted: readonly Said[]): EmergencySeverity {
  const joined = group.length === 1 ? null : (counted.filter(({ record }) => record.act === 'merge').at(-1) ?? null);
  const last = decisions.at(-1);
  if (last !== undefined && (joined === null || Date.parse(last.at) > Date.parse(joined.record.declared_at))) return last.severity;
  const own = group.map(({ record, act }) => decisions.findLast((one) => one.act.entry.refs.some(({ rel, leaf }) => rel === 'of-emergency' && leaf === act.leaf))?.severity ?? record.severity);
  return WORSE.find((severity) => own.includes(severity)) ?? 'unknown';
}

function detectedAt({ record }: Said): string {
  return record.detected_at ?? record.declared_at;
}

/**
 * The clock counts from the detection, which may lie before the declaration, and never begins anew: a decision on the severity moves
 * its end and not its beginning (policy §10.3).
 */
function slaOf(from: string, severity: EmergencySeverity, met: string | null, { hours, atRiskPercent }: EmergencyRules, now: string): SlaClock {
  const length = hours[severity];
  const due = Date.parse(from) + length * HOUR;
  const ended = met === null ? null : Date.parse(met);
  const atRisk = Date.parse(now) >= Date.parse(from) + (length * HOUR * atRiskPercent) / 100;
  const state = ended !== null ? (ended <= due ? 'met' : 'breached') : Date.parse(now) > due ? 'breached' : atRisk ? 'at-risk' : 'running';
  return { from, hours: length, due: new Date(due).toISOString().replace('.000Z', 'Z'), state, met };
}

/** The first deployment of a version to production that ended with smoke tests that passed. */
export function shipped(deployments: readonly Deployment[], release: string | null): Deployment | null {
  const ended = deployments.filter(({ record, finish, aside, state }) => aside === null && state === 'finished' && record.environment === 'production' && record.release_version === release && finish?.record.smoke?.passed === true);
  return ended.sort((a, b) => Date.parse(a.finish?.record.at ?? '') - Date.parse(b.finish?.record.at ?? ''))[0] ?? null;
}

/** The first rollback of production that was called for since something was detected, and that ended well (policy §9.2). */
export function restored(rollbacks: readonly Rollback[], since: string): Rollback | null {
  return rollbacks.find(({ record, finish }) => finish !== null && record.environment === 'production' && Date.parse(record.at) >= Date.parse(since)) ?? null;
}

function inOrder<One extends { readonly act: Act; readonly record: EmergencyPatchRecord }>(some: readonly One[]): One[] {
  return some.filter(({ act }) => act.aside === null).sort((a, b) => Date.parse(a.record.declared_at) - Date.parse(b.record.declared_at) || byPlace(a.act.id, b.act.id));
}
