import { useEffect, type ReactElement } from 'react';
import { ButtonLink } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { Screen, Section } from '../../components/Screen.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { addressOf } from '../../frame/routes.ts';
import { useBoard, type Board, type Deployment, type Rollback } from '../deployment/board-store.ts';
import { useConsoleTime } from '../deployment/use-clock.ts';
import { useKept } from '../deployment/use-kept.ts';
import { RecordLink } from '../deployment/WatchPart.tsx';
import { METHODS } from '../deployment/words.ts';
import { ProofPart } from './ProofPart.tsx';
import { openRollback, useRollback } from './rollback-store.ts';
import styles from './rollback.module.css';
import { RollbackFlow } from './RollbackFlow.tsx';

/** Whether a deployment is to be undone, and how that goes, step by step (policy §9). */
export function RollbackScreen({ id, of }: { readonly id: string; readonly of: string | null }): ReactElement {
  const { saved, error } = useRollback();
  const { board, error: boardError } = useBoard();
  useEffect(() => {
    void openRollback(id);
  }, [id]);
  const version = saved?.draft.version ?? id;
  const deployment = board?.deployments.find(({ record }) => record === of) ?? null;
  const failure = error ?? boardError;
  return (
    <Screen
      title={`Roll back ${version}`}
      lead={deployment === null ? 'Going back to the version before (policy §9).' : <>Deployment <bdi>{deployment.id}</bdi> to <bdi>{deployment.environment}</bdi>, {METHODS[deployment.method].toLowerCase()}, begun <TimeText time={deployment.startedAt} /> by <bdi>{deployment.by}</bdi> (<RecordLink id={deployment.record} />)</>}
      actions={<ButtonLink href={addressOf.release(id, 'deployment')}>Back to the board</ButtonLink>}
    >
      {failure === null ? null : <ErrorPanel error={failure} onRetry={() => void openRollback(id)} />}
      {board === null || saved === null ? null : deployment === null ? <Choose id={id} board={board} of={of} /> : <Decision key={deployment.record} id={id} repo={saved.draft.repo} board={board} deployment={deployment} />}
    </Screen>
  );
}

/** Which deployment is to be undone, where the address does not say. */
function Choose({ id, board, of }: { readonly id: string; readonly board: Board; readonly of: string | null }): ReactElement {
  const all = [...board.deployments].reverse().filter(({ environment, aside }) => environment === 'production' && aside === null);
  return (
    <Section title="Which deployment is to be undone">
      {of === null ? null : <p className={styles['soft']}>No deployment of this release is recorded as <bdi>{of}</bdi>.</p>}
      {all.length === 0 ? <Empty>{board.release} is not deployed to production, so there is nothing to roll back. What is deployed stands on its board.</Empty> : (
        <ul className={styles['choose']}>
          {all.map((one) => <li key={one.record}><a href={addressOf.rollback(id, one.record)}><bdi>{one.id}</bdi></a> <span className={styles['soft']}>{METHODS[one.method].toLowerCase()}, <TimeText time={one.startedAt} />, <bdi>{one.by}</bdi>{one.rolledBack.length > 0 ? ', rolled back' : ''}</span></li>)}
        </ul>
      )}
    </Section>
  );
}

function Decision({ id, repo, board, deployment }: { readonly id: string; readonly repo: string; readonly board: Board; readonly deployment: Deployment }): ReactElement {
  const rollbacks = board.rollbacks.filter((one) => one.deployment === deployment.record);
  const rollback = rollbacks.at(-1) ?? null;
  const { fields, change } = useKept(`rollback.${deployment.record}`, { to: '', artifacts: '', before: '', after: '' });
  const now = useConsoleTime(momentsOf(rollback));
  const decided = rollback !== null && (rollback.decision !== null || rollback.execution !== null);
  return (
    <>
      {rollback === null ? null : <Standing rollback={rollback} others={rollbacks.slice(0, -1)} />}
      {decided ? null : (
        <Section title="Whether it is called for, and can be done (§9.1, §9.2)">
          {board.planned === null ? null : <p className={styles['soft']} dir="auto">Planned: {board.planned.rollbackPlan}</p>}
          <ProofPart id={id} deployment={deployment.record} repo={repo} previous={board.planned?.previous ?? null} fields={fields} change={change} />
        </Section>
      )}
      <RollbackFlow id={id} repo={repo} of={deployment} rollback={rollback} board={board} now={now} proof={fields} />
    </>
  );
}

function Standing({ rollback, others }: { readonly rollback: Rollback; readonly others: readonly Rollback[] }): ReactElement {
  return (
    <p className={styles['soft']} data-testid="rollback-state" data-state={rollback.state}>
      <b><bdi>{rollback.id}</bdi></b>, <RecordLink id={rollback.record} />{rollback.deployment === null ? null : <>, undoes <RecordLink id={rollback.deployment} /></>}{rollback.documented === null ? null : <>, documented as <RecordLink id={rollback.documented} /></>}
      {others.length === 0 ? null : <>. Before it: {others.map((one) => <span key={one.record}><bdi>{one.id}</bdi> ({one.state}, <RecordLink id={one.record} />) </span>)}</>}
    </p>
  );
}

function momentsOf(rollback: Rollback | null): string[] {
  const { watch, cause } = rollback ?? { watch: null, cause: null };
  return [...(watch === null || watch.closed !== null ? [] : [watch.due]), ...(cause?.due == null || cause.state === 'closed' ? [] : [cause.due])];
}
