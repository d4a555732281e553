import { X } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import type { ArchiveVerification } from '../../../core/contract/contract.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { Status } from '../../../core/model/verdict.ts';
import { PathText } from '../../components/Cut.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { StatusBadge, StatusSign } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted, sized } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { useArchive, type Outcome } from './archive-store.ts';
import styles from './archive.module.css';

const VERDICTS: Readonly<Record<ArchiveVerification['verdict'], { readonly status: Status; readonly words: string }>> = {
  good: { status: 'passed', words: 'Good' },
  bad: { status: 'failed', words: 'Bad' },
  'key-unknown': { status: 'needs-person', words: 'Key not known' },
};

/** How the last act with the archive ended. It stays until the next, or until it is closed. */
export function ArchiveOutcome({ outcome }: { readonly outcome: Outcome }): ReactElement {
  switch (outcome.act) {
    case 'failed':
      return <ErrorPanel error={outcome.error} />;
    case 'verify':
      return <Verified verification={outcome.verification} at={outcome.at} />;
    case 'sync':
      return <Synced outcome={outcome} />;
    case 'export': {
      const { path, logs, entries, files } = outcome.result;
      return (
        <Panel testId="export-result">
          <p><StatusBadge status="passed">Exported</StatusBadge> {counted(entries, 'entry', 'entries')} of {counted(logs, 'log')} in {counted(files, 'file')}.</p>
          <PathText path={path} />
        </Panel>
      );
    }
    case 'append':
      return (
        <Panel testId="append-result">
          <p><StatusBadge status="passed">Appended</StatusBadge> {counted(outcome.result.count, 'record')}.</p>
          <ul className={styles['lines']}>
            {outcome.result.appended.slice(0, 20).flatMap(({ id, warnings }) => warnings.map((warning) => <li key={`${id}-${warning}`}><a href={addressOf.entry(id)}>{id}</a> {warning}</li>))}
          </ul>
        </Panel>
      );
  }
}

function Verified({ verification, at }: { readonly verification: ArchiveVerification; readonly at: string }): ReactElement {
  const { verdict, entries, logs, problems } = verification;
  return (
    <Panel testId="archive-result">
      <p>
        <StatusBadge status={VERDICTS[verdict].status}>{VERDICTS[verdict].words}</StatusBadge> {counted(entries, 'entry', 'entries')} of {counted(logs.length, 'log')} recomputed, <TimeText time={at} />
      </p>
      <ul className={styles['lines']}>
        {logs.map(({ origin, size, root, verdict: each }) => (
          <li key={origin}><StatusSign status={VERDICTS[each].status} /> {origin}: {counted(size, 'entry', 'entries')}{root === null ? '' : <>, root <code title={root}>{root.slice(0, 12)}…</code></>}</li>
        ))}
      </ul>
      {problems.length === 0 ? null : (
        <ul className={styles['lines']}>
          {problems.map(({ code, message, place }, index) => <li key={index} className={styles['problem']}><StatusSign status={verdict === 'good' ? 'not-applicable' : 'failed'} silent /> {message} {place === null ? '' : <code>{place}</code>} <span className={styles['soft']}>{code}</span></li>)}
        </ul>
      )}
    </Panel>
  );
}

function Synced({ outcome: { result } }: { readonly outcome: Extract<Outcome, { act: 'sync' }> }): ReactElement {
  const moved = (list: readonly { readonly origin: string; readonly entries: number }[]): string =>
    list.length === 0 ? 'nothing' : list.map(({ origin, entries }) => `${counted(entries, 'entry', 'entries')} of ${origin}`).join(', ');
  return (
    <Panel testId="sync-result">
      <p>
        <StatusBadge status={result.problems.length === 0 ? 'passed' : 'broken'}>{result.problems.length === 0 ? 'Synced' : counted(result.problems.length, 'problem')}</StatusBadge>{' '}
        Handed over {moved(result.pushed)}; brought in {moved(result.pulled)}.
      </p>
      {result.attachments === undefined ? null : <p>{attachmentWords(result.attachments)}</p>}
      <PathText path={result.url} />
      {result.problems.length === 0 ? null : (
        <ul className={styles['lines']}>
          {result.problems.map(({ origin, code, message }, index) => <li key={index} className={styles['problem']}><StatusSign status="broken" silent /> {origin}: {message} <span className={styles['soft']}>{code}</span></li>)}
        </ul>
      )}
    </Panel>
  );
}

function attachmentWords({ pulled, pulledBytes, pushed, pushedBytes, erased, neverHad }: NonNullable<Output<'sync.run'>['attachments']>): string {
  return [
    `Attachments: ${pushed} handed over (${sized(pushedBytes)}), ${pulled} brought in (${sized(pulledBytes)})`,
    ...(erased === 0 ? [] : [`${erased} withheld ones removed there`]),
    ...(neverHad === 0 ? [] : [`${neverHad} larger than the policy takes left there`]),
  ].join('; ');
}

function Panel({ testId, children }: { readonly testId: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className={styles['outcome']} role="status" data-testid={testId}>
      <div className={styles['outcomeBody']}>{children}</div>
      <button type="button" className={styles['close']} aria-label="Close this result" onClick={() => useArchive.setState({ outcome: null })}><X aria-hidden="true" /></button>
    </section>
  );
}
