import { csvLine } from '../archive/csv-export.ts';
import { byPlace } from '../archive/entry-id.ts';
import { DeploymentRecord, RollbackRecord } from '../model/archive.ts';
import { ofForm, type Act } from './acts.ts';
import { deploymentsOf } from './deployments.ts';
import type { DeploymentRules } from './deployment-rules.ts';
import { rollbacksOf } from './rollback.ts';

/** A time to production that something took, for plots. */
interface Shipped {
  readonly id: string;
  readonly release: string;
  readonly at: string;
  /** From the commit in the middle of its range to the end of its deployment, in hours; null where the records do not say. */
  readonly leadHours: number | null;
  readonly failed: boolean;
  readonly imported: boolean;
}

interface Restored {
  readonly id: string;
  readonly from: string;
  readonly at: string;
  /** From when it was detected to the end of the rollback; null where the records do not say when it was detected. */
  readonly hours: number | null;
}

/** DORA's four, over the production deployments of a stretch of time, and the share of emergencies. */
export interface Metrics {
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly deployments: number;
  /** Of them, those that other programs told of. */
  readonly imported: number;
  readonly deploymentFrequency: { readonly perWeek: number };
  readonly leadTime: { readonly medianHours: number | null; readonly counted: number };
  readonly changeFailureRate: { readonly share: number | null; readonly failed: number };
  readonly timeToRestore: { readonly medianHours: number | null; readonly counted: number };
  readonly shipped: readonly Shipped[];
  readonly restored: readonly Restored[];
  /** Emergencies that were declared in that time (policy §10.1), and how many of the versions that went to production mended one. */
  readonly emergencies: { readonly declared: number; /** Whose criterion did not hold, as whoever ratified found. */ readonly denied: number; readonly releases: { readonly of: number; readonly all: number; readonly percent: number | null } };
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Works the four figures out of the records alone; in whatever order they come, equal records give equal figures. */
export function metricsOf(acts: readonly Act[], rules: DeploymentRules, stretch: { readonly from: string; readonly to: string }, emergencies: readonly EmergencyFigure[] = []): Metrics {
  const within = (at: string): boolean => Date.parse(at) >= Date.parse(stretch.from) && Date.parse(at) < Date.parse(stretch.to);
  const rolledBack = versionsRolledBack(acts);
  const shipped = [...ownShipped(acts, rules, stretch.to, rolledBack), ...importedShipped(acts, rolledBack)].filter(({ at }) => within(at)).sort(inOrder);
  const restored = restoredOf(acts, rules, stretch.to).filter(({ at }) => within(at)).sort(inOrder);
  const days = Math.max(1, (Date.parse(stretch.to) - Date.parse(stretch.from)) / DAY);
  const leads = shipped.flatMap(({ leadHours }) => (leadHours === null ? [] : [leadHours]));
  const times = restored.flatMap(({ hours }) => (hours === null ? [] : [hours]));
  const failed = shipped.filter((one) => one.failed).length;
  return {
    ...stretch, days: rounded(days), deployments: shipped.length, imported: shipped.filter(({ imported }) => imported).length,
    deploymentFrequency: { perWeek: rounded((shipped.length / days) * 7) },
    leadTime: { medianHours: medianOf(leads), counted: leads.length },
    changeFailureRate: { share: shipped.length === 0 ? null : rounded(failed / shipped.length), failed },
    timeToRestore: { medianHours: medianOf(times), counted: times.length },
    shipped, restored, emergencies: emergencyFigures(emergencies.filter(({ declaredAt }) => within(declaredAt)), new Set(emergencies.flatMap(({ release }) => release ?? [])), new Set(shipped.map(({ release }) => release))),
  };
}

/** What is counted of an emergency that somebody declared who may, and that is told with no other. */
export interface EmergencyFigure {
  readonly declaredAt: string;
  readonly release: string | null;
  readonly denied: boolean;
}

function emergencyFigures(declared: readonly EmergencyFigure[], mending: ReadonlySet<string>, versions: ReadonlySet<string>): Metrics['emergencies'] {
  const of = [...versions].filter((release) => mending.has(release)).length;
  return { declared: declared.length, denied: declared.filter(({ denied }) => denied).length, releases: { of, all: versions.size, percent: versions.size === 0 ? null : rounded((of / versions.size) * 100) } };
}

/** A line for each deployment and each rollback, as spreadsheets read it; hours that the records do not say are left empty. */
export function metricsTable({ shipped, restored }: Metrics): string {
  return [
    csvLine(['what', 'record', 'release', 'at', 'failed', 'imported', 'lead_hours', 'restored_hours']),
    ...shipped.map(({ id, release, at, failed, imported, leadHours }) => csvLine(['deployment', id, release, at, String(failed), String(imported), leadHours === null ? '' : String(leadHours), ''])),
    ...restored.map(({ id, from, at, hours }) => csvLine(['rollback', id, from, at, '', '', '', hours === null ? '' : String(hours)])),
  ].join('');
}

/** Deployments that this archive saw from their beginning; one that failed on the way was a change that failed. */
function ownShipped(acts: readonly Act[], rules: DeploymentRules, now: string, rolledBack: ReadonlySet<string>): Shipped[] {
  return deploymentsOf(acts, rules, now).flatMap(({ record, state, finish, stages, start, aside, rolledBack: by }) => {
    if (record.environment !== 'production' || aside !== null || state === 'running') return [];
    const at = finish?.record.at ?? stages.at(-1)?.record.at ?? record.at;
    const median = record.median_change_at ?? null;
    const hours = median === null || state === 'failed' ? null : (Date.parse(at) - Date.parse(median)) / HOUR;
    return [{ id: start.id, release: record.release_version, at, leadHours: hours === null || hours < 0 ? null : rounded(hours), failed: state === 'failed' || by.length > 0 || rolledBack.has(record.release_version), imported: false }];
  });
}

/** Deployments of which there is only the record of policy §11.2: those of other programs. */
function importedShipped(acts: readonly Act[], rolledBack: ReadonlySet<string>): Shipped[] {
  const records = ofForm(acts, DeploymentRecord).filter(({ act, record }) => act.aside !== 'forked' && record.deployment_environment === 'production' && !act.entry.refs.some(({ rel }) => rel === 'documents'));
  // One that two consoles imported is one deployment.
  const once = new Map([...records].reverse().map(({ act, record }) => [`${record.deployment_id} ${record.release_version} ${record.deployment_date}`, { act, record }]));
  return [...once.values()].map(({ act, record }) => ({
    id: act.id, release: record.release_version, at: record.deployment_date, leadHours: null, failed: !/^(?:success|deployed)/.test(record.deployment_status) || rolledBack.has(record.release_version), imported: act.aside === 'imported',
  }));
}

/** Versions of which somebody recorded, without having followed it here, that they were rolled back. */
function versionsRolledBack(acts: readonly Act[]): ReadonlySet<string> {
  return new Set(ofForm(acts, RollbackRecord).filter(({ act }) => act.aside !== 'forked' && !act.entry.refs.some(({ rel }) => rel === 'documents')).map(({ record }) => record.from_version));
}

function restoredOf(acts: readonly Act[], rules: DeploymentRules, now: string): Restored[] {
  const own = rollbacksOf(acts, rules, now).flatMap(({ record, start, finish }): Restored[] => {
    if (finish === null || record.environment !== 'production') return [];
    const hours = (Date.parse(finish.record.at) - Date.parse(record.at)) / HOUR;
    return [{ id: start.id, from: record.release_version, at: finish.record.at, hours: hours < 0 ? null : rounded(hours) }];
  });
  const others = ofForm(acts, RollbackRecord).filter(({ act }) => act.aside !== 'forked' && !act.entry.refs.some(({ rel }) => rel === 'documents'));
  const once = new Map([...others].reverse().map(({ act, record }) => [`${record.rollback_id} ${record.from_version} ${record.rollback_date}`, { act, record }]));
  return [...own, ...[...once.values()].map(({ act, record }): Restored => ({ id: act.id, from: record.from_version, at: record.rollback_date, hours: null }))];
}

function inOrder(a: { readonly at: string; readonly id: string }, b: { readonly at: string; readonly id: string }): number {
  return Date.parse(a.at) - Date.parse(b.at) || byPlace(a.id, b.id);
}

/** Of an even count the mean of the two in the middle. */
function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return low === undefined || high === undefined ? null : rounded((low + high) / 2);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
