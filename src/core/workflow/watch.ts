import { byPlace } from '../archive/entry-id.ts';
import { MonitoringRecord } from '../model/records/deployment.ts';
import { copiesOf, ofForm, pointingAt, provedBy, type Act } from './acts.ts';

/** The hours after a deployment or a rollback in which it is watched (policy §2, step 7; §9.2, step 4). */
export interface Watch {
  readonly record: string;
  readonly since: string;
  readonly due: string;
  readonly state: 'running' | 'due' | 'closed';
  readonly observations: readonly { readonly at: string; readonly status: string; readonly words: string; readonly record: string }[];
  readonly closed: { readonly by: string; readonly at: string; readonly status: string; readonly record: string } | null;
  /** What does not count, in words: a close that nobody signed, or that came too early. */
  readonly notes: readonly string[];
}

/**
 * The watch over what an act finished, by the records alone: it goes on while a console is off, and no clock that is set
 * ahead on one console ends it for the others. It is closed by the signature of somebody who may, when it was due.
 */
export function watchOf(finish: Act, acts: readonly Act[], watchers: readonly string[], now: string): Watch | null {
  const pointing = (rel: string, at: readonly Act[]): { readonly act: Act; readonly record: MonitoringRecord }[] => ofForm([...new Set(at.flatMap((one) => copiesOf(acts, one)).flatMap((one) => pointingAt(acts, rel, one)))], MonitoringRecord).filter(({ act }) => act.aside === null);
  const starts = pointing('watches', [finish]).filter(({ record }) => record.act === 'start');
  const [first] = starts.sort((a, b) => Date.parse(a.record.at) - Date.parse(b.record.at) || byPlace(a.act.id, b.act.id));
  if (first === undefined) return null;
  const due = Math.max(...starts.map(({ record }) => Date.parse(record.at) + (record.hours ?? 24) * 3_600_000));
  const begun = starts.map(({ act }) => act);
  const notes: string[] = [];
  const closes = inPlace(pointing('closes', begun)).filter(({ record }) => record.act === 'close').flatMap(({ act, record }) => {
    const signer = record.decided_by === undefined ? null : provedBy(act, record.decided_by);
    if (signer === null || !watchers.some((role) => signer.roles.has(role))) notes.push(`${act.id} closes it, and nobody who may signed that.`);
    else if (Math.min(Date.parse(record.at), Date.parse(act.entry.time)) < due) notes.push(`${act.id} closes it at ${record.at}, before it was due.`);
    else return [{ by: signer.name, at: record.at, status: record.status, record: act.id }];
    return [];
  });
  const observations = pointing('continues', begun)
    .filter(({ record }) => record.act === 'observe')
    .map(({ act, record }) => ({ at: record.at, status: record.status, words: record.observed ?? '', record: act.id }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.record < b.record ? -1 : 1));
  if (Date.parse(now) < Date.parse(first.record.at)) notes.push(`It began at ${first.record.at}, which is yet to come by the clock of this console.`);
  const closed = closes[0] ?? null;
  return {
    record: first.act.id, since: first.record.at, due: new Date(due).toISOString().replace('.000Z', 'Z'), state: closed !== null ? 'closed' : Date.parse(now) >= due ? 'due' : 'running', observations, closed, notes,
  };
}

/** What was seen of something while it was under way, before its watch began. */
export function observationsOf(start: Act, acts: readonly Act[]): Watch['observations'] {
  return ofForm(pointingAt(acts, 'continues', start), MonitoringRecord)
    .filter(({ act, record }) => act.aside === null && record.act === 'observe')
    .map(({ act, record }) => ({ at: record.at, status: record.status, words: record.observed ?? '', record: act.id }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.record < b.record ? -1 : 1));
}

function inPlace<One extends { readonly act: Act }>(some: readonly One[]): One[] {
  return [...some].sort((a, b) => byPlace(a.act.id, b.act.id));
}
