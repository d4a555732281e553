import { useEffect, useState, type ReactElement } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { Section } from '../../components/Screen.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { Ago } from '../../components/TimeText.tsx';
import { capital, counted } from '../../components/wording.ts';
import { readBoard, useBoard, type Board, type Deployment } from './board-store.ts';
import { UnratifiedBadge } from '../emergency/UnratifiedBadge.tsx';
import { DeploymentPart } from './DeploymentPart.tsx';
import styles from './deployment.module.css';
import { StartForm } from './StartForm.tsx';
import { useConsoleTime } from './use-clock.ts';
import { useFocusKept } from './use-focus-kept.ts';
import { byEnvironment, hoursLeft } from './words.ts';

/** So many are drawn at once; the older ones when they are asked for. */
const DRAWN = 30;

/** Where a release is deployed: its environments, its deployments, and the act that comes next. */
export function BoardPart({ id, assessment }: { readonly id: string; readonly assessment: Assessment }): ReactElement {
  const version = assessment.report.release;
  const { board, error } = useBoard();
  const [starting, setStarting] = useState(false);
  const [drawn, setDrawn] = useState(DRAWN);
  const now = useConsoleTime((board?.deployments ?? []).flatMap(({ next, watch }) => [...(next === null ? [] : [next.from]), ...(watch === null || watch.closed !== null ? [] : [watch.due])]));
  useEffect(() => {
    void readBoard(version);
  }, [version]);
  const place = useFocusKept<HTMLDivElement>(String(board?.deployments.length ?? 0), 'details[data-record] > summary');
  if (board === null) return <div className={styles['board']}>{error === null ? null : <ErrorPanel error={error} onRetry={() => void readBoard(version)} />}</div>;
  const newestFirst = [...board.deployments].reverse();
  const none = newestFirst.length === 0;
  return (
    <div ref={place} className={styles['board']} data-testid="board">
      {error === null ? null : <ErrorPanel error={error} onRetry={() => void readBoard(version)} />}
      <UnratifiedBadge release={version} />
      <Environments board={board} now={now} />
      {none || starting ? (
        <Section title="Begin a deployment">
          {none ? <Empty>{version} is deployed nowhere yet. Staging comes before production: deploy it there, run its tests, and let QA look at it (policy §2, step 4).</Empty> : null}
          <StartForm id={id} draft={assessment.draft} board={board} onClose={none ? undefined : () => setStarting(false)} />
        </Section>
      ) : null}
      {none ? null : (
        <Section title="Deployments" aside={starting ? undefined : <Button testId="begin-deployment" onClick={() => setStarting(true)}>Begin a deployment</Button>}>
          <div className={styles['deployments']}>
            {newestFirst.slice(0, drawn).map((deployment, at) => (
              <DeploymentPart key={deployment.record} id={id} repo={assessment.draft.repo} deployment={deployment} board={board} now={now} opened={isOpen(deployment, newestFirst, at)} />
            ))}
          </div>
          {newestFirst.length > drawn ? <p><Button onClick={() => setDrawn(drawn + DRAWN)}>{`Show ${counted(Math.min(DRAWN, newestFirst.length - drawn), 'older deployment')}`}</Button></p> : null}
        </Section>
      )}
    </div>
  );
}

/** The newest of its environment is open while somebody still has something to do with it. */
function isOpen({ environment, state, watch, authority, finding, record }: Deployment, all: readonly Deployment[], at: number): boolean {
  const newest = all.find((one) => one.environment === environment)?.record === record;
  return at === 0 || (newest && (state === 'running' || (environment === 'production' && watch !== null && watch.closed === null) || (authority === 'unauthorised' && finding === null)));
}

/** Each environment with what it has now: staging before production. */
function Environments({ board, now }: { readonly board: Board; readonly now: number }): ReactElement {
  const names = [...new Set([...board.deployments.map(({ environment }) => environment), 'staging', 'production'])].sort(byEnvironment);
  return (
    <ol className={styles['environments']} aria-label="Environments, in the order in which a release goes through them">
      {names.map((name) => {
        const newest = board.deployments.findLast(({ environment, aside }) => environment === name && aside === null) ?? board.deployments.findLast(({ environment }) => environment === name);
        const [status, words] = newest === undefined ? (['not-applicable', 'Not deployed here'] as const) : standing(newest, board, now);
        return (
          <li key={name} className={styles['environment']} data-testid={`environment-${name}`}>
            <span className={styles['environmentName']} dir="auto">{capital(name)}</span>
            <span className={styles['sentence']}><StatusSign status={status} silent /><span>{words}</span></span>
            {newest === undefined ? null : <span className={styles['soft']}><bdi>{newest.id}</bdi>, <Ago time={newest.startedAt} /></span>}
          </li>
        );
      })}
    </ol>
  );
}

function standing({ state, percent, next, watch, authority, rolledBack, record }: Deployment, { rollbacks, release }: Board, now: number): readonly ['passed' | 'failed' | 'stale' | 'needs-person', string] {
  const undone = rollbacks.find((one) => one.deployment === record && one.state === 'finished');
  const without = authority === 'unauthorised' ? ', without authority' : '';
  if (undone !== undefined) return ['stale', `Rolled back to ${undone.to ?? 'the version before'}`];
  if (rolledBack.length > 0) return ['needs-person', `A rollback is under way${without}`];
  if (state === 'failed') return ['failed', 'The deployment failed'];
  if (state === 'running') {
    const wait = next === null ? 0 : Date.parse(next.from) - now;
    return ['stale', `${release} at ${percent} %${without}${next === null ? ', asks for its tests' : wait > 0 ? `, ${next.percent} % in ${hoursLeft(wait)}` : `, ${next.percent} % may begin`}`];
  }
  if (watch !== null && watch.closed === null) {
    const left = Date.parse(watch.due) - now;
    return left > 0 ? ['stale', `${release} deployed${without}, watched for ${hoursLeft(left)} more`] : ['needs-person', `${release} deployed${without}, the watch is to be closed`];
  }
  return [authority === 'unauthorised' ? 'failed' : 'passed', `${release} deployed${without}`];
}
