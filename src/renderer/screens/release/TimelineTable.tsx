import { useState, type ReactElement } from 'react';
import type { Output } from '../../../core/contract/types.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Cut, PathText } from '../../components/Cut.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { FolderDialog } from '../../components/FolderDialog.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { VirtualTable } from '../../components/VirtualTable.tsx';
import { capital, counted, numbered, spaced, utc } from '../../components/wording.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { showKind, useTimeline, writeTimeline } from './timeline-store.ts';
import styles from './timeline.module.css';

type Event = Output<'release.timeline'>['events'][number];

/** Everything that anybody did to this release, from all logs, newest first. */
export function TimelineTable({ id, version }: { readonly id: string; readonly version: string }): ReactElement {
  const { timeline, kind, written, error } = useTimeline(id, version);
  const [saving, setSaving] = useState<'markdown' | 'json' | null>(null);
  if (timeline === null) return error === null ? <p className={styles['soft']}>Reading what was done.</p> : <ErrorPanel error={error} />;
  const { events, markdown } = timeline;
  const kinds = [...new Map(events.map(({ type }) => [type, events.filter((event) => event.type === type).length]))].sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = events.filter(({ type }) => kind === null || type === kind).reverse();
  return (
    <>
      {error === null ? null : <ErrorPanel error={error} />}
      {events.length === 0 ? <Empty>Nothing was done to {version} yet. What is judged, signed, planned, approved and deployed stands here, from every console whose log this one holds.</Empty> : (
        <>
          <div className={styles['tools']}>
            <label className={styles['kind']}>
              <span className={controls['label']}>Kind</span>
              <select className={controls['input']} value={kind ?? ''} data-testid="timeline-kind" onChange={(event) => showKind(version, event.target.value === '' ? null : event.target.value)}>
                <option value="">All, {numbered(events.length)}</option>
                {kinds.map(([type, count]) => <option key={type} value={type}>{capital(spaced(type))}, {numbered(count)}</option>)}
              </select>
            </label>
            <div className={styles['exports']}>
              <CopyButton text={markdown} what="the timeline as Markdown" label="Copy as Markdown" />
              <CopyButton text={JSON.stringify({ release: version, events }, null, 2)} what="the timeline as JSON" label="Copy as JSON" />
              <Button kind="quiet" onClick={() => setSaving('markdown')} testId="write-markdown">Write as Markdown</Button>
              <Button kind="quiet" onClick={() => setSaving('json')} testId="write-json">Write as JSON</Button>
            </div>
          </div>
          {written === null ? null : <p className={styles['soft']} role="status" data-testid="timeline-written">{counted(events.length, 'event')} written to <PathText path={written} />.</p>}
          <Events events={shown} />
        </>
      )}
      {saving === null ? null : <FolderDialog title={`Where is the timeline of ${version} to lie?`} choose="folder" start={null} onClose={() => setSaving(null)} onChoose={(folder) => { setSaving(null); void writeTimeline(id, version, folder, saving); }} />}
    </>
  );
}

function Events({ events }: { readonly events: readonly Event[] }): ReactElement {
  return (
    <VirtualTable
      label="What was done to this release"
      visible="fill"
      testId="timeline"
      count={events.length}
      onOpen={(index) => {
        const event = events[index];
        if (event !== undefined) goTo(addressOf.entry(event.record));
      }}
      columns={[
        { name: 'When', width: 'minmax(140px, 220px)' },
        { name: 'Kind', width: '132px' },
        { name: 'What', width: 'minmax(160px, 4fr)' },
        { name: 'Who', width: 'minmax(120px, 1.4fr)' },
        { name: 'Points at', width: 'minmax(90px, 1fr)' },
        { name: 'Record', width: 'minmax(100px, 1fr)' },
      ]}
      rowAt={(index) => {
        const event = events[index];
        if (event === undefined) return null;
        const { at, recorded, record, type, summary, refs } = event;
        return {
          key: record,
          cells: [
            <span key="when" title={recorded === at ? undefined : `Recorded ${utc(recorded)} UTC`}><TimeText time={at} short /></span>,
            <Cut key="kind">{capital(spaced(type))}</Cut>,
            <Cut key="what">{summary}</Cut>,
            <Who key="who" event={event} />,
            <span key="refs" className={styles['refs']}>{refs.map(({ rel, id }) => <a key={`${rel} ${id}`} href={addressOf.entry(id)} title={`${spaced(rel)}: ${id}`} onClick={(click) => click.stopPropagation()}>{spaced(rel)}</a>)}</span>,
            <a key="record" href={addressOf.entry(record)} title={record} onClick={(click) => click.stopPropagation()}><Cut>{record.split('/').at(-1) ?? record}</Cut></a>,
          ],
        };
      }}
    />
  );
}

const ASIDE = { imported: 'imported', forked: 'of a rewritten log' } as const;

/** Who signed it; what a machine saw needs nobody, and what was only claimed is said so. */
function Who({ event: { people, person, aside } }: { readonly event: Event }): ReactElement {
  const words = [person === 'proven' ? people.join(', ') : person === 'not-proven' ? 'Not proved' : 'Observed', aside === null ? null : ASIDE[aside]].filter((part) => part !== null).join(', ');
  return <span className={styles['who']}><StatusSign status={aside !== null ? 'stale' : person === 'proven' ? 'passed' : person === 'not-proven' ? 'missing' : 'not-applicable'} silent /><Cut>{words}</Cut></span>;
}
