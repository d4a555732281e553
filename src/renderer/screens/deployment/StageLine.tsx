import { Check, X } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { TimeText } from '../../components/TimeText.tsx';
import type { Board, Deployment } from './board-store.ts';
import styles from './stages.module.css';
import { hoursLeft } from './words.ts';

type State = 'done' | 'current' | 'ahead' | 'failed';

interface Node {
  readonly key: string;
  readonly title: string;
  readonly state: State;
  /** The share that has the version, drawn under the title; null where it is no share. */
  readonly percent: number | null;
  readonly note: ReactNode;
}

const WORD: Readonly<Record<State, string>> = { done: 'Done', current: 'Now', ahead: 'Ahead', failed: 'Failed' };

/** A deployment as the line that it goes along: its stages with their times, the tests, the watch. */
export function StageLine({ deployment, rules, now }: { readonly deployment: Deployment; readonly rules: Board['rules']; readonly now: number }): ReactElement {
  const nodes = [...sharesOf(deployment, rules, now), testsOf(deployment), watchOf(deployment, rules, now)];
  return (
    <ol className={styles['stages']} aria-label={`Stages of ${deployment.id}`}>
      {nodes.map(({ key, title, state, percent, note }) => (
        <li key={key} className={styles['stage']} data-state={state} aria-current={state === 'current' ? 'step' : undefined}>
          <span className={styles['head']}>
            <span className={styles['mark']} aria-hidden="true">{state === 'done' ? <Check /> : state === 'failed' ? <X /> : null}</span>
            <span className={styles['title']}>{title}</span>
            <span className={styles['word']}>{WORD[state]}</span>
          </span>
          {percent === null ? null : <span className={styles['share']} aria-hidden="true"><span style={{ width: `${percent}%` }} /></span>}
          <span className={styles['note']}>{note}</span>
        </li>
      ))}
    </ol>
  );
}

function sharesOf({ method, stages, startedAt, percent, state, next, environment }: Deployment, { canary }: Board['rules'], now: number): Node[] {
  const shares = method === 'canary' && environment === 'production' ? canary.map((stage) => stage.percent) : [100];
  const failed = stages.find(({ act }) => act === 'failed');
  // What a share was when it failed is said by the stage before.
  const reached = [{ percent: shares[0] ?? 100, at: startedAt }, ...stages.filter(({ act }) => act === 'stage')];
  const last = reached.at(-1);
  return shares.map((share): Node => {
    const since = reached.find((one) => one.percent === share);
    const here = state === 'running' ? percent === share : last?.percent === share;
    const place: State = since === undefined ? 'ahead' : here && failed !== undefined ? 'failed' : here && state === 'running' ? 'current' : 'done';
    return {
      key: String(share), title: `${share} %`, percent: share, state: place,
      note: since !== undefined ? <>Since <TimeText time={since.at} short />{place === 'failed' && failed !== undefined ? <>, failed <TimeText time={failed.at} short /></> : null}</>
        : state === 'failed' ? 'Not reached'
        : next !== null && next.percent === share ? <>From <TimeText time={next.from} short />{Date.parse(next.from) > now ? `, in ${hoursLeft(Date.parse(next.from) - now)}` : ', now'}</>
        : 'After that',
    };
  });
}

function testsOf({ state, smoke, regression, finishedAt, stages }: Deployment): Node {
  const told = [['smoke', smoke], ['regression', regression]].flatMap(([name, tests]) => (tests === null || typeof tests === 'string' || tests === undefined ? [] : [`${String(name)} ${tests.tests - tests.failed} of ${tests.tests}`]));
  const words = told.length === 0 ? null : `${told.join(', ')} passed`;
  if (state === 'finished') return { key: 'tests', title: 'Tests', state: 'done', percent: null, note: <>{words ?? 'None'}{finishedAt === null ? null : <>, <TimeText time={finishedAt} short /></>}</> };
  if (state === 'failed') return { key: 'tests', title: 'Tests', state: smoke === null ? 'ahead' : 'failed', percent: null, note: words ?? stages.find(({ act }) => act === 'failed')?.reason ?? 'Not run' };
  return { key: 'tests', title: 'Tests', state: 'ahead', percent: null, note: 'Smoke and regression tests end it' };
}

function watchOf({ watch, state }: Deployment, { hours }: Board['rules'], now: number): Node {
  const title = `Watch of ${hours} h`;
  if (watch === null) return { key: 'watch', title, state: 'ahead', percent: null, note: state === 'failed' ? 'None: it failed' : 'Begins with its end' };
  if (watch.closed !== null) return { key: 'watch', title, state: watch.closed.status === 'ok' ? 'done' : 'failed', percent: null, note: <>Closed by <bdi>{watch.closed.by}</bdi>, <TimeText time={watch.closed.at} short /></> };
  const left = Date.parse(watch.due) - now;
  return { key: 'watch', title, state: 'current', percent: null, note: left > 0 ? <>{hoursLeft(left)} left, until <TimeText time={watch.due} short /></> : <>Over since <TimeText time={watch.due} short />, to be closed</> };
}
