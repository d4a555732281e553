import { Download, FilePlus2, RefreshCw, ShieldCheck } from 'lucide-react';
import { useEffect, useMemo, useRef, type ReactElement } from 'react';
import { KNOWN_EVENT_TYPES } from '../../../core/model/archive.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { Cut } from '../../components/Cut.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { VirtualTable } from '../../components/VirtualTable.tsx';
import { counted, entryName, numbered, spaced } from '../../components/wording.ts';
import { goTo, replaceAddress } from '../../frame/route-store.ts';
import { addressOf, type ArchiveAct } from '../../frame/routes.ts';
import { useTaskAt } from '../../frame/task-store.ts';
import { useKeys } from '../../frame/use-keys.ts';
import { ArchiveActs } from './ArchiveActs.tsx';
import { ArchiveOutcome } from './ArchiveOutcome.tsx';
import { PAGE, readArchive, readRows, rowAt, showEntry, useArchive, verifyEverything, type Filters } from './archive-store.ts';
import { EntryPane } from './EntryPane.tsx';
import { LogStrip } from './LogStrip.tsx';
import styles from './archive.module.css';

/** What was recorded: logs, entries, and what can be done with them. */
export function ArchiveScreen({ entry, release, act }: { readonly entry: string | null; readonly release: string | null; readonly act: ArchiveAct | null }): ReactElement {
  const { total, pages, logs, error, working, outcome } = useArchive();
  const task = useTaskAt(addressOf.archive);
  useEffect(() => {
    document.title = 'Archive · Countersign';
    const { filters } = useArchive.getState();
    void readArchive(release === null ? filters : { ...filters, release });
  }, [release]);
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
    if (entry === null) goTo(addressOf.entry(found.id));
    else replaceAddress(addressOf.entry(found.id));
  };
  const walk = (by: number): void => open(Math.min((total ?? 1) - 1, Math.max(0, place === null ? 0 : place + by)));
  const close = (): void => replaceAddress(addressOf.archive);
  useKeys({
    j: () => walk(1),
    k: () => walk(-1),
    Escape: () => (entry === null && act === null ? false : close()),
    '/': () => document.getElementById('archive-release')?.focus(),
  });

  return (
    <div className={styles['archive']}>
      <header className={styles['top']}>
        <div className={styles['head']}>
          <h1>Archive</h1>
          <div className={styles['acts']}>
            <Button onClick={() => goTo(`${addressOf.archive}?act=append`)} testId="append-button"><FilePlus2 aria-hidden="true" />Append records</Button>
            <Button onClick={() => goTo(`${addressOf.archive}?act=export`)} testId="export-button"><Download aria-hidden="true" />Export the archive</Button>
            <Button onClick={() => goTo(`${addressOf.archive}?act=sync`)} testId="open-sync"><RefreshCw aria-hidden="true" />Sync the archive</Button>
            <Button kind="primary" disabled={working} testId="verify-everything" onClick={() => void verifyEverything()}><ShieldCheck aria-hidden="true" />Verify everything</Button>
          </div>
        </div>
        <LogStrip logs={logs} onlyForked={entry !== null} />
        {error === null ? null : <ErrorPanel error={error} onRetry={() => void readArchive()} />}
        {act === null ? null : <ArchiveActs key={act} act={act} onClose={close} />}
        {task === null ? null : <ProgressPanel task={task} />}
        {outcome === null ? null : <ArchiveOutcome outcome={outcome} />}
        <FilterBar />
      </header>
      <div className={styles['split']} data-open={entry !== null}>
        <div className={styles['list']}>
          {total === null ? null : total === 0 ? <EmptyArchive /> : (
            <VirtualTable
              label="Entries, newest first"
              testId="archive-list"
              visible="fill"
              count={total}
              current={place}
              onOpen={open}
              onRange={readRows}
              columns={entry === null ? WIDE : NARROW}
              rowAt={(index) => {
                const found = rowAt(pages, index);
                if (found === null) return null;
                const time = <TimeText key="time" time={found.time} short={entry !== null} />;
                const link = (
                  <a key="entry" className={styles['link']} href={addressOf.entry(found.id)} onClick={(event) => { event.preventDefault(); event.stopPropagation(); open(index); }}>
                    <Cut whole={found.id}>{entry === null ? entryName(found) : found.summary}</Cut>
                  </a>
                );
                return {
                  key: found.id,
                  cells: entry === null ? [time, spaced(found.event_type), <Cut key="what">{found.summary}</Cut>, found.imported ? 'brought in' : personWords(found.person), SEEN[found.witnessed], link] : [time, link],
                };
              }}
            />
          )}
        </div>
        {entry === null ? null : <EntryPane onClose={close} />}
      </div>
    </div>
  );
}

const WIDE = [
  { name: 'Recorded', width: 'minmax(150px, 280px)' },
  { name: 'Type', width: '140px' },
  { name: 'What', width: 'minmax(200px, 4fr)' },
  { name: 'Whose word', width: '112px' },
  { name: 'Seen', width: '96px' },
  { name: 'Entry', width: 'minmax(140px, 1fr)' },
] as const;
const NARROW = [
  { name: 'Recorded', width: '172px' },
  { name: 'What', width: 'minmax(120px, 1fr)' },
] as const;

const SEEN = { witnessed: 'witnessed', seen: 'by a console', unseen: 'only here' } as const;

function personWords(person: 'not-needed' | 'not-proven' | 'proven'): string {
  return person === 'not-needed' ? 'the machine’s' : person === 'proven' ? 'proven' : 'not proven';
}

function EmptyArchive(): ReactElement {
  const { origin, event_type, release } = useArchive((state) => state.filters);
  return origin === null && event_type === null && release === null
    ? <Empty>The archive holds no entry yet. Judging or signing a release leaves the first.</Empty>
    : <Empty action={<Button onClick={() => void readArchive({ origin: null, event_type: null, release: null })}>Show every entry</Button>}>No entry answers to this filter.</Empty>;
}

function FilterBar(): ReactElement {
  const { filters, logs, total } = useArchive();
  const timer = useRef(0);
  const change = (part: Partial<Filters>): void => void readArchive({ ...filters, ...part });
  return (
    <div className={styles['filters']} role="search" aria-label="Filter the entries">
      <select className={`${controls['input'] ?? ''} ${styles['filter'] ?? ''}`} aria-label="Log" value={filters.origin ?? ''} onChange={(event) => change({ origin: event.target.value === '' ? null : event.target.value })}>
        <option value="">Every log</option>
        {logs.map(({ origin, own }) => <option key={origin} value={origin}>{own ? `${origin} (this console)` : origin}</option>)}
      </select>
      <select className={`${controls['input'] ?? ''} ${styles['filter'] ?? ''}`} aria-label="Type" value={filters.event_type ?? ''} onChange={(event) => change({ event_type: event.target.value === '' ? null : event.target.value })}>
        <option value="">Every type</option>
        {KNOWN_EVENT_TYPES.map((name) => <option key={name} value={name}>{spaced(name)}</option>)}
      </select>
      <input
        id="archive-release" key={filters.release ?? ''} className={`${controls['input'] ?? ''} ${styles['filter'] ?? ''}`} aria-label="Release" placeholder="Release, such as v1.1.0" defaultValue={filters.release ?? ''}
        autoComplete="off" spellCheck={false}
        onKeyDown={(event) => { if (event.key === 'Enter') change({ release: event.currentTarget.value.trim() === '' ? null : event.currentTarget.value.trim() }); }}
        onBlur={(event) => {
          const typed = event.currentTarget.value.trim();
          window.clearTimeout(timer.current);
          if ((typed === '' ? null : typed) !== filters.release) timer.current = window.setTimeout(() => change({ release: typed === '' ? null : typed }), 0);
        }}
      />
      <span className={styles['total']} role="status">{total === null ? '' : total === 0 ? 'No entry' : `${counted(total, 'entry', 'entries')}, newest first`}<span className="unseen"> {numbered(total ?? 0)}</span></span>
    </div>
  );
}
