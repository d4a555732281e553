import { useId, useState, type ReactElement } from 'react';
import type { ScoredOrRefused } from '../../../core/contract/cvss-calls.ts';
import type { AppError } from '../../../core/model/errors.ts';
import controls from '../../components/controls.module.css';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { capital } from '../../components/wording.ts';
import { Calculator } from './Calculator.tsx';
import styles from './cvss.module.css';

interface CvssFieldProps {
  readonly vector: string;
  readonly scored: ScoredOrRefused | null;
  readonly error: AppError | null;
  readonly onChange: (vector: string) => void;
}

/** A CVSS vector with its score while it is typed, and where it is wrong; or put together from answers in words. */
export function CvssField({ vector, scored, error, onChange }: CvssFieldProps): ReactElement {
  const id = useId();
  const [open, setOpen] = useState(false);
  const wrong = scored !== null && 'error' in scored;
  return (
    <div className={styles['cvss']}>
      <div className={controls['field']}>
        <label className={controls['label']} htmlFor={id}>CVSS vector, where it is known</label>
        <input
          id={id} className={`${controls['input'] ?? ''} ${controls['path'] ?? ''}`} spellCheck={false} autoComplete="off" maxLength={512} value={vector} data-testid="vector"
          aria-invalid={wrong ? true : undefined} aria-describedby={`${id}-score`} onChange={(event) => onChange(event.target.value)}
        />
        <div id={`${id}-score`} role="status" data-testid="score">
          {vector.trim() === '' ? <p className={controls['hint']}>As an advisory has it, of version 2.0 to 4.0; or answer the questions below.</p> : scored === null ? null : <Scored scored={scored} />}
        </div>
      </div>
      {error === null ? null : <ErrorPanel error={error} />}
      <details className={styles['fold']} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary data-testid="open-calculator">Calculate it, question by question</summary>
        {open ? <Calculator vector={vector} scored={scored} onChange={onChange} /> : null}
      </details>
    </div>
  );
}

/** The score in figures and in words, or the place from which on the vector is none. */
function Scored({ scored }: { readonly scored: ScoredOrRefused }): ReactElement {
  if ('error' in scored) return <Refused vector={scored.vector} at={scored.at} error={scored.error} />;
  const more = [
    ...(scored.temporal == null ? [] : [`${scored.temporal.toFixed(1)} with the temporal group`]), ...(scored.threat == null ? [] : [`${scored.threat.toFixed(1)} of base and threat`]),
    ...(scored.environmental === null ? [] : [`${scored.environmental.toFixed(1)} in this environment`]),
  ];
  return <p className={styles['score']}><b className={styles['figure']}>{scored.base.toFixed(1)}</b> {capital(scored.severity)}, CVSS {scored.version}{more.length === 0 ? '' : `; ${more.join(', ')}`}</p>;
}

/** What ends too early is not whole yet; anything else is wrong from a place on, which is marked. */
function Refused({ vector, at, error }: { readonly vector: string; readonly at: number; readonly error: string }): ReactElement {
  const unfinished = at >= vector.length;
  const before = vector.slice(0, at);
  return (
    <div className={styles['wrong']} data-unfinished={unfinished} data-testid="vector-wrong">
      <StatusSign status={unfinished ? 'missing' : 'failed'} silent />
      <div>
        <p>{unfinished ? 'It is not whole yet. ' : before === '' ? 'Wrong from its beginning on. ' : <>Wrong after <code>{before}</code> </>}{error}</p>
        {unfinished ? null : <code className={styles['place']} aria-hidden="true">{before}<mark className={styles['here']}>{vector.slice(at, at + 1)}</mark>{vector.slice(at + 1)}</code>}
      </div>
    </div>
  );
}
