import { useEffect, useState, type ReactElement } from 'react';
import type { Assessment, EntrySummary } from '../../../core/contract/contract.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { Button } from '../../components/Button.tsx';
import { Cut } from '../../components/Cut.tsx';
import { Digest } from '../../components/Digest.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { VirtualTable } from '../../components/VirtualTable.tsx';
import { entryName, numbered, spaced } from '../../components/wording.ts';
import { client, shownError } from '../../core-client.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { UnratifiedBadge } from '../emergency/UnratifiedBadge.tsx';
import { JudgeAgain } from './JudgeAgain.tsx';
import styles from './release.module.css';
import timelineStyles from './timeline.module.css';
import { TimelineTable } from './TimelineTable.tsx';

const SHOWN = 1_000;

interface Recorded {
  readonly total: number;
  readonly entries: readonly EntrySummary[];
}

/** What was done to this release, or the records that hold it, newest first; and judging it again as it was. */
export function RecordTab({ id, assessment }: { readonly id: string; readonly assessment: Assessment }): ReactElement {
  const version = assessment.report.release;
  const [recorded, setRecorded] = useState<Recorded | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [view, setView] = useState<'timeline' | 'records'>('timeline');
  useEffect(() => {
    let gone = false;
    const read = (): void => {
      client.call('archive.list', { origin: null, event_type: null, release: version, offset: 0, limit: SHOWN }).then(
        (found) => !gone && setRecorded(found),
        (cause: unknown) => !gone && setError(shownError(cause)),
      );
    };
    read();
    const stop = client.on('archive.changed', read);
    return () => {
      gone = true;
      stop();
    };
  }, [version]);
  return (
    <div className={styles['artifacts']}>
      {error === null ? null : <ErrorPanel error={error} />}
      <UnratifiedBadge release={version} />
      <div className={timelineStyles['views']} role="group" aria-label="What is listed">
        <Button kind="quiet" aria-pressed={view === 'timeline'} onClick={() => setView('timeline')} testId="view-timeline">What was done</Button>
        <Button kind="quiet" aria-pressed={view === 'records'} onClick={() => setView('records')} testId="view-records">Records and their leaves</Button>
      </div>
      {view === 'timeline' ? <TimelineTable id={id} version={version} /> : recorded === null ? null : recorded.entries.length === 0 ? <Empty>The archive holds no record of {version} yet. Judging or signing it leaves one.</Empty> : <Records recorded={recorded} />}
      {recorded === null ? null : <JudgeAgain id={id} assessment={assessment} runs={recorded.entries.filter(({ event_type: type, imported }) => type === 'checklist_run' && !imported)} />}
      {view === 'records' && recorded !== null && recorded.total > recorded.entries.length ? (
        <p className={styles['soft']}>The newest {numbered(recorded.entries.length)} of {numbered(recorded.total)}. <a href={addressOf.recordsOf(version)}>See all in the archive</a></p>
      ) : null}
    </div>
  );
}

function Records({ recorded: { entries } }: { readonly recorded: Recorded }): ReactElement {
  return (
    <VirtualTable
      label="Records of this release"
      visible="fill"
      count={entries.length}
      onOpen={(index) => {
        const entry = entries[index];
        if (entry !== undefined) goTo(addressOf.entry(entry.id));
      }}
      columns={[
        { name: 'Recorded', width: 'minmax(150px, 260px)' },
        { name: 'Type', width: '140px' },
        { name: 'What', width: 'minmax(200px, 4fr)' },
        { name: 'Entry', width: 'minmax(128px, 1fr)' },
        { name: 'Leaf', width: '184px' },
      ]}
      rowAt={(index) => {
        const entry = entries[index];
        if (entry === undefined) return null;
        return {
          key: entry.id,
          cells: [
            <TimeText key="time" time={entry.time} />,
            spaced(entry.event_type),
            <Cut key="what">{entry.summary}</Cut>,
            <a key="entry" href={addressOf.entry(entry.id)} title={entry.id}>{entryName(entry)}</a>,
            <Digest key="leaf" value={entry.leaf} what="leaf digest" />,
          ],
        };
      }}
    />
  );
}
