import { Check, X } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ReleaseStep } from '../../core/model/release.ts';
import styles from './steps.module.css';

const STATE_WORDS: Readonly<Record<ReleaseStep['state'], string>> = { done: 'Done', current: 'Now', blocked: 'Blocked', ahead: 'Ahead' };

/** The policy's eight steps across the width; the present one is open. */
export function StepsLine({ steps }: { readonly steps: readonly ReleaseStep[] }): ReactElement {
  return (
    <ol className={styles['line']} aria-label="The eight steps of the release">
      {steps.map(({ number, title, state, note }) => (
        <li key={number} className={styles['step']} data-state={state} aria-current={state === 'current' || state === 'blocked' ? 'step' : undefined} title={`${title}: ${note}`}>
          <span className={styles['state']}>
            <span className={styles['mark']} aria-hidden="true">{state === 'done' ? <Check /> : state === 'blocked' ? <X /> : number}</span>
            <span className={styles['word']}>{STATE_WORDS[state]}</span>
            {state === 'current' || state === 'blocked' ? <span className={styles['note']}>{note}</span> : null}
          </span>
          <span className={styles['title']}>{title}</span>
        </li>
      ))}
    </ol>
  );
}

/** The same eight in miniature, for a line of a list. */
export function StepsMini({ steps }: { readonly steps: readonly ReleaseStep[] }): ReactElement {
  const present = steps.find(({ state }) => state === 'current' || state === 'blocked');
  const words = present === undefined ? 'No step is under way' : `Step ${present.number} of ${steps.length}, ${present.title}: ${STATE_WORDS[present.state].toLowerCase()}`;
  return (
    <span className={styles['mini']} role="img" aria-label={words} title={words}>
      {steps.map(({ number, state }) => <span key={number} className={styles['dot']} data-state={state} />)}
    </span>
  );
}
