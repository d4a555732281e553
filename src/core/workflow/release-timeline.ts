import { summaryOf } from '../archive/summary.ts';
import { entryId } from '../archive/entry-id.ts';
import { isUtcTime } from '../model/primitives.ts';
import type { Act } from './acts.ts';
import type { Unratified } from './verbal.ts';

/** One thing that somebody or something did, as a release's timeline has it. */
export interface TimelineEvent {
  readonly at: string;
  readonly recorded: string;
  readonly record: string;
  readonly type: string;
  readonly summary: string;
  /** Who signed it, by name. */
  readonly people: string[];
  readonly person: 'proven' | 'not-proven' | 'not-needed';
  readonly aside: Act['aside'];
  readonly refs: { rel: string; id: string }[];
}

/** Fields in which records say when it was; the time of the entry where none does. */
const WHEN = ['at', 'planned_at', 'decided_at', 'attested_at', 'accepted_at', 'run_at', 'signed_at', 'declared_at', 'spoken_at', 'ratified_at', 'withdrawn_at', 'generated_at', 'deployment_date', 'rollback_date', 'release_date'] as const;

/** Everything that anybody did to a release, in order: by when it says that it was, and in one log never against its order. */
export function timelineOfRelease(acts: readonly Act[]): TimelineEvent[] {
  const events = acts.map((act) => ({ act, event: eventOf(act) }));
  return events
    .sort((a, b) => Date.parse(a.event.at) - Date.parse(b.event.at) || (a.act.entry.origin === b.act.entry.origin ? a.act.entry.seq - b.act.entry.seq : a.act.entry.origin < b.act.entry.origin ? -1 : 1))
    .map(({ event }) => event);
}

function eventOf({ id, entry, by, aside }: Act): TimelineEvent {
  const said = WHEN.map((field) => entry.record[field]).find((value): value is string => typeof value === 'string' && isUtcTime(value));
  return {
    at: said ?? entry.time, recorded: entry.time, record: id, type: entry.record.event_type, summary: summaryOf(entry.record), people: by.map(({ name }) => name),
    person: by.length > 0 ? 'proven' : entry.signatures.length > 0 ? 'not-proven' : 'not-needed', aside, refs: entry.refs.map((ref) => ({ rel: ref.rel, id: entryId(ref) })),
  };
}

/** The same as a table for people; what others wrote cannot break out of its cell. */
export function timelineMarkdown(release: string, events: readonly TimelineEvent[], unratified: (Unratified & { readonly at: string }) | null): string {
  const cell = (text: string): string => text.replaceAll(/[\\|`*_[\]<>#]/g, (sign) => `\\${sign}`);
  const rows = events.map(({ at, summary, people, aside, record }) => `| ${at} | ${cell(summary)} | ${people.length === 0 ? '' : cell(people.join(', '))}${aside === null ? '' : ` (${aside})`} | ${cell(record)} |`);
  const owed = unratified === null ? [] : [`**Unratified** as of ${unratified.at}: ${unratified.count} ${unratified.count === 1 ? 'approval' : 'approvals'} by word, ${unratified.overdue ? 'overdue since' : 'to be ratified by'} ${unratified.due}.`, ''];
  return `${[`# ${release}: what was done`, '', ...owed, '| when (UTC) | what | signed by | record |', '| --- | --- | --- | --- |', ...rows].join('\n')}\n`;
}
