import { useState, type ReactElement } from 'react';
import type { Assessment, EntrySummary } from '../../../core/contract/contract.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { Button } from '../../components/Button.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted, entryName } from '../../components/wording.ts';
import { shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { runTask } from '../../frame/task-store.ts';
import controls from '../../components/controls.module.css';
import styles from './judge-again.module.css';

type Difference = NonNullable<Assessment['difference']>;
type Status = Assessment['report']['results'][number]['status'];

/** Holds a recorded run against the release as it is now, under the policy of then or of today. */
export function JudgeAgain({ id, assessment, runs }: { readonly id: string; readonly assessment: Assessment; readonly runs: readonly EntrySummary[] }): ReactElement | null {
  const [chosen, choose] = useState(runs[0]?.id ?? '');
  const [found, setFound] = useState<Difference | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [working, setWorking] = useState(false);
  const run = runs.find((one) => one.id === chosen) ?? runs[0];
  if (run === undefined) return null;
  const judge = async (policy: 'today' | 'then'): Promise<void> => {
    setWorking(true);
    setError(null);
    try {
      const { difference } = await runTask('release.evaluate', { draft: assessment.draft, at: null, record: false, against: { run: run.id, policy } }, {
        label: `Judging ${assessment.report.release} again`,
        address: addressOf.release(id),
        done: ({ difference: made }) => `${counted(made?.lines.length ?? 0, 'line')} differ from ${run.id}.`,
      });
      setFound(difference);
    } catch (cause) {
      setFound(null);
      setError(shownError(cause));
    } finally {
      setWorking(false);
    }
  };
  return (
    <section className={styles['again']} aria-label="Judge again">
      <h2>Judge again</h2>
      <div className={styles['choice']}>
        <label>
          Against{' '}
          <select className={controls['input']} value={run.id} onChange={({ target }) => choose(target.value)} data-testid="against-run">
            {runs.map((one) => <option key={one.id} value={one.id}>{`${entryName(one)}, ${one.time.slice(0, 16).replace('T', ' ')} UTC`}</option>)}
          </select>
        </label>
        <Button disabled={working} onClick={() => void judge('then')} testId="judge-then">As it was then</Button>
        <Button disabled={working} onClick={() => void judge('today')} testId="judge-today">Under today’s policy</Button>
      </div>
      {error === null ? null : <ErrorPanel error={error} />}
      {found === null ? <p className={styles['soft']}>Nothing is recorded by it. “As it was then” takes the time and the policy file of that run.</p> : <Outcome found={found} />}
    </section>
  );
}

function Outcome({ found: { run, runAt, samePolicy, sameEvaluator, evaluator, lines } }: { readonly found: Difference }): ReactElement {
  return (
    <div role="status" data-testid="difference">
      <p>
        {lines.length === 0 ? 'No line differs' : `${counted(lines.length, 'line')} ${lines.length === 1 ? 'differs' : 'differ'}`} from {run} of <TimeText time={runAt} />
        {samePolicy ? '' : ', under another policy file'}{sameEvaluator ? '' : `, judged by version ${evaluator ?? 'unknown'}`}.
      </p>
      {lines.length === 0 ? null : (
        <table className={styles['lines']}>
          <thead><tr><th scope="col">Line</th><th scope="col">Then</th><th scope="col">Now</th><th scope="col">Evidence</th></tr></thead>
          <tbody>
            {lines.map(({ id: line, was, is, otherEvidence }) => (
              <tr key={line}><td>{line}</td><td><Was status={was} /></td><td><Was status={is} /></td><td>{otherEvidence ? 'other files' : 'the same'}</td></tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function Was({ status }: { readonly status: string | null }): ReactElement {
  return status === null ? <>not there</> : <StatusBadge status={status as Status} />;
}
