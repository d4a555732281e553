import { useEffect, useId, useState, type ReactElement } from 'react';
import type { ScoredOrRefused } from '../../../core/contract/cvss-calls.ts';
import type { AppError } from '../../../core/model/errors.ts';
import controls from '../../components/controls.module.css';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { capital } from '../../components/wording.ts';
import { client, shownError } from '../../core-client.ts';
import { answered, answersOf, CVSS_VERSIONS, vectorOf, versionOf, type Answers, type CvssVersion, type Metric } from './cvss-answers.ts';
import styles from './cvss.module.css';

const GROUPS: readonly { readonly group: Metric['group']; readonly words: string }[] = [
  { group: 'threat', words: 'Threat: whether it is exploited' },
  { group: 'temporal', words: 'Temporal: how it stands now' },
  { group: 'environmental', words: 'Environmental: how it is here' },
  { group: 'supplemental', words: 'Supplemental: told beside the score' },
];

/** The questions of a version, with what each answer means; the vector is what was answered. */
export function Calculator({ vector, scored, onChange }: { readonly vector: string; readonly scored: ScoredOrRefused | null; readonly onChange: (vector: string) => void }): ReactElement {
  const id = useId();
  const [picked, setPicked] = useState<CvssVersion>('3.1');
  const version = versionOf(vector) ?? picked;
  const { metrics, error } = useMetrics(version);
  const answers = answersOf(vector);
  const base = metrics.filter(({ group }) => group === 'base');
  const { of, done } = answered(metrics, answers);
  const choose = (metric: string, code: string): void => onChange(vectorOf(version, metrics, { ...answers, [metric]: code }));
  return (
    <div className={styles['calculator']} data-testid="calculator">
      <div className={styles['version']}>
        <label className={controls['label']} htmlFor={id}>Version of CVSS</label>
        <select
          id={id} className={controls['input']} value={version} data-testid="cvss-version"
          onChange={(event) => {
            const next = CVSS_VERSIONS.find((one) => one === event.target.value) ?? '3.1';
            setPicked(next);
            // Another version asks otherwise: what both have in common is kept.
            if (vector.trim() !== '') void client.call('cvss.metrics', { version: next }).then((answer) => onChange(vectorOf(next, answer.metrics, answers)), () => undefined);
          }}
        >
          {CVSS_VERSIONS.map((one) => <option key={one} value={one}>{one}</option>)}
        </select>
        <p className={controls['hint']} role="status" data-testid="answered">{metrics.length === 0 ? '' : done === of ? 'Every question that needs an answer has one.' : `${done} of ${of} questions are answered.`}</p>
        {/* Said beside the vector; here it stays in sight while one answers. */}
        {scored === null || 'error' in scored ? null : <p className={styles['score']} aria-hidden="true"><b className={styles['figure']}>{scored.base.toFixed(1)}</b> {capital(scored.severity)}</p>}
      </div>
      {error === null ? null : <ErrorPanel error={error} />}
      <div className={styles['metrics']}>{base.map((metric) => <Question key={metric.id} metric={metric} answers={answers} onChoose={choose} />)}</div>
      {GROUPS.map(({ group, words }) => {
        const more = metrics.filter((metric) => metric.group === group);
        return more.length === 0 ? null : (
          <details key={group} className={styles['fold']}>
            <summary>{words} ({more.length} questions, none of which needs an answer)</summary>
            <div className={styles['metrics']}>{more.map((metric) => <Question key={metric.id} metric={metric} answers={answers} onChoose={choose} />)}</div>
          </details>
        );
      })}
    </div>
  );
}

function Question({ metric: { id: metric, name, asks, values, unset }, answers, onChoose }: { readonly metric: Metric; readonly answers: Answers; readonly onChoose: (metric: string, code: string) => void }): ReactElement {
  const id = useId();
  const chosen = answers[metric] ?? unset;
  return (
    <fieldset className={styles['question']} data-testid={`metric-${metric}`}>
      <legend className={styles['asks']}><b>{name}</b> <code>{metric}</code><span>{asks}</span></legend>
      {values.map(({ code, name: value, says }) => (
        <label key={code} className={styles['answer']} data-chosen={chosen === code}>
          <input type="radio" name={id} value={code} checked={chosen === code} onChange={() => onChoose(metric, code)} />
          <span className={styles['answerName']}>{value} <code>{code}</code><span className={styles['says']}>{says}</span></span>
        </label>
      ))}
    </fieldset>
  );
}

function useMetrics(version: CvssVersion): { readonly metrics: readonly Metric[]; readonly error: AppError | null } {
  const [held, setHeld] = useState<{ readonly of: CvssVersion; readonly metrics: readonly Metric[]; readonly error: AppError | null } | null>(null);
  useEffect(() => {
    let current = true;
    client.call('cvss.metrics', { version }).then(
      ({ metrics }) => current && setHeld({ of: version, metrics, error: null }),
      (cause: unknown) => current && setHeld({ of: version, metrics: [], error: shownError(cause) }),
    );
    return () => {
      current = false;
    };
  }, [version]);
  return held?.of === version ? held : { metrics: [], error: null };
}
