import type { ReactElement, ReactNode } from 'react';
import { CommitName } from '../../components/Digest.tsx';
import { StatusBadge, StatusSign } from '../../components/StatusSign.tsx';
import { Ago, TimeText } from '../../components/TimeText.tsx';
import { counted, listed } from '../../components/wording.ts';
import { AuthorityLines } from './AuthorityLines.tsx';
import type { Board, Deployment } from './board-store.ts';
import { DeploymentActs } from './DeploymentActs.tsx';
import styles from './deployment.module.css';
import { StageLine } from './StageLine.tsx';
import { Observations, RecordLink, WatchWords } from './WatchPart.tsx';
import { METHODS } from './words.ts';

interface PartProps {
  readonly id: string;
  readonly repo: string;
  readonly deployment: Deployment;
  readonly board: Board;
  readonly now: number;
  readonly opened: boolean;
}

/** One deployment: its line closed, the whole of it open. */
export function DeploymentPart({ id, repo, deployment, board, now, opened }: PartProps): ReactElement {
  const { state, authority, record, environment, method } = deployment;
  return (
    <details className={styles['deployment']} open={opened} data-testid="deployment" data-record={record} data-state={state}>
      <summary className={styles['summary']}>
        <span className={styles['name']}><bdi>{deployment.id}</bdi></span>
        <span className={styles['soft']}><bdi>{environment}</bdi>{environment === 'production' ? `, ${METHODS[method].toLowerCase()}` : ''}</span>
        <span className={styles['badges']}>
          <StateBadge deployment={deployment} />
          {authority === 'unauthorised' ? <StatusBadge status="failed">Unauthorised</StatusBadge> : null}
          {deployment.aside === null ? null : <StatusBadge status="broken">{deployment.aside === 'imported' ? 'Imported' : 'Of a rewritten log'}</StatusBadge>}
          {deployment.rolledBack.length === 0 ? null : <StatusBadge status="stale">Rolled back</StatusBadge>}
        </span>
        <span className={styles['by']} title={deployment.by}><bdi>{deployment.by}</bdi>{deployment.proven ? '' : ', not proven'}</span>
        <span className={styles['when']}><Ago time={deployment.startedAt} /></span>
      </summary>
      <div className={styles['whole']}>
        <StageLine deployment={deployment} rules={board.rules} now={now} />
        <Facts deployment={deployment} board={board} />
        {deployment.watch === null ? null : <WatchWords watch={deployment.watch} now={now} watchers={board.rules.watchers} hours={board.rules.hours} />}
        <DeploymentActs id={id} repo={repo} deployment={deployment} board={board} now={now} />
        {authority === 'not-needed' ? null : (
          <Part title={authority === 'authorised' ? 'It had authority' : `It had no authority: ${counted(deployment.lines.filter(({ good }) => !good).length, 'line does', 'lines do')} not open`} folded={authority === 'authorised'}>
            <AuthorityLines id={id} lines={deployment.lines} />
          </Part>
        )}
        <Part title={`What was seen (${deployment.observations.length + (deployment.watch?.observations.length ?? 0)})`} folded={false}>
          <Observations seen={[...deployment.observations, ...(deployment.watch?.observations ?? [])]} />
        </Part>
      </div>
    </details>
  );
}

function Part({ title, folded, children }: { readonly title: string; readonly folded: boolean; readonly children: ReactNode }): ReactElement {
  return (
    <details className={styles['part']} open={!folded}>
      <summary><h3>{title}</h3></summary>
      {children}
    </details>
  );
}

function StateBadge({ deployment: { state, percent, watch } }: { readonly deployment: Deployment }): ReactElement {
  if (state === 'failed') return <StatusBadge status="failed">Failed</StatusBadge>;
  if (state === 'running') return <StatusBadge status="stale">{`Under way, ${percent} %`}</StatusBadge>;
  if (watch === null || watch.state === 'closed') return <StatusBadge status="passed">Finished</StatusBadge>;
  return watch.state === 'due' ? <StatusBadge status="needs-person">Watch to be closed</StatusBadge> : <StatusBadge status="stale">Watched</StatusBadge>;
}

/** What is known of it beside its stages, a line each. */
function Facts({ deployment, board }: { readonly deployment: Deployment; readonly board: Board }): ReactElement {
  const { differences, finding, reason, authority, stages } = deployment;
  const failed = stages.find(({ act }) => act === 'failed');
  return (
    <dl className={styles['facts']}>
      <dt>Deployed</dt>
      <dd>
        {counted(deployment.artifacts.length, 'artifact')}{deployment.artifacts.length === 0 ? '' : `, ${listed(deployment.artifacts.slice(0, 2).map(({ name }) => name))}${deployment.artifacts.length > 2 ? ` and ${deployment.artifacts.length - 2} more` : ''}`}
        {deployment.commit === null ? null : <>, of <CommitName id={deployment.commit} /></>}
      </dd>
      {reason === null ? null : <><dt>Said for it</dt><dd dir="auto" className={styles['said']}>{reason}</dd></>}
      {failed?.reason == null ? null : <><dt>Failed</dt><dd dir="auto" className={styles['said']}>{failed.reason} <span className={styles['soft']}>(<bdi>{failed.by}</bdi>)</span></dd></>}
      <dt>Configuration</dt>
      <dd className={styles['sentence']} dir="auto">
        <StatusSign status={differences === null ? 'not-applicable' : differences.length === 0 ? 'passed' : 'failed'} silent />
        {differences === null ? 'Not compared' : differences.length === 0 ? 'As §8.2 says' : differences.join('; ')}
      </dd>
      {authority === 'unauthorised' ? (
        <>
          <dt>Finding</dt>
          <dd className={styles['sentence']} data-testid="finding">
            <StatusSign status={finding === null ? 'needs-person' : 'passed'} silent />
            {finding === null ? `Asks ${board.rules.rollers.join(' or ') || 'the CTO'} what they find of it.` : <span dir="auto" className={styles['said']}>{finding.words} <span className={styles['soft']}>(<bdi>{finding.by}</bdi>, <TimeText time={finding.at} short />, <RecordLink id={finding.record} />)</span></span>}
          </dd>
        </>
      ) : null}
      <dt>Records</dt>
      <dd className={styles['records']}>
        <span>Begun <RecordLink id={deployment.record} /></span>
        {stages.map(({ act, percent, record }) => <span key={record}>{act === 'stage' ? `${percent} %` : act === 'finish' ? 'Ended' : act === 'failed' ? 'Failed' : act} <RecordLink id={record} /></span>)}
        {deployment.watch === null ? null : <span>Watch <RecordLink id={deployment.watch.record} /></span>}
        {deployment.documented === null ? null : <span>§11.2 <RecordLink id={deployment.documented} /></span>}
        {deployment.rolledBack.map((record) => <span key={record}>Rolled back by <RecordLink id={record} /></span>)}
      </dd>
    </dl>
  );
}

