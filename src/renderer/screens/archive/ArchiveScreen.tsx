import { Download, FilePlus2, RefreshCw, ShieldCheck } from 'lucide-react';
import { useEffect, useMemo, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import { Cut } from '../../components/Cut.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { useIsNarrow } from '../../components/use-is-narrow.ts';
import { VirtualTable } from '../../components/VirtualTable.tsx';
import { entryName, spaced } from '../../components/wording.ts';
import { goTo, replaceAddress } from '../../frame/route-store.ts';
import { addressOf, type ArchiveAct, type EntryView } from '../../frame/routes.ts';
import { useTaskAt } from '../../frame/task-store.ts';
import { useKeys } from '../../frame/use-keys.ts';
import { ArchiveActs } from './ArchiveActs.tsx';
import { ArchiveOutcome } from './ArchiveOutcome.tsx';
import { PAGE, readArchive, readRows, rowAt, showEntry, useArchive, verifyEverything } from './archive-store.ts';
import { EmptyArchive } from './EmptyArchive.tsx';
import { EntryPane } from './EntryPane.tsx';
import { ForkStrip, LogFacts } from './LogStrip.tsx';
import { SearchBar } from './SearchBar.tsx';
import { TimelinePart } from './TimelinePart.tsx';
import styles from './archive.module.css';

interface ArchiveScreenProps {
  readonly query: string;
  readonly entry: string | null;
  readonly view: EntryView;
  readonly act: ArchiveAct | null;
}

/** What was recorded: logs over time, entries and what is looked for among them, and what can be done with them. */
export function ArchiveScreen({ query, entry, view, act }: ArchiveScreenProps): ReactElement {
  const { total, pages, logs, forks, error, working, outcome } = useArchive();
  const task = useTaskAt(addressOf.archive);
  // Where few columns have room, the two that say most are shown.
  const few = useIsNarrow(799) || entry !== null;
  const brief = useIsNarrow(1499) || few;
  useEffect(() => {
    document.title = 'Archive · Countersign';
    void readArchive(query);
  }, [query]);
  useEffect(() => {
    void showEntry(entry);
  }, [entry]);

  const place = useMemo(() => {
    for (const [page, entries] of Object.entries(pages)) {
      const at = entries.findIndex(({ id }) => id === entry);
      if (at !== -1) return Number(page) * PAGE + at;
    }
    return null;
  }, [pages, entry]);
  const open = (index: number): void => {
    const found = rowAt(pages, index);
    if (found === null) return;
    if (entry === null) goTo(addressOf.entry(found.id, query));
    else replaceAddress(addressOf.entry(found.id, query, view));
  };
  const walk = (by: number): void => open(Math.min((total ?? 1) - 1, Math.max(0, place === null ? 0 : place + by)));
  const close = (): void => replaceAddress(addressOf.search(query));
  useKeys({
    j: () => walk(1),
    k: () => walk(-1),
    p: () => (entry === null ? false : goTo(addressOf.entry(entry, query, view === 'proof' ? 'both' : 'proof'))),
    Escape: () => (entry === null && act === null ? false : close()),
    '/': () => document.getElementById('archive-search')?.focus(),
  });

  return (
    <div className={styles['archive']} data-open={entry !== null}>
      <header className={styles['top']}>
        <div className={styles['head']}>
          <h1>Archive</h1>
          <div className={styles['acts']}>
            <Button onClick={() => goTo(addressOf.act('append', query))} testId="append-button"><FilePlus2 aria-hidden="true" />Append records</Button>
            <Button onClick={() => goTo(addressOf.act('export', query))} testId="export-button"><Download aria-hidden="true" />Export the archive</Button>
            <Button onClick={() => goTo(addressOf.act('sync', query))} testId="open-sync"><RefreshCw aria-hidden="true" />Sync the archive</Button>
            <Button kind="primary" disabled={working} testId="verify-everything" onClick={() => void verifyEverything()}><ShieldCheck aria-hidden="true" />Verify everything</Button>
          </div>
        </div>
        <ForkStrip logs={logs} forks={forks} />
        {error === null ? null : <ErrorPanel error={error} onRetry={() => void readArchive()} />}
        {act === null ? null : <ArchiveActs key={act} act={act} onClose={close} />}
        {task === null ? null : <ProgressPanel task={task} />}
        {outcome === null ? null : <ArchiveOutcome outcome={outcome} />}
        <SearchBar query={query} />
        {entry === null ? <TimelinePart query={query} /> : null}
        {entry === null ? <LogFacts logs={logs} /> : null}
      </header>
      <div className={styles['split']} data-open={entry !== null}>
        <div className={styles['list']}>
          {total === null ? null : total === 0 ? <EmptyArchive query={query} /> : (
            <VirtualTable
              label="Entries, newest first"
              testId="archive-list"
              visible="fill"
              count={total}
              current={place}
              onOpen={open}
              onRange={readRows}
              columns={few ? NARROW : WIDE}
              rowAt={(index) => {
                const found = rowAt(pages, index);
                if (found === null) return null;
                const time = <TimeText key="time" time={found.time} short={brief} />;
                const link = (
                  <a key="entry" className={styles['link']} href={addressOf.entry(found.id, query)} onClick={(event) => { event.preventDefault(); event.stopPropagation(); open(index); }}>
                    <Cut whole={found.id}>{few ? found.summary : entryName(found)}</Cut>
                  </a>
                );
                return {
                  key: found.id,
                  cells: few ? [time, link] : [time, spaced(found.event_type), <Cut key="what">{found.summary}</Cut>, found.imported ? 'brought in' : personWords(found.person), SEEN[found.witnessed], link],
                };
              }}
            />
          )}
        </div>
        {entry === null ? null : <EntryPane query={query} view={view} onClose={close} />}
      </div>
    </div>
  );
}

const WIDE = [
  { name: 'Recorded', width: 'minmax(176px, 1fr)' },
  { name: 'Type', width: '116px' },
  { name: 'What', width: 'minmax(140px, 3fr)' },
  { name: 'Whose word', width: '96px' },
  { name: 'Seen', width: '88px' },
  { name: 'Entry', width: 'minmax(132px, 0.9fr)' },
] as const;
const NARROW = [
  { name: 'Recorded', width: '172px' },
  { name: 'What', width: 'minmax(120px, 1fr)' },
] as const;

const SEEN = { witnessed: 'witnessed', seen: 'by a console', unseen: 'only here' } as const;

function personWords(person: 'not-needed' | 'not-proven' | 'proven'): string {
  return person === 'not-needed' ? 'the machine’s' : person === 'proven' ? 'proven' : 'not proven';
}
